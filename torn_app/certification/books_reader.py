"""The texts of the books: sales, which only order the book, and purchases, which give its rows."""

from torn_app.certification import words
from torn_app.certification.errors import SetRefused
from torn_app.certification.numbers import read_number
from torn_app.certification.sets import PurchaseRow, TestSet
from torn_app.kernel.money import Pesos

Line = tuple[int, str]


def read_sales(nombre: str, attention: str, lines: list[Line]) -> TestSet:
    """Return the order of a sales book. Raises SetRefused on any other remark."""
    for number, line in lines:
        if line.strip() not in words.AVISOS_VENTAS:
            raise SetRefused(number, "no se entiende", line)
    return TestSet(nombre=nombre, attention=attention)


def read_purchases(nombre: str, attention: str, lines: list[Line]) -> TestSet:
    """Return the rows of a purchases book. Raises SetRefused."""
    rules = [place for place, (_, line) in enumerate(lines) if set(line.strip()) == {"="}]
    if len(rules) != 3 or rules[0] != 0 or rules[1] != 4:
        number, line = lines[0] if lines else (1, nombre)
        raise SetRefused(number, "el libro no tiene sus tres partes", line)
    for (number, line), expected in zip(lines[1:4], words.COMPRAS_TITULOS, strict=True):
        if _cells(line) != expected:
            raise SetRefused(number, "columna desconocida", line)
    body = lines[5 : rules[2]]
    rows = tuple(_row(body[place : place + 3]) for place in range(0, len(body), 3))
    remarks = lines[rules[2] + 1 :]
    factor = None
    if remarks:
        said = [" ".join(line.split()) for _, line in remarks if set(line.strip()) != {"-"}]
        start, end = words.COMPRAS_AVISO
        if len(said) != 3 or said[:2] != ["OBSERVACIONES GENERALES", start] or not said[2].startswith(end):
            raise SetRefused(*remarks[0][:1], "observaciones desconocidas", " ".join(said))
        number, line = remarks[-1]
        factor = read_number(number, line, said[2].removeprefix(end).strip())
    return TestSet(nombre=nombre, attention=attention, purchases=rows, factor_proporcionalidad=factor)


def _row(lines: list[Line]) -> PurchaseRow:
    if len(lines) != 3:
        raise SetRefused(*lines[0][:1], "el documento no tiene sus tres líneas", lines[0][1])
    (number, first), (_, remark), (last, amounts) = lines
    cells = _cells(first)
    if len(cells) != 2 or cells[0] not in words.COMPRAS_DOCUMENTOS or not cells[1].isdigit():
        raise SetRefused(number, "documento desconocido", first)
    # The place of an amount says what it is: before the first tab exempt, after it affected.
    exento, _, afecto = (part.strip() for part in amounts.partition("\t"))
    return PurchaseRow(
        line=number,
        documento=cells[0],
        folio=int(cells[1]),
        observacion=" ".join(remark.split()),
        exento=_pesos(last, amounts, exento),
        afecto=_pesos(last, amounts, afecto),
    )


def _pesos(number: int, line: str, cell: str) -> Pesos:
    if cell and not cell.isdigit():
        raise SetRefused(number, "no es un monto", line)
    return Pesos(int(cell or 0))


def _cells(line: str) -> list[str]:
    return [" ".join(cell.split()) for cell in line.split("\t") if cell.strip()]

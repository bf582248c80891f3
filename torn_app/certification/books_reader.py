"""The texts of the books: sales, which only order it, purchases, which give its rows, guides, which say which ones."""

from torn_app.certification import words
from torn_app.certification.errors import SetRefused
from torn_app.certification.numbers import read_number
from torn_app.certification.sets import Book, PurchaseRow, TestSet, Treatment
from torn_app.certification.texts import RULE, Line, cells, joined
from torn_app.certification.words import plain
from torn_app.kernel.money import Pesos


def read_sales(nombre: str, attention: str, lines: list[Line]) -> TestSet:
    """Return the order of a sales book. Raises SetRefused on any other remark."""
    for number, line in _without_rules(lines):
        if plain(line) not in words.AVISOS_VENTAS:
            raise SetRefused(number, "no se entiende", line)
    return TestSet(nombre=nombre, attention=attention, book=Book.VENTAS)


def read_guides(nombre: str, attention: str, lines: list[Line]) -> TestSet:
    """Return the order of a book of guides: which were billed and which voided. Raises SetRefused."""
    billed: list[int] = []
    voided: list[int] = []
    for number, line in _without_rules(lines):
        said = plain(line)
        for pattern, into in ((words.GUIA_FACTURADA, billed), (words.GUIA_ANULADA, voided)):
            if match := pattern.fullmatch(said):
                into.append(int(match[1]))
                break
        else:
            if said not in words.AVISOS_GUIAS:
                raise SetRefused(number, "no se entiende", line)
        if len(set(billed + voided)) != len(billed + voided):
            raise SetRefused(number, "el caso ya tiene su suerte", line)
    return TestSet(nombre=nombre, attention=attention, book=Book.GUIAS, billed=tuple(billed), voided=tuple(voided))


def read_purchases(nombre: str, attention: str, lines: list[Line]) -> TestSet:
    """Return the rows of a purchases book. Raises SetRefused."""
    rules = [place for place, (_, line) in enumerate(lines) if set(line.strip()) == {"="}]
    if len(rules) != 3 or rules[0] != 0 or rules[1] != 4:
        number, line = lines[0] if lines else (1, nombre)
        raise SetRefused(number, "el libro no tiene sus tres partes", line)
    for (number, line), expected in zip(lines[1:4], words.COMPRAS_TITULOS, strict=True):
        if [plain(cell) for cell in cells(line)] != expected:
            raise SetRefused(number, "columna desconocida", line)
    body = lines[5 : rules[2]]
    rows: list[PurchaseRow] = []
    for place in range(0, len(body), 3):
        rows.append(_row(body[place : place + 3], rows))
    remarks = _without_rules(lines[rules[2] + 1 :])
    factor = None
    if remarks:
        said = [plain(line) for _, line in remarks]
        start, end = words.COMPRAS_AVISO
        if len(said) != 3 or said[:2] != ["OBSERVACIONES GENERALES", start] or not said[2].startswith(end):
            number, line = remarks[0]
            raise SetRefused(number, "observaciones desconocidas", " ".join(line for _, line in remarks))
        number, line = remarks[-1]
        factor = read_number(number, line, said[2].removeprefix(end).strip())
    common = [row for row in rows if row.tratamiento is Treatment.USO_COMUN]
    if common and (factor is None or factor > 1):
        raise SetRefused(common[0].line, "el IVA de uso común no tiene su factor", common[0].observacion)
    return TestSet(
        nombre=nombre,
        attention=attention,
        book=Book.COMPRAS,
        purchases=tuple(rows),
        factor_proporcionalidad=factor,
    )


def _row(lines: list[Line], earlier: list[PurchaseRow]) -> PurchaseRow:
    if len(lines) != 3:
        raise SetRefused(*lines[0][:1], "el documento no tiene sus tres líneas", lines[0][1])
    (number, first), (second, remark), (last, amounts) = lines
    parts = [plain(cell) for cell in cells(first)]
    if len(parts) != 2 or parts[0] not in words.COMPRAS_DOCUMENTOS or not parts[1].isdigit():
        raise SetRefused(number, "documento desconocido", first)
    said = plain(remark)
    note = words.COMPRAS_NOTA.fullmatch(said)
    corrected = int(note[1]) if note else None
    if note is None and said not in words.COMPRAS_TRATOS:
        raise SetRefused(second, "observación desconocida", remark)
    if (note is not None) != parts[0].startswith("NOTA DE"):
        raise SetRefused(second, "la observación no es de ese documento", remark)
    if corrected is not None and corrected not in [row.folio for row in earlier]:
        raise SetRefused(second, "la factura de la nota no está en el libro", remark)
    # The place of an amount says what it is: before the first tab exempt, after it affected.
    exento, _, afecto = (part.strip() for part in amounts.partition("\t"))
    return PurchaseRow(
        line=number,
        documento=parts[0],
        tipo=words.COMPRAS_DOCUMENTOS[parts[0]],
        folio=int(parts[1]),
        observacion=joined(remark),
        tratamiento=Treatment.CREDITO if note else words.COMPRAS_TRATOS[said],
        corrige=corrected,
        exento=_pesos(last, amounts, exento),
        afecto=_pesos(last, amounts, afecto),
    )


def _pesos(number: int, line: str, cell: str) -> Pesos:
    if cell and not (cell.isascii() and cell.isdigit()):
        raise SetRefused(number, "no es un monto", line)
    return Pesos(int(cell or 0))


def _without_rules(lines: list[Line]) -> list[Line]:
    return [(number, line) for number, line in lines if not RULE.fullmatch("".join(line.split()))]

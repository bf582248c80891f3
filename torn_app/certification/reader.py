"""Reading the tax service's test texts. Pure: bytes in, values out; a line not understood stops everything."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from torn_app.certification import words
from torn_app.certification.boletas_reader import read_boletas
from torn_app.certification.books_reader import read_purchases, read_sales
from torn_app.certification.errors import SetRefused
from torn_app.certification.numbers import read_number
from torn_app.certification.sets import Case, Item, TestSet

Line = tuple[int, str]
_SET = re.compile(r"SET (.+?) - NUMERO DE ATENCION: *(\d+)")
_CASE = re.compile(r"CASO (\d+)-(\d+)")
_REFERENCE = re.compile(r".+ CORRESPONDIENTE A CASO (\d+)-(\d+)")
_RULE = re.compile(r"={3,}|-{3,}")
_BOOKS: dict[str, Callable[[str, str, list[Line]], TestSet]] = {
    "LIBRO DE COMPRAS": read_purchases,
    "LIBRO DE VENTAS": read_sales,
}


def read_sets(content: bytes) -> tuple[TestSet, ...]:
    """Return the sets of a file, in its order: a text with one or more sets, or the CSV of boletas.

    ISO-8859-1; a file whose accents are well-formed UTF-8 is read as that.

    Raises SetRefused naming the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    lines = [(number, line.rstrip()) for number, line in enumerate(text.splitlines(), 1)]
    written = [(number, line) for number, line in lines if line.strip()]
    if written and ";" in written[0][1]:
        return (read_boletas(written),)
    sets = [_read(nombre, attention, body) for nombre, attention, body in _split(written)]
    if not sets:
        raise SetRefused(1, "el archivo no tiene ningún set", text[:40])
    return tuple(sets)


def _split(lines: list[Line]) -> list[tuple[str, str, list[Line]]]:
    parts: list[tuple[str, str, list[Line]]] = []
    for number, line in lines:
        plain = " ".join(line.split())
        title, case = _SET.fullmatch(plain), _CASE.fullmatch(plain)
        if title:
            parts.append((title[1], title[2], []))
            continue
        if case and (not parts or parts[-1][1] != case[1]):
            parts.append(("", case[1], []))
        if parts:
            parts[-1][2].append((number, line))
        elif not _RULE.fullmatch(plain):
            raise SetRefused(number, "texto antes del primer set o caso", line)
    return parts


def _read(nombre: str, attention: str, lines: list[Line]) -> TestSet:
    if nombre in _BOOKS:
        return _BOOKS[nombre](nombre, attention, lines)
    groups: list[list[Line]] = []
    for number, line in lines:
        plain = " ".join(line.split())
        if _CASE.fullmatch(plain):
            groups.append([(number, line)])
        elif groups:
            groups[-1].append((number, line))
        elif not _RULE.fullmatch(plain):
            raise SetRefused(number, "texto antes del primer caso", line)
    cases: list[Case] = []
    for group in groups:
        case = _CaseReader(attention, cases).read(group)
        if any(other.number == case.number for other in cases):
            raise SetRefused(case.line, "el caso está repetido", group[0][1])
        cases.append(case)
    return TestSet(nombre=nombre, attention=attention, cases=tuple(cases))


class _CaseReader:
    """Reads one case; `columns` are those of the ITEM heading in force."""

    def __init__(self, attention: str, earlier: list[Case]) -> None:
        self.attention = attention
        self.earlier = {case.number: case for case in earlier}
        self.columns: list[str] = []
        self.items: list[Item] = []
        self.found: dict[str, object] = {}
        self.export: list[tuple[str, str]] = []

    def read(self, lines: list[Line]) -> Case:
        start, title = lines[0]
        for number, line in lines[1:]:
            self._line(number, line)
        if "tipo" not in self.found:
            raise SetRefused(start, "el caso no dice qué documento es", title)
        heading = _CASE.fullmatch(" ".join(title.split()))
        assert heading is not None
        case = Case(line=start, number=int(heading[2]), items=tuple(self.items), tipo=self.found.pop("tipo"))  # type: ignore[arg-type]
        case = replace(case, exportacion=tuple(self.export), **self.found)  # type: ignore[arg-type]
        self._check(case, title)
        return case

    def _check(self, case: Case, title: str) -> None:
        if case.tipo.es_nota != (case.refers_to is not None and case.codigo is not None):
            raise SetRefused(case.line, "una nota, y solo ella, lleva referencia y razón", title)
        if case.tipo.es_guia != (case.ind_traslado is not None):
            raise SetRefused(case.line, "una guía, y solo ella, lleva motivo", title)
        if case.exportacion and not case.tipo.es_exportacion:
            raise SetRefused(case.line, "solo una exportación lleva sus datos", title)
        if not case.items and case.codigo not in ("1", "2"):
            raise SetRefused(case.line, "el caso no tiene líneas", title)

    def _line(self, number: int, line: str) -> None:
        plain = " ".join(line.split())
        cells = [" ".join(cell.split()) for cell in line.split("\t") if cell.strip()]
        key = cells[0].removesuffix(":").strip()
        name, colon, value = (part.strip() for part in plain.partition(":"))
        if _RULE.fullmatch(plain) or plain in words.AVISOS:
            return
        if cells[0] == "ITEM":
            self._heading(number, line, cells)
        elif colon and name in words.EXPORTACION and value:
            self.export.append((name, value))
        elif key in ("MOTIVO", "TRASLADO POR") or name in ("MOTIVO", "TRASLADO POR"):
            self._guide(number, line, key if len(cells) > 1 else name, " ".join(cells[1:]) or value)
        elif len(cells) == 2 and key in ("DOCUMENTO", "REFERENCIA", "RAZON REFERENCIA"):
            self._field(number, line, key, cells[1])
        elif len(cells) == 2 and key == "DESCUENTO GLOBAL ITEMES AFECTOS":
            self._set(number, line, descuento_global_pct=_percent(number, line, cells[1]))
        elif self.columns and len(cells) == len(self.columns):
            self.items.append(self._item(number, line, cells))
        else:
            raise SetRefused(number, "no se entiende", line)

    def _set(self, number: int, line: str, **values: object) -> None:
        for name, value in values.items():
            if name in self.found:
                raise SetRefused(number, "el dato está repetido", line)
            self.found[name] = value

    def _field(self, number: int, line: str, key: str, value: str) -> None:
        if key == "DOCUMENTO":
            if value not in words.DOCUMENTOS:
                raise SetRefused(number, "documento desconocido", line)
            self._set(number, line, tipo=words.DOCUMENTOS[value])
        elif key == "REFERENCIA":
            match = _REFERENCE.fullmatch(value)
            if not match or match[1] != self.attention or int(match[2]) not in self.earlier:
                raise SetRefused(number, "la referencia no es a un caso anterior del set", line)
            self._set(number, line, refers_to=int(match[2]))
        else:
            codes = [code for start, code in words.RAZONES if value.startswith(start)]
            if not codes:
                raise SetRefused(number, "razón desconocida", line)
            self._set(number, line, razon=value, codigo=codes[0])

    def _guide(self, number: int, line: str, key: str, value: str) -> None:
        known, field = (words.MOTIVOS, "ind_traslado") if key == "MOTIVO" else (words.TRASLADOS, "tipo_despacho")
        if value not in known:
            raise SetRefused(number, "motivo o traslado desconocido", line)
        self._set(number, line, **{field: known[value]})

    def _heading(self, number: int, line: str, cells: list[str]) -> None:
        unknown = [cell for cell in cells if cell not in words.COLUMNAS]
        if unknown or len(set(cells)) != len(cells):
            raise SetRefused(number, "columna desconocida", line)
        self.columns = [words.COLUMNAS[cell] for cell in cells]

    def _item(self, number: int, line: str, cells: list[str]) -> Item:
        values: dict[str, object] = {}
        for column, cell in zip(self.columns, cells, strict=True):
            if column in ("cantidad", "precio"):
                values[column] = read_number(number, line, cell)
            elif column == "descuento_pct":
                values[column] = _percent(number, line, cell)
            else:
                values[column] = cell
        return Item(exento=cells[0].endswith("EXENTO"), **values)  # type: ignore[arg-type]


def _percent(number: int, line: str, cell: str) -> Decimal:
    if not cell.endswith("%"):
        raise SetRefused(number, "se esperaba un porcentaje", line)
    return read_number(number, line, cell.removesuffix("%").strip())

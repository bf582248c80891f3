"""Reading one case of a set: what document, which lines, what it corrects."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from torn_app.certification import words
from torn_app.certification.errors import SetRefused
from torn_app.certification.exports_reader import ExportReader
from torn_app.certification.numbers import read_number, read_percent
from torn_app.certification.sets import Case, Item
from torn_app.certification.texts import RULE, Line, cells, joined, row, verbatim
from torn_app.certification.words import plain
from torn_app.dte.errores import DteError

CASE: Final = re.compile(r"CASO (\d+) ?- ?(\d+)")
_REFERENCE = re.compile(r"(.+) CORRESPONDIENTE A CASO (\d+) ?- ?(\d+)")
_DISCOUNT_OF_LINE = re.compile(r"DESCUENTO LINEA # ?(\d+)")
_SURCHARGE = re.compile(r"% ?(\d+(?:\.\d+)?) RECARGO EN LA LINEA DE ITEM POR COMISIONES EN EL EXTERIOR")


def read_case(attention: str, earlier: Mapping[int, Case], lines: list[Line]) -> Case:
    """Return the case that starts with the first line. `earlier` are those of its set, which it may refer to.

    Raises SetRefused naming the line.
    """
    heading = CASE.fullmatch(plain(lines[0][1]))
    assert heading is not None
    reader = _CaseReader(attention, earlier)
    for number, line in lines[1:]:
        reader.read(number, line)
    return reader.finish(lines[0], int(heading[2]))


class _CaseReader:
    """What is known of a case so far; `columns` are those of the ITEM heading in force."""

    def __init__(self, attention: str, earlier: Mapping[int, Case]) -> None:
        self.attention = attention
        self.earlier = earlier
        self.columns: list[str] = []
        self.items: list[Item] = []
        self.found: dict[str, Any] = {}
        self.discounts: dict[int, tuple[Line, Decimal]] = {}
        self.surcharge: tuple[Line, Decimal] | None = None
        self.export = ExportReader()

    def read(self, number: int, line: str) -> None:
        said = plain(line)
        parts = cells(line)
        key = plain(parts[0])
        heading, colon, _ = said.partition(":")
        value = joined(line.partition(":")[2]) if colon else " ".join(parts[1:])
        key = heading.strip() if colon else key
        if RULE.fullmatch(said.replace(" ", "")) or said in words.AVISOS or words.MISMO_PRECIO.fullmatch(said):
            return
        if key == "ITEM" and not colon:
            self._heading(number, line, parts)
        elif key == "REFERENCIA" and _REFERENCE.fullmatch(plain(value)):
            self._reference(number, line, value)
        elif key in ("DOCUMENTO", "RAZON REFERENCIA") and value:
            self._field(number, line, key, value)
        elif key in ("MOTIVO", "TRASLADO POR") and value:
            self._guide(number, line, key, plain(value))
        elif key == "DESCUENTO GLOBAL ITEMES AFECTOS" and value:
            self._set(number, line, descuento_global_pct=read_percent(number, line, value))
        elif (of_line := _DISCOUNT_OF_LINE.fullmatch(key)) and value:
            self.discounts[int(of_line[1])] = ((number, line), read_percent(number, line, value))
        elif surcharge := _SURCHARGE.fullmatch(said):
            self.surcharge = ((number, line), read_number(number, line, surcharge[1]))
        elif colon and value and self.export.takes(key):
            self.export.read(number, line, key, value)
        elif self.columns and not parts[0].endswith(":") and (found := row(line, len(self.columns))):
            self.items.append(self._item(number, line, found))
        else:
            raise SetRefused(number, "no se entiende", line)

    def finish(self, start: Line, number: int) -> Case:
        line, title = start
        if "tipo" not in self.found:
            raise SetRefused(line, "el caso no dice qué documento es", title)
        tipo = self.found["tipo"]
        if self.export.found and not tipo.es_exportacion:
            raise SetRefused(line, "solo una exportación lleva sus datos", title)
        self._adjust_lines()
        export = None
        if tipo.es_exportacion and "refers_to" not in self.found:
            names = [item.nombre for item in self.items]
            try:
                export = self.export.finish(line, title, names, services="valor" in self.columns)
            except DteError as error:
                raise SetRefused(line, str(error), title) from error
        case = Case(line=line, number=number, items=tuple(self.items), exportacion=export, **self.found)
        self._check(case, title)
        return case

    def _check(self, case: Case, title: str) -> None:
        if case.tipo.es_nota != (case.refers_to is not None and case.codigo is not None):
            raise SetRefused(case.line, "una nota, y solo ella, lleva referencia y razón", title)
        if case.tipo.es_nota and self.export.found:
            raise SetRefused(case.line, "una nota de exportación toma sus datos de lo que corrige", title)
        if case.tipo.es_guia != (case.ind_traslado is not None):
            raise SetRefused(case.line, "una guía, y solo ella, lleva motivo", title)
        if case.tipo_despacho is not None and not case.tipo.es_guia:
            raise SetRefused(case.line, "solo una guía dice por quién va el traslado", title)
        if not case.items and case.codigo not in ("1", "2"):
            raise SetRefused(case.line, "el caso no tiene líneas", title)

    def _adjust_lines(self) -> None:
        for place, (at, pct) in self.discounts.items():
            if not 1 <= place <= len(self.items):
                raise SetRefused(at[0], "el descuento es de una línea que no está", at[1])
            self.items[place - 1] = _with(self.items[place - 1], at, descuento_pct=pct)
        if self.surcharge is not None:
            at, pct = self.surcharge
            if len(self.items) != 1:
                raise SetRefused(at[0], "el recargo es de la línea, y el caso no tiene una sola", at[1])
            self.items[0] = _with(self.items[0], at, recargo_pct=pct)

    def _set(self, number: int, line: str, **values: object) -> None:
        for name, value in values.items():
            if name in self.found:
                raise SetRefused(number, "el dato está repetido", line)
            self.found[name] = value

    def _field(self, number: int, line: str, key: str, value: str) -> None:
        if key == "DOCUMENTO":
            if plain(value) not in words.DOCUMENTOS:
                raise SetRefused(number, "documento desconocido", line)
            self._set(number, line, tipo=words.DOCUMENTOS[plain(value)])
            return
        codes = [code for start, code in words.RAZONES if plain(value).startswith(start)]
        if not codes:
            raise SetRefused(number, "razón desconocida", line)
        self._set(number, line, razon=joined(value), codigo=codes[0])

    def _reference(self, number: int, line: str, value: str) -> None:
        match = _REFERENCE.fullmatch(plain(value))
        assert match is not None
        if match[2] != self.attention or int(match[3]) not in self.earlier:
            raise SetRefused(number, "la referencia no es a un caso anterior del set", line)
        if self.earlier[int(match[3])].tipo not in words.REFERIDOS.get(match[1], ()):
            raise SetRefused(number, "el documento referido es otro o desconocido", line)
        self._set(number, line, refers_to=int(match[3]))

    def _guide(self, number: int, line: str, key: str, value: str) -> None:
        known, field = (words.MOTIVOS, "ind_traslado") if key == "MOTIVO" else (words.TRASLADOS, "tipo_despacho")
        if value not in known:
            raise SetRefused(number, "motivo o traslado desconocido", line)
        self._set(number, line, **{field: known[value]})

    def _heading(self, number: int, line: str, parts: list[str]) -> None:
        columns = [words.COLUMNAS.get(plain(cell)) for cell in parts]
        if None in columns or len(set(columns)) != len(columns):
            raise SetRefused(number, "columna desconocida", line)
        self.columns = [column for column in columns if column]

    def _item(self, number: int, line: str, found: list[str]) -> Item:
        values: dict[str, Any] = {}
        for column, cell in zip(self.columns, found, strict=True):
            if column in ("cantidad", "precio", "valor"):
                values[column] = read_number(number, line, cell)
            elif column == "descuento_pct":
                values[column] = read_percent(number, line, cell)
            else:
                values[column] = verbatim(number, line, "nombre_item" if column == "nombre" else "unidad", cell)
        if "valor" in values:  # a line of a service: one unit at that price
            values["cantidad"], values["precio"] = Decimal(1), values.pop("valor")
        return Item(exento=plain(found[0]).endswith("EXENTO"), **values)


def _with(item: Item, at: Line, **adjustment: Any) -> Item:
    if any(getattr(item, name) is not None for name in adjustment):
        raise SetRefused(at[0], "la línea ya tiene ese dato", at[1])
    return replace(item, **adjustment)

"""The set of boletas as a text: cases of their own, prices with VAT, and remarks on what is exempt and on the unit."""

import re
from dataclasses import replace
from typing import Any

from torn_app.certification import words
from torn_app.certification.errors import SetRefused
from torn_app.certification.numbers import read_number
from torn_app.certification.sets import BOLETAS, Case, Item, TestSet
from torn_app.certification.texts import RULE, Line, cells, joined, row, verbatim
from torn_app.certification.words import plain
from torn_app.dte.tipos import TipoDte

_CASE = re.compile(r"CASO ?- ?(\d+)")
_REMARK = re.compile(r"OBSERVACION(?:ES)?:")
_GENERAL = re.compile(r"(OBSERVACIONES|INDICACIONES) GENERALES:?")


def read_boletas_text(lines: list[Line]) -> TestSet:
    """Return the boletas asked for. What follows the heading of general remarks is advice. Raises SetRefused."""
    cases: list[Case] = []
    advice: list[str] = []
    columns: list[str] | None = None
    for place, (number, line) in enumerate(lines[1:], 1):
        said = plain(line)
        if _GENERAL.fullmatch(said):
            advice = [joined(text) for _, text in lines[place + 1 :] if not RULE.fullmatch("".join(text.split()))]
            break
        case = _CASE.fullmatch(said)
        if RULE.fullmatch(said.replace(" ", "")):
            continue
        if case:
            if int(case[1]) != len(cases) + 1:
                raise SetRefused(number, "las boletas van numeradas desde 1", line)
            cases.append(Case(line=number, number=int(case[1]), tipo=TipoDte.BOLETA))
            columns = None
        elif plain(cells(line)[0]) == "ITEM" and cases:
            columns = _heading(number, line)
        elif cases and _REMARK.match(said):
            cases[-1] = _remark(cases[-1], number, line)
            columns = None
        elif cases and columns and (found := row(line, len(columns))):
            cases[-1] = replace(cases[-1], items=(*cases[-1].items, _item(number, line, columns, found)))
        else:
            raise SetRefused(number, "no se entiende", line)
    for one in cases:
        if not one.items:
            raise SetRefused(one.line, "el caso no tiene líneas", f"CASO-{one.number}")
    if not cases:
        raise SetRefused(lines[0][0], "el set no tiene casos", lines[0][1])
    return TestSet(nombre="BOLETAS", attention=BOLETAS, cases=tuple(cases), advice=tuple(advice))


def _heading(number: int, line: str) -> list[str]:
    columns = [words.BOLETAS_TEXTO.get(plain(cell)) for cell in cells(line)]
    if sorted(filter(None, columns)) != sorted(words.BOLETAS_TEXTO.values()) or None in columns:
        raise SetRefused(number, "columna desconocida", line)
    return [column for column in columns if column]


def _item(number: int, line: str, columns: list[str], found: list[str]) -> Item:
    values: dict[str, Any] = dict(zip(columns, found, strict=True))
    return Item(
        nombre=verbatim(number, line, "nombre_item", values["nombre"]),
        cantidad=read_number(number, line, values["cantidad"]),
        precio=read_number(number, line, values["precio"]),
    )


def _remark(case: Case, number: int, line: str) -> Case:
    """Apply a remark of a case: which lines are exempt, or the unit of all of them."""
    said = joined(line.partition(":")[2]).strip('"').strip()
    unit = words.BOLETAS_UNIDAD.fullmatch(said)
    if unit:
        return replace(case, items=tuple(replace(item, unidad=unit[1]) for item in case.items))
    rest = plain(said)
    items = list(case.items)
    while rest:
        match = words.BOLETAS_INDICACION.match(rest)
        if match is None or not 1 <= int(match[1]) <= len(items):
            raise SetRefused(number, "observación desconocida", line)
        place = int(match[1]) - 1
        items[place] = replace(items[place], exento=match[2] == "EXENTO")
        rest = rest[match.end() :].strip()
    return replace(case, items=tuple(items))

"""The set of boletas: a CSV with semicolons, prices with VAT. Marks of cancelling or lowering ask for credit notes."""

import csv
from dataclasses import replace

from torn_app.certification import words
from torn_app.certification.errors import SetRefused
from torn_app.certification.numbers import read_number
from torn_app.certification.sets import BOLETAS, Case, Item, TestSet
from torn_app.certification.texts import verbatim
from torn_app.dte.tipos import TipoDte


def read_boletas(lines: list[tuple[int, str]]) -> TestSet:
    """Return the boletas asked for, and after them the credit notes. Raises SetRefused."""
    first, title = lines[0]
    if title.split(";") != words.BOLETAS_COLUMNAS:
        raise SetRefused(first, "columnas desconocidas", title)
    boletas: list[Case] = []
    notes: list[Case] = []
    for number, line in lines[1:]:
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=";"))]
        if len(cells) != len(words.BOLETAS_COLUMNAS):
            raise SetRefused(number, "sobran o faltan columnas", line)
        folio, exento, nombre, cantidad, unidad, precio, anular, rebajar = cells
        if exento not in ("", "1") or anular not in ("", "1") or not nombre or (anular and rebajar):
            raise SetRefused(number, "no se entiende", line)
        item = Item(
            nombre=verbatim(number, line, "nombre_item", nombre),
            cantidad=read_number(number, line, cantidad),
            unidad=verbatim(number, line, "unidad", unidad) or None,
            precio=read_number(number, line, precio),
            exento=exento == "1",
        )
        if not folio:
            if not boletas or anular or rebajar:
                raise SetRefused(number, "la línea no tiene boleta", line)
            boletas[-1] = replace(boletas[-1], items=(*boletas[-1].items, item))
            continue
        if folio != str(len(boletas) + 1):
            raise SetRefused(number, "las boletas van numeradas desde 1", line)
        boletas.append(Case(line=number, number=int(folio), tipo=TipoDte.BOLETA, items=(item,)))
        if anular or rebajar:
            note = Case(line=number, number=0, tipo=TipoDte.NOTA_CREDITO, refers_to=int(folio), codigo="1")
            if rebajar:
                pct = read_number(number, line, rebajar)
                notes.append(replace(note, codigo="3", razon=f"REBAJA {pct}%", rebaja_pct=pct))
            else:
                notes.append(replace(note, razon="ANULA BOLETA"))
    numbered = [replace(note, number=len(boletas) + place) for place, note in enumerate(notes, 1)]
    return TestSet(nombre="BOLETAS", attention=BOLETAS, cases=(*boletas, *numbered))

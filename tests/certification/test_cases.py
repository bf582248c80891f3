"""Totals of every case, computed by hand from the texts."""

from collections.abc import Mapping

import pytest

from tests.certification.test_reader import EXENTA, GUIAS, sample
from tests.fiscal_material import TODAY, emisor
from torn_app.certification.cases import Emitted, descuentos, detalles, document, gross_notes, resolve
from torn_app.certification.errors import SetRefused
from torn_app.certification.reader import read_sets
from torn_app.certification.sets import TestSet
from torn_app.dte.documento import Documento
from torn_app.dte.totales import totals_of

Amounts = tuple[int, int, int, int]
"""Net, exempt, VAT, total."""

BASICO: Mapping[int, Amounts] = {
    # 123 x 923 = 113529, 53 x 1473 = 78069
    1: (191598, 0, 36404, 228002),
    # 235 x 1926 = 452610 less 18104 (4 %: 18104.4); 161 x 990 = 159390 less 7970 (5 %: 7969.5)
    2: (585926, 0, 111326, 697252),
    # 24 x 1937 = 46488, 149 x 2975 = 443275; exempt 34705
    3: (489763, 34705, 93055, 617523),
    # 81 x 1672 = 135432, 35 x 1405 = 49175, together 184607 less 11076 (6 %: 11076.42); exempt 2 x 6767
    4: (173531, 13534, 32971, 220036),
    5: (0, 0, 0, 0),
    # 86 x 1926 = 165636 less 6625 (6625.44); 109 x 990 = 107910 less 5396 (5395.5)
    6: (261525, 0, 49690, 311215),
    7: (489763, 34705, 93055, 617523),
    8: (0, 0, 0, 0),
}
BOLETAS: Mapping[int, Amounts] = {
    1: (19361, 0, 3679, 23040),
    2: (72866, 0, 13844, 86710),
    3: (31866, 0, 6054, 37920),
    4: (15126, 10180, 2874, 28180),
    5: (17042, 0, 3238, 20280),
    6: (105, 20000, 20, 20125),
    7: (1429, 0, 271, 1700),
    8: (18143, 0, 3447, 21590),
    9: (10420, 0, 1980, 12400),
    10: (2267, 0, 431, 2698),
    11: (19361, 0, 3679, 23040),
    12: (31866, 0, 6054, 37920),
    13: (17042, 0, 3238, 20280),
    # 40 % off: 5 x 136 and 3.8 x 284 = 1079.2
    14: (571, 0, 109, 680),
    15: (907, 0, 172, 1079),
}
EXENTOS: Mapping[int, Amounts] = {1: (0, 67000, 0, 67000), 2: (0, 6700, 0, 6700)}
GUIDES: Mapping[int, Amounts] = {1: (0, 0, 0, 0), 2: (250000, 0, 47500, 297500)}


def totals_by_case(test_set: TestSet) -> dict[int, Amounts]:
    found: dict[int, Amounts] = {}
    for case in resolve(test_set):
        gross = gross_notes(test_set, case)
        t = totals_of(case.tipo, detalles(case), descuentos(case), montos_brutos=gross)
        found[case.number] = (t.monto_neto, t.monto_exento, t.iva, t.monto_total)
    return found


def documents(test_set: TestSet) -> dict[int, Documento]:
    emitted: dict[int, Emitted] = {}
    found = {}
    for case in resolve(test_set):
        found[case.number] = document(test_set, case, emisor=emisor(), fecha=TODAY, emitted=emitted)
        emitted[case.number] = Emitted(case.tipo, 100 + case.number, TODAY)
    return found


@pytest.mark.parametrize(("name", "expected"), [("001-basico.txt", BASICO), ("007-boletas.csv", BOLETAS)])
def test_totals_of_the_samples(name: str, expected: Mapping[int, Amounts]) -> None:
    (test_set,) = read_sets(sample(name))
    assert totals_by_case(test_set) == expected


def test_totals_of_guides_and_exempt() -> None:
    guides, exempt = read_sets(GUIAS + EXENTA)
    assert totals_by_case(guides) == GUIDES
    assert totals_by_case(exempt) == EXENTOS


def test_references_and_receivers() -> None:
    (test_set,) = read_sets(sample("001-basico.txt"))
    found = documents(test_set)
    first, note = found[1].referencias, found[6].referencias
    assert [(r.tipo, r.folio, r.razon, r.codigo) for r in first] == [("SET", "414175-1", "CASO 414175-1", None)]
    assert [(r.tipo, r.folio, r.razon, r.codigo) for r in note] == [
        ("SET", "414175-6", "CASO 414175-6", None),
        ("33", "102", "DEVOLUCION DE MERCADERIAS", "3"),
    ]
    assert [(r.tipo, r.folio, r.codigo) for r in found[8].referencias[1:]] == [("61", "105", "1")]
    ruts = [found[number].receptor.rut for number in (1, 2, 3, 4)]
    assert len(set(ruts)) == 4
    assert [found[number].receptor.rut for number in (5, 6, 7, 8)] == [ruts[0], ruts[1], ruts[2], ruts[0]]
    assert found[7].detalles == found[3].detalles


def test_references_of_boletas_and_parties_of_guides() -> None:
    (boletas,) = read_sets(sample("007-boletas.csv"))
    found = documents(boletas)
    (only,) = found[1].referencias
    assert (only.tipo, only.folio, only.codigo, only.razon) == (None, None, "SET", "CASO-1")
    assert found[11].referencias[1].tipo == "39"
    assert found[11].montos_brutos
    (guides,) = read_sets(GUIAS)
    inside, sold = documents(guides).values()
    assert inside.receptor.rut == emisor().rut
    assert (inside.indicador_traslado, sold.indicador_traslado, sold.tipo_despacho) == (5, 1, 2)


def test_a_note_on_a_line_the_document_has_not_is_refused() -> None:
    content = sample("001-basico.txt")
    place = content.index(b"109")
    start = content.rindex(b"ITEM 2", 0, place)
    (test_set,) = read_sets(content[:start] + b"ITEM 9" + content[start + 6 :])
    with pytest.raises(SetRefused, match="ITEM 9"):
        resolve(test_set)

"""The tax service's test texts, read word for word or not at all."""

from decimal import Decimal

import pytest

from tests.shared_material import shared_path
from torn_app.certification.errors import SetRefused
from torn_app.certification.reader import read_sets
from torn_app.dte.tipos import TipoDte


def sample(name: str) -> bytes:
    return shared_path("sii", "samples", "sets", name).read_bytes()


GUIAS = (
    "SET GUIA DE DESPACHO - NUMERO DE ATENCION: 414180\r\n\r\n"
    "CASO 414180-1\r\n==============\r\nDOCUMENTO\tGUIA DE DESPACHO\r\n"
    "MOTIVO:\tTRASLADO DE MATERIALES ENTRE BODEGAS DE LA EMPRESA\r\n\r\nITEM\t\tCANTIDAD\r\nCaño 1\t\t  34\r\n\r\n"
    "CASO 414180-2\r\n==============\r\nDOCUMENTO\tGUIA DE DESPACHO\r\nMOTIVO:\t\tVENTA\r\n"
    "TRASLADO POR:\tEMISOR DEL DOCUMENTO AL LOCAL DEL CLIENTE\r\n\r\n"
    "ITEM\t\tCANTIDAD\tPRECIO UNITARIO\r\nITEM 1\t\t 100\t 2500\r\n"
).encode("latin-1")
EXENTA = (
    "SET FACTURA EXENTA - NUMERO DE ATENCION: 414181\r\n"
    "CASO 414181-1\r\n==============\r\nDOCUMENTO\tFACTURA NO AFECTA O EXENTA ELECTRONICA\r\n"
    "ITEM\tCANTIDAD\tUNIDAD MEDIDA\tPRECIO UNITARIO\r\nHORAS PROGRAMADOR\t10\tHora\t6700\r\n\r\n"
    "CASO 414181-2\r\n==============\r\nDOCUMENTO\tNOTA DE CREDITO ELECTRONICA\r\n"
    "REFERENCIA\tFACTURA NO AFECTA O EXENTA ELECTRONICA CORRESPONDIENTE A CASO 414181-1\r\n"
    "RAZON REFERENCIA\tMODIFICA MONTO\r\nITEM\tVALOR UNITARIO\r\nHORAS PROGRAMADOR\t670\r\n"
).encode("latin-1")


def test_basic_set() -> None:
    (found,) = read_sets(sample("001-basico.txt"))
    assert found.attention == "414175"
    assert [int(case.tipo) for case in found.cases] == [33, 33, 33, 33, 61, 61, 61, 56]
    assert [case.refers_to for case in found.cases] == [None] * 4 + [1, 2, 3, 5]
    assert [case.codigo for case in found.cases] == [None] * 4 + ["2", "3", "1", "1"]
    assert found.cases[0].items[0].nombre == "Cajón AFECTO"
    assert found.cases[1].items[0].descuento_pct == Decimal(4)
    assert [item.exento for item in found.cases[2].items] == [False, False, True]
    assert found.cases[3].descuento_global_pct == Decimal(6)
    assert found.cases[5].items[1].cantidad == Decimal(109)
    assert found.cases[5].items[1].precio is None


def test_books() -> None:
    (sales,) = read_sets(sample("002-ventas.txt"))
    (purchases,) = read_sets(sample("003-compras.txt"))
    assert (sales.attention, purchases.attention) == ("414176", "414177")
    assert [(row.folio, row.exento, row.afecto) for row in purchases.purchases] == [
        (234, 0, 53253),
        (32, 10633, 11473),
        (781, 0, 30171),
        (451, 0, 2928),
        (67, 0, 12135),
        (9, 0, 10632),
        (211, 0, 9053),
    ]
    assert purchases.factor_proporcionalidad == Decimal("0.60")


def test_boletas() -> None:
    (found,) = read_sets(sample("007-boletas.csv"))
    assert [int(case.tipo) for case in found.cases] == [39] * 10 + [61] * 5
    assert [(case.refers_to, case.codigo) for case in found.cases[10:]] == [
        (1, "1"),
        (3, "1"),
        (5, "1"),
        (7, "3"),
        (10, "3"),
    ]
    assert found.cases[9].items[0].nombre == 'Clavo Galvanizado 3/4"'
    assert (found.cases[9].items[0].cantidad, found.cases[9].items[0].unidad) == (Decimal("3.8"), "Kg")
    assert found.cases[1].items[0].nombre == "pizza española el italiano"


def test_export() -> None:
    (found,) = read_sets(sample("009-set_exportacion_1.txt"))
    assert [int(case.tipo) for case in found.cases] == [110, 112, 111]
    assert dict(found.cases[0].exportacion)["FLETE (**)"] == "460.59"
    assert found.cases[0].items[0].unidad == "KN"
    assert len(found.cases[0].exportacion) == 17


def test_guides_and_exempt_in_one_file() -> None:
    guides, exempt = read_sets(GUIAS + b"\r\n" + EXENTA)
    assert (guides.attention, exempt.attention) == ("414180", "414181")
    assert [(case.ind_traslado, case.tipo_despacho) for case in guides.cases] == [(5, None), (1, 2)]
    assert exempt.cases[0].tipo is TipoDte.FACTURA_EXENTA
    assert exempt.cases[1].items[0].precio == Decimal(670)


@pytest.mark.parametrize(
    ("name", "word", "instead", "line"),
    [
        ("001-basico.txt", b"PRECIO UNITARIO", b"PRECIO TOTAL", 6),
        ("001-basico.txt", b"DESCUENTO ITEM", b"DESCUENTO FINAL", 15),
        ("001-basico.txt", b"CORRIGE GIRO DEL", b"MEJORA GIRO DEL", 46),
        ("001-basico.txt", b"DESCUENTO GLOBAL ITEMES AFECTOS", b"DESCUENTO ITEMES", 39),
        ("001-basico.txt", b"    923", b"    9x3", 7),
        ("003-compras.txt", b"MONTO EXENTO", b"MONTO NETO", 6),
        ("007-boletas.csv", b"PrcItem", b"Precio", 1),
        ("009-set_exportacion_1.txt", b"UNIDAD MEDIDA", b"UNIDAD PESO", 5),
        ("009-set_exportacion_1.txt", b"VIA DE TRANSPORTE", b"RUTA DE TRANSPORTE", 15),
    ],
)
def test_a_changed_word_stops_the_reader_with_its_line(name: str, word: bytes, instead: bytes, line: int) -> None:
    content = sample(name)
    assert word in content
    with pytest.raises(SetRefused) as refusal:
        read_sets(content.replace(word, instead, 1))
    assert refusal.value.line == line
    assert f"Línea {line}:" in str(refusal.value)

"""The tax service's test texts, read word for word or not at all."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.certification import texts
from tests.shared_material import shared_path
from torn_app.certification import service
from torn_app.certification.errors import SetRefused
from torn_app.certification.reader import read_sets
from torn_app.certification.sets import Book, Treatment
from torn_app.documents.errors import DocumentRefused
from torn_app.dte.tipos import TipoDte


def sample(name: str) -> bytes:
    return shared_path("sii", "samples", "sets", name).read_bytes()


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
    (guides,) = read_sets(texts.LIBRO_GUIAS)
    assert (sales.attention, purchases.attention, guides.attention) == ("414176", "414177", "414183")
    assert (sales.book, purchases.book, guides.book) == (Book.VENTAS, Book.COMPRAS, Book.GUIAS)
    t = Treatment
    assert [(row.tipo, row.folio, row.exento, row.afecto, row.tratamiento) for row in purchases.purchases] == [
        (30, 234, 0, 53253, t.CREDITO),
        (33, 32, 10633, 11473, t.CREDITO),
        (30, 781, 0, 30171, t.USO_COMUN),
        (60, 451, 0, 2928, t.CREDITO),
        (33, 67, 0, 12135, t.GRATUITA),
        (46, 9, 0, 10632, t.RETENCION),
        (60, 211, 0, 9053, t.CREDITO),
    ]
    assert [row.corrige for row in purchases.purchases] == [None, None, None, 234, None, None, 32]
    assert purchases.factor_proporcionalidad == Decimal("0.60")
    assert (guides.billed, guides.voided) == ((2,), (3,))


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


def test_boletas_as_text() -> None:
    (found,) = read_sets(texts.BOLETAS_TEXTO)
    assert [[item.nombre for item in case.items] for case in found.cases] == [
        ["Cambio de ampolleta", "Revision y ajuste"],
        ["item afecto 1", "item exento 2"],
        ["Porotos"],
    ]
    assert [item.exento for item in found.cases[1].items] == [False, True]
    assert found.cases[2].items[0].unidad == "Kg"
    assert found.advice == ("Se omitieron las tildes para permitir una correcta lectura.",)


def test_export() -> None:
    (found,) = read_sets(sample("009-set_exportacion_1.txt"))
    assert [int(case.tipo) for case in found.cases] == [110, 112, 111]
    facts = found.cases[0].exportacion
    assert facts is not None
    assert facts.aduana is not None
    assert facts.aduana.flete == Decimal("460.59")
    assert found.cases[0].items[0].unidad == "KN"
    assert found.currencies == ("EURO",)
    assert found.cases[1].exportacion is None  # its invoice's, when it is resolved


def test_many_sets_in_one_file() -> None:
    preface = texts.text(
        "INDICACIONES GENERALES:",
        "",
        "Se debe adjuntar ejemplar tributario y cedible de los documentos: Factura Electrónica.",
        "",
        "SET BASICO - NUMERO DE ATENCION: 414175",
        "",
        "IMPORTANTE: Considerar que los descuentos deben ser indicados.",
    )
    parts = [
        preface + sample("001-basico.txt"),
        sample("002-ventas.txt"),
        sample("003-compras.txt"),
        texts.GUIAS,
        texts.LIBRO_GUIAS,
        texts.EXENTA,
        texts.COMPRA,
        # The sample has no title: its cases begin a set by their number.
        sample("009-set_exportacion_1.txt"),
        texts.EXPORTACION_2,
    ]
    whole = b"\r\n".join(parts)
    found = read_sets(whole)
    assert [one.attention for one in found] == [
        "414175", "414176", "414177", "414180", "414183", "414181", "414182", "493307", "493308",
    ]  # fmt: skip
    assert [len(one.cases) for one in found] == [8, 0, 0, 3, 0, 8, 3, 3, 3]
    assert [line.partition(":")[0] for line in found[0].advice] == [
        "INDICACIONES GENERALES",
        "Se debe adjuntar ejemplar tributario y cedible de los documentos",
        "IMPORTANTE",
    ]
    assert [int(case.tipo) for case in found[5].cases] == [34, 61, 34, 61, 56, 34, 61, 56]
    assert found[5].cases[5].items[0].nombre == "CAPACITACION USO CIGÜEÑALES"
    assert read_sets(whole.decode("latin-1").encode("utf-8")) == found


def test_guides() -> None:
    (guides,) = read_sets(texts.GUIAS)
    assert [(case.ind_traslado, case.tipo_despacho) for case in guides.cases] == [(5, None), (1, 2), (1, 1)]
    assert guides.cases[0].tipo is TipoDte.GUIA_DESPACHO
    assert guides.cases[0].items[0].nombre == "Caño 1"


OWN = {
    "guias": texts.GUIAS,
    "libro guias": texts.LIBRO_GUIAS,
    "exenta": texts.EXENTA,
    "compra": texts.COMPRA,
    "exportacion 2": texts.EXPORTACION_2,
    "boletas": texts.BOLETAS_TEXTO,
}
CHANGED: list[tuple[str, bytes, bytes]] = [
    ("001-basico.txt", b"PRECIO UNITARIO", b"PRECIO TOTAL"),
    ("001-basico.txt", b"DESCUENTO ITEM", b"DESCUENTO FINAL"),
    ("001-basico.txt", b"CORRIGE GIRO DEL", b"MEJORA GIRO DEL"),
    ("001-basico.txt", b"DESCUENTO GLOBAL ITEMES AFECTOS", b"DESCUENTO ITEMES"),
    ("001-basico.txt", b"    923", b"    9x3"),
    ("001-basico.txt", b"    923", b""),
    ("001-basico.txt", b"FACTURA ELECTRONICA", b"FACTURA MODERNA"),
    ("001-basico.txt", b"CREDITO ELECTRONICA CORRESPONDIENTE", b"DEBITO ELECTRONICA CORRESPONDIENTE"),
    ("001-basico.txt", b"CORRESPONDIENTE A CASO  414175-1", b"CORRESPONDIENTE A CASO  414175-9"),
    ("001-basico.txt", b"CASO  414175-2", b"CASO  414175-1"),
    ("002-ventas.txt", b"SEGUN CORRESPONDA", b"SEGUN CONVENGA"),
    ("003-compras.txt", b"MONTO EXENTO", b"MONTO NETO"),
    ("003-compras.txt", b"ENTREGA GRATUITA", b"ENTREGA DIFERIDA"),
    ("003-compras.txt", b"NOTA DE CREDITO\t\t\t\t451", b"NOTA DE REMATE\t\t\t\t451"),
    ("003-compras.txt", b"A FACTURA 234", b"A FACTURA 235"),
    ("003-compras.txt", b"DEL IVA ES DE 0.60", b"DEL IVA ES DE mucho"),
    ("007-boletas.csv", b"PrcItem", b"Precio"),
    ("009-set_exportacion_1.txt", b"UNIDAD MEDIDA", b"UNIDAD PESO"),
    ("009-set_exportacion_1.txt", b"VIA DE TRANSPORTE", b"RUTA DE TRANSPORTE"),
    ("009-set_exportacion_1.txt", b"EURO", b"EUROS"),
    ("009-set_exportacion_1.txt", b"SIDNEY", b"SIDN"),
    ("009-set_exportacion_1.txt", b"COBRANZA", b"COBRO"),
    ("009-set_exportacion_1.txt", b"PALLETS", b"PALLET"),
    ("009-set_exportacion_1.txt", b"AUSTRALIA", b"ATLANTIDA"),
    ("009-set_exportacion_1.txt", b"MIC (MANIFIESTO INTERNACIONAL)", b"MIC (OTRO)"),
    ("009-set_exportacion_1.txt", b"EL PRECIO UNITARIO DEL ITEM DEBE", b"EL PRECIO UNITARIO DEL ITEM PUEDE"),
    ("guias", b"VENTA\r", b"REGALO\r"),
    ("guias", b"EMISOR DEL DOCUMENTO AL LOCAL", b"CORREO AL LOCAL"),
    ("guias", b"INDICACI\xd3N", b"ADVERTENCIA"),
    ("libro guias", b"GUIA ANULADA", b"GUIA PERDIDA"),
    ("exenta", b"MODIFICA MONTO", b"CAMBIA MONTO"),
    ("compra", b"DEBEN SER LOS MISMOS", b"PUEDEN SER LOS MISMOS"),
    ("exportacion 2", b"DEL TOTAL DE LA CLAUSULA", b"DEL TOTAL"),
    ("exportacion 2", b"DESCUENTO LINEA # 1", b"DESCUENTO LINEA # 3"),
    ("exportacion 2", b"%10 RECARGO EN LA LINEA", b"%10 RECARGO EN EL PIE"),
    ("exportacion 2", b"NACIONALIDAD", b"NACIONAL"),
    ("exportacion 2", b"PERIODO TRIBUTARIO.", b"PERIODO DE LLUVIAS."),
    ("boletas", b"servicio exento", b"servicio raro"),
    ("boletas", b"El item 2 es", b"El item 7 es"),
    ("boletas", b"con IVA", b"sin IVA"),
    ("boletas", b"Unidad de medida en Kg", b"Unidad de medida en kilogramos"),
    ("boletas", b"CASO-2", b"CASO-4"),
]


@pytest.mark.parametrize(("name", "word", "instead"), CHANGED)
def test_a_changed_word_stops_the_reader_with_its_line(name: str, word: bytes, instead: bytes) -> None:
    content = OWN.get(name) or sample(name)
    line = content[: content.index(word)].count(b"\n") + 1
    with pytest.raises(SetRefused) as refusal:
        read_sets(content.replace(word, instead, 1))
    assert refusal.value.line == line
    assert f"Línea {line}:" in str(refusal.value)


@pytest.mark.parametrize("remark", ["CONSIDERE UN PLAZO DE 30 DIAS", "OBSERVACION: SIN IVA", "RECARGO GLOBAL\t\t5%"])
def test_a_remark_in_a_case_that_nobody_knows_stops_the_reader(remark: str) -> None:
    content = sample("001-basico.txt")
    place = content.index(b"CASO  414175-2")
    with pytest.raises(SetRefused, match="no se entiende") as refusal:
        read_sets(content[:place] + remark.encode("latin-1") + b"\r\n" + content[place:])
    assert refusal.value.line == 11


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_file_it_is_read_or_refused_with_a_line(data: st.DataObject) -> None:
    samples = ("001-basico.txt", "002-ventas.txt", "003-compras.txt", "007-boletas.csv", "009-set_exportacion_1.txt")
    content = data.draw(st.sampled_from([*OWN.values(), *map(sample, samples)]))
    lines = content.split(b"\n")
    junk = st.one_of(st.binary(max_size=12), st.sampled_from(lines), st.sampled_from([b"", b"ITEM", b"ITEM\tCANTIDAD"]))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place : place + data.draw(st.integers(0, 2))] = [data.draw(junk)]
    changed = b"\n".join(lines)
    line = line_of_refusal(changed)
    # The line of the text, or of the case when the case as a whole lacks something.
    assert line is None or 1 <= line <= changed.count(b"\n") + changed.count(b"\r") + 1


def line_of_refusal(content: bytes) -> int | None:
    try:
        for test_set in read_sets(content):
            service.review(test_set)
    except SetRefused as refusal:
        return refusal.line
    except DocumentRefused:
        return None
    return None


def test_what_is_said_twice_is_refused() -> None:
    with pytest.raises(SetRefused, match="repetido"):
        read_sets(texts.GUIAS.replace(b"MOTIVO:\t\tVENTA", b"MOTIVO:\t\tVENTA\r\nMOTIVO:\t\tVENTA", 1))
    with pytest.raises(SetRefused, match="el set está repetido"):
        read_sets(texts.GUIAS + texts.GUIAS)
    with pytest.raises(SetRefused, match="repetido"):
        read_sets(sample("009-set_exportacion_1.txt").replace(b"TOTAL BULTOS:", b"TOTAL BULTOS: 1\r\nTOTAL BULTOS:"))
    with pytest.raises(SetRefused, match="ningún set"):
        read_sets(b"")


def test_a_set_of_nothing_and_texts_that_would_be_cut_are_refused() -> None:
    with pytest.raises(SetRefused, match="ni es un libro conocido") as refusal:
        read_sets(texts.GUIAS + texts.text("SET LIBRO DE BOLETAS - NUMERO DE ATENCION: 414199"))
    assert refusal.value.line == texts.GUIAS.count(b"\n") + 1
    for word, instead in ((b"\tHora\t", b"\tHoras\t"), (b"HORAS PROGRAMADOR", b"HORAS " * 14 + b"PROGRAMADOR")):
        with pytest.raises(SetRefused, match="no cabe tal cual"):
            read_sets(texts.EXENTA.replace(word, instead, 1))
    for content in (
        sample("007-boletas.csv").replace(b";Kg;", b";Kilos;"),
        texts.BOLETAS_TEXTO.replace(b"Porotos", b"P" * 81),
    ):
        with pytest.raises(SetRefused, match="no cabe tal cual"):
            read_sets(content)

"""From cases to documents: totals computed by hand, references, parties, what a note takes from what it corrects."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.certification import amounts, texts
from tests.certification.amounts import Amounts
from tests.certification.test_reader import sample
from tests.fiscal_material import TODAY, emisor
from torn_app.certification import service
from torn_app.certification.cases import Emitted, document, resolve
from torn_app.certification.errors import SetRefused
from torn_app.certification.reader import read_sets
from torn_app.certification.sets import TestSet
from torn_app.dte.documento import Documento


def totals_by_case(test_set: TestSet) -> dict[int, Amounts]:
    return {one.case.number: (one.neto, int(one.exento), one.iva, int(one.total)) for one in service.review(test_set)}


def documents(test_set: TestSet) -> dict[int, Documento]:
    emitted: dict[int, Emitted] = {}
    found = {}
    for case in resolve(test_set):
        found[case.number] = document(test_set, case, emisor=emisor(), fecha=TODAY, emitted=emitted, rates=texts.RATES)
        emitted[case.number] = Emitted(case.tipo, 100 + case.number, TODAY)
    return found


SETS: list[tuple[str, Callable[[], bytes], Mapping[int, Amounts]]] = [
    ("basico", lambda: sample("001-basico.txt"), amounts.BASICO),
    ("boletas csv", lambda: sample("007-boletas.csv"), amounts.BOLETAS),
    ("boletas", lambda: texts.BOLETAS_TEXTO, amounts.BOLETAS_TEXTO),
    ("guias", lambda: texts.GUIAS, amounts.GUIAS),
    ("exenta", lambda: texts.EXENTA, amounts.EXENTA),
    ("compra", lambda: texts.COMPRA, amounts.COMPRA),
]


@pytest.mark.parametrize(("name", "content", "expected"), SETS, ids=[one[0] for one in SETS])
def test_totals(name: str, content: Callable[[], bytes], expected: Mapping[int, Amounts]) -> None:
    (test_set,) = read_sets(content())
    assert totals_by_case(test_set) == expected, name


def test_totals_of_exports() -> None:
    for content, expected in (
        (sample("009-set_exportacion_1.txt"), amounts.EXPORTACION_1),
        (texts.EXPORTACION_2, amounts.EXPORTACION_2),
    ):
        (test_set,) = read_sets(content)
        found = {one.case.number: one.total for one in service.review(test_set)}
        assert found == {number: total for number, (total, _) in expected.items()}


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
    # A note for returned goods repeats price and discount of its invoice.
    assert [(d.precio, d.descuento_pct) for d in found[6].detalles] == [(1926, 4), (990, 5)]


def test_references_of_boletas_and_parties_of_guides() -> None:
    (boletas,) = read_sets(sample("007-boletas.csv"))
    found = documents(boletas)
    (only,) = found[1].referencias
    assert (only.tipo, only.folio, only.codigo, only.razon) == (None, None, "SET", "CASO-1")
    assert found[11].referencias[1].tipo == "39"
    assert found[11].montos_brutos
    (guides,) = read_sets(texts.GUIAS)
    inside, sold, fetched = documents(guides).values()
    assert inside.receptor.rut == emisor().rut
    assert sold.receptor.rut != fetched.receptor.rut
    assert [(d.indicador_traslado, d.tipo_despacho) for d in (inside, sold, fetched)] == [(5, None), (1, 2), (1, 1)]


def test_a_correction_of_text_on_an_exempt_invoice_bears_no_vat() -> None:
    (test_set,) = read_sets(texts.EXENTA)
    found = documents(test_set)
    for number in (4, 5):
        (line,) = found[number].detalles
        assert (line.nombre, line.precio, line.exento) == ("CORRIGE GIRO", 0, True)
    assert found[2].detalles[0].unidad == "Hora"


def test_a_purchase_invoice_and_its_notes_withhold_all_the_vat() -> None:
    (test_set,) = read_sets(texts.COMPRA)
    found = documents(test_set)
    assert [{d.codigos_impuesto for d in one.detalles} for one in found.values()] == [{(15,)}] * 3
    assert len({one.receptor.rut for one in found.values()}) == 1
    assert found[1].receptor.razon_social == "Proveedor de Certificación 1 Ltda."
    assert [one.retenido for one in service.review(test_set)] == [418533, 139920, 139920]


def test_an_export_in_the_words_of_its_text() -> None:
    (test_set,) = read_sets(sample("009-set_exportacion_1.txt"))
    invoice, returned, cancelled = documents(test_set).values()
    export = invoice.exportacion
    assert export is not None
    assert export.aduana is not None
    assert (export.moneda, export.tipo_cambio, export.forma_pago) == ("EURO", Decimal("1015.27"), 2)
    customs = export.aduana
    assert (customs.modalidad_venta, customs.clausula_venta, customs.total_clausula) == (2, 1, Decimal("1662.39"))
    assert (customs.via_transporte, customs.puerto_embarque, customs.puerto_desembarque) == (7, 918, 811)
    assert (customs.unidad_tara, customs.unidad_peso_bruto, customs.unidad_peso_neto) == (10, 6, 6)
    assert [(b.codigo, b.cantidad, b.marcas) for b in customs.bultos] == [(80, 38, "CHATARRA DE ALUMINIO")]
    assert (customs.flete, customs.seguro) == (Decimal("460.59"), Decimal("127.61"))
    assert (customs.pais_receptor, customs.pais_destino, invoice.receptor.nacionalidad) == (406, 406, 406)
    assert [(d.glosa, d.monto_moneda) for d in invoice.descuentos] == [
        ("FLETE", Decimal("460.59")),
        ("SEGURO", Decimal("127.61")),
    ]
    assert [(r.tipo, r.folio, r.razon) for r in invoice.referencias[1:]] == [
        ("810", "MIC", "MIC (MANIFIESTO INTERNACIONAL)")
    ]
    for note in (returned, cancelled):
        assert note.exportacion is not None
        assert note.exportacion.aduana is not None
        assert (note.exportacion.moneda, note.exportacion.aduana.pais_destino) == ("EURO", 406)
        assert (note.exportacion.aduana.flete, note.descuentos, note.receptor) == (None, (), invoice.receptor)
        assert (note.detalles[0].precio, note.detalles[0].cantidad) == (128, 126)


def test_services_hotels_and_surcharges_of_exports() -> None:
    (test_set,) = read_sets(texts.EXPORTACION_2)
    service_, goods, hotel = documents(test_set).values()
    assert [one.indicador_servicio for one in (service_, goods, hotel)] == [3, None, 4]
    assert [(d.glosa, d.monto_moneda) for d in goods.descuentos] == [
        ("COMISIONES EN EL EXTRANJERO", Decimal("216.31")),
        ("FLETE", Decimal("644.52")),
        ("SEGURO", Decimal("211.24")),
    ]
    assert goods.exportacion is not None
    assert goods.exportacion.aduana is not None
    assert goods.exportacion.forma_pago == 32
    # The same name is a border pass here and a port there.
    assert (goods.exportacion.aduana.puerto_embarque, goods.exportacion.aduana.puerto_desembarque) == (964, 173)
    (container,) = goods.exportacion.aduana.bultos
    assert (container.codigo, container.marcas, bool(container.contenedor and container.sello)) == (75, None, True)
    assert [r.tipo for r in goods.referencias] == ["SET", "807", "809"]
    assert [(r.tipo, r.folio) for r in hotel.referencias[1:]] == [("813", "PASAPORTE")]
    assert hotel.exportacion is not None
    assert hotel.exportacion.aduana is None
    assert hotel.receptor.nacionalidad == 406
    assert service_.receptor.razon_social != goods.receptor.razon_social


def test_a_note_that_cancels_an_export_repeats_its_surcharges() -> None:
    (test_set,) = read_sets(sample("009-set_exportacion_1.txt"))
    invoice, returned, _ = test_set.cases
    cancels = replace(returned, items=(), codigo="1", razon="ANULA FACTURA")
    _, resolved = resolve(replace(test_set, cases=(invoice, cancels)))
    assert resolved.exportacion is not None
    assert invoice.exportacion is not None
    assert resolved.exportacion.recargos == invoice.exportacion.recargos != ()


def test_a_note_on_a_line_the_document_has_not_is_refused() -> None:
    content = sample("001-basico.txt")
    place = content.index(b"109")
    start = content.rindex(b"ITEM 2", 0, place)
    (test_set,) = read_sets(content[:start] + b"ITEM 9" + content[start + 6 :])
    with pytest.raises(SetRefused, match="ITEM 9"):
        resolve(test_set)


def test_a_sale_without_price_is_refused() -> None:
    (test_set,) = read_sets(texts.GUIAS.replace(b"\tPRECIO UNITARIO", b"", 1).replace(b"\t\t 2500", b"").replace(
        b"\t\t 1489", b""
    ))  # fmt: skip
    with pytest.raises(SetRefused, match="le falta cantidad o precio"):
        resolve(test_set)

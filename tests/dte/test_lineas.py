"""Kinds of line (IndExe), surcharges of a line, discounts per class, and notes that correct text."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from tests import judges
from tests.fiscal_material import TODAY, documento, issue, line
from torn_app.dte.documento import DescuentoGlobal, Documento, IndicadorLinea, Movimiento, Referencia
from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import totals_of
from torn_app.dte.xml import DteFirmado
from torn_app.kernel.money import Pesos

T = TipoDte
NF, DEPOSIT, NO_SALE, LESS, NF_LESS = IndicadorLinea
GUIDE = Referencia(tipo="52", folio="4", fecha=TODAY)
TEXT = Referencia(tipo="33", folio="1", fecha=TODAY, codigo="2", razon="Corrige giro")


def valid(document: Documento) -> DteFirmado:
    signed = issue(document)
    judges.xsd_validate(signed.xml, "boleta" if document.tipo.es_boleta else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    return signed


def values(xml: bytes, name: str) -> list[str]:
    return re.findall(f"<{name}>([^<]*)</{name}>", xml.decode("latin-1"))


@pytest.mark.parametrize("tipo", [T.FACTURA, T.FACTURA_EXENTA, T.BOLETA, T.BOLETA_EXENTA, T.FACTURA_COMPRA])
def test_non_billable_lines_stay_out_of_the_total(tipo: TipoDte) -> None:
    lines = (line(precio="1000"), line("Cuota", "700", indicador=NF), line("Abono", "200", indicador=NF_LESS))
    signed = valid(documento(tipo, *lines))
    t = signed.totales
    assert t.monto_total == totals_of(tipo, lines[:1]).monto_total
    assert (t.monto_no_facturable, t.monto_periodo) == (500, t.monto_total + 500)
    read = read_dte(signed.xml)
    assert (read.totales.monto_no_facturable, read.totales.monto_periodo) == (500, t.monto_total + 500)
    assert [row.indicador_exencion for row in read.lineas] == [None, 2, 6]
    assert values(signed.xml, "TotalPeriodo" if tipo.es_boleta else "MontoPeriodo") == [str(t.monto_periodo)]


def test_a_negative_non_billable_sum_lowers_the_period() -> None:
    totales = totals_of(T.FACTURA, [line(precio="1000"), line(precio="300", indicador=NF_LESS)])
    assert (totales.monto_total, totales.monto_no_facturable, totales.monto_periodo) == (1190, -300, 890)
    assert totals_of(T.FACTURA, [line()]).monto_periodo is None


def test_a_deposit_is_in_the_total_without_vat() -> None:
    signed = valid(documento(T.FACTURA, line(precio="1000"), line("Envase", "500", "2", indicador=DEPOSIT)))
    assert (signed.totales.monto_neto, signed.totales.monto_total) == (1000, 2190)
    assert read_dte(signed.xml).totales.garantia_deposito == 1000


def test_lines_that_are_no_sale_have_no_amount() -> None:
    signed = valid(documento(T.GUIA_DESPACHO, line(), line("Jaula", "900", indicador=NO_SALE), indicador_traslado=1))
    assert [row.monto_item for row in signed.totales.lineas] == [1190, 0]
    less = documento(T.GUIA_DESPACHO, line(precio="9", indicador=LESS), indicador_traslado=2, referencias=[GUIDE])
    assert valid(less).totales.monto_total == 0


def test_a_guide_without_values_writes_no_net() -> None:
    xml = valid(documento(T.GUIA_DESPACHO, line(precio="0", cantidad="3"), indicador_traslado=5)).xml
    assert (values(xml, "MntTotal"), values(xml, "MntNeto"), values(xml, "QtyItem")) == (["0"], [], ["3"])


def test_a_guide_of_nothing_but_a_tax_on_its_margin_shows_it() -> None:
    paper = line("Diario", "0", codigos_impuesto=(14,), margen=Pesos(1000))
    xml = valid(documento(T.GUIA_DESPACHO, paper, indicador_traslado=1)).xml
    assert (values(xml, "MntNeto"), values(xml, "MontoImp"), values(xml, "MntTotal")) == (["0"], ["190"], ["190"])


def test_surcharges_of_a_line() -> None:
    lines = (
        line(precio="1000", cantidad="3", recargo_pct=Decimal("12.5")),
        line(precio="1000", recargo_monto=Pesos(77), descuento_pct=Decimal(10)),
        line(precio="0.4", recargo_pct=Decimal(1)),
    )
    signed = valid(documento(T.FACTURA, *lines))
    assert [row.monto_item for row in signed.totales.lineas] == [3375, 977, 0]
    # A percentage never stands without its amount; nor an amount of nothing.
    assert (values(signed.xml, "RecargoPct"), values(signed.xml, "RecargoMonto")) == (["12.5"], ["375", "77"])
    read = read_dte(signed.xml).lineas
    assert [(row.recargo_pct, row.recargo_monto) for row in read] == [(Decimal("12.5"), 375), (None, 77), (None, 0)]


def test_a_discount_per_class_of_line() -> None:
    lines = (line(precio="1000"), line(precio="500", exento=True), line(precio="300", indicador=NF))
    ten = Decimal(10)
    rows = (
        DescuentoGlobal(pct=ten),
        DescuentoGlobal(pct=ten, sobre_exento=True),
        DescuentoGlobal(pct=ten, sobre_no_facturable=True),
        DescuentoGlobal(monto=Pesos(7), sobre_no_facturable=True, movimiento=Movimiento.RECARGO),
    )
    signed = valid(documento(T.FACTURA, *lines, descuentos=rows))
    t = signed.totales
    assert (t.monto_neto, t.monto_exento, t.monto_no_facturable, t.monto_total) == (900, 450, 277, 1521)
    assert [row.monto for row in t.descuentos] == [100, 50, 30, 7]
    assert values(signed.xml, "IndExeDR") == ["1", "2", "2"]


def test_a_text_correction_is_one_line_of_nothing() -> None:
    signed = valid(documento(T.NOTA_CREDITO, line("Donde dice a debe decir b", "0"), referencias=[TEXT]))
    assert signed.totales.monto_total == 0
    xml = signed.xml
    assert (values(xml, "MntNeto"), values(xml, "IVA"), values(xml, "MontoItem")) == (["0"], ["0"], ["0"])
    assert values(xml, "QtyItem") == values(xml, "PrcItem") == []


REFUSED: list[tuple[Callable[[], object], str, str]] = [
    (lambda: line(recargo_pct=Decimal(1), recargo_monto=Pesos(1)), "recargo_monto", "no en ambos"),
    (lambda: line(recargo_pct=Decimal(1000)), "recargo_pct", "999"),
    (lambda: line(recargo_pct=Decimal("0.001")), "recargo_pct", "dos decimales"),
    (lambda: line(recargo_monto=Pesos(-1)), "recargo_monto", "negativo"),
    (lambda: line(exento=True, indicador=NF), "indicador", "no ambos"),
    (lambda: line(indicador=NO_SALE, descuento_pct=Decimal(5)), "indicador", "no suma"),
    (lambda: documento(T.BOLETA, line(recargo_pct=Decimal(101))), "recargo_pct", "boleta"),
    (lambda: documento(T.BOLETA, line(), line(indicador=DEPOSIT)), "indicador", "envases"),
    (lambda: documento(T.BOLETA, line(), line(indicador=NO_SALE)), "indicador", "facturas y en guías"),
    (
        lambda: documento(T.GUIA_DESPACHO, line(indicador=NO_SALE), indicador_traslado=5),
        "indicador",
        "guías de venta",
    ),
    (lambda: documento(T.FACTURA, line(), line(indicador=LESS)), "indicador", "no son venta"),
    (lambda: documento(T.GUIA_DESPACHO, line(indicador=LESS), indicador_traslado=1), "indicador", "no son venta"),
    (lambda: documento(T.GUIA_DESPACHO, line(indicador=LESS), indicador_traslado=2), "referencias", "se refiere"),
    (lambda: documento(T.FACTURA, line(indicador=NF)), "detalles", "factura exenta"),
    (lambda: documento(T.NOTA_CREDITO, line(), referencias=[TEXT]), "detalles", "sin precio"),
    (lambda: documento(T.NOTA_CREDITO, *[line(precio="0")] * 2, referencias=[TEXT]), "detalles", "una sola línea"),
    (
        lambda: DescuentoGlobal(pct=Decimal(1), sobre_exento=True, sobre_no_facturable=True),
        "descuentos",
        "una sola clase",
    ),
    (
        lambda: totals_of(T.FACTURA, [line()], [DescuentoGlobal(monto=Pesos(1), sobre_no_facturable=True)]),
        "descuentos",
        "no facturable",
    ),
]


@pytest.mark.parametrize(("build", "campo", "text"), REFUSED, ids=[f"{row[1]}-{row[2]}" for row in REFUSED])
def test_refused(build: Callable[[], object], campo: str, text: str) -> None:
    with pytest.raises(DocumentoInvalido, match=text) as caught:
        build()
    assert caught.value.campo == campo

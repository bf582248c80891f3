"""Totals: tables computed by hand, cases of others, and properties of random baskets."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fiscal_material import documento, line
from torn_app.dte.documento import DescuentoGlobal, Detalle, Movimiento
from torn_app.dte.errores import MontoInvalido
from torn_app.dte.tipos import EMITIBLES, TipoDte
from torn_app.dte.totales import Totales, add_vat, compute_totals, remove_vat, totals_of
from torn_app.kernel.money import Pesos

CASES = json.loads((Path(__file__).parents[1] / "data" / "cases.json").read_text("utf-8"))
T = TipoDte


def as_detalle(row: dict[str, Any], tipo: TipoDte) -> Detalle:
    price = Decimal(row.get("precio") or row["precio_neto"])
    if "precio_neto" in row and tipo.precios_brutos and not row.get("exento") and not tipo.es_exento:
        price = add_vat(price)
    return Detalle(
        nombre="Cosa",
        cantidad=Decimal(row["cantidad"]),
        precio=price,
        exento=row.get("exento", False),
        descuento_pct=Decimal(row["descuento_pct"]) if "descuento_pct" in row else None,
        descuento_monto=row.get("descuento_monto"),
    )


def as_descuento(row: dict[str, Any]) -> DescuentoGlobal:
    return DescuentoGlobal(
        pct=Decimal(row["pct"]) if "pct" in row else None,
        monto=row.get("monto"),
        sobre_exento=row.get("sobre_exento", False),
        movimiento=Movimiento(row.get("movimiento", "D")),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_computed_by_hand(case: dict[str, Any]) -> None:
    tipo = TipoDte(case["tipo"])
    totales = totals_of(
        tipo,
        [as_detalle(row, tipo) for row in case["lineas"]],
        [as_descuento(row) for row in case.get("descuentos", [])],
        montos_brutos=case.get("montos_brutos", False),
    )
    found = {
        "monto_neto": totales.monto_neto,
        "monto_exento": totales.monto_exento,
        "iva": totales.iva,
        "monto_total": totales.monto_total,
        "items": [row.monto_item for row in totales.lineas],
        "descuentos": [row.monto for row in totales.descuentos],
    }
    assert found == {"descuentos": [], **case["esperado"]}


def test_discounts_larger_than_what_they_apply_to_are_refused() -> None:
    with pytest.raises(MontoInvalido, match="mayor que su monto"):
        totals_of(T.BOLETA, [line(descuento_monto=Pesos(1191))])
    with pytest.raises(MontoInvalido, match="mayor que el monto"):
        totals_of(T.BOLETA, [line()], [DescuentoGlobal(monto=Pesos(1191))])
    with pytest.raises(MontoInvalido, match="mayor que el monto"):
        totals_of(T.BOLETA, [line(), line(exento=True)], [DescuentoGlobal(monto=Pesos(1191), sobre_exento=True)])
    assert totals_of(T.BOLETA, [line()], [DescuentoGlobal(monto=Pesos(1190))]).monto_total == 0


def test_an_exempt_invoice_of_nothing_is_refused() -> None:
    with pytest.raises(MontoInvalido, match="mayor que cero"):
        compute_totals(documento(T.FACTURA_EXENTA, line(precio="0")))


def test_a_total_beyond_reason_is_refused() -> None:
    with pytest.raises(MontoInvalido, match="fuera de rango"):
        totals_of(T.BOLETA, [line(precio="999999999999", cantidad="999999999999")])


@given(st.integers(min_value=0, max_value=10**9))
def test_a_price_with_vat_comes_back(gross: int) -> None:
    assert add_vat(remove_vat(Decimal(gross))) == gross


quantities = st.decimals(min_value="0.000001", max_value=9999, places=6)
prices = st.decimals(min_value=0, max_value=999_999, places=6)
percents = st.none() | st.decimals(min_value=0, max_value=100, places=2)
lines = st.builds(
    Detalle, nombre=st.just("Cosa"), cantidad=quantities, precio=prices, exento=st.booleans(), descuento_pct=percents
)
baskets = st.lists(lines, min_size=1, max_size=12)
global_percents = st.lists(
    st.builds(DescuentoGlobal, pct=st.decimals(min_value="0.01", max_value=50, places=2), sobre_exento=st.booleans()),
    max_size=2,
)


def check_sums(totales: Totales) -> None:
    assert totales.monto_total == totales.monto_neto + totales.iva + totales.monto_exento
    assert min(totales.monto_neto, totales.iva, totales.monto_exento) >= 0
    for row in totales.lineas:
        assert row.monto_item == row.subtotal - row.descuento_monto


def after_discounts(totales: Totales, *, exento: bool) -> int:
    items = sum(row.monto_item for row in totales.lineas if row.exento is exento)
    return items - sum(row.monto for row in totales.descuentos if row.exento is exento)


@given(baskets, global_percents)
def test_boletas_add_up(detalles: list[Detalle], descuentos: list[DescuentoGlobal]) -> None:
    totales = totals_of(T.BOLETA, detalles, descuentos)
    check_sums(totales)
    affected = after_discounts(totales, exento=False)
    assert totales.monto_neto + totales.iva == affected
    assert totales.monto_exento == after_discounts(totales, exento=True)
    assert abs(100 * affected - 119 * totales.monto_neto) * 2 <= 119  # at most half a peso off


@given(baskets, global_percents)
def test_invoices_add_up(detalles: list[Detalle], descuentos: list[DescuentoGlobal]) -> None:
    totales = totals_of(T.NOTA_CREDITO, detalles, descuentos)
    check_sums(totales)
    assert totales.monto_neto == after_discounts(totales, exento=False)
    assert -50 < 100 * totales.iva - 19 * totales.monto_neto <= 50  # half up
    assert totales.monto_exento == after_discounts(totales, exento=True)


@given(baskets, global_percents)
def test_exempt_types_have_no_vat(detalles: list[Detalle], descuentos: list[DescuentoGlobal]) -> None:
    totales = totals_of(T.BOLETA_EXENTA, detalles, descuentos)
    check_sums(totales)
    assert totales.monto_neto == totales.iva == 0


@given(baskets)
def test_a_credit_note_with_gross_amounts_repeats_its_boleta(detalles: list[Detalle]) -> None:
    boleta = totals_of(T.BOLETA, detalles)
    note = totals_of(T.NOTA_CREDITO, detalles, montos_brutos=True)
    assert (note.monto_neto, note.iva, note.monto_total) == (boleta.monto_neto, boleta.iva, boleta.monto_total)


HALVES = [
    # 0.5 x 101 = 50.5 is 51, 2.5 x 333 = 832.5 is 833, 0.5 x 1 = 0.5 is 1.
    (("101", "0.5"), 51),
    (("333", "2.5"), 833),
    (("1", "0.5"), 1),
    (("0.000001", "500000"), 1),
]


@pytest.mark.parametrize("tipo", sorted(tipo for tipo in EMITIBLES if not tipo.es_exportacion))
@pytest.mark.parametrize(("item", "amount"), HALVES)
def test_a_half_goes_up_on_every_type(tipo: TipoDte, item: tuple[str, str], amount: int) -> None:
    price, quantity = item
    totales = totals_of(tipo, [line("Cosa", price, quantity)])
    assert totales.lineas[0].monto_item == amount
    # 5 % of 10 is 0.5: a discount of 1.
    assert totals_of(tipo, [line("Cosa", "10", descuento_pct=Decimal(5))]).lineas[0].monto_item == 9
    assert totals_of(tipo, [line("Cosa", "10", recargo_pct=Decimal(5))]).lineas[0].monto_item == 11
    if not tipo.es_exento and not tipo.precios_brutos:
        # 19 % of 1350 is 256.5 and of 50 is 9.5.
        assert totals_of(tipo, [line("Cosa", "1350")]).iva == 257
        assert totals_of(tipo, [line("Cosa", "50")]).iva == 10

"""Totals: tables computed by hand, cases of others, and properties of random baskets."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fiscal_material import documento, line
from tests.shared_material import find_shared, shared_path
from torn_app.dte.documento import DescuentoGlobal, Detalle, Movimiento
from torn_app.dte.errores import MontoInvalido
from torn_app.dte.tipos import TipoDte
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


def sample_names() -> list[str]:
    folder = find_shared("sii", "samples", "cases")
    names = [f"{path.parent.name}/{path.name}" for path in sorted(folder.glob("*/*.json"))] if folder else []
    return names or ["absent/absent.json"]


@pytest.mark.parametrize("name", sample_names())
def test_cases_of_others(name: str) -> None:
    folder = shared_path("sii", "samples", "cases")
    if name.split("/")[0] in ("110", "111", "112"):
        pytest.skip("Torn does not issue this type")
    data = json.loads((folder / name).read_text("utf-8"))
    expected = json.loads((folder / "montos_esperados.json").read_text("utf-8"))[Path(name).stem]
    tipo = TipoDte(data["Encabezado"]["IdDoc"]["TipoDTE"])
    rows = data["Detalle"] if isinstance(data["Detalle"], list) else [data["Detalle"]]
    detalles = [
        line(
            row["NmbItem"],
            str(row["PrcItem"]),
            str(row["QtyItem"]),
            exento=row.get("IndExe") == 1,
            descuento_pct=Decimal(row["DescuentoPct"]) if "DescuentoPct" in row else None,
            codigos_impuesto=(row["CodImpAdic"],) if "CodImpAdic" in row else (),
        )
        for row in rows
    ]
    descuentos = [DescuentoGlobal(pct=Decimal(data["DscRcgGlobal"]["ValorDR"]))] if "DscRcgGlobal" in data else []
    totales = totals_of(tipo, detalles, descuentos)

    names = {"MntNeto": "monto_neto", "MntExe": "monto_exento", "IVA": "iva", "MntTotal": "monto_total"}
    assert {key: getattr(totales, names[key]) for key in expected} == expected


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

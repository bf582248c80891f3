"""What the notes of a sale with additional taxes come to: the sale, to the peso, with its taxes, whatever the steps."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torn_app.dte.documento import Detalle
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, totals_of
from torn_app.sales.return_rules import Sold, SoldLine
from torn_app.sales.return_taxes import is_taxed, taxed_note_parts
from torn_app.sales.rules import document_price

D = Decimal
TODAY = date(2026, 5, 20)
OLD = date(2014, 9, 30)
"""The last day of 27 % on spirits, 15 % on wines and beers, 13 % on soft drinks (Ley 20.780)."""
DRINK, WINE, SPIRIT = 27, 25, 24


def sell(tipo: TipoDte, *rows: tuple[str, str, int | None, str], on: date = TODAY) -> tuple[Sold, Totales]:
    """Sell as the till does. A row is net price, quantity, code (None plain, 0 exempt) and percent off."""
    gross = tipo.precios_brutos
    detalles = []
    for number, (net, quantity, code, pct) in enumerate(rows, 1):
        codes = (code,) if code else ()
        price = document_price(D(net), gross=gross, exempt=code == 0, codes=codes, on=on)
        detalles.append(
            Detalle(
                nombre=f"Producto {number}",
                cantidad=D(quantity),
                precio=price,
                exento=code == 0,
                codigos_impuesto=codes,
                descuento_pct=D(pct) or None,
            )
        )
    totales = totals_of(tipo, detalles, fecha=on)
    lines = [
        SoldLine(
            id=row.numero,
            product_id=row.numero,
            nombre=row.detalle.nombre,
            cantidad=row.detalle.cantidad,
            precio_neto=D(rows[row.numero - 1][0]),
            exento=row.exento,
            descuento=row.descuento_monto,
            monto=row.monto_item,
            codigos=row.detalle.codigos_impuesto,
        )
        for row in totales.lineas
    ]
    affected = totales.monto_neto + totales.iva + totales.otros_impuestos if gross else totales.monto_neto
    return Sold(lines, gross, affected, totales.monto_exento), totales


def note(sold: Sold, before: dict, taking: dict, *, on: date = TODAY) -> Totales:
    parts = taxed_note_parts(sold, before, taking, sold_on=on, today=TODAY)
    assert not parts.montos_brutos
    return totals_of(TipoDte.NOTA_CREDITO, [d for _, d in parts.detalles], parts.descuentos, fecha=TODAY)


def taxes(totales: Totales) -> dict[int, int]:
    return {row.impuesto.codigo: row.monto for row in totales.impuestos}


def test_a_whole_boleta_comes_back_with_its_taxes() -> None:
    # Two drinks at 1.290 and a wine at 1.395: net 3.000, VAT 570, taxes 200 and 205.
    sold, sale = sell(TipoDte.BOLETA, ("1000", "2", DRINK, "0"), ("1000", "1", WINE, "0"))
    assert is_taxed(sold)
    back = note(sold, {}, {1: D(2), 2: D(1)})
    assert (back.monto_neto, back.iva, back.monto_total) == (3000, 570, 3975)
    assert taxes(back) == taxes(sale) == {DRINK: 200, WINE: 205}
    assert [row.monto_item for row in back.lineas] == [2000, 1000]
    assert not back.descuentos


def test_the_peso_no_net_amount_gives_is_exempt() -> None:
    """A drink at $7: net 5,43 is 5, VAT 0,95 is 1, tax 0,5 is 1, together 7. At $4: net 3 gives 3 + 1 + 0 = 4. At $5:
    net 4 gives 4 + 1 + 0. At $6: net 5 gives 7 and net 4 gives 5, so a peso is missing."""
    for price, net, exempt in ((7, 5, 0), (4, 3, 0), (5, 4, 0), (6, 4, 1)):
        sold, sale = sell(TipoDte.BOLETA, (str(D(price) / D("1.29")), "1", DRINK, "0"))
        assert sale.monto_total == price
        back = note(sold, {}, {1: D(1)})
        assert (back.monto_neto, back.monto_exento, back.monto_total) == (net, exempt, price)


def test_an_invoice_of_several_taxes_in_parts() -> None:
    rows = (("333.33", "3", DRINK, "10"), ("5734.77", "2", WINE, "0"), ("990", "1", None, "0"), ("500", "2", 0, "5"))
    sold, sale = sell(TipoDte.FACTURA, *rows)
    before: dict[int, Decimal] = {}
    notes = []
    for taking in ({1: D(1), 4: D(1)}, {1: D(1), 2: D(1), 3: D(1)}, {1: D(1), 2: D(1), 4: D(1)}):
        notes.append(note(sold, before, taking))
        before = {key: before.get(key, D(0)) + taking.get(key, D(0)) for key in range(1, 5)}
    assert sum(n.monto_total for n in notes) == sale.monto_total
    together = {code: sum(taxes(n).get(code, 0) for n in notes) for code in (DRINK, WINE)}
    # Each note rounds by itself.
    assert all(abs(together[code] - taxes(sale)[code]) <= 2 for code in together)
    assert abs(sum(n.monto_neto for n in notes) - sale.monto_neto) <= 3
    assert abs(sum(n.iva for n in notes) - sale.iva) <= 3


def test_a_rate_that_changed_since_the_sale_does_not_change_what_is_given_back() -> None:
    for tipo in (TipoDte.BOLETA, TipoDte.FACTURA):
        sold, sale = sell(tipo, ("99990", "3", SPIRIT, "0"), ("1000", "1", DRINK, "0"), on=OLD)
        first = note(sold, {}, {1: D(1)}, on=OLD)
        rest = note(sold, {1: D(1)}, {1: D(2), 2: D(1)}, on=OLD)
        assert first.monto_total + rest.monto_total == sale.monto_total


rows = st.tuples(
    st.decimals(0, 90_000, places=6).map(str),
    st.one_of(st.integers(1, 12).map(str), st.decimals("0.001", 3, places=3).map(str)),
    st.sampled_from([None, 0, DRINK, WINE, SPIRIT, 45]),
    st.sampled_from(["0", "0", "10", "33.33", "100"]),
)


@given(
    st.sampled_from([TipoDte.BOLETA, TipoDte.FACTURA]),
    st.lists(rows, min_size=1, max_size=4),
    st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=0, max_size=3),
)
def test_the_notes_of_a_sale_add_up_to_it(tipo: TipoDte, basket: list, steps: list[list[int]]) -> None:
    sold, sale = sell(tipo, *basket)
    left = {line.id: line.cantidad for line in sold.lines}
    before: dict[int, Decimal] = {}
    total = 0
    parts = [{key: left[key] * quarter / 8 for key, quarter in zip(left, step, strict=False)} for step in steps]
    for planned in [*parts, left]:
        taking = {}
        for line in sold.lines:
            wanted = planned[line.id].quantize(D("0.000001")) if planned is not left else line.cantidad
            wanted = min(wanted, line.cantidad - before.get(line.id, D(0)))
            if wanted > 0:
                taking[line.id] = wanted
        if not taking:
            continue
        back = note(sold, before, taking)
        assert back.monto_total == back.monto_neto + back.monto_exento + back.iva + back.otros_impuestos
        total += back.monto_total
        before = {key: before.get(key, D(0)) + taking.get(key, D(0)) for key in left}
    assert total == sale.monto_total


@given(st.lists(rows, min_size=1, max_size=4))
def test_an_invoice_that_comes_back_whole_is_the_invoice(basket: list) -> None:
    sold, sale = sell(TipoDte.FACTURA, *basket)
    back = note(sold, {}, {line.id: line.cantidad for line in sold.lines})
    assert (back.monto_neto, back.iva, back.monto_exento) == (sale.monto_neto, sale.iva, sale.monto_exento)
    assert taxes(back) == taxes(sale)


@pytest.mark.parametrize("price", range(1, 400))
def test_every_small_boleta_comes_back_with_net_and_tax_of_its_own(price: int) -> None:
    sold, sale = sell(TipoDte.BOLETA, (str(D(price) / D("1.29")), "1", DRINK, "0"))
    back = note(sold, {}, {1: D(1)})
    assert back.monto_total == sale.monto_total == price
    assert abs(back.monto_neto - sale.monto_neto) <= 1
    assert abs(back.iva - sale.iva) <= 1
    assert back.monto_exento <= 2

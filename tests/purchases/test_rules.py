"""Totals of a purchase and the average cost, by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torn_app.kernel.money import Pesos
from torn_app.purchases import rules

D = Decimal
VAT = D("0.19")


@pytest.mark.parametrize(
    ("tipo", "expected"),
    [("FACTURA", (1500, 190, 1690)), ("BOLETA", (1500, 0, 1500)), ("SIN_DOCUMENTO", (1500, 0, 1500))],
)
def test_only_an_invoice_states_vat_and_only_on_what_is_affected(tipo, expected):
    lines = [(Pesos(1000), False), (Pesos(500), True)]
    assert rules.totals(lines, tipo, VAT) == expected


def test_a_line_is_rounded_to_whole_pesos():
    assert rules.line_amount(D("2.5"), D("0.6")) == 2
    assert rules.line_amount(D("0.5"), D(333)) == 167


def test_the_average_of_what_is_there_and_what_comes():
    assert rules.average_cost(D(10), D(100), D(30), D(6000)) == D(175)
    assert rules.average_cost(D(3), D(100), D(3), D(301)) == D("100.166667")


@pytest.mark.parametrize("stock", [D(0), D(-4)])
def test_an_empty_shelf_takes_the_cost_of_what_comes(stock):
    assert rules.average_cost(stock, D(999), D(4), D(400)) == D(100)


def test_taking_back_keeps_the_value_of_the_rest():
    assert rules.cost_without(D(40), D(175), D(30), D(6000)) == D(100)
    assert rules.cost_without(D(30), D(175), D(30), D(6000)) == D(175)
    assert rules.cost_without(D(31), D(1), D(30), D(6000)) == D(1)


amounts = st.decimals(min_value=1, max_value=10_000, places=2)


@given(stock=amounts, cost=amounts, quantity=amounts, unit=amounts)
def test_an_average_lies_between_and_goes_back(stock, cost, quantity, unit):
    after = rules.average_cost(stock, cost, quantity, quantity * unit)
    tiny = D("0.000001")
    assert min(cost, unit) - tiny <= after <= max(cost, unit) + tiny
    back = rules.cost_without(stock + quantity, after, quantity, quantity * unit)
    assert abs(back - cost) <= tiny * (stock + quantity) / stock + tiny

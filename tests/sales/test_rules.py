"""Payments, change, rounding, discounts: tables computed by hand."""

from decimal import Decimal

import pytest

from torn_app.kernel.money import Pesos
from torn_app.sales.errors import DiscountTooHigh, PaymentsExceed, PaymentsShort
from torn_app.sales.rules import (
    Payment,
    check_discount,
    document_price,
    documented_total,
    settle,
    suggested_notes,
)


def cash(amount: str) -> Payment:
    return Payment(Decimal(amount), is_cash=True)


def card(amount: str) -> Payment:
    return Payment(Decimal(amount), is_cash=False)


@pytest.mark.parametrize(
    ("total", "payments", "adjustment", "change"),
    [
        (1190, [cash("1190")], 0, 0),
        (1195, [cash("1190")], -5, 0),  # a final 5 goes down
        (1195, [cash("1195")], -5, 5),
        (1196, [cash("1200")], 4, 0),
        (1196, [cash("1196")], 0, 0),  # exact amount: rounding is not forced
        (1191, [cash("2000")], -1, 810),
        (17987, [cash("20000")], 3, 2010),
        (1196, [card("1196")], 0, 0),  # cards are never rounded
        (10000, [card("4003"), cash("6000")], 3, 0),  # 5.997 owed in cash, paid 6.000
        (10000, [card("4003"), cash("10000")], 3, 4000),
        (10000, [card("4007"), cash("5990")], -3, 0),
        (10000, [card("10000"), cash("5000")], 0, 5000),  # cash that was not needed comes back
    ],
)
def test_settlement(total: int, payments: list[Payment], adjustment: int, change: int) -> None:
    result = settle(Pesos(total), Decimal(total), payments)
    assert (result.ajuste_redondeo, result.vuelto) == (adjustment, change)
    paid = sum(p.amount for p in payments)
    assert total + result.ajuste_redondeo == paid - result.vuelto


@pytest.mark.parametrize(
    ("total", "payments"),
    [
        (1190, [cash("1180")]),
        (1196, [card("1195")]),
        (1196, [cash("1190")]),
        (1, []),
        (5000, [card("3000"), cash("1990")]),
    ],
)
def test_payments_that_do_not_cover_are_refused(total: int, payments: list[Payment]) -> None:
    with pytest.raises(PaymentsShort):
        settle(Pesos(total), Decimal(total), payments)


def test_the_refusal_has_the_documented_words() -> None:
    with pytest.raises(PaymentsShort, match=r"Monto de pagos \(1000.5\) inferior al total de la venta \(1190\)"):
        settle(Pesos(1190), Decimal(1190), [card("1000.5")])


def test_a_card_gives_no_change() -> None:
    with pytest.raises(PaymentsExceed):
        settle(Pesos(1190), Decimal(1190), [card("1200")])


def test_a_client_of_the_documented_formula_is_not_refused() -> None:
    # 3 x 33,33 net: the formula says 118,9881 with VAT, the document 119.
    documented = documented_total([(Decimal("33.33"), Decimal(3), Decimal("1.19"))])
    assert documented == Decimal("118.9881")
    assert settle(Pesos(119), documented, [card("118.9881")]).ajuste_redondeo == 0
    # Many half pesos: the document says 1.000, the formula 998,4.
    assert settle(Pesos(1000), Decimal("998.4"), [card("998.4")]).ajuste_redondeo == -2
    # And the other way round.
    assert settle(Pesos(998), Decimal("999.6"), [card("999.6")]).ajuste_redondeo == 2
    # A drink at 13 net and exempt bread at 7: 13 x 1,29 + 7.
    lines = [(Decimal(13), Decimal(1), Decimal("1.29")), (Decimal(7), Decimal(1), Decimal(1))]
    assert documented_total(lines) == Decimal("23.77")


@pytest.mark.parametrize(
    ("net", "gross", "exempt", "price"),
    [
        ("13", True, False, "15.47"),
        ("13", False, False, "13"),
        ("13", True, True, "13"),
        ("831.932773", True, False, "990.000000"),  # a price typed as $990 with VAT comes back exactly
    ],
)
def test_document_price(net: str, gross: bool, exempt: bool, price: str) -> None:
    assert document_price(Decimal(net), gross=gross, exempt=exempt) == Decimal(price)


def test_discount_cap() -> None:
    check_discount(Decimal(1000), Decimal(900), cap_pct=10, is_admin=False)
    with pytest.raises(DiscountTooHigh, match=r"10.1 %.*10 %"):
        check_discount(Decimal(1000), Decimal(899), cap_pct=10, is_admin=False)
    check_discount(Decimal(1000), Decimal(0), cap_pct=10, is_admin=True)


def test_suggested_notes() -> None:
    assert suggested_notes(17990) == [18000, 20000]
    assert suggested_notes(12300) == [13000, 14000, 15000, 20000]

"""Prices with VAT, names and codes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torn_app.products import rules

IVA = Decimal("0.19")


@pytest.mark.parametrize(
    ("net", "rate", "gross"),
    [
        ("1000", "0.19", 1190),
        ("1000", "0", 1000),
        ("831.932773", "0.19", 990),
        ("50", "0.19", 60),  # 59.5 goes up
        ("13", "0.19", 15),  # 15.47 goes down
        ("0", "0.19", 0),
        ("0.420168", "0.19", 0),  # 0.49999992
    ],
)
def test_gross_price_is_whole_pesos_half_up(net, rate, gross):
    assert rules.gross_price(Decimal(net), Decimal(rate)) == gross


@given(gross=st.integers(0, 100_000_000), rate=st.sampled_from([Decimal(0), IVA]))
def test_a_price_typed_with_vat_comes_back_exactly(gross, rate):
    assert rules.gross_price(rules.net_price(Decimal(gross), rate), rate) == gross


@pytest.mark.parametrize(
    ("parent", "own", "expected"),
    [
        (None, "Polera", "Polera"),
        ("Polera", "Roja M", "Polera Roja M"),
        ("Polera", "Polera Roja M", "Polera Roja M"),
        ("Polera", "polera azul", "polera azul"),
    ],
)
def test_full_name(parent, own, expected):
    assert rules.full_name(parent, own) == expected


@pytest.mark.parametrize(
    ("product_id", "code"), [(1, "2000000000015"), (2, "2000000000022"), (123456789, "2001234567893")]
)
def test_own_bar_code(product_id, code):
    assert rules.own_ean13(product_id) == code


@given(st.integers(1, 999_999_999))
def test_own_bar_codes_pass_the_check_of_ean13(product_id):
    digits = [int(c) for c in rules.own_ean13(product_id)]
    assert len(digits) == 13
    assert (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def test_codes_count_up():
    assert [rules.next_code(n) for n in (0, 41, 99_999)] == ["PROD-00001", "PROD-00042", "PROD-100000"]

"""What people read: amounts, quantities, moments."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from torn_app.ui import format as f


@pytest.mark.parametrize(("amount", "text"), [(0, "$0"), (3, "+$3"), (-500, "−$500"), (1234567, "+$1.234.567")])
def test_a_difference_always_shows_its_sign(amount: int, text: str) -> None:
    assert f.signed_pesos(amount) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("3.000000", "", "3"),
        ("0.651000", "kg", "0,651\u00a0kg"),
        ("1250.5", "", "1.250,5"),
        ("100", "", "100"),
    ],
)
def test_a_quantity_has_no_idle_zeros(value: str, unit: str, text: str) -> None:
    assert f.quantity(Decimal(value), unit) == text


@pytest.mark.parametrize(("typed", "pesos"), [("$12.990", 12990), ("", 0), ("12990", 12990), ("abc", 0), ("٣", 0)])
def test_an_amount_is_read_as_typed(typed: str, pesos: int) -> None:
    assert f.parse_pesos(typed) == pesos


def test_moments_are_those_of_chile() -> None:
    at = datetime(2026, 11, 20, 17, 5, tzinfo=UTC)
    assert f.moment(at) == "20-11-2026 14:05"
    assert f.time_of_day(datetime(2026, 7, 1, 3, 30, tzinfo=UTC)) == "23:30"
    assert f.day(date(2026, 11, 2)) == "02-11-2026"


@pytest.mark.parametrize(
    ("name", "mark"), [("Rosa Soto", "RS"), ("ana maría del río", "AR"), ("x@y.cl", "X"), ("", "")]
)
def test_initials(name: str, mark: str) -> None:
    assert f.initials(name) == mark

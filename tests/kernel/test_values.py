"""Pesos, RUT, Chilean days, search text: tables and properties."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torn_app.kernel import clock
from torn_app.kernel.money import Pesos, format_pesos, round_cash, round_pesos, share_out
from torn_app.kernel.rut import RutInvalido, check_digit, compact_rut, format_rut, normalize_rut
from torn_app.kernel.text import clean, fold, like_pattern


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("256.5", 257), ("256.4999", 256), ("-256.5", -257), ("0.5", 1), ("1350.4", 1350), ("0", 0)],
)
def test_half_goes_up(amount: str, rounded: int) -> None:
    assert round_pesos(Decimal(amount)) == rounded


def test_cash_rounding_of_every_final_digit() -> None:
    """Ley 20.956 and Banco Central: 1 to 5 down, 6 to 9 up."""
    assert [round_cash(Pesos(1190 + digit)) for digit in range(10)] == [1190] * 6 + [1200] * 4
    assert round_cash(Pesos(5)) == 0


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [1, 1, 2], [25, 25, 50]),
        (10, [0, 7, 0], [0, 10, 0]),
        # 1.000 of 990 + 1.290 + 500: 356,1 464,0 179,9
        (1000, [990, 1290, 500], [356, 464, 180]),
        (0, [3, 4], [0, 0]),
        (5, [], []),
    ],
)
def test_pesos_are_shared_out(amount: int, weights: list[int], parts: list[int]) -> None:
    assert share_out(amount, weights) == parts


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1).filter(any))
def test_parts_add_up_and_stay_within_a_peso_of_their_share(amount: int, weights: list[int]) -> None:
    parts = share_out(amount, weights)
    assert sum(parts) == amount
    assert all(abs(part * sum(weights) - amount * w) < sum(weights) for part, w in zip(parts, weights, strict=True))


@pytest.mark.parametrize(("amount", "text"), [(0, "$0"), (1234567, "$1.234.567"), (-500, "-$500"), (990, "$990")])
def test_pesos_for_people(amount: int, text: str) -> None:
    assert format_pesos(amount) == text


@pytest.mark.parametrize(
    ("typed", "rut"),
    [
        ("12.345.678-5", "12345678-5"),
        ("123456785", "12345678-5"),
        (" 60803000k ", "60803000-K"),
        ("66666666-6", "66666666-6"),
        ("1.000.005-k", "1000005-K"),
    ],
)
def test_spellings_of_a_rut(typed: str, rut: str) -> None:
    assert normalize_rut(typed) == rut


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "RUT inválido: '' es demasiado corto"),
        ("5", "RUT inválido: '5' es demasiado corto"),
        ("abc-1", "RUT inválido: cuerpo 'ABC' no es numérico"),
        ("999999-3", "RUT inválido: 999999 fuera de rango (1.000.000 – 99.999.999)"),
        ("123456789-2", "RUT inválido: 123456789 fuera de rango (1.000.000 – 99.999.999)"),
        ("12345678-9", "RUT inválido: dígito verificador incorrecto (esperado '5', recibido '9')"),
        ("76123456-7", "RUT inválido: dígito verificador incorrecto (esperado '0', recibido '7')"),
        ("١٢٣٤٥٦٧٨-5", "RUT inválido: cuerpo '١٢٣٤٥٦٧٨' no es numérico"),
    ],
)
def test_what_is_not_a_rut_says_why(typed: str, message: str) -> None:
    with pytest.raises(RutInvalido) as refused:
        normalize_rut(typed)
    assert str(refused.value) == message


@given(st.integers(1_000_000, 99_999_999))
def test_every_rut_survives_its_spellings(body: int) -> None:
    rut = f"{body}-{check_digit(body)}"
    assert normalize_rut(format_rut(rut)) == normalize_rut(compact_rut(rut)) == normalize_rut(rut.lower()) == rut


@given(st.integers(1_000_000, 99_999_999), st.sampled_from("0123456789K"))
def test_one_digit_fits_and_ten_do_not(body: int, digit: str) -> None:
    if digit == check_digit(body):
        assert normalize_rut(f"{body}-{digit}") == f"{body}-{digit}"
    else:
        with pytest.raises(RutInvalido):
            normalize_rut(f"{body}-{digit}")


def test_late_in_the_evening_it_is_still_today_in_chile() -> None:
    assert clock.santiago_date(datetime(2026, 11, 23, 2, 30, tzinfo=UTC)) == date(2026, 11, 22)  # 23:30 in Santiago
    assert clock.santiago_date(datetime(2026, 11, 23, 3, 0, tzinfo=UTC)) == date(2026, 11, 23)
    with pytest.raises(ValueError, match="without time zone"):
        clock.to_santiago(datetime(2026, 11, 23, 2, 30, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 11, 22), 24), (date(2026, 9, 6), 23), (date(2026, 4, 4), 25)],  # the clocks change twice a year
)
def test_days_of_chile_touch_and_last_what_they_last(day: date, hours: int) -> None:
    start, end = clock.day_bounds(day)
    assert end - start == timedelta(hours=hours)
    assert clock.day_bounds(day + timedelta(days=1))[0] == end
    assert clock.santiago_date(start) == day
    assert clock.santiago_date(end - timedelta(microseconds=1)) == day


@pytest.mark.parametrize(
    ("typed", "folded"), [("Ñandú  AZUL", "nandu azul"), ("½ PULGADA", "1⁄2 pulgada"), ("  café ", "cafe"), ("", "")]
)
def test_search_text(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_clean_text_can_be_stored(typed: str) -> None:
    result = clean(typed)
    assert "\x00" not in result
    result.encode("utf-8")
    assert clean(result) == result


def test_wildcards_are_letters() -> None:
    assert like_pattern("50%_a\\b") == "%50\\%\\_a\\\\b%"

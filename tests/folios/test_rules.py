"""How long numbers last, worked by hand."""

from datetime import date
from fractions import Fraction

import pytest

from torn_app.folios.rules import Level, Lot, Outlook, Thresholds, certificate_level, level, outlook

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("lots", "per_day", "expected"),
    [
        # Nothing is left.
        ([], Fraction(10), Outlook(0, 0, TODAY, 0)),
        # 100 at 10 a day: the 28 of November to the 7 of December; none on the 8.
        ([Lot(100, None)], Fraction(10), Outlook(100, 10, date(2026, 12, 8), 0)),
        # Two ranges, one after the other, at 1.5 a day: 7 / 1.5 = 4.67 days.
        ([Lot(3, None), Lot(4, None)], Fraction(3, 2), Outlook(7, 4, date(2026, 12, 2), 0)),
        # Five days more (28 to 3, both included: 6): 60 of 1000 are used, then nothing is left.
        ([Lot(1000, date(2026, 12, 3))], Fraction(10), Outlook(1000, 6, date(2026, 12, 4), 940)),
        # It expires today, after 10 of it were used.
        ([Lot(1000, TODAY)], Fraction(10), Outlook(1000, 1, date(2026, 11, 29), 990)),
        # Used up on its very last day: nothing is lost.
        ([Lot(60, date(2026, 12, 3))], Fraction(10), Outlook(60, 6, date(2026, 12, 4), 0)),
        # The second expires while the first is used, and none of it is; the third goes on from there.
        (
            [Lot(100, None), Lot(50, date(2026, 12, 1)), Lot(20, None)],
            Fraction(10),
            Outlook(170, 12, date(2026, 12, 10), 50),
        ),
        # The first expires before it is used up: 4 days of 10; the second takes over and lasts 2 days.
        ([Lot(100, date(2026, 12, 1)), Lot(20, None)], Fraction(10), Outlook(120, 6, date(2026, 12, 4), 60)),
        # 1 in 14 days: 5 days come to less than one number.
        ([Lot(1, date(2026, 12, 2))], Fraction(1, 14), Outlook(1, 5, date(2026, 12, 3), 1)),
        # Never used: it lasts for ever, or until it expires.
        ([Lot(5, None)], Fraction(0), Outlook(5, None, None, 0)),
        ([Lot(5, date(2027, 2, 28))], Fraction(0), Outlook(5, 93, date(2027, 3, 1), 5)),
        ([Lot(5, date(2027, 2, 28)), Lot(5, None)], Fraction(0), Outlook(10, None, None, 5)),
        # Longer than there are dates.
        ([Lot(9_999_999_999, None)], Fraction(1, 14), Outlook(9_999_999_999, 139_999_999_986, None, 0)),
    ],
)
def test_outlook(lots: list[Lot], per_day: Fraction, expected: Outlook) -> None:
    assert outlook(lots, per_day, TODAY) == expected


@pytest.mark.parametrize(
    ("available", "days", "expected"),
    [
        (0, 0, Level.AGOTADO),
        (20, 90, Level.CRITICO),
        (21, 90, Level.BAJO),
        (100, 90, Level.BAJO),
        (101, 90, Level.OK),
        (5000, 16, Level.OK),
        (5000, 15, Level.BAJO),
        (5000, 6, Level.BAJO),
        (5000, 5, Level.CRITICO),
        (5000, None, Level.OK),
        (50, None, Level.BAJO),
    ],
)
def test_level(available: int, days: int | None, expected: Level) -> None:
    assert level(Outlook(available, days, None, 0), Thresholds()) is expected


def test_levels_are_the_companys_own() -> None:
    own = Thresholds(dias_bajo=3, dias_critico=1, folios_bajo=5, folios_critico=0)
    assert level(Outlook(6, 4, None, 0), own) is Level.OK
    assert level(Outlook(5, 4, None, 0), own) is Level.BAJO
    assert level(Outlook(6, 1, None, 0), own) is Level.CRITICO


@pytest.mark.parametrize(
    ("days", "expected"),
    [(31, Level.OK), (30, Level.BAJO), (8, Level.BAJO), (7, Level.CRITICO), (0, Level.CRITICO), (-1, Level.AGOTADO)],
)
def test_certificate(days: int, expected: Level) -> None:
    assert certificate_level(days) is expected

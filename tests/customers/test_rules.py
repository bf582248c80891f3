"""How old a debt is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from torn_app.customers.rules import Aging, age_debt

TODAY = date(2026, 11, 22)


def due(days_ago: int) -> date:
    return TODAY - timedelta(days=days_ago)


def test_payments_settle_the_oldest_debt_first() -> None:
    """90 days overdue: 1.000, paid whole. 45: 2.000, paid 500. 10: 3.000. Not due: 4.000."""
    movements = [(1_000, due(90)), (2_000, due(45)), (-1_200, None), (3_000, due(10)), (4_000, due(-5)), (-300, None)]
    assert age_debt(movements, TODAY) == Aging(corriente=4_000, d30=3_000, d60=1_500, d90=0)


def test_the_edges_of_each_part() -> None:
    for days, part in ((0, "corriente"), (1, "d30"), (30, "d30"), (31, "d60"), (60, "d60"), (61, "d90")):
        assert age_debt([(7, due(days))], TODAY) == Aging(**{part: 7})


def test_a_debt_with_no_sale_behind_it_is_the_oldest() -> None:
    assert age_debt([(500, None)], TODAY) == Aging(d90=500)


@given(st.lists(st.tuples(st.integers(-9_999, 9_999), st.none() | st.integers(-90, 90).map(due))))
def test_the_parts_add_up_to_what_is_owed(movements: list[tuple[int, date | None]]) -> None:
    aging = age_debt(movements, TODAY)
    parts = (aging.corriente, aging.d30, aging.d60, aging.d90)
    assert sum(parts) == max(sum(amount for amount, _ in movements), 0)
    assert min(parts) >= 0

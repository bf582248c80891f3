"""What counts, and with which sign: the one table every report reads. No database, no clock."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from torn_app.kernel.money import Pesos, round_pesos

SIGNS = {33: 1, 34: 1, 39: 1, 41: 1, 56: 1, 61: -1, 110: 1, 111: 1, 112: -1}
"""Type -> whether its amounts add to what was sold or take from it. Types that are not here do not count: a delivery
guide (52) is followed by its invoice, and a purchase invoice (46) documents what was bought. Exports count in pesos."""
SALES = frozenset({33, 34, 39, 41, 110})
"""The types that are a sale each: what a number of sales counts."""
CREDIT_NOTE = 61
DEBIT_NOTES = frozenset({56, 111})
DASHBOARD_TYPES = frozenset({33, 39})
"""What the documented dashboard counts; it tells credit notes apart and does not subtract them."""
F29_DUE_DAY = 20
"""Day of the next month until which who issues electronically declares and pays (D.S. Hacienda 1.001 of 2006)."""


class Period(StrEnum):
    """A stretch of Chilean days around a date."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def label(self) -> str:
        """Its name for people."""
        return _LABELS[self]

    def days(self, around: date) -> tuple[date, date]:
        """Return its first and last day, both included. Weeks begin on Monday."""
        if self is Period.DAY:
            return around, around
        if self is Period.WEEK:
            monday = around - timedelta(days=around.weekday())
            return monday, monday + timedelta(days=6)
        return month_days(around.year, around.month)


_LABELS = {Period.DAY: "Diario", Period.WEEK: "Semanal", Period.MONTH: "Mensual"}
LAST_DAYS = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30}
"""How many days, today included, the summary looks back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeAmounts:
    """What the documents of one type say. Amounts are positive whatever the type."""

    tipo_dte: int
    documents: int
    neto: int
    exento: int
    iva: int
    otros_impuestos: int
    total: int
    """neto + exento + iva + otros_impuestos."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeTotal(TypeAmounts):
    """The same with what the goods had cost."""

    cost: Decimal
    """Frozen on the lines when they were sold."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was sold and earned, credit notes taken off."""

    sales_count: int
    total: Pesos
    """With VAT."""
    iva: Pesos
    margin: Pesos
    """Net amounts, after every discount, less the cost frozen on the lines."""


def add_up(rows: Iterable[TypeTotal]) -> Figures:
    """Apply the signs to what each type came to."""
    counted = [(row, SIGNS[row.tipo_dte]) for row in rows if row.tipo_dte in SIGNS]
    return Figures(
        sales_count=sum(row.documents for row, _ in counted if row.tipo_dte in SALES),
        total=Pesos(sum(sign * row.total for row, sign in counted)),
        iva=Pesos(sum(sign * row.iva for row, sign in counted)),
        margin=round_pesos(sum((sign * (row.neto + row.exento - row.cost) for row, sign in counted), Decimal(0))),
    )


def last_days(today: date, count: int) -> tuple[date, date]:
    """Return the first and last of the `count` days that end today."""
    return today - timedelta(days=count - 1), today


def month_days(year: int, month: int) -> tuple[date, date]:
    """Return the first and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def f29_due(month_end: date) -> date:
    """Return until when the VAT of a month is declared."""
    return (month_end + timedelta(days=1)).replace(day=F29_DUE_DAY)

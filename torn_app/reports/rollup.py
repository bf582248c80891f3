"""Summing days that are over, once, so that a report reads a few rows for each day however many sales it had.

A sale's row never changes, so neither does the sum of a closed day; what the tax service rejects is taken off when
a report is read. Neither selling nor reading pays for it: a job sums (see jobs.py), some days at a time. Until it has,
reports read the days that are left from the sales themselves, and so they do with a sale found in a summed day
afterwards (by its id).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from sqlalchemy import BigInteger, Date, DateTime, String, and_, bindparam, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from torn_app.company.schemas import Ambiente
from torn_app.infra.work import Work
from torn_app.kernel import clock
from torn_app.reports.facts import PRODUCT_FACTS, SALE_FACTS, amounts_of_products, amounts_of_sales, sale
from torn_app.reports.models import DailyProduct, DailySales, SummedUntil

SETTLED = timedelta(hours=1)
"""After the end of a day, until it is summed: no transaction that began in it is still under way."""

BATCH = 14
"""Days summed in one transaction: about a second of work in a shop of 3.000 sales a day."""

_daily_sales = DailySales.__table__  # type: ignore[attr-defined]
_daily_product = DailyProduct.__table__  # type: ignore[attr-defined]
_mark = SummedUntil.__table__  # type: ignore[attr-defined]
_ROW = 1
_AMBIENTES: tuple[str, ...] = get_args(Ambiente)

_OF_DAY = and_(
    sale.c.ambiente == bindparam("of_ambiente", type_=String),
    sale.c.created_at >= bindparam("start", type_=DateTime(timezone=True)),
    sale.c.created_at < bindparam("end", type_=DateTime(timezone=True)),
    sale.c.id <= bindparam("last", type_=BigInteger),
)
_KEYS = (bindparam("of_ambiente", type_=String).label("ambiente"), bindparam("of_day", type_=Date).label("day"))
_SUM_SALES = insert(_daily_sales).from_select(
    ["tipo_dte", *SALE_FACTS, "ambiente", "day"], amounts_of_sales(*_KEYS).where(_OF_DAY)
)
_SUM_PRODUCTS = insert(_daily_product).from_select(
    ["product_id", "tipo_dte", *PRODUCT_FACTS, "ambiente", "day"], amounts_of_products(_OF_DAY, *_KEYS)
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Everything before `day` is summed, but for sales with an id above `last_sale_id`. It only moves forward."""

    day: date
    last_sale_id: int


def mark_of(work: Work) -> Mark | None:
    """Return how far the sums reach. None: nothing is summed yet."""
    row = work.session.execute(select(_mark.c.day, _mark.c.last_sale_id).where(_mark.c.id == _ROW)).first()
    return Mark(row.day, row.last_sale_id) if row else None


def is_behind(work: Work) -> bool:
    """Tell whether days are over that are not summed."""
    mark = mark_of(work)
    return mark is None or mark.day < _open_day(work)


def sum_closed_days(work: Work, at_most: int = BATCH) -> bool:
    """Sum the next days that are over, `at_most` so many, and again those into which sales were written after they
    were summed. Return whether there are more.

    One at a time in a company: whoever comes meanwhile waits and goes on from there.
    """
    work.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"{work.session.schema}:rollup"}
    )
    mark, open_day = mark_of(work), _open_day(work)
    last = work.session.execute(select(func.coalesce(func.max(sale.c.id), 0))).scalar_one()
    late = _late_days(work, mark) if mark is not None else []
    begin = mark.day if mark is not None else _first_day(work) or open_day
    end = max(begin, min(open_day, begin + timedelta(days=at_most)))
    if late:
        for table in (_daily_sales, _daily_product):
            work.session.execute(delete(table).where(table.c.day.in_(late)))
    for day in (*late, *(begin + timedelta(days=n) for n in range((end - begin).days))):
        _sum_day(work, day, last)
    values = {"id": _ROW, "day": end, "last_sale_id": last}
    work.session.execute(upsert(_mark).values(values).on_conflict_do_update(index_elements=["id"], set_=values))
    return end < open_day


def _open_day(work: Work) -> date:
    """The first day that may not be summed yet."""
    return clock.santiago_date(work.now - SETTLED)


def _sum_day(work: Work, day: date, last_sale_id: int) -> None:
    start, end = clock.day_bounds(day)
    for ambiente in _AMBIENTES:
        values = {"of_ambiente": ambiente, "of_day": day, "start": start, "end": end, "last": last_sale_id}
        work.connection.execute(_SUM_SALES, values)
        work.connection.execute(_SUM_PRODUCTS, values)


def _late_days(work: Work, mark: Mark) -> list[date]:
    """The summed days into which sales were written afterwards: they are summed again."""
    start, _ = clock.day_bounds(mark.day)
    moments = work.session.execute(
        select(sale.c.created_at).where(sale.c.id > mark.last_sale_id, sale.c.created_at < start)
    ).scalars()
    return sorted({clock.santiago_date(moment) for moment in moments})


def _first_day(work: Work) -> date | None:
    firsts = [
        work.session.execute(
            select(sale.c.created_at).where(sale.c.ambiente == ambiente).order_by(sale.c.created_at).limit(1)
        ).scalar()
        for ambiente in _AMBIENTES
    ]
    return min((clock.santiago_date(moment) for moment in firsts if moment is not None), default=None)

"""Summing days that are over, once, so that a report reads a few rows for each day however many sales it had.

A sale's row never changes, so neither does the sum of a closed day; what the tax service rejects is taken off when
a report is read. Selling pays nothing for it: the first report after a day's end sums that day. A sale found in a
summed day afterwards (by its id) is read from its own row.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import get_args

from sqlalchemy import Date, DateTime, String, and_, bindparam, delete, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from torn_app.company.schemas import Ambiente
from torn_app.infra.work import Work
from torn_app.kernel import clock
from torn_app.reports.facts import PRODUCT_FACTS, SALE_FACTS, amounts_of_products, amounts_of_sales, sale
from torn_app.reports.models import DailyProduct, DailySales, SummedUntil

SETTLED = timedelta(hours=1)
"""After the end of a day, until it is summed: no transaction that began in it is still under way."""

_daily_sales = DailySales.__table__  # type: ignore[attr-defined]
_daily_product = DailyProduct.__table__  # type: ignore[attr-defined]
_mark = SummedUntil.__table__  # type: ignore[attr-defined]
_ROW = 1
_AMBIENTES: tuple[str, ...] = get_args(Ambiente)

_OF_DAY = and_(
    sale.c.ambiente == bindparam("of_ambiente", type_=String),
    sale.c.created_at >= bindparam("start", type_=DateTime(timezone=True)),
    sale.c.created_at < bindparam("end", type_=DateTime(timezone=True)),
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
    """Everything before `day` is summed, but for sales with an id above `last_sale_id`."""

    day: date
    last_sale_id: int


def bring_up_to_date(work: Work) -> Mark:
    """Sum the days that are over and not summed yet. Return how far the sums reach.

    One at a time in a company: whoever comes meanwhile waits and finds it done.
    """
    open_day = clock.santiago_date(work.now - SETTLED)
    mark = _read(work)
    if mark is not None and mark.day >= open_day:
        return mark
    work.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"{work.session.schema}:rollup"}
    )
    mark = _read(work)
    if mark is not None and mark.day >= open_day:
        return mark
    done = _sum_until(work, mark, open_day)
    values = {"id": _ROW, "day": done.day, "last_sale_id": done.last_sale_id}
    work.session.execute(upsert(_mark).values(values).on_conflict_do_update(index_elements=["id"], set_=values))
    return done


def _sum_until(work: Work, mark: Mark | None, open_day: date) -> Mark:
    start, _ = clock.day_bounds(open_day)
    last = work.session.execute(
        select(sale.c.id).where(sale.c.created_at < start).order_by(sale.c.id.desc()).limit(1)
    ).scalar()
    days = _days_between(_first_day(work) if mark is None else mark.day, open_day)
    late = _late_days(work, mark) if mark is not None else []
    if late:
        for table in (_daily_sales, _daily_product):
            work.session.execute(delete(table).where(table.c.day.in_(late)))
    for day in sorted({*days, *late}):
        begin, end = clock.day_bounds(day)
        for ambiente in _AMBIENTES:
            values = {"of_ambiente": ambiente, "of_day": day, "start": begin, "end": end}
            work.connection.execute(_SUM_SALES, values)
            work.connection.execute(_SUM_PRODUCTS, values)
    return Mark(open_day, last or 0)


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


def _days_between(first: date | None, end: date) -> list[date]:
    return [] if first is None else [first + timedelta(days=n) for n in range((end - first).days)]


def _read(work: Work) -> Mark | None:
    row = work.session.execute(select(_mark.c.day, _mark.c.last_sale_id).where(_mark.c.id == _ROW)).first()
    return Mark(row.day, row.last_sale_id) if row else None

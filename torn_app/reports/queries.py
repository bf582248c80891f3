"""Reading what was sold from the tables of the packages above: sales, their lines and payments, documents.

Everything is of one ambiente and of Chilean days, both included. Closed days come summed (see rollup.py), the rest
from the sales themselves, and what the tax service rejected is taken off: a rejection comes later than the sale.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all

from torn_app.cash.models import CashSession
from torn_app.documents.models import Document
from torn_app.infra.work import Work
from torn_app.kernel import clock
from torn_app.products.models import Product
from torn_app.reports import rollup
from torn_app.reports.facts import (
    PRODUCT_FACTS,
    SALE_AMOUNTS,
    SALE_FACTS,
    amounts_of_products,
    amounts_of_sales,
    sale,
    stated_by_sales,
)
from torn_app.reports.models import DailyProduct, DailySales
from torn_app.reports.rollup import Mark
from torn_app.reports.rules import SIGNS, TypeAmounts, TypeTotal
from torn_app.sales.models import PaymentMethod, SalePayment, SaleTax

R = TypeVar("R")

_document = Document.__table__  # type: ignore[attr-defined]
_product = Product.__table__  # type: ignore[attr-defined]
_sale_tax = SaleTax.__table__  # type: ignore[attr-defined]
_payment = SalePayment.__table__  # type: ignore[attr-defined]
_method = PaymentMethod.__table__  # type: ignore[attr-defined]
_shift = CashSession.__table__  # type: ignore[attr-defined]
_daily_sales = DailySales.__table__  # type: ignore[attr-defined]
_daily_product = DailyProduct.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Days:
    """Chilean days of one ambiente, both included."""

    ambiente: str
    first: date
    last: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """[start, end) in UTC."""
        return clock.range_bounds(self.first, self.last)


@dataclass(frozen=True, slots=True)
class ProductTotal:
    """What a product came to, credit notes taken off. `net` and `cost` are exact, not rounded."""

    product_id: int
    nombre: str
    full_name: str
    sku: str
    quantity: Decimal
    net: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What an additional tax came to at a rate (percent), credit notes taken off: its net base and the tax."""

    codigo: int
    tasa: Decimal
    base: int
    monto: int


@dataclass(frozen=True, slots=True)
class HourTotal:
    """What was sold in an hour that begins at `start` (UTC)."""

    start: datetime
    sales: int
    total: int


@dataclass(frozen=True, slots=True)
class MethodTotal:
    """What was received by one way of paying, change taken off."""

    nombre: str
    codigo: str
    payments: int
    total: int


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift that is open."""

    id: int
    start_time: datetime
    start_amount: int


# --- any stretch of days ---------------------------------------------------------------------------------------------


def totals_by_type(work: Work, days: Days) -> list[TypeTotal]:
    """Return what the documents of each type came to."""

    def read(mark: Mark | None) -> list[TypeTotal]:
        rolled = select(
            _daily_sales.c.tipo_dte, *(_daily_sales.c[name] for name in SALE_FACTS), literal(1).label("weight")
        ).where(*_rolled(_daily_sales, days))
        raw = [
            amounts_of_sales(literal(weight).label("weight")).where(where) for where, weight in _raw_parts(mark, days)
        ]
        parts = union_all(rolled, *raw).subquery()
        columns = [func.sum(parts.c[name] * parts.c.weight).label(name) for name in SALE_FACTS]
        rows = work.session.execute(select(parts.c.tipo_dte, *columns).group_by(parts.c.tipo_dte))
        return [TypeTotal(**_stated(row), cost=row.cost) for row in rows if row.documents]

    return _with_one_mark(work, read)


def additional_taxes(work: Work, days: Days) -> list[TaxTotal]:
    """Return what each additional tax came to, credit notes taken off, by code. Read from the sales themselves: it is
    asked for a month at a time, and few sales have any."""
    sign = case(SIGNS, value=sale.c.tipo_dte, else_=0)
    base, amount = func.sum(sign * _sale_tax.c.base), func.sum(sign * _sale_tax.c.monto)
    rows = work.session.execute(
        select(_sale_tax.c.codigo, _sale_tax.c.tasa, base, amount)
        .join(sale, sale.c.id == _sale_tax.c.sale_id)
        .where(_sold(days, SIGNS), sale.c.otros_impuestos != 0)
        .group_by(_sale_tax.c.codigo, _sale_tax.c.tasa)
        .order_by(_sale_tax.c.codigo, _sale_tax.c.tasa)
    )
    return [TaxTotal(codigo, tasa, int(net), int(monto)) for codigo, tasa, net, monto in rows]


def totals_by_product(work: Work, days: Days) -> list[ProductTotal]:
    """Return what each product came to, the most net first."""
    return _with_one_mark(work, lambda mark: _described(work, select(_sums(_product_parts(mark, days)))))


def top_products(work: Work, days: Days, limit: int) -> tuple[list[ProductTotal], list[ProductTotal]]:
    """Return the `limit` products of the largest quantity and those of the largest margin, each the most first."""

    def read(mark: Mark | None) -> list[ProductTotal]:
        sums = _sums(_product_parts(mark, days))
        best = [
            select(sums.c.product_id).order_by(by.desc(), sums.c.product_id).limit(limit)
            for by in (sums.c.quantity, sums.c.net - sums.c.cost)
        ]
        return _described(work, select(sums).where(or_(*(sums.c.product_id.in_(part) for part in best))))

    chosen = _with_one_mark(work, read)
    by_quantity = sorted(chosen, key=lambda row: (-row.quantity, row.product_id))
    by_margin = sorted(chosen, key=lambda row: (row.cost - row.net, row.product_id))
    return by_quantity[:limit], by_margin[:limit]


# --- one day, from the sales themselves -------------------------------------------------------------------------------


def day_totals(work: Work, day: Days, types: Collection[int]) -> list[TypeAmounts]:
    """Return what the documents of some types came to on a day."""
    rows = work.session.execute(stated_by_sales().where(_sold(day, types)))
    return [TypeAmounts(**_stated(row)) for row in rows]


def day_products(work: Work, day: Days, types: Collection[int], limit: int) -> list[ProductTotal]:
    """Return the products of the largest net amount on the documents of some types."""
    sums = _sums(amounts_of_products(_sold(day, types), literal(1).label("weight")))
    return _described(work, select(sums), limit=limit)


def day_hours(work: Work, day: Days, types: Collection[int]) -> list[HourTotal]:
    """Return what was sold in each hour that had a sale, oldest first.

    Chile's offset is of whole hours, so that its hours begin when those of UTC do.
    """
    hour = func.date_trunc("hour", sale.c.created_at)
    rows = work.session.execute(
        select(hour, func.count(), func.sum(sale.c.monto_total)).where(_sold(day, types)).group_by(hour).order_by(hour)
    )
    return [HourTotal(start, sales, int(total)) for start, sales, total in rows]


def day_payments(work: Work, day: Days, types: Collection[int], change_of: str) -> list[MethodTotal]:
    """Return what was received by each way of paying, most first. Change is taken off the method `change_of`."""
    sold = select(sale.c.id, sale.c.vuelto).where(_sold(day, types)).cte("sold")
    change = select(func.coalesce(func.sum(sold.c.vuelto), 0)).scalar_subquery()
    total = (func.sum(_payment.c.amount) - case((_method.c.code == change_of, change), else_=0)).label("total")
    rows = work.session.execute(
        select(_method.c.name, _method.c.code, func.count(), total)
        .select_from(sold)
        .join(_payment, _payment.c.sale_id == sold.c.id)
        .join(_method, _method.c.id == _payment.c.payment_method_id)
        .group_by(_method.c.id, _method.c.name, _method.c.code)
        .order_by(total.desc(), _method.c.id)
    )
    return [MethodTotal(name, code, payments, int(received)) for name, code, payments, received in rows]


def open_shift(work: Work, staff_id: int) -> OpenShift | None:
    """Return a person's open shift."""
    row = work.session.execute(
        select(_shift.c.id, _shift.c.start_time, _shift.c.start_amount).where(
            _shift.c.user_id == staff_id, _shift.c.status == "OPEN"
        )
    ).first()
    return OpenShift(*row) if row else None


# --- parts ----------------------------------------------------------------------------------------------------------


def _stated(row: Any) -> dict[str, int]:
    return {name: int(getattr(row, name)) for name in ("tipo_dte", *SALE_AMOUNTS)}


def _rejected(days: Days) -> Select[Any]:
    """The sales of some days whose only document was rejected. A document is never older than its sale."""
    other = _document.alias("other")
    valid = select(other.c.id).where(other.c.sale_id == _document.c.sale_id, other.c.estado != "RECHAZADO")
    return select(_document.c.sale_id).where(
        _document.c.ambiente == days.ambiente,
        _document.c.estado == "RECHAZADO",
        _document.c.created_at >= days.bounds[0],
        _document.c.sale_id.is_not(None),
        ~valid.exists(),
    )


def _sold(days: Days, types: Collection[int]) -> ColumnElement[bool]:
    return and_(_within(days), sale.c.tipo_dte.in_(types), sale.c.id.not_in(_rejected(days)))


def _within(days: Days) -> ColumnElement[bool]:
    start, end = days.bounds
    return and_(sale.c.ambiente == days.ambiente, sale.c.created_at >= start, sale.c.created_at < end)


def _rolled(table: Any, days: Days) -> tuple[ColumnElement[bool], ...]:
    return table.c.ambiente == days.ambiente, table.c.day.between(days.first, days.last)


def _with_one_mark(work: Work, read: Callable[[Mark | None], R]) -> R:
    """Read with how far the sums reach. Days summed meanwhile would be counted twice: then it is read again."""
    mark = rollup.mark_of(work)
    while True:
        found = read(mark)
        before, mark = mark, rollup.mark_of(work)
        if mark == before:
            return found


def _raw_parts(mark: Mark | None, days: Days) -> list[tuple[ColumnElement[bool], int]]:
    """Return what must be read from the sales beside the summed days: a condition on `sale` and its weight."""
    within, rejected = _within(days), _rejected(days)
    if mark is None:
        return [(and_(within, sale.c.id.not_in(rejected)), 1)]
    open_since, _ = clock.day_bounds(mark.day)
    parts: list[tuple[ColumnElement[bool], int]] = []
    if days.last >= mark.day:
        parts.append((and_(within, sale.c.created_at >= open_since, sale.c.id.not_in(rejected)), 1))
    if days.first < mark.day:
        closed = and_(within, sale.c.created_at < open_since)
        # Written into a day after it was summed.
        parts.append((and_(closed, sale.c.id > mark.last_sale_id), 1))
        parts.append((and_(closed, sale.c.id.in_(rejected)), -1))
    return parts


def _product_parts(mark: Mark | None, days: Days) -> Any:
    # Added up before signs are given: there are a product's days times its types of rows.
    rolled = (
        select(
            _daily_product.c.product_id,
            _daily_product.c.tipo_dte,
            *(func.sum(_daily_product.c[name]).label(name) for name in PRODUCT_FACTS),
            literal(1).label("weight"),
        )
        .where(*_rolled(_daily_product, days))
        .group_by(_daily_product.c.product_id, _daily_product.c.tipo_dte)
    )
    raw = [amounts_of_products(where, literal(weight).label("weight")) for where, weight in _raw_parts(mark, days)]
    return union_all(rolled, *raw)


def _sums(facts: Any) -> Any:
    """Add parts up by product, each with the sign of its type and its weight; products of nothing are left out."""
    parts = facts.subquery()
    sign = case(SIGNS, value=parts.c.tipo_dte, else_=0) * parts.c.weight
    totals = {name: func.sum(parts.c[name] * sign) for name in PRODUCT_FACTS}
    return (
        select(parts.c.product_id, *(total.label(name) for name, total in totals.items()))
        .group_by(parts.c.product_id)
        .having(or_(*(total != 0 for total in totals.values())))
        .cte("sums")
    )


def _described(work: Work, sums: Any, *, limit: int | None = None) -> list[ProductTotal]:
    """Name the products of some sums, the most net first."""
    found = sums.subquery()
    statement = select(
        found.c.product_id,
        _product.c.nombre,
        _product.c.full_name,
        _product.c.codigo_interno,
        *(found.c[name] for name in PRODUCT_FACTS),
    ).join(_product, _product.c.id == found.c.product_id)
    rows = work.session.execute(statement.order_by(found.c.net.desc(), found.c.product_id).limit(limit))
    return [ProductTotal(*row) for row in rows]

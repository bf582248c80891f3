"""What sales come to, as SQL: of each type, and of each product on the documents of each type.

Amounts are positive whatever the type; the signs are in rules.py. A line's net amount is its share of its document's
net (or exempt) amount, so that discounts on the whole sale and the VAT in boleta prices are off it, and the lines of
a document always add up to it.
"""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, Select, and_, case, cast, func, or_, select

from torn_app.dte.impuestos import TASA_IVA
from torn_app.dte.tipos import TipoDte
from torn_app.reports.rules import DEBIT_NOTES, SALES, SIGNS
from torn_app.sales.models import Sale, SaleLine

sale = Sale.__table__  # type: ignore[attr-defined]
line = SaleLine.__table__  # type: ignore[attr-defined]

SALE_AMOUNTS = ("documents", "neto", "exento", "iva", "otros_impuestos", "total")
SALE_FACTS = (*SALE_AMOUNTS, "cost")
PRODUCT_FACTS = ("quantity", "net", "cost")

_COUNTS = sale.c.tipo_dte.in_(SIGNS)
_MOVES_GOODS = or_(sale.c.tipo_dte.in_(SALES), sale.c.monto_total > 0)
"""A note of nothing corrects words: its lines are no goods."""
_WITH_TAXES_INSIDE = and_(sale.c.tipo_dte == int(TipoDte.BOLETA), sale.c.otros_impuestos != 0, ~line.c.exento)
_VAT_INSIDE = 100 + TASA_IVA
_WEIGHT = case(
    (_WITH_TAXES_INSIDE, line.c.monto / (_VAT_INSIDE + func.coalesce(line.c.tasa_adicional, 0))), else_=line.c.monto
)
"""What a line weighs in its document's net amount. Where boleta prices hold different taxes, 1.290 of a drink and
1.190 of bread are the same net."""


def stated_by_sales() -> Select[Any]:
    """Select `tipo_dte` and SALE_AMOUNTS, a row for each type, without looking at lines. Narrow it on `sale`."""
    return (
        select(
            sale.c.tipo_dte,
            func.count().label("documents"),
            func.sum(sale.c.monto_neto).label("neto"),
            func.sum(sale.c.monto_exento).label("exento"),
            func.sum(sale.c.iva).label("iva"),
            func.sum(sale.c.otros_impuestos).label("otros_impuestos"),
            func.sum(sale.c.monto_total).label("total"),
        )
        .where(_COUNTS)
        .group_by(sale.c.tipo_dte)
    )


def amounts_of_sales(*more: ColumnElement[Any]) -> Select[Any]:
    """Select `tipo_dte`, SALE_FACTS and `more` (constants), a row for each type. Narrow it on `sale`."""
    cost = (
        select(func.coalesce(func.sum(line.c.cantidad * line.c.costo_unitario), 0))
        .where(line.c.sale_id == sale.c.id)
        .correlate(sale)
        .scalar_subquery()
    )
    return stated_by_sales().add_columns(func.sum(case((_MOVES_GOODS, cost), else_=0)).label("cost"), *more)


def amounts_of_products(where: ColumnElement[bool], *more: ColumnElement[Any]) -> Select[Any]:
    """Select `product_id`, `tipo_dte`, PRODUCT_FACTS and `more` (constants) of the sales that meet a condition."""
    of_class = func.sum(_WEIGHT).over(partition_by=(line.c.sale_id, line.c.exento))
    of_document = case((line.c.exento, sale.c.monto_exento), else_=sale.c.monto_neto)
    shares = (
        select(
            line.c.product_id,
            sale.c.tipo_dte,
            # A debit note charges more for goods that were counted when they were sold.
            case((sale.c.tipo_dte.in_(DEBIT_NOTES), 0), else_=line.c.cantidad).label("quantity"),
            func.coalesce(cast(of_document * _WEIGHT, Numeric) / func.nullif(of_class, 0), 0).label("net"),
            (line.c.cantidad * line.c.costo_unitario).label("cost"),
        )
        .select_from(sale)
        .join(line, line.c.sale_id == sale.c.id)
        .where(_COUNTS, _MOVES_GOODS, where)
        .subquery()
    )
    return select(
        shares.c.product_id,
        shares.c.tipo_dte,
        *(func.sum(shares.c[name]).label(name) for name in PRODUCT_FACTS),
        *more,
    ).group_by(shares.c.product_id, shares.c.tipo_dte)

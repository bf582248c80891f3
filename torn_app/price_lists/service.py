"""Price lists and the choice of a price: a customer's list when it holds the product, else the product's own."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import insert, select
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.price_lists.errors import (
    CustomersNotFound,
    PriceListNotFound,
    ProductNotForSale,
    ProductRepeated,
    ProductsNotFound,
)
from torn_app.price_lists.models import PriceList, PriceListItem
from torn_app.price_lists.schemas import (
    Assigned,
    PriceItemOut,
    PriceItemsIn,
    PriceListCustomersIn,
    PriceListDetail,
    PriceListIn,
    PriceListPatch,
    PriceListRead,
    ResolvedPriceResponse,
)
from torn_app.products import service as products

_item = PriceListItem.__table__  # type: ignore[attr-defined]


def resolve_prices(work: Work, customer: Customer, product_ids: Collection[int]) -> dict[int, Decimal]:
    """Return product id -> net price of the customer's list, for the products it holds. One query, none without list.

    A product that is absent has its own price.
    """
    if customer.price_list_id is None or not product_ids:
        return {}
    rows = work.session.execute(
        select(_item.c.product_id, _item.c.fixed_price).where(
            _item.c.price_list_id == customer.price_list_id, _item.c.product_id.in_(list(product_ids))
        )
    )
    return {row.product_id: row.fixed_price for row in rows}


@use_case(Permission.MEMBER)
def resolve_price(work: Work, product_id: int, customer_id: int | None = None) -> ResolvedPriceResponse:
    """Return the net price of a product for a customer. An unknown customer gets the product's own price."""
    product = products.load_for_sale(work, [product_id]).get(product_id)
    if product is None or product.is_deleted or not product.is_active:
        raise ProductNotForSale(id=product_id)
    customer = customers.find(work, customer_id) if customer_id is not None else None
    special = resolve_prices(work, customer, [product_id]) if customer else {}
    return ResolvedPriceResponse(
        product_id=product_id,
        customer_id=customer_id,
        price_list_id=customer.price_list_id if customer else None,
        resolved_price=special.get(product_id, product.precio_neto),
        source="price_list" if special else "base_price",
    )


@use_case(Permission.EDIT_PRODUCTS)
def create_price_list(work: Work, data: PriceListIn) -> PriceListRead:
    """Create an empty list. Names may repeat."""
    row = PriceList(name=data.name, description=data.description)
    work.session.add(row)
    work.session.flush()
    return PriceListRead.model_validate(row)


@use_case(Permission.MEMBER)
def list_price_lists(work: Work) -> list[PriceListRead]:
    """Return all lists by name, without their prices."""
    statement = select_row(PriceList).order_by(col(PriceList.name), col(PriceList.id))
    return [PriceListRead.model_validate(row) for row in work.session.exec(statement)]


@use_case(Permission.MEMBER)
def get_price_list(work: Work, price_list_id: int) -> PriceListDetail:
    """Return a list with its prices."""
    return _detail(work, _get(work, price_list_id))


@use_case(Permission.EDIT_PRODUCTS)
def update_price_list(work: Work, price_list_id: int, data: PriceListPatch) -> PriceListRead:
    """Change the fields that were sent."""
    row = _get(work, price_list_id)
    row.name = data.name or row.name
    if "description" in data.model_fields_set:
        row.description = data.description
    work.session.add(row)
    return PriceListRead.model_validate(row)


@use_case(Permission.EDIT_PRODUCTS)
def delete_price_list(work: Work, price_list_id: int) -> None:
    """Delete a list with its prices. Its customers are left without one (the foreign keys see to both)."""
    work.session.delete(_get(work, price_list_id))
    work.session.flush()


@use_case(Permission.EDIT_PRODUCTS)
def set_products(work: Work, price_list_id: int, data: PriceItemsIn) -> PriceListDetail:
    """Replace all prices of a list.

    Raises: PriceListNotFound, ProductRepeated, ProductsNotFound (also for deleted ones).
    """
    row = _get(work, price_list_id, lock=True)
    ids = [item.product_id for item in data.items]
    seen: set[int] = set()
    for product_id in ids:
        if product_id in seen:
            raise ProductRepeated(product_id)
        seen.add(product_id)
    known = {found.id for found in products.load_for_sale(work, ids).values() if not found.is_deleted}
    missing = sorted(seen - known)
    if missing:
        raise ProductsNotFound(ids=missing)
    work.session.execute(_item.delete().where(_item.c.price_list_id == price_list_id))
    if data.items:
        work.session.execute(
            insert(_item), [{"price_list_id": price_list_id, **item.model_dump()} for item in data.items]
        )
    return _detail(work, row)


@use_case(Permission.EDIT_PRODUCTS)
def set_customers(work: Work, price_list_id: int, data: PriceListCustomersIn) -> Assigned:
    """Replace the customers of a list: those named move to it, its others are left without one.

    Raises: PriceListNotFound, CustomersNotFound.
    """
    _get(work, price_list_id, lock=True)
    wanted = set(data.customer_ids)
    missing = sorted(wanted - customers.existing(work, wanted))
    if missing:
        raise CustomersNotFound(ids=missing)
    customers.assign_price_list(work, price_list_id, wanted)
    return Assigned(detail=f"{len(wanted)} cliente(s) asignados a la lista {price_list_id}.")


def _get(work: Work, price_list_id: int, *, lock: bool = False) -> PriceList:
    row = work.session.get(PriceList, price_list_id, with_for_update={"key_share": True} if lock else None)
    if row is None:
        raise PriceListNotFound(id=price_list_id)
    return row


def _detail(work: Work, row: PriceList) -> PriceListDetail:
    items = work.session.execute(
        select(_item.c.product_id, _item.c.fixed_price)
        .where(_item.c.price_list_id == row.id)
        .order_by(_item.c.product_id)
    )
    return PriceListDetail(
        id=row.id or 0,
        name=row.name,
        description=row.description,
        items=[PriceItemOut.model_validate(item) for item in items],
    )

"""Routes of /price-lists: fixed prices for some customers."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from torn_app.api.deps import Entry, enter
from torn_app.kernel.fields import MAX_ID
from torn_app.price_lists import service
from torn_app.price_lists.schemas import (
    Assigned,
    PriceItemsIn,
    PriceListCustomersIn,
    PriceListDetail,
    PriceListIn,
    PriceListPatch,
    PriceListRead,
    ResolvedPriceResponse,
)

router = APIRouter(prefix="/price-lists", tags=["price-lists"])

ListId = Path(ge=0, le=MAX_ID)


@router.post("/", status_code=201)
def create(body: PriceListIn, entry: Entry = enter(service.create_price_list)) -> PriceListRead:
    """Crea una lista vacía."""
    return entry.run(body)


@router.get("/")
def price_lists(entry: Entry = enter(service.list_price_lists)) -> list[PriceListRead]:
    """Todas las listas, por nombre."""
    return entry.run()


@router.get("/resolve-price/{product_id}")
def resolve_price(
    product_id: int = Path(ge=0, le=MAX_ID),
    customer_id: Annotated[int | None, Query(ge=0, le=MAX_ID)] = None,
    entry: Entry = enter(service.resolve_price),
) -> ResolvedPriceResponse:
    """Precio neto de un producto para un cliente: el de su lista o el del producto."""
    return entry.run(product_id, customer_id)


@router.get("/{price_list_id}")
def price_list(price_list_id: int = ListId, entry: Entry = enter(service.get_price_list)) -> PriceListDetail:
    """Una lista con sus precios."""
    return entry.run(price_list_id)


@router.put("/{price_list_id}")
def update(
    body: PriceListPatch, price_list_id: int = ListId, entry: Entry = enter(service.update_price_list)
) -> PriceListRead:
    """Cambia nombre o descripción."""
    return entry.run(price_list_id, body)


@router.delete("/{price_list_id}", status_code=204)
def delete(price_list_id: int = ListId, entry: Entry = enter(service.delete_price_list)) -> None:
    """Elimina una lista; sus clientes quedan sin lista."""
    entry.run(price_list_id)


@router.put("/{price_list_id}/products")
def set_products(
    body: PriceItemsIn, price_list_id: int = ListId, entry: Entry = enter(service.set_products)
) -> PriceListDetail:
    """Reemplaza todos los precios de la lista."""
    return entry.run(price_list_id, body)


@router.put("/{price_list_id}/customers")
def set_customers(
    body: PriceListCustomersIn, price_list_id: int = ListId, entry: Entry = enter(service.set_customers)
) -> Assigned:
    """Reemplaza los clientes de la lista."""
    return entry.run(price_list_id, body)

"""Routes of /inventory: what is on the shelves."""

from fastapi import APIRouter, Response

from torn_app.api.deps import Entry, enter
from torn_app.api.paging import PageQuery, SearchQuery, rows_of
from torn_app.products import listing
from torn_app.products import service as products
from torn_app.products.schemas import ProductOut

router = APIRouter(prefix="/inventory", tags=["inventory"])


@router.get("/")
def stock(
    page: PageQuery, response: Response, q: SearchQuery = None, entry: Entry = enter(products.list_stock)
) -> list[ProductOut]:
    """Productos activos con su stock."""
    return rows_of(entry.run(page, q), response)


@router.get("/low-stock")
def low_stock(page: PageQuery, entry: Entry = enter(listing.low_stock)) -> list[ProductOut]:
    """Productos en su mínimo o por debajo, primero los que más falta hacen."""
    return entry.run(page)

"""The catalogue as the till shows it: tiles, shelves, favourites, and what a scanner read.

The order never depends on what sells: a tile stays where the hand expects it.
"""

from typing import Literal

from sqlalchemy import ColumnElement, select, tuple_, update

from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.kernel.text import clean
from torn_app.products.errors import ProductNotFound
from torn_app.products.queries import FACTS, ProductForSale, matches, product, read
from torn_app.products.schemas import Tile

_variant = product.alias("variant")

SELLABLE = (
    product.c.is_active
    & ~product.c.is_deleted
    & ~select(_variant.c.id).where(_variant.c.parent_id == product.c.id, ~_variant.c.is_deleted).exists()
)
"""Active and, of a product with variants, only these."""


@use_case(Permission.MEMBER)
def search_catalog(
    work: Work, q: str | None = None, category: str | None = None, limit: int = 60, after: int | None = None
) -> list[Tile]:
    """Return what can be sold, by name: every word of `q` is part of name, code or bar code.

    `after` is the id of the last tile already shown.
    """
    condition = SELLABLE & matches(q)
    if category is not None:
        condition &= product.c.categoria == category
    if after is not None:
        last = select(product.c.full_name, product.c.id).where(product.c.id == after).subquery()
        condition &= tuple_(product.c.full_name, product.c.id) > select(last.c.full_name, last.c.id).scalar_subquery()
    return _tiles(work, condition, limit)


@use_case(Permission.MEMBER)
def categories(work: Work) -> list[str]:
    """Return the shelves that hold something to sell, by name."""
    statement = (
        select(product.c.categoria)
        .where(SELLABLE, product.c.categoria.is_not(None))
        .distinct()
        .order_by(product.c.categoria)
    )
    return list(work.session.execute(statement).scalars())


@use_case(Permission.MEMBER)
def favourites(work: Work, limit: int = 60) -> list[Tile]:
    """Return the products marked as favourites, by name."""
    return _tiles(work, SELLABLE & product.c.is_favorite, limit)


@use_case(Permission.EDIT_PRODUCTS)
def set_favourite(work: Work, product_id: int, is_favorite: bool) -> None:
    """Mark a product as favourite, or no longer."""
    found = work.session.execute(
        update(product)
        .where(product.c.id == product_id, ~product.c.is_deleted)
        .values(is_favorite=is_favorite)
        .returning(product.c.id)
    ).first()
    if found is None:
        raise ProductNotFound()


@use_case(Permission.MEMBER)
def find_by_code(work: Work, code: str) -> Tile | None:
    """Return what can be sold under a code: a bar code first, else an internal code. None: nothing."""
    wanted = clean(code)
    by_bar_code = product.c.codigo_barras == wanted
    statement = (
        FACTS.where(SELLABLE, by_bar_code | (product.c.codigo_interno == wanted))
        .order_by(by_bar_code.is_(True).desc())
        .limit(1)
    )
    found = read(work, statement)
    return tile(found[0]) if found else None


def tile(found: ProductForSale) -> Tile:
    """Return a product as the till shows it."""
    return Tile(
        id=found.id,
        codigo_interno=found.codigo_interno,
        name=found.full_name,
        price=found.precio_bruto,
        unit=found.unidad_medida,
        category=found.categoria,
        stock_state=_stock_state(found),
        stock=found.stock,
        is_favorite=found.is_favorite,
    )


def _stock_state(found: ProductForSale) -> Literal["uncounted", "enough", "low", "out"]:
    if not found.controla_stock:
        return "uncounted"
    if found.stock <= 0:
        return "out"
    return "low" if found.stock <= found.stock_minimo else "enough"


def _tiles(work: Work, condition: ColumnElement[bool], limit: int) -> list[Tile]:
    statement = FACTS.where(condition).order_by(product.c.full_name, product.c.id).limit(limit)
    return [tile(found) for found in read(work, statement)]

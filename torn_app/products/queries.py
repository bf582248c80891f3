"""Reading the catalogue: products with their brand, tax and stock in one query, whoever asks."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, true

from torn_app.company.models import Tax
from torn_app.company.schemas import TaxOut
from torn_app.company.service import IVA
from torn_app.infra.search import contains
from torn_app.infra.work import Work
from torn_app.inventory.models import StockLevel
from torn_app.kernel.paging import Listing, Page
from torn_app.kernel.text import clean, fold
from torn_app.products import rules
from torn_app.products.errors import RateNotOnDocuments
from torn_app.products.models import Brand, Product
from torn_app.products.schemas import BrandOut, ProductOut

product = Product.__table__  # type: ignore[attr-defined]
_brand = Brand.__table__  # type: ignore[attr-defined]
_tax = Tax.__table__  # type: ignore[attr-defined]
_level = StockLevel.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ProductForSale:
    """A product as it stands now: everything a sale or an answer needs to know of it. Prices and cost are net."""

    id: int
    codigo_interno: str
    nombre: str
    full_name: str
    descripcion: str | None
    categoria: str | None
    precio_neto: Decimal
    costo_unitario: Decimal
    unidad_medida: str
    codigo_barras: str | None
    controla_stock: bool
    stock_minimo: Decimal
    is_active: bool
    is_deleted: bool
    is_favorite: bool
    parent_id: int | None
    brand_id: int | None
    tax_id: int | None
    impuesto_adicional: int | None
    updated_at: datetime | None
    stock: Decimal
    brand_name: str | None
    tax_name: str | None
    tax_rate: Decimal | None
    """A fraction. None: the product names no tax, which means 0.19."""
    tax_is_active: bool | None
    tax_is_default: bool | None

    @property
    def rate(self) -> Decimal:
        """Its rate of VAT."""
        return IVA if self.tax_rate is None else self.tax_rate

    @property
    def full_rate(self) -> Decimal:
        """VAT and additional tax together, a fraction."""
        return rules.taxed_rate(self.rate, self.impuesto_adicional)

    @property
    def precio_bruto(self) -> int:
        """What a person pays for one unit, whole pesos."""
        return rules.gross_price(self.precio_neto, self.full_rate)

    @property
    def is_exempt(self) -> bool:
        """Whether it goes without VAT on a document.

        Raises:
            RateNotOnDocuments: neither 0.19 nor 0. A document states one general VAT rate (field TasaIVA, Formato
                DTE v2.4.2, zone Totales) and marks lines that are exempt (IndExe); it has no third kind.
        """
        if self.rate == 0:
            return True
        if self.rate != IVA:
            raise RateNotOnDocuments(name=self.full_name, rate=f"{(self.rate * 100).normalize():f}")
        return False


_OWN = (
    "id",
    "codigo_interno",
    "nombre",
    "full_name",
    "descripcion",
    "categoria",
    "precio_neto",
    "costo_unitario",
    "unidad_medida",
    "codigo_barras",
    "controla_stock",
    "stock_minimo",
    "is_active",
    "is_deleted",
    "is_favorite",
    "parent_id",
    "brand_id",
    "tax_id",
    "impuesto_adicional",
    "updated_at",
)

FACTS = (
    select(
        *(product.c[name] for name in _OWN),
        func.coalesce(_level.c.quantity, 0).label("stock"),
        _brand.c.name.label("brand_name"),
        _tax.c.name.label("tax_name"),
        _tax.c.rate.label("tax_rate"),
        _tax.c.is_active.label("tax_is_active"),
        _tax.c.is_default.label("tax_is_default"),
    )
    .select_from(product)
    .outerjoin(_level, _level.c.product_id == product.c.id)
    .outerjoin(_brand, _brand.c.id == product.c.brand_id)
    .outerjoin(_tax, _tax.c.id == product.c.tax_id)
)
"""Every product with all that is known of it; to be narrowed, ordered and given to `read`."""

_variant = product.alias("variant")
_HAS_VARIANTS = exists().where(_variant.c.parent_id == product.c.id, ~_variant.c.is_deleted)


def load_for_sale(work: Work, product_ids: Collection[int]) -> dict[int, ProductForSale]:
    """Return id -> product for those ids that exist, deleted and inactive ones too. One query."""
    return {found.id: found for found in facts(work, product.c.id.in_(list(product_ids)))}


def describe_products(work: Work, product_ids: Collection[int]) -> dict[int, ProductOut]:
    """Return id -> product as answers show it, deleted ones too, without variants. One query."""
    if not product_ids:
        return {}
    return {key: product_out(found) for key, found in load_for_sale(work, product_ids).items()}


def product_out(found: ProductForSale, stock: Decimal | None = None, variants: Sequence[ProductOut] = ()) -> ProductOut:
    """Return a product as answers show it. `stock` replaces what was there when it was read."""
    return ProductOut(
        id=found.id,
        codigo_interno=found.codigo_interno,
        nombre=found.nombre,
        descripcion=found.descripcion,
        precio_neto=found.precio_neto,
        costo_unitario=found.costo_unitario,
        unidad_medida=found.unidad_medida,
        codigo_barras=found.codigo_barras,
        controla_stock=found.controla_stock,
        stock_actual=found.stock if stock is None else stock,
        stock_minimo=found.stock_minimo,
        is_active=found.is_active,
        is_deleted=found.is_deleted,
        updated_at=found.updated_at,
        full_name=found.full_name,
        precio_bruto=Decimal(found.precio_bruto),
        parent_id=found.parent_id,
        brand_id=found.brand_id,
        brand=_brand_out(found),
        tax_id=found.tax_id,
        tax=_tax_out(found),
        categoria=found.categoria,
        impuesto_adicional=found.impuesto_adicional,
        variants=list(variants),
    )


def list_out(work: Work, page: Page, q: str | None, *, only_active: bool = False) -> Listing[ProductOut]:
    """Return products that are not deleted, newest id first, parents and variants in one list; parents nest theirs."""
    wanted = ~product.c.is_deleted & matches(q) & (product.c.is_active if only_active else true())
    total = None
    if page.count:
        total = work.session.execute(select(func.count()).select_from(product).where(wanted)).scalar_one()
    keys = select(product.c.id).where(wanted).order_by(product.c.id.desc()).offset(page.skip).limit(page.limit)
    if page.after is not None:
        keys = keys.where(product.c.id < page.after)
    # First which rows, then all that is known of those: what is skipped is not put together.
    statement = FACTS.where(product.c.id.in_(keys)).order_by(product.c.id.desc())
    if q or only_active or page.skip or page.limit or page.after:
        found, parents = _read_with_parents(work, statement)
        children = _children(work, parents)
    else:
        found = read(work, statement)
        children = _by_parent(found)
    return Listing([product_out(row, variants=children.get(row.id, ())) for row in found], total)


def one_out(work: Work, condition: ColumnElement[bool]) -> ProductOut | None:
    """Return the product that meets a condition and is not deleted, with its variants."""
    found, parents = _read_with_parents(work, FACTS.where(condition & ~product.c.is_deleted))
    if not found:
        return None
    return product_out(found[0], variants=_children(work, parents).get(found[0].id, ()))


def facts(work: Work, condition: ColumnElement[bool]) -> list[ProductForSale]:
    """Return the products that meet a condition, in no particular order."""
    return read(work, FACTS.where(condition))


def matches(q: str | None) -> ColumnElement[bool]:
    """Return the condition that every word of `q` is part of name, code or bar code. Nothing typed: all match."""
    condition: ColumnElement[bool] = true()
    for word in fold(clean(q or "")).split():
        condition &= contains(product.c.search_text, word)
    return condition


def read(work: Work, statement: Select[Any]) -> list[ProductForSale]:
    """Run a statement built on FACTS."""
    return [ProductForSale(*row) for row in work.session.execute(statement)]


def _read_with_parents(work: Work, statement: Select[Any]) -> tuple[list[ProductForSale], list[int]]:
    """Run a statement built on FACTS. Return the products, and the ids of those that have variants."""
    rows = work.session.execute(statement.add_columns(_HAS_VARIANTS)).all()
    return [ProductForSale(*row[:-1]) for row in rows], [row.id for row in rows if row[-1]]


def _children(work: Work, parents: Sequence[int]) -> dict[int, list[ProductOut]]:
    """Return parent id -> its variants, oldest first. No query when there are no parents."""
    if not parents:
        return {}
    return _by_parent(facts(work, product.c.parent_id.in_(parents) & ~product.c.is_deleted))


def _by_parent(rows: Iterable[ProductForSale]) -> dict[int, list[ProductOut]]:
    """Return parent id -> those of the rows that are its variants, oldest first."""
    children: dict[int, list[ProductOut]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        if row.parent_id is not None:
            children.setdefault(row.parent_id, []).append(product_out(row))
    return children


def _brand_out(found: ProductForSale) -> BrandOut | None:
    if found.brand_id is None or found.brand_name is None:
        return None
    return BrandOut(id=found.brand_id, name=found.brand_name)


def _tax_out(found: ProductForSale) -> TaxOut | None:
    if found.tax_id is None or found.tax_name is None or found.tax_rate is None:
        return None
    return TaxOut(
        id=found.tax_id,
        name=found.tax_name,
        rate=found.tax_rate,
        is_active=bool(found.tax_is_active),
        is_default=bool(found.tax_is_default),
    )

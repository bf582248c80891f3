"""The catalogue as the back office lists it: by name, narrowed by words, shelf and how much is left."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, func, select, true, tuple_

from torn_app.company.additional_taxes import list_additional_taxes
from torn_app.company.models import Tax
from torn_app.infra.work import Work, use_case
from torn_app.kernel.paging import Page
from torn_app.kernel.permissions import Permission
from torn_app.products import brands, queries
from torn_app.products.errors import ProductNotFound
from torn_app.products.queries import FACTS, ProductForSale, matches, product
from torn_app.products.schemas import ProductOut

LOW, OUT, INACTIVE = "bajo", "agotado", "inactivo"
"""What a list may be narrowed to. Nothing: what is active."""

_stock = FACTS.selected_columns["stock"].element
_tax = Tax.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """What part of the catalogue is wanted. A search also finds inactive products."""

    q: str = ""
    categoria: str = ""
    estado: str = ""
    """LOW, OUT, INACTIVE or empty."""
    after: int | None = None
    """Id of the last product already shown."""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """How many products there are, whatever is searched."""

    active: int
    low: int
    out: int
    inactive: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What a product may be given: pairs (id as text, words), and the shelves in use."""

    taxes: list[tuple[str, str]]
    rates: dict[str, str]
    """Tax id as text -> its rate, a decimal fraction as text."""
    additional: list[tuple[str, str]]
    """Additional taxes: pairs (code as text, words)."""
    brands: list[tuple[str, str]]
    categories: list[str]


@use_case(Permission.MEMBER)
def list_rows(work: Work, wanted: ProductFilter) -> list[ProductForSale]:
    """Return products by name."""
    statement = FACTS.where(_condition(wanted))
    if wanted.after is not None:
        last = select(product.c.full_name, product.c.id).where(product.c.id == wanted.after).scalar_subquery()
        statement = statement.where(tuple_(product.c.full_name, product.c.id) > last)
    return queries.read(work, statement.order_by(product.c.full_name, product.c.id).limit(wanted.limit))


@use_case(Permission.MEMBER)
def low_stock(work: Work, page: Page) -> list[ProductOut]:
    """Return the counted products at or under their minimum, those that lack the most of it first: nothing of 10 before
    4 of 10. The key of a page is the last product seen."""
    lacking = (product.c.stock_minimo - _stock) / product.c.stock_minimo
    wanted = (
        ~product.c.is_deleted
        & product.c.is_active
        & product.c.controla_stock
        & (product.c.stock_minimo > 0)
        & (_stock <= product.c.stock_minimo)
    )
    statement = FACTS.where(wanted).order_by(lacking.desc(), product.c.id).offset(page.skip).limit(page.limit)
    if page.after is not None:
        seen = FACTS.where(product.c.id == page.after).with_only_columns(lacking).scalar_subquery()
        statement = statement.where((lacking < seen) | ((lacking == seen) & (product.c.id > page.after)))
    return [queries.product_out(one) for one in queries.read(work, statement)]


@use_case(Permission.MEMBER)
def count_rows(work: Work, wanted: ProductFilter) -> int:
    """Return how many products a filter finds, regardless of paging."""
    return int(work.session.execute(_count(_condition(wanted))).scalar_one())


@use_case(Permission.MEMBER)
def counts(work: Work) -> Counts:
    """Return the figures of the filters."""
    found = (_count(_condition(ProductFilter(estado=estado))) for estado in ("", LOW, OUT, INACTIVE))
    return Counts(*work.session.execute(select(*[part.scalar_subquery() for part in found])).one())


@use_case(Permission.MEMBER)
def get_product(work: Work, product_id: int) -> ProductOut:
    """Return a product by id.

    Raises:
        ProductNotFound: none has it, or it was deleted.
    """
    found = queries.one_out(work, product.c.id == product_id)
    if found is None:
        raise ProductNotFound()
    return found


@use_case(Permission.MEMBER)
def choices(work: Work) -> Choices:
    """Return what the form of a product offers, the company's usual tax first."""
    statement = select(_tax).where(_tax.c.is_active).order_by(_tax.c.is_default.desc(), _tax.c.id)
    taxes = work.session.execute(statement).all()
    return Choices(
        taxes=[(str(tax.id), tax.name) for tax in taxes],
        rates={str(tax.id): str(tax.rate) for tax in taxes},
        additional=[(str(tax.codigo), f"{tax.nombre} ({_percent(tax.tasa)})") for tax in list_additional_taxes(work)],
        brands=[(str(brand.id), brand.name) for brand in brands.list_brands(work)],
        categories=shelves(work),
    )


@use_case(Permission.MEMBER)
def shelves(work: Work) -> list[str]:
    """Return every category in use, by name."""
    in_use = product.c.categoria.is_not(None) & ~product.c.is_deleted
    statement = select(product.c.categoria).where(in_use).distinct().order_by(product.c.categoria)
    return list(work.session.execute(statement).scalars())


def _condition(wanted: ProductFilter) -> ColumnElement[bool]:
    counted = product.c.controla_stock
    condition = ~product.c.is_deleted & matches(wanted.q)
    if wanted.categoria:
        condition &= product.c.categoria == wanted.categoria
    if wanted.estado == INACTIVE:
        return condition & ~product.c.is_active
    if not wanted.q:
        condition &= product.c.is_active
    if wanted.estado == LOW:
        condition &= counted & (_stock > 0) & (_stock <= product.c.stock_minimo)
    elif wanted.estado == OUT:
        condition &= counted & (_stock <= 0)
    return condition & true()


def _percent(rate: Decimal) -> str:
    return f"{rate.normalize():f} %".replace(".", ",")


def _count(condition: ColumnElement[bool]) -> Select[tuple[int]]:
    return FACTS.where(condition).with_only_columns(func.count())

"""Brands."""

from sqlmodel import col, select

from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.products.errors import BrandExists, BrandNotFound
from torn_app.products.models import Brand
from torn_app.products.schemas import BrandIn, BrandOut, BrandPatch


@use_case(Permission.EDIT_PRODUCTS)
def create_brand(work: Work, data: BrandIn) -> BrandOut:
    """Create a brand. Refuses a name that exists."""
    _refuse_taken(work, data.name)
    brand = Brand(name=data.name)
    work.session.add(brand)
    work.session.flush()
    return BrandOut.model_validate(brand)


@use_case(Permission.MEMBER)
def list_brands(work: Work) -> list[BrandOut]:
    """Return all brands by name."""
    statement = select(Brand).order_by(col(Brand.name), col(Brand.id))
    return [BrandOut.model_validate(row) for row in work.session.exec(statement)]


@use_case(Permission.EDIT_PRODUCTS)
def update_brand(work: Work, brand_id: int, data: BrandPatch) -> BrandOut:
    """Rename a brand. An empty name leaves it as it is."""
    brand = _get(work, brand_id)
    if data.name and data.name != brand.name:
        _refuse_taken(work, data.name)
        brand.name = data.name
        work.session.add(brand)
        work.session.flush()
    return BrandOut.model_validate(brand)


@use_case(Permission.EDIT_PRODUCTS)
def delete_brand(work: Work, brand_id: int) -> None:
    """Delete a brand. Its products stay, without brand (the foreign key sees to it)."""
    work.session.delete(_get(work, brand_id))
    work.session.flush()


def _get(work: Work, brand_id: int) -> Brand:
    brand = work.session.get(Brand, brand_id)
    if brand is None:
        raise BrandNotFound(id=brand_id)
    return brand


def _refuse_taken(work: Work, name: str) -> None:
    if work.session.exec(select(Brand).where(Brand.name == name)).first():
        raise BrandExists(name=name)

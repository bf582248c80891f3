"""Catalogue: brands, products and their variants."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.search import grams_index
from torn_app.infra.tenancy import TenantTable


class Brand(TenantTable, table=True):
    """Who makes it."""

    __tablename__ = "brand"

    id: int | None = columns.key()
    name: str = Field(unique=True)


class Product(TenantTable, table=True):
    """Something sold. A product with `parent_id` is a variant of that product."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("precio_neto >= 0", name="precio_neto"),
        CheckConstraint("costo_unitario >= 0", name="costo_unitario"),
        Index("uq_product_codigo_interno", "codigo_interno", unique=True, postgresql_where=text("NOT is_deleted")),
        Index("uq_product_codigo_barras", "codigo_barras", unique=True, postgresql_where=text("NOT is_deleted")),
        grams_index("product"),
        # A page of the catalogue, and a page by name, without looking at the rows before it.
        Index("ix_product_listed", "id", postgresql_where=text("NOT is_deleted")),
        Index("ix_product_by_name", "full_name", "id", postgresql_where=text("NOT is_deleted")),
    )

    id: int | None = columns.key()
    codigo_interno: str
    nombre: str
    full_name: str
    """Name of the parent and of the variant, unless the latter already begins with the former."""
    descripcion: str | None = None
    categoria: str | None = Field(default=None, index=True)
    """Shelf or aisle: the chips of the till."""
    precio_neto: Decimal = columns.price()
    costo_unitario: Decimal = columns.price()
    unidad_medida: str = "unidad"
    codigo_barras: str | None = None
    controla_stock: bool = False
    stock_minimo: Decimal = columns.price()
    search_text: str
    """Folded full name, code and bar code: what a search looks at."""
    is_active: bool = True
    is_deleted: bool = False
    is_favorite: bool = False
    parent_id: int | None = columns.ref("tenant.product.id", nullable=True, index=True)
    brand_id: int | None = columns.ref("tenant.brand.id", nullable=True, index=True, ondelete="SET NULL")
    tax_id: int | None = columns.ref("tenant.tax.id", nullable=True)
    impuesto_adicional: int | None = None
    """Code of a tax besides VAT (`dte.impuestos.DE_PRODUCTO`)."""
    created_at: datetime = columns.moment()
    updated_at: datetime | None = columns.moment(default=None, nullable=True)

"""Who the company buys from, what it bought, and what that did to the cost of its products."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


class Provider(TenantTable, table=True):
    """Who sells to the company."""

    __tablename__ = "provider"

    id: int | None = columns.key()
    rut: str = Field(unique=True)
    razon_social: str
    giro: str | None = None
    direccion: str | None = None
    email: str | None = None
    telefono: str | None = None
    comuna: str | None = None
    ciudad: str | None = None
    search_text: str
    """Folded name and compact RUT: what a search looks at."""
    is_active: bool = True
    created_at: datetime = columns.moment()
    updated_at: datetime | None = columns.moment(default=None, nullable=True)


class Purchase(TenantTable, table=True):
    """Goods that came in, with the provider's document when there was one."""

    __tablename__ = "purchase"
    __table_args__ = (CheckConstraint("tipo_documento IN ('FACTURA', 'BOLETA', 'SIN_DOCUMENTO')", name="documento"),)

    id: int | None = columns.key()
    provider_id: int = columns.ref("tenant.provider.id", index=True)
    folio: str | None = None
    tipo_documento: str
    fecha_compra: datetime = columns.moment()
    monto_neto: int = columns.pesos()
    iva: int = columns.pesos()
    monto_total: int = columns.pesos()
    observacion: str | None = None
    staff_id: int | None = columns.ref(nullable=True)
    created_at: datetime = columns.moment()
    updated_at: datetime | None = columns.moment(default=None, nullable=True)


class PurchaseLine(TenantTable, table=True):
    """One product of a purchase, at its net unit cost."""

    __tablename__ = "purchase_line"
    __table_args__ = (CheckConstraint("cantidad > 0", name="cantidad"),)

    id: int | None = columns.key()
    purchase_id: int = columns.ref("tenant.purchase.id", index=True, ondelete="CASCADE")
    position: int
    product_id: int = columns.ref("tenant.product.id", index=True)
    cantidad: Decimal = columns.price()
    precio_costo_unitario: Decimal = columns.price()
    subtotal: int = columns.pesos()
    entered_stock: bool
    """Whether it went to the shelf: what must leave it again, even when the product is counted differently now."""
    exento: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Bought without VAT."""


class PurchaseCost(TenantTable, table=True):
    """What a purchase made of the cost of a product, so that it can be taken back."""

    __tablename__ = "purchase_cost"

    purchase_id: int = Field(
        primary_key=True, sa_type=columns.BigInteger, foreign_key="tenant.purchase.id", ondelete="CASCADE"
    )
    product_id: int = Field(primary_key=True, sa_type=columns.BigInteger, foreign_key="tenant.product.id", index=True)
    costo_previo: Decimal = columns.price()
    costo_resultante: Decimal | None = columns.price(default=None, nullable=True)
    """None: an older purchase was changed afterwards, so this is no longer how the cost came to be."""


class ProviderNote(TenantTable, table=True):
    """A credit note of a provider about a purchase: goods that went back, or a price lowered afterwards."""

    __tablename__ = "provider_note"
    __table_args__ = (Index(None, "fecha"),)

    id: int | None = columns.key()
    # No cascade: a purchase with notes is neither changed nor deleted.
    purchase_id: int = columns.ref("tenant.purchase.id", index=True)
    folio: str | None = None
    fecha: date
    """Of the note, in Chile: the month whose credit it lowers."""
    motivo: str | None = None
    monto_neto: int = columns.pesos()
    """With VAT; what is exempt is apart."""
    monto_exento: int = columns.pesos()
    iva: int = columns.pesos()
    monto_total: int = columns.pesos()
    staff_id: int | None = columns.ref(nullable=True)
    created_at: datetime = columns.moment()


class ProviderNoteLine(TenantTable, table=True):
    """How much of a product went back, at what it was bought for."""

    __tablename__ = "provider_note_line"
    __table_args__ = (CheckConstraint("cantidad > 0", name="cantidad"),)

    id: int | None = columns.key()
    note_id: int = columns.ref("tenant.provider_note.id", index=True, ondelete="CASCADE")
    product_id: int = columns.ref("tenant.product.id", index=True)
    cantidad: Decimal = columns.price()
    precio_costo_unitario: Decimal = columns.price()
    subtotal: int = columns.pesos()
    exento: bool
    left_stock: bool
    """Whether it left the shelf: what comes back when the note is deleted."""


class PurchaseInvoice(TenantTable, table=True):
    """A tax document the company issued about a purchase: the purchase invoice (46), the credit note (61) that cancels
    it, the debit note (56) that cancels that note. It has no sale."""

    __tablename__ = "purchase_invoice"
    __table_args__ = (
        # One for each purchase and mode until it is cancelled, however many press at once.
        Index(
            "uq_purchase_invoice_living",
            "purchase_id",
            "ambiente",
            unique=True,
            postgresql_where=text("tipo_dte = 46 AND cancelled_at IS NULL"),
        ),
        Index("uq_purchase_invoice_cancels", "cancels_id", unique=True, postgresql_where=text("cancelled_at IS NULL")),
        Index(None, "ambiente", "fecha_emision"),
        CheckConstraint("tipo_dte IN (46, 56, 61)", name="tipo_dte"),
    )

    id: int | None = columns.key()
    purchase_id: int | None = columns.ref("tenant.purchase.id", nullable=True, index=True, ondelete="SET NULL")
    ambiente: str
    tipo_dte: int
    document_id: int = columns.ref("tenant.document.id")
    """Its document; another one after it was issued again."""
    cancels_id: int | None = columns.ref("tenant.purchase_invoice.id", nullable=True)
    """Of a note: the document it cancels."""
    asked: dict[str, Any] = columns.json()
    """Of a 46 the terms it was asked with (`schemas.FacturaCompraIn`), of a note its reason."""
    fecha_emision: date
    monto_neto: int = columns.pesos()
    monto_exento: int = columns.pesos()
    iva: int = columns.pesos()
    iva_retenido: int = columns.pesos()
    """The part of `iva` the company keeps back from the provider and pays to the treasury itself."""
    monto_total: int = columns.pesos()
    cancelled_at: datetime | None = columns.moment(default=None, nullable=True)
    """When a living note cancelled it."""
    created_at: datetime = columns.moment()

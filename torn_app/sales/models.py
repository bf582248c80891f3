"""Sales, their lines, payments and references. Facts are frozen when sold: price, discount, cost, mode."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


class PaymentMethod(TenantTable, table=True):
    """A way to pay. Codes: EFECTIVO, DEBITO, CREDITO, TRANSFERENCIA, CREDITO_INTERNO."""

    __tablename__ = "payment_method"

    id: int | None = columns.key()
    code: str = Field(unique=True)
    name: str
    is_active: bool = True


class Sale(TenantTable, table=True):
    """A sale or an adjustment of one, with the totals of its document."""

    __tablename__ = "sale"
    __table_args__ = (
        Index(None, "ambiente", "created_at", "id"),
        Index(None, "cash_session_id"),
        Index(None, "customer_id"),
        Index(None, "related_sale_id"),
        Index(None, "billed_by_sale_id"),
        Index(
            "ix_sale_unbilled_guides",
            "ambiente",
            "id",
            postgresql_where=text("tipo_dte = 52 AND billed_by_sale_id IS NULL"),
        ),
        CheckConstraint("monto_total >= 0", name="monto_total"),
    )

    id: int | None = columns.key()
    ambiente: str
    tipo_dte: int
    fecha_emision: datetime = columns.moment()
    customer_id: int = columns.ref("tenant.customer.id")
    staff_id: int = columns.ref("tenant.staff.id")
    cash_session_id: int | None = columns.ref("tenant.cash_session.id", nullable=True)
    monto_neto: int = columns.pesos()
    monto_exento: int = columns.pesos(default=0)
    iva: int = columns.pesos()
    otros_impuestos: int = columns.pesos(default=0, sa_column_kwargs={"server_default": text("0")})
    """What additional taxes add to the total (`SaleTax`): total = neto + exento + iva + this."""
    monto_total: int = columns.pesos()
    descuento_global: int = columns.pesos(default=0)
    ajuste_redondeo: int = columns.pesos(default=0)
    """Cash rounding (Ley 20.956), signed; never part of the document."""
    vuelto: int = columns.pesos(default=0)
    montos_brutos: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """The amounts of the lines include VAT although the type is net-priced (field MntBruto, notes only)."""
    forma_pago: int | None = None
    fecha_vencimiento: date | None = None
    descripcion: str | None = None
    related_sale_id: int | None = columns.ref("tenant.sale.id", nullable=True)
    ind_traslado: int | None = None
    """Field IndTraslado of a guide: why the goods travel."""
    tipo_despacho: int | None = None
    transporte: dict[str, Any] | None = columns.json(default=None, nullable=True)
    """How the goods travel (`schemas.TransporteIn`)."""
    exportacion: dict[str, Any] | None = columns.json(default=None, nullable=True)
    """Of an export: buyer, currency and customs (`export_schemas.ExportFacts`). The amounts here are in pesos."""
    billed_by_sale_id: int | None = columns.ref("tenant.sale.id", nullable=True)
    """Of a guide: the invoice that bills it."""
    support_email: str | None = None
    created_at: datetime = columns.moment()


class SaleLine(TenantTable, table=True):
    """One line of a sale. `precio_unitario` is net; amounts are those of the document."""

    __tablename__ = "sale_line"
    __table_args__ = (CheckConstraint("cantidad > 0", name="cantidad"),)

    id: int | None = columns.key()
    sale_id: int = columns.ref("tenant.sale.id", index=True)
    position: int
    related_line_id: int | None = columns.ref("tenant.sale_line.id", nullable=True)
    """On a note: the line of the sale this one takes back."""
    product_id: int = columns.ref("tenant.product.id", index=True)
    nombre: str
    cantidad: Decimal = columns.price()
    precio_unitario: Decimal = columns.price()
    costo_unitario: Decimal = columns.price()
    exento: bool = False
    impuesto_adicional: int | None = None
    """Code of the tax besides VAT that the product carried, and its rate then, in percent."""
    tasa_adicional: Decimal | None = columns.price(default=None, nullable=True)
    descuento_pct: Decimal | None = columns.price(default=None, nullable=True)
    descuento: int = columns.pesos(default=0)
    """Amount taken off the line: net on net-priced documents, gross on boletas."""
    monto: int = columns.pesos()
    """Amount of the line on the document, after its discount."""


class SaleTax(TenantTable, table=True):
    """An additional tax of a sale's document (field ImptoReten; on a boleta it is inside the prices)."""

    __tablename__ = "sale_tax"

    sale_id: int = columns.ref("tenant.sale.id", primary_key=True)
    codigo: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    tasa: Decimal = columns.price()
    """Percent."""
    base: int = columns.pesos()
    """Net amount it is a part of."""
    monto: int = columns.pesos()


class SalePayment(TenantTable, table=True):
    """One payment of a sale. `amount` is what was handed over; the change is on the sale."""

    __tablename__ = "sale_payment"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: int | None = columns.key()
    sale_id: int = columns.ref("tenant.sale.id", index=True)
    payment_method_id: int = columns.ref("tenant.payment_method.id")
    amount: int = columns.pesos()
    transaction_code: str | None = None


class SaleReference(TenantTable, table=True):
    """A reference of the document to another one."""

    __tablename__ = "sale_reference"

    id: int | None = columns.key()
    sale_id: int = columns.ref("tenant.sale.id", index=True)
    position: int
    tipo_documento: str
    folio: str
    fecha: date
    sii_reason_code: int | None = None

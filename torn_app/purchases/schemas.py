"""Providers and purchases: what comes in and goes out. Costs are net."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from torn_app.kernel.clock import SANTIAGO
from torn_app.kernel.fields import Amount, Id, In, Number, OptionalEmail, OptionalText, Out, Price, Quantity, Rut, Text
from torn_app.products.schemas import ProductOut

TipoDocumento = Literal["FACTURA", "BOLETA", "SIN_DOCUMENTO"]
_YEARS = range(2000, 2101)


def _utc(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise ValueError("La fecha de la compra está fuera de rango.")
    return (value if value.tzinfo else value.replace(tzinfo=SANTIAGO)).astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
"""An instant, kept in UTC. Without offset, or only a date: Chilean time."""


def _plausible(value: date) -> date:
    if value.year not in _YEARS:
        raise ValueError("La fecha está fuera de rango.")
    return value


Day = Annotated[date, AfterValidator(_plausible)]
"""A day in Chile."""


class ProviderOut(Out):
    """Who sells to the company."""

    rut: str
    razon_social: str
    giro: str | None
    direccion: str | None
    email: str | None
    telefono: str | None
    comuna: str | None
    ciudad: str | None
    id: int
    is_active: bool
    created_at: datetime
    updated_at: datetime | None


class ProviderIn(In):
    """A provider to create."""

    rut: Rut
    razon_social: Text = Field(max_length=100)
    giro: OptionalText = Field(default=None, max_length=80)
    direccion: OptionalText = Field(default=None, max_length=100)
    email: OptionalEmail = None
    telefono: OptionalText = Field(default=None, max_length=30)
    comuna: OptionalText = Field(default=None, max_length=20)
    ciudad: OptionalText = Field(default=None, max_length=40)


class ProviderPatch(In):
    """What changes in a provider; fields not sent stay, and so do RUT, name and `is_active` when sent empty."""

    rut: Rut | None = None
    razon_social: OptionalText = Field(default=None, max_length=100)
    giro: OptionalText = Field(default=None, max_length=80)
    direccion: OptionalText = Field(default=None, max_length=100)
    email: OptionalEmail = None
    telefono: OptionalText = Field(default=None, max_length=30)
    comuna: OptionalText = Field(default=None, max_length=20)
    ciudad: OptionalText = Field(default=None, max_length=40)
    is_active: bool | None = None


class Deactivated(Out):
    """What was done, in words."""

    detail: str


class PurchaseItemIn(In):
    """A line of a purchase. `precio_costo_unitario` is net."""

    product_id: Id
    cantidad: Quantity
    precio_costo_unitario: Price
    exento: bool | None = None
    """Bought without VAT; when not said, what the product's tax says."""


class PurchaseIn(In):
    """A purchase. Without `fecha_compra` it is of now."""

    provider_id: Id
    folio: OptionalText = Field(default=None, max_length=40)
    tipo_documento: TipoDocumento = "FACTURA"
    items: list[PurchaseItemIn] = Field(min_length=1, max_length=2_000)
    observacion: OptionalText = None
    fecha_compra: Moment | None = None


class ProviderNoteItemIn(In):
    """How much of a product went back to the provider."""

    product_id: Id
    cantidad: Quantity


class ProviderNoteIn(In):
    """A credit note of a provider: the goods that went back, at what they were bought for, or an amount taken off the
    price. Without `fecha` it is of today."""

    folio: OptionalText = Field(default=None, max_length=40)
    fecha: Day | None = None
    motivo: OptionalText = Field(default=None, max_length=200)
    items: list[ProviderNoteItemIn] = Field(default_factory=list, max_length=2_000)
    monto_neto: Amount | None = None
    monto_exento: Amount | None = None


class ProviderNoteLineOut(Out):
    """A product of a provider's note. `subtotal` is net, whole pesos."""

    product_id: int
    cantidad: Number
    precio_costo_unitario: Number
    subtotal: int
    exento: bool


class ProviderNoteOut(Out):
    """A credit note of a provider."""

    id: int
    purchase_id: int
    folio: str | None
    fecha: date
    motivo: str | None
    monto_neto: int
    monto_exento: int
    iva: int
    monto_total: int
    created_at: datetime
    items: list[ProviderNoteLineOut]


class PurchaseDetailOut(Out):
    """A line of a purchase with its product as it is now. `subtotal` is net, whole pesos."""

    id: int
    product_id: int
    cantidad: Number
    precio_costo_unitario: Number
    subtotal: int
    exento: bool
    product: ProductOut


class PurchaseNoteOut(Out):
    """A note about a purchase invoice: the 61 that cancels it, the 56 that cancels that 61."""

    document_id: int
    tipo_dte: int
    folio: int
    estado: str
    fecha_emision: date
    monto_total: int


class FacturaCompraOut(Out):
    """The purchase invoice (46) of a purchase, in the company's current mode. Whole pesos."""

    document_id: int
    tipo_dte: int
    folio: int
    estado: str
    fecha_emision: date
    monto_neto: int
    monto_exento: int
    iva: int
    iva_retenido: int
    """What is kept back from the provider and paid to the treasury."""
    monto_total: int
    """What the provider is paid."""
    anulada: bool
    notas: list[PurchaseNoteOut]


class PurchaseOut(Out):
    """A purchase with its lines."""

    id: int
    provider_id: int
    folio: str | None
    tipo_documento: str
    fecha_compra: datetime
    monto_neto: int
    iva: int
    monto_total: int
    observacion: str | None
    created_at: datetime
    provider: ProviderOut
    details: list[PurchaseDetailOut]
    monto_exento: int
    """The part of `monto_neto` that bears no VAT."""
    factura_compra: FacturaCompraOut | None


class WithholdingItemIn(In):
    """The withholding code of a product of the purchase."""

    product_id: Id
    codigo: int = Field(ge=1, le=999)


class FacturaCompraIn(In):
    """How the VAT of a purchase invoice is withheld. Codes are those of the tax service (CodImpAdic).

    A line takes the code of its product in `items`, else `codigo`. TOTAL turns it into the one that withholds all the
    VAT (341 for 34), and without any into the general one, 15.
    """

    retencion: Literal["TOTAL", "PARCIAL"] = "TOTAL"
    codigo: int | None = Field(default=None, ge=1, le=999)
    items: list[WithholdingItemIn] = Field(default=[], max_length=200)
    forma_pago: int | None = Field(default=None, ge=1, le=3)
    fecha_vencimiento: date | None = None


class PurchaseNoteIn(In):
    """Why a document about a purchase is cancelled."""

    reason: Text = Field(max_length=90)

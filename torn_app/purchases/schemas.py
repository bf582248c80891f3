"""Providers and purchases: what comes in and goes out. Costs are net."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from torn_app.kernel.clock import SANTIAGO
from torn_app.kernel.fields import Id, In, Number, OptionalEmail, OptionalText, Out, Price, Quantity, Rut, Text
from torn_app.products.schemas import ProductOut

TipoDocumento = Literal["FACTURA", "BOLETA", "SIN_DOCUMENTO"]
_YEARS = range(2000, 2101)


def _utc(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise ValueError("La fecha de la compra está fuera de rango.")
    return (value if value.tzinfo else value.replace(tzinfo=SANTIAGO)).astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
"""An instant, kept in UTC. Without offset, or only a date: Chilean time."""


class ProviderOut(Out):
    """Who sells to the company."""

    rut: str
    razon_social: str
    giro: str | None
    direccion: str | None
    email: str | None
    telefono: str | None
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
    ciudad: OptionalText = Field(default=None, max_length=40)


class ProviderPatch(In):
    """What changes in a provider; fields not sent stay, and so do RUT, name and `is_active` when sent empty."""

    rut: Rut | None = None
    razon_social: OptionalText = Field(default=None, max_length=100)
    giro: OptionalText = Field(default=None, max_length=80)
    direccion: OptionalText = Field(default=None, max_length=100)
    email: OptionalEmail = None
    telefono: OptionalText = Field(default=None, max_length=30)
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


class PurchaseIn(In):
    """A purchase. Without `fecha_compra` it is of now."""

    provider_id: Id
    folio: OptionalText = Field(default=None, max_length=40)
    tipo_documento: TipoDocumento = "FACTURA"
    items: list[PurchaseItemIn] = Field(min_length=1, max_length=2_000)
    observacion: OptionalText = None
    fecha_compra: Moment | None = None


class PurchaseDetailOut(Out):
    """A line of a purchase with its product as it is now. `subtotal` is net, whole pesos."""

    id: int
    product_id: int
    cantidad: Number
    precio_costo_unitario: Number
    subtotal: int
    product: ProductOut


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

"""Issuer, taxes and settings: what comes in and goes out."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from torn_app.kernel.fields import Id, In, Number, OptionalEmail, OptionalText, Out, Rate, Rut, Text

Ambiente = Literal["PRUEBA", "CERTIFICACION", "PRODUCCION"]


class TaxOut(Out):
    """A VAT treatment; `rate` is a fraction."""

    name: str
    rate: Number
    is_active: bool
    is_default: bool
    id: int


class TaxIn(In):
    """A tax to create."""

    name: Text
    rate: Rate
    is_active: bool = True
    is_default: bool = False


class TaxPatch(In):
    """What changes in a tax."""

    name: Text | None = None
    rate: Rate | None = None
    is_active: bool | None = None
    is_default: bool | None = None


class AdditionalTaxOut(Out):
    """A tax besides VAT that a product may carry. `codigo` is the tax service's (CodImpAdic), `tasa` in percent."""

    codigo: int
    nombre: str
    tasa: Number


class SettingsOut(Out):
    """Preferences of the company."""

    print_format: str
    iva_default_id: int | None
    id: int
    descuento_maximo_pct: int
    metodo_costo: str
    folios_dias_bajo: int
    folios_dias_critico: int
    folios_bajo: int
    folios_critico: int


class SettingsPatch(In):
    """What changes in the settings; fields not sent stay."""

    print_format: Literal["80mm", "carta"] | None = "80mm"
    iva_default_id: Id | None = None
    descuento_maximo_pct: int | None = Field(default=None, ge=0, le=100)
    """Largest discount, in percent of a sale, a person who is not administrator may give."""
    metodo_costo: Literal["ULTIMO", "PROMEDIO"] | None = None
    """Cost after a purchase: that of the last one, or the weighted average with what was on the shelf."""
    folios_dias_bajo: int | None = Field(default=None, ge=0, le=365)
    folios_dias_critico: int | None = Field(default=None, ge=0, le=365)
    folios_bajo: int | None = Field(default=None, ge=0, le=1_000_000)
    folios_critico: int | None = Field(default=None, ge=0, le=1_000_000)


class IssuerOut(Out):
    """The company as the tax service knows it."""

    id: int
    rut: str
    razon_social: str
    giro: str
    acteco: str
    direccion: str | None
    comuna: str | None
    ciudad: str | None
    telefono: str | None
    email: str | None
    website: str | None
    ambiente: str
    resolucion_numero: int
    resolucion_fecha: date | None
    sucursal_sii: str | None
    created_at: datetime
    updated_at: datetime | None


class IssuerPatch(In):
    """What changes in the issuer; the first time rut, razon_social, giro and acteco are needed."""

    rut: Rut | None = None
    razon_social: Text | None = Field(default=None, max_length=100)
    giro: Text | None = Field(default=None, max_length=80)
    acteco: Text | None = Field(default=None, max_length=6)
    direccion: OptionalText = Field(default=None, max_length=70)
    comuna: OptionalText = Field(default=None, max_length=20)
    ciudad: OptionalText = Field(default=None, max_length=20)
    telefono: OptionalText = Field(default=None, max_length=20)
    email: OptionalEmail = None
    website: OptionalText = Field(default=None, max_length=200)
    ambiente: Ambiente | None = None
    resolucion_numero: int | None = Field(default=None, ge=0, le=999_999)
    resolucion_fecha: date | None = None
    sucursal_sii: OptionalText = Field(default=None, max_length=60)

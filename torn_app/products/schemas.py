"""Catalogue: what comes in and goes out."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from torn_app.company.schemas import TaxOut
from torn_app.kernel.fields import Id, In, Number, OptionalText, Out, Price, StockQuantity, Text


class BrandOut(Out):
    """A brand."""

    name: str
    id: int


class BrandIn(In):
    """A brand to create."""

    name: Text = Field(max_length=100)


class BrandPatch(In):
    """A new name; empty or null leaves it as it is."""

    name: OptionalText = Field(default=None, max_length=100)


class ProductOut(Out):
    """A product with its brand, tax and variants. Prices and cost are net; `precio_bruto` is what a person pays.

    `impuesto_adicional` is the code of a tax besides VAT (`GET /config/additional-taxes`).
    """

    id: int
    codigo_interno: str
    nombre: str
    descripcion: str | None
    precio_neto: Number
    costo_unitario: Number
    unidad_medida: str | None
    codigo_barras: str | None
    controla_stock: bool
    stock_actual: Number
    stock_minimo: Number
    is_active: bool
    is_deleted: bool
    updated_at: datetime | None
    full_name: str
    precio_bruto: Number
    parent_id: int | None
    brand_id: int | None
    brand: BrandOut | None
    tax_id: int | None
    tax: TaxOut | None
    categoria: str | None = None
    impuesto_adicional: int | None = None
    variants: list[ProductOut] = Field(default_factory=list)


class VariantIn(In):
    """A variant of a product to create with it."""

    nombre: Text = Field(max_length=200)
    codigo_interno: OptionalText = Field(default=None, max_length=35)
    codigo_barras: OptionalText = Field(default=None, max_length=50)
    precio_neto: Price
    descripcion: OptionalText = None
    stock_actual: StockQuantity = Decimal(0)


class ProductIn(In):
    """A product to create."""

    codigo_interno: OptionalText = Field(default=None, max_length=35)
    nombre: Text = Field(max_length=200)
    descripcion: OptionalText = None
    precio_neto: Price
    unidad_medida: Text = Field(default="unidad", max_length=20)
    codigo_barras: OptionalText = Field(default=None, max_length=50)
    controla_stock: bool = False
    stock_actual: StockQuantity = Decimal(0)
    stock_minimo: StockQuantity = Decimal(0)
    costo_unitario: Price = Decimal(0)
    categoria: OptionalText = Field(default=None, max_length=60)
    parent_id: Id | None = None
    brand_id: Id | None = None
    tax_id: Id | None = None
    impuesto_adicional: Id | None = None


class ProductWithVariantsIn(In):
    """A product and its variants, created together."""

    nombre: Text = Field(max_length=200)
    codigo_interno: OptionalText = Field(default=None, max_length=35)
    codigo_barras: OptionalText = Field(default=None, max_length=50)
    descripcion: OptionalText = None
    precio_neto: Price = Decimal(0)
    unidad_medida: Text = Field(default="unidad", max_length=20)
    controla_stock: bool = False
    stock_minimo: StockQuantity = Decimal(0)
    categoria: OptionalText = Field(default=None, max_length=60)
    brand_id: Id | None = None
    tax_id: Id | None = None
    impuesto_adicional: Id | None = None
    variants: list[VariantIn] = Field(default_factory=list, max_length=200)


class ProductPatch(In):
    """What changes in a product; fields not sent stay. `stock_actual` writes an adjustment in the kardex."""

    codigo_interno: OptionalText = Field(default=None, max_length=35)
    nombre: OptionalText = Field(default=None, max_length=200)
    descripcion: OptionalText = None
    precio_neto: Price | None = None
    costo_unitario: Price | None = None
    unidad_medida: OptionalText = Field(default=None, max_length=20)
    codigo_barras: OptionalText = Field(default=None, max_length=50)
    controla_stock: bool | None = None
    stock_minimo: StockQuantity | None = None
    stock_actual: StockQuantity | None = None
    categoria: OptionalText = Field(default=None, max_length=60)
    is_active: bool | None = None
    brand_id: Id | None = None
    tax_id: Id | None = None
    impuesto_adicional: Id | None = None


class StockCountIn(In):
    """What was counted on the shelf, and why it is written down."""

    cantidad_contada: StockQuantity
    motivo: Text = Field(max_length=60)
    nota: OptionalText = Field(default=None, max_length=300)


class Tile(Out):
    """A product as the till shows it. `price` is what a person pays for one unit, whole pesos."""

    id: int
    codigo_interno: str
    name: str
    price: int
    unit: str
    category: str | None
    stock_state: Literal["uncounted", "enough", "low", "out"]
    stock: Number
    is_favorite: bool

"""The company as issuer of documents, its taxes and its settings."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


class Issuer(TenantTable, table=True):
    """The company as the tax service knows it: one row."""

    __tablename__ = "issuer"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("ambiente IN ('PRUEBA', 'CERTIFICACION', 'PRODUCCION')", name="ambiente"),
    )

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    rut: str
    razon_social: str
    giro: str
    acteco: str
    direccion: str | None = None
    comuna: str | None = None
    ciudad: str | None = None
    telefono: str | None = None
    email: str | None = None
    website: str | None = None
    ambiente: str = "PRUEBA"
    resolucion_numero: int = 0
    resolucion_fecha: date | None = None
    sucursal_sii: str | None = None
    created_at: datetime = columns.moment()
    updated_at: datetime | None = columns.moment(default=None, nullable=True)


class Tax(TenantTable, table=True):
    """A VAT treatment: 0.19 or 0 (exempt)."""

    __tablename__ = "tax"
    __table_args__ = (CheckConstraint("rate >= 0 AND rate <= 1", name="rate"),)

    id: int | None = columns.key()
    name: str
    rate: Decimal = Field(sa_type=columns.RATE)
    is_active: bool = True
    is_default: bool = False


class Settings(TenantTable, table=True):
    """Preferences of the company: one row."""

    __tablename__ = "settings"
    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("print_format IN ('80mm', 'carta')", name="print_format"),
        CheckConstraint("metodo_costo IN ('ULTIMO', 'PROMEDIO')", name="metodo_costo"),
    )

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    print_format: str = "80mm"
    iva_default_id: int | None = columns.ref("tenant.tax.id", nullable=True)
    descuento_maximo_pct: int = Field(default=10, ge=0, le=100)
    """Largest discount, in percent of the sale, a person who is not administrator may give."""
    metodo_costo: str = "ULTIMO"
    """What a purchase makes of a product's cost: its own (ULTIMO) or the average of what is on the shelf (PROMEDIO)."""
    folios_dias_bajo: int = 15
    """How many days of numbers left are few, and very few: then the company is told."""
    folios_dias_critico: int = 5
    folios_bajo: int = 100
    """How many numbers left of a type are few, and very few, however slowly they go."""
    folios_critico: int = 20

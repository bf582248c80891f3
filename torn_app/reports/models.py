"""Days already summed. Written by reports/rollup.py only; everything in them can be computed again from the sales."""

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, Numeric, text
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable

_EXACT = Numeric(28, 10)
"""A sum of shares: nothing is rounded before it is shown."""


class DailySales(TenantTable, table=True):
    """What the documents of a type came to on a Chilean day. Amounts are positive whatever the type."""

    __tablename__ = "daily_sales"

    ambiente: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    tipo_dte: int = Field(primary_key=True)
    documents: int = columns.pesos()
    neto: int = columns.pesos()
    exento: int = columns.pesos()
    iva: int = columns.pesos()
    otros_impuestos: int = columns.pesos(default=0, sa_column_kwargs={"server_default": text("0")})
    total: int = columns.pesos()
    cost: Decimal = Field(sa_type=_EXACT)


class DailyProduct(TenantTable, table=True):
    """What a product came to on the documents of a type on a Chilean day. Amounts are positive whatever the type."""

    __tablename__ = "daily_product"

    ambiente: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    product_id: int = Field(primary_key=True, sa_type=BigInteger)
    tipo_dte: int = Field(primary_key=True)
    quantity: Decimal = Field(sa_type=_EXACT)
    net: Decimal = Field(sa_type=_EXACT)
    cost: Decimal = Field(sa_type=_EXACT)


class SummedUntil(TenantTable, table=True):
    """How far the days are summed. One row."""

    __tablename__ = "summed_until"

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    day: date
    """The first Chilean day that is not."""
    last_sale_id: int = columns.ref()
    """No sale above it was there yet when that was done."""

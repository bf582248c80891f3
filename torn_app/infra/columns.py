"""Column types, so that money, quantities and moments are declared the same way in every table."""

from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Identity, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

PRICE = Numeric(18, 6)
"""Unit prices, costs and quantities: the document takes six decimals."""
RATE = Numeric(6, 4)
"""A tax rate as a fraction: 0.1900."""


def key() -> Any:
    """Primary key: a 64-bit identity."""
    return Field(default=None, primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(),))


def ref(
    target: str | None = None,
    *,
    nullable: bool = False,
    index: bool = False,
    ondelete: str | None = None,
    primary_key: bool = False,
) -> Any:
    """Reference to a row by id. `target` ("table.column") makes it a foreign key; None only names a row elsewhere."""
    default: Any = {"default": None} if nullable else {}
    foreign: Any = {"foreign_key": target} if target else {}
    if target and ondelete:
        foreign["ondelete"] = ondelete
    if primary_key:
        foreign |= {"primary_key": True, "sa_column_kwargs": {"autoincrement": False}}
    return Field(sa_type=BigInteger, nullable=nullable, index=index, **foreign, **default)


def pesos(**options: Any) -> Any:
    """Whole pesos."""
    return Field(sa_type=BigInteger, **options)


def price(default: Decimal | None = Decimal(0), **options: Any) -> Any:
    """Unit price, cost or quantity, six decimals."""
    return Field(default=default, sa_type=PRICE, **options)


def moment(**options: Any) -> Any:
    """A UTC instant (timestamptz)."""
    return Field(sa_type=DateTime(timezone=True), **options)


def json(**options: Any) -> Any:
    """A JSONB document."""
    return Field(sa_type=JSONB, **options)

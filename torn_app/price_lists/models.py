"""Price lists: fixed net prices for some customers."""

from decimal import Decimal

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


class PriceList(TenantTable, table=True):
    """A named list of prices, given to customers by their `price_list_id`."""

    __tablename__ = "price_list"

    id: int | None = columns.key()
    name: str
    description: str | None = None


class PriceListItem(TenantTable, table=True):
    """The net price of one product in one list."""

    __tablename__ = "price_list_item"
    __table_args__ = (CheckConstraint("fixed_price >= 0", name="fixed_price"),)

    price_list_id: int = Field(
        primary_key=True, sa_type=columns.BigInteger, foreign_key="tenant.price_list.id", ondelete="CASCADE"
    )
    product_id: int = Field(primary_key=True, sa_type=columns.BigInteger, foreign_key="tenant.product.id", index=True)
    fixed_price: Decimal = columns.price()

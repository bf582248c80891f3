"""Stock of each product and every movement that made it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


class StockLevel(TenantTable, table=True):
    """What is on the shelf now: always the sum of the product's movements, never negative."""

    __tablename__ = "stock_level"
    __table_args__ = (CheckConstraint("quantity >= 0", name="not_negative"),)

    product_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    quantity: Decimal = columns.price()


class StockMovement(TenantTable, table=True):
    """One entry of the kardex. Written only by inventory.service.move."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        Index(None, "product_id", "id"),
        CheckConstraint("tipo IN ('ENTRADA', 'SALIDA')", name="tipo"),
        CheckConstraint("motivo IN ('VENTA', 'COMPRA', 'AJUSTE', 'INICIAL', 'DEVOLUCION')", name="motivo"),
        CheckConstraint("cantidad > 0", name="positive"),
    )

    id: int | None = columns.key()
    product_id: int = columns.ref()
    tipo: str
    motivo: str
    cantidad: Decimal = columns.price()
    """Absolute; `tipo` gives the direction."""
    balance_after: Decimal = columns.price()
    description: str | None = None
    sale_id: int | None = columns.ref(nullable=True)
    purchase_id: int | None = columns.ref(nullable=True)
    staff_id: int | None = columns.ref(nullable=True)
    created_at: datetime = columns.moment()

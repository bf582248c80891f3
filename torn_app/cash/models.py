"""Till shifts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable

KINDS = ("VENTA", "VUELTO", "DEVOLUCION", "ABONO", "INGRESO", "EGRESO")
"""What moves money in a drawer: sale, change, refund, payment of a debt, money in, money out."""


class CashSession(TenantTable, table=True):
    """One person's shift at the till, from the float to the blind count."""

    __tablename__ = "cash_session"
    __table_args__ = (
        CheckConstraint("status IN ('OPEN', 'CLOSED', 'CLOSED_SYSTEM')", name="status"),
        CheckConstraint("start_amount >= 0", name="start_amount"),
        Index("uq_cash_session_open", "user_id", unique=True, postgresql_where=text("status = 'OPEN'")),
    )

    id: int | None = columns.key()
    user_id: int = columns.ref("tenant.staff.id", index=True)
    start_time: datetime = columns.moment()
    end_time: datetime | None = columns.moment(default=None, nullable=True)
    ambiente: str = "PRUEBA"
    """The company's mode; no shift stays open when it changes."""
    start_amount: int = columns.pesos()
    final_cash_system: int = columns.pesos(default=0)
    """Expected cash. Stays 0 while the shift is open: the count is blind."""
    final_cash_declared: int = columns.pesos(default=0)
    difference: int = columns.pesos(default=0)
    status: str = "OPEN"
    count: dict[str, int] | None = Field(default=None, sa_type=columns.JSONB)
    """Coins and notes counted at the close: denomination -> how many."""
    support_email: str | None = None
    """Who of the platform really acted, when it was done as the support user."""


class CashMovement(TenantTable, table=True):
    """Money in or out of the drawer during a shift. The expected cash is the float plus their sum."""

    __tablename__ = "cash_movement"
    __table_args__ = (
        CheckConstraint("tipo IN ({})".format(", ".join(f"'{kind}'" for kind in KINDS)), name="tipo"),
        CheckConstraint("(amount > 0) = (tipo IN ('VENTA', 'ABONO', 'INGRESO')) AND amount <> 0", name="sign"),
    )

    id: int | None = columns.key()
    cash_session_id: int = columns.ref("tenant.cash_session.id", index=True)
    tipo: str
    amount: int = columns.pesos()
    """Signed whole pesos: positive enters the drawer."""
    sale_id: int | None = columns.ref(nullable=True)
    reason: str | None = None
    created_at: datetime = columns.moment()

"""Till shifts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


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

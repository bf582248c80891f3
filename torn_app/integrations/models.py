"""What integrators need: keys that make a repeated request harmless."""

from datetime import datetime

from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


class IdempotencyKey(TenantTable, table=True):
    """A request that was answered, and its answer. Lives in the transaction of what it did."""

    __tablename__ = "idempotency_key"

    route: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    body_hash: str
    status: int | None = None
    response: bytes | None = None
    sale_id: int | None = columns.ref(nullable=True, index=True)
    created_at: datetime = columns.moment()

"""What integrators need: keys for their programs, and keys that make a repeated request harmless."""

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


class ApiKey(TenantTable, table=True):
    """A key a program of the company works with. The key itself is nowhere: only its SHA-256."""

    __tablename__ = "api_key"

    id: int | None = columns.key()
    name: str
    prefix: str
    """The beginning of the key, by which people recognise it."""
    key_hash: str = Field(unique=True)
    permissions: list[str] = columns.json()
    created_by: int = columns.ref()
    """The global account whose person the key acts as, and never has more permissions than."""
    created_at: datetime = columns.moment()
    last_used_at: datetime | None = columns.moment(default=None)
    revoked_at: datetime | None = columns.moment(default=None)

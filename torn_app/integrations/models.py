"""What integrators need: keys for their programs, and keys that make a repeated request harmless."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
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


class Webhook(TenantTable, table=True):
    """An address of the company's own that is told of events."""

    __tablename__ = "webhook"

    id: int | None = columns.key()
    url: str
    events: list[str] = columns.json()
    secret_encrypted: bytes
    is_active: bool = True
    created_at: datetime = columns.moment()


class WebhookDelivery(TenantTable, table=True):
    """One event for one webhook, and what came of sending it."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_key"),
        CheckConstraint("status IN ('PENDIENTE', 'ENTREGADA', 'FALLIDA')", name="status"),
    )

    id: int | None = columns.key()
    webhook_id: int = columns.ref("tenant.webhook.id", ondelete="CASCADE")
    event: str
    event_key: str
    """Names what happened once and for all."""
    body: str
    """What is sent, to the letter: it is what the signature is of."""
    status: str
    attempts: int = 0
    response_status: int | None = None
    response: str | None = None
    """The beginning of what was answered."""
    claimed_until: datetime | None = columns.moment(default=None, nullable=True)
    """Until then one worker has it for itself."""
    next_attempt_at: datetime | None = columns.moment(default=None, nullable=True)
    delivered_at: datetime | None = columns.moment(default=None, nullable=True)
    created_at: datetime = columns.moment()

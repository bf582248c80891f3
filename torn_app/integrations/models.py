"""What integrators need: keys for their programs, and keys that make a repeated request harmless."""

import hashlib
from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.sealed import sealed
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


def answer_place(route: str, key: str) -> str:
    """Name the place an answer is stored in, for its encryption."""
    return f"idempotency_key:{route}:{key}"


class FormerFingerprintKey(TenantTable, table=True):
    """The key that `body_hash` was made with before TORN_SECRET_KEY changed.

    What was asked is not kept, so its fingerprint cannot be made anew: a request that is repeated after the change is
    compared under the key of its time.
    """

    __tablename__ = "former_fingerprint_key"

    key_name: str = Field(primary_key=True)
    """Names the TORN_SECRET_KEY it was derived from."""
    key_encrypted: bytes
    created_at: datetime = columns.moment()


def fingerprint_key_place(key_name: str) -> str:
    """Name the place a former fingerprint key is stored in, for its encryption."""
    return f"former_fingerprint_key:{key_name}"


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


def secret_place(url: str) -> str:
    """Name the place a webhook's secret is stored in, for its encryption."""
    return f"webhook:{hashlib.sha256(url.encode()).hexdigest()}"


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


sealed(
    IdempotencyKey.__table__,  # type: ignore[attr-defined]
    "response",
    lambda row: answer_place(row.route, row.key),
)
sealed(
    FormerFingerprintKey.__table__,  # type: ignore[attr-defined]
    "key_encrypted",
    lambda row: fingerprint_key_place(row.key_name),
)
sealed(
    Webhook.__table__,  # type: ignore[attr-defined]
    "secret_encrypted",
    lambda row: secret_place(row.url),
    when_lost={"is_active": False},
)

"""What comes into /api-keys and /webhooks and goes out."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from torn_app.kernel.fields import In, Out, Text
from torn_app.kernel.permissions import Permission

Flag = Literal[
    Permission.MANAGE_USERS, Permission.VIEW_REPORTS, Permission.EDIT_PRODUCTS, Permission.SELL, Permission.RETURN
]


class ApiKeyIn(In):
    """A new key: what it is for and what it may do. Without permissions it only reads what every member does."""

    name: Annotated[Text, Field(max_length=100)]
    permissions: Annotated[list[Flag], Field(max_length=50)] = []


class ApiKeyOut(Out):
    """A key as a list shows it."""

    id: int
    name: str
    prefix: str
    permissions: list[str]
    created_at: datetime
    last_used_at: datetime | None


class ApiKeyCreated(ApiKeyOut):
    """A new key, the only time it is shown."""

    key: str


EventName = Literal["sale.created", "document.accepted", "document.rejected", "folios.low", "cash.closed"]


class WebhookIn(In):
    """An address to tell, and of what."""

    url: Annotated[Text, Field(max_length=500)]
    events: Annotated[list[EventName], Field(min_length=1, max_length=20)]


class WebhookOut(Out):
    """A webhook as a list shows it."""

    id: int
    url: str
    events: list[str]
    is_active: bool
    created_at: datetime


class WebhookCreated(WebhookOut):
    """A new webhook with its secret, the only time it is shown."""

    secret: str


class DeliveryOut(Out):
    """One event for one webhook, and what came of sending it."""

    id: int
    event: str
    event_key: str
    body: str
    status: str
    attempts: int
    response_status: int | None
    response: str | None
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    created_at: datetime

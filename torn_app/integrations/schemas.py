"""What comes into /api-keys and goes out."""

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

"""What the platform answers about people and companies. Allow-lists: no hash ever leaves."""

from datetime import datetime
from typing import Any

from pydantic import Field

from torn_app.kernel.fields import Email, In, OptionalText, Out, PlainJson, Rut, Text


class SaaSUserOut(Out):
    """A global account."""

    id: int
    email: str
    full_name: str | None
    is_active: bool
    is_superuser: bool


class AvailableTenant(Out):
    """A company the person belongs to, with their role there."""

    id: int
    name: str
    rut: str | None
    role_name: str
    is_active: bool
    max_users: int
    permissions: dict[str, Any] | None


class TenantOut(Out):
    """A company."""

    id: int
    name: str
    rut: str | None
    schema_name: str
    max_users_override: int | None
    plan_max_users: int | None = None
    is_active: bool
    address: str | None
    commune: str | None
    city: str | None
    giro: str | None
    billing_day: int
    economic_activities: list[Any] | None
    created_at: datetime


class TenantUserOut(Out):
    """A membership."""

    id: int
    tenant_id: int
    user_id: int
    role_name: str
    is_active: bool
    user: SaaSUserOut


class ActecoOut(Out):
    """An economic activity."""

    code: str
    name: str
    taxable: bool
    category: str | None
    internet_available: bool


class TenantIn(In):
    """A company to create."""

    name: Text
    rut: Rut
    address: OptionalText = None
    commune: OptionalText = None
    city: OptionalText = None
    giro: OptionalText = None
    billing_day: int | None = Field(default=1, ge=1, le=31)
    economic_activities: list[PlainJson] | None = Field(default_factory=list, max_length=20)


class TenantPatch(In):
    """What changes in a company; fields not sent stay."""

    name: Text | None = None
    is_active: bool | None = None
    max_users_override: int | None = Field(default=None, ge=1, le=100_000)
    address: OptionalText = None
    commune: OptionalText = None
    city: OptionalText = None
    giro: OptionalText = None
    billing_day: int | None = Field(default=None, ge=1, le=31)
    economic_activities: list[PlainJson] | None = Field(default=None, max_length=20)


class TenantUserIn(In):
    """A person to add to a company."""

    email: Email
    password: str | None = Field(default=None, min_length=8, max_length=200)
    full_name: OptionalText = None
    role_name: Text


class TenantUserPatch(In):
    """What changes in a membership and its account."""

    role_name: Text | None = None
    is_active: bool | None = None
    password: str | None = Field(default=None, min_length=8, max_length=200)
    full_name: OptionalText = None

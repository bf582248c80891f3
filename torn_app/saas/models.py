"""Global tables: people, companies, who belongs where."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import GlobalTable


class Account(GlobalTable, table=True):
    """A person who can log in, in as many companies as have a membership for them."""

    __tablename__ = "account"

    id: int | None = columns.key()
    email: str = Field(unique=True)
    """Lower case."""
    password_hash: str
    full_name: str | None = None
    is_active: bool = True
    is_superuser: bool = False
    created_at: datetime = columns.moment()
    updated_at: datetime | None = columns.moment(default=None, nullable=True)


class Plan(GlobalTable, table=True):
    """What a company subscribed to."""

    __tablename__ = "plan"

    id: int | None = columns.key()
    name: str = Field(unique=True)
    max_users: int


class Tenant(GlobalTable, table=True):
    """A company with its own schema."""

    __tablename__ = "tenant"

    id: int | None = columns.key()
    name: str
    rut: str = Field(unique=True)
    schema_name: str = Field(unique=True)
    plan_id: int | None = columns.ref("public.plan.id", nullable=True)
    max_users_override: int | None = None
    is_active: bool = True
    address: str | None = None
    commune: str | None = None
    city: str | None = None
    giro: str | None = None
    billing_day: int = 1
    economic_activities: list[Any] = columns.json(default_factory=list)
    created_at: datetime = columns.moment()
    updated_at: datetime | None = columns.moment(default=None, nullable=True)


class Membership(GlobalTable, table=True):
    """An account inside a company, with the name of its role there."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("tenant_id", "account_id"),)

    id: int | None = columns.key()
    tenant_id: int = columns.ref("public.tenant.id")
    account_id: int = columns.ref("public.account.id", index=True)
    role_name: str
    is_active: bool = True
    created_at: datetime = columns.moment()


class Acteco(GlobalTable, table=True):
    """An economic activity of the tax service's catalogue."""

    __tablename__ = "acteco"

    code: str = Field(primary_key=True)
    name: str
    search_text: str
    taxable: bool
    category: str | None = None
    internet_available: bool = True

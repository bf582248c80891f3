"""Roles and staff of one company."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


class Role(TenantTable, table=True):
    """A named set of permissions. Names are fixed when the company is created."""

    __tablename__ = "role"

    id: int | None = columns.key()
    name: str = Field(unique=True)
    description: str | None = None
    can_manage_users: bool = False
    can_view_reports: bool = False
    can_edit_products: bool = False
    can_perform_sales: bool = False
    can_perform_returns: bool = False
    permissions: dict[str, Any] = columns.json(default_factory=dict)


class Staff(TenantTable, table=True):
    """A person as this company knows them: who sold, who opened the till."""

    __tablename__ = "staff"

    id: int | None = columns.key()
    account_id: int | None = Field(default=None, unique=True, sa_type=columns.BigInteger)
    """The global account (no foreign key: a company's schema does not lean on public)."""
    rut: str | None = Field(default=None, unique=True)
    email: str | None = None
    name: str
    role: str | None = None
    role_id: int | None = columns.ref("tenant.role.id", nullable=True)
    is_active: bool = True
    is_support: bool = False
    """The hidden person platform staff act as."""
    is_owner: bool = False
    created_at: datetime = columns.moment()

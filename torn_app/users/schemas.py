"""Staff and roles: what goes out."""

from typing import Any

from torn_app.kernel.fields import Out


class RoleOut(Out):
    """A role with its flags; `permissions` is a free map of interface keys."""

    id: int
    name: str
    description: str | None
    can_manage_users: bool
    can_view_reports: bool
    can_edit_products: bool
    can_perform_sales: bool
    can_perform_returns: bool
    permissions: dict[str, Any]


class UserOut(Out):
    """A person of the company's staff."""

    id: int
    rut: str | None
    email: str | None
    name: str
    role: str | None
    role_id: int | None
    is_active: bool
    is_owner: bool
    role_obj: RoleOut | None = None

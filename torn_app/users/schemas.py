"""Staff and roles: what comes in and goes out."""

from typing import Annotated, Any

from pydantic import Field

from torn_app.kernel.fields import Id, In, OptionalEmail, OptionalText, Out, Rut, Text

Password = Annotated[str, Field(min_length=8, max_length=200)]


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


class UserIn(In):
    """A person to let in. Without `role_id` they are VENDEDOR; a new e-mail needs a password."""

    rut: Rut | None = None
    full_name: Text = Field(max_length=100)
    email: OptionalEmail = None
    role_id: Id | None = None
    password: Password | None = None


class UserPatch(In):
    """What changes in a person; fields not sent or empty stay."""

    full_name: OptionalText = Field(default=None, max_length=100)
    email: OptionalEmail = None
    role_id: Id | None = None
    is_active: bool | None = None
    password: Password | None = None


class RolePatch(In):
    """What changes in a role; its name does not. `permissions` replaces the whole map of interface keys."""

    description: OptionalText = None
    can_manage_users: bool | None = None
    can_view_reports: bool | None = None
    can_edit_products: bool | None = None
    can_perform_sales: bool | None = None
    can_perform_returns: bool | None = None
    permissions: dict[Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")], bool] | None = Field(
        default=None, max_length=200
    )

"""What each role of a company may do. Roles are made with the company: their names are fixed."""

from sqlmodel import col, select

from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import ADMINISTRADOR, FLAGS, Permission
from torn_app.users.errors import AdministratorFixed, RoleNotFound
from torn_app.users.models import Role
from torn_app.users.schemas import RoleOut, RolePatch

_FLAG_NAMES = tuple(flag.value for flag in FLAGS)


@use_case(Permission.ADMIN)
def list_roles(work: Work) -> list[RoleOut]:
    """Return all roles, oldest first."""
    return [RoleOut.model_validate(role) for role in work.session.exec(select(Role).order_by(col(Role.id)))]


@use_case(Permission.ADMIN)
def get_role(work: Work, role_id: int) -> RoleOut:
    """Return a role."""
    return RoleOut.model_validate(_find(work, role_id))


@use_case(Permission.ADMIN)
def update_role(work: Work, role_id: int, data: RolePatch) -> RoleOut:
    """Change the fields that were sent; flags and map stay when sent empty.

    A key of the map that is named like a flag always says the same as the flag: the flag is what is enforced.

    Raises:
        RoleNotFound: no such role.
        AdministratorFixed: ADMINISTRADOR would lose something.
    """
    role = _find(work, role_id)
    sent = data.model_dump(exclude_unset=True)
    changes = {name: value for name, value in sent.items() if value is not None or name == "description"}
    if role.name == ADMINISTRADOR:
        lost = [name for name in _FLAG_NAMES if changes.get(name) is False]
        if not all(changes.get("permissions", {}).values()):
            lost.append("permissions")
        if lost:
            raise AdministratorFixed(lost[0])
    role.sqlmodel_update(changes)
    role.permissions = {
        key: getattr(role, key) if key in _FLAG_NAMES else value for key, value in role.permissions.items()
    }
    work.session.add(role)
    work.session.flush()
    return RoleOut.model_validate(role)


def _find(work: Work, role_id: int) -> Role:
    role = work.session.get(Role, role_id, with_for_update={"key_share": True})
    if role is None:
        raise RoleNotFound()
    return role

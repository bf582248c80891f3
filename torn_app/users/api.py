"""Routes of /users and /roles: the people of a company and what they may do."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from torn_app.api.deps import Entry, enter
from torn_app.kernel.fields import MAX_ID
from torn_app.users import people, roles, service
from torn_app.users.schemas import RoleOut, RolePatch, UserIn, UserOut, UserPatch

router = APIRouter(prefix="/users", tags=["users"])
roles_router = APIRouter(prefix="/roles", tags=["roles"])

UserId = Path(ge=0, le=MAX_ID)
RoleId = Path(ge=0, le=MAX_ID)


@router.get("/sellers")
def sellers(entry: Entry = enter(service.list_sellers)) -> list[UserOut]:
    """Personas activas que venden."""
    return entry.run()


@router.get("/")
def users(
    role: Annotated[str | None, Query(max_length=60)] = None, entry: Entry = enter(service.list_users)
) -> list[UserOut]:
    """Personas activas de la empresa; `role` filtra por el nombre exacto del rol."""
    return entry.run(role)


@router.post("/", status_code=201)
def create(body: UserIn, entry: Entry = enter(people.create_user)) -> UserOut:
    """Agrega una persona a la empresa. Un correo que ya está en ella devuelve a esa persona."""
    return entry.run(body)


@router.put("/{user_id}")
def update(body: UserPatch, user_id: int = UserId, entry: Entry = enter(people.update_user)) -> UserOut:
    """Cambia los campos enviados (user_id es el de la lista de esta empresa)."""
    return entry.run(user_id, body)


@router.delete("/{user_id}", status_code=204)
def delete(user_id: int = UserId, entry: Entry = enter(people.delete_user)) -> None:
    """Quita a la persona de la empresa; lo que hizo queda a su nombre."""
    entry.run(user_id)


@roles_router.get("/")
def all_roles(entry: Entry = enter(roles.list_roles)) -> list[RoleOut]:
    """Roles de la empresa. Nacen con ella: no se crean ni se eliminan."""
    return entry.run()


@roles_router.get("/{role_id}")
def role(role_id: int = RoleId, entry: Entry = enter(roles.get_role)) -> RoleOut:
    """Un rol con sus permisos."""
    return entry.run(role_id)


@roles_router.put("/{role_id}")
def update_role(body: RolePatch, role_id: int = RoleId, entry: Entry = enter(roles.update_role)) -> RoleOut:
    """Cambia los campos enviados; el nombre queda."""
    return entry.run(role_id, body)

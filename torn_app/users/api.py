"""Routes of /users: the people of a company."""

from typing import Annotated

from fastapi import APIRouter, Query

from torn_app.api.deps import Entry, enter
from torn_app.users import service
from torn_app.users.schemas import UserOut

router = APIRouter(prefix="/users", tags=["users"])


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

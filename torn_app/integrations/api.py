"""Routes of /api-keys: how programs of the company get in."""

from typing import Annotated

from fastapi import APIRouter, Path

from torn_app.api.deps import Entry, enter
from torn_app.integrations import api_keys
from torn_app.integrations.schemas import ApiKeyCreated, ApiKeyIn, ApiKeyOut
from torn_app.kernel.fields import MAX_ID

router = APIRouter(prefix="/api-keys", tags=["api-keys"])


@router.post("/", status_code=201)
def create(body: ApiKeyIn, entry: Entry = enter(api_keys.create_api_key)) -> ApiKeyCreated:
    """Crea una clave para un programa: `Authorization: Bearer torn_...`. Se muestra esta única vez.

    Actúa a nombre de quien la crea y nunca puede más que esa persona.
    """
    return entry.run(body)


@router.get("/")
def keys(entry: Entry = enter(api_keys.list_api_keys)) -> list[ApiKeyOut]:
    """Claves vigentes, de la más nueva a la más antigua, reconocibles por su comienzo."""
    return entry.run()


@router.delete("/{key_id}", status_code=204)
def revoke(key_id: Annotated[int, Path(ge=0, le=MAX_ID)], entry: Entry = enter(api_keys.revoke_api_key)) -> None:
    """Revoca una clave: deja de servir de inmediato."""
    entry.run(key_id)

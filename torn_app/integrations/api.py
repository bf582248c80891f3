"""Routes of /api-keys and /webhooks: how programs of the company get in, and how they are told."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from torn_app.api.deps import Entry, enter
from torn_app.integrations import api_keys, webhooks
from torn_app.integrations.schemas import (
    ApiKeyCreated,
    ApiKeyIn,
    ApiKeyOut,
    DeliveryOut,
    WebhookCreated,
    WebhookIn,
    WebhookOut,
)
from torn_app.kernel.fields import MAX_ID
from torn_app.kernel.paging import Page

router = APIRouter(prefix="/api-keys", tags=["api-keys"])
webhooks_router = APIRouter(prefix="/webhooks", tags=["webhooks"])

WebhookId = Annotated[int, Path(ge=0, le=MAX_ID)]


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


@webhooks_router.post("/", status_code=201)
def create_webhook(body: WebhookIn, entry: Entry = enter(webhooks.create_webhook)) -> WebhookCreated:
    """Avisa a una dirección lo que pasa en la empresa. El secreto que firma los avisos se muestra esta única vez."""
    return entry.run(body)


@webhooks_router.get("/")
def list_webhooks(entry: Entry = enter(webhooks.list_webhooks)) -> list[WebhookOut]:
    """Direcciones que reciben avisos, de la más nueva a la más antigua."""
    return entry.run()


@webhooks_router.delete("/{webhook_id}", status_code=204)
def delete_webhook(webhook_id: WebhookId, entry: Entry = enter(webhooks.delete_webhook)) -> None:
    """Deja de avisar a una dirección y olvida sus entregas."""
    entry.run(webhook_id)


@webhooks_router.get("/{webhook_id}/deliveries")
def deliveries(
    webhook_id: WebhookId,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int | None, Query(ge=0, le=MAX_ID)] = None,
    entry: Entry = enter(webhooks.list_deliveries),
) -> list[DeliveryOut]:
    """Avisos enviados o por enviar, del más nuevo al más antiguo."""
    return entry.run(webhook_id, Page(skip, limit, after))


@webhooks_router.post("/{webhook_id}/deliveries/{delivery_id}/resend")
def resend(
    webhook_id: WebhookId,
    delivery_id: Annotated[int, Path(ge=0, le=MAX_ID)],
    entry: Entry = enter(webhooks.resend),
) -> DeliveryOut:
    """Envía un aviso otra vez, haya llegado o no."""
    return entry.run(webhook_id, delivery_id)

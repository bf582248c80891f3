"""Webhooks: a company's own programs told of what happens in it, signed, and again until they answer.

What happens writes its deliveries in its own transaction (`infra/events`), each at most once for a webhook; a job
carries them out at least once. The secret is shown when the webhook is made, kept encrypted, and signs every delivery:

    Torn-Signature: t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" with the secret, in hexadecimal>
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from torn_app.company import service as company
from torn_app.infra import crypto, events, outgoing
from torn_app.infra.events import Event
from torn_app.infra.outgoing import AddressRefused
from torn_app.infra.work import Work, use_case
from torn_app.integrations.errors import DeliveryNotFound, WebhookAddressRefused, WebhookNotFound
from torn_app.integrations.models import Webhook, WebhookDelivery, secret_place
from torn_app.integrations.schemas import DeliveryOut, WebhookCreated, WebhookIn, WebhookOut
from torn_app.kernel.paging import Page
from torn_app.kernel.permissions import Permission
from torn_app.settings import get_settings

DELIVER_JOB = "deliver_webhook"
WAITS = (30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600)
"""Seconds to wait after each failed try; after the last one a delivery is given up, until it is sent again by hand."""
PENDING, DELIVERED, FAILED = "PENDIENTE", "ENTREGADA", "FALLIDA"
_SOON = timedelta(seconds=1)
_CLAIM = timedelta(minutes=2)
"""How long one worker has a delivery for itself: longer than a request may take."""
PRUEBA = "PRUEBA"

_hook = Webhook.__table__  # type: ignore[attr-defined]
_delivery = WebhookDelivery.__table__  # type: ignore[attr-defined]
_shown = [_hook.c[name] for name in WebhookOut.model_fields]
_shown_delivery = [_delivery.c[name] for name in DeliveryOut.model_fields]
_ACTIVE = select(_hook.c.id, _hook.c.events).where(_hook.c.is_active)
_WRITE = upsert(_delivery).on_conflict_do_nothing(index_elements=["webhook_id", "event_key"]).returning(_delivery.c.id)
_TAKE = (
    update(_delivery)
    .where(
        _delivery.c.id == bindparam("wanted"),
        _delivery.c.status == PENDING,
        or_(_delivery.c.claimed_until.is_(None), _delivery.c.claimed_until < bindparam("moment")),
        _hook.c.id == _delivery.c.webhook_id,
        _hook.c.is_active,
    )
    .values(claimed_until=bindparam("until"), attempts=_delivery.c.attempts + 1)
    .returning(
        _delivery.c.id,
        _delivery.c.event,
        _delivery.c.event_key,
        _delivery.c.body,
        _hook.c.url,
        _hook.c.secret_encrypted,
    )
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery on its way. Neither body nor secret show in its repr."""

    id: int
    url: str
    body: bytes
    headers: dict[str, str]
    public_only: bool

    def __repr__(self) -> str:
        return f"Outgoing(id={self.id})"


# --- keeping them ----------------------------------------------------------------------------------------------------


@use_case(Permission.ADMIN)
def create_webhook(work: Work, data: WebhookIn) -> WebhookCreated:
    """Have a program told of events. The secret is answered once and cannot be shown again.

    Raises:
        WebhookAddressRefused: an address nothing may be sent to.
    """
    try:
        outgoing.check_address(data.url, public_only=_public_only(work))
    except AddressRefused as refused:
        raise WebhookAddressRefused(str(refused)) from refused
    secret = f"whsec_{secrets.token_urlsafe(32)}"
    row = Webhook(
        url=data.url,
        events=list(dict.fromkeys(data.events)),
        secret_encrypted=crypto.encrypt(work.session.schema, secret_place(data.url), secret.encode()),
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return WebhookCreated(**WebhookOut.model_validate(row).model_dump(), secret=secret)


@use_case(Permission.ADMIN)
def list_webhooks(work: Work) -> list[WebhookOut]:
    """Return the webhooks of the company, newest first."""
    return [
        WebhookOut.model_validate(row) for row in work.connection.execute(select(*_shown).order_by(_hook.c.id.desc()))
    ]


@use_case(Permission.ADMIN)
def delete_webhook(work: Work, webhook_id: int) -> None:
    """Forget a webhook and its deliveries; what waits is not sent any more.

    Raises:
        WebhookNotFound: there is none.
    """
    if not work.connection.execute(delete(_hook).where(_hook.c.id == webhook_id)).rowcount:
        raise WebhookNotFound(id=webhook_id)


@use_case(Permission.ADMIN)
def list_deliveries(work: Work, webhook_id: int, page: Page) -> list[DeliveryOut]:
    """Return what was sent to a webhook, or should be, newest first.

    Raises:
        WebhookNotFound: there is none.
    """
    if work.connection.execute(select(_hook.c.id).where(_hook.c.id == webhook_id)).first() is None:
        raise WebhookNotFound(id=webhook_id)
    query = select(*_shown_delivery).where(_delivery.c.webhook_id == webhook_id).order_by(_delivery.c.id.desc())
    if page.after is not None:
        query = query.where(_delivery.c.id < page.after)
    rows = work.connection.execute(query.offset(page.skip).limit(page.limit))
    return [DeliveryOut.model_validate(row) for row in rows]


@use_case(Permission.ADMIN)
def resend(work: Work, webhook_id: int, delivery_id: int) -> DeliveryOut:
    """Send a delivery again, whatever became of it. One that is being sent right now is looked at after that.

    Raises:
        DeliveryNotFound: there is none.
    """
    again = (
        update(_delivery)
        .where(_delivery.c.id == delivery_id, _delivery.c.webhook_id == webhook_id)
        .values(status=PENDING, attempts=0, next_attempt_at=work.now)
        .returning(*_shown_delivery)
    )
    row = work.connection.execute(again).first()
    if row is None:
        raise DeliveryNotFound(id=delivery_id)
    work.enqueue(DELIVER_JOB, delivery_id=delivery_id)
    return DeliveryOut.model_validate(row)


# --- writing down and sending ----------------------------------------------------------------------------------------


@events.listen
def record(work: Work, happened: Sequence[Event]) -> None:
    """Write the deliveries of events in the transaction of the events. One query when nobody listens."""
    wanted = {event.name for event in happened}
    hooks = [hook for hook in work.connection.execute(_ACTIVE) if wanted & set(hook.events)]
    for hook in hooks:
        for event in happened:
            if event.name in hook.events:
                _write(work, hook.id, event)


def take(work: Work, delivery_id: int) -> Outgoing | None:
    """Claim a delivery that waits and return it signed; None when it is done, gone, or in other hands."""
    values = {"wanted": delivery_id, "moment": work.now, "until": work.now + _CLAIM}
    row = work.connection.execute(_TAKE, values).first()
    if row is None:
        _come_back(work, delivery_id)
        return None
    secret = crypto.decrypt(work.session.schema, secret_place(row.url), row.secret_encrypted)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Torn-Webhooks/1",
        "Torn-Event": row.event,
        "Torn-Event-Id": row.event_key,
        "Torn-Signature": sign(secret, row.body.encode(), work.now),
    }
    return Outgoing(row.id, row.url, row.body.encode(), headers, _public_only(work))


def _come_back(work: Work, delivery_id: int) -> None:
    """See to it that a delivery in other hands is looked at again: whoever has it may have died with it."""
    claimed = work.connection.execute(
        select(_delivery.c.claimed_until).where(_delivery.c.id == delivery_id, _delivery.c.status == PENDING)
    ).scalar()
    if claimed is not None:
        work.enqueue(DELIVER_JOB, wait=max(claimed - work.now, timedelta()) + _SOON, delivery_id=delivery_id)


def settle(work: Work, delivery_id: int, status: int | None, said: str) -> None:
    """Write what came of a try: done, again later, or given up. `status` None: nobody answered."""
    row = work.connection.execute(
        select(_delivery.c.attempts, _delivery.c.status).where(_delivery.c.id == delivery_id).with_for_update()
    ).first()
    if row is None or row.status != PENDING:
        return
    outcome: dict[str, object] = {"response_status": status, "response": said, "claimed_until": None}
    if status is not None and 200 <= status < 300:
        outcome |= {"status": DELIVERED, "delivered_at": work.now, "next_attempt_at": None}
    elif row.attempts > len(WAITS):
        outcome |= {"status": FAILED, "next_attempt_at": None}
    else:
        wait = timedelta(seconds=WAITS[row.attempts - 1])
        outcome |= {"next_attempt_at": work.now + wait}
        work.enqueue(DELIVER_JOB, wait=wait, delivery_id=delivery_id)
    work.connection.execute(update(_delivery).where(_delivery.c.id == delivery_id).values(outcome))


def sign(secret: bytes, body: bytes, moment: datetime) -> str:
    """Return the header that proves who sent a body, and when."""
    seconds = int(moment.timestamp())
    code = hmac.new(secret, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={code}"


def _write(work: Work, webhook_id: int, event: Event) -> None:
    body = {
        "id": event.key,
        "event": event.name,
        "created_at": work.now.isoformat().replace("+00:00", "Z"),
        "rut_emisor": company.get_issuer_row(work).rut,
        "data": dict(event.data),
    }
    values = {
        "webhook_id": webhook_id,
        "event": event.name,
        "event_key": event.key,
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        "status": PENDING,
        "attempts": 0,
        "next_attempt_at": work.now,
        "created_at": work.now,
    }
    written = work.connection.execute(_WRITE, values).scalar()
    if written is not None:
        work.enqueue(DELIVER_JOB, delivery_id=written)


def _public_only(work: Work) -> bool:
    """Whoever only tries Torn out on their own machine may receive there. A server on the internet has secrets next
    to it that a company must not reach through it, in any mode."""
    return company.get_issuer_row(work).ambiente != PRUEBA or get_settings().in_production

"""Idempotency: the same request twice does one thing and gets one answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from torn_app.infra.crypto import decrypt, encrypt, fingerprint, fingerprint_under, former_fingerprint_key, key_name
from torn_app.infra.sealed import is_kept
from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import Work
from torn_app.integrations.models import FormerFingerprintKey, IdempotencyKey, answer_place, fingerprint_key_place
from torn_app.kernel.errors import Conflict
from torn_app.settings import get_settings

_keys = IdempotencyKey.__table__  # type: ignore[attr-defined]
_former_keys = FormerFingerprintKey.__table__  # type: ignore[attr-defined]


class KeyReused(Conflict):
    """The same key came with another content."""

    message = "La clave de idempotencia ya se usó con un contenido distinto."


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer: HTTP status and JSON bytes. `replayed` when it is the stored one of an earlier request."""

    status: int
    body: bytes
    replayed: bool = False
    sale_id: int | None = None


def answer_once(work: Work, route: str, key: str, content: bytes, produce: Callable[[], Answer]) -> Answer:
    """Produce the answer of a keyed request, or return the one already given.

    The key row lives in the transaction of what the request does: a refusal takes it back, so that the client may
    correct and repeat. A second request with the same key waits at the unique key until the first has committed.

    `content` is what the request asks for. Only its fingerprint is kept, and the answer encrypted: either may carry a
    password or a fresh secret.

    Raises:
        KeyReused: the key was used with another content.
    """
    schema, place = work.actor.schema, answer_place(route, key)
    body_hash = fingerprint(schema, content)
    claimed = work.session.execute(
        pg_insert(_keys)
        .values(route=route, key=key, body_hash=body_hash, created_at=work.now)
        .on_conflict_do_nothing()
        .returning(_keys.c.key)
    ).first()
    mine = (_keys.c.route == route) & (_keys.c.key == key)
    if claimed is None:
        row = work.session.execute(select(_keys).where(mine)).one()
        if row.body_hash != body_hash and row.body_hash not in _former_fingerprints(work, content):
            raise KeyReused()
        return Answer(row.status, decrypt(schema, place, row.response), replayed=True, sale_id=row.sale_id)
    answer = produce()
    work.session.execute(
        update(_keys)
        .where(mine)
        .values(status=answer.status, response=encrypt(schema, place, answer.body), sale_id=answer.sale_id)
    )
    return answer


def keep_former_fingerprint_key(session: TenantSession, now: datetime) -> None:
    """Keep the key of this company's fingerprints under TORN_SECRET_KEY_FORMER, before that is forgotten."""
    former, key = get_settings().former_secret_key, former_fingerprint_key(session.schema)
    if former is None or key is None:
        return
    name = key_name(former)
    kept = encrypt(session.schema, fingerprint_key_place(name), key)
    session.connection().execute(
        pg_insert(_former_keys)
        .values(key_name=name, key_encrypted=kept, created_at=now)
        .on_conflict_do_nothing(index_elements=["key_name"])
    )


def _former_fingerprints(work: Work, content: bytes) -> set[str]:
    """Return what the fingerprint of bytes was under each TORN_SECRET_KEY of before."""
    schema = work.session.schema
    keys = [
        decrypt(schema, fingerprint_key_place(row.key_name), row.key_encrypted)
        for row in work.connection.execute(select(_former_keys).where(is_kept(_former_keys.c.key_encrypted)))
    ]
    key = former_fingerprint_key(schema)
    return {fingerprint_under(former, content) for former in ([*keys, key] if key else keys)}

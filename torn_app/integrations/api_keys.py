"""API keys: a company's programs at the door of the API.

A key names its company (`torn_<company>_<random>`), so that it is looked up in that company's own table and nowhere
else. It acts as the person who made it, with the key's permissions as far as that person still has them: when they
leave the company or lose a permission, so do their keys.
"""

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from torn_app.auth import service as auth
from torn_app.auth.errors import NotAMember
from torn_app.infra.tenancy import bind_tenant
from torn_app.infra.work import Actor, Authenticate, Work, use_case
from torn_app.integrations.errors import ApiKeyNotFound
from torn_app.integrations.models import ApiKey
from torn_app.integrations.schemas import ApiKeyCreated, ApiKeyIn, ApiKeyOut
from torn_app.kernel.errors import NotAllowed, NotAuthenticated
from torn_app.kernel.permissions import FLAGS, Permission
from torn_app.saas.models import Tenant

PREFIX = "torn_"
_SHAPE = re.compile(r"^torn_([0-9]{1,18})_[A-Za-z0-9_-]{43}\Z", re.ASCII)
_SHOWN = 6
"""Characters of the random part that stay visible."""
USE_NOTED_EVERY = timedelta(minutes=1)
"""How exact `last_used_at` is: writing it at every request would cost a write per read."""

_key = ApiKey.__table__  # type: ignore[attr-defined]
_tenant = Tenant.__table__  # type: ignore[attr-defined]
_shown = [_key.c[name] for name in ApiKeyOut.model_fields]


@use_case(Permission.ADMIN)
def create_api_key(work: Work, data: ApiKeyIn) -> ApiKeyCreated:
    """Make a key that acts as the caller. It is answered once and cannot be shown again.

    Raises:
        NotAllowed: a permission the caller does not have.
    """
    if not all(work.actor.may(flag) for flag in data.permissions):
        raise NotAllowed()
    start = f"{PREFIX}{work.actor.tenant_id}_"
    key = start + secrets.token_urlsafe(32)
    row = ApiKey(
        name=data.name,
        prefix=key[: len(start) + _SHOWN],
        key_hash=_hash(key),
        permissions=[flag.value for flag in FLAGS if flag in data.permissions],
        created_by=work.actor.account_id,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    return ApiKeyCreated(**ApiKeyOut.model_validate(row).model_dump(), key=key)


@use_case(Permission.ADMIN)
def list_api_keys(work: Work) -> list[ApiKeyOut]:
    """Return the keys in force, newest first."""
    rows = work.connection.execute(select(*_shown).where(_key.c.revoked_at.is_(None)).order_by(_key.c.id.desc()))
    return [ApiKeyOut.model_validate(row) for row in rows]


@use_case(Permission.ADMIN)
def revoke_api_key(work: Work, key_id: int) -> None:
    """End a key at once.

    Raises:
        ApiKeyNotFound: there is none, or it had ended.
    """
    ended = work.connection.execute(
        update(_key).where(_key.c.id == key_id, _key.c.revoked_at.is_(None)).values(revoked_at=work.now)
    )
    if not ended.rowcount:
        raise ApiKeyNotFound(id=key_id)


def is_api_key(token: str) -> bool:
    """Tell a key from an access token (whose alphabet begins every token with `ey`)."""
    return token.startswith(PREFIX)


def actor_by_api_key(key: str, tenant_id: int | None) -> Authenticate:
    """Authenticate a key inside the company a request names; None is the key's own.

    Raises (when run):
        NotAuthenticated: unknown or revoked, or its maker is not in the company any more.
        NotAMember: the key of another company.
    """

    def authenticate(connection: Connection, now: datetime) -> Actor:
        shape = _SHAPE.match(key)
        own = int(shape.group(1)) if shape else 0
        schema = connection.execute(select(_tenant.c.schema_name).where(_tenant.c.id == own)).scalar_one_or_none()
        if schema is None:
            raise NotAuthenticated()
        bind_tenant(connection, schema)
        row = connection.execute(select(_key).where(_key.c.key_hash == _hash(key), _key.c.revoked_at.is_(None))).first()
        if row is None:
            raise NotAuthenticated()
        if tenant_id not in (None, own):
            raise NotAMember()
        try:
            maker = auth.actor_by_account(row.created_by, own)(connection, now)
        except NotAMember:
            raise NotAuthenticated() from None
        if row.last_used_at is None or row.last_used_at <= now - USE_NOTED_EVERY:
            _note_use(connection, row.id, now)
        allowed = frozenset(flag for flag in FLAGS if flag.value in row.permissions and maker.may(flag))
        return replace(maker, is_superuser=False, role_name=f"API {row.name}", permissions=allowed)

    return authenticate


def _note_use(connection: Connection, key_id: int, now: datetime) -> None:
    # Requests of one key come in parallel: who finds another one writing this leaves it to that one.
    free = select(_key.c.id).where(_key.c.id == key_id).with_for_update(skip_locked=True)
    connection.execute(update(_key).where(_key.c.id.in_(free)).values(last_used_at=now))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

"""The canary: a few bytes encrypted under TORN_SECRET_KEY, opened at every start.

A process that came up with another key would sell until the first stamp, and write secrets nobody can open later. So a
wrong key does not start at all. There is one row for each key that anything may still be encrypted under: one, and two
while the key is being changed (`launch/rotation.py`).
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, text
from sqlmodel import Field

from torn_app.infra import columns, crypto
from torn_app.infra.crypto import CannotDecrypt
from torn_app.infra.db import APPLICATION, engine
from torn_app.infra.sealed import SEALED
from torn_app.infra.tenancy import GlobalTable, bind_tenant
from torn_app.kernel import clock
from torn_app.settings import get_settings

_PLACE = "secret_canary"
_SINGS = b"still alive"
_LOCK = 7_402_118
"""Advisory lock: of the processes of a first start one writes the canary."""
_ROTATE = "python -m torn_app.launch rotate-key"


class SecretCanary(GlobalTable, table=True):
    """A TORN_SECRET_KEY that something of this database is encrypted under."""

    __tablename__ = "secret_canary"

    key_name: str = Field(primary_key=True)
    sealed: bytes
    created_at: datetime = columns.moment()


_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND starts_with(application_name, :torn) AND application_name <> :ours"
)
_canary = SecretCanary.__table__  # type: ignore[attr-defined]


class WrongSecret(RuntimeError):
    """This process must not start with the keys it was given. The message says why and what to do, in two languages."""


def check() -> None:
    """Refuse to go on unless everything stored opens with the keys of the settings. The first start writes the canary.

    With TORN_SECRET_KEY_FORMER set to the key in use, TORN_SECRET_KEY comes into use beside it.

    Raises:
        WrongSecret: they are not the keys of this database, or the key is to change while others work with it.
    """
    settings = get_settings()
    with engine().begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        names = _open_all(connection)
        if not names:
            _try_what_is_there(connection)
            first = settings.former_secret_key or settings.secret_key
            _write(connection, first)
            names = {crypto.key_name(first)}
        if crypto.key_name(settings.secret_key) not in names:
            refuse_others()
            _write(connection, settings.secret_key)


@asynccontextmanager
async def only_with_its_key() -> AsyncIterator[None]:
    """Serve only when `check` passes: a server started by itself, without `torn_app.launch`, must not either."""
    try:
        await asyncio.to_thread(check)
    except WrongSecret as error:
        sys.stderr.write(f"Torn: {error}\n")
        sys.stderr.flush()
        os._exit(1)  # raised from here it would be told as a traceback
    yield


def refuse_others() -> None:
    """Refuse to go on while a process of Torn works with another key: it would encrypt behind our back.

    Connections of a process that ended just now are given a moment to go.

    Raises:
        WrongSecret: one does.
    """
    ours = f"{APPLICATION}{crypto.key_name(get_settings().secret_key)}"
    for last in (*[False] * 30, True):
        with engine().connect() as connection:
            if not connection.execute(_OTHERS, {"torn": APPLICATION, "ours": ours}).scalar_one():
                return
        if not last:
            time.sleep(0.1)
    raise WrongSecret(
        "Hay un Torn en marcha con otra TORN_SECRET_KEY: detenlo antes de cambiarla / "
        "A Torn is running with another TORN_SECRET_KEY: stop it before changing it"
    )


def is_settled() -> bool:
    """Whether nothing is under another key than TORN_SECRET_KEY any more."""
    with engine().begin() as connection:
        rows = connection.execute(select(_canary.c.key_name)).scalars()
        return list(rows) == [crypto.key_name(get_settings().secret_key)]


def start_anew() -> None:
    """Say that the former keys are lost: from now on TORN_SECRET_KEY is the key of this database."""
    with engine().begin() as connection:
        connection.execute(delete(_canary))
        _write(connection, get_settings().secret_key)


def settle() -> None:
    """Say that nothing is under another key than TORN_SECRET_KEY any more."""
    current = crypto.key_name(get_settings().secret_key)
    with engine().begin() as connection:
        connection.execute(delete(_canary).where(_canary.c.key_name != current))


def _open_all(connection: Connection) -> set[str]:
    rows = connection.execute(select(_canary)).all()
    strange = [row for row in rows if not _sings(row.sealed)]
    if strange:
        raise WrongSecret(_reason(opened=len(rows) - len(strange)))
    return {row.key_name for row in rows}


def _sings(sealed: bytes) -> bool:
    try:
        return crypto.decrypt("public", _PLACE, bytes(sealed)) == _SINGS
    except CannotDecrypt:
        return False


def _reason(*, opened: int) -> str:
    if opened:
        return (
            "El cambio de TORN_SECRET_KEY está a medias y falta una de sus dos claves: pon la nueva en TORN_SECRET_KEY "
            f"y la anterior en TORN_SECRET_KEY_FORMER, y ejecuta: {_ROTATE} / "
            "The change of TORN_SECRET_KEY is half done and one of its two keys is missing: put the new one in "
            f"TORN_SECRET_KEY and the former one in TORN_SECRET_KEY_FORMER, and run: {_ROTATE}"
        )
    return (
        "TORN_SECRET_KEY no es la clave con que se cifró esta base de datos: vuelve a poner la de antes; para "
        "cambiarla, pon la de antes en TORN_SECRET_KEY_FORMER y ejecuta "
        f"{_ROTATE}; si se perdió, lee {_ROTATE} --help / "
        "TORN_SECRET_KEY is not the key this database was encrypted with: put the former one back; to change it, "
        f"put the former one in TORN_SECRET_KEY_FORMER and run {_ROTATE}; if it is lost, read {_ROTATE} --help"
    )


def _write(connection: Connection, secret: str) -> None:
    name = crypto.key_name(secret)
    sealed = crypto.encrypt_under(secret, "public", _PLACE, _SINGS)
    connection.execute(insert(_canary).values(key_name=name, sealed=sealed, created_at=clock.now()))


def _try_what_is_there(connection: Connection) -> None:
    """A database older than the canary: what it holds must open before a canary vouches for the key."""
    import torn_app.infra.schema  # noqa: F401  (all tables; here, because it imports this module)

    schemas: Iterable[str] = connection.execute(text("SELECT schema_name FROM public.tenant ORDER BY id")).scalars()
    for schema in list(schemas):
        bind_tenant(connection, schema)
        for kind in SEALED:
            column = kind.table.c[kind.column]
            row = connection.execute(select(kind.table).where(column.is_not(None)).limit(1)).first()
            if row is not None:
                try:
                    crypto.decrypt(schema, kind.place(row), bytes(row._mapping[kind.column]))
                except CannotDecrypt as error:
                    raise WrongSecret(_reason(opened=0)) from error

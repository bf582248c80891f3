"""Changing TORN_SECRET_KEY: everything encrypted under the former one is encrypted again under the new one.

Torn may serve meanwhile, started with both keys: it opens what either encrypted and encrypts under the new one. Company
by company, some rows in a transaction; killed in the middle and run again it goes on with what is left, which it tells
by the name of the key each ciphertext begins with. Only when nothing is left is the former key forgotten, and from
then on refused (`infra/canary.py`).
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import LargeBinary, Row, func, literal, select, text, tuple_, update

from torn_app.folios import uses
from torn_app.folios.models import CafRange, SigningCertificate
from torn_app.folios.uses import TORN, Purpose
from torn_app.infra import canary, crypto
from torn_app.infra.canary import WrongSecret
from torn_app.infra.crypto import CannotDecrypt
from torn_app.infra.db import engine
from torn_app.infra.sealed import LOST, SEALED, Sealed
from torn_app.infra.tenancy import TenantSession
from torn_app.integrations import service as integrations
from torn_app.kernel import clock
from torn_app.settings import get_settings

HELP = """\
python -m torn_app.launch rotate-key

Cambia TORN_SECRET_KEY y cifra de nuevo con ella todo lo que se guarda cifrado. / Changes TORN_SECRET_KEY and encrypts
again under it everything that is stored encrypted.

1. Detén todo Torn y guarda un respaldo. Inventa la clave nueva (32 caracteres o más). / Stop every Torn and make a
   backup. Make up the new key (32 characters or more).
2. TORN_SECRET_KEY = la nueva, TORN_SECRET_KEY_FORMER = la anterior. Torn puede volver a partir así, con ambas. En
   desarrollo la anterior está en .torn/secret. / TORN_SECRET_KEY = the new one, TORN_SECRET_KEY_FORMER = the former
   one. Torn may start again like that, with both. In development the former one is in .torn/secret.
3. Ejecuta esta orden con ambas variables. Si se interrumpe, ejecútala de nuevo: sigue donde quedó. / Run this command
   with both variables. If it is interrupted run it again: it goes on where it was.
4. Cuando diga que terminó, quita TORN_SECRET_KEY_FORMER (y en desarrollo escribe la nueva en .torn/secret). Desde
   entonces la anterior ya no sirve; todas las personas entran otra vez. / When it says it is done take
   TORN_SECRET_KEY_FORMER away (in development write the new one to .torn/secret). From then on the former one is
   refused, and everybody logs in again.

python -m torn_app.launch rotate-key --lost

Solo si la clave anterior se perdió: deja de lado lo que no se abre con TORN_SECRET_KEY. Carga de nuevo el certificado y
los CAF (los mismos archivos siguen donde quedaron); crea otra vez los webhooks. Si la clave aparece, la orden sin
--lost lo recupera. / Only if the former key is lost: puts aside what does not open with TORN_SECRET_KEY. Load the
certificate and the CAF files again (the same files go on where they were); make the webhooks again. Should the key be
found, the command without --lost brings it all back.
"""
_BATCH = 200
"""Rows encrypted again in one transaction: their locks are short."""
_KEYS_OF: dict[str, str] = {
    CafRange.__tablename__: "caf_range_id",
    SigningCertificate.__tablename__: "certificate_id",
}
"""Tables whose rows are private keys -> what names one among the uses of keys."""


class CannotRotate(RuntimeError):
    """The key is not changed, or not wholly. The message says why and what to do."""


@dataclass(slots=True)
class Progress:
    """What has been done."""

    encrypted: int = 0
    unreadable: list[str] = field(default_factory=list)
    """Places that open with neither key."""


def main(*, lost: bool) -> int:
    """Run the command, with the database ready. Gives the exit status."""
    try:
        if lost:
            count = give_up(lambda told: print(told, flush=True))
            print(f"Listo: {count} datos quedaron de lado. Carga de nuevo certificados y CAF, y crea los webhooks.")
            print(f"Done: {count} values were put aside. Load certificates and CAF files, and make the webhooks again.")
        else:
            count = rotate(lambda told: print(told, flush=True)).encrypted
            print(f"Listo: {count} datos cifrados de nuevo. Quita TORN_SECRET_KEY_FORMER: esa clave ya no sirve.")
            print(f"Done: {count} values encrypted again. Take TORN_SECRET_KEY_FORMER away: that key is refused.")
    except (CannotRotate, WrongSecret) as error:
        print(f"Torn: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


def rotate(tell: Callable[[str], None]) -> Progress:
    """Encrypt everything again that is not under TORN_SECRET_KEY. `tell` hears of each company.

    Raises:
        CannotRotate: the former key is missing, or something opens with neither.
        WrongSecret: others work with the former key alone.
    """
    if get_settings().former_secret_key is None and not canary.is_settled():
        raise CannotRotate("falta TORN_SECRET_KEY_FORMER, la clave anterior / TORN_SECRET_KEY_FORMER is not set")
    canary.refuse_others()
    done = Progress()
    for schema in _schemas():
        before = done.encrypted
        with engine().begin() as connection, TenantSession(connection, schema) as session:
            integrations.keep_former_fingerprint_key(session, clock.now())
        for kind in SEALED:
            for batch in _batches(schema, kind, partial(_encrypt_again, done=done)):
                done.encrypted += batch
        tell(f"{schema}: {done.encrypted - before}")
    canary.refuse_others()
    if done.unreadable:
        raise CannotRotate(
            f"{len(done.unreadable)} datos no se abren con ninguna de las dos claves y quedan como están; para "
            "dejarlos de lado, quita TORN_SECRET_KEY_FORMER y ejecuta rotate-key --lost. / "
            f"{len(done.unreadable)} values open with neither key and stay as they are; to put them aside take "
            f"TORN_SECRET_KEY_FORMER away and run rotate-key --lost. ({', '.join(done.unreadable[:5])})"
        )
    canary.settle()
    return done


def give_up(tell: Callable[[str], None]) -> int:
    """Put aside what opens with no key we have, and start anew with TORN_SECRET_KEY. Returns how many values it was.

    Nothing is erased: what is put aside is marked, and `rotate` with the right former key brings it back.

    Raises:
        CannotRotate: there is a former key, so nothing is lost.
        WrongSecret: others work with another key.
    """
    if get_settings().former_secret_key is not None:
        raise CannotRotate("--lost va sin TORN_SECRET_KEY_FORMER / --lost goes without TORN_SECRET_KEY_FORMER")
    canary.refuse_others()
    lost = 0
    for schema in _schemas():
        here = sum(batch for kind in SEALED for batch in _batches(schema, kind, _put_aside))
        tell(f"{schema}: {here}")
        lost += here
    canary.start_anew()
    return lost


def _schemas() -> list[str]:
    with engine().connect() as connection:
        return list(connection.execute(text("SELECT schema_name FROM public.tenant ORDER BY id")).scalars())


Act = Callable[[TenantSession, Sealed, Row[Any]], bool]
"""What is done with a row whose value is not under TORN_SECRET_KEY; whether anything was."""


def _batches(schema: str, kind: Sealed, act: Act) -> Iterator[int]:
    """Go through what of a column is not under TORN_SECRET_KEY, a transaction for each batch; yield how many rows were
    changed."""
    table, column = kind.table, kind.table.c[kind.column]
    key = list(table.primary_key.columns)
    head = crypto.current_head()
    stale = select(table).where(func.substr(column, 1, len(head)) != literal(head, LargeBinary)).order_by(*key)
    last: tuple[Any, ...] | None = None
    while True:
        with engine().begin() as connection, TenantSession(connection, schema) as session:
            after = stale if last is None else stale.where(tuple_(*key) > last)
            rows = connection.execute(after.limit(_BATCH).with_for_update()).all()
            if not rows:
                return
            last = tuple(rows[-1]._mapping[part.name] for part in key)
            changed = [row for row in rows if act(session, kind, row)]
        yield len(changed)


def _encrypt_again(session: TenantSession, kind: Sealed, row: Row[Any], done: Progress) -> bool:
    place, stored = kind.place(row), bytes(row._mapping[kind.column])
    try:
        plain = crypto.decrypt(session.schema, place, stored.removeprefix(LOST))
    except CannotDecrypt:
        if not stored.startswith(LOST):
            done.unreadable.append(f"{session.schema}:{place}")
        return False
    _write(session, kind, row, {kind.column: crypto.encrypt(session.schema, place, plain)})
    names = _KEYS_OF.get(kind.table.name)
    if names:
        uses.record(session, clock.now(), Purpose.ROTACION, TORN, **{names: row._mapping["id"]})
    return True


def _put_aside(session: TenantSession, kind: Sealed, row: Row[Any]) -> bool:
    stored = bytes(row._mapping[kind.column])
    if stored.startswith(LOST):
        return False
    try:
        crypto.decrypt(session.schema, kind.place(row), stored)
        return False
    except CannotDecrypt:
        _write(session, kind, row, {kind.column: LOST + stored, **kind.when_lost})
    return True


def _write(session: TenantSession, kind: Sealed, row: Row[Any], values: Mapping[str, object]) -> None:
    this = [part == row._mapping[part.name] for part in kind.table.primary_key.columns]
    session.connection().execute(update(kind.table).where(*this).values(dict(values)))

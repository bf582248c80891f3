"""One unit of work for every door: authenticate, call one use case, commit or take everything back.

API routes, screens and jobs all come through here, so a business rule never sees how it was reached. This is the
only place that commits.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from torn_app.infra.db import engine
from torn_app.infra.jobs import defer
from torn_app.infra.tenancy import GlobalSession, TenantSession, bind_tenant
from torn_app.kernel import clock
from torn_app.kernel.errors import AdminRequired, Conflict, NotAllowed, TornError, Unavailable
from torn_app.kernel.permissions import Permission

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts inside a company, re-read from the database at every request."""

    account_id: int
    email: str
    name: str
    is_superuser: bool
    tenant_id: int
    schema: str
    role_name: str
    permissions: frozenset[Permission]
    staff_id: int | None
    """Row of the person in the company's staff. None for a member whose row is missing."""
    is_support: bool = False
    """Platform staff acting as the hidden support user of the company."""

    @property
    def is_admin(self) -> bool:
        """Whether this is the ADMINISTRADOR of the company, or platform staff acting as one."""
        return Permission.ADMIN in self.permissions

    def may(self, permission: Permission) -> bool:
        """Tell whether the actor holds a permission. An administrator holds all, a member MEMBER."""
        return permission is Permission.MEMBER or self.is_admin or permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Refuse an actor without the permission, in the words of the contract."""
        if not self.may(permission):
            raise AdminRequired() if permission is Permission.ADMIN else NotAllowed()


@dataclass(frozen=True, slots=True)
class AccountActor:
    """A person of the platform, outside any company."""

    account_id: int
    email: str
    is_superuser: bool


@dataclass(slots=True)
class Work:
    """What a use case of a company receives first: one transaction, one company, one person, one instant."""

    session: TenantSession
    actor: Actor
    now: datetime
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    @property
    def connection(self) -> Connection:
        """The connection of this transaction, for statements that need no objects. What the session still holds must
        be flushed before."""
        return self.session.connection()

    @property
    def today(self) -> date:
        """Today's date in Chile."""
        return clock.santiago_date(self.now)

    def enqueue(self, task: str, *, wait: timedelta | None = None, **arguments: str | int | None) -> None:
        """Queue a job in this transaction: it exists if and only if the work commits. With `wait` it is done later."""
        at = self.now + wait if wait else None
        defer(self.session.connection(), task, {"schema": self.session.schema, **arguments}, at)


@dataclass(slots=True)
class PlatformWork:
    """What a use case outside the companies receives first."""

    session: GlobalSession
    actor: AccountActor | None
    now: datetime


class UseCase(Protocol[P, R_co]):
    """A service function that says by itself who may call it."""

    requires: Permission
    __name__: str

    def __call__(self, work: Work, *args: P.args, **kwargs: P.kwargs) -> R_co: ...


def use_case(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Work, P], R]], UseCase[P, R]]:
    """Mark a service function as callable from outside by those who hold `permission`.

    The check runs on every call, whichever door it came through; API and screens read the mark to refuse early.
    """

    def mark(function: Callable[Concatenate[Work, P], R]) -> UseCase[P, R]:
        @wraps(function)
        def checked(work: Work, *args: P.args, **kwargs: P.kwargs) -> R:
            work.actor.require(permission)
            return function(work, *args, **kwargs)

        checked.requires = permission  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return mark


Authenticate = Callable[[Connection, datetime], Actor]
AuthenticateAccount = Callable[[Connection, datetime], AccountActor | None]


def run(authenticate: Authenticate, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """Run a use case in a transaction of the actor's company and commit it.

    A deadlock, a serialisation failure or a unique violation (a double click) is tried once more: the second time
    the use case sees what the other one wrote and refuses by name. So is a connection lost before the commit.

    Raises:
        TornError: what authentication or the use case refused. Nothing was changed then.
    """

    return run_at(None, authenticate, function, *args, **kwargs)


def run_at(
    moment: datetime | None, authenticate: Authenticate, function: Callable[..., R], *args: Any, **kwargs: Any
) -> R:
    """The same at a given moment instead of now (aware UTC): for demonstration data and tests."""

    def once(connection: Connection) -> R:
        now = moment or clock.now()
        actor = authenticate(connection, now)
        with TenantSession(connection, actor.schema) as session:
            work = Work(session, actor, now)
            result = function(work, *args, **kwargs)
            session.flush()
            _commit(connection)
        for action in work.after_commit:
            action()
        return result

    return _twice(once)


def run_platform(authenticate: AuthenticateAccount, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """Run a use case outside the companies in one transaction and commit it. Same promises as `run`."""

    def once(connection: Connection) -> R:
        now = clock.now()
        actor = authenticate(connection, now)
        with GlobalSession(bind=connection, expire_on_commit=False, autoflush=False) as session:
            result = function(PlatformWork(session, actor, now), *args, **kwargs)
            session.flush()
            _commit(connection)
        return result

    return _twice(once)


class Batch:
    """Use cases at moments of one's choice, in one transaction: all of them happen or none does (see `batch`)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.after_commit: list[Callable[[], None]] = []

    def run(
        self, moment: datetime, authenticate: Authenticate, function: Callable[..., R], *args: Any, **kwargs: Any
    ) -> R:
        """Run a use case of a company at `moment` (aware UTC), as `run` would have then."""
        actor = authenticate(self._connection, moment)
        with TenantSession(self._connection, actor.schema) as session:
            work = Work(session, actor, moment, self.after_commit)
            result = function(work, *args, **kwargs)
            session.flush()
        return result

    def run_platform(self, moment: datetime, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Run a use case outside the companies at `moment`, with nobody acting but the system itself."""
        with GlobalSession(bind=self._connection, expire_on_commit=False, autoflush=False) as session:
            result = function(PlatformWork(session, None, moment), *args, **kwargs)
            session.flush()
        return result


@contextmanager
def batch() -> Iterator[Batch]:
    """Run several use cases in one transaction, committed when the block ends well and taken back otherwise.

    For making a whole company with a past, which must not stay half made. It keeps every lock until the end.
    """
    with engine().begin() as connection:
        current = Batch(connection)
        yield current
    for action in current.after_commit:
        action()


def run_job(schema: str, function: Callable[..., R], *args: Any, **kwargs: Any) -> R:
    """Run a queued job inside a company, with nobody acting but the system itself."""

    def authenticate(connection: Connection, _now: datetime) -> Actor:
        bind_tenant(connection, schema)
        return Actor(
            account_id=0,
            email="",
            name="Torn",
            is_superuser=False,
            tenant_id=0,
            schema=schema,
            role_name="",
            permissions=frozenset(),
            staff_id=None,
        )

    return run(authenticate, function, *args, **kwargs)


@contextmanager
def tenant_of(work: PlatformWork, schema: str) -> Iterator[TenantSession]:
    """Enter a company's tables inside a platform transaction (making or maintaining the company)."""
    connection = work.session.connection()
    work.session.flush()
    session = TenantSession(connection, schema)
    try:
        yield session
        session.flush()
    finally:
        session.close()


_RETRY = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, psycopg.errors.UniqueViolation)


class DatabaseUnavailable(Unavailable):
    """The connection was lost, or could not be made, before anything was committed."""

    message = "La base de datos no respondió. No se guardó nada: vuelve a intentarlo."


class OutcomeUnknown(Unavailable):
    """The connection was lost while committing: it may have happened or not."""

    message = "La base de datos no confirmó lo que pediste. Revisa si quedó guardado antes de repetirlo."


def _commit(connection: Connection) -> None:
    raw = connection.connection.driver_connection
    try:
        connection.commit()
    except DBAPIError as error:
        if _is_lost(raw):
            raise OutcomeUnknown() from error
        raise


def _twice(once: Callable[[Connection], R]) -> R:
    for last in (False, True):
        with _connect() as connection:
            raw = connection.connection.driver_connection
            try:
                return once(connection)
            except TornError:
                raise
            except Exception as error:
                if _is_lost(raw):
                    # Not `error`'s own word: the queue speaks to the driver directly and has errors of its own.
                    connection.invalidate()
                    # Connections are not tried out before each use; where one died the others in the pool did too.
                    engine().dispose()
                    if last:
                        raise DatabaseUnavailable() from error
                    continue
                if not isinstance(error, DBAPIError):
                    raise
                connection.rollback()
                blocked = isinstance(error.orig, psycopg.errors.LockNotAvailable)
                if not blocked and not isinstance(error.orig, _RETRY):
                    raise
                if last or blocked:
                    raise Conflict(
                        "Otra persona estaba guardando lo mismo en este momento. Vuelve a intentarlo."
                    ) from error
    raise AssertionError("unreachable")


def _connect() -> Connection:
    try:
        return engine().connect()
    except OperationalError as error:
        raise DatabaseUnavailable() from error


def _is_lost(raw: Any) -> bool:
    return bool(raw is None or raw.closed)

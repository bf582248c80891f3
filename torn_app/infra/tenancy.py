"""How companies are kept apart: one PostgreSQL schema each, chosen once per connection.

Tables of a company are declared in a schema that does not exist (`tenant`). Only a `TenantSession`, which cannot be
made without a company, translates that name to the company's own schema; anywhere else a query on such a table
fails. Global tables live in `public` and are always named with it.
"""

import re
from collections.abc import Sequence

from sqlalchemy import Connection, MetaData, event
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlmodel import Session, SQLModel

TENANT_TOKEN = "tenant"  # noqa: S105  (a schema name, not a secret)

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

GLOBAL_METADATA = MetaData(schema="public", naming_convention=_NAMES)
TENANT_METADATA = MetaData(schema=TENANT_TOKEN, naming_convention=_NAMES)

_SCHEMA_NAME = re.compile(r"^tenant_[a-z0-9]{1,40}$")


class GlobalTable(SQLModel):
    """Base of the tables all companies share (`public`)."""

    metadata = GLOBAL_METADATA


class TenantTable(SQLModel):
    """Base of the tables each company has in its own schema."""

    metadata = TENANT_METADATA


class TenantNotChosen(RuntimeError):
    """A table of a company was touched without a company. Always a defect of ours."""


class GlobalSession(Session):
    """A session that sees only global tables."""


class TenantSession(Session):
    """A session bound to one company for its whole life. It sees that company's tables and the global ones."""

    def __init__(self, connection: Connection, schema: str) -> None:
        bind_tenant(connection, schema)
        super().__init__(bind=connection, expire_on_commit=False, autoflush=False)
        self.schema = schema


def bind_tenant(connection: Connection, schema: str) -> None:
    """Point the tenant tables of a connection at a company's schema until the connection is given back."""
    if not _SCHEMA_NAME.match(schema):
        raise TenantNotChosen(f"not a company schema: {schema!r}")
    connection.execution_options(schema_translate_map={TENANT_TOKEN: schema})


@event.listens_for(GlobalSession, "do_orm_execute")
def _refuse_tenant_query(state: ORMExecuteState) -> None:
    for mapper in state.all_mappers:
        if getattr(mapper.local_table, "schema", None) == TENANT_TOKEN:
            raise TenantNotChosen(f"{mapper.class_.__name__} was read in a session without a company")


@event.listens_for(GlobalSession, "before_flush")
def _refuse_tenant_write(session: Session, _context: UOWTransaction, _instances: Sequence[object] | None) -> None:
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantTable):
            raise TenantNotChosen(f"{type(row).__name__} was written in a session without a company")

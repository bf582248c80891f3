"""The shape of the database: two lines of migrations (global, tenant) and the birth of a company's schema.

A tenant revision names no schema: it runs with `search_path` set, for its transaction only, to the one company it is
for, so that nothing of it can land in `public`. A new company is made from the metadata in one go and stamped with
the newest revision; a test proves that both ways give the same tables.
"""

from pathlib import Path
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.schema import BLANK_SCHEMA

from torn_app.infra.db import make_engine
from torn_app.infra.schema import GLOBAL_METADATA, TENANT_METADATA
from torn_app.infra.tenancy import bind_tenant

Line = Literal["global", "tenant"]

_ROOT = Path(__file__).resolve().parents[2]
_LOCK = 7_402_117
"""Advisory lock: only one process migrates a database at a time."""


def upgrade_all(url: str) -> None:
    """Bring `public` and every company's schema to the newest revision. Each schema is one transaction."""
    engine = make_engine(url)
    try:
        with engine.connect() as guard:
            guard.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            try:
                with engine.begin() as connection:
                    upgrade(connection, "global", "public")
                with engine.connect() as connection:
                    schemas = connection.execute(text("SELECT schema_name FROM public.tenant ORDER BY id")).scalars()
                    names = list(schemas)
                for name in names:
                    with engine.begin() as connection:
                        upgrade(connection, "tenant", name)
            finally:
                guard.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
    finally:
        engine.dispose()


def upgrade(connection: Connection, line: Line, schema: str, revision: str = "head") -> None:
    """Run the upgrades of one line in one schema, in the caller's transaction."""
    command.upgrade(_config(connection, line, schema), revision)


def downgrade(connection: Connection, line: Line, schema: str, revision: str) -> None:
    """Run the downgrades of one line in one schema, in the caller's transaction."""
    command.downgrade(_config(connection, line, schema), revision)


def create_tenant_schema(connection: Connection, schema: str) -> None:
    """Make a company's schema with all its tables, stamped with the newest tenant revision.

    On a server with Citus the schema becomes a distributed one: it then lives whole on one node.
    """
    bind_tenant(connection, schema)
    citus = connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'citus'")).first()
    if citus:
        connection.execute(text("SET LOCAL citus.enable_schema_based_sharding TO on"))
    connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    TENANT_METADATA.create_all(connection, checkfirst=False)
    stamp_head(connection, "tenant", schema)
    # Alembic looked only at the new schema; what follows in this transaction names schemas itself or means public.
    connection.execute(text("SET LOCAL search_path TO DEFAULT"))


def stamp_head(connection: Connection, line: Line, schema: str) -> None:
    """Record that a schema is at the newest revision of its line."""
    script = ScriptDirectory.from_config(_config(connection, line, schema))
    context = MigrationContext.configure(connection, opts={"version_table_schema": schema})
    context.stamp(script, "head")


def make_revision(url: str, line: Line, message: str, rev_id: str) -> None:
    """Write a new revision of a line by comparing the metadata with the newest migrated tables."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection, connection.begin() as transaction:
            schema = "public" if line == "global" else "tenant_revision"
            if line == "tenant":
                connection.execute(text(f'CREATE SCHEMA "{schema}"'))
            upgrade(connection, line, schema)
            command.revision(_config(connection, line, schema), message=message, rev_id=rev_id, autogenerate=True)
            transaction.rollback()
    finally:
        engine.dispose()


def _config(connection: Connection, line: Line, schema: str) -> Config:
    config = Config(str(_ROOT / "alembic.ini"))
    config.set_main_option("version_locations", str(_ROOT / "alembic" / "versions" / line))
    config.attributes.update(connection=connection, schema=schema, include_name=_ours)
    if line == "tenant":
        connection.execute(text(f'SET LOCAL search_path TO "{schema}"'))
        config.attributes["metadata"] = _without_schema(TENANT_METADATA)
    else:
        config.attributes["metadata"] = _without_schema(GLOBAL_METADATA)
    return config


def _without_schema(metadata: MetaData) -> MetaData:
    """Copy a metadata with no schema names: what alembic compares with the tables of the search path."""
    copy = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(copy, schema=None, referred_schema_fn=lambda *_: BLANK_SCHEMA)  # type: ignore[arg-type]
    return copy


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the queue's tables and alembic's own out of comparisons."""
    return not (kind == "table" and name and (name.startswith("procrastinate") or name == "alembic_version"))

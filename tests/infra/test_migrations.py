"""The two lines of migrations give the same tables as the metadata, up and down."""

from sqlalchemy import Connection, Engine, text

from tests.conftest import MakeDatabase
from torn_app.infra import migrate
from torn_app.infra.db import make_engine
from torn_app.infra.schema import GLOBAL_METADATA
from torn_app.saas.models import Account

_COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale,
           is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = :schema AND table_name <> 'alembic_version'
    ORDER BY table_name, column_name
"""
_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = CAST(:schema AS regnamespace) ORDER BY 1, 2
"""
_TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
    WHERE NOT tgisinternal
      AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = CAST(:schema AS regnamespace)) ORDER BY 1, 2
"""
_FUNCTIONS = """
    SELECT proname, prosrc FROM pg_proc WHERE pronamespace = CAST(:schema AS regnamespace)
      AND proname NOT LIKE 'procrastinate%' ORDER BY 1
"""
_INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = :schema ORDER BY 1, 2"
_PARTS = {
    "columns": _COLUMNS,
    "constraints": _CONSTRAINTS,
    "indexes": _INDEXES,
    "triggers": _TRIGGERS,
    "functions": _FUNCTIONS,
}


def shape(connection: Connection, schema: str) -> dict[str, list[tuple[str, ...]]]:
    """Everything a schema is made of, with its own name taken out."""
    return {
        kind: [
            tuple(str(value).replace(f"{schema}.", "") for value in row)
            for row in connection.execute(text(query), {"schema": schema})
            if "alembic" not in str(row)
        ]
        for kind, query in _PARTS.items()
    }


def test_a_new_company_and_a_migrated_one_are_the_same(make_database: MakeDatabase) -> None:
    engine = make_engine(make_database())
    with engine.begin() as connection:
        migrate.create_tenant_schema(connection, "tenant_new")
    with engine.begin() as connection:
        connection.execute(text('CREATE SCHEMA "tenant_old"'))
        migrate.upgrade(connection, "tenant", "tenant_old")
    with engine.connect() as connection:
        new, old = shape(connection, "tenant_new"), shape(connection, "tenant_old")
    assert len(new["columns"]) > 200
    assert [row[1] for row in new["triggers"]] == ["key_use_insert_only"]
    assert new == old
    engine.dispose()


def test_global_tables_are_those_of_the_metadata(make_database: MakeDatabase) -> None:
    engine = make_engine(make_database())
    with engine.connect() as connection:
        tables = set(connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars())
    ours = {name for name in tables if not name.startswith("procrastinate") and name != "alembic_version"}
    assert ours == {table.name for table in GLOBAL_METADATA.sorted_tables}
    engine.dispose()


def test_down_and_up_again(make_database: MakeDatabase) -> None:
    engine = make_engine(make_database())
    with engine.begin() as connection:
        connection.execute(text('CREATE SCHEMA "tenant_x"'))
        migrate.upgrade(connection, "tenant", "tenant_x")
        before = shape(connection, "tenant_x")
    with engine.begin() as connection:
        migrate.downgrade(connection, "tenant", "tenant_x", "base")
    with engine.connect() as connection:
        assert shape(connection, "tenant_x") == {kind: [] for kind in _PARTS}
    with engine.begin() as connection:
        migrate.upgrade(connection, "tenant", "tenant_x")
        assert shape(connection, "tenant_x") == before
    with engine.begin() as connection:
        public = shape(connection, "public")
        migrate.downgrade(connection, "global", "public", "base")
    with engine.connect() as connection:
        assert shape(connection, "public") == {kind: [] for kind in _PARTS}
    with engine.begin() as connection:
        migrate.upgrade(connection, "global", "public")
        assert shape(connection, "public") == public
    engine.dispose()


def test_no_company_table_ever_lands_in_public(engine: Engine) -> None:
    with engine.connect() as connection:
        names = set(connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars())
    assert Account.__tablename__ in names
    assert not names & {"sale", "product", "customer", "issuer", "document"}

"""Alembic environment of both lines. The caller (torn_app/infra/migrate.py) gives connection, schema and metadata."""

from typing import Any

from alembic import context
from sqlmodel.sql.sqltypes import AutoString


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write SQLModel's text type as plain SQLAlchemy, so that a revision needs no import of it."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


config = context.config
attributes = config.attributes

context.configure(
    connection=attributes["connection"],
    target_metadata=attributes["metadata"],
    version_table_schema=attributes["schema"],
    include_name=attributes.get("include_name"),
    include_schemas=False,
    render_item=render_item,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()

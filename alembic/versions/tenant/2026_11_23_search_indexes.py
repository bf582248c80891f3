"""searches by any part of a word find their rows by an index; customers in order of name too."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0010"
down_revision: str | None = "tenant_0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("product", "customer")


def upgrade() -> None:
    for table in _TABLES:
        op.create_index(
            f"ix_{table}_search_grams",
            table,
            [sa.text("public.torn_grams(search_text)")],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )
    op.create_index(op.f("ix_customer_razon_social_id"), "customer", ["razon_social", "id"])
    kept = sa.text("NOT is_deleted")
    op.create_index("ix_product_listed", "product", ["id"], postgresql_where=kept)
    op.create_index("ix_product_by_name", "product", ["full_name", "id"], postgresql_where=kept)
    op.drop_index(op.f("ix_product_search_text"), table_name="product")


def downgrade() -> None:
    op.create_index(
        op.f("ix_product_search_text"),
        "product",
        ["search_text"],
        postgresql_ops={"search_text": "text_pattern_ops"},
    )
    op.drop_index("ix_product_by_name", table_name="product")
    op.drop_index("ix_product_listed", table_name="product")
    op.drop_index(op.f("ix_customer_razon_social_id"), table_name="customer")
    for table in reversed(_TABLES):
        op.drop_index(f"ix_{table}_search_grams", table_name=table)

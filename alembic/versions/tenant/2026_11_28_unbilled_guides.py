"""Guides that wait for their invoice are found without reading sales."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0020"
down_revision: str | None = "tenant_0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_sale_unbilled_guides",
        "sale",
        ["ambiente", "id"],
        postgresql_where=sa.text("tipo_dte = 52 AND billed_by_sale_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_sale_unbilled_guides", table_name="sale")

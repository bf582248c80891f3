"""Buyer, currency and customs of export sales."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "tenant_0015"
down_revision: str | None = "tenant_0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sale", sa.Column("exportacion", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("sale", "exportacion")

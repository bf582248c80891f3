"""keys of fingerprints made before TORN_SECRET_KEY changed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0016"
down_revision: str | None = "tenant_0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "former_fingerprint_key",
        sa.Column("key_name", sa.String(), nullable=False),
        sa.Column("key_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_name", name=op.f("pk_former_fingerprint_key")),
    )


def downgrade() -> None:
    op.drop_table("former_fingerprint_key")

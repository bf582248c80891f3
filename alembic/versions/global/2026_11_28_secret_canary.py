"""the keys anything may still be encrypted under."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "global_0004"
down_revision: str | None = "global_0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "secret_canary",
        sa.Column("key_name", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_name", name=op.f("pk_secret_canary")),
    )


def downgrade() -> None:
    op.drop_table("secret_canary")

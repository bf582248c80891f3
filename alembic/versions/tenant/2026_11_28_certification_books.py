"""certification books: the book and the summary of folios of a set."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0017"
down_revision: str | None = "tenant_0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("certification_set", sa.Column("libro", sa.LargeBinary(), nullable=True))
    op.add_column("certification_set", sa.Column("consumo_folios", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("certification_set", "consumo_folios")
    op.drop_column("certification_set", "libro")

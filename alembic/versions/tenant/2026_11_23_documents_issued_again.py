"""documents issued again, numbers to void."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0007"
down_revision: str | None = "tenant_0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("document", sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("document", sa.Column("to_void", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("document", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint("uq_document_ambiente_tipo_dte_folio", "document", type_="unique")
    op.create_index(
        "uq_document_folio",
        "document",
        ["ambiente", "tipo_dte", "folio"],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_document_folio", table_name="document")
    op.create_unique_constraint("uq_document_ambiente_tipo_dte_folio", "document", ["ambiente", "tipo_dte", "folio"])
    for column in ("voided_at", "to_void", "replaced_at"):
        op.drop_column("document", column)

"""certification sets."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0008"
down_revision: str | None = "tenant_0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "certification_set",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ambiente", sa.String(), nullable=False),
        sa.Column("attention", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("envio_dte", sa.LargeBinary(), nullable=True),
        sa.Column("envio_boleta", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification_set")),
        sa.UniqueConstraint(
            "ambiente", "attention", "attempt", name=op.f("uq_certification_set_ambiente_attention_attempt")
        ),
    )
    op.create_table(
        "certification_case",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("set_id", sa.BigInteger(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_certification_case_document_id")),
        sa.ForeignKeyConstraint(["set_id"], ["certification_set.id"], name=op.f("fk_certification_case_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification_case")),
        sa.UniqueConstraint("set_id", "case_number", name=op.f("uq_certification_case_set_id_case_number")),
    )
    op.create_index(op.f("ix_certification_case_document_id"), "certification_case", ["document_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_certification_case_document_id"), table_name="certification_case")
    op.drop_table("certification_case")
    op.drop_table("certification_set")

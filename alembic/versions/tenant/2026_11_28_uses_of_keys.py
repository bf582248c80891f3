"""what the private keys are used for, insert-only; documents of a type by the moment they were made."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0014"
down_revision: str | None = "tenant_0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "key_use",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposito", sa.String(), nullable=False),
        sa.Column("certificate_id", sa.BigInteger(), nullable=True),
        sa.Column("caf_range_id", sa.BigInteger(), nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("user", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_use")),
    )
    op.get_bind().exec_driver_sql(
        """
        CREATE FUNCTION key_use_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is insert-only', ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.get_bind().exec_driver_sql(
        """
        CREATE TRIGGER key_use_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON key_use
        FOR EACH STATEMENT EXECUTE FUNCTION key_use_insert_only()
        """
    )
    op.create_index(
        op.f("ix_document_ambiente_tipo_dte_created_at"), "document", ["ambiente", "tipo_dte", "created_at"]
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_document_ambiente_tipo_dte_created_at"), table_name="document")
    op.drop_table("key_use")
    op.get_bind().exec_driver_sql("DROP FUNCTION key_use_insert_only()")

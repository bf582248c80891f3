"""Credit notes of providers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0019"
down_revision: str | None = "tenant_0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NUMBER = sa.Numeric(precision=18, scale=6)


def upgrade() -> None:
    op.create_table(
        "provider_note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", sa.BigInteger(), nullable=False),
        sa.Column("folio", sa.String(), nullable=True),
        sa.Column("fecha", sa.Date(), nullable=False),
        sa.Column("motivo", sa.String(), nullable=True),
        sa.Column("monto_neto", sa.BigInteger(), nullable=False),
        sa.Column("monto_exento", sa.BigInteger(), nullable=False),
        sa.Column("iva", sa.BigInteger(), nullable=False),
        sa.Column("monto_total", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_provider_note_purchase_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_note")),
    )
    op.create_index(op.f("ix_provider_note_purchase_id"), "provider_note", ["purchase_id"])
    op.create_index(op.f("ix_provider_note_fecha"), "provider_note", ["fecha"])
    op.create_table(
        "provider_note_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("note_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("cantidad", _NUMBER, nullable=False),
        sa.Column("precio_costo_unitario", _NUMBER, nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("exento", sa.Boolean(), nullable=False),
        sa.Column("left_stock", sa.Boolean(), nullable=False),
        sa.CheckConstraint("cantidad > 0", name=op.f("ck_provider_note_line_cantidad")),
        sa.ForeignKeyConstraint(
            ["note_id"], ["provider_note.id"], name=op.f("fk_provider_note_line_note_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_provider_note_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_note_line")),
    )
    op.create_index(op.f("ix_provider_note_line_note_id"), "provider_note_line", ["note_id"])
    op.create_index(op.f("ix_provider_note_line_product_id"), "provider_note_line", ["product_id"])


def downgrade() -> None:
    op.drop_table("provider_note_line")
    op.drop_table("provider_note")

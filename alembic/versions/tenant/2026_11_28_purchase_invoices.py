"""Tax documents a company issues about its purchases; the comuna of providers; lines bought without VAT."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "tenant_0013"
down_revision: str | None = "tenant_0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LIVING = sa.text("tipo_dte = 46 AND cancelled_at IS NULL")
_CANCELS = sa.text("cancelled_at IS NULL")


def upgrade() -> None:
    op.add_column("provider", sa.Column("comuna", sa.String(), nullable=True))
    op.add_column("purchase_line", sa.Column("exento", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    line = sa.table("purchase_line", sa.column("product_id"), sa.column("exento"))
    product, tax = (
        sa.table("product", sa.column("id"), sa.column("tax_id")),
        sa.table("tax", sa.column("id"), sa.column("rate")),
    )
    exempt = sa.select(product.c.id).join(tax, tax.c.id == product.c.tax_id).where(tax.c.rate == 0)
    op.execute(sa.update(line).where(line.c.product_id.in_(exempt)).values(exento=True))
    op.create_table(
        "purchase_invoice",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_id", sa.BigInteger(), nullable=True),
        sa.Column("ambiente", sa.String(), nullable=False),
        sa.Column("tipo_dte", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("cancels_id", sa.BigInteger(), nullable=True),
        sa.Column("asked", postgresql.JSONB(), nullable=False),
        sa.Column("fecha_emision", sa.Date(), nullable=False),
        sa.Column("monto_neto", sa.BigInteger(), nullable=False),
        sa.Column("monto_exento", sa.BigInteger(), nullable=False),
        sa.Column("iva", sa.BigInteger(), nullable=False),
        sa.Column("iva_retenido", sa.BigInteger(), nullable=False),
        sa.Column("monto_total", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tipo_dte IN (46, 56, 61)", name=op.f("ck_purchase_invoice_tipo_dte")),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchase.id"], name=op.f("fk_purchase_invoice_purchase_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_purchase_invoice_document_id")),
        sa.ForeignKeyConstraint(["cancels_id"], ["purchase_invoice.id"], name=op.f("fk_purchase_invoice_cancels_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_invoice")),
    )
    op.create_index(op.f("ix_purchase_invoice_purchase_id"), "purchase_invoice", ["purchase_id"])
    op.create_index(
        op.f("ix_purchase_invoice_ambiente_fecha_emision"), "purchase_invoice", ["ambiente", "fecha_emision"]
    )
    op.create_index(
        "uq_purchase_invoice_living",
        "purchase_invoice",
        ["purchase_id", "ambiente"],
        unique=True,
        postgresql_where=_LIVING,
    )
    op.create_index(
        "uq_purchase_invoice_cancels", "purchase_invoice", ["cancels_id"], unique=True, postgresql_where=_CANCELS
    )


def downgrade() -> None:
    op.drop_table("purchase_invoice")
    op.drop_column("purchase_line", "exento")
    op.drop_column("provider", "comuna")

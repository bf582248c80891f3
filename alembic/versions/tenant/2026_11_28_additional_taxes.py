"""additional taxes of products and sales."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0012"
down_revision: str | None = "tenant_0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("product", sa.Column("impuesto_adicional", sa.Integer(), nullable=True))
    op.add_column("sale_line", sa.Column("impuesto_adicional", sa.Integer(), nullable=True))
    op.add_column("sale_line", sa.Column("tasa_adicional", sa.Numeric(precision=18, scale=6), nullable=True))
    for table in ("sale", "daily_sales"):
        op.add_column(table, sa.Column("otros_impuestos", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "sale_tax",
        sa.Column("sale_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("codigo", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tasa", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("monto", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_sale_tax_sale_id")),
        sa.PrimaryKeyConstraint("sale_id", "codigo", name=op.f("pk_sale_tax")),
    )


def downgrade() -> None:
    op.drop_table("sale_tax")
    for table in ("daily_sales", "sale"):
        op.drop_column(table, "otros_impuestos")
    for column in ("tasa_adicional", "impuesto_adicional"):
        op.drop_column("sale_line", column)
    op.drop_column("product", "impuesto_adicional")

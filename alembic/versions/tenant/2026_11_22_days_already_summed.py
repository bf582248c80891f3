"""days already summed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0003"
down_revision: str | None = "tenant_0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "daily_product",
        sa.Column("ambiente", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("tipo_dte", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=28, scale=10), nullable=False),
        sa.Column("net", sa.Numeric(precision=28, scale=10), nullable=False),
        sa.Column("cost", sa.Numeric(precision=28, scale=10), nullable=False),
        sa.PrimaryKeyConstraint("ambiente", "day", "product_id", "tipo_dte", name=op.f("pk_daily_product")),
    )
    op.create_table(
        "daily_sales",
        sa.Column("ambiente", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("tipo_dte", sa.Integer(), nullable=False),
        sa.Column("documents", sa.BigInteger(), nullable=False),
        sa.Column("neto", sa.BigInteger(), nullable=False),
        sa.Column("exento", sa.BigInteger(), nullable=False),
        sa.Column("iva", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=28, scale=10), nullable=False),
        sa.PrimaryKeyConstraint("ambiente", "day", "tipo_dte", name=op.f("pk_daily_sales")),
    )
    op.create_table(
        "summed_until",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_sale_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summed_until")),
    )


def downgrade() -> None:
    op.drop_table("summed_until")
    op.drop_table("daily_sales")
    op.drop_table("daily_product")

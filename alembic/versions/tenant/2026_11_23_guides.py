"""delivery guides and the invoice that bills them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "tenant_0006"
down_revision: str | None = "tenant_0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sale", sa.Column("ind_traslado", sa.Integer(), nullable=True))
    op.add_column("sale", sa.Column("tipo_despacho", sa.Integer(), nullable=True))
    op.add_column("sale", sa.Column("transporte", postgresql.JSONB(), nullable=True))
    op.add_column("sale", sa.Column("billed_by_sale_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_sale_billed_by_sale_id"), "sale", "sale", ["billed_by_sale_id"], ["id"])
    op.create_index(op.f("ix_sale_billed_by_sale_id"), "sale", ["billed_by_sale_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sale_billed_by_sale_id"), table_name="sale")
    op.drop_constraint(op.f("fk_sale_billed_by_sale_id"), "sale", type_="foreignkey")
    for column in ("billed_by_sale_id", "transporte", "tipo_despacho", "ind_traslado"):
        op.drop_column("sale", column)

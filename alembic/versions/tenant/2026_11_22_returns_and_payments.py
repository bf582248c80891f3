"""returns of sales, payments of debts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0002"
down_revision: str | None = "tenant_0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("sale", sa.Column("montos_brutos", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("sale_line", sa.Column("related_line_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_sale_line_related_line_id"), "sale_line", "sale_line", ["related_line_id"], ["id"])
    op.add_column("customer_movement", sa.Column("payment_method_id", sa.BigInteger(), nullable=True))
    op.add_column("customer_movement", sa.Column("cash_session_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_customer_movement_cash_session_id"), "customer_movement", ["cash_session_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_customer_movement_cash_session_id"), table_name="customer_movement")
    op.drop_column("customer_movement", "cash_session_id")
    op.drop_column("customer_movement", "payment_method_id")
    op.drop_constraint(op.f("fk_sale_line_related_line_id"), "sale_line", type_="foreignkey")
    op.drop_column("sale_line", "related_line_id")
    op.drop_column("sale", "montos_brutos")

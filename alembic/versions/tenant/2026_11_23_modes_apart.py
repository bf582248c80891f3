"""shifts and debts know their mode."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0009"
down_revision: str | None = "tenant_0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("cash_session", "customer_movement")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("ambiente", sa.String(), nullable=False, server_default="PRUEBA"))
        # Until now a mode was only written on sales: what stands is taken for the mode the company is in.
        current = sa.select(sa.column("ambiente")).select_from(sa.table("issuer")).scalar_subquery()
        rows = sa.table(table, sa.column("ambiente"))
        op.execute(sa.update(rows).values(ambiente=sa.func.coalesce(current, "PRUEBA")))
        op.alter_column(table, "ambiente", server_default=None)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_column(table, "ambiente")

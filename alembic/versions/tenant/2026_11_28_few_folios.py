"""from how many numbers left on a company is told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "tenant_0018"
down_revision: str | None = "tenant_0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_THRESHOLDS = {"folios_dias_bajo": "15", "folios_dias_critico": "5", "folios_bajo": "100", "folios_critico": "20"}


def upgrade() -> None:
    for name, start in _THRESHOLDS.items():
        op.add_column("settings", sa.Column(name, sa.Integer(), nullable=False, server_default=start))
        op.alter_column("settings", name, server_default=None)


def downgrade() -> None:
    for name in reversed(_THRESHOLDS):
        op.drop_column("settings", name)

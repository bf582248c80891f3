"""what a text is made of, two and three letters at a time: the index of searches.

PostgreSQL alone, without pg_trgm: any server has it, the embedded one too.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "global_0003"
down_revision: str | None = "global_0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(
        """
        CREATE FUNCTION public.torn_grams(content text) RETURNS text[]
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
          SELECT ARRAY(SELECT substr(content, place, 3) FROM generate_series(1, length(content) - 1) place)
              || ARRAY(SELECT substr(content, place, 2) FROM generate_series(1, length(content) - 1) place)
        $$
        """
    )


def downgrade() -> None:
    # The indexes of the companies are made with it: their own line makes them again after an upgrade from scratch.
    op.get_bind().exec_driver_sql("DROP FUNCTION public.torn_grams(text) CASCADE")

"""job queue (procrastinate 3.10)."""

from collections.abc import Sequence

from alembic import op
from procrastinate.schema import SchemaManager

revision: str = "global_0002"
down_revision: str | None = "global_0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))


def downgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(
        "DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE"
    )
    connection.exec_driver_sql(
        """
        DO $$ DECLARE item record; BEGIN
          FOR item IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                      WHERE n.nspname = 'public' AND p.proname LIKE 'procrastinate%%' LOOP
            EXECUTE 'DROP FUNCTION ' || item.name || ' CASCADE';
          END LOOP;
          FOR item IN SELECT t.oid::regtype AS name FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                      WHERE n.nspname = 'public' AND t.typname LIKE 'procrastinate%%' AND t.typtype IN ('e', 'c') LOOP
            EXECUTE 'DROP TYPE ' || item.name || ' CASCADE';
          END LOOP;
        END $$
        """
    )

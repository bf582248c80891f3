"""When days are summed: every hour, in the companies that have a closed day left (see rollup.py).

Hourly and not at a fixed time of the night, because a shop's machine may be off then.
"""

import structlog
from procrastinate import RetryStrategy

from torn_app.auth import service as auth
from torn_app.infra import work
from torn_app.infra.jobs import take_more, tasks
from torn_app.infra.work import Work
from torn_app.reports import rollup
from torn_app.saas import service as saas

SUM_JOB = "sum_days"

log = structlog.get_logger(__name__)


@tasks.periodic(cron="10 * * * *")
@tasks.task(name="find_closed_days", queueing_lock="find_closed_days")
def find_closed_days(timestamp: int) -> None:
    """Queue the summing of every company that is behind. `timestamp` is when it was due (Unix seconds)."""
    for schema in work.run_platform(auth.nobody, saas.active_schemas):
        try:
            work.run_job(schema, _queue_if_behind)
        except Exception:
            # The others do not wait for a company that is out of order.
            log.exception("company_not_looked_at", schema=schema)


@tasks.task(name=SUM_JOB, retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def sum_days(schema: str) -> None:
    """Sum some days of a company. What is left is another job, so that documents do not wait for a whole year."""
    work.run_job(schema, _sum)


def _queue_if_behind(current: Work) -> None:
    if rollup.is_behind(current):
        current.enqueue(SUM_JOB)


def _sum(current: Work) -> None:
    take_more(current.connection, SUM_JOB, current.session.schema)
    if rollup.sum_closed_days(current):
        current.enqueue(SUM_JOB)

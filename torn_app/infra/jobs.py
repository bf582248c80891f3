"""The queue: jobs are rows written by the same transaction as the work that wants them (procrastinate).

`defer` is called by `Work.enqueue`. The worker runs inside the server process by default (see `worker`); the tasks
it knows are registered by the packages that own them, in their `jobs.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import lru_cache
from typing import Any

import structlog
from procrastinate import App, Blueprint, JobContext, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status
from sqlalchemy import Connection, text

from torn_app.settings import get_settings

NAMESPACE = "torn"
_LOOK_EVERY, _HEARTBEAT, _DEAD_AFTER = 10, 5, 20
"""Seconds: how often abandoned jobs are looked for, how often a worker says it lives, and after what silence it is
taken for dead. A document whose process was killed is on its way again within half a minute."""
_AGAIN_AFTER = 1
"""Seconds until a worker that stopped by itself is started again."""
WORKER = "torn-worker"
"""How the worker's connections are named in the database."""

log = structlog.get_logger(__name__)

_deferrer = App(connector=SyncPsycopgConnector())

tasks = Blueprint()
"""Where packages register their tasks: `@tasks.task(name="...")`."""


def defer(
    connection: Connection, task: str, arguments: Mapping[str, str | int | None], at: datetime | None = None
) -> None:
    """Insert a job through an open connection: a rollback takes it back, a commit makes it real. It is done as soon as
    possible, or not before `at`."""
    raw = connection.connection.driver_connection
    _deferrer.configure_task(f"{NAMESPACE}:{task}", connection=raw, schedule_at=at).defer(**arguments)


def take_more(connection: Connection, task: str, schema: str, limit: int = 500) -> list[dict[str, Any]]:
    """Take over the other waiting jobs of a task in a company: returns their arguments, and they are gone.

    For a task that can do many at once. They come back if the transaction does not commit.
    """
    names = {"task": f"{NAMESPACE}:{task}", "schema": schema, "limit": limit}
    return list(connection.execute(_TAKE_MORE, names).scalars())


_TAKE_MORE = text(
    """
    WITH waiting AS (
        SELECT id FROM public.procrastinate_jobs
        WHERE status = 'todo' AND task_name = :task AND args ->> 'schema' = :schema
          AND (scheduled_at IS NULL OR scheduled_at <= now())
        ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    DELETE FROM public.procrastinate_jobs AS job USING waiting WHERE job.id = waiting.id RETURNING job.args
    """
)


@tasks.periodic(cron=f"* * * * * */{_LOOK_EVERY}")  # the sixth field is seconds
@tasks.task(name="put_back_abandoned", queueing_lock="put_back_abandoned", pass_context=True)
async def put_back_abandoned(context: JobContext, timestamp: int) -> None:
    """Put back the jobs a process took and died with. `timestamp` is when it was due (Unix seconds)."""
    await put_back(context.app)


async def put_back(app: App) -> None:
    """Make jobs whose process is gone wait again. One whose successor waits already is dropped."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            # It is to wait only once (queueing lock), and its successor waits already.
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)


@asynccontextmanager
async def open_app() -> AsyncIterator[App]:
    """Open the application that runs queued jobs, with every registered task, over the database of the settings."""
    connector = PsycopgConnector(
        conninfo=get_settings().database_url, min_size=1, max_size=4, kwargs={"application_name": WORKER}
    )
    with _with_tasks().replace_connector(connector) as app:
        async with app.open_async():
            yield app


@lru_cache(maxsize=1)
def _with_tasks() -> App:
    """The registered tasks under their names in the queue. Once: taking them over renames them where they come from."""
    app = App(connector=SyncPsycopgConnector())
    app.add_tasks_from(tasks, namespace=NAMESPACE)
    return app


@asynccontextmanager
async def worker() -> AsyncIterator[None]:
    """Run queued jobs while the block lasts: one at a time, in a thread, so that selling comes first."""
    async with open_app() as app:
        running = asyncio.create_task(_run(app))
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running


async def _run(app: App) -> None:
    """Run the worker until cancelled. It stops by itself when its connection is lost (a database that restarts): then
    it is started again, or documents would wait for the next start of Torn."""
    this = asyncio.current_task()
    assert this is not None
    while True:
        try:
            await app.run_worker_async(
                concurrency=1,
                # Looking every other second lets jobs gather, so that a task takes many at once (`take_more`); being
                # woken for each of them would cost every sale more than the sale's own statements.
                listen_notify=False,
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=_HEARTBEAT,
                stalled_worker_timeout=_DEAD_AFTER,
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=5,
            )
        except Exception:
            log.exception("worker_failed")
        if this.cancelling():
            return
        log.warning("worker_starts_again")
        await asyncio.sleep(_AGAIN_AFTER)

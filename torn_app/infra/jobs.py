"""The queue: jobs are rows written by the same transaction as the work that wants them (procrastinate).

`defer` is called by `Work.enqueue`. The worker runs inside the server process by default (see `worker`); the tasks
it knows are registered by the packages that own them, in their `jobs.py`.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from procrastinate import App, Blueprint, PsycopgConnector, SyncPsycopgConnector
from sqlalchemy import Connection

from torn_app.settings import get_settings

NAMESPACE = "torn"

_deferrer = App(connector=SyncPsycopgConnector())

tasks = Blueprint()
"""Where packages register their tasks: `@tasks.task(name="...")`."""


def defer(connection: Connection, task: str, arguments: Mapping[str, str | int | None]) -> None:
    """Insert a job through an open connection: a rollback takes it back, a commit makes it real."""
    raw = connection.connection.driver_connection
    _deferrer.configure_task(f"{NAMESPACE}:{task}", connection=raw).defer(**arguments)


@asynccontextmanager
async def worker() -> AsyncIterator[None]:
    """Run queued jobs while the block lasts: one at a time, in a thread, so that selling comes first.

    Jobs found abandoned by a process that died are put back by procrastinate's own heartbeat.
    """
    app = App(connector=PsycopgConnector(conninfo=get_settings().database_url, min_size=1, max_size=4))
    app.add_tasks_from(tasks, namespace=NAMESPACE)
    async with app.open_async():
        running = asyncio.create_task(
            app.run_worker_async(
                concurrency=1, install_signal_handlers=False, delete_jobs="successful", shutdown_graceful_timeout=5
            )
        )
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

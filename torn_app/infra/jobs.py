"""The queue: jobs are rows written by the same transaction as the work that wants them (procrastinate).

`defer` is called by `Work.enqueue`. The worker runs inside the server process by default (see `worker`); the tasks
it knows are registered by the packages that own them, in their `jobs.py`.
"""

from collections.abc import Mapping

from procrastinate import App, Blueprint, PsycopgConnector, SyncPsycopgConnector
from sqlalchemy import Connection

NAMESPACE = "torn"

_deferrer = App(connector=SyncPsycopgConnector())

tasks = Blueprint()
"""Where packages register their tasks: `@tasks.task(name="...")`."""


def defer(connection: Connection, task: str, arguments: Mapping[str, str | int | None]) -> None:
    """Insert a job through an open connection: a rollback takes it back, a commit makes it real."""
    raw = connection.connection.driver_connection
    _deferrer.configure_task(f"{NAMESPACE}:{task}", connection=raw).defer(**arguments)


def worker_app(database_url: str) -> App:
    """Return the application that runs queued jobs, with every registered task."""
    app = App(connector=PsycopgConnector(conninfo=database_url.replace("+psycopg", ""), min_size=1, max_size=4))
    app.add_tasks_from(tasks, namespace=NAMESPACE)
    return app

"""The queue: jobs live and die with their transaction, are taken in company, and are put back when abandoned."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Engine, text

import torn_app.documents.jobs  # noqa: F401  (registers its tasks)
from tests import loop
from tests.factories import Member, create_company, create_member
from torn_app.infra import jobs
from torn_app.infra.work import Work, use_case
from torn_app.kernel.errors import NotFound
from torn_app.kernel.permissions import Permission

TASK = "a_task_of_this_test"


@pytest.fixture
def person(engine: Engine) -> Member:
    return create_member(engine, create_company(engine))


@use_case(Permission.MEMBER)
def _enqueue(work: Work, *numbers: int) -> None:
    for number in numbers:
        work.enqueue(TASK, number=number)


@use_case(Permission.MEMBER)
def _take(work: Work, *, fail: bool = False) -> list[int]:
    taken = [int(job["number"]) for job in jobs.take_more(work.connection, TASK, work.session.schema)]
    if fail:
        raise NotFound("taken back")
    return taken


def test_a_task_takes_what_waits_in_its_company_once(engine: Engine, person: Member) -> None:
    stranger = create_member(engine, create_company(engine))
    person.run(_enqueue, 1, 2, 3)
    stranger.run(_enqueue, 9)
    with pytest.raises(NotFound):
        person.run(_take, fail=True)
    assert sorted(person.run(_take)) == [1, 2, 3]
    assert person.run(_take) == []
    assert stranger.run(_take) == [9]


def _states(engine: Engine, person: Member) -> list[str]:
    query = "SELECT status::text FROM public.procrastinate_jobs WHERE args->>'schema' = :schema ORDER BY id"
    with engine.connect() as connection:
        return list(connection.execute(text(query), {"schema": person.company.schema}).scalars())


async def _until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not await asyncio.to_thread(done):
            await asyncio.sleep(0.05)


def _with_worker(body: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        async with jobs.worker():
            await body()

    loop.run(run())


def test_the_worker_takes_a_job_and_forgets_it(engine: Engine, person: Member) -> None:
    @use_case(Permission.MEMBER)
    def enqueue(work: Work) -> None:
        work.enqueue("send_document", document_id=1)

    person.run(enqueue)
    assert _states(engine, person) == ["todo"]
    _with_worker(lambda: _until(lambda: _states(engine, person) == []))


def test_the_worker_survives_the_loss_of_its_connections(engine: Engine, person: Member) -> None:
    """A database that restarts cuts them all, also in the middle of looking for jobs."""

    @use_case(Permission.MEMBER)
    def enqueue(work: Work) -> None:
        work.enqueue("send_document", document_id=1)

    def cut() -> int:
        cutting = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = :name"
        with engine.begin() as connection:
            return connection.execute(text(cutting), {"name": jobs.WORKER}).scalar_one()

    async def live_through() -> None:
        for _ in range(3):
            await _until(lambda: cut() > 0)
            person.run(enqueue)
            await _until(lambda: _states(engine, person) == [])

    _with_worker(live_through)


def test_what_a_dead_process_took_is_put_back(engine: Engine, person: Member) -> None:
    person.run(_enqueue, 1)
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE public.procrastinate_jobs SET status = 'doing', worker_id = NULL"
                " WHERE args->>'schema' = :schema"
            ),
            {"schema": person.company.schema},
        )
    _put_back()
    assert _states(engine, person) == ["todo"]


def test_a_job_that_waits_only_once_does_not_hold_up_the_others(engine: Engine, person: Member) -> None:
    """A process died with a job whose successor waits already: the others it left are put back all the same."""
    person.run(_enqueue, 1)
    waits = (
        "INSERT INTO public.procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)"
        " VALUES ('default', :task, :schema, jsonb_build_object('schema', CAST(:schema AS text)), :status)"
    )
    schema = person.company.schema
    with engine.begin() as connection:
        connection.execute(text(waits), {"task": TASK, "schema": schema, "status": "doing"})
        connection.execute(
            text("UPDATE public.procrastinate_jobs SET status = 'doing' WHERE args->>'schema' = :schema"),
            {"schema": schema},
        )
        connection.execute(text(waits), {"task": TASK, "schema": schema, "status": "todo"})
    _put_back()
    assert _states(engine, person) == ["todo", "todo"]


def _put_back() -> None:
    async def put_back() -> None:
        async with jobs.open_app() as app:
            await jobs.put_back(app)

    loop.run(put_back())

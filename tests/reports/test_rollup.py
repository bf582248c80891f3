"""Who sums the days, and that a report is the same before, while and after they are summed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text

from tests.factories import create_company
from tests.reports.shop import Store, chile
from torn_app.infra import work
from torn_app.infra.work import Work
from torn_app.kernel import clock
from torn_app.reports import jobs, rollup, service
from torn_app.reports.models import DailyProduct, DailySales
from torn_app.reports.rules import Period

FIRST = date(2026, 5, 1)
DAYS = 20
LATER = chile("2026-05-25", 9)


@pytest.fixture
def store(engine: Engine) -> Store:
    """A shop that sold one bread at noon on each of twenty days."""
    store = Store.open(engine)
    for number in range(DAYS):
        store.sell(chile(FIRST + timedelta(days=number)), (store.bread, 1), pay=1190)
    return store


def summed(store: Store) -> tuple[int, int]:
    def read(work: Work) -> tuple[int, int]:
        return tuple(
            work.session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (DailySales, DailyProduct)
        )

    return store.owner.run(read)


def mark(store: Store) -> rollup.Mark | None:
    return store.owner.run(rollup.mark_of)


def month(store: Store, moment: datetime = LATER) -> tuple[int, int]:
    found = store.owner.run_at(moment, service.report, Period.MONTH, FIRST)
    return found.total_ventas, found.total_utilidad


def test_reading_sums_nothing(store: Store) -> None:
    assert month(store) == (DAYS * 1_190, DAYS * 400)
    store.owner.run_at(LATER, service.summary)
    store.owner.run_at(LATER, service.top_products, 365, 5)
    store.owner.run_at(LATER, service.vat, FIRST)
    assert (summed(store), mark(store)) == ((0, 0), None)


def test_days_are_summed_some_at_a_time_and_the_answer_stays(store: Store) -> None:
    steps = []
    for _ in range(5):
        more = store.owner.run_at(LATER, rollup.sum_closed_days, 7)
        reached = mark(store)
        assert reached is not None
        steps.append((more, reached.day.day, summed(store)[0]))
        assert month(store) == (DAYS * 1_190, DAYS * 400)
    # From the first sale on; nothing was sold after the 20th, and the 25th is not over.
    assert steps == [(True, 8, 7), (True, 15, 14), (True, 22, 20), (False, 25, 20), (False, 25, 20)]


def test_a_day_is_summed_an_hour_after_its_end(store: Store) -> None:
    end = chile(FIRST + timedelta(days=DAYS), 0)
    for minutes, days in ((-1, DAYS - 1), (59, DAYS - 1), (60, DAYS)):
        store.sum_days(end + timedelta(minutes=minutes))
        assert summed(store)[0] == days


def test_a_company_that_never_sold(engine: Engine) -> None:
    store = Store.open(engine)
    assert store.sum_days(LATER) == 1
    assert month(store) == (0, 0)
    store.sell(chile("2026-05-25", 8), (store.bread, 1), pay=1190)
    assert month(store) == (1_190, 400)


def test_reports_read_while_days_are_summed(store: Store) -> None:
    """Days move from one side of the sum to the other under the reader's feet: none is counted twice or left out."""

    def read(_: int) -> set[tuple[int, int]]:
        return {month(store) for _ in range(25)}

    def sum_all(_: int) -> None:
        store.sum_days(LATER, at_most=1)

    with ThreadPoolExecutor(5) as pool:
        readers = [pool.submit(read, n) for n in range(3)]
        for summer in [pool.submit(sum_all, n) for n in range(2)]:
            summer.result()
        found = set().union(*(reader.result() for reader in readers))
    assert found == {(DAYS * 1_190, DAYS * 400)}
    assert summed(store) == (DAYS, DAYS)


# --- the job ---------------------------------------------------------------------------------------------------------


def waiting(engine: Engine, schema: str) -> int:
    query = "SELECT count(*) FROM public.procrastinate_jobs WHERE task_name = :task AND args->>'schema' = :schema"
    with engine.connect() as connection:
        return connection.execute(text(query), {"task": f"torn:{jobs.SUM_JOB}", "schema": schema}).scalar_one()


def run_all(engine: Engine, schema: str, act: Callable[[], None]) -> int:
    """Do a company's waiting jobs one after the other, as the worker would; return how many there were."""
    done = 0
    act()
    while waiting(engine, schema):
        jobs.sum_days(schema)
        done += 1
    return done


def test_the_hourly_job_finds_who_is_behind_and_finishes(engine: Engine, store: Store) -> None:
    schema, off = store.owner.company.schema, create_company(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE public.tenant SET is_active = false WHERE id = :id"), {"id": off.tenant_id})

    def find() -> None:
        jobs.find_closed_days(0)

    # From 1 May until yesterday, fourteen days in each.
    days = (clock.santiago_date(clock.now() - rollup.SETTLED) - FIRST).days
    assert run_all(engine, schema, find) == -(-days // rollup.BATCH)
    assert summed(store) == (DAYS, DAYS)
    assert run_all(engine, schema, find) == 0
    assert waiting(engine, off.schema) == 0


def test_a_company_out_of_order_holds_up_nobody(engine: Engine) -> None:
    broken, store = create_company(engine), Store.open(engine)
    store.sell(chile(FIRST), (store.bread, 1), pay=1190)
    rename = "ALTER SCHEMA {0} RENAME TO {1}"
    away = f"{broken.schema}_away"
    with engine.begin() as connection:
        connection.execute(text(rename.format(broken.schema, away)))
    try:
        jobs.find_closed_days(0)
    finally:
        with engine.begin() as connection:
            connection.execute(text(rename.format(away, broken.schema)))
    assert waiting(engine, store.owner.company.schema) == 1


def test_two_jobs_of_one_company_are_one(engine: Engine, store: Store) -> None:
    schema = store.owner.company.schema
    work.run_job(schema, lambda current: [current.enqueue(jobs.SUM_JOB) for _ in range(3)])
    jobs.sum_days(schema)
    assert waiting(engine, schema) == 1

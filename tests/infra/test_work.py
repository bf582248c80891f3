"""The unit of work: all or nothing, one retry, jobs with the commit."""

import threading

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from tests.factories import create_company, create_member
from torn_app.customers.models import Customer
from torn_app.infra.work import Work, use_case
from torn_app.kernel.errors import AdminRequired, Conflict, NotAllowed, NotFound
from torn_app.kernel.permissions import BODEGUERO, VENDEDOR, Permission


class Broken(NotFound):
    message = "no"


def _add(current: Work, rut: str) -> None:
    current.session.add(Customer(rut=rut, razon_social=rut, search_text=rut, created_at=current.now))
    current.session.flush()


@use_case(Permission.MEMBER)
def add(current: Work, rut: str) -> None:
    _add(current, rut)


@use_case(Permission.MEMBER)
def add_and_fail(current: Work, rut: str) -> None:
    _add(current, rut)
    current.enqueue("send_document", document_id=1)
    raise Broken()


@use_case(Permission.MEMBER)
def add_and_enqueue(current: Work, rut: str) -> None:
    _add(current, rut)
    current.enqueue("send_document", document_id=987654)


@use_case(Permission.MEMBER)
def ruts(current: Work) -> set[str]:
    return {customer.rut for customer in current.session.exec(select(Customer))}


@use_case(Permission.SELL)
def sell(current: Work) -> str:
    return current.actor.role_name


@use_case(Permission.ADMIN)
def rule(current: Work) -> None:
    return None


def _jobs(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(
            connection.execute(
                text("SELECT count(*) FROM procrastinate_jobs WHERE args->>'document_id' IN ('1', '987654')")
            ).scalar_one()
        )


def test_a_refusal_takes_everything_back_with_its_jobs(engine: Engine) -> None:
    person = create_member(engine, create_company(engine))
    before = _jobs(engine)
    with pytest.raises(Broken):
        person.run(add_and_fail, "1-1")
    assert "1-1" not in person.run(ruts)
    assert _jobs(engine) == before
    person.run(add_and_enqueue, "1-2")
    assert "1-2" in person.run(ruts)
    assert _jobs(engine) == before + 1


def test_a_unique_violation_is_tried_once_more_and_then_refused(engine: Engine) -> None:
    person = create_member(engine, create_company(engine))
    person.run(add, "2-2")
    with pytest.raises(Conflict, match="Vuelve a intentarlo"):
        person.run(add, "2-2")


def test_permission_is_checked_by_the_use_case_itself(engine: Engine) -> None:
    company = create_company(engine)
    assert create_member(engine, company, role=VENDEDOR).run(sell) == VENDEDOR
    with pytest.raises(NotAllowed, match="No tienes permisos"):
        create_member(engine, company, role=BODEGUERO).run(sell)
    with pytest.raises(AdminRequired, match="administrador de empresa"):
        create_member(engine, company, role=VENDEDOR).run(rule)


def test_a_deadlock_is_tried_again(engine: Engine) -> None:
    """Two units of work take two rows in opposite order; the database breaks one off and it simply runs again."""
    company = create_company(engine)
    person = create_member(engine, company)
    person.run(add, "3-3")
    person.run(add, "4-4")
    barrier = threading.Barrier(2, timeout=10)
    attempts: list[str] = []

    @use_case(Permission.MEMBER)
    def cross(current: Work, first: str, second: str) -> None:
        attempts.append(first)
        for rut in (first, second):
            customer = current.session.exec(select(Customer).where(Customer.rut == rut).with_for_update()).one()
            customer.razon_social += "!"
            current.session.add(customer)
            current.session.flush()
            if rut == first and len(attempts) <= 2:
                barrier.wait()

    threads = [threading.Thread(target=person.run, args=(cross, *pair)) for pair in (("3-3", "4-4"), ("4-4", "3-3"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    @use_case(Permission.MEMBER)
    def names(current: Work) -> dict[str, str]:
        return {c.rut: c.razon_social for c in current.session.exec(select(Customer))}

    assert len(attempts) == 3
    assert {rut: name for rut, name in person.run(names).items() if rut in ("3-3", "4-4")} == {
        "3-3": "3-3!!",
        "4-4": "4-4!!",
    }


def test_a_dismissed_person_is_out_at_once(engine: Engine) -> None:
    company = create_company(engine)
    person = create_member(engine, company, role=VENDEDOR)
    person.run(sell)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE public.membership SET is_active = false WHERE account_id = :id"), {"id": person.account_id}
        )
    with pytest.raises(NotAllowed, match="No tienes acceso"):
        person.run(sell)

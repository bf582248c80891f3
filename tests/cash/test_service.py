"""Till shifts: one each, blind, counting exactly what went through the drawer."""

import threading
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.crowd import at_once
from tests.factories import Company, Member, create_company, create_member, create_product
from torn_app.cash import service
from torn_app.cash.errors import NoOpenShift, SellerWithoutShift, ShiftAlreadyOpen
from torn_app.cash.schemas import CashCloseIn, CashOpenIn, CashSessionOut
from torn_app.infra.work import Work, use_case
from torn_app.kernel.errors import Conflict, NotAllowed
from torn_app.kernel.permissions import BODEGUERO, VENDEDOR, Permission
from torn_app.sales.payment_methods import list_payment_methods
from torn_app.sales.schemas import SaleIn
from torn_app.sales.service import create_sale


@pytest.fixture
def company(engine: Engine) -> Company:
    return create_company(engine)


@pytest.fixture
def cashier(engine: Engine, company: Company) -> Member:
    return create_member(engine, company, role=VENDEDOR)


@use_case(Permission.MEMBER)
def _record(work: Work, shift_id: int, received: int, change: int) -> None:
    service.record_sale(work, shift_id, 1, received=received, change=change)


def open_shift(person: Member, amount: int = 10_000, *, force: bool = False) -> CashSessionOut:
    return person.run(service.open_shift, CashOpenIn(start_amount=amount, force_close_previous=force))


def close(person: Member, declared: int) -> CashSessionOut:
    return person.run(service.close_shift, CashCloseIn(final_cash_declared=declared))


def test_float_sales_and_change_make_what_is_expected(cashier: Member) -> None:
    shift = open_shift(cashier)
    cashier.run(_record, shift.id, 5_000, 2_000)
    cashier.run(_record, shift.id, 0, 0)  # a sale by card leaves no trace in the drawer
    assert cashier.run(service.current_shift).final_cash_system == 0
    closed = close(cashier, 12_500)
    assert (closed.final_cash_system, closed.final_cash_declared, closed.difference) == (13_000, 12_500, -500)
    assert closed.status == "CLOSED"
    assert closed.end_time is not None


def test_one_open_shift_per_person(cashier: Member) -> None:
    shift = open_shift(cashier)
    with pytest.raises(ShiftAlreadyOpen, match=rf"Ya existe una caja abierta para este usuario \(ID: {shift.id}, "):
        open_shift(cashier)


def test_a_forced_close_keeps_the_true_amount_and_invents_no_count(cashier: Member) -> None:
    first = open_shift(cashier)
    cashier.run(_record, first.id, 7_000, 0)
    second = open_shift(cashier, 1_000, force=True)
    shifts = {shift.id: shift for shift in cashier.run(service.list_shifts)}
    assert shifts[first.id].status == "CLOSED_SYSTEM"
    assert (shifts[first.id].final_cash_system, shifts[first.id].final_cash_declared) == (17_000, 0)
    assert shifts[first.id].difference == 0
    assert shifts[second.id].status == "OPEN"


def test_without_a_shift(cashier: Member) -> None:
    for attempt in (lambda: cashier.run(service.current_shift), lambda: close(cashier, 0)):
        with pytest.raises(NoOpenShift, match="No hay caja abierta"):
            attempt()


def test_who_sees_which_shifts(engine: Engine, company: Company, cashier: Member) -> None:
    other, owner = create_member(engine, company, role=VENDEDOR), create_member(engine, company)
    mine, theirs = open_shift(cashier), open_shift(other)
    assert [shift.id for shift in cashier.run(service.list_shifts)] == [mine.id]
    assert [shift.id for shift in owner.run(service.list_shifts)] == [theirs.id, mine.id]
    with pytest.raises(NotAllowed):
        create_member(engine, company, role=BODEGUERO).run(service.list_shifts)


def test_many_hands_open_one_shift(cashier: Member) -> None:
    opened: list[int] = []
    refused: list[Conflict] = []

    def hand() -> None:
        try:
            opened.append(open_shift(cashier).id)
        except Conflict as refusal:
            refused.append(refusal)

    threads = [threading.Thread(target=hand) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(opened), len(refused)) == (1, 7)


def test_many_hands_force_the_drawer_open(cashier: Member) -> None:
    """Each closes the one before it: one is open at the end, and no float is lost on the way."""
    opened = at_once(lambda amount: open_shift(cashier, amount, force=True).id, range(1, 9))
    shifts = {shift.id: shift for shift in cashier.run(service.list_shifts)}
    assert sorted(opened) == sorted(shifts)
    assert sorted(shift.status for shift in shifts.values()) == ["CLOSED_SYSTEM"] * 7 + ["OPEN"]
    assert sorted(shift.start_amount for shift in shifts.values()) == list(range(1, 9))
    for shift in shifts.values():
        if shift.status != "OPEN":
            assert (shift.final_cash_system, shift.difference) == (shift.start_amount, 0)


def test_selling_and_closing_at_once_counts_each_sale_once(engine: Engine, company: Company, cashier: Member) -> None:
    owner = create_member(engine, company)
    product = create_product(owner, precio_neto=Decimal(1000))
    cash = next(m.id for m in cashier.run(list_payment_methods) if m.code == "EFECTIVO")
    sale = SaleIn.model_validate(
        {
            "rut_cliente": "66666666-6",
            "tipo_dte": 39,
            "items": [{"product_id": product.id, "cantidad": 1}],
            "payments": [{"payment_method_id": cash, "amount": 1190}],
        }
    )
    open_shift(cashier, 0)
    sold: list[int] = []

    def sell() -> None:
        for _ in range(6):
            try:
                sold.append(cashier.run(create_sale, sale).monto_total)
            except SellerWithoutShift:
                return

    threads = [threading.Thread(target=sell) for _ in range(4)]
    for thread in threads:
        thread.start()
    closed = close(cashier, 0)
    for thread in threads:
        thread.join()
    assert closed.final_cash_system == sum(sold)

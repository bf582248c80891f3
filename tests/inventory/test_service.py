"""The one function that changes stock: arithmetic, refusals, and many tills at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.factories import Company, Member, create_company, create_member
from torn_app.infra.work import Work
from torn_app.inventory import service
from torn_app.inventory.errors import StockShort, StockTooLarge
from torn_app.inventory.schemas import MovementOut
from torn_app.inventory.service import StockChange
from torn_app.kernel.paging import Page

D = Decimal


@pytest.fixture(scope="module")
def company(engine: Engine) -> Company:
    return create_company(engine)


@pytest.fixture(scope="module")
def admin(engine: Engine, company: Company) -> Member:
    return create_member(engine, company)


def change(product_id: int, quantity: str | Decimal, motivo: str = "AJUSTE", name: str = "Pan") -> StockChange:
    return StockChange(product_id=product_id, name=name, quantity=D(quantity), motivo=motivo)


def kardex(member: Member, product_id: int) -> list[MovementOut]:
    """Oldest first."""
    return member.run(service.list_movements, product_id, Page()).rows[::-1]


def signed(entry: MovementOut) -> Decimal:
    return entry.cantidad if entry.tipo == "ENTRADA" else -entry.cantidad


def test_first_movement_makes_the_shelf_and_tells_what_is_left(admin):
    assert admin.run(service.move, [change(101, "10", "INICIAL"), change(102, "0.5", "COMPRA")]) == {
        101: D(10),
        102: D("0.5"),
    }
    assert admin.run(service.move, [change(101, "-2.25", "VENTA")]) == {101: D("7.75")}
    assert [(m.tipo, m.motivo, m.cantidad, m.balance_after) for m in kardex(admin, 101)] == [
        ("ENTRADA", "INICIAL", D(10), D(10)),
        ("SALIDA", "VENTA", D("2.25"), D("7.75")),
    ]


def test_movement_keeps_where_it_came_from_and_who_did_it(admin):
    row = StockChange(103, "Pan", D(4), "COMPRA", description="Factura 12", sale_id=7, purchase_id=9)
    admin.run(service.move, [row])
    (entry,) = kardex(admin, 103)
    assert (entry.description, entry.sale_id, entry.purchase_id) == ("Factura 12", 7, 9)
    assert entry.user == "Persona Administrador"


def test_refusal_names_the_product_what_there_is_and_what_was_asked(admin):
    admin.run(service.move, [change(104, "2.5")])
    with pytest.raises(StockShort) as refused:
        admin.run(service.move, [change(104, "-100", name="Queso {gauda}")])
    assert str(refused.value) == "Stock insuficiente para Queso {gauda}. Disponible: 2.5, Solicitado: 100"


def test_lines_of_one_product_are_judged_together(admin):
    admin.run(service.move, [change(105, "5")])
    with pytest.raises(StockShort, match="Disponible: 5, Solicitado: 6"):
        admin.run(service.move, [change(105, "-3"), change(105, "-3")])
    assert admin.run(service.move, [change(105, "-3"), change(105, "-2")]) == {105: D(0)}
    assert [m.balance_after for m in kardex(admin, 105)] == [D(5), D(2), D(0)]


def test_what_comes_in_is_there_for_what_goes_out(admin):
    assert admin.run(service.move, [change(106, "-4"), change(106, "6")]) == {106: D(2)}
    assert [m.balance_after for m in kardex(admin, 106)] == [D(6), D(2)]


def test_a_refusal_takes_everything_back(admin):
    admin.run(service.move, [change(107, "5")])
    with pytest.raises(StockShort):
        admin.run(service.move, [change(107, "-1"), change(108, "-1")])
    assert admin.run(service.levels, [107, 108]) == {107: D(5)}
    assert len(kardex(admin, 107)) == 1


def test_nothing_moves_nothing(admin):
    assert admin.run(service.move, []) == {}
    assert admin.run(service.move, [change(109, "0")]) == {109: D(0)}
    assert kardex(admin, 109) == []


def test_an_impossible_amount_is_refused(admin):
    with pytest.raises(StockTooLarge):
        admin.run(service.move, [change(110, "100000000001")])


def test_counting_writes_the_difference_only(admin):
    admin.run(service.move, [change(111, "10")])
    assert admin.run(service.adjust, 111, "Pan", D(8), description="Merma") == D(8)
    assert admin.run(service.adjust, 111, "Pan", D(8)) == D(8)
    assert [signed(m) for m in kardex(admin, 111)] == [D(10), D(-2)]


def test_kardex_pages_newest_first(admin):
    for _ in range(5):
        admin.run(service.move, [change(112, "1")])

    def part(page: Page) -> list[Decimal]:
        return [m.balance_after for m in admin.run(service.list_movements, 112, page).rows]

    newest = admin.run(service.list_movements, 112, Page(limit=2, count=True))
    assert ([m.balance_after for m in newest.rows], newest.total) == ([D(5), D(4)], 5)
    assert part(Page(limit=2, after=newest.rows[-1].id)) == part(Page(skip=2, limit=2)) == [D(3), D(2)]


def test_sixteen_tills_never_oversell(admin):
    start, tills = D(40), 16
    products = (120, 121, 122)
    admin.run(service.move, [change(product_id, start) for product_id in products])
    together = threading.Barrier(tills)

    def till(number: int) -> Decimal:
        sold = D(0)
        # Every other till asks for the products the other way round: locks must still be taken in one order.
        order = products if number % 2 else products[::-1]
        together.wait()
        for _ in range(4):
            try:
                admin.run(service.move, [change(product_id, "-1", "VENTA") for product_id in order])
            except StockShort:
                continue
            sold += 1
        return sold

    with ThreadPoolExecutor(tills) as pool:
        sold = sum(pool.map(till, range(tills)))
    assert sold == start
    for product_id in products:
        entries = kardex(admin, product_id)
        assert admin.run(service.levels, [product_id])[product_id] == 0 == sum(signed(m) for m in entries)
        assert [m.balance_after for m in entries] == [start - n for n in range(int(start) + 1)]


def test_tills_that_meet_a_product_without_shelf_make_only_one(admin):
    together = threading.Barrier(8)

    def receive(number: int) -> None:
        together.wait()
        admin.run(service.move, [change(130 + number % 2, "1"), change(131 - number % 2, "1")])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(receive, range(8)))
    assert admin.run(service.levels, [130, 131]) == {130: D(8), 131: D(8)}


quantities = st.decimals(min_value=-50, max_value=50, places=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.tuples(st.sampled_from([1, 2, 3]), quantities), max_size=6), max_size=6))
def test_stock_is_always_the_sum_of_its_movements(admin, batches):
    def history(work: Work) -> None:
        for batch in batches:
            try:
                service.move(work, [change(product_id, quantity) for product_id, quantity in batch])
            except StockShort:
                continue

    admin.run(history)
    shelves = admin.run(service.levels, [1, 2, 3])
    for product_id in (1, 2, 3):
        entries = kardex(admin, product_id)
        assert shelves.get(product_id, 0) == sum(signed(m) for m in entries)
        running = D(0)
        for entry in entries:
            running += signed(entry)
            assert entry.balance_after == running >= 0

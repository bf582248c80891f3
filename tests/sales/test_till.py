"""What the till's screen begins with, and a sale that happens once however often it is asked for."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.factories import Company, Member, create_company, create_member, create_product
from torn_app.cash.schemas import CashCloseIn, CashOpenIn
from torn_app.cash.service import close_shift, open_shift
from torn_app.kernel.permissions import VENDEDOR
from torn_app.sales import cart as carts
from torn_app.sales.cart import Cart, CartLine
from torn_app.sales.errors import AlreadySold, DrawerClosed, PaymentsShort
from torn_app.sales.payment_methods import list_payment_methods
from torn_app.sales.queries import SaleFilter, count_sales
from torn_app.sales.schemas import SaleIn, SalePaymentIn
from torn_app.sales.till import open_till, sell_once


@pytest.fixture(scope="module")
def company(engine: Engine) -> Company:
    return create_company(engine)


@pytest.fixture
def cashier(engine: Engine, company: Company) -> Member:
    person = create_member(engine, company, role=VENDEDOR)
    person.run(open_shift, CashOpenIn(start_amount=0))
    return person


@pytest.fixture(scope="module")
def product_id(engine: Engine, company: Company) -> int:
    return create_product(create_member(engine, company), precio_neto=1000).id


def ticket(owner: str, product_id: int, quantity: int = 1) -> Cart:
    return Cart(owner=owner, key="ab", lines=(CartLine(product_id=product_id, cantidad=Decimal(quantity)),))


def paid(cashier: Member, cart: Cart, amount: int) -> SaleIn:
    cash = cashier.run(list_payment_methods)[0].id
    return carts.sale_of(cart, [SalePaymentIn(payment_method_id=cash, amount=amount)])


def test_the_same_key_sells_once_and_answers_the_same(cashier: Member, product_id: int) -> None:
    before = cashier.run(count_sales, SaleFilter())
    data = paid(cashier, ticket("", product_id), 2000)
    first = cashier.run(sell_once, "a1", data)
    assert (first.monto_total, first.vuelto) == (1190, 810)
    assert cashier.run(sell_once, "a1", data) == first
    with pytest.raises(AlreadySold):
        cashier.run(sell_once, "a1", paid(cashier, ticket("", product_id, 2), 3000))
    assert cashier.run(count_sales, SaleFilter()) == before + 1


def test_a_refused_sale_leaves_its_key_free(cashier: Member, product_id: int) -> None:
    with pytest.raises(PaymentsShort):
        cashier.run(sell_once, "b1", paid(cashier, ticket("", product_id), 500))
    assert cashier.run(sell_once, "b1", paid(cashier, ticket("", product_id), 1190)).monto_total == 1190


def test_a_drawer_closed_in_the_meantime_is_said_in_plain_words(cashier: Member, product_id: int) -> None:
    data = paid(cashier, ticket("", product_id), 1190)
    cashier.run(close_shift, CashCloseIn(final_cash_declared=0))
    assert not cashier.run(open_till, "").has_shift
    with pytest.raises(DrawerClosed):
        cashier.run(sell_once, "c1", data)


def test_the_ticket_comes_back_without_what_is_not_sold(cashier: Member, product_id: int) -> None:
    owner = cashier.run(open_till, "").owner
    kept = ticket(owner, product_id)
    gone = CartLine(product_id=999_999, cantidad=Decimal(1))
    till = cashier.run(open_till, carts.write_cart(kept.model_copy(update={"lines": (*kept.lines, gone)})))
    assert (carts.read_cart(till.cart, owner), till.dropped, till.has_shift) == (kept, 1, True)


def test_the_ticket_of_another_person_does_not(engine: Engine, company: Company, product_id: int) -> None:
    one, other = (create_member(engine, company, role=VENDEDOR) for _ in range(2))
    kept = carts.write_cart(ticket(one.run(open_till, "").owner, product_id))
    till = other.run(open_till, kept)
    assert carts.read_cart(till.cart, till.owner).lines == ()
    assert not till.has_shift

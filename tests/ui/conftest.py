"""Browser tabs on the server's side, and a company whose words and numbers are easy to look for."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from tests.factories import Member, create_company, create_member, create_product, new_rut
from tests.ui.events import Browsers
from torn_app.cash.schemas import CashOpenIn
from torn_app.cash.service import open_shift
from torn_app.customers.schemas import CustomerIn
from torn_app.customers.service import create_customer
from torn_app.kernel.rut import format_rut
from torn_app.sales.payment_methods import EFECTIVO, list_payment_methods
from torn_app.sales.schemas import SaleIn
from torn_app.sales.service import create_sale


@dataclass(frozen=True)
class Known:
    """A company with one of everything, and how to recognise it."""

    owner: Member
    product_id: int
    bar_code: str
    customer_rut: str
    sale_id: int

    @property
    def marks(self) -> tuple[str, ...]:
        """Texts that appear on screens of this company and in no other."""
        texts = ("Zafiro", "Reservada", "Pasaje Oculto", "64.813", "64.810")
        return (*texts, self.bar_code, format_rut(self.customer_rut))


@pytest.fixture
def browsers(engine: Engine) -> Iterator[Browsers]:
    with Browsers() as open_ones:
        yield open_ones


@pytest.fixture(scope="session")
def known(engine: Engine) -> Known:
    """Its ids are numbers no younger company has reached."""
    owner = create_member(engine, create_company(engine, name="Joyería Zafiro"))
    for number in range(20):
        create_product(owner, nombre=f"Anillo Zafiro {number}")
        owner.run(create_customer, CustomerIn(rut=new_rut(), razon_social=f"Reservada {number}"))
    product = create_product(owner, nombre="Collar Zafiro", precio_neto="54465", codigo_barras="7809999999991", stock=9)
    who = CustomerIn(rut=new_rut(), razon_social="Clienta Reservada", direccion="Pasaje Oculto 7")
    customer = owner.run(create_customer, who)
    owner.run(open_shift, CashOpenIn(start_amount=64_813))
    cash = next(method.id for method in owner.run(list_payment_methods) if method.code == EFECTIVO)
    order = SaleIn(
        rut_cliente=customer.rut,
        tipo_dte=39,
        items=[{"product_id": product.id, "cantidad": 1}],
        payments=[{"payment_method_id": cash, "amount": 64_810}],
    )
    for _ in range(5):
        sold = owner.run(create_sale, order)
    return Known(owner, product.id, "7809999999991", customer.rut, sold.id)

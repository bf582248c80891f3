"""What the random shop should look like, computed by hand, and how it is set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from sqlalchemy import Engine

from tests.factories import Company, Member, create_company, create_member, create_product, new_rut
from torn_app.cash import service as cash
from torn_app.cash.schemas import CashOpenIn
from torn_app.company.schemas import TaxIn
from torn_app.company.service import create_tax
from torn_app.customers.schemas import CustomerIn
from torn_app.customers.service import create_customer
from torn_app.kernel.errors import Conflict, InvalidInput
from torn_app.kernel.paging import Page
from torn_app.purchases import providers
from torn_app.purchases.schemas import ProviderIn, PurchaseIn
from torn_app.sales.payment_methods import list_payment_methods

LIMIT = 40_000
PEOPLE, GOODS = 2, 4
DRINK, DRINK_PRICE = 3, 1234
"""The product with an additional tax of 10 %, and its net price."""
EVERYTHING = Page()
people = st.integers(0, PEOPLE - 1)
goods = st.integers(0, GOODS - 1)
baskets = st.lists(st.tuples(goods, st.integers(1, 3)), min_size=1, max_size=3)
methods = st.sampled_from(["EFECTIVO", "DEBITO", "CREDITO_INTERNO"])
discounts = st.sampled_from([None, Decimal(5), Decimal("12.5")])


def cash_rounded(amount: int) -> int:
    """Ley 20.956: a final 1 to 5 goes down, 6 to 9 up."""
    last = amount % 10
    return amount - last if last <= 5 else amount + 10 - last


@dataclass
class Sold:
    """A sale of the model: its total, what is left to return by product, and what its notes came to."""

    sale_id: int
    tipo: int
    folio: int
    total: int
    left: dict[int, int]
    whole: dict[int, int]
    notes: int = 0


@dataclass
class Note:
    """A credit note of the model."""

    folio: int
    total: int
    brought: dict[int, int]
    cancelled: bool = False


@dataclass
class Guide:
    """A delivery guide of the model that nobody invoiced yet."""

    sale_id: int
    neto: int
    exento: int
    drinks: int
    """Net amount of what bears an additional tax."""
    goods: dict[int, int]


@dataclass
class Drawer:
    """An open shift of the model."""

    shift_id: int
    expected: int


@dataclass
class Model:
    """What the shop should look like."""

    stock: dict[int, Decimal] = field(default_factory=dict)
    drawers: dict[int, Drawer] = field(default_factory=dict)
    owed: int = 0
    charged: int = 0
    """What debit notes added to the debt, which asks no limit."""
    sales: list[Sold] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    guides: list[Guide] = field(default_factory=list)
    sent_back: dict[int, int] = field(default_factory=dict)
    """Purchase id -> how much of it went back to the provider."""
    bought: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Purchase id -> (product, quantity)."""


class ShopBase(RuleBasedStateMachine):
    """One company, two people with drawers of their own, four products (affected, exempt, one nobody counts, a drink
    with its tax) and a customer who may owe up to LIMIT."""

    engine: Engine
    company: Company
    owners: list[Member]

    @initialize()
    def open_the_shop(self) -> None:
        """A new company for each life."""
        self.company = create_company(self.engine)
        self.owners = [create_member(self.engine, self.company) for _ in range(PEOPLE)]
        boss = self.owners[0]
        exempt = boss.run(create_tax, TaxIn(name="Exento", rate=Decimal(0)))
        made = [
            create_product(boss, nombre="Pan", precio_neto="1003.361345", stock="20"),
            create_product(boss, nombre="Diario", precio_neto="777", stock="8", tax_id=exempt.id),
            create_product(boss, nombre="Servicio", precio_neto="1990"),
            create_product(boss, nombre="Bebida", precio_neto=str(DRINK_PRICE), stock="12", impuesto_adicional=27),
        ]
        self.goods = [product.id for product in made]
        self.model = Model(
            stock={self.goods[0]: Decimal(20), self.goods[1]: Decimal(8), self.goods[DRINK]: Decimal(12)}
        )
        self.methods = {method.code: method.id for method in boss.run(list_payment_methods)}
        data = CustomerIn(
            rut=new_rut(),
            razon_social="Vecina Ñuñoína",
            giro="Almacén",
            direccion="Calle 1",
            comuna="Ñuñoa",
            limite_credito=LIMIT,
            dias_credito=30,
        )
        self.customer = boss.run(create_customer, data).rut
        for who in range(PEOPLE):
            self.open_drawer(who, 10_000)
        self.provider = boss.run(providers.create_provider, ProviderIn(rut=new_rut(), razon_social="Molino")).id

    def open_drawer(self, who: int, amount: int) -> None:
        """Open a shift with a float."""
        shift = self.owners[who].run(cash.open_shift, CashOpenIn(start_amount=amount))
        self.model.drawers[who] = Drawer(shift.id, amount)

    @contextmanager
    def refused_without_shift(self, who: int, *, needed: bool) -> Iterator[Drawer | None]:
        """Expect a refusal when a drawer is needed and there is none; hand over the drawer otherwise."""
        drawer = self.model.drawers.get(who)
        if needed and drawer is None:
            with pytest.raises((Conflict, InvalidInput)):
                yield None
        else:
            yield drawer

    def quantities(self, basket: list[tuple[int, int]]) -> dict[int, int]:
        """Product id -> how many, a product on two lines together."""
        wanted: dict[int, int] = {}
        for index, quantity in basket:
            wanted[self.goods[index]] = wanted.get(self.goods[index], 0) + quantity
        return wanted

    def take(self, quantities: dict[int, int], sign: int) -> None:
        """Move counted goods."""
        for product, quantity in quantities.items():
            if product in self.model.stock:
                self.model.stock[product] += sign * quantity

    def purchase(self, index: int, quantity: int, cost: int) -> PurchaseIn:
        """A purchase of one line."""
        line = {"product_id": self.goods[index], "cantidad": quantity, "precio_costo_unitario": cost}
        return PurchaseIn.model_validate({"provider_id": self.provider, "items": [line]})

"""«Ferretería Don Tito», a company with six days behind it, to look around in and to try things on.

It is made once, in development only, and through the services like everything else: no row is written around a rule.
All of it is one transaction, so that an interrupted first start leaves nothing half made. The sales are drawn with a
fixed seed: two machines that start on the same day show the same figures.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from torn_app.auth import service as auth
from torn_app.auth.tokens import make_token
from torn_app.cash import service as cash
from torn_app.cash.schemas import CashCloseIn, CashOpenIn
from torn_app.company.service import IVA
from torn_app.customers import service as customers
from torn_app.customers.schemas import CustomerIn
from torn_app.demo.catalogue import PRODUCTS, DemoProduct, bar_code
from torn_app.demo.people import (
    CASHIER,
    COMPANY,
    CUSTOMERS,
    NEIGHBOURS,
    ON_CREDIT,
    ON_INVOICE,
    OWNER,
    PEOPLE,
    STOREKEEPER,
    DemoPerson,
)
from torn_app.infra import work
from torn_app.infra.work import Authenticate, Batch, PlatformWork
from torn_app.kernel import clock
from torn_app.kernel.money import Pesos, round_cash
from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.onboarding import service as onboarding
from torn_app.products import brands
from torn_app.products import service as products
from torn_app.products.rules import net_price
from torn_app.products.schemas import BrandIn, ProductIn
from torn_app.saas import service as saas
from torn_app.saas.schemas import TenantUserIn
from torn_app.sales import payment_methods, preview
from torn_app.sales import service as sales
from torn_app.sales.payment_methods import CREDITO_INTERNO, EFECTIVO
from torn_app.sales.rules import suggested_notes
from torn_app.sales.schemas import SaleIn, SaleItemIn, SaleOut, SalePaymentIn
from torn_app.settings import Settings

FACTURA, BOLETA = 33, 39
DAYS = 6
DIFFERENCES = (0, -200, 0, 500, -1_000, 100)
"""What the counts of the six days were over or short, in pesos."""
FLOAT = 50_000
ON_CREDIT_BY_DAY = {1: ON_CREDIT[0], 4: ON_CREDIT[1]}
"""Position of a day -> who bought on credit then."""
_SUNDAY, _SATURDAY = 6, 5


def ensure_demo(settings: Settings, progress: Callable[[str], None] = lambda text: None) -> tuple[DemoPerson, ...]:
    """Make the demo company if it is wanted and missing. Returns who can log in when it was made just now."""
    if not settings.demo or work.run_platform(auth.nobody, _exists):
        return ()
    progress("Demo company (made once)")
    with work.batch() as batch:
        _make(batch, clock.now())
    return PEOPLE


def open_days(today: date) -> list[date]:
    """Return the last six days the shop was open before `today`, oldest first. It rests on Sundays."""
    before = (today - timedelta(days=n) for n in range(1, 2 * DAYS))
    return sorted([day for day in before if day.weekday() != _SUNDAY][:DAYS])


def _exists(current: PlatformWork) -> bool:
    return any(tenant.rut == COMPANY.rut for tenant in saas.list_tenants(current))


def _make(batch: Batch, now: datetime) -> None:
    days = open_days(clock.santiago_date(now))
    born = _at(days[0] - timedelta(days=1), 10 * 60)
    tenant = batch.run_platform(born, onboarding.create_tenant, COMPANY)
    for person in PEOPLE:
        data = TenantUserIn(
            email=person.email, password=person.password, full_name=person.name, role_name=person.role_name
        )
        batch.run_platform(born, onboarding.add_tenant_user, tenant.id, data)

    def acting(person: DemoPerson) -> Authenticate:
        return auth.actor_by_token(make_token(person.email, now), tenant.id)

    shelves = _stock_up(batch, born, acting(STOREKEEPER))
    for customer in CUSTOMERS:
        batch.run(born, acting(OWNER), customers.create_customer, customer)
    methods = {m.code: m.id for m in batch.run(born, acting(OWNER), payment_methods.list_payment_methods)}
    till = _Till(batch, acting(CASHIER), methods, shelves)
    for position, day in enumerate(days):
        till.work_through(day, ON_CREDIT_BY_DAY.get(position), DIFFERENCES[position])


def _stock_up(batch: Batch, moment: datetime, acting: Authenticate) -> list["_Shelf"]:
    names = dict.fromkeys(product.brand for product in PRODUCTS if product.brand)
    brand_ids = {name: batch.run(moment, acting, brands.create_brand, BrandIn(name=name)).id for name in names}
    shelves = []
    for position, product in enumerate(PRODUCTS, 1):
        data = ProductIn(
            codigo_interno=product.code,
            nombre=product.name,
            categoria=product.category,
            brand_id=brand_ids[product.brand] if product.brand else None,
            precio_neto=net_price(Decimal(product.price), IVA),
            costo_unitario=Decimal(product.cost),
            unidad_medida=product.unit,
            codigo_barras=bar_code(position),
            controla_stock=True,
            stock_actual=Decimal(product.stock),
            stock_minimo=Decimal(product.minimum),
        )
        created = batch.run(moment, acting, products.create_product, data)
        shelves.append(_Shelf(created.id, product, Decimal(product.stock)))
    return shelves


@dataclass(slots=True, eq=False)
class _Shelf:
    product_id: int
    product: DemoProduct
    left: Decimal

    @property
    def is_bought(self) -> bool:
        """Whether people take from it, and however much they take, something stays for today."""
        return bool(self.product.sold) and self.left > max(self.product.sold)


@dataclass(slots=True)
class _Till:
    """The cashier at work. Chooses what people buy and how they pay; what it comes to, the services say."""

    batch: Batch
    acting: Authenticate
    methods: Mapping[str, int]
    shelves: list[_Shelf]
    drawer: int = 0
    random: Random = field(default_factory=lambda: Random(1987))  # noqa: S311 - to look believable, not to be secret

    def work_through(self, day: date, debtor: CustomerIn | None, difference: int) -> None:
        """Open, sell until closing time (once to `debtor` on credit), count `difference` pesos too many, and close."""
        opening, closing = 9 * 60, (14 if day.weekday() == _SATURDAY else 18) * 60 + 30
        self.drawer = FLOAT
        self.batch.run(_at(day, opening - 5), self.acting, cash.open_shift, CashOpenIn(start_amount=Pesos(FLOAT)))
        minutes = sorted(self.random.sample(range(opening, closing), self.random.randint(20, 30)))
        for number, minute in enumerate(minutes):
            if debtor and number == 7:
                self._sell_on_credit(_at(day, minute), debtor)
            else:
                self._sell(_at(day, minute))
        counted = CashCloseIn(final_cash_declared=Pesos(self.drawer + difference))
        self.batch.run(_at(day, closing + 10), self.acting, cash.close_shift, counted)

    def _sell(self, moment: datetime) -> None:
        invoiced = self.random.random() < 0.1
        customer: CustomerIn | None = None
        if invoiced:
            customer = self.random.choice(ON_CREDIT + ON_INVOICE)
        elif self.random.random() < 0.08:
            customer = self.random.choice(NEIGHBOURS)
        data = SaleIn(
            rut_cliente=customer.rut if customer else GENERIC_CUSTOMER,
            tipo_dte=FACTURA if invoiced else BOLETA,
            items=self._basket(self.random.randint(2, 5) if invoiced else self.random.choice((1, 1, 1, 2, 2, 3, 4))),
            payments=[],
        )
        self._discount(data)
        code = self.random.choices([EFECTIVO, "DEBITO", "CREDITO", "TRANSFERENCIA"], [68, 20, 8, 4])[0]
        self._pay(moment, data, "TRANSFERENCIA" if invoiced and code == "CREDITO" else code)

    def _sell_on_credit(self, moment: datetime, customer: CustomerIn) -> None:
        data = SaleIn(
            rut_cliente=customer.rut,
            tipo_dte=FACTURA,
            items=self._basket(4),
            payments=[],
            descripcion="Retira en el local, paga a 30 días",
        )
        self._pay(moment, data, CREDITO_INTERNO)

    def _basket(self, size: int) -> list[SaleItemIn]:
        items: list[SaleItemIn] = []
        for _ in range(size):
            open_shelves = [
                s for s in self.shelves if s.is_bought and s.product_id not in {i.product_id for i in items}
            ]
            shelf = self.random.choices(open_shelves, [s.product.stock for s in open_shelves])[0]
            quantity = self.random.choice(shelf.product.sold)
            shelf.left -= quantity
            items.append(SaleItemIn(product_id=shelf.product_id, cantidad=quantity))
        return items

    def _discount(self, data: SaleIn) -> None:
        """Give some people something off, never more than a cashier may."""
        chance = self.random.random()
        if chance < 0.05:
            data.items[0].descuento_pct = Decimal(self.random.choice((5, 10)))
        elif chance < 0.08:
            data.descuento_global_pct = Decimal(5)

    def _pay(self, moment: datetime, data: SaleIn, code: str) -> None:
        total = self.batch.run(moment, self.acting, preview.preview_sale, data).monto_total
        amount, voucher = total, None
        if code == EFECTIVO:
            owed = round_cash(Pesos(total))
            amount = self.random.choice([owed, *suggested_notes(owed)[:2]])
        elif code != CREDITO_INTERNO:
            voucher = f"{self.random.randrange(1_000_000):06d}"
        data.payments = [
            SalePaymentIn(payment_method_id=self.methods[code], amount=Decimal(amount), transaction_code=voucher)
        ]
        sale: SaleOut = self.batch.run(moment, self.acting, sales.create_sale, data)
        if code == EFECTIVO:
            self.drawer += amount - sale.vuelto


def _at(day: date, minute: int) -> datetime:
    """Return the moment `minute` minutes into a Chilean day."""
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=clock.SANTIAGO).astimezone(UTC)

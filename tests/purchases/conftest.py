"""A company that buys."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import httpx
import pytest
from sqlalchemy import Engine

from tests.factories import Member, create_company, create_member, create_product, new_rut
from tests.live import LiveServer
from tests.shop import Platform, Shop, http_client
from torn_app.company import service as company
from torn_app.company.schemas import SettingsPatch
from torn_app.infra.work import Work
from torn_app.inventory import service as inventory
from torn_app.inventory.schemas import MovementOut
from torn_app.inventory.service import StockChange
from torn_app.kernel.paging import Page
from torn_app.products import service as products
from torn_app.products.schemas import ProductOut, ProductPatch
from torn_app.purchases import providers, service
from torn_app.purchases.schemas import ProviderIn, ProviderOut, PurchaseIn, PurchaseOut

D = Decimal
Item = tuple[int, str | int | Decimal, str | int | Decimal]
"""Product id, quantity, net unit cost."""


@dataclass(frozen=True)
class Buyer:
    """A person who buys, and one provider to buy from."""

    member: Member
    provider: ProviderOut

    def order(self, items: Sequence[Item], **fields) -> PurchaseIn:
        rows = [{"product_id": i, "cantidad": D(q), "precio_costo_unitario": D(c)} for i, q, c in items]
        return PurchaseIn(**{"provider_id": self.provider.id, "items": rows} | fields)

    def buy(self, *items: Item, **fields) -> PurchaseOut:
        return self.member.run(service.create_purchase, self.order(items, **fields))

    def edit(self, purchase: PurchaseOut, *items: Item, **fields) -> PurchaseOut:
        return self.member.run(service.update_purchase, purchase.id, self.order(items, **fields))

    def cancel(self, purchase: PurchaseOut) -> None:
        self.member.run(service.delete_purchase, purchase.id)

    def product(self, **fields) -> ProductOut:
        return create_product(self.member, **{"stock": 0} | fields)

    def take(self, product: ProductOut, quantity: str | int) -> None:
        """Let goods leave the shelf, as a sale would."""

        def leave(work: Work) -> None:
            inventory.move(work, [StockChange(product.id, product.nombre, -D(quantity), "VENTA")])

        self.member.run(leave)

    def now(self, product: ProductOut) -> ProductOut:
        return self.member.run(products.get_by_code, product.codigo_interno)

    def cost(self, product: ProductOut) -> Decimal:
        return self.now(product).costo_unitario

    def stock(self, product: ProductOut) -> Decimal:
        return self.now(product).stock_actual

    def set_cost(self, product: ProductOut, cost: str | int) -> None:
        self.member.run(products.update_product, product.id, ProductPatch(costo_unitario=D(cost)))

    def kardex(self, product: ProductOut) -> list[MovementOut]:
        """Oldest first."""
        return self.member.run(products.list_movements, product.id, Page()).rows[::-1]

    def method(self, name: str) -> None:
        self.member.run(company.update_settings, SettingsPatch(metodo_costo=name))


@pytest.fixture
def buyer(engine: Engine) -> Buyer:
    member = create_member(engine, create_company(engine))
    data = ProviderIn(rut=new_rut(), razon_social="Distribuidora Ñandú Ltda.")
    return Buyer(member, member.run(providers.create_provider, data))


@pytest.fixture(scope="session")
def http(live_server: LiveServer) -> Iterator[httpx.Client]:
    """A client of the running API."""
    with http_client(live_server) as client:
        yield client


@pytest.fixture(scope="session")
def platform(http: httpx.Client, live_server: LiveServer) -> Platform:
    """The platform's administrator."""
    return Platform.of(http, live_server)


@pytest.fixture
def shop(platform: Platform) -> Shop:
    """A company of its own for each test: numbers start at 1 and nobody else buys."""
    return platform.company()

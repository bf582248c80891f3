"""Price lists and the choice of a price."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.factories import Member, create_company, create_member, create_product, new_rut
from torn_app.customers import service as customers
from torn_app.customers.schemas import CustomerIn, CustomerOut
from torn_app.infra.work import Work
from torn_app.kernel.errors import NotAllowed
from torn_app.kernel.permissions import VENDEDOR
from torn_app.price_lists import service
from torn_app.price_lists.errors import (
    CustomersNotFound,
    PriceListNotFound,
    ProductNotForSale,
    ProductRepeated,
    ProductsNotFound,
)
from torn_app.price_lists.schemas import (
    PriceItemIn,
    PriceItemsIn,
    PriceListCustomersIn,
    PriceListIn,
    PriceListPatch,
    PriceListRead,
)
from torn_app.products import service as products

D = Decimal


@pytest.fixture(scope="module")
def admin(engine: Engine) -> Member:
    return create_member(engine, create_company(engine))


def new_list(admin: Member, name: str = "Mayorista") -> PriceListRead:
    return admin.run(service.create_price_list, PriceListIn(name=name))


def new_customer(admin: Member) -> CustomerOut:
    return admin.run(customers.create_customer, CustomerIn(rut=new_rut(), razon_social="Cliente"))


def price(admin: Member, price_list: PriceListRead, prices: dict[int, str]) -> None:
    items = [PriceItemIn(product_id=key, fixed_price=D(value)) for key, value in prices.items()]
    admin.run(service.set_products, price_list.id, PriceItemsIn(items=items))


def assign(admin: Member, price_list: PriceListRead, *members: CustomerOut) -> str:
    wanted = PriceListCustomersIn(customer_ids=[member.id for member in members])
    return admin.run(service.set_customers, price_list.id, wanted).detail


def list_of(admin: Member, customer: CustomerOut) -> int | None:
    product = create_product(admin)
    return admin.run(service.resolve_price, product.id, customer.id).price_list_id


def test_a_list_is_made_changed_and_deleted(admin):
    made = new_list(admin)
    renamed = admin.run(service.update_price_list, made.id, PriceListPatch(name="Otra", description="d"))
    assert admin.run(service.update_price_list, made.id, PriceListPatch(name=None)) == renamed
    assert admin.run(service.update_price_list, made.id, PriceListPatch(description=None)).description is None
    product, customer = create_product(admin), new_customer(admin)
    price(admin, made, {product.id: "1"})
    assign(admin, made, customer)
    admin.run(service.delete_price_list, made.id)
    assert list_of(admin, customer) is None
    with pytest.raises(PriceListNotFound, match=f"Lista de precios {made.id} no encontrada."):
        admin.run(service.get_price_list, made.id)


def test_lists_by_name(admin):
    made = [new_list(admin, name) for name in ("Zeta", "Alfa", "Zeta")]
    ours = [row for row in admin.run(service.list_price_lists) if row.id in [m.id for m in made]]
    assert ours == [made[1], made[0], made[2]]


def test_prices_are_replaced_whole(admin):
    made, (first, second) = new_list(admin), [create_product(admin) for _ in range(2)]
    price(admin, made, {first.id: "800", second.id: "900.5"})
    price(admin, made, {second.id: "700.25"})
    items = admin.run(service.get_price_list, made.id).items
    assert [(item.product_id, item.fixed_price) for item in items] == [(second.id, D("700.25"))]
    price(admin, made, {})
    assert admin.run(service.get_price_list, made.id).items == []


def test_prices_of_what_is_not_there(admin):
    made, gone, there = new_list(admin), create_product(admin), create_product(admin)
    admin.run(products.delete_product, gone.id)
    price(admin, made, {there.id: "5"})
    with pytest.raises(ProductsNotFound) as refused:
        price(admin, made, {999_999: "1", gone.id: "1", there.id: "1"})
    assert str(refused.value) == f"Productos no encontrados: [{gone.id}, 999999]"
    twice = PriceItemsIn(items=[PriceItemIn(product_id=there.id, fixed_price=D(1))] * 2)
    with pytest.raises(ProductRepeated):
        admin.run(service.set_products, made.id, twice)
    assert [item.fixed_price for item in admin.run(service.get_price_list, made.id).items] == [D(5)]


def test_customers_are_replaced_and_leave_other_lists(admin):
    one, other = new_list(admin), new_list(admin)
    a, b, c = (new_customer(admin) for _ in range(3))
    assert assign(admin, one, a, b) == f"2 cliente(s) asignados a la lista {one.id}."
    assign(admin, other, b, c)
    assert [list_of(admin, x) for x in (a, b, c)] == [one.id, other.id, other.id]
    assert assign(admin, other, c).startswith("1 ")
    assert [list_of(admin, x) for x in (a, b, c)] == [one.id, None, other.id]
    with pytest.raises(CustomersNotFound) as refused:
        admin.run(service.set_customers, one.id, PriceListCustomersIn(customer_ids=[a.id, 888, 777]))
    assert str(refused.value) == "Clientes no encontrados: [777, 888]"


def test_the_price_of_a_customer(admin):
    made, customer = new_list(admin), new_customer(admin)
    special, plain = create_product(admin, precio_neto="1000"), create_product(admin, precio_neto="500")
    price(admin, made, {special.id: "0"})
    assign(admin, made, customer)

    def resolved(product_id: int, customer_id: int | None = None) -> tuple[Decimal, str, int | None]:
        found = admin.run(service.resolve_price, product_id, customer_id)
        assert (found.product_id, found.customer_id) == (product_id, customer_id)
        return found.resolved_price, found.source, found.price_list_id

    assert resolved(special.id, customer.id) == (D(0), "price_list", made.id)
    assert resolved(plain.id, customer.id) == (D(500), "base_price", made.id)
    assert resolved(special.id) == (D(1000), "base_price", None)
    assert resolved(special.id, 10**9) == (D(1000), "base_price", None)
    admin.run(products.delete_product, plain.id)
    with pytest.raises(ProductNotForSale, match=f"Producto {plain.id} no encontrado o inactivo."):
        resolved(plain.id)

    def many(work: Work) -> dict[int, Decimal]:
        return service.resolve_prices(work, customers.for_sale(work, customer.rut), {special.id: 1, plain.id: 2}.keys())

    assert admin.run(many) == {special.id: D(0)}


def test_a_seller_only_reads(engine, admin):
    seller = create_member(engine, admin.company, role=VENDEDOR)
    made = new_list(admin)
    assert seller.run(service.get_price_list, made.id).items == []
    with pytest.raises(NotAllowed):
        new_list(seller)

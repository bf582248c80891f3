"""Customers through their use cases."""

import pytest
from sqlalchemy import Engine

from tests.factories import Member, create_company, create_member, new_rut
from torn_app.customers import service
from torn_app.customers.errors import (
    CustomerExists,
    CustomerNotFound,
    CustomerUnknown,
    GenericCustomerFixed,
)
from torn_app.customers.schemas import CustomerIn, CustomerOut, CustomerPatch
from torn_app.infra.work import Work
from torn_app.kernel.errors import AdminRequired, NotAllowed
from torn_app.kernel.money import Pesos
from torn_app.kernel.paging import Page
from torn_app.kernel.permissions import BODEGUERO, VENDEDOR
from torn_app.kernel.rut import GENERIC_CUSTOMER, format_rut

ALL = Page()


@pytest.fixture(scope="module")
def admin(engine: Engine) -> Member:
    return create_member(engine, create_company(engine))


@pytest.fixture(scope="module")
def seller(engine: Engine, admin: Member) -> Member:
    return create_member(engine, admin.company, role=VENDEDOR)


def create(member: Member, name: str = "Juana Pérez", **fields) -> CustomerOut:
    return member.run(service.create_customer, CustomerIn(rut=new_rut(), razon_social=name, **fields))


def owe(member: Member, customer: CustomerOut, amount: int) -> None:
    def charge(work: Work) -> None:
        row = service.for_sale(work, customer.rut)
        service.charge(work, row, Pesos(amount), tipo="VENTA", description="Fiado", sale_id=1, due_date=None)

    member.run(charge)


def ids(member: Member, page: Page = ALL, q: str | None = None) -> list[int]:
    return [row.id for row in member.run(service.list_customers, page, q).rows]


def test_a_seller_creates_customers(seller):
    made = create(seller, giro="", email="Yo@Ejemplo.cl")
    assert (made.current_balance, made.is_active, made.giro, made.email) == (0, True, None, "yo@ejemplo.cl")
    assert seller.run(service.get_customer, format_rut(made.rut)) == made
    with pytest.raises(CustomerExists, match=f"Ya existe un cliente con RUT {made.rut}"):
        seller.run(service.create_customer, CustomerIn(rut=format_rut(made.rut), razon_social="Otra"))


def test_who_may_not(engine, admin, seller):
    keeper = create_member(engine, admin.company, role=BODEGUERO)
    with pytest.raises(NotAllowed):
        create(keeper)
    with pytest.raises(AdminRequired):
        seller.run(service.delete_customer, create(seller).rut)


@pytest.mark.parametrize("fields", [{"dias_credito": 30}, {"limite_credito": 1000}])
def test_credit_is_given_by_an_administrator(admin, seller, fields):
    with pytest.raises(AdminRequired):
        create(seller, **fields)
    made = create(seller)
    with pytest.raises(AdminRequired):
        seller.run(service.update_customer, made.rut, CustomerPatch(**fields))
    trusted = admin.run(service.update_customer, made.rut, CustomerPatch(**fields))
    # What a form sends back unchanged is not a change.
    again = seller.run(service.update_customer, made.rut, CustomerPatch(razon_social="Nueva", **fields))
    assert (again.dias_credito, again.limite_credito) == (trusted.dias_credito, trusted.limite_credito)


def test_change_is_partial_and_renames_the_search(seller):
    made = create(seller, "Antigua", giro="Panadería", comuna="Ñuñoa")
    changed = seller.run(service.update_customer, made.rut, CustomerPatch(razon_social="Renombrada Única", giro=None))
    assert (changed.giro, changed.comuna, changed.rut) == (None, "Ñuñoa", made.rut)
    assert [row.id for row in seller.run(service.search_customers, "unica")] == [made.id]
    moved = seller.run(service.update_customer, made.rut, CustomerPatch(rut=new_rut()))
    assert moved.id == made.id
    with pytest.raises(CustomerUnknown):
        seller.run(service.get_customer, made.rut)
    with pytest.raises(CustomerExists):
        seller.run(service.update_customer, moved.rut, CustomerPatch(rut=create(seller).rut))


def test_search_reads_any_spelling_and_stops_at_ten(seller):
    made = create(seller, "Almacén Don Ñato Ltda.")
    for q in ("don nato", "ÑATO LTDA.", format_rut(made.rut), made.rut, made.rut.replace("-", ""), made.rut[:6]):
        assert made.id in [row.id for row in seller.run(service.search_customers, q)]
    assert [seller.run(service.search_customers, q) for q in ("", "  ", "%", "no existe")] == [[], [], [], []]
    for _ in range(12):
        create(seller, "Repetido")
    assert len(seller.run(service.search_customers, "repetido")) == 10


def test_list_is_by_name_and_pages(seller):
    names = ["Zzz B", "Zzz A", "Zzz C", "Zzz A"]
    made = [create(seller, name).id for name in names]
    expected = [made[1], made[3], made[0], made[2]]
    assert ids(seller, q="zzz") == expected
    assert ids(seller, Page(limit=2), "zzz") == expected[:2]
    assert ids(seller, Page(skip=2), "zzz") == ids(seller, Page(after=expected[1]), "zzz") == expected[2:]
    assert seller.run(service.list_customers, Page(limit=1, count=True), "zzz").total == 4
    assert set(expected) < set(ids(seller))


def test_who_left_no_trace_is_deleted(admin):
    made = create(admin)
    admin.run(service.delete_customer, made.rut)
    with pytest.raises(CustomerUnknown, match=f"No se encontró un cliente con RUT {made.rut}"):
        admin.run(service.get_customer, made.rut)
    with pytest.raises(CustomerNotFound, match=f"Cliente con RUT {made.rut} no encontrado"):
        admin.run(service.delete_customer, made.rut)


def test_who_owes_is_only_deactivated_and_comes_back_with_the_debt(admin):
    made = create(admin, "Deudora", dias_credito=30, limite_credito=50_000, giro="Costura")
    owe(admin, made, 12_000)
    admin.run(service.delete_customer, made.rut)
    left = admin.run(service.get_customer, made.rut)
    assert (left.is_active, left.current_balance) == (False, 12_000)
    assert made.id in ids(admin)
    with pytest.raises(CustomerNotFound):
        admin.run(service.for_sale, made.rut)
    back = admin.run(service.create_customer, CustomerIn(rut=made.rut, razon_social="Deudora Nueva"))
    assert (back.id, back.is_active, back.current_balance) == (made.id, True, 12_000)
    assert (back.razon_social, back.giro, back.dias_credito) == ("Deudora Nueva", None, None)


def test_the_generic_customer_stays(admin):
    with pytest.raises(GenericCustomerFixed):
        admin.run(service.delete_customer, GENERIC_CUSTOMER)
    with pytest.raises(GenericCustomerFixed):
        admin.run(service.update_customer, GENERIC_CUSTOMER, CustomerPatch(rut=new_rut()))
    assert admin.run(service.get_customer, "66.666.666-6").is_active


@pytest.mark.parametrize("rut", ["no es un rut", "12345678-9", "\x00", ""])
def test_what_is_no_rut_is_not_found(admin, rut):
    for use_case, refusal in ((service.get_customer, CustomerUnknown), (service.for_sale, CustomerNotFound)):
        with pytest.raises(refusal):
            admin.run(use_case, rut)

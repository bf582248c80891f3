"""The set of simulation: of real sales, in their mix, and none of a set."""

from datetime import date

import pytest
from lxml import etree
from sqlalchemy import Engine

from tests.certification.issuing import NS, issued, judged, person_in
from tests.certification.test_reader import sample
from tests.crowd import at_once
from tests.factories import Member, create_product, new_rut
from torn_app.cash import service as cash
from torn_app.cash.schemas import CashOpenIn
from torn_app.certification import samples, simulation
from torn_app.certification.errors import CertificationRefused
from torn_app.certification.stored import SIMULATION
from torn_app.customers import service as customers
from torn_app.customers.schemas import CustomerIn
from torn_app.sales import payment_methods, returns
from torn_app.sales import service as sales
from torn_app.sales.schemas import ReturnIn, ReturnItemIn, SaleIn, SaleItemIn, SaleOut, SalePaymentIn

LONG_AGO = date(2026, 1, 1)


class Till:
    """Somebody selling bread and a service, to a company and over the counter."""

    def __init__(self, person: Member) -> None:
        self.person = person
        self.buyer = new_rut()
        person.run(cash.open_shift, CashOpenIn(start_amount=0))
        person.run(
            customers.create_customer,
            CustomerIn(
                rut=self.buyer,
                razon_social="Panadería & Compañía",
                giro="Panadería",
                direccion="Los Aromos 1",
                comuna="Ñuñoa",
            ),
        )
        self.bread = create_product(person, nombre="Pan de molde", precio_neto="1000")
        methods = {m.code: m.id for m in person.run(payment_methods.list_payment_methods)}
        self.paid_with = methods["DEBITO"]

    def sell(self, tipo: int, quantity: int = 1, **more: object) -> SaleOut:
        gross = 1000 * quantity if tipo == 34 else 1190 * quantity
        paid = [] if tipo == 52 else [SalePaymentIn(payment_method_id=self.paid_with, amount=gross)]
        data = SaleIn(
            rut_cliente="66666666-6" if tipo == 39 else self.buyer,
            tipo_dte=tipo,
            items=[SaleItemIn(product_id=self.bread.id, cantidad=quantity)],
            payments=paid,
            **more,  # type: ignore[arg-type]
        )
        return self.person.run(sales.create_sale, data)

    def take_back(self, sold: SaleOut, quantity: int) -> SaleOut:
        data = ReturnIn(
            original_sale_id=sold.id,
            items=[ReturnItemIn(product_id=self.bread.id, cantidad=quantity)],
            reason="Llegó aplastado",
            return_method_id=self.paid_with,
        )
        return self.person.run(returns.return_sale, data)


def kinds(envelope: bytes) -> list[tuple[str, str]]:
    """Return type and folio of each document that every judge lets pass."""
    roots = [etree.fromstring(dte) for dte in judged(envelope)]
    return [(root.findtext(".//s:TipoDTE", "", NS), root.findtext(".//s:Folio", "", NS)) for root in roots]


@pytest.mark.parametrize("ambiente", ["PRUEBA", "CERTIFICACION"])
def test_simulation_is_of_sales_and_not_of_sets(engine: Engine, ambiente: str) -> None:
    person = person_in(engine, ambiente)
    issued(person, sample("001-basico.txt"))
    till = Till(person)
    sold = [till.sell(33, number) for number in range(1, 9)]
    note = till.take_back(sold[2], 1)
    guide = till.sell(52, 5)
    boleta = till.sell(39)
    till.take_back(boleta, 1)  # of a boleta: it travels with neither
    answer = person.run(simulation.simulation, LONG_AGO)
    assert kinds(answer.files[0].content) == [
        *(("33", str(one.folio)) for one in sold),
        ("61", str(note.folio)),
        ("52", str(guide.folio)),
    ]
    again = person.run(simulation.simulation, LONG_AGO)
    assert (again.repeated, again.files) == (True, answer.files)
    till.sell(33, 9)
    second = person.run(simulation.simulation, LONG_AGO, 2)
    assert len(kinds(second.files[0].content)) == 11
    assert person.run(simulation.simulation, LONG_AGO).files == answer.files

    printed = person.run(samples.samples, SIMULATION)
    number = {case.tipo: (case.number, case.folio) for case in reversed(answer.cases)}
    assert [one.name for one in printed] == [
        f"set-SIMULACION_caso-{number[tipo][0]:02}_tipo-{tipo}_folio-{number[tipo][1]}{copy}.pdf"
        for tipo, copy in ((33, ""), (33, "_cedible"), (61, ""), (52, ""), (52, "_cedible"))
    ]


def test_a_simulation_of_few_is_refused_and_leaves_nothing(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    till = Till(person)
    for number in range(1, 10):
        till.sell(33, number)
    with pytest.raises(CertificationRefused, match="necesita 10 documentos y hay 9"):
        person.run(simulation.simulation, LONG_AGO)
    till.sell(33)
    with pytest.raises(CertificationRefused, match="hay 0"):
        person.run(simulation.simulation, date(2030, 1, 1))
    found = at_once(lambda _: person.run(simulation.simulation, LONG_AGO), [1, 2, 3])
    assert sorted(one.repeated for one in found) == [False, True, True]
    assert len({one.files for one in found}) == 1

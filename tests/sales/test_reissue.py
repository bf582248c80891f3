"""Issuing a rejected document again: same sale, same goods and money, a document that is valid."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import col

from tests import judges
from tests.crowd import at_once
from tests.factories import create_product
from tests.reports.shop import Store, chile
from tests.shop import Shop, done
from torn_app.customers.schemas import CustomerPatch
from torn_app.customers.service import get_customer, update_customer
from torn_app.documents.errors import NothingToVoid, NotRefused
from torn_app.documents.models import Document
from torn_app.documents.replacing import folios_to_void, mark_voided
from torn_app.documents.service import advance
from torn_app.dte.lectura import read_dte
from torn_app.folios.models import CafRange
from torn_app.infra.work import Work
from torn_app.kernel.errors import TornError
from torn_app.reports import service as reports
from torn_app.reports.rules import Period
from torn_app.sales.errors import OriginalRejected
from torn_app.sales.guide_invoices import bill_guides
from torn_app.sales.queries import SaleFilter, get_sale, list_sales
from torn_app.sales.reissue import reissue_sale
from torn_app.sales.returns import return_sale
from torn_app.sales.schemas import GuidesBillIn, ReturnIn, SaleIn, SaleOut
from torn_app.sales.service import create_sale

DAY = date(2026, 5, 20)


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store.open(engine)


def rows_of(store: Store, sale: SaleOut) -> list[Document]:
    def read(work: Work) -> list[Document]:
        found = work.session.execute(select(Document).where(col(Document.sale_id) == sale.id).order_by(Document.id))
        return list(found.scalars())

    return store.owner.run(read)


def refuse(store: Store, sale: SaleOut, estado: str = "RECHAZADO") -> None:
    """Let the tax service refuse what a sale shows now."""
    newest = rows_of(store, sale)[-1]

    def move(work: Work) -> list[int]:
        return advance(work, [newest.id or 0], expected=newest.estado, estado=estado, detail="Firma no válida")

    assert store.owner.run(move) == [newest.id]


def expire_range(store: Store, document: Document) -> None:
    def write(work: Work) -> None:
        past = {"fecha_vencimiento": DAY - timedelta(days=1)}
        work.session.execute(update(CafRange).where(col(CafRange.id) == document.caf_range_id).values(**past))

    store.owner.run(write)


def total(store: Store, moment: Any) -> int:
    return int(store.owner.run_at(moment, reports.report, Period.DAY, DAY).total_ventas)


def test_an_invoice_again_with_its_number_and_the_customer_of_now(store: Store) -> None:
    sold = store.sell(chile(DAY), (store.bread, 2), (store.book, 1), tipo=33, pay=2880, descuento_global_pct=10)
    # 2.000 - 10 % = 1.800 + VAT 342; book 500 - 50 = 450
    assert sold.monto_total == 2592
    assert total(store, chile(DAY, 13)) == 2592
    refuse(store, sold)
    assert total(store, chile(DAY, 13)) == 0, "a rejected document counts as not issued"
    items = [{"product_id": store.bread, "cantidad": 1}]
    body = {"original_sale_id": sold.id, "items": items, "reason": "x", "return_method_id": 1}
    with pytest.raises(OriginalRejected, match="se emite de nuevo"):
        store.owner.run(return_sale, ReturnIn.model_validate(body))

    store.owner.run(update_customer, store.customer, CustomerPatch(direccion="Avenida Nueva 99"))
    again = store.owner.run_at(chile("2026-05-22"), reissue_sale, sold.id)

    assert (again.id, again.folio, again.estado_dte, again.monto_total) == (sold.id, sold.folio, "FIRMADO", 2592)
    old, new = rows_of(store, sold)
    assert (old.estado, old.to_void, new.fecha_emision) == ("RECHAZADO", False, date(2026, 5, 22))
    judges.xsd_validate(new.xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(new.xml)
    judges.verify_ted(new.xml)
    before, after = read_dte(old.xml), read_dte(new.xml)
    assert (after.lineas, after.descuentos, after.totales) == (before.lineas, before.descuentos, before.totales)
    assert (before.receptor.direccion, after.receptor.direccion) == ("Uno 1", "Avenida Nueva 99")
    assert total(store, chile("2026-05-22", 13)) == 2592, "on the day it was sold"
    assert store.owner.run(folios_to_void) == []
    full = store.owner.run(get_sale, sold.id)
    assert [row.amount for row in full.payments] == [2880]


def test_a_new_number_when_the_range_is_dead_and_the_old_one_to_void(store: Store) -> None:
    sold = store.sell(chile(DAY), (store.bread, 1), pay=1190)
    refuse(store, sold, "ERROR")
    first = rows_of(store, sold)[0]
    expire_range(store, first)
    again = store.owner.run_at(chile(DAY, 15), reissue_sale, sold.id)
    assert again.folio == 100_001, "the first of the next range"
    (waiting,) = store.owner.run(folios_to_void)
    assert (waiting.id, waiting.folio, waiting.tipo_dte, waiting.sale_id) == (first.id, sold.folio, 39, sold.id)
    assert store.owner.run(mark_voided, waiting.id).voided_at is not None
    assert store.owner.run(folios_to_void) == []
    with pytest.raises(NothingToVoid):
        store.owner.run(mark_voided, rows_of(store, sold)[1].id)


def test_it_may_be_refused_and_issued_several_times(store: Store) -> None:
    sold = store.sell(chile(DAY), (store.bread, 1), pay=1190)
    for _ in range(3):
        refuse(store, sold)
        assert store.owner.run_at(chile(DAY, 14), reissue_sale, sold.id).folio == sold.folio
    assert [row.estado for row in rows_of(store, sold)] == ["RECHAZADO"] * 3 + ["FIRMADO"]
    assert [row.estado_dte for row in store.owner.run(list_sales, SaleFilter())] == ["FIRMADO"], "shown once"
    with pytest.raises(NotRefused, match=f"El documento {sold.folio} no está rechazado"):
        store.owner.run(reissue_sale, sold.id)


def test_a_day_summed_before_the_rejection_loses_it_and_gets_it_back(store: Store) -> None:
    sold = store.sell(chile(DAY), (store.bread, 1), pay=1190)
    later = chile("2026-05-23")
    store.sum_days(later)
    assert total(store, later) == 1190
    refuse(store, sold)
    assert total(store, later) == 0
    store.owner.run_at(later, reissue_sale, sold.id)
    assert total(store, later) == 1190


def test_two_people_issue_it_again_and_one_does(store: Store) -> None:
    sold = store.sell(chile(DAY), (store.bread, 1), pay=1190)
    refuse(store, sold)

    def go(_: int) -> str:
        try:
            return str(store.owner.run_at(chile(DAY, 15), reissue_sale, sold.id).folio)
        except TornError as error:
            return error.code

    assert sorted(at_once(go, range(8))) == ["1"] + ["NotRefused"] * 7
    assert len(rows_of(store, sold)) == 2


def test_notes_guides_and_their_invoice_again(store: Store) -> None:
    sold = store.sell(chile(DAY), (store.bread, 3), pay=3570)
    items = [{"product_id": store.bread, "cantidad": 1}]
    body = {
        "original_sale_id": sold.id,
        "items": items,
        "reason": "Roto",
        "return_method_id": store.methods["EFECTIVO"],
    }
    note = store.owner.run_at(chile(DAY, 13), return_sale, ReturnIn.model_validate(body))
    order = {
        "rut_cliente": store.customer,
        "tipo_dte": 52,
        "items": items,
        "payments": [],
        "transporte": {"patente": "A"},
    }
    guide = store.owner.run_at(chile(DAY, 13), create_sale, SaleIn.model_validate(order))
    payments = [{"payment_method_id": store.methods["DEBITO"], "amount": 1190}]
    bill = GuidesBillIn.model_validate({"guide_ids": [guide.id], "payments": payments})
    invoice = store.owner.run_at(chile(DAY, 14), bill_guides, bill)
    for sale in (note, guide, invoice):
        refuse(store, sale)
        again = store.owner.run_at(chile(DAY, 15), reissue_sale, sale.id)
        assert (again.folio, again.monto_total) == (sale.folio, 1190)
        old, new = (row.xml for row in rows_of(store, sale))
        judges.xsd_validate(new, "DTE_v10.xsd")
        assert read_dte(new).referencias == read_dte(old).referencias
        assert (b"<Patente>A</Patente>" in new) == (sale is guide)
    # The rejected invoice keeps its guides.
    assert store.owner.run(get_sale, guide.id).billed_by_sale_id == invoice.id


def test_the_debt_of_a_credit_sale_stays_what_it_is(store: Store) -> None:
    store.owner.run(update_customer, store.customer, CustomerPatch(limite_credito=10_000, dias_credito=1))
    sold = store.sell(chile(DAY), (store.bread, 1), tipo=33, pay=1190, by="CREDITO_INTERNO")
    refuse(store, sold)
    store.owner.run_at(chile("2026-05-30"), reissue_sale, sold.id)
    assert store.owner.run(get_customer, store.customer).current_balance == 1190
    assert read_dte(rows_of(store, sold)[1].xml).fecha_vencimiento == date(2026, 5, 30), "not before its own day"


def test_over_http(shop: Shop) -> None:
    sale = done(shop.till().post("/sales/", shop.order((shop.product(price=1000), 1), pay=1190)), 201)
    answer = shop.door.post(f"/sales/{sale['id']}/reissue")
    text = f"El documento {sale['folio']} no está rechazado: solo se emite de nuevo lo que el SII rechazó."
    assert (answer.status_code, answer.json()["detail"]) == (409, text)
    assert shop.door.post("/sales/999999/reissue").status_code == 404
    assert shop.person("BODEGUERO").post(f"/sales/{sale['id']}/reissue").status_code == 403
    assert done(shop.door.get("/folios/to-void")) == []


def test_a_boleta_with_another_tax_is_the_same_again(store: Store) -> None:
    """No field of a boleta names the tax: it is known from the lines of the sale."""
    moment = chile(DAY, 10)
    drink = create_product(store.owner, nombre="Bebida", precio_neto="1000", impuesto_adicional=27).id
    sale = store.sell(moment, (drink, 2), pay=2580)
    assert (sale.monto_neto, sale.iva, sale.monto_total) == (2000, 380, 2580)
    refuse(store, sale)
    again = store.owner.run_at(chile(DAY, 11), reissue_sale, sale.id)
    assert again.impuestos == sale.impuestos
    read = read_dte(rows_of(store, again)[-1].xml)
    assert (read.totales.monto_neto, read.totales.iva, read.totales.monto_total) == (2000, 380, 2580)

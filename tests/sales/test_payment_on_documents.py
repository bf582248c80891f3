"""How a document says it is paid: form of payment, due date and means, for cash, credit and both."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests import judges
from tests.factories import new_rut
from tests.reports.shop import Store, chile
from torn_app.customers.schemas import CustomerIn
from torn_app.customers.service import create_customer
from torn_app.documents.models import Document
from torn_app.dte.lectura import DteLeido, read_dte
from torn_app.infra.work import Work
from torn_app.sales.returns import return_sale
from torn_app.sales.schemas import ReturnIn, SaleIn, SaleOut
from torn_app.sales.service import create_sale

MOMENT = chile(date(2026, 5, 20))
IN_30_DAYS = date(2026, 6, 19)


@pytest.fixture(scope="module")
def store(engine: Engine) -> Store:
    return Store.open(engine)


@pytest.fixture(scope="module")
def customer(store: Store) -> str:
    data = CustomerIn(
        rut=new_rut(), razon_social="Obras Sur", giro="Obras", direccion="Uno 1", comuna="Lota", dias_credito=30
    )
    return store.owner.run(create_customer, data).rut


def document(store: Store, sale: SaleOut) -> DteLeido:
    def read(work: Work) -> bytes:
        return bytes(work.session.execute(select(Document.xml).where(col(Document.sale_id) == sale.id)).scalar_one())

    xml = store.owner.run(read)
    judges.xsd_validate(xml, "boleta" if sale.tipo_dte in (39, 41) else "DTE_v10.xsd")
    return read_dte(xml)


def sell(store: Store, rut: str, tipo: int, payments: dict[str, int], **more: Any) -> SaleOut:
    """Sell two loaves, 2.380 with VAT (2.000 on an exempt document)."""
    return store.sell(
        MOMENT,
        (store.bread, 2),
        tipo=tipo,
        pay=1,
        rut_cliente=rut,
        payments=[{"payment_method_id": store.methods[code], "amount": amount} for code, amount in payments.items()],
        **more,
    )


@pytest.mark.parametrize(
    ("tipo", "payments", "form", "due", "means"),
    [
        (33, {"EFECTIVO": 2380}, 1, None, None),
        (33, {"TRANSFERENCIA": 2380}, 1, None, None),
        (33, {"CREDITO_INTERNO": 2380}, 2, IN_30_DAYS, None),
        (33, {"EFECTIVO": 1000, "CREDITO_INTERNO": 1380}, 2, IN_30_DAYS, None),  # any part on credit
        (34, {"CREDITO_INTERNO": 2000}, 2, IN_30_DAYS, None),
        (34, {"DEBITO": 2000}, 1, None, None),
        (39, {"EFECTIVO": 5000}, None, None, "1"),
        (39, {"DEBITO": 2380}, None, None, "2"),
        (39, {"CREDITO": 2380}, None, None, "2"),
        (39, {"DEBITO": 1000, "CREDITO": 1380}, None, None, "2"),  # two cards are one kind
        (39, {"TRANSFERENCIA": 2380}, None, None, "3"),
        (39, {"CREDITO_INTERNO": 2380}, None, IN_30_DAYS, "5"),
        (39, {"EFECTIVO": 1000, "DEBITO": 1380}, None, None, "5"),
        (39, {"DEBITO": 2380, "EFECTIVO": 1000}, None, None, "2"),  # the cash came back whole
        (41, {"EFECTIVO": 2000}, None, None, "1"),
    ],
    ids=str,
)
def test_what_a_sale_says(
    store: Store,
    customer: str,
    tipo: int,
    payments: dict[str, int],
    form: int | None,
    due: date | None,
    means: str | None,
) -> None:
    read = document(store, sell(store, customer, tipo, payments))
    assert (read.forma_pago, read.fecha_vencimiento, read.medio_pago) == (form, due, means)


def test_a_date_of_ones_own_counts_only_on_credit(store: Store, customer: str) -> None:
    wanted = {"fecha_vencimiento": "2026-05-25"}
    assert document(store, sell(store, customer, 33, {"EFECTIVO": 2380}, **wanted)).fecha_vencimiento is None
    read = document(store, sell(store, customer, 33, {"CREDITO_INTERNO": 2380}, **wanted))
    assert read.fecha_vencimiento == date(2026, 5, 25)


def test_notes(store: Store, customer: str) -> None:
    """A credit note says nothing of payment; what a debit note adds is owed until the customer's days are over."""
    for rut, form, due in ((customer, 2, IN_30_DAYS), ("66666666-6", None, None)):
        sale = sell(store, rut, 39, {"DEBITO": 2380})
        items = [{"product_id": store.bread, "cantidad": 2}]
        body = {"original_sale_id": sale.id, "items": items, "reason": "x", "return_method_id": store.methods["DEBITO"]}
        note = store.owner.run_at(MOMENT, return_sale, ReturnIn.model_validate(body))
        read = document(store, note)
        assert (read.forma_pago, read.fecha_vencimiento, read.medio_pago) == (None, None, None)
        reference = {"tipo_documento": "61", "folio": str(note.folio), "fecha": "2026-05-20", "sii_reason_code": 1}
        order = {"rut_cliente": rut, "tipo_dte": 56, "items": items, "payments": [], "referencias": [reference]}
        debit = store.owner.run_at(MOMENT, create_sale, SaleIn.model_validate(order))
        read = document(store, debit)
        assert (read.forma_pago, read.fecha_vencimiento) == (form, due)

"""Random baskets through the real services, with and without additional taxes: every document adds up and is valid by
the official schema, and what comes back in several steps is the sale to the peso."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlmodel import col

from tests import judges
from tests.factories import create_product
from tests.reports.shop import Store, chile
from torn_app.documents.errors import DocumentRefused
from torn_app.documents.models import Document
from torn_app.dte.lectura import DteLeido, read_dte
from torn_app.infra.work import Work
from torn_app.sales.errors import BuyerNotIdentified
from torn_app.sales.guide_invoices import bill_guides
from torn_app.sales.preview import preview_sale
from torn_app.sales.returns import return_sale
from torn_app.sales.schemas import GuidesBillIn, ReturnIn, SaleIn, SaleOut
from torn_app.sales.service import create_sale

MOMENT = chile(date(2026, 5, 20))
PRICES = ("831.932773", "1000", "333.333333", "0.5", "12990.756302")
CODES = (None, 27, 25, 24, 18)
FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@dataclass(frozen=True)
class Shelf:
    """A shop whose goods are each price with each tax, and one exempt."""

    store: Store
    goods: Sequence[int]


@pytest.fixture(scope="module")
def shelf(engine: Engine) -> Shelf:
    store = Store.open(engine)
    goods = [
        create_product(store.owner, nombre=f"Bien {code} a {price}", precio_neto=price, impuesto_adicional=code).id
        for code in CODES
        for price in PRICES
    ]
    return Shelf(store, [*goods, store.book])


@dataclass(frozen=True)
class Line:
    """A line of a basket: which good, how many, what is off it."""

    good: int
    cantidad: Decimal
    off: tuple[str, Decimal | int] | None


quantities = st.one_of(st.integers(1, 12).map(Decimal), st.decimals("0.001", 4, places=3))
offs = st.one_of(
    st.none(),
    st.tuples(st.just("descuento_pct"), st.sampled_from([Decimal("12.5"), Decimal(33)])),
    st.tuples(st.just("descuento_monto"), st.integers(1, 300)),
)
lines = st.builds(Line, st.integers(0, len(CODES) * len(PRICES)), quantities, offs)
baskets = st.lists(lines, min_size=1, max_size=5, unique_by=lambda line: line.good)
wholes = st.one_of(
    st.none(),
    st.tuples(st.just("descuento_global_pct"), st.sampled_from([Decimal(5), Decimal("33.33")])),
    st.tuples(st.just("descuento_global_monto"), st.integers(1, 900)),
)
steps = st.lists(st.lists(st.integers(0, 4), min_size=5, max_size=5), max_size=2)


def order(shelf: Shelf, tipo: int, basket: Sequence[Line], whole: tuple[str, Decimal | int] | None) -> SaleIn:
    """Return a sale paid to the peso; what cannot be sold at all is no example."""
    store = shelf.store
    body = {
        "rut_cliente": store.customer,
        "tipo_dte": tipo,
        "items": [
            {"product_id": shelf.goods[line.good], "cantidad": line.cantidad} | dict([line.off] if line.off else [])
            for line in basket
        ],
        "payments": [],
        **dict([whole] if whole else []),
    }
    try:
        preview = store.owner.run_at(MOMENT, preview_sale, SaleIn.model_validate(body))
    except DocumentRefused:
        assume(False)
    assume(preview.monto_total > 0)
    if tipo != 52:
        body["payments"] = [{"payment_method_id": store.methods["DEBITO"], "amount": preview.monto_total}]
    return SaleIn.model_validate(body)


def sold(shelf: Shelf, data: SaleIn) -> SaleOut:
    try:
        sale = shelf.store.owner.run_at(MOMENT, create_sale, data)
    except (DocumentRefused, BuyerNotIdentified):
        assume(False)
    judged(shelf, sale)
    return sale


def judged(shelf: Shelf, sale: SaleOut) -> DteLeido:
    """Validate a document and compare its sums with the answer and with each other."""

    def read(work: Work) -> bytes:
        return bytes(work.session.execute(select(Document.xml).where(col(Document.sale_id) == sale.id)).scalar_one())

    xml = shelf.store.owner.run(read)
    boleta = sale.tipo_dte in (39, 41)
    judges.xsd_validate(xml, "boleta" if boleta else "DTE_v10.xsd")
    found = read_dte(xml)
    totals = found.totales
    taxes = sum(tax.monto for tax in sale.impuestos)
    assert sale.monto_neto + sale.iva + sale.monto_exento + taxes == sale.monto_total == totals.monto_total
    assert (totals.monto_neto or 0, totals.iva or 0) == (sale.monto_neto, sale.iva)
    assert (totals.monto_exento or 0) == sale.monto_exento
    if not boleta:
        assert [(int(t.codigo), t.tasa, t.monto) for t in totals.impuestos] == [
            (t.codigo, t.tasa, t.monto) for t in sale.impuestos
        ]
    assert sum(line.monto_item for line in found.lineas) == sum(line.subtotal for line in sale.details)
    return found


def give_back(shelf: Shelf, sale: SaleOut, taking: dict[int, Decimal]) -> SaleOut:
    body = {
        "original_sale_id": sale.id,
        "items": [{"product_id": product, "cantidad": quantity} for product, quantity in taking.items()],
        "reason": "No le gustó",
        "return_method_id": shelf.store.methods["TRANSFERENCIA"],
    }
    note = shelf.store.owner.run_at(MOMENT, return_sale, ReturnIn.model_validate(body))
    judged(shelf, note)
    return note


def all_of_it(shelf: Shelf, sale: SaleOut, plan: list[list[int]]) -> list[SaleOut]:
    """Give a sale back in steps, the last of which takes what is left."""
    left = {line.product_id: Decimal(line.cantidad) for line in sale.details}
    notes = []
    for step in [*plan, None]:
        taking = {}
        for at, (product, quantity) in enumerate(left.items()):
            part = quantity if step is None else (quantity * step[at] / 8).quantize(Decimal("0.000001"))
            if part:
                taking[product] = part
        if taking:
            notes.append(give_back(shelf, sale, taking))
            left = {product: quantity - taking.get(product, Decimal(0)) for product, quantity in left.items()}
    return notes


@FEW
@given(st.sampled_from([33, 34, 39, 41]), baskets, wholes, steps)
def test_what_is_sold_and_given_back(
    shelf: Shelf, tipo: int, basket: list[Line], whole: tuple[str, Decimal | int] | None, plan: list[list[int]]
) -> None:
    sale = sold(shelf, order(shelf, tipo, basket, whole))
    notes = all_of_it(shelf, sale, plan)
    assert sum(note.monto_total for note in notes) == sale.monto_total
    if len(notes) == 1:
        assert abs(notes[0].monto_neto - sale.monto_neto) <= 2
        assert [tax.codigo for tax in notes[0].impuestos] == [tax.codigo for tax in sale.impuestos]
    last = notes[-1]
    repeated = {
        "rut_cliente": shelf.store.customer,
        "tipo_dte": 56,
        "items": [{"product_id": line.product_id, "cantidad": line.cantidad} for line in last.details],
        "payments": [],
        "referencias": [
            {"tipo_documento": "61", "folio": str(last.folio), "fecha": "2026-05-20", "sii_reason_code": 1}
        ],
    }
    debit = shelf.store.owner.run_at(MOMENT, create_sale, SaleIn.model_validate(repeated))
    judged(shelf, debit)
    assert debit.monto_total == last.monto_total
    assert debit.impuestos == last.impuestos


@FEW
@given(baskets, steps)
def test_what_travels_with_a_guide(shelf: Shelf, basket: list[Line], plan: list[list[int]]) -> None:
    guide = sold(shelf, order(shelf, 52, basket, None))
    assume(guide.monto_neto)
    payment = {"payment_method_id": shelf.store.methods["DEBITO"], "amount": guide.monto_total}
    bill = GuidesBillIn.model_validate({"guide_ids": [guide.id], "payments": [payment]})
    invoice = shelf.store.owner.run_at(MOMENT, bill_guides, bill)
    judged(shelf, invoice)
    assert (invoice.monto_total, invoice.impuestos) == (guide.monto_total, guide.impuestos)
    assert sum(note.monto_total for note in all_of_it(shelf, invoice, plan)) == invoice.monto_total

"""The sign of every type in the reports, by hand: exports in pesos; guides and purchase invoices do not count."""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from tests.factories import new_rut
from tests.reports.shop import Store, chile
from tests.sales.test_reissue_types import debit, export, give_back, guide, post
from torn_app.purchases.invoices import issue_purchase_invoice
from torn_app.purchases.providers import create_provider
from torn_app.purchases.schemas import FacturaCompraIn, ProviderIn, PurchaseIn
from torn_app.purchases.service import create_purchase
from torn_app.reports import service
from torn_app.reports.rules import SALES, SIGNS, Period

DAY = date(2026, 5, 20)
STILL_OPEN, SUMMED = chile(DAY, 20), chile("2026-05-23")


@pytest.fixture
def store(engine: Engine) -> Store:
    """One document of each type that has to do with selling, and a purchase with its invoice, on one day.

    | type | pesos | what it costs |
    |---|---|---|
    | 33 | 3.000 + 570 | 3 x 600 |
    | 110 | 2.999 | 3 x 600 |
    | 111 | 1.999 | nothing: no goods |
    | 112 | -1.000 | -600 |
    | 52 | 3.570, not counted | - |
    | 46 | 5.000 + 950, bought | - |
    """
    store = Store.open(engine)
    post(store, 33, 3570)
    sold = export(store)
    # 1.000 / 970,5 = 1,030397: x 3 = 3,09 euros, 2.998,845 pesos; x 2 = 2,06, 1.999,23; one back 1,03, 999,615.
    assert [sold.monto_total, debit(store, sold, 111, "55555555-5", code=3, quantity=2).monto_total] == [2999, 1999]
    assert give_back(store, sold, 112).monto_total == 1000
    guide(store)
    provider = ProviderIn(rut=new_rut(), razon_social="Fundo", giro="Trigo", direccion="Uno 1", comuna="Lota")
    seller = store.owner.run_at(chile(DAY), create_provider, provider).id
    bought = {
        "provider_id": seller,
        "tipo_documento": "SIN_DOCUMENTO",
        "items": [{"product_id": store.bread, "cantidad": 5, "precio_costo_unitario": 1000}],
    }
    purchase = store.owner.run_at(chile(DAY), create_purchase, PurchaseIn.model_validate(bought))
    store.owner.run_at(chile(DAY), issue_purchase_invoice, purchase.id, FacturaCompraIn())
    return store


def test_the_table() -> None:
    assert SIGNS == {33: 1, 34: 1, 39: 1, 41: 1, 56: 1, 61: -1, 110: 1, 111: 1, 112: -1}
    assert {33, 34, 39, 41, 110} == SALES


@pytest.mark.parametrize("moment", [STILL_OPEN, SUMMED], ids=["open", "summed"])
def test_a_day_with_every_type(store: Store, moment: datetime) -> None:
    run = store.owner.run_at
    if moment is SUMMED:
        store.sum_days(moment)
    found = run(moment, service.report, Period.DAY, DAY)
    # 3.570 + 2.999 + 1.999 - 1.000; 3.000 - 1.800 + 2.999 - 1.800 + 1.999 - 1.000 + 600.
    assert (found.total_ventas, found.total_utilidad) == (7_568, 3_998)
    (bread,) = found.items
    assert (bread.cantidad, bread.monto_total, bread.utilidad) == (3 + 3 - 1, 6_998, 3_998)
    vat = run(moment, service.vat, DAY)
    assert [(row.tipo_dte, row.signo, row.exento, row.total) for row in vat.documentos] == [
        (33, 1, 0, 3_570),
        (110, 1, 2_999, 2_999),
        (111, 1, 1_999, 1_999),
        (112, -1, 1_000, 1_000),
    ]
    # The VAT of the 46 is credit, and what was withheld of it is paid besides.
    assert (vat.debito, vat.credito, vat.iva_estimado, vat.remanente) == (570, 950, 0, 380)
    assert (vat.retenido, vat.a_pagar) == (950, 950)
    count = run(moment, service.summary).monthly
    assert (count.sales_count, count.sales_total) == (2, 7_568)


def test_a_rejected_export_counts_no_more_even_of_a_summed_day(store: Store) -> None:
    run = store.owner.run_at
    store.sum_days(SUMMED)
    lost = export(store)
    store.reject(lost)
    assert run(SUMMED, service.report, Period.DAY, DAY).total_ventas == 7_568

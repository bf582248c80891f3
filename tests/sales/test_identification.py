"""Large boletas name their buyer: refused without, issued with, and nothing changes up to 135 UF.

On 20 May 2026 the limit is 135 x 39.727,96 = 5.363.274,6 pesos.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests import judges
from tests.factories import create_product, new_rut
from tests.reports.shop import Store, chile
from tests.shop import Shop, done
from torn_app import settings
from torn_app.customers.schemas import CustomerIn, CustomerPatch
from torn_app.customers.service import create_customer, update_customer
from torn_app.documents.models import Document
from torn_app.dte.lectura import read_dte
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.totales import remove_vat
from torn_app.infra.work import Work
from torn_app.sales.errors import BuyerNotIdentified
from torn_app.sales.preview import dry_run
from torn_app.sales.schemas import SaleIn, SaleOut
from torn_app.sales.till import open_till

MOMENT = chile(date(2026, 5, 20))
LIMIT = 5_363_274


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store.open(engine)


def car(store: Store, price: int) -> int:
    return create_product(store.owner, nombre="Motor", precio_neto=remove_vat(Decimal(price))).id


def buyer(store: Store, **fields: Any) -> str:
    data = CustomerIn(rut=new_rut(), razon_social="Ana Ñandú", **fields)
    return store.owner.run(create_customer, data).rut


def document(store: Store, sale: SaleOut) -> DteLeido:
    def read(work: Work) -> bytes:
        return bytes(work.session.execute(select(Document.xml).where(col(Document.sale_id) == sale.id)).scalar_one())

    xml = store.owner.run(read)
    judges.xsd_validate(xml, "boleta")
    return read_dte(xml)


def test_up_to_the_limit_nothing_is_asked(store: Store) -> None:
    sale = store.sell(MOMENT, (car(store, LIMIT), 1), pay=5_363_280)
    read = document(store, sale)
    assert (sale.monto_total, read.receptor.rut, read.receptor.razon_social) == (LIMIT, "66666666-6", None)
    assert (read.medio_pago, read.receptor.telefono) == ("1", None)


@pytest.mark.parametrize(
    ("by", "fields", "missing"),
    [
        ("DEBITO", None, "su RUT y su nombre"),
        ("EFECTIVO", None, "su RUT, su nombre, su correo y su teléfono"),
        ("EFECTIVO", {}, "su correo y su teléfono"),
        ("EFECTIVO", {"email": "ana@example.com"}, "su teléfono"),
    ],
)
def test_above_it_what_is_missing_is_told(store: Store, by: str, fields: dict | None, missing: str) -> None:
    rut = {"rut_cliente": buyer(store, **fields)} if fields is not None else {}
    product = car(store, LIMIT + 1)
    text = f"Una boleta de más de $5.363.274 (135 UF) identifica al comprador: falta {missing}."
    with pytest.raises(BuyerNotIdentified) as refused:
        store.sell(MOMENT, (product, 1), pay=LIMIT + 1, by=by, **rut)
    assert str(refused.value) == text
    order = {
        "rut_cliente": "66666666-6",
        "tipo_dte": 39,
        "items": [{"product_id": product, "cantidad": 1}],
        "payments": [{"payment_method_id": store.methods[by], "amount": LIMIT + 1}],
    }
    found = store.owner.run_at(MOMENT, dry_run, SaleIn.model_validate(order | rut))
    assert text in found.warnings


def test_with_a_card_a_name_is_enough(store: Store) -> None:
    sale = store.sell(MOMENT, (car(store, LIMIT + 1), 1), pay=LIMIT + 1, by="CREDITO", rut_cliente=buyer(store))
    read = document(store, sale)
    assert (read.receptor.razon_social, read.medio_pago) == ("Ana Ñandú", "2")


def test_a_part_in_cash_asks_how_to_reach_the_buyer(store: Store) -> None:
    rut, product = buyer(store, email="ana@example.com"), car(store, 6_000_000)
    payments = [
        {"payment_method_id": store.methods["TRANSFERENCIA"], "amount": 5_999_000},
        {"payment_method_id": store.methods["EFECTIVO"], "amount": 1000},
    ]
    with pytest.raises(BuyerNotIdentified, match="falta su teléfono"):
        store.sell(MOMENT, (product, 1), pay=1, rut_cliente=rut, payments=payments)
    store.owner.run(update_customer, rut, CustomerPatch(telefono="+56 9 1234 5678"))
    sale = store.sell(MOMENT, (product, 1), pay=1, rut_cliente=rut, payments=payments)
    read = document(store, sale)
    assert (read.receptor.correo, read.receptor.telefono) == ("ana@example.com", "+56 9 1234 5678")
    assert (read.receptor.rut, read.medio_pago) == (rut, "5")


def test_an_exempt_boleta_too_and_no_invoice(store: Store) -> None:
    product = create_product(store.owner, nombre="Libros raros", precio_neto="6000000").id
    with pytest.raises(BuyerNotIdentified):
        store.sell(MOMENT, (product, 1), tipo=41, pay=6_000_000, by="DEBITO")
    assert store.sell(MOMENT, (product, 1), tipo=34, pay=6_000_000).monto_total == 6_000_000


def test_the_till_knows_the_limit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.owner.run_at(MOMENT, open_till, "").boleta_limit == LIMIT
    monkeypatch.setenv("TORN_UF_YEAR_END", "2025=10000")
    settings.get_settings.cache_clear()
    try:
        assert store.owner.run_at(MOMENT, open_till, "").boleta_limit == 1_350_000
        with pytest.raises(BuyerNotIdentified, match=r"\$1.350.000"):
            store.sell(MOMENT, (car(store, 1_350_001), 1), pay=1_350_001, by="DEBITO")
    finally:
        monkeypatch.delenv("TORN_UF_YEAR_END")
        settings.get_settings.cache_clear()


def test_over_http_it_is_a_plain_refusal(shop: Shop) -> None:
    till = shop.till()
    answer = till.post("/sales/", shop.order((shop.product(price=50_000_000), 1), pay=59_500_000, by="DEBITO"))
    assert answer.status_code == 400
    assert "identifica al comprador: falta su RUT y su nombre." in answer.json()["detail"]
    assert done(till.get("/sales/")) == []
    customer = done(
        till.post("/customers/", {"rut": new_rut(), "razon_social": "Eva", "telefono": "22 345 67 89"}), 201
    )
    assert customer["telefono"] == "22 345 67 89"
    patched = done(till.put(f"/customers/{customer['rut']}", {"telefono": "  "}))
    assert patched["telefono"] is None
    assert till.put(f"/customers/{customer['rut']}", {"telefono": "1" * 21}).status_code == 422

"""Every type of document issued again after a rejection: by eight people at once, and with a new number when its range
died meanwhile."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from tests import judges
from tests.crowd import at_once
from tests.reports.shop import Store, chile
from tests.sales.test_reissue import DAY, expire_range, refuse, rows_of
from torn_app.documents.replacing import folios_to_void
from torn_app.dte.lectura import DteLeido, read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.errors import TornError
from torn_app.sales.guide_invoices import bill_guides
from torn_app.sales.queries import get_sale
from torn_app.sales.reissue import reissue_sale
from torn_app.sales.returns import return_sale
from torn_app.sales.schemas import GuidesBillIn, ReturnIn, SaleIn, SaleOut
from torn_app.sales.service import create_sale

EUROS = {"moneda": "EURO", "tipo_cambio": 970.5, "nombre": "Käse AG", "pais": 563, "aduana": {"flete": 1.5}}
ABROAD = "55555555-5"


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store.open(engine)


def post(store: Store, tipo: int, pay: int, *, hour: int = 12, **more: Any) -> SaleOut:
    return store.sell(chile(DAY, hour), (store.bread, 3), tipo=tipo, pay=pay, by="DEBITO", **more)


def guide(store: Store, **more: Any) -> SaleOut:
    body = {
        "rut_cliente": store.customer,
        "tipo_dte": 52,
        "items": [{"product_id": store.bread, "cantidad": 3}],
        "payments": [],
        "transporte": {"patente": "ABCD12"},
        **more,
    }
    return store.owner.run_at(chile(DAY), create_sale, SaleIn.model_validate(body))


def bill(store: Store, guides: list[SaleOut], pay: int, **more: Any) -> SaleOut:
    payments = [{"payment_method_id": store.methods["DEBITO"], "amount": pay}]
    body = {"guide_ids": [row.id for row in guides], "payments": payments, **more}
    return store.owner.run_at(chile(DAY, 13), bill_guides, GuidesBillIn.model_validate(body))


def give_back(store: Store, sale: SaleOut, tipo: int) -> SaleOut:
    body = {
        "original_sale_id": sale.id,
        "tipo_dte": tipo,
        "items": [{"product_id": store.bread, "cantidad": 1}],
        "reason": "Roto",
        "return_method_id": store.methods["DEBITO"],
    }
    return store.owner.run_at(chile(DAY, 13), return_sale, ReturnIn.model_validate(body))


def debit(store: Store, about: SaleOut, tipo: int, rut: str, *, code: int, quantity: int) -> SaleOut:
    body = {
        "rut_cliente": rut,
        "tipo_dte": tipo,
        "items": [{"product_id": store.bread, "cantidad": quantity}],
        "payments": [],
        "referencias": [
            {"tipo_documento": str(about.tipo_dte), "folio": str(about.folio), "fecha": DAY, "sii_reason_code": code}
        ],
    }
    return store.owner.run_at(chile(DAY, 14), create_sale, SaleIn.model_validate(body))


def export(store: Store) -> SaleOut:
    # 1.000 / 970,5 = 1,030397 x 3 = 3,09 euros; 2.998,845 pesos.
    return post(store, 110, 2999, rut_cliente=ABROAD, exportacion=EUROS)


KINDS: dict[str, Callable[[Store], SaleOut]] = {
    "33": lambda s: post(s, 33, 3392, descuento_global_pct=5),
    "34": lambda s: post(s, 34, 3000),
    "39": lambda s: post(s, 39, 3570),
    "41": lambda s: post(s, 41, 3000, rut_cliente="66666666-6"),
    "52": guide,
    "52 abroad": lambda s: guide(s, ind_traslado=8),
    "33 of guides": lambda s: bill(s, [guide(s), guide(s)], 7140),
    "110": export,
    "110 of a service": lambda s: post(
        s, 110, 2999, rut_cliente=ABROAD, exportacion=EUROS | {"aduana": None, "indicador_servicio": 5}
    ),
    "110 of guides": lambda s: bill(
        s, [guide(s, ind_traslado=9), guide(s, ind_traslado=8)], 5998, tipo_dte=110, exportacion=EUROS
    ),
    "61": lambda s: give_back(s, post(s, 33, 3570), 61),
    "56": lambda s: debit(s, post(s, 33, 3570), 56, s.customer, code=3, quantity=2),
    "112": lambda s: give_back(s, export(s), 112),
    "111": lambda s: debit(s, export(s), 111, ABROAD, code=3, quantity=2),
    "111 of a note": lambda s: debit(s, give_back(s, export(s), 112), 111, ABROAD, code=1, quantity=1),
}


def judged(store: Store, sale: SaleOut) -> DteLeido:
    xml = rows_of(store, sale)[-1].xml
    judges.xsd_validate(xml, "boleta" if TipoDte(sale.tipo_dte).es_boleta else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(xml)
    judges.verify_ted(xml)
    return read_dte(xml)


def contents(read: DteLeido) -> tuple[object, ...]:
    return (read.lineas, read.descuentos, read.totales, read.exportacion, read.receptor, read.referencias)


@pytest.mark.parametrize("kind", KINDS)
def test_again_by_many_at_once_then_with_a_new_number(store: Store, kind: str) -> None:
    sale = KINDS[kind](store)
    before = judged(store, sale)
    refuse(store, sale)

    def go(_: int) -> str:
        try:
            return str(store.owner.run_at(chile(DAY, 15), reissue_sale, sale.id).folio)
        except TornError as error:
            return error.code

    assert sorted(at_once(go, range(8))) == [str(sale.folio)] + ["NotRefused"] * 7
    assert store.owner.run(folios_to_void) == []
    again = judged(store, sale)
    assert contents(again) == contents(before)

    refuse(store, sale)
    expire_range(store, rows_of(store, sale)[-1])
    moved = store.owner.run_at(chile("2026-05-22"), reissue_sale, sale.id)
    assert moved.folio == 100_001
    (waiting,) = store.owner.run(folios_to_void)
    assert (waiting.tipo_dte, waiting.folio) == (sale.tipo_dte, sale.folio)
    last = judged(store, sale)
    assert (last.fecha_emision, contents(last)) == (date(2026, 5, 22), contents(before))
    full = store.owner.run(get_sale, sale.id)
    assert (full.monto_total, full.exportacion) == (sale.monto_total, sale.exportacion)


def test_what_it_refers_to_is_named_by_its_present_number(store: Store) -> None:
    """Guides and the invoice of a note, rejected and issued again elsewhere before the document that names them."""
    guides = [guide(store), guide(store)]
    invoice = bill(store, guides, 7140)
    note = give_back(store, invoice, 61)
    for sale in (guides[1], invoice, note):
        refuse(store, sale)
        expire_range(store, rows_of(store, sale)[-1])
    later = chile("2026-05-22")
    moved = [store.owner.run_at(later, reissue_sale, sale.id) for sale in (guides[1], invoice, note)]
    assert [row.folio for row in moved] == [100_001] * 3
    of_invoice, of_note = judged(store, invoice).referencias, judged(store, note).referencias
    assert [(r.tipo, r.folio, r.fecha) for r in of_invoice] == [
        ("52", str(guides[0].folio), DAY),
        ("52", "100001", date(2026, 5, 22)),
    ]
    assert [(r.tipo, r.folio, r.fecha, r.codigo) for r in of_note] == [("33", "100001", date(2026, 5, 22), "3")]
    shown = store.owner.run(get_sale, note.id).referencias or []
    assert [(row.folio, row.fecha) for row in shown] == [("100001", "2026-05-22")]

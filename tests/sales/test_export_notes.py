"""Notes of exports over HTTP (112, 111), re-issue and preview: exact in the currency and in pesos."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.crowd import at_once
from tests.sales.test_exports import ABROAD, BUYER, clerk, judged, order
from tests.shop import Door, Shop, done
from torn_app.kernel.clock import now, santiago_date

__all__ = ["clerk"]
AMOUNTS = ("monto_exento", "monto_total")


def back(shop: Shop, sale: dict, *items: tuple[dict, Any], by: str = "TRANSFERENCIA", **more: Any) -> dict:
    lines = [{"product_id": product["id"], "cantidad": quantity} for product, quantity in items]
    body = {"original_sale_id": sale["id"], "tipo_dte": 112, "items": lines, "reason": "Llegó roto"}
    return body | {"return_method_id": shop.method(by), **more}


def stock_of(shop: Shop, product: dict) -> float:
    return done(shop.door.get(f"/products/{product['codigo_interno']}"))["stock_actual"]


def debit(about: dict, code: int, *items: tuple[dict, dict], **more: Any) -> dict:
    reference = {"tipo_documento": str(about["tipo_dte"]), "folio": str(about["folio"]), "sii_reason_code": code}
    return {
        "rut_cliente": ABROAD,
        "tipo_dte": 111,
        "items": [{"product_id": product["id"], "cantidad": 1} | extra for product, extra in items],
        "payments": [],
        "referencias": [reference | {"fecha": santiago_date(now()).isoformat()}],
        **more,
    }


@pytest.fixture
def wine(shop: Shop) -> dict:
    return shop.product(price=5000, stock=50, costo_unitario=2000)


def test_all_of_it_at_once_is_the_sale(shop: Shop, clerk: Door, wine: dict) -> None:
    terms = {**BUYER, "moneda": "EURO", "tipo_cambio": "1051.27"}
    # 4,756152 x 12 = 57,07; less 7 % (3,99) 53,08 euros; 55.801,41: 55.801 pesos.
    body = order(shop, (wine, 12), pay=55_801, exportacion=terms, descuento_global_pct=7)
    sold = done(clerk.post("/sales/", body), 201)
    assert (sold["monto_total"], sold["exportacion"]["monto_total"]) == (55_801, 53.08)
    note = done(clerk.post("/sales/return", back(shop, sold, (wine, 12))), 201)
    assert [note[name] for name in AMOUNTS] == [sold[name] for name in AMOUNTS]
    assert (note["tipo_dte"], note["exportacion"]["monto_total"]) == (112, 53.08)
    read, original = judged(clerk, note), judged(clerk, sold)
    assert (read.totales, read.receptor) == (original.totales, original.receptor)
    assert read.exportacion is not None
    assert (read.exportacion.total_pesos, read.exportacion.aduana) == (55_801, {})
    assert [(r.tipo, r.folio, r.codigo) for r in read.referencias] == [("110", str(sold["folio"]), "1")]
    assert [(row["precio_unitario"], row["subtotal"]) for row in note["details"]] == [(5000, 59_996)]
    assert stock_of(shop, wine) == 50
    report = done(shop.door.get("/stats/report", params={"period": "day"}))
    assert (report["total_ventas"], report["total_utilidad"], report["items"]) == (0, 0, [])
    assert clerk.get(f"/sales/{note['id']}/pdf", params={"formato": "80mm"}).content.startswith(b"%PDF")


def test_in_parts_it_adds_up_in_the_currency_and_in_pesos(shop: Shop, clerk: Door, wine: dict) -> None:
    """A debt of a sale that comes back bit by bit ends at nothing, to the peso."""
    oil = shop.product(price="3333.33", stock=50)
    done(clerk.post("/sales/", order(shop, (oil, 1), pay=3_330)), 201)
    done(shop.door.put(f"/customers/{ABROAD}", {"dias_credito": 30}))
    terms = {**BUYER, "tipo_cambio": "951.33"}
    body = order(
        shop, (wine, 7), (oil, 3), pay=42_743, by="CREDITO_INTERNO", exportacion=terms, descuento_global_monto=2_250
    )
    # 5.000 / 951,33 = 5,255800 x 7 = 36,79 (36,7906); 3.333,33 / 951,33 = 3,503863 x 3 = 10,51 (10,511589). 2.250 are
    # 2,37 (2,365110): 44,93 dollars, 42.743,2569 pesos. Each note rounded by itself would make 42.744 of them.
    sold = done(clerk.post("/sales/", body), 201)
    assert (sold["monto_total"], sold["exportacion"]["monto_total"]) == (42_743, 44.93)
    notes = [
        done(clerk.post("/sales/return", back(shop, sold, *items, by="CREDITO_INTERNO")), 201)
        for items in ([(wine, 1)], [(wine, 1), (oil, 1)], [(oil, 1)], [(wine, 3)], [(wine, 2), (oil, 1)])
    ]
    reads = [judged(clerk, note) for note in notes]
    assert sum(read.totales.monto_total for read in reads) == Decimal("44.93")
    assert sum(note["monto_total"] for note in notes) == 42_743
    for note, read in zip(notes, reads, strict=True):
        assert read.exportacion is not None
        assert read.exportacion.total_pesos == note["monto_total"], "document and books agree"
        assert sum(row["subtotal"] for row in note["details"]) >= note["monto_total"]
    assert {read.referencias[0].codigo for read in reads} == {"3"}
    assert done(shop.door.get(f"/customers/{ABROAD}/account"))["balance"] == 0
    assert (stock_of(shop, wine), stock_of(shop, oil)) == (50, 49)
    more = clerk.post("/sales/return", back(shop, sold, (oil, 1)))
    assert (more.status_code, more.json()["error"]) == (400, "ReturnExceeds")


def test_many_take_back_the_same_at_once(shop: Shop, clerk: Door, wine: dict) -> None:
    sold = done(clerk.post("/sales/", order(shop, (wine, 3), pay=15_000)), 201)
    answers = at_once(lambda _: clerk.post("/sales/return", back(shop, sold, (wine, 1))), list(range(6)))
    assert Counter(answer.status_code for answer in answers) == {201: 3, 400: 3}, [a.text for a in answers]
    notes = [answer.json() for answer in answers if answer.status_code == 201]
    assert sum(note["monto_total"] for note in notes) == 15_000


def test_each_document_has_its_own_note(shop: Shop, clerk: Door, wine: dict) -> None:
    sold = done(clerk.post("/sales/", order(shop, (wine, 1), pay=5_000)), 201)
    for tipo in (61, 56, 111):
        answer = clerk.post("/sales/return", back(shop, sold, (wine, 1), tipo_dte=tipo))
        assert (answer.status_code, answer.json()["detail"]) == (
            400,
            "La devolución de una factura de exportación electrónica se documenta con una nota de crédito de "
            "exportación (112).",
        )
    boleta = done(clerk.post("/sales/", shop.order((wine, 1), pay=5_950)), 201)
    answer = clerk.post("/sales/return", back(shop, boleta, (wine, 1)))
    assert (answer.status_code, answer.json()["error"]) == (400, "NoteTypeNotForSale")
    through_sales = debit(sold, 1, (wine, {})) | {"tipo_dte": 112}
    assert "POST /sales/return" in clerk.post("/sales/", through_sales).text
    for tipo in (111, 112):
        answer = clerk.post("/sales/", debit(sold, 3, (wine, {}), tipo_dte=tipo, referencias=[]))
        text = f"Los documentos de ajuste (DTE {tipo}) requieren obligatoriamente referencias al documento original."
        assert (answer.status_code, answer.json()["detail"]) == (400, text)
    # A 56 says nothing of an export, nor a 111 of anything else.
    assert clerk.post("/sales/", debit(sold, 3, (wine, {}), tipo_dte=56)).json()["error"] == "DebitNoteReference"
    about_boleta = debit(boleta, 3, (wine, {}), rut_cliente="66666666-6")
    assert clerk.post("/sales/", about_boleta).json()["error"] == "ExportDebitReference"
    assert clerk.post("/sales/", debit(sold, 1, (wine, {}))).json()["error"] == "ExportDebitReference"


def test_charging_more_and_cancelling_a_note(shop: Shop, clerk: Door, wine: dict) -> None:
    terms = {**BUYER, "tipo_cambio": "950.25", "aduana": {"flete": 3}}
    # 5.000 / 950,25 = 5,261773 x 4 = 21,05 (21,047092); 20.002,76: 20.003 pesos.
    sold = done(clerk.post("/sales/", order(shop, (wine, 4), pay=20_003, exportacion=terms)), 201)
    more = done(clerk.post("/sales/", debit(sold, 3, (wine, {"cantidad": 4, "precio_neto": 100}))), 201)
    # 100 / 950,25 = 0,105235 x 4 = 0,42; 399,105 pesos.
    assert (more["tipo_dte"], more["monto_total"], more["exportacion"]["monto_total"]) == (111, 399, 0.42)
    assert done(shop.door.get(f"/customers/{ABROAD}/account"))["balance"] == 399
    note = done(clerk.post("/sales/return", back(shop, sold, (wine, 1))), 201)
    whole = debit(note, 1, (wine, {"cantidad": 1}))
    assert clerk.post("/sales/", debit(note, 1, (wine, {"cantidad": 2}))).json()["error"] == "DebitNoteRepeats"
    answers = at_once(lambda _: clerk.post("/sales/", whole), list(range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409], [a.text for a in answers]
    (cancel,) = [answer.json() for answer in answers if answer.status_code == 201]
    assert [cancel[name] for name in AMOUNTS] == [note[name] for name in AMOUNTS]
    assert (judged(clerk, cancel).totales, judged(clerk, more).tipo) == (judged(clerk, note).totales, 111)
    report = done(shop.door.get("/stats/report", params={"period": "day"}))
    # 20.003 + 399; the wine of the note came back and its cancelled note moves no goods: 3 bottles cost 6.000.
    assert (report["total_ventas"], report["total_utilidad"]) == (20_402, 14_402)
    refused = clerk.post("/sales/", whole | {"exportacion": {"tipo_cambio": 1}})
    assert refused.json()["error"] == "ExportFactsElsewhere"


def test_a_text_is_corrected_with_a_note_of_nothing(shop: Shop, clerk: Door, wine: dict) -> None:
    sold = done(clerk.post("/sales/", order(shop, (wine, 1), pay=5_000)), 201)
    words = {"donde_dice": "Hafenstraße 7", "debe_decir": "Hafenstraße 9"}
    note = done(clerk.post(f"/sales/{sold['id']}/correct", words), 201)
    read = judged(clerk, note)
    assert (read.tipo, read.totales.monto_total, read.referencias[0].codigo) == (112, 0, "2")


def test_rejected_ones_are_issued_again_as_they_were(shop: Shop, clerk: Door, wine: dict) -> None:
    """In mode PRUEBA a total that ends in 001 is rejected: 10,001 euros are not, 10.001 pesos are."""
    product = shop.product(price="10001", stock=5)
    terms = {**BUYER, "moneda": "PESO CL", "aduana": {"bultos": [{"codigo": 80, "cantidad": 2}], "seguro": 9.5}}
    sold = done(clerk.post("/sales/", order(shop, (product, 1), pay=10_001, exportacion=terms)), 201)
    before = judged(clerk, sold)
    document = next(row for row in done(shop.door.get("/documents/")) if row["sale_id"] == sold["id"])
    assert shop.answered(document["id"]) == "RECHAZADO"
    assert clerk.post("/sales/return", back(shop, sold, (product, 1))).json()["error"] == "OriginalRejected"
    answers = at_once(lambda _: clerk.post(f"/sales/{sold['id']}/reissue"), list(range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409], [a.text for a in answers]
    after = judged(clerk, sold)
    assert (after.folio, after.exportacion, after.receptor, after.lineas) == (
        before.folio,
        before.exportacion,
        before.receptor,
        before.lineas,
    )
    assert after.exportacion is not None
    assert after.exportacion.bultos == ((80, 2),)


def test_the_preview_is_what_happens(shop: Shop, clerk: Door, wine: dict) -> None:
    body = order(shop, (wine, 3), pay=13_500, exportacion={**BUYER, "tipo_cambio": "951.1"}, descuento_global_pct=10)
    foretold = done(clerk.post("/sales/preview", body))
    # 5.000 / 951,1 = 5,257071 x 3 = 15,77; less 10 % (1,58) 14,19; 13.496,11 pesos.
    assert (foretold["monto_total"], foretold["exportacion"]["monto_total"]) == (13_496, 14.19)
    assert foretold["warnings"] == []
    sold = done(clerk.post("/sales/", body | {"payments": [{**body["payments"][0], "amount": 13_496}]}), 201)
    assert [sold[name] for name in (*AMOUNTS, "iva")] == [foretold[name] for name in (*AMOUNTS, "iva")]
    short = done(clerk.post("/sales/preview", order(shop, (wine, 99), pay=1)))
    assert len(short["warnings"]) == 2, short["warnings"]
    wrong = clerk.post("/sales/preview", body | {"rut_cliente": shop.customer()["rut"]})
    assert wrong.json()["error"] == "ExportCustomer"

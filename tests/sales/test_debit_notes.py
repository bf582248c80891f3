"""Debit notes over HTTP: what they add, to whom, and what they leave alone."""

import pytest

from tests import judges
from tests.crowd import at_once
from tests.shop import Door, Shop, done
from torn_app.kernel.clock import now, santiago_date


@pytest.fixture
def clerk(shop: Shop) -> Door:
    """Somebody who sells and takes back."""
    person = shop.person("ADMINISTRADOR")
    done(person.post("/cash/open", {"start_amount": 100_000}))
    return person


def debit(customer: dict, about: dict, code: int, *items: tuple[dict, dict], **more) -> dict:
    reference = {"tipo_documento": str(about["tipo_dte"]), "folio": str(about["folio"]), "sii_reason_code": code}
    return {
        "rut_cliente": customer["rut"],
        "tipo_dte": 56,
        "items": [{"product_id": product["id"], "cantidad": 1} | extra for product, extra in items],
        "payments": [],
        "referencias": [reference | {"fecha": santiago_date(now()).isoformat()}],
        **more,
    }


def invoice(shop: Shop, clerk: Door, customer: dict, product: dict, pay: int, tipo: int = 33) -> dict:
    order = shop.order((product, 3), tipo=tipo, pay=pay, by="DEBITO", rut_cliente=customer["rut"])
    return done(clerk.post("/sales/", order), 201)


def give_back(shop: Shop, clerk: Door, sale: dict, product: dict, quantity: int) -> dict:
    body = {
        "original_sale_id": sale["id"],
        "items": [{"product_id": product["id"], "cantidad": quantity}],
        "reason": "Venía roto",
        "return_method_id": shop.method("EFECTIVO"),
    }
    return done(clerk.post("/sales/return", body), 201)


def balance(shop: Shop, customer: dict) -> int:
    return done(shop.door.get(f"/customers/{customer['rut']}/account"))["balance"]


def stock_of(shop: Shop, product: dict) -> float:
    return done(shop.door.get(f"/products/{product['codigo_interno']}"))["stock_actual"]


def judged(door: Door, sale: dict) -> bytes:
    xml = door.get(f"/sales/{sale['id']}/xml").content
    judges.xsd_validate(xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(xml)
    judges.verify_ted(xml)
    return xml


def test_an_invoice_that_charged_too_little(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000, stock=10, costo_unitario=400), shop.customer()
    sold = invoice(shop, clerk, customer, product, 3570)
    body = debit(customer, sold, 3, (product, {"cantidad": 3, "precio_neto": 150}))
    note = done(shop.person("VENDEDOR").post("/sales/", body), 201)
    # 3 x 150 = 450; VAT 85,5 -> 86
    assert (note["tipo_dte"], note["monto_neto"], note["iva"], note["monto_total"]) == (56, 450, 86, 536)
    assert (note["related_sale_id"], note["details"][0]["precio_unitario"]) == (sold["id"], 150)
    assert b"<CodRef>3</CodRef>" in judged(clerk, note)
    assert stock_of(shop, product) == 7
    assert balance(shop, customer) == 536, "owed although the customer has no credit"
    report = done(shop.door.get("/stats/report", params={"period": "day"}))
    # 3.570 + 536; 3.000 - 1.200 + 450
    assert (report["total_ventas"], report["total_utilidad"]) == (4106, 2250)
    assert [row["cantidad"] for row in report["items"]] == [3]


def test_more_for_an_exempt_invoice_bears_no_vat(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000), shop.customer()
    sold = invoice(shop, clerk, customer, product, 3000, tipo=34)
    note = done(clerk.post("/sales/", debit(customer, sold, 3, (product, {"precio_neto": 500}))), 201)
    assert (note["monto_exento"], note["iva"], note["monto_total"]) == (500, 0, 500)
    judged(clerk, note)


def test_a_credit_note_is_cancelled_whole_and_once(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1333, stock=10), shop.customer()
    # 3 x 1.333 = 3.999 + 760 = 4.759; two back: 2.666 + VAT
    sold = invoice(shop, clerk, customer, product, 4759)
    credit = give_back(shop, clerk, sold, product, 2)
    assert stock_of(shop, product) == 9
    partly = clerk.post("/sales/", debit(customer, credit, 1, (product, {"cantidad": 1})))
    assert (partly.status_code, partly.json()["detail"]) == (
        400,
        f"La nota de débito que anula la nota de crédito {credit['folio']} repite todas sus líneas.",
    )
    body = debit(customer, credit, 1, (product, {"cantidad": 2}))
    answers = at_once(lambda _: clerk.post("/sales/", body), range(4))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409], [a.text for a in answers]
    (note,) = [answer.json() for answer in answers if answer.status_code == 201]
    amounts = ("monto_neto", "monto_exento", "iva", "monto_total")
    assert [note[name] for name in amounts] == [credit[name] for name in amounts]
    assert b"<CodRef>1</CodRef>" in judged(clerk, note)
    assert stock_of(shop, product) == 9, "no goods move"
    assert balance(shop, customer) == credit["monto_total"]
    report = done(shop.door.get("/stats/report", params={"period": "day"}))
    assert report["total_ventas"] == 4759


def test_what_is_refused(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000), shop.customer()
    sold = invoice(shop, clerk, customer, product, 3570)
    good = debit(customer, sold, 3, (product, {}))
    refused = {
        "no payments": good | {"payments": [{"payment_method_id": shop.method("EFECTIVO"), "amount": 1190}]},
        "an invoice is not cancelled by a 56": debit(customer, sold, 1, (product, {})),
        "no texts": debit(customer, sold, 2, (product, {})),
        "one reference": good | {"referencias": good["referencias"] * 2},
        "somebody else's": good | {"rut_cliente": shop.customer()["rut"]},
    }
    for why, body in refused.items():
        assert clerk.post("/sales/", body).status_code == 400, why
    assert clerk.post("/sales/", debit(customer, sold | {"folio": 99}, 3, (product, {}))).status_code == 404
    missing = clerk.post("/sales/", good | {"referencias": []})
    assert missing.json()["detail"] == (
        "Los documentos de ajuste (DTE 56) requieren obligatoriamente referencias al documento original."
    )
    credit = clerk.post("/sales/", good | {"tipo_dte": 61})
    assert credit.status_code == 422
    assert "POST /sales/return" in credit.text
    assert balance(shop, customer) == 0

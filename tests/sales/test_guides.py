"""Delivery guides over HTTP: what they move, what they do not, and the invoice of several."""

from collections import Counter
from xml.etree import ElementTree

import pytest

from tests import judges
from tests.crowd import at_once
from tests.shop import GENERIC, Door, Shop, done

NS = {"s": "http://www.sii.cl/SiiDte"}


@pytest.fixture
def clerk(shop: Shop) -> Door:
    """Somebody who sells, with an open drawer."""
    person = shop.person("ADMINISTRADOR")
    done(person.post("/cash/open", {"start_amount": 0}))
    return person


def guide_body(customer: dict, *items, **more) -> dict:
    lines = [{"product_id": product["id"], "cantidad": quantity} | extra for product, quantity, extra in items]
    return {"rut_cliente": customer["rut"], "tipo_dte": 52, "items": lines, "payments": [], **more}


def guide(door: Door, customer: dict, *items, **more) -> dict:
    return done(door.post("/sales/", guide_body(customer, *items, **more)), 201)


def bill(shop: Shop, guides: list[dict], pay: int, *, by: str = "EFECTIVO", **more) -> dict:
    payments = [{"payment_method_id": shop.method(by), "amount": pay}]
    return {"guide_ids": [row["id"] for row in guides], "payments": payments, **more}


def stock_of(shop: Shop, product: dict) -> float:
    return done(shop.door.get(f"/products/{product['codigo_interno']}"))["stock_actual"]


def judged(door: Door, sale: dict) -> ElementTree.Element:
    xml = door.get(f"/sales/{sale['id']}/xml").content
    judges.xsd_validate(xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(xml)
    judges.verify_ted(xml)
    return ElementTree.fromstring(xml)  # noqa: S314 - our own document


def test_a_guide_takes_stock_without_shift_or_money_and_is_no_sale(shop: Shop) -> None:
    product, customer = shop.product(price=1000, stock=10), shop.customer()
    seller = shop.person("VENDEDOR")  # no shift
    transport = {"patente": "ABCD12", "rut_chofer": "12345678-5", "nombre_chofer": "Juan Soto", "hora_salida": "08:30"}
    made = guide(seller, customer, (product, 3, {"descuento_pct": 10}), tipo_despacho=2, transporte=transport)
    # 3 x 1.000 - 10 % = 2.700; VAT 513
    assert (made["tipo_dte"], made["monto_neto"], made["iva"], made["monto_total"]) == (52, 2700, 513, 3213)
    assert stock_of(shop, product) == 7
    root = judged(seller, made)
    assert root.findtext(".//s:IndTraslado", namespaces=NS) == "1"
    assert root.findtext(".//s:TipoDespacho", namespaces=NS) == "2"
    assert root.findtext(".//s:Transporte/s:Chofer/s:NombreChofer", namespaces=NS) == "Juan Soto"
    assert root.findtext(".//s:FmaPago", namespaces=NS) is None
    full = done(seller.get(f"/sales/{made['id']}"))
    assert (full["ind_traslado"], full["billed_by_sale_id"], full["payments"]) == (1, None, [])
    assert full["transporte"]["hora_salida"] == "08:30:00"
    assert seller.get(f"/sales/{made['id']}/pdf", params={"formato": "carta"}).content.startswith(b"%PDF")
    report = done(shop.door.get("/stats/report", params={"period": "day"}))
    assert not report["total_ventas"], report


def test_an_internal_transfer_is_received_by_the_company(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000), shop.customer()
    refused = clerk.post("/sales/", guide_body(customer, (product, 1, {}), ind_traslado=5))
    assert (refused.status_code, refused.json()["detail"]) == (
        400,
        f"Un traslado interno va dirigido a la propia empresa: use su RUT ({shop.rut}).",
    )
    tried = done(clerk.post("/sales/preview", guide_body({"rut": shop.rut}, (product, 1, {}), ind_traslado=5)))
    assert (tried["monto_total"], tried.get("warnings", [])) == (1190, [])
    made = guide(clerk, {"rut": shop.rut}, (product, 1, {}), ind_traslado=5)
    again = guide(clerk, {"rut": GENERIC}, (product, 1, {}), ind_traslado=5)
    assert made["customer"]["rut"] == again["customer"]["rut"] == shop.rut
    assert judged(clerk, made).findtext(".//s:Receptor/s:RUTRecep", namespaces=NS) == shop.rut
    answer = clerk.post("/sales/from-guides", bill(shop, [made], 1190))
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        f"La guía {made['folio']} no es una venta (traslado 5): no se factura.",
    )


def test_what_a_guide_does_not_have(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000, stock=1), shop.customer()
    body = guide_body(customer, (product, 1, {}))
    paid = body | {"payments": [{"payment_method_id": shop.method("EFECTIVO"), "amount": 1190}]}
    assert clerk.post("/sales/", paid).status_code == 400
    assert clerk.post("/sales/", body | {"descuento_global_pct": 5}).status_code == 400
    assert clerk.post("/sales/", body | {"ind_traslado": 10}).status_code == 422
    short = clerk.post("/sales/", guide_body(customer, (product, 2, {})))
    assert short.status_code == 409
    assert stock_of(shop, product) == 1


def test_two_guides_are_invoiced_once_at_their_prices(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000, stock=10, costo_unitario=400), shop.customer()
    first = guide(clerk, customer, (product, 2, {"descuento_monto": 150}))
    second = guide(clerk, customer, (product, 3, {"descuento_pct": 10}))
    done(shop.door.put(f"/products/{product['id']}", {"precio_neto": 5000, "costo_unitario": 900}))
    waiting = done(clerk.get("/sales/", params={"sin_facturar": True}))
    assert [row["id"] for row in waiting] == [second["id"], first["id"]]

    # 2.000 - 150 + 3.000 - 300 = 4.550; VAT 864,5 -> 865; total 5.415, of which 5.000 on a card and 410 in cash
    payments = [
        {"payment_method_id": shop.method("DEBITO"), "amount": 5000},
        {"payment_method_id": shop.method("EFECTIVO"), "amount": 500},
    ]
    body = {"guide_ids": [second["id"], first["id"]], "payments": payments}
    invoice = done(clerk.post("/sales/from-guides", body), 201)
    assert (invoice["tipo_dte"], invoice["monto_neto"], invoice["iva"], invoice["monto_total"]) == (33, 4550, 865, 5415)
    assert (invoice["vuelto"], invoice["ajuste_redondeo"]) == (90, -5)
    assert [(line["cantidad"], line["precio_unitario"], line["subtotal"]) for line in invoice["details"]] == [
        (2, 1000, 1850),
        (3, 1000, 2700),
    ]
    references = [(row["tipo_documento"], row["folio"]) for row in invoice["referencias"]]
    assert references == [("52", str(first["folio"])), ("52", str(second["folio"]))]
    judged(clerk, invoice)
    assert stock_of(shop, product) == 5, "the goods left with the guides"
    assert done(clerk.get("/sales/", params={"sin_facturar": True})) == []
    assert done(clerk.get(f"/sales/{first['id']}"))["billed_by_sale_id"] == invoice["id"]
    again = clerk.post("/sales/from-guides", bill(shop, [first], 2202))
    assert (again.status_code, again.json()["detail"]) == (
        409,
        f"La guía {first['folio']} ya se facturó en la factura electrónica {invoice['folio']}.",
    )
    report = done(shop.door.get("/stats/report", params={"period": "day"}))
    # Cost frozen by the guides: 5 x 400; the margin is 4.550 - 2.000.
    assert (report["total_ventas"], report["total_utilidad"]) == (5415, 2550), report


def test_guides_that_cannot_go_together(shop: Shop, clerk: Door) -> None:
    product, exempt = shop.product(price=1000), shop.product(price=1000, tax_id=shop.exempt_tax())
    one, other = shop.customer(), shop.customer()
    mine, theirs = guide(clerk, one, (product, 1, {})), guide(clerk, other, (product, 1, {}))
    assert clerk.post("/sales/from-guides", bill(shop, [mine, theirs], 2380)).status_code == 400
    assert clerk.post("/sales/from-guides", bill(shop, [mine], 1000, tipo_dte=34)).status_code == 400
    boleta = done(clerk.post("/sales/", shop.order((product, 1), pay=1190)), 201)
    assert clerk.post("/sales/from-guides", bill(shop, [boleta], 1190)).status_code == 404
    assert shop.person("VENDEDOR").post("/sales/from-guides", bill(shop, [mine], 1190)).status_code == 409, "no shift"
    free = guide(clerk, one, (exempt, 2, {}))
    made = done(clerk.post("/sales/from-guides", bill(shop, [free], 2000, tipo_dte=34)), 201)
    assert (made["monto_exento"], made["iva"], made["monto_total"]) == (2000, 0, 2000)


def test_many_people_bill_the_same_guides_and_one_does(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000, stock=20), shop.customer(limite_credito=100_000, dias_credito=30)
    guides = [guide(clerk, customer, (product, 1, {})) for _ in range(4)]
    tills = [shop.till() for _ in range(8)]

    def go(number: int):
        # Overlapping pairs, in both orders.
        pair = [guides[number % 4], guides[(number + 1) % 4]][:: 1 if number % 2 else -1]
        return tills[number].post("/sales/from-guides", bill(shop, pair, 2380, by="CREDITO_INTERNO"))

    answers = at_once(go, list(range(8)))
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {201, 409}, [answer.text for answer in answers]
    billed = [row for answer in answers if answer.status_code == 201 for row in answer.json()["referencias"]]
    assert max(Counter(row["folio"] for row in billed).values()) == 1
    balance = done(shop.door.get(f"/customers/{customer['rut']}/account"))["balance"]
    assert balance == 2380 * statuses[201]
    assert stock_of(shop, product) == 16


def test_a_boleta_carries_what_is_known_of_its_buyer(shop: Shop, clerk: Door) -> None:
    customer = shop.customer(email="compras@example.com")
    sale = done(clerk.post("/sales/", shop.order((shop.product(), 1), pay=1190, rut_cliente=customer["rut"])), 201)
    xml = clerk.get(f"/sales/{sale['id']}/xml").content
    judges.xsd_validate(xml, "boleta")
    assert b"<CorreoRecep>compras@example.com</CorreoRecep>" in xml

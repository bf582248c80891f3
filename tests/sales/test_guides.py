"""Delivery guides over HTTP: what they move, what they do not, and the invoice of several."""

from collections import Counter
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine

from tests import judges
from tests.crowd import at_once
from tests.reports.shop import Store, chile
from tests.shop import GENERIC, Door, Shop, done
from torn_app.dte.lectura import read_dte
from torn_app.sales.guide_invoices import bill_guides
from torn_app.sales.schemas import GuidesBillIn, SaleIn, SaleOut, UnbilledOut
from torn_app.sales.service import create_sale
from torn_app.sales.unbilled import unbilled_guides

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
    paper = door.get(f"/sales/{sale['id']}/pdf", params={"formato": "carta"}).content
    assert judges.read_stamp(paper) == read_dte(xml).ted
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
    assert (tried["monto_total"], tried["warnings"]) == (1190, [])
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


FULL = {
    "direccion_destino": "Ruta 5 km 9",
    "comuna_destino": "Buin",
    "rut_transportista": "76086428-5",
    "rut_chofer": "12345678-5",
    "nombre_chofer": "Juan Soto",
    "patente": "ABCD12",
    "fecha_salida": "2026-11-28",
    "hora_salida": "08:30",
}


def test_what_is_missing_of_the_journey_is_told_and_refuses_nothing(shop: Shop, clerk: Door) -> None:
    """Res. Ex. SII 154 of 2025, in force since 01-05-2026."""
    product, customer = shop.product(price=1000), shop.customer()
    bare, full = guide_body(customer, (product, 1, {})), guide_body(customer, (product, 1, {}), transporte=FULL)
    for body, missing in ((bare, 5), (full, 0), (full | {"transporte": FULL | {"patente": None}}, 1)):
        tried, made = (
            done(clerk.post(path, body), status) for path, status in (("/sales/preview", 200), ("/sales/", 201))
        )
        assert (len(tried["avisos"]), tried["warnings"]) == (missing, [])
        assert made["avisos"] == tried["avisos"]
    assert done(clerk.post("/sales/", bare), 201)["avisos"][-1] == (
        "Falta la fecha y la hora de salida, que el traslado de bienes debe indicar"
    )
    # An invoice that goes with the goods says so too; one that does not, nothing.
    order = shop.order((product, 1), tipo=33, pay=1190, rut_cliente=customer["rut"])
    assert done(clerk.post("/sales/", order), 201)["avisos"] == []
    assert len(done(clerk.post("/sales/", order | {"tipo_despacho": 2}), 201)["avisos"]) == 5


@pytest.mark.parametrize("reason", range(1, 10))
def test_every_reason_to_travel(shop: Shop, clerk: Door, reason: int) -> None:
    """What is sold has the price of the shop; what is not may be worth something else, or nothing; what goes abroad
    bears no VAT."""
    product, customer = shop.product(price=1000, stock=9), shop.customer()
    to = {"rut": shop.rut} if reason == 5 else customer
    free = guide_body(to, (product, 3, {"precio_neto": 0}), ind_traslado=reason, tipo_despacho=1 + reason % 3)
    tried = done(clerk.post("/sales/preview", free))
    made = done(clerk.post("/sales/", free), 201)
    sold, abroad = reason in (1, 2, 3, 9), reason in (8, 9)
    expected = (3000, 0, 3000) if reason == 9 else (3570, 570, 0) if sold else (0, 0, 0)
    amounts = ("monto_total", "iva", "monto_exento")
    assert tuple(made[name] for name in amounts) == tuple(tried[name] for name in amounts) == expected
    root = judged(clerk, made)
    assert root.findtext(".//s:IndTraslado", namespaces=NS) == str(reason)
    assert root.findtext(".//s:QtyItem", namespaces=NS) == "3"
    assert root.findtext(".//s:MntTotal", namespaces=NS) == str(expected[0])
    assert stock_of(shop, product) == 6
    priced = done(
        clerk.post("/sales/", free | {"items": [{"product_id": product["id"], "cantidad": 1, "precio_neto": 500}]}), 201
    )
    assert priced["monto_total"] == (1000 if reason == 9 else 1190 if sold else 500 if abroad else 595)
    assert clerk.get(f"/sales/{made['id']}/pdf", params={"formato": "80mm"}).content.startswith(b"%PDF")
    cedible = clerk.get(f"/sales/{made['id']}/pdf", params={"formato": "carta", "cedible": True})
    assert cedible.status_code == (200 if reason == 1 else 400), cedible.text


def test_guides_for_export_are_invoiced_abroad_once(shop: Shop, clerk: Door) -> None:
    product, port, home = shop.product(price=5000, stock=20, costo_unitario=2000), shop.customer(), shop.customer()
    first = guide(clerk, port, (product, 4, {"descuento_pct": 10}), ind_traslado=9)
    second = guide(clerk, home, (product, 2, {"precio_neto": 4000}), ind_traslado=8)
    here = guide(clerk, home, (product, 1, {}))
    done(shop.door.put(f"/products/{product['id']}", {"precio_neto": 9000}))
    terms = {"tipo_cambio": 1000, "moneda": "EURO", "nombre": "Vinhos Ltda.", "pais": 220}
    # 4 x 5.000 - 10 % = 18.000 pesos are 18 euros; 2 x 4.000 are 8.
    body = bill(shop, [first, second], 26_000, by="TRANSFERENCIA", tipo_dte=110, exportacion=terms)
    errors = {
        "GuideForExport": bill(shop, [first], 18_000, by="TRANSFERENCIA"),
        "GuideNotForExport": body | {"guide_ids": [here["id"]]},
        "ExportFactsElsewhere": bill(shop, [here], 5950, by="TRANSFERENCIA", exportacion=terms),
    }
    for error, wrong in errors.items():
        answer = clerk.post("/sales/from-guides", wrong)
        assert (answer.status_code, answer.json()["error"]) == (400, error)
    tills = [clerk, *(shop.till() for _ in range(3))]
    answers = at_once(lambda door: door.post("/sales/from-guides", body), tills)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409], [a.text for a in answers]
    (invoice,) = [answer.json() for answer in answers if answer.status_code == 201]
    assert (invoice["tipo_dte"], invoice["monto_total"], invoice["exportacion"]["monto_total"]) == (110, 26_000, 26)
    root = judged(clerk, invoice)
    assert [row.text for row in root.iterfind(".//s:Referencia/s:FolioRef", NS)] == ["1", "2"]
    assert [row.text for row in root.iterfind(".//s:PrcItem", NS)] == ["4.5", "4"]
    assert root.findtext(".//s:Aduana/s:CodPaisDestin", namespaces=NS) == "220"
    assert stock_of(shop, product) == 13, "the goods left with the guides"
    report = done(shop.door.get("/stats/report", params={"period": "day"}))
    assert (report["total_ventas"], report["total_utilidad"]) == (26_000, 26_000 - 6 * 2000)


def test_guides_that_wait_for_their_invoice(engine: Engine) -> None:
    store = Store.open(engine)

    def deliver(moment: datetime, **more: Any) -> SaleOut:
        items = [{"product_id": store.bread, "cantidad": 1}]
        body = {"rut_cliente": store.customer, "tipo_dte": 52, "items": items, "payments": [], **more}
        return store.owner.run_at(moment, create_sale, SaleIn.model_validate(body))

    march, april = deliver(chile("2026-03-31", 23, 59)), deliver(chile("2026-04-01", 0, 5))
    may = deliver(chile("2026-05-02"), ind_traslado=3)
    deliver(chile("2026-05-02"), ind_traslado=4)  # a present is never invoiced
    store.reject(deliver(chile("2026-05-03")))
    pay = [{"payment_method_id": store.methods["DEBITO"], "amount": 1190}]

    def seen(moment: datetime) -> UnbilledOut:
        return store.owner.run_at(moment, unbilled_guides)

    found = seen(chile("2026-05-10", 23, 59))
    assert (found.cantidad, found.monto_total, found.atrasadas) == (3, 3570, 1)
    assert found.proximo_limite == date(2026, 5, 10)
    assert [(row.id, row.facturar_hasta, row.dias_restantes) for row in found.guias] == [
        (march.id, date(2026, 4, 10), -30),
        (april.id, date(2026, 5, 10), 0),
        (may.id, date(2026, 6, 10), 31),
    ]
    late = seen(chile("2026-05-11", 0, 1))
    assert (late.atrasadas, late.proximo_limite) == (2, date(2026, 6, 10))
    store.owner.run_at(
        chile("2026-05-11"),
        bill_guides,
        GuidesBillIn.model_validate({"guide_ids": [march.id, april.id], "payments": pay * 2}),
    )
    left = seen(chile("2026-05-11", 13))
    assert ([row.id for row in left.guias], left.atrasadas) == ([may.id], 0)


def test_the_list_of_waiting_guides_over_http(shop: Shop, clerk: Door) -> None:
    nothing = done(clerk.get("/sales/guides/unbilled"))
    assert nothing == {"cantidad": 0, "monto_total": 0, "atrasadas": 0, "proximo_limite": None, "guias": []}
    made = [guide(clerk, shop.customer(), (shop.product(price=1000), 1, {})) for _ in range(2)]
    found = done(clerk.get("/sales/guides/unbilled", params={"limit": 1}))
    assert (found["cantidad"], found["monto_total"], [row["id"] for row in found["guias"]]) == (
        2,
        2380,
        [made[0]["id"]],
    )
    assert found["guias"][0]["dias_restantes"] > 0

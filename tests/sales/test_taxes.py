"""Sales of goods with additional taxes over HTTP: amounts by hand, documents judged by others, notes that undo them."""

from xml.etree import ElementTree

import pytest

from tests import judges
from tests.shop import Door, Shop, done
from torn_app.kernel.clock import now, santiago_date

NS = {"s": "http://www.sii.cl/SiiDte"}
DRINK, WINE, BEER = 27, 25, 26


@pytest.fixture
def clerk(shop: Shop) -> Door:
    """Somebody who sells and takes back."""
    person = shop.person("ADMINISTRADOR")
    done(person.post("/cash/open", {"start_amount": 100_000}))
    return person


def sell(shop: Shop, clerk: Door, *items: tuple[dict, object], pay: float | str, by: str = "DEBITO", **more) -> dict:
    return done(clerk.post("/sales/", shop.order(*items, pay=pay, by=by, **more)), 201)


def give_back(shop: Shop, clerk: Door, sale: dict, *items: tuple[dict, object]) -> dict:
    body = {
        "original_sale_id": sale["id"],
        "items": [{"product_id": product["id"], "cantidad": quantity} for product, quantity in items],
        "reason": "Venía roto",
        "return_method_id": shop.method("TRANSFERENCIA"),
    }
    return done(clerk.post("/sales/return", body), 201)


def judged(door: Door, sale: dict) -> ElementTree.Element:
    xml = door.get(f"/sales/{sale['id']}/xml").content
    judges.xsd_validate(xml, "boleta" if sale["tipo_dte"] in (39, 41) else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(xml)
    judges.verify_ted(xml)
    root = ElementTree.fromstring(xml)  # noqa: S314 - our own document
    assert int(text(root, "Totales/s:MntTotal")) == sale["monto_total"]
    return root


def text(root: ElementTree.Element, path: str) -> str:
    return root.findtext(f".//s:{path}", "", NS)


def rows(root: ElementTree.Element, path: str, *fields: str) -> list[tuple[str, ...]]:
    return [tuple(row.findtext(f"s:{name}", "", NS) for name in fields) for row in root.iterfind(f".//s:{path}", NS)]


def taxes(sale: dict) -> list[tuple]:
    return [(tax["codigo"], tax["tasa"], tax["monto"]) for tax in sale["impuestos"]]


def adds_up(sale: dict) -> bool:
    parts = sale["monto_neto"] + sale["monto_exento"] + sale["iva"] + sum(tax["monto"] for tax in sale["impuestos"])
    return bool(parts == sale["monto_total"])


def test_a_boleta_of_drinks_wine_and_bread(shop: Shop, clerk: Door) -> None:
    drink = shop.product(price=1000, impuesto_adicional=DRINK, stock=10)
    wine, bread = shop.product(price="5734.767025", impuesto_adicional=WINE), shop.product(price=1000)
    assert (drink["precio_bruto"], wine["precio_bruto"]) == (1290, 8000)
    sale = sell(shop, clerk, (drink, 2), (wine, 1), (bread, 1), pay=11_770)
    # 2.580 / 1,29 = 2.000; 8.000 / 1,395 = 5.734,8; 1.190 / 1,19 = 1.000. Taxes 200 and 5.735 x 20,5 % = 1.175,7.
    assert (sale["monto_total"], sale["monto_neto"], sale["monto_exento"]) == (11_770, 8735, 0)
    assert taxes(sale) == [(WINE, 20.5, 1176), (DRINK, 10, 200)]
    assert sale["impuestos"][1]["nombre"] == "IABA bebidas analcohólicas"
    assert sale["iva"] == 11_770 - 8735 - 200 - 1176
    assert [line["subtotal"] for line in sale["details"]] == [2580, 8000, 1190]
    root = judged(clerk, sale)
    assert rows(root, "SubTotInfo", "GlosaSTI", "ValSubtotSTI") == [
        ("ILA vinos 20,5 %", "1176"),
        ("IABA bebidas analcohólicas 10 %", "200"),
    ]
    assert (text(root, "MntNeto"), text(root, "IVA")) == ("8735", str(sale["iva"]))
    assert done(clerk.get(f"/sales/{sale['id']}"))["impuestos"] == sale["impuestos"]
    assert done(clerk.get("/sales/"))[0]["impuestos"] == sale["impuestos"]
    assert sell(shop, clerk, (bread, 1), pay=1190)["impuestos"] == []


def test_an_invoice_names_each_tax(shop: Shop, clerk: Door) -> None:
    drink, wine = shop.product(price=1000, impuesto_adicional=DRINK), shop.product(price=5734, impuesto_adicional=WINE)
    customer = shop.customer()
    # 3.000 + 5.734 = 8.734; VAT 1.659,46; 300; 5.734 x 20,5 % = 1.175,47
    order = {"tipo": 33, "rut_cliente": customer["rut"]}
    # The unrounded formula: 3.000 x 1,29 + 5.734 x 1,395.
    sale = sell(shop, clerk, (drink, 3), (wine, 1), pay="11868.93", **order)
    assert (sale["monto_neto"], sale["iva"], sale["monto_total"]) == (8734, 1659, 11_868)
    assert taxes(sale) == [(WINE, 20.5, 1175), (DRINK, 10, 300)]
    root = judged(clerk, sale)
    assert rows(root, "ImptoReten", "TipoImp", "TasaImp", "MontoImp") == [("25", "20.5", "1175"), ("27", "10", "300")]
    assert rows(root, "Detalle", "CodImpAdic", "MontoItem") == [("27", "3000"), ("25", "5734")]
    short = clerk.post("/sales/", shop.order((drink, 3), (wine, 1), pay="10393.46", by="DEBITO", **order))
    assert (short.status_code, "inferior al total" in short.json()["detail"]) == (400, True)  # VAT alone


def test_the_rate_and_code_are_those_of_the_sale(shop: Shop, clerk: Door) -> None:
    product = shop.product(price=1000, impuesto_adicional=DRINK)
    sale = sell(shop, clerk, (product, 2), pay=2580)
    done(shop.door.put(f"/products/{product['id']}", {"impuesto_adicional": WINE}))
    note = give_back(shop, clerk, sale, (product, 2))
    assert (note["monto_neto"], note["iva"], note["monto_total"]) == (2000, 380, 2580)
    assert taxes(note) == [(DRINK, 10, 200)]
    root = judged(clerk, note)
    assert rows(root, "Detalle", "CodImpAdic", "MontoItem") == [("27", "2000")]
    assert (text(root, "CodRef"), text(root, "MntBruto")) == ("1", "")
    assert done(clerk.get(f"/sales/{note['id']}"))["impuestos"] == note["impuestos"]


def test_pesos_off_a_ticket_of_several_taxes_are_exactly_those_pesos(shop: Shop, clerk: Door) -> None:
    drink, beer = shop.product(price=1000, impuesto_adicional=DRINK), shop.product(price=1000, impuesto_adicional=BEER)
    bread, paper = shop.product(price=1000), shop.product(price=990, tax_id=shop.exempt_tax())
    basket = ((drink, 1), (beer, 1), (bread, 1), (paper, 1))
    order = shop.order(*basket, pay=3865, by="DEBITO", descuento_global_monto=1000)
    order["items"][2]["descuento_pct"] = 10
    # 1.290 + 1.395 + 1.190 - 10 % (119) + 990 = 4.746; less 1.000
    preview = done(clerk.post("/sales/preview", order | {"payments": []}))
    assert (preview["monto_total"], preview["descuento_global"]) == (3746, 1000)
    # The ticket shows the lines as they were, and the discount once.
    assert [(line["monto"], line["descuento"]) for line in preview["lines"]] == [
        *((1290, 0), (1395, 0), (1071, 119), (990, 0))
    ]
    order["payments"][0]["amount"] = 3746
    sale = done(clerk.post("/sales/", order), 201)
    assert (sale["monto_total"], sale["monto_exento"]) == (3746, 990)
    assert all(sale[name] == preview[name] for name in ("impuestos", "monto_neto", "iva"))
    # 1.000 over 1.290, 1.395 and 1.071: 343,45 371,41 285,14; the peso left over goes to the first.
    assert [line["subtotal"] for line in sale["details"]] == [946, 1024, 786, 990]
    root = judged(clerk, sale)
    assert rows(root, "DscRcgGlobal", "ValorDR") == []
    notes = [give_back(shop, clerk, sale, (drink, 1), (paper, 1)), give_back(shop, clerk, sale, (beer, 1), (bread, 1))]
    assert sum(note["monto_total"] for note in notes) == 3746
    assert notes[0]["monto_total"] == 946 + 990
    assert all(adds_up(note) and judged(clerk, note) is not None for note in notes)

    customer = shop.customer()
    order = shop.order(*basket, pay=1, by="DEBITO", tipo=33, rut_cliente=customer["rut"], descuento_global_pct=12.5)
    preview = done(clerk.post("/sales/preview", order | {"payments": []}))
    order["payments"][0]["amount"] = preview["monto_total"]
    invoice = done(clerk.post("/sales/", order), 201)
    # 3.000 - 375 = 2.625 net, 875 each; VAT 498,75; 87,5 is 88; 875 x 20,5 % = 179,4; exempt 990 - 123,75
    assert (invoice["monto_neto"], invoice["iva"], invoice["monto_exento"]) == (2625, 499, 866)
    assert taxes(invoice) == [(BEER, 20.5, 179), (DRINK, 10, 88)]
    assert invoice["monto_total"] == 2625 + 499 + 866 + 179 + 88 == preview["monto_total"]
    judged(clerk, invoice)


def test_one_tax_alone_keeps_the_discount_as_a_row(shop: Shop, clerk: Door) -> None:
    drink = shop.product(price=1000, impuesto_adicional=DRINK)
    sale = sell(shop, clerk, (drink, 2), pay=2080, descuento_global_monto=500)
    # 2.080 / 1,29 = 1.612,4
    assert (sale["monto_neto"], taxes(sale)) == (1612, [(DRINK, 10, 161)])
    assert rows(judged(clerk, sale), "DscRcgGlobal", "TpoValor", "ValorDR") == [("$", "500")]
    notes = [give_back(shop, clerk, sale, (drink, 1)) for _ in range(2)]
    assert [note["monto_total"] for note in notes] == [1040, 1040]
    assert all(adds_up(note) and judged(clerk, note) is not None for note in notes)


def test_a_guide_keeps_its_taxes_into_the_invoice_and_back(shop: Shop, clerk: Door) -> None:
    wine, customer = shop.product(price=5734, impuesto_adicional=WINE, stock=10), shop.customer()
    body = shop.order((wine, 2), tipo=52, pay=1, rut_cliente=customer["rut"]) | {"payments": []}
    guide = done(clerk.post("/sales/", body), 201)
    # 11.468; VAT 2.178,9; 2.350,94
    amounts = (11_468, 2179, 15_998)
    assert (guide["monto_neto"], guide["iva"], guide["monto_total"]) == amounts
    assert taxes(guide) == [(WINE, 20.5, 2351)]
    assert rows(judged(clerk, guide), "Detalle", "CodImpAdic") == [("25",)]
    done(shop.door.put(f"/products/{wine['id']}", {"impuesto_adicional": None}))
    payments = [{"payment_method_id": shop.method("DEBITO"), "amount": 15_998}]
    invoice = done(clerk.post("/sales/from-guides", {"guide_ids": [guide["id"]], "payments": payments}), 201)
    assert (invoice["monto_neto"], invoice["iva"], invoice["monto_total"]) == amounts
    assert taxes(invoice) == taxes(guide)
    assert rows(judged(clerk, invoice), "ImptoReten", "TipoImp", "MontoImp") == [("25", "2351")]
    note = give_back(shop, clerk, invoice, (wine, 2))
    assert (note["monto_total"], taxes(note)) == (15_998, taxes(guide))


@pytest.fixture
def debited(shop: Shop, clerk: Door) -> tuple[dict, dict, dict]:
    wine, customer = shop.product(price=5734, impuesto_adicional=WINE), shop.customer()
    sale = sell(shop, clerk, (wine, 2), pay=15_998, tipo=33, rut_cliente=customer["rut"])
    done(shop.door.put(f"/products/{wine['id']}", {"impuesto_adicional": BEER}))
    return wine, customer, sale


def debit(customer: dict, about: dict, code: int, items: list[dict]) -> dict:
    reference = {"tipo_documento": str(about["tipo_dte"]), "folio": str(about["folio"]), "sii_reason_code": code}
    return {
        "rut_cliente": customer["rut"],
        "tipo_dte": 56,
        "items": items,
        "payments": [],
        "referencias": [reference | {"fecha": santiago_date(now()).isoformat()}],
    }


def test_a_debit_note_charges_the_tax_of_the_sale(clerk: Door, debited: tuple[dict, dict, dict]) -> None:
    wine, customer, sale = debited
    items = [{"product_id": wine["id"], "cantidad": 2, "precio_neto": 100}]
    note = done(clerk.post("/sales/", debit(customer, sale, 3, items)), 201)
    # 200; VAT 38; 41
    assert (note["monto_neto"], note["iva"], note["monto_total"], taxes(note)) == (200, 38, 279, [(WINE, 20.5, 41)])
    assert rows(judged(clerk, note), "Detalle", "CodImpAdic") == [("25",)]


def test_a_debit_note_that_cancels_a_credit_note_repeats_its_taxes(
    shop: Shop, clerk: Door, debited: tuple[dict, dict, dict]
) -> None:
    wine, customer, sale = debited
    note = give_back(shop, clerk, sale, (wine, 1))
    again = done(clerk.post("/sales/", debit(customer, note, 1, [{"product_id": wine["id"], "cantidad": 1}])), 201)
    assert again["monto_total"] == note["monto_total"]
    assert again["impuestos"] == note["impuestos"] != []
    assert rows(judged(clerk, again), "Detalle", "CodImpAdic") == [("25",)]


def test_exempt_documents_carry_no_tax(shop: Shop, clerk: Door) -> None:
    drink = shop.product(price=1000, impuesto_adicional=DRINK)
    sale = sell(shop, clerk, (drink, 1), pay=1000, tipo=41)
    assert (sale["monto_exento"], sale["impuestos"]) == (1000, [])
    judged(clerk, sale)

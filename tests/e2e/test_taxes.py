"""Stories of a shop that sells drinks, and of a boleta so large that it names its buyer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.shop import Shop, open_shop
from tests.e2e.test_till import enter, no_findings, shown, tile, total
from tests.factories import new_rut
from tests.live import LiveServer

GOODS = [
    {"nombre": "Cemento especial 25 kg", "precio_neto": "4193.277311"},
    {"nombre": "Vino tinto 750 cc", "precio_neto": "5734.767025", "impuesto_adicional": 25},
    {"nombre": "Generador diésel", "precio_neto": "16806722.689076"},
]
"""Prices with taxes: 4.990, 8.000 and 20.000.000."""


@pytest.fixture(scope="module")
def shop(live_site: LiveServer) -> Shop:
    return open_shop(live_site, goods=GOODS)


def customer(shop: Shop, **fields: str) -> str:
    body = {"rut": new_rut(), "giro": "Obras", "direccion": "Uno 1", "comuna": "Ñuñoa"}
    with shop.api() as api:
        made = api.post("/customers/", json={**body, **fields})
    assert made.status_code == 201, made.text
    return str(made.json()["rut"])


def test_a_drink_gets_its_tax_and_is_sold(page: Page, shop: Shop) -> None:
    shop.log_in(page)
    page.goto("/inventario?producto=nuevo")
    expect(page.get_by_label("Impuesto", exact=True)).to_have_value(re.compile(r"\d+"))  # the form is filled
    page.get_by_test_id("nombre").fill("Bebida cola 1,5 L")
    page.get_by_test_id("precio").fill("1290")
    expect(page.get_by_text("Neto $1.084")).to_be_visible()
    page.get_by_text("Más", exact=True).click()
    page.get_by_label("Impuesto adicional").select_option(label="IABA bebidas analcohólicas (10 %)")
    expect(page.get_by_text("Neto $1.000, más IVA e impuesto adicional")).to_be_visible()
    no_findings(page)
    page.get_by_test_id("save-product").click()
    expect(page.get_by_test_id("product").filter(has_text="Bebida cola")).to_be_visible()
    page.get_by_test_id("product").filter(has_text="Bebida cola").click()
    page.get_by_text("Más", exact=True).click()
    expect(page.get_by_label("Impuesto adicional")).to_have_value("27")

    customer(shop, razon_social="Bar Ñandú SpA")
    enter(page, shop)
    tile(page, "Bebida cola").click()
    tile(page, "Vino tinto").click()
    expect(total(page)).to_have_text("$9.290")
    page.keyboard.press("F9")
    page.get_by_test_id("document-33").click()
    sums = page.get_by_test_id("sums")
    # 1.000 + 5.735; VAT 1.279,65; 100; 5.735 x 20,5 % = 1.175,7
    expect(sums).to_contain_text(re.compile(r"Neto\s*\$6.735"))
    expect(sums).to_contain_text(re.compile(r"IVA 19 %\s*\$1.280"))
    expect(sums).to_contain_text(re.compile(r"ILA vinos 20,5\s%\s*\$1.176"))
    expect(sums).to_contain_text(re.compile(r"IABA bebidas analcohólicas 10\s%\s*\$100"))
    expect(sums).to_contain_text("$9.291")
    shown(page, "customer-search").fill("Ñandú")
    page.get_by_test_id("customer-found").click()
    no_findings(page)
    page.get_by_test_id("emit").filter(visible=True).click()
    expect(page.get_by_test_id("sold")).to_contain_text("Factura")


def test_a_large_boleta_asks_who_buys(page: Page, shop: Shop) -> None:
    customer(shop, razon_social="Eduvigis Painemal")
    enter(page, shop)
    tile(page, "Generador").click()
    page.keyboard.press("F9")
    expect(page.get_by_text("obligatorio sobre 135 UF")).to_be_visible()
    blocked = page.get_by_text("Elija al cliente: pasa de 135 UF").filter(visible=True)
    expect(blocked).to_be_visible()
    shown(page, "customer-search").fill("Eduvigis")
    page.get_by_test_id("customer-found").click()
    expect(page.get_by_text("Falta el correo y el teléfono del cliente").first).to_be_visible()
    no_findings(page)
    page.locator("#customer-email").fill("edu@example.com")
    page.locator("#customer-telefono").fill("+56 9 8765 4321")
    page.get_by_test_id("save-reach").click()
    expect(page.locator("#customer-telefono")).to_have_count(0)
    page.get_by_test_id("emit").filter(visible=True).click()
    expect(page.get_by_test_id("sold")).to_contain_text("Boleta")

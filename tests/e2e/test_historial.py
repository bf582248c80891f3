"""Historial: find a sale, look at it, take its document, go back to the list as it was."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.shop import Shop, open_shop
from tests.live import LiveServer


def sell(shop: Shop, rut: str, tipo: int) -> int:
    """Sell one product and return the document's number."""
    with shop.api() as client:
        product = client.get("/products/").json()[-1]
        cash = next(m["id"] for m in client.get("/sales/payment-methods/").json() if m["code"] == "EFECTIVO")
        sale = {
            "rut_cliente": rut,
            "tipo_dte": tipo,
            "items": [{"product_id": product["id"], "cantidad": 1}],
            "payments": [{"payment_method_id": cash, "amount": 4_990}],
        }
        made = client.post("/sales/", json=sale)
        assert made.status_code == 201, made.text
        return int(made.json()["folio"])


def test_find_a_sale_and_open_its_document(page: Page, live_site: LiveServer) -> None:
    shop = open_shop(live_site)
    with shop.api() as client:
        buyer = {
            "rut": "77203415-6",
            "razon_social": "Constructora Quillay SpA",
            "giro": "Construcción",
            "direccion": "Los Aromos 12",
            "comuna": "Maipú",
        }
        assert client.post("/customers/", json=buyer).status_code < 300
    for _ in range(3):
        sell(shop, "66666666-6", 39)
    number = sell(shop, "77203415-6", 33)
    shop.log_in(page)
    page.goto("/historial")
    expect(page.get_by_test_id("sale")).to_have_count(4)

    page.get_by_test_id("history-search").press_sequentially("77.203.415")
    page.wait_for_url(re.compile(r"q=77\.203\.415"))
    expect(page.get_by_test_id("sale")).to_have_count(1)
    page.get_by_test_id("sale").click()
    expect(page.get_by_test_id("headline")).to_contain_text("$4.990")
    page.get_by_test_id("tab-document").click()
    expect(page.get_by_test_id("sentence")).to_be_visible()
    for name, beginning in (("xml", b"<?xml"), ("pdf", b"%PDF")):
        with page.expect_download() as taken:
            page.get_by_test_id(name).click()
        assert taken.value.suggested_filename == f"DTE_33_{number}.{name}"
        assert Path(taken.value.path()).read_bytes().startswith(beginning)

    page.keyboard.press("Escape")
    expect(page.get_by_test_id("headline")).to_have_count(0)
    expect(page.get_by_test_id("sale")).to_be_focused()
    expect(page.get_by_test_id("history-search")).to_have_value("77.203.415")


def test_the_address_is_enough_to_see_the_same_and_nonsense_in_it_is_harmless(
    page: Page, live_site: LiveServer
) -> None:
    shop = open_shop(live_site)
    sell(shop, "66666666-6", 39)
    shop.log_in(page)
    page.goto("/historial?tipo=39&desde=nunca&estado=<b>&venta=99999")
    expect(page.get_by_test_id("sale")).to_have_count(1)
    page.goto("/historial?q=nadie")
    expect(page.get_by_test_id("history-search")).to_have_value("nadie")
    expect(page.get_by_test_id("nothing")).to_contain_text("«nadie»")
    page.get_by_role("button", name="Borrar la búsqueda").click()
    expect(page.get_by_test_id("sale")).to_have_count(1)
    expect(page.get_by_test_id("history-search")).to_have_value("")


def test_files_of_a_sale_need_the_session(page: Page, live_site: LiveServer) -> None:
    assert page.request.get(f"{live_site.base_url}/descargar/venta/1.xml").status == 401

"""Caja: open it, sell, count blind, learn the difference."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.shop import open_shop
from tests.live import LiveServer


def test_open_the_till_and_close_it_blind_with_a_difference(page: Page, live_site: LiveServer) -> None:
    shop = open_shop(live_site, float_=None)
    shop.log_in(page)
    page.goto("/caja")
    page.get_by_test_id("float").press_sequentially("37000")
    expect(page.get_by_test_id("float")).to_have_value("$37.000")
    page.get_by_test_id("open-shift").click()
    expect(page.get_by_test_id("shift")).to_contain_text("$37.000")
    with shop.api() as client:
        product = client.get("/products/").json()[-1]
        cash = next(m["id"] for m in client.get("/sales/payment-methods/").json() if m["code"] == "EFECTIVO")
        sale = {
            "rut_cliente": "66666666-6",
            "tipo_dte": 39,
            "items": [{"product_id": product["id"], "cantidad": 1}],
            "payments": [{"payment_method_id": cash, "amount": 4_990}],
        }
        assert client.post("/sales/", json=sale).status_code == 201
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(str(data))))
    page.goto("/caja")
    page.get_by_test_id("go-close").click()
    page.get_by_test_id("coin_20000").fill("2")
    page.get_by_test_id("coin_500").press("ArrowUp")
    expect(page.locator("[data-counted]")).to_have_text("$40.500")
    page.get_by_test_id("coin_500").locator("..").get_by_label("Sumar uno").click()
    expect(page.locator("[data-counted]")).to_have_text("$41.000")
    page.keyboard.press("F9")
    expect(page.get_by_role("dialog")).to_contain_text("¿Cerrar con $41.000 contados?")
    told = page.content() + "".join(frames)
    assert frames
    assert not re.search(r"41[.,]?990", told), "the expected amount is told to nobody before the close"
    page.get_by_test_id("close-shift").click()
    expect(page.get_by_test_id("difference")).to_contain_text("Faltan $990")
    expect(page.get_by_test_id("difference")).to_contain_text("debía haber $41.990")
    page.get_by_test_id("back").click()
    expect(page.get_by_test_id("open-shift")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Rosa Soto.*Faltan"))).to_be_visible()

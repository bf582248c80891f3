"""Stories of the till, as a cashier lives them."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.shop import Shop, open_shop
from tests.live import LiveServer

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="module")
def shop(live_site: LiveServer) -> Shop:
    return open_shop(live_site)


@pytest.fixture
def phone(browser: Browser, live_site: LiveServer) -> Iterator[Page]:
    context = browser.new_context(base_url=live_site.base_url, locale="es-CL", **PHONE)
    yield context.new_page()
    context.close()


def enter(page: Page, shop: Shop) -> None:
    shop.log_in(page)
    page.goto("/pos")
    expect(tile(page, "Cemento")).to_be_visible()


def tile(page: Page, name: str) -> Locator:
    return page.get_by_test_id("tile").filter(has_text=name)


def shown(page: Page, test_id: str) -> Locator:
    return page.get_by_test_id(test_id).filter(visible=True)


def total(page: Page) -> Locator:
    return page.locator(".total-value").filter(visible=True)


def no_findings(page: Page) -> None:
    """Fail on what axe-core calls serious or worse, once nothing moves any more."""
    page.wait_for_timeout(400)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    serious = [v for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in serious] == []


def test_a_cashier_takes_cash_and_gives_change(page: Page, shop: Shop) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    enter(page, shop)
    tile(page, "Cemento").click()
    tile(page, "Ampolleta").click()
    tile(page, "Ampolleta").click()
    expect(total(page)).to_have_text("$8.970")
    expect(tile(page, "Ampolleta").locator(".tile-count")).to_have_text("2")
    no_findings(page)

    page.reload()
    expect(total(page)).to_have_text("$8.970")

    page.keyboard.press("F9")
    expect(shown(page, "received")).to_be_focused()
    expect(shown(page, "received")).to_have_value("$8.970")
    page.keyboard.type("20000")
    expect(shown(page, "change")).to_contain_text("$11.030")
    no_findings(page)
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("sold")).to_have_text(re.compile(r"^Boleta N°\s\d+ emitida$"))
    expect(page.get_by_test_id("sold-change")).to_have_text("$11.030")
    expect(page.get_by_test_id("print")).to_be_focused()
    no_findings(page)
    page.keyboard.press("Escape")
    expect(total(page)).to_have_text("$0")


def test_enter_after_a_suggested_note_charges(page: Page, shop: Shop) -> None:
    enter(page, shop)
    tile(page, "Cemento").click()
    page.keyboard.press("F9")
    page.locator("[data-fill]").filter(has_text="$10.000", visible=True).click()
    expect(shown(page, "change")).to_contain_text("$5.010")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("sold-change")).to_have_text("$5.010")


def test_a_key_without_effect_does_not_wait_for_the_next_tap(page: Page, shop: Shop) -> None:
    enter(page, shop)
    page.keyboard.press("F9")
    tile(page, "Cemento").click()
    expect(total(page)).to_have_text("$4.990")
    tile(page, "Cemento").click()
    expect(total(page)).to_have_text("$9.980")
    expect(page.get_by_test_id("received")).to_have_count(0)
    page.keyboard.press("F9")
    expect(shown(page, "received")).to_be_focused()


def test_on_a_phone_by_card(phone: Page, shop: Shop) -> None:
    enter(phone, shop)
    tile(phone, "Martillo").tap()
    phone.get_by_test_id("open-ticket").tap()
    no_findings(phone)
    phone.get_by_role("dialog").get_by_test_id("charge").tap()
    phone.get_by_test_id("method-DEBITO").tap()
    expect(phone.get_by_test_id("sums")).to_contain_text("$8.990")
    no_findings(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shown(phone, "emit").tap()
    expect(phone.get_by_test_id("sold")).to_be_visible()
    expect(phone.get_by_test_id("sold-change")).to_have_text("$8.990")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_on_a_phone_in_cash(phone: Page, shop: Shop) -> None:
    enter(phone, shop)
    tile(phone, "Martillo").tap()
    phone.get_by_test_id("open-ticket").tap()
    phone.get_by_role("dialog").get_by_test_id("charge").tap()
    phone.locator("[data-fill]").filter(has_text="$10.000", visible=True).tap()
    expect(shown(phone, "change")).to_contain_text("$1.010")
    shown(phone, "emit").tap()
    expect(phone.get_by_test_id("sold-change")).to_have_text("$1.010")


def test_an_impatient_hand_makes_one_sale(page: Page, shop: Shop) -> None:
    enter(page, shop)
    tile(page, "Cemento").click()
    expect(total(page)).to_have_text("$4.990")
    page.keyboard.press("F9")
    expect(shown(page, "received")).to_be_focused()
    with shop.api() as client:
        before = len(client.get("/sales/").json())
        shown(page, "emit").dblclick()
        expect(page.get_by_test_id("sold")).to_be_visible()
        assert len(client.get("/sales/").json()) == before + 1


def test_an_invoice_asks_for_what_it_lacks(page: Page, shop: Shop) -> None:
    with shop.api() as client:
        customer = {"rut": "76.543.210-3", "razon_social": "Constructora Quillay SpA", "giro": "Construcción"}
        assert client.post("/customers/", json=customer).status_code == 201
    enter(page, shop)
    tile(page, "Cemento").click()
    expect(total(page)).to_have_text("$4.990")
    page.keyboard.press("F9")
    page.get_by_test_id("document-33").click()
    why = page.locator("#why-emit")
    expect(why).to_contain_text("Elija el cliente de la factura")
    page.get_by_test_id("customer-search").fill("quillay")
    page.get_by_test_id("customer-found").click()
    expect(why).to_contain_text("Falta la dirección y la comuna del cliente")
    no_findings(page)
    page.get_by_label("Dirección").fill("Los Robles 55")
    page.get_by_label("Comuna").fill("Ñuñoa")
    page.get_by_label("Comuna").press("Enter")
    expect(why).to_have_count(0)
    page.get_by_test_id("method-TRANSFERENCIA").click()
    shown(page, "emit").click()
    expect(page.get_by_test_id("sold")).to_contain_text("Factura")
    with shop.api() as client:
        saved = client.get("/customers/76543210-3").json()
    assert (saved["direccion"], saved["comuna"]) == ("Los Robles 55", "Ñuñoa")


def test_no_scan_is_lost(page: Page, shop: Shop) -> None:
    enter(page, shop)
    codes = ["7800000000017", "7800000000024", "7800000000017", "7800000000031", "7800000000024", "7800000000017"]
    for code in codes:
        scan(page, code)
    lines = shown(page, "lines")
    expect(lines).to_contain_text("3 × $4.990")
    expect(lines).to_contain_text("2 × $1.990")
    expect(lines).to_contain_text("1 × $8.990")
    scan(page, "9999999999999")
    expect(page.get_by_text("El código 9999999999999 no está en el catálogo.")).to_be_visible()
    expect(total(page)).to_have_text("$27.940")

    page.keyboard.press("F9")
    expect(shown(page, "received")).to_be_focused()
    scan(page, "7800000000024")
    expect(page.get_by_test_id("sums")).to_contain_text("$29.930")
    expect(shown(page, "received")).to_have_value("$29.930")
    shown(page, "emit").click()
    expect(page.get_by_test_id("print")).to_be_focused()
    scan(page, "7800000000024")
    expect(shown(page, "lines")).to_contain_text("1 × $1.990")
    expect(total(page)).to_have_text("$1.990")


def test_a_search_that_finds_one_thing_sells_it_with_enter(page: Page, shop: Shop) -> None:
    enter(page, shop)
    page.keyboard.press("F2")
    page.keyboard.type("marti", delay=80)
    expect(tile(page, "Cemento")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(total(page)).to_have_text("$8.990")
    expect(page.get_by_test_id("search")).to_have_value("")
    expect(tile(page, "Cemento")).to_be_visible()


def test_what_was_taken_away_comes_back(page: Page, shop: Shop) -> None:
    enter(page, shop)
    tile(page, "Clavo").click()
    expect(total(page)).to_have_text("$2.990")
    page.keyboard.press("F6")
    page.get_by_test_id("edit-quantity").fill("0,651")
    page.get_by_test_id("discount").fill("10")
    page.get_by_test_id("save-edit").click()
    expect(total(page)).to_have_text("$1.751")
    page.keyboard.press("F7")
    expect(total(page)).to_have_text("$0")
    page.get_by_role("button", name="Deshacer").click()
    expect(shown(page, "lines")).to_contain_text("0,651 kg × $2.990 · descuento 10 %")

    page.keyboard.press("F4")
    expect(total(page)).to_have_text("$0")
    page.keyboard.press("Shift+F4")
    page.get_by_role("dialog").get_by_text("Venta 1").click()
    expect(total(page)).to_have_text("$1.751")


def test_the_first_step_is_to_open_the_drawer(page: Page, live_site: LiveServer) -> None:
    shop = open_shop(live_site, role="VENDEDOR", goods=[], float_=None)
    shop.log_in(page)
    page.goto("/pos")
    page.get_by_test_id("float").fill("20000")
    no_findings(page)
    page.get_by_test_id("open-shift").click()
    expect(page.get_by_text("Aún no hay productos para vender")).to_be_visible()
    with shop.api() as client:
        assert client.get("/cash/status").json()["start_amount"] == 20_000


def scan(page: Page, code: str) -> None:
    """Send a code as a scanner does: a burst of keys closed by Enter. From inside the page, so that a busy machine
    does not stretch the burst into typing."""
    page.evaluate(
        """(code) => {
          for (const key of [...code, "Enter"]) {
            const down = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(down);
          }
        }""",
        code,
    )

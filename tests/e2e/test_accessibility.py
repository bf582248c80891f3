"""Every page of the site map, in both themes, on a phone and on a desk: readable, pressable, never sideways.

Pages of the menu come from its own list: a new one is judged the day it is there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.shop import Shop, open_shop
from tests.e2e.test_shell import RULES, TOO_SMALL
from tests.live import LiveServer
from torn_app.ui import nav

SIZES = {"phone": (390, 844), "desk": (1440, 900)}
TILL = ("/pos", "/caja")
SMALL_PRINT = """() => [...document.querySelectorAll('body *')]
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .filter((e) => !e.closest('script,style,noscript,.visually-hidden,.sr-only') && e.checkVisibility()
    && e.getBoundingClientRect().width > 1 && parseFloat(getComputedStyle(e).fontSize) < 14)
  .map((e) => `${getComputedStyle(e).fontSize} ${e.outerHTML.slice(0, 100)}`)"""
STILL = """*, *::before, *::after { animation-duration: 0s !important; transition-duration: 0s !important }"""


@dataclass(frozen=True)
class View:
    """A page in one state. `steps` bring it there after the address was opened; `shop` says whose browser it is."""

    name: str
    path: str
    shop: str = "open"
    steps: tuple[Callable[[Page], None], ...] = field(default=())


def press_tile(page: Page) -> None:
    """One more of it; the browser keeps the ticket from view to view."""
    page.get_by_test_id("tile").filter(has_text="Cemento").click()
    expect(page.get_by_test_id("tile").filter(has_text="Cemento").locator(".tile-count")).to_be_visible()


def to_checkout(page: Page) -> None:
    page.keyboard.press("F9")
    expect(page.get_by_test_id("change").or_(page.locator("[data-testid=emit]")).first).to_be_visible()


def emit(page: Page) -> None:
    page.get_by_test_id("emit").filter(visible=True).click()
    expect(page.get_by_test_id("sold")).to_be_visible()


NAMED = (
    View("login", "/login", shop="nobody"),
    View("not-found", "/no-existe", shop="nobody"),
    View("choose-company", "/select-tenant", shop="staff"),
    View("no-permission", "/sin-permiso"),
    View("till-closed", "/pos", shop="closed"),
    View("ticket", "/pos", steps=(press_tile,)),
    View("checkout", "/pos", steps=(press_tile, to_checkout)),
    View("sold", "/pos", steps=(press_tile, to_checkout, emit)),
    View("drawer-closed", "/caja", shop="closed"),
    View("count", "/caja/cerrar"),
    View("sale", "/historial?venta={sale}"),
    View("product", "/inventario?producto={product}"),
    View("new-product", "/inventario?producto=nuevo"),
    View("customer", "/clientes?cliente={customer}"),
    View("new-customer", "/clientes?cliente=nuevo"),
)
VIEWS = (*NAMED, *(View(f"menu {entry.route}", entry.route) for entry in nav.ENTRIES))


@dataclass
class Place:
    """The companies the pages belong to and one browser for each of the people in them."""

    contexts: dict[str, BrowserContext]
    ids: dict[str, Any]


@pytest.fixture(scope="module")
def place(browser: Browser, live_site: LiveServer) -> Iterator[Place]:
    shops = {"open": open_shop(live_site), "closed": open_shop(live_site, float_=None)}
    contexts = {
        name: browser.new_context(base_url=live_site.base_url, locale="es-CL", reduced_motion="reduce")
        for name in ("nobody", "staff", *shops)
    }
    for name, shop in shops.items():
        shop.log_in(contexts[name].new_page())
    login = {"email": live_site.admin_email, "password": live_site.admin_password}
    assert contexts["staff"].request.post("/auth/browser/login", data=login).ok
    yield Place(contexts, _goods(shops["open"]))
    for context in contexts.values():
        context.close()


def _goods(shop: Shop) -> dict[str, Any]:
    """Make a customer and a sale, so that lists and panels have something in them."""

    def done(answer: httpx.Response) -> Any:
        assert answer.is_success, answer.text
        return answer.json()

    with shop.api() as client:
        buyer = {"rut": "76418932-9", "razon_social": "Constructora Ñuble Ltda.", "giro": "Construcción"}
        customer = done(client.post("/customers/", json={**buyer, "direccion": "Los Aromos 12", "comuna": "Ñuñoa"}))
        product = done(client.get("/products/"))[0]
        cash = next(row["id"] for row in done(client.get("/sales/payment-methods/")) if row["code"] == "EFECTIVO")
        items = [{"product_id": product["id"], "cantidad": 1}]
        payments = [{"payment_method_id": cash, "amount": 20_000}]
        order = {"rut_cliente": customer["rut"], "tipo_dte": 39, "items": items, "payments": payments}
        sale = done(client.post("/sales/", json=order))
    return {"customer": customer["rut"], "product": product["id"], "sale": sale["id"]}


def bring(page: Page, view: View, ids: dict[str, Any]) -> None:
    """Open the page and bring it into the state of the view. Steps want a desk: the till's phone has other ways."""
    page.goto(view.path.format(**ids))
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true], .skeleton").filter(visible=True)).to_have_count(0)
    page.add_style_tag(content=STILL)
    for step in view.steps:
        step(page)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_everybody_can_read_and_press(place: Place, view: View) -> None:
    page = place.contexts[view.shop].new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    bring(page, view, place.ids)
    found: list[object] = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            expect(page.locator(f"html.{theme}")).to_be_attached()
            broken = Axe().run(page, options=RULES).response["violations"]
            serious = [rule for rule in broken if rule["impact"] in ("serious", "critical")]
            found += [(size, theme, rule["id"], node["html"][:160]) for rule in serious for node in rule["nodes"]]
        found += [(size, "small print", text) for text in page.evaluate(SMALL_PRINT)]
        if view.path in TILL:
            found += [
                (size, "small target", html) for html in page.evaluate(TOO_SMALL) if 'aria-hidden="true"' not in html
            ]
    page.set_viewport_size({"width": 320, "height": 640})
    found += [("sideways", wide)] if (wide := page.evaluate("document.documentElement.scrollWidth")) > 320 else []
    page.close()
    assert found == []

"""Getting in and out, and what every page shares: contrast, sizes, scanner, keypad."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.live import LiveServer

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
TOO_SMALL = """() => [...document.querySelectorAll('button,a[href],input,select,textarea,summary')]
  .filter((e) => e.checkVisibility() && !e.matches('.skip,.row-link'))
  .map((e) => [e, (e.closest('.box,.check,.stepper') ?? e).getBoundingClientRect()])
  .filter(([, r]) => r.width && (r.height < 44 || r.width < 44))
  .map(([e]) => e.outerHTML.slice(0, 120))"""


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("Correo").fill(email)
    page.get_by_label("Contraseña", exact=True).fill(password)
    page.keyboard.press("Enter")


def test_a_wrong_password_is_told_in_place_and_the_right_one_enters(page: Page, live_site: LiveServer) -> None:
    log_in(page, live_site.admin_email, "equivocada")
    expect(page.get_by_role("alert")).to_contain_text("no coinciden")
    expect(page.get_by_label("Contraseña", exact=True)).to_be_focused()
    page.get_by_label("Contraseña", exact=True).fill(live_site.admin_password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Elija la empresa")).to_be_visible()
    assert page.evaluate("document.cookie") == "", "the session is out of reach of scripts"
    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()


def test_who_is_not_logged_in_is_sent_to_the_login(page: Page) -> None:
    page.goto("/sin-permiso")
    page.wait_for_url(re.compile(r"/login\?volver=/sin-permiso"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("path", ["/login", "/galeria"])
def test_everybody_can_read_and_press(page: Page, path: str, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto(path)
    page.wait_for_load_state("networkidle")
    expect(page.locator(f"html.{theme}")).to_be_attached()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert page.evaluate(TOO_SMALL) == []


@pytest.mark.parametrize("path", ["/login", "/galeria"])
def test_nothing_scrolls_sideways_on_the_narrowest_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_no_scan_is_lost_and_typing_is_no_scan(page: Page) -> None:
    page.goto("/galeria")
    page.wait_for_load_state("networkidle")
    codes = [f"78012345{number:05d}" for number in range(12)]
    page.get_by_role("heading", name="Componentes y sus estados").click()
    for code in codes:
        for character in code:
            page.keyboard.press(character)
        page.keyboard.press("Enter")
    expect(page.locator("#scanned")).to_have_text(" ".join(codes))
    page.get_by_label("RUT").first.click()
    page.keyboard.type("123456")
    page.keyboard.press("Enter")
    expect(page.get_by_label("RUT").first).to_have_value("76.418.932-9123456")
    expect(page.locator("#scanned")).to_have_text(" ".join(codes))


def test_the_keypad_and_the_keys_write_an_amount(page: Page) -> None:
    page.goto("/galeria")
    page.wait_for_load_state("networkidle")
    amount = page.locator("#gallery-amount")
    pad = page.get_by_role("group", name="Teclado de montos").first
    pad.get_by_role("button", name="2", exact=True).click()
    pad.get_by_role("button", name="000").click()
    expect(amount).to_have_value("$2.000")
    pad.get_by_role("button", name="Borrar").click()
    expect(amount).to_have_value("$200")
    page.get_by_role("heading", name="Componentes y sus estados").click()
    page.keyboard.press("e")
    expect(amount).to_have_value("$17.990")


def test_an_impatient_hand_pays_once(page: Page) -> None:
    page.goto("/galeria")
    page.wait_for_load_state("networkidle")
    bar = page.get_by_role("button", name="Cobrar").first
    page.evaluate("for (let n = 0; n < 5; n++) setTimeout(() => document.querySelector('.pay').click(), n * 20)")
    expect(page.locator(".pay").first).to_have_attribute("aria-busy", "true")
    expect(page.locator("#paid")).to_have_text("Veces: 1")
    expect(page.locator(".pay").first).to_have_attribute("aria-busy", "false")
    bar.click()
    expect(page.locator("#paid")).to_have_text("Veces: 2")


def test_a_dialog_gives_the_focus_back(page: Page) -> None:
    page.goto("/galeria")
    page.wait_for_load_state("networkidle")
    opener = page.get_by_role("button", name="Abrir diálogo")
    opener.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("textbox", name="Motivo")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()

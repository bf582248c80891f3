"""A browser for the stories."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.chromium import find_or_install
from tests.live import LiveServer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the worker."""
    with sync_playwright() as playwright:
        # Without the sandbox, which a container or root cannot have; only our own pages are visited.
        started = playwright.chromium.launch(executable_path=find_or_install(), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, live_site: LiveServer) -> Iterator[Page]:
    """A fresh tab whose addresses are relative to the running site. Fails when the page itself raised an error."""
    context = browser.new_context(base_url=live_site.base_url, locale="es-CL", timezone_id="America/Santiago")
    tab = context.new_page()
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    context.close()
    assert errors == []

"""The built site on a port and under a name it was not built for."""

import pytest
from playwright.sync_api import Page

from tests.live import LiveServer


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_page_connects_to_where_it_came_from(page: Page, live_site: LiveServer, host: str) -> None:
    with page.expect_websocket() as opened:
        page.goto(f"http://{host}:{live_site.port}/")
    assert opened.value.url.startswith(f"ws://{host}:{live_site.port}/_event")
    opened.value.wait_for_event("framereceived")
    assert not opened.value.is_closed()

"""Which pages may open the browser session's websocket."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from torn_app.settings import web_environment


def may_open_socket(origin: str | None, environ: Mapping[str, Any]) -> bool:
    """Whether a websocket handshake from `origin` is welcome: our own pages, under whatever name or port this server
    was reached (a till on the local network, a proxy), and the listed origins. `environ` is the WSGI-like mapping of
    the handshake. A foreign page is refused, so that it cannot use the cookie of a person who is logged in here.
    """
    if origin is None:
        return True  # not a browser: no cookie of anybody to misuse
    return urlsplit(origin).netloc == environ.get("HTTP_HOST") or origin in web_environment()[1]

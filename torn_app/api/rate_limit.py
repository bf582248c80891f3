"""How much one caller may ask: so many requests a minute per person and per API key, counted in this process.

Every answer to a caller with a token says how they stand (`RateLimit-*`), and nothing here asks the database. Who has
no readable token is not counted: they are refused anyway, and failed logins have a brake of their own.
"""

import hashlib
import math
import time
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from torn_app.api.errors import refusal_response
from torn_app.auth.tokens import read_token
from torn_app.integrations.api_keys import is_api_key
from torn_app.kernel.errors import NotAuthenticated, TooManyRequests

LIMIT_HEADER, REMAINING_HEADER, RESET_HEADER = "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"
_SECONDS = 60
HEADERS = (LIMIT_HEADER, REMAINING_HEADER, RESET_HEADER, "Retry-After")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands after a request."""

    allowed: bool
    remaining: int
    """Requests left until the minute ends."""
    wait: int
    """Seconds until it ends."""


class Minute:
    """Counts the requests of each caller in the present minute and forgets them all when the next one begins.

    Plain numbers in one dictionary, because this runs in front of every request: the storage of the `limits` package
    starts a thread for nearly each of them. Only the event loop calls it, one request after the other.
    """

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._number = -1
        self._counts: dict[str, int] = {}

    def hit(self, caller: str, now: float) -> Standing:
        """Count a request at a moment (seconds of a clock that never goes back)."""
        number = int(now // _SECONDS)
        if number != self._number:
            self._number, self._counts = number, {}
        count = self._counts[caller] = self._counts.get(caller, 0) + 1
        wait = max(1, math.ceil((number + 1) * _SECONDS - now))
        return Standing(count <= self._at_most, max(0, self._at_most - count), wait)


class RateLimit:
    """ASGI middleware: counts the requests of each caller and refuses those above `per_minute`."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self._app = app
        self._per_minute = per_minute
        self._minute = Minute(per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        caller = _caller(scope) if scope["type"] == "http" else None
        if caller is None:
            await self._app(scope, receive, send)
            return
        found = self._minute.hit(caller, time.monotonic())
        standing = {
            LIMIT_HEADER: str(self._per_minute),
            REMAINING_HEADER: str(found.remaining),
            RESET_HEADER: str(found.wait),
        }

        async def send_with_standing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(standing)
            await send(message)

        answer = self._app if found.allowed else refusal_response(TooManyRequests(found.wait))
        await answer(scope, receive, send_with_standing)


def _caller(scope: Scope) -> str | None:
    """Name who asks: the person of a token we signed, or a key (known or not). A preflight carries neither."""
    scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    if is_api_key(token):
        return hashlib.sha256(token.encode()).hexdigest()
    try:
        return read_token(token)
    except NotAuthenticated:
        return None

"""How much one caller may ask: so many requests a minute per person and per API key, counted in this process.

Every answer to a caller with a token says how they stand (`RateLimit-*`), and nothing here asks the database. Who has
no readable token is not counted: they are refused anyway, and failed logins have a brake of their own.
"""

import hashlib
import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from torn_app.api.errors import refusal_response
from torn_app.auth.tokens import read_token
from torn_app.integrations.api_keys import is_api_key
from torn_app.kernel.errors import NotAuthenticated, TooManyRequests

LIMIT_HEADER, REMAINING_HEADER, RESET_HEADER = "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"
HEADERS = (LIMIT_HEADER, REMAINING_HEADER, RESET_HEADER, "Retry-After")


class RateLimit:
    """ASGI middleware: counts the requests of each caller and refuses those above `per_minute`."""

    def __init__(self, app: ASGIApp, per_minute: int) -> None:
        self._app = app
        self._item = RateLimitItemPerMinute(per_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        caller = _caller(scope) if scope["type"] == "http" else None
        if caller is None:
            await self._app(scope, receive, send)
            return
        allowed = self._limiter.hit(self._item, caller)
        window = self._limiter.get_window_stats(self._item, caller)
        wait = max(1, math.ceil(window.reset_time - time.time()))
        standing = {
            LIMIT_HEADER: str(self._item.amount),
            REMAINING_HEADER: str(max(0, window.remaining)),
            RESET_HEADER: str(wait),
        }

        async def send_with_standing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(standing)
            await send(message)

        answer = self._app if allowed else refusal_response(TooManyRequests(wait))
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

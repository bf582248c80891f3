"""How a page's state calls a service and shows the outcome."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar

import reflex as rx

from torn_app.auth import service as auth
from torn_app.infra import work
from torn_app.kernel.errors import Kind, NotAuthenticated, TornError, Unprocessable
from torn_app.kernel.permissions import Permission

COOKIE = "torn_session"

R = TypeVar("R")

_TITLES = {
    Kind.NOT_ALLOWED: "No tiene permiso para esto.",
    Kind.SUSPENDED: "La cuenta de la empresa está suspendida.",
    Kind.UNAVAILABLE: "Un servicio no responde.",
    Kind.NOT_AUTHENTICATED: "Su sesión terminó. Entre de nuevo.",
}
_WARNINGS = {Kind.CONFLICT, Kind.TOO_MANY, Kind.UNAVAILABLE, Kind.SUSPENDED}


@dataclass
class Alert:
    """What `components.alert_of` draws: nothing while `title` is empty. `tone` is `bad`, `warn` or `ok`."""

    title: str = ""
    text: str = ""
    tone: str = "bad"


class Calls(rx.State, mixin=True):
    """Mixin of every page state: run use cases as the person of this browser, turn refusals into words."""

    alert: Alert = Alert()
    field_errors: dict[str, str] = {}
    """Field name -> message, for `text_field(error=State.field_errors[name])` after `.get`-like checks in the page."""

    async def call(self, use_case: Callable[..., R], *args: Any, **kwargs: Any) -> R | None:
        """Run a use case off the event loop and return its result, or None after showing why it was refused.

        The person comes from the session cookie, checked in the database by every call. Call first, assign after:
        a handler that fails half way keeps what it had already changed.
        """
        self.clear_alert()
        cookie = session_cookie(self)
        try:
            return await asyncio.to_thread(work.run, auth.actor_by_cookie(cookie), use_case, *args, **kwargs)
        except TornError as refusal:
            self._show(refusal)
            return None

    def clear_alert(self) -> None:
        """Take back what the last refusal said."""
        if self.alert.title:
            self.alert = Alert()
        if self.field_errors:
            self.field_errors = {}

    def _show(self, refusal: TornError) -> None:
        if isinstance(refusal, Unprocessable):
            self.field_errors = {refusal.field: str(refusal)}
            return
        title = _TITLES.get(refusal.kind)
        tone = "warn" if refusal.kind in _WARNINGS else "bad"
        text = str(refusal)
        self.alert = Alert(title, text, tone) if title and title != text else Alert(text, "", tone)


def session_cookie(state: rx.State) -> str | None:
    """Return the secret of this browser's session, or None. It never reaches the page: the cookie is HttpOnly."""
    try:
        found = SimpleCookie(state.router.headers.cookie).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at a browser. `owner` is the company and the person, empty outside a company."""

    logged_in: bool = False
    owner: str = ""
    permissions: frozenset[str] = frozenset()

    def may(self, needed: Permission) -> bool:
        """Tell whether they may open what takes a permission."""
        return needed is Permission.MEMBER or bool(self.permissions & {needed.value, Permission.ADMIN.value})


async def who_is(cookie: str | None) -> Visitor:
    """Return who is at the browser with this session cookie, as the database says now."""

    def ask() -> Visitor:
        try:
            return work.run(auth.actor_by_cookie(cookie), _visitor)
        except NotAuthenticated:
            pass
        except TornError:
            return Visitor(logged_in=True)
        try:
            work.run_platform(auth.account_by_cookie(cookie), auth.browser_companies)
        except TornError:
            return Visitor()
        return Visitor(logged_in=True)

    return await asyncio.to_thread(ask)


def _visitor(work: work.Work) -> Visitor:
    actor = work.actor
    return Visitor(True, f"{actor.tenant_id}:{actor.account_id}", frozenset(auth.my_permissions(work)))

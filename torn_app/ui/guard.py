"""The guard of the screens: no event runs for somebody who may not cause it.

A state says what it takes by `requires: ClassVar[Permission]`. What says nothing is refused, unless listed here.
"""

from urllib.parse import quote

import reflex as rx
from reflex.app import App
from reflex.event import Event
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.registry import RegistrationContext

from torn_app.kernel.permissions import Permission
from torn_app.ui.base import session_cookie, who_is

PUBLIC = frozenset(
    {
        "torn_app.auth.state.ChooseCompanyState",  # checks the account by itself: no company is chosen yet
        "torn_app.ui.gallery.GalleryState",  # in development only, and holds nothing
    }
)
"""Our states that anybody may reach, as module.class."""

FRAMEWORK = frozenset({"reflex.state", "reflex.istate.shared", "reflex.istate.dynamic"})
"""Modules whose own states carry the page's life cycle; they hold nothing of ours."""


class Guard(Middleware):
    """Refuses any event whose state says nothing or whose person lacks the permission."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event pass (None), or send the person to log in, to choose a company or to "no permission"."""
        owner = owner_of(event.name)
        if owner is not None and is_open(owner):
            return None
        needed: Permission | None = getattr(owner, "requires", None)
        if needed is None:
            return StateUpdate()
        permissions, logged_in = await who_is(session_cookie(state))
        if permissions is None:
            return _go("/select-tenant" if logged_in else "/login", state)
        if needed is Permission.MEMBER or needed.value in permissions or Permission.ADMIN.value in permissions:
            return None
        return _go("/sin-permiso", None)


def owner_of(event_name: str) -> type[BaseState] | None:
    """Return the state class an event belongs to, or None when there is no such handler."""
    registered = RegistrationContext.get().event_handlers.get(event_name)
    return registered.states[0] if registered else None


def is_open(owner: type[BaseState]) -> bool:
    """Tell whether a state is open to anybody: the framework's own, or listed in `PUBLIC`."""
    return owner.__module__ in FRAMEWORK or f"{owner.__module__}.{owner.__name__}" in PUBLIC


def _go(path: str, state: BaseState | None) -> StateUpdate:
    # The page's vars stay on the server under the tab's token, so a cart is still there after the login.
    here = str(state.router.url.path) if state is not None else ""
    back = f"?volver={quote(here)}" if here not in ("", "/", path) else ""
    return StateUpdate(events=Event.from_event_type(rx.redirect(path + back)))

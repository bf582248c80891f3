"""The guard of the screens: no event runs for somebody who may not cause it.

A state says what it takes by `requires: ClassVar[Permission]`. What says nothing is refused, unless listed here.
"""

import logging
from urllib.parse import quote

import reflex as rx
from reflex.app import App
from reflex.event import Event
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, State, StateUpdate
from reflex_base.constants import CompileVars
from reflex_base.registry import RegistrationContext

from torn_app.kernel.permissions import Permission
from torn_app.ui.arguments import fits
from torn_app.ui.base import Calls, session_cookie, who_is
from torn_app.ui.session_state import SessionState

log = logging.getLogger(__name__)

PUBLIC = frozenset(
    {
        "torn_app.auth.state.ChooseCompanyState",  # checks the account by itself: no company is chosen yet
        "torn_app.ui.gallery.GalleryState",  # in development only, and holds nothing
    }
)
"""Our states that anybody may reach, as module.class."""

FRAMEWORK = frozenset({"reflex.state", "reflex.istate.shared", "reflex.istate.dynamic"})
"""Modules whose own states carry the page's life cycle; they hold nothing of ours."""


NOT_EVENTS = frozenset({name for name in vars(Calls) if not name.startswith("_")} | {"setvar"})
"""Names the framework registers as handlers although no page sends them: what `Calls` lends, and `setvar`."""

PAGE_LOADS = frozenset({CompileVars.HYDRATE, CompileVars.HYDRATE_AND_LOAD})
"""The framework's events that tell a tab all its vars."""


class Guard(Middleware):
    """Refuses any event whose state says nothing, whose person lacks the permission, or that no page would send."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event pass (None), or send the person to log in, to choose a company or to "no permission"."""
        registered = RegistrationContext.get().event_handlers.get(event.name)
        handler = event.name.rpartition(".")[2]
        if registered is None or handler in NOT_EVENTS:
            return StateUpdate()
        owner = registered.states[0]
        if is_open(owner):
            if owner is State and handler in PAGE_LOADS:
                await _begin(state)
            return None
        needed: Permission | None = getattr(owner, "requires", None)
        if needed is None:
            return StateUpdate()
        visitor = await who_is(session_cookie(state))
        if not visitor.owner:
            return _go("/select-tenant" if visitor.logged_in else "/login", state)
        session = await state.get_state(SessionState)
        if session._owner and session._owner != visitor.owner:
            # Another company was chosen in another tab: what this one shows must not be saved there.
            return StateUpdate(events=Event.from_event_type(rx.call_script("location.assign('/')")))
        session._owner = visitor.owner
        if not visitor.may(needed):
            return _go("/sin-permiso", None)
        if not fits(registered.handler, event.payload):
            log.warning("event refused: its arguments do not fit", extra={"event_name": event.name})
            return StateUpdate()
        return None


async def _begin(state: BaseState) -> None:
    """Before a tab is told all its vars: forget them when they are not of who is at the browser now."""
    session = await state.get_state(SessionState)
    if not session._owner:
        return
    visitor = await who_is(session_cookie(state))
    if visitor.owner != session._owner:
        state._get_root_state().reset()
        session._owner = visitor.owner


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

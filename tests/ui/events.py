"""Browser tabs without a browser: real events through the framework's own event processor and our guard.

What a tab is told is exactly what the socket would carry. Needs a database behind the process's settings.
"""

import asyncio
import itertools
from collections.abc import Collection, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self, get_type_hints

from reflex.event import Event
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import BaseState, OnLoadInternalState, State, StateUpdate
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.event.processor.future import EventFuture
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import json_dumps
from sqlalchemy import Engine

from tests.factories import Member
from torn_app.auth.models import BrowserSession
from torn_app.auth.service import BROWSER_SESSION_LIFE
from torn_app.auth.tokens import cookie_hash, new_cookie_token
from torn_app.infra.tenancy import GlobalSession
from torn_app.kernel import clock
from torn_app.torn_app import app
from torn_app.ui import guard

TIMEOUT = 20
"""Seconds. An event that is not answered by then never will be."""

_numbers = itertools.count(1)


@dataclass
class Answer:
    """What came back to the tab for one event and everything it set off."""

    updates: list[StateUpdate] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it as the socket writes it, with accents readable."""
        return "\n".join(json_dumps(update, ensure_ascii=False) for update in self.updates)

    @property
    def delta(self) -> dict[str, dict[str, Any]]:
        """The vars that changed, by state; where the request came from is left out."""
        merged: dict[str, dict[str, Any]] = {}
        for update in self.updates:
            for name, values in update.delta.items():
                ours = {key: value for key, value in values.items() if not key.startswith("rx_router")}
                if ours:
                    merged.setdefault(name, {}).update(ours)
        return merged

    @property
    def sent_to(self) -> list[str]:
        """Addresses the tab was told to go to."""
        events = [event for update in self.updates for event in update.events]
        return [str(event.payload["path"]) for event in events if event.name == "_redirect"]


class Browsers:
    """The server's side of any number of tabs. Use it as a context; one loop runs only while an event is answered."""

    def __enter__(self) -> Self:
        # A thread of its own: a browser driven by the same process keeps a loop running in the main one.
        self._thread, self._runner, self._context = ThreadPoolExecutor(1), asyncio.Runner(), copy_context()
        self.states = StateManagerMemory()
        self.answers: dict[str, Answer] = {}
        self._processor = BaseStateEventProcessor(
            middleware=app, backend_exception_handler=app.backend_exception_handler
        )
        self._processor.configure(state_manager=self.states, event_namespace=self)  # type: ignore[arg-type]
        self._run(self._processor.start())
        return self

    def __exit__(self, *raised: object) -> None:
        self._run(self._processor.stop())
        self._run(self.states.close())
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def _run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._thread.submit(self._runner.run, coroutine, context=self._context).result()

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """Take what the processor would send over the socket of a tab."""
        self.answers[token].updates.append(update)

    def tab(self, cookie: str | None = None) -> "Tab":
        """Open a tab of a browser that holds a session, or none."""
        return Tab(self, f"tab-{next(_numbers)}", cookie)

    def send(self, token: str, event: Event) -> Answer:
        """Process one event and all it sets off."""
        self.answers[token] = answer = Answer()

        async def process() -> None:
            future = await self._processor.enqueue(token, event)
            try:
                async with asyncio.timeout(TIMEOUT):
                    await future.wait_all()
            except Exception as error:
                if isinstance(error, TimeoutError):
                    raise
            answer.failures.extend(_failures(future))

        self._run(process())
        return answer


@dataclass
class Tab:
    """One tab: its own state on the server, the cookie of its browser."""

    browsers: Browsers
    token: str
    cookie: str | None

    def send(self, name: str, payload: Mapping[str, Any] | None = None, *, at: str = "/") -> Answer:
        """Send an event by its wire name from the page at an address, which may carry a query."""
        headers = {"cookie": f"theme=dark; torn_session={self.cookie}"} if self.cookie else {}
        path = at.partition("?")[0]
        router = {"pathname": path, "asPath": at, "query": {}, "headers": headers, "token": self.token, "ip": "::1"}
        return self.browsers.send(self.token, Event(name=name, payload=dict(payload or {}), router_data=router))

    def call(self, state: type[BaseState], handler: str, *args: Any, at: str = "/") -> Answer:
        """Call a handler of a state as its page would."""
        names = parameters(wire_name(state, handler))
        return self.send(wire_name(state, handler), dict(zip(names, args, strict=True)), at=at)

    def open(self, at: str) -> Answer:
        """Load a page: the snapshot of all vars, then the page's own events."""
        self.send(wire_name(State, "hydrate"), at=at)
        return self.send(wire_name(OnLoadInternalState, "on_load_internal"), at=at)

    def drawn(self, without: Collection[str] = ()) -> list[str]:
        """Return what the page of this tab shows now, var by var, leaving out vars of some names."""
        root = self._root()
        shown = root.dict() if root else {}
        leave = {f"{name}{FIELD_MARKER}" for name in without}
        return [
            json_dumps(value, ensure_ascii=False)
            for values in shown.values()
            for name, value in values.items()
            if name not in leave and not name.startswith("rx_router")
        ]

    def snapshot(self) -> str:
        """Everything the server keeps of this tab, vars of all states, hidden ones too."""
        root = self._root()
        return "" if root is None else "\n".join(_told(root))

    def _root(self) -> BaseState | None:
        return self.browsers.states.states.get(self.token)


def wire_name(state: type[BaseState], handler: str) -> str:
    """Return the name under which a browser sends a handler's events."""
    return f"{state.get_full_name()}.{handler}"


def parameters(name: str) -> tuple[str, ...]:
    """Return the names of what a handler takes."""
    fn = RegistrationContext.get().event_handlers[name].handler.fn
    return tuple(fn.__code__.co_varnames[1 : fn.__code__.co_argcount])


def example(name: str, parameter: str) -> Any:
    """Return a value of the type a handler's parameter asks for."""
    hint = get_type_hints(RegistrationContext.get().event_handlers[name].handler.fn).get(parameter)
    return {int: 1, str: "1", bool: True}.get(hint, {})


def our_handlers() -> list[str]:
    """Return the wire names of every handler of the application that is not open to anybody."""
    found = []
    for name in RegistrationContext.get().event_handlers:
        owner = guard.owner_of(name)
        if owner is not None and owner is not State and not guard.is_open(owner):
            found.append(name)
    return sorted(found)


def log_in(engine: Engine, member: Member, *, life: timedelta = BROWSER_SESSION_LIFE) -> str:
    """Return the cookie of a browser in which a person logged in; with a `life` below zero it has run out."""
    cookie, now = new_cookie_token(), clock.now()
    with engine.connect() as connection, GlobalSession(bind=connection) as session:
        session.add(
            BrowserSession(
                token_hash=cookie_hash(cookie),
                account_id=member.account_id,
                tenant_id=member.company.tenant_id,
                created_at=now,
                expires_at=now + life,
            )
        )
        session.flush()
        connection.commit()
    return cookie


def _failures(future: EventFuture) -> list[BaseException]:
    own = [] if future.cancelled() or future.exception() is None else [future.exception()]
    return [error for error in own if error] + [error for child in future.children for error in _failures(child)]


def _told(state: BaseState) -> list[str]:
    # Where a request came from is the framework's and never told to the tab with its credentials; its own test says so.
    shown = {name: value for name, value in state.dict().get(state.get_full_name(), {}).items() if "router" not in name}
    hidden = {name: value for name, value in (state._backend_vars or {}).items() if "router" not in name}
    own = f"{state.get_full_name()} {json_dumps(shown, ensure_ascii=False)} {hidden!r}"
    return [own, *(line for child in state.substates.values() for line in _told(child))]

"""Nobody reaches a handler by accident: each state says who may, or is on the short list."""

from reflex_base.registry import RegistrationContext

import torn_app.torn_app  # noqa: F401  (registers every state the app has)
from torn_app.kernel.permissions import Permission
from torn_app.ui import guard, nav


def test_every_handler_belongs_to_a_state_that_says_who_may() -> None:
    silent = {
        f"{owner.__module__}.{owner.__name__}"
        for name in RegistrationContext.get().event_handlers
        if (owner := guard.owner_of(name)) is not None
        if not guard.is_open(owner) and not isinstance(getattr(owner, "requires", None), Permission)
    }
    assert silent == set(), "give it `requires: ClassVar[Permission]`; the guard refuses it until then"


def test_the_public_list_names_states_that_exist() -> None:
    owners = [guard.owner_of(name) for name in RegistrationContext.get().event_handlers]
    known = {f"{owner.__module__}.{owner.__name__}" for owner in owners if owner is not None}
    assert known >= guard.PUBLIC


def test_an_unknown_event_has_no_owner() -> None:
    assert guard.owner_of("reflex___state____state.made_up") is None


def test_home_is_the_first_page_one_may_open() -> None:
    assert nav.home_of([Permission.SELL.value]) == "/pos"
    assert nav.home_of([]) == "/sin-permiso"


def test_the_bottom_bar_holds_five_at_most() -> None:
    assert len([entry for entry in nav.ENTRIES if entry.on_phone]) <= 5

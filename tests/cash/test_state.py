"""The till pages' state, with the real services under it: the expected amount stays out of it until the close."""

import json
from collections.abc import Callable

import pytest
from reflex.istate.data import RouterData
from sqlalchemy import Engine

from tests.factories import PASSWORD, Member, create_company, create_member
from tests.loop import run
from torn_app.auth import service as auth
from torn_app.auth.schemas import LoginIn
from torn_app.cash import service
from torn_app.cash.rules import coin_key
from torn_app.cash.state import CashState
from torn_app.infra import work
from torn_app.infra.work import Work
from torn_app.kernel.permissions import VENDEDOR

RECEIVED, CHANGE = 77_013, 1_003
FLOAT = 20_000
EXPECTED = FLOAT + RECEIVED - CHANGE


@pytest.fixture(scope="module")
def seller(engine: Engine) -> Member:
    return create_member(engine, create_company(engine), role=VENDEDOR, password=PASSWORD)


@pytest.fixture
def new_state(seller: Member) -> Callable[[], CashState]:
    login = LoginIn(email=seller.email, password=PASSWORD)
    cookie, _ = work.run_platform(auth.nobody, auth.open_browser_session, login)

    def make() -> CashState:
        state = CashState(_reflex_internal_init=True)
        state.router = RouterData.from_router_data({"headers": {"cookie": f"torn_session={cookie}"}})
        return state

    return make


def _sold(current: Work) -> None:
    shift = service.require_open_shift(current)
    service.record_sale(current, shift, 1, received=RECEIVED, change=CHANGE)


def test_the_expected_amount_appears_only_in_the_answer_to_the_close(seller, new_state):
    state = new_state()
    run(CashState.open_shift.fn(state, {"start_amount": "$20.000"}))
    assert state.is_open
    assert state.float_text == "$20.000"
    seller.run(_sold)

    run(CashState.load_count.fn(state))
    CashState.review.fn(state, {"way": "coins", coin_key(20_000): "4", coin_key(10_000): "1", coin_key(500): "12"})
    assert (state.review_open, state.counted_text) == (True, "$96.000")
    shown = json.dumps(state.dict(), default=str) + repr(state._backend_vars)
    assert str(EXPECTED) not in shown
    assert "96.010" not in shown

    run(CashState.close.fn(state))
    assert (state.closed, state.is_open) == (True, False)
    assert (state.outcome.title, state.outcome.tone) == ("Faltan $10", "bad")
    assert "96.010" in state.outcome.text

    later = new_state()
    run(CashState.load.fn(later))
    assert not later.is_open
    assert [(row.verdict, row.counted) for row in later.shifts] == [("Faltan $10", "$96.000")]


def test_closing_needs_a_review_first(new_state):
    state = new_state()
    run(CashState.open_shift.fn(state, {"start_amount": ""}))
    run(CashState.close.fn(state))
    assert not state.closed
    CashState.review.fn(state, {"way": "coins", coin_key(10): "muchas"})
    assert not state.review_open
    assert "muchas" in state.alert.title
    run(CashState.load.fn(state))
    assert state.is_open

"""A screen answers only whom it should: no session, no permission, another company, a secret, a session that ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from tests.factories import PASSWORD, Member, create_company, create_member
from tests.ui.conftest import Known
from tests.ui.events import Answer, Browsers, Tab, example, log_in, our_handlers, parameters
from torn_app.auth import service as auth
from torn_app.auth.tokens import cookie_hash
from torn_app.cash.state import CashState
from torn_app.customers.state import CustomersState
from torn_app.infra import work
from torn_app.kernel.permissions import BODEGUERO, DEFAULT_ROLES, VENDEDOR, Permission
from torn_app.products.form_state import ProductFormState
from torn_app.sales.pos_state import TillState
from torn_app.torn_app import app
from torn_app.ui import guard
from torn_app.ui.session_state import SessionState

PAGES = sorted("/" + route.removeprefix("index") for route in app._load_events)


def open_all(tab: Tab) -> str:
    return "\n".join(tab.open(page).text for page in PAGES)


@contextmanager
def statements() -> Iterator[list[str]]:
    """What the process asks the database meanwhile, through whatever pool."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def sessions(engine: Engine, person: Member) -> dict[str, str | None]:
    ended = log_in(engine, person)
    work.run_platform(auth.nobody, auth.close_browser_session, ended)
    return {
        "none": None,
        "made up": "x" * 43,
        "ended": ended,
        "run out": log_in(engine, person, life=timedelta(seconds=-1)),
    }


@pytest.mark.parametrize("kind", ["none", "made up", "ended", "run out"])
def test_without_a_session_no_handler_runs_and_nothing_is_read(
    engine: Engine, browsers: Browsers, known: Known, kind: str
) -> None:
    tab = browsers.tab(sessions(engine, known.owner)[kind])
    tab.open("/login")
    before = tab.snapshot()
    let_through = {}
    with statements() as asked:
        for name in our_handlers():
            answer = tab.send(name, {key: example(name, key) for key in parameters(name)}, at="/caja")
            refused = answer.sent_to == ["/login?volver=/caja"] or name.rpartition(".")[2] in guard.NOT_EVENTS
            if answer.delta or answer.failures or not refused:
                let_through[name] = answer
    assert let_through == {}
    assert tab.snapshot() == before
    assert [one for one in asked if "browser_session" not in one and "SET " not in one] == []


@pytest.mark.parametrize("role", [VENDEDOR, BODEGUERO])
def test_without_the_permission_no_handler_runs(engine: Engine, browsers: Browsers, known: Known, role: str) -> None:
    person = create_member(engine, known.owner.company, role=role)
    tab = browsers.tab(log_in(engine, person))
    tab.open("/sin-permiso")
    before, held = tab.snapshot(), DEFAULT_ROLES[role][1]
    tried, let_through = 0, {}
    for name in our_handlers():
        owner, handler = guard.owner_of(name), name.rpartition(".")[2]
        if owner.requires in {*held, Permission.MEMBER} or handler in guard.NOT_EVENTS:
            continue
        tried += 1
        answer = tab.send(name, {key: example(name, key) for key in parameters(name)}, at="/caja")
        if answer.delta or answer.failures or answer.sent_to != ["/sin-permiso"]:
            let_through[name] = answer
    assert let_through == {}
    assert tab.snapshot() == before
    assert tried or all(guard.owner_of(name).requires in {*held, Permission.MEMBER} for name in our_handlers())


def test_what_handlers_use_among_themselves_is_no_event(engine: Engine, browsers: Browsers, known: Known) -> None:
    tab = browsers.tab(log_in(engine, known.owner))
    tab.open("/caja")
    for name in ("call", "clear_alert", "setvar"):
        for payload in ({}, {"use_case": "whoami"}, {"var_name": "is_open", "value": True}):
            answer = tab.send(f"{CashState.get_full_name()}.{name}", payload, at="/caja")
            assert (answer.updates, answer.failures) == ([], [])


# --- another company -------------------------------------------------------------------------------------------------


@pytest.fixture
def stranger(engine: Engine) -> Member:
    return create_member(engine, create_company(engine, name="Ferretería vecina"))


def marks_in(known: Known, *texts: str) -> list[str]:
    return [mark for mark in known.marks if any(mark in text for text in texts)]


def test_the_marks_are_on_the_screens_of_their_own_company(engine: Engine, browsers: Browsers, known: Known) -> None:
    """Otherwise the tests below would find nothing whatever happened."""
    tab = browsers.tab(log_in(engine, known.owner))
    pages = [f"/inventario?producto={known.product_id}", f"/clientes?cliente={known.customer_rut}"]
    pages += [f"/historial?venta={known.sale_id}", "/caja", "/pos"]
    told = "\n".join(tab.open(page).text for page in pages)
    assert [mark for mark in known.marks if mark not in told] == []


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("/historial?venta={0.sale_id}", '"sale_rx_state_": {"id": 0,'),  # the list alone
        ("/inventario?producto={0.product_id}", "no encontrado"),
        ("/clientes?cliente={0.customer_rut}", "no encontrado|No se encontró"),
    ],
)
def test_an_address_of_another_company_shows_nothing(
    engine: Engine, browsers: Browsers, known: Known, stranger: Member, page: str, words: str
) -> None:
    tab = browsers.tab(log_in(engine, stranger))
    answer = tab.open(page.format(known))
    assert answer.failures == []
    assert marks_in(known, answer.text.replace(known.customer_rut, ""), *tab.drawn(("link", "open_one"))) == []
    assert any(word in answer.text for word in words.split("|")), "the page says that there is no such thing"


def test_no_handler_gives_anything_of_another_company(
    engine: Engine, browsers: Browsers, known: Known, stranger: Member
) -> None:
    tab = browsers.tab(log_in(engine, stranger))
    open_all(tab)
    ids: list[Any] = [known.product_id, known.sale_id]
    texts: list[Any] = [known.customer_rut, known.bar_code, "Zafiro", "Reservada", str(known.product_id)]
    for name in our_handlers():
        names = parameters(name)
        for value in (*ids, *texts) if names else (None,):
            payload = {
                key: value if isinstance(value, type(example(name, key))) else example(name, key) for key in names
            }
            answer = tab.send(name, payload, at="/pos")
            assert answer.failures == [], (name, payload)
            # What was typed comes back in the search box and in messages: only what the company wrote counts.
            told = [mark for mark in marks_in(known, answer.text) if mark not in str(payload)]
            assert [mark for mark in told if mark != known.marks[-1]] == [], (name, payload)
    assert marks_in(known, *(tab.open(page).text for page in PAGES)) == []


def test_a_product_of_another_company_does_not_enter_the_ticket(
    engine: Engine, browsers: Browsers, known: Known, stranger: Member
) -> None:
    tab = browsers.tab(log_in(engine, stranger))
    tab.open("/pos")
    tab.call(TillState, "open_shift", {"start_amount": "0"}, at="/pos")
    answer = tab.call(TillState, "add", known.product_id, at="/pos")
    assert "no encontrado" in answer.text
    assert "lines_rx_state_" not in answer.delta[TillState.get_full_name()]


def test_a_change_of_company_in_another_tab_saves_nothing_there(
    engine: Engine, browsers: Browsers, known: Known
) -> None:
    """The form on screen belongs to the first company: it must not become a customer of the second."""
    person = create_member(engine, known.owner.company)
    second = create_company(engine, name="Segunda empresa")
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE public.account SET is_superuser = true WHERE id = :id"), {"id": person.account_id}
        )
    cookie = log_in(engine, person)
    tab = browsers.tab(cookie)
    tab.open("/clientes?cliente=nuevo")
    work.run_platform(auth.account_by_cookie(cookie), auth.choose_tenant, cookie, second.tenant_id)
    answer = tab.call(CustomersState, "save", {"rut": "76.418.932-9", "razon_social": "Mal puesta"}, at="/clientes")
    assert answer.delta == {}
    assert "location.assign" in answer.text
    with engine.connect() as connection:
        count = text(f"SELECT count(*) FROM \"{second.schema}\".customer WHERE razon_social = 'Mal puesta'")
        assert connection.execute(count).scalar_one() == 0
    assert marks_in(known, tab.open("/").text) == []
    assert tab.call(SessionState, "load").delta


def test_who_sits_down_next_sees_nothing_of_who_left(
    engine: Engine, browsers: Browsers, known: Known, stranger: Member
) -> None:
    tab = browsers.tab(log_in(engine, known.owner))
    for page in (f"/clientes?cliente={known.customer_rut}", f"/historial?venta={known.sale_id}", "/pos"):
        tab.open(page)
    work.run_platform(auth.nobody, auth.close_browser_session, tab.cookie)
    tab.cookie = None
    tab.open("/login")
    assert marks_in(known, tab.snapshot()) == []
    tab.cookie = log_in(engine, stranger)
    tab.open("/clientes")
    assert marks_in(known, tab.snapshot()) == []


# --- secrets ---------------------------------------------------------------------------------------------------------


def test_no_var_holds_a_secret(engine: Engine, browsers: Browsers, known: Known) -> None:
    person = create_member(engine, known.owner.company, password=PASSWORD)
    with engine.connect() as connection:
        query = text("SELECT password_hash FROM public.account WHERE id = :id")
        stored: str = connection.execute(query, {"id": person.account_id}).scalar_one()
    tab = browsers.tab(log_in(engine, person))
    sent = open_all(tab) + tab.open(f"/historial?venta={known.sale_id}").text
    assert tab.cookie
    secrets = [tab.cookie, cookie_hash(tab.cookie), stored, PASSWORD, "$argon2", "PRIVATE KEY", "CERTIFICATE-----"]
    secrets += ["<RSASK>", "<CAF", "<Signature", "password", "token_hash"]
    assert [secret for secret in secrets if secret in sent or secret in tab.snapshot()] == []


# --- a session that ends while the tab is open -----------------------------------------------------------------------


def is_out(answer: Answer) -> bool:
    return answer.delta == {} and answer.sent_to == ["/login?volver=/clientes"]


def test_logging_out_acts_on_the_next_event_and_only_there(engine: Engine, browsers: Browsers, known: Known) -> None:
    here, elsewhere = (browsers.tab(log_in(engine, known.owner)) for _ in range(2))
    same_browser = browsers.tab(here.cookie)
    for tab in (here, same_browser, elsewhere):
        tab.open("/clientes")
    work.run_platform(auth.nobody, auth.close_browser_session, here.cookie)
    for tab in (here, same_browser):
        assert is_out(tab.call(CustomersState, "load", at="/clientes"))
    assert elsewhere.call(CustomersState, "load", at="/clientes").sent_to == []


@pytest.mark.parametrize("column", ["membership", "account", "tenant"])
def test_a_dismissal_acts_on_the_next_event(engine: Engine, browsers: Browsers, column: str) -> None:
    company = create_company(engine)
    person = create_member(engine, company)
    tab = browsers.tab(log_in(engine, person))
    tab.open("/clientes")
    where = {"membership": "account_id = :account", "account": "id = :account", "tenant": "id = :tenant"}[column]
    with engine.begin() as connection:
        parts = {"account": person.account_id, "tenant": company.tenant_id}
        statement = text(f"UPDATE public.{column} SET is_active = false WHERE {where}")
        connection.execute(statement, {name: parts[name] for name in parts if f":{name}" in where})
    answer = tab.call(ProductFormState, "save", {"nombre": "Ya no", "precio": "1000"}, at="/clientes")
    assert answer.delta == {}
    there = "/login" if column == "account" else "/select-tenant"
    assert answer.sent_to == [f"{there}?volver=/clientes"]


def test_a_role_that_loses_a_permission_loses_it_at_once(engine: Engine, browsers: Browsers, known: Known) -> None:
    company = create_company(engine)
    tab = browsers.tab(log_in(engine, create_member(engine, company, role=VENDEDOR)))
    assert tab.open("/caja").sent_to == []
    with engine.begin() as connection:
        statement = f'UPDATE "{company.schema}".role SET can_perform_sales = false WHERE name = :name'
        connection.execute(text(statement), {"name": VENDEDOR})
    assert tab.call(CashState, "load", at="/caja").sent_to == ["/sin-permiso"]

"""Whatever a browser sends, no handler falls over: it is refused, or answered in words."""

from typing import Any

import pytest
from reflex.state import State, UpdateVarsInternalState
from sqlalchemy import Engine

from tests.ui.conftest import Known
from tests.ui.events import Browsers, example, log_in, our_handlers, parameters, wire_name
from torn_app.customers.state import CustomersState
from torn_app.sales.checkout_state import CheckoutState
from torn_app.sales.pos_state import TillState
from torn_app.sales.ticket_state import TicketState
from torn_app.ui import guard

STRANGE: tuple[Any, ...] = (
    None,
    "x",
    "²",
    "\0",
    "\ud800",
    "9" * 5000,
    1.5,
    -1,
    0,
    2**63 - 1,
    10**30,
    True,
    [],
    ["x"],
    {},
)
FORM_VALUES: tuple[Any, ...] = (None, {}, [1], "9" * 5000, "-1", "0,0000001", "²", "\0", "nan", 10**400, "𝟙", "../..")
FIELDS = (
    *("start_amount", "text", "quantity", "discount", "total", "coins", "d10", "d20000"),
    *("rut", "razon_social", "giro", "direccion", "comuna", "ciudad", "email", "limite_credito", "dias_credito"),
    *("nombre", "precio", "codigo_barras", "codigo_interno", "categoria", "unidad_medida", "tax_id", "brand_id"),
    *("controla_stock", "stock_actual", "stock_minimo", "is_active"),
)
ADDRESSES = (
    "/historial?venta=abc",
    "/historial?venta=99999999999999999999",
    "/historial?venta=-1",
    "/historial?desde=9999-99-99&hasta=0001-01-01&tipo=²&estado=x",
    "/historial?q=%00",
    "/historial?q=%ED%A0%80",
    "/inventario?producto=²",
    "/inventario?producto=-1",
    "/inventario?producto=99999999999999999999",
    "/inventario?producto=nuevo&nombre=%00",
    "/inventario?q=%00&categoria=%00&estado=%00",
    "/clientes?cliente=%00",
    "/clientes?cliente=nuevo&dato=%00",
    "/clientes?q=%00",
    "/clientes?q=%25_%5C",
)


def groups() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in our_handlers():
        if name.rpartition(".")[2] not in guard.NOT_EVENTS:
            owner = guard.owner_of(name)
            assert owner is not None
            found.setdefault(owner.__name__, []).append(name)
    return found


@pytest.mark.parametrize("state", sorted(groups()))
def test_no_argument_makes_a_handler_fall(engine: Engine, browsers: Browsers, known: Known, state: str) -> None:
    tab = browsers.tab(log_in(engine, known.owner))
    fallen = {}
    for name in groups()[state]:
        names = parameters(name)
        good = {key: example(name, key) for key in names}
        payloads: list[dict[str, Any]] = [{}, {**good, "more": 1}, good]
        payloads += [{**good, key: value} for key in names for value in STRANGE]
        if any(example(name, key) == {} for key in names):
            payloads += [{key: dict.fromkeys(FIELDS, value) for key in names} for value in FORM_VALUES]
        tab.open("/pos")
        tab.call(TillState, "add", known.product_id, at="/pos")
        tab.call(CheckoutState, "open", at="/pos")
        for payload in payloads:
            answer = tab.send(name, payload, at="/pos")
            if answer.failures:
                fallen[name, repr(payload)[:150]] = repr(answer.failures[0])[:200]
    assert fallen == {}


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_makes_a_page_fall(engine: Engine, browsers: Browsers, known: Known, address: str) -> None:
    answer = browsers.tab(log_in(engine, known.owner)).open(address)
    assert answer.failures == []
    assert answer.delta


@pytest.mark.parametrize("kept", [None, 5, {}, [], "{", "null", '{"lines": 5}', '{"owner": "\\u0000"}', "9" * 5000])
def test_what_the_browser_kept_may_be_anything(engine: Engine, browsers: Browsers, known: Known, kept: Any) -> None:
    tab = browsers.tab(log_in(engine, known.owner))
    for name in ("torn_app___sales___pos_state____till_state", "torn_app___sales___parked_state____parked_state"):
        value = {f"{State.get_full_name()}.{name}.kept_rx_state_": kept}
        tab.send(wire_name(UpdateVarsInternalState, "update_vars_internal"), {"vars": value}, at="/pos")
        assert tab.open("/pos").failures == []
    assert tab.call(TillState, "add", known.product_id, at="/pos").failures == []


def test_a_wrong_type_changes_nothing(engine: Engine, browsers: Browsers, known: Known) -> None:
    tab = browsers.tab(log_in(engine, known.owner))
    tab.open("/pos")
    tab.call(TillState, "add", known.product_id, at="/pos")
    assert tab.call(TicketState, "select", {"a": 1}, at="/pos").updates == []
    assert tab.call(CustomersState, "search", 5, at="/clientes").updates == []
    assert tab.call(TicketState, "select", 0, at="/pos").delta

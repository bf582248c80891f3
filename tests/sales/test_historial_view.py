"""The filter of the history as its address says it."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import Engine

from tests.factories import create_product
from tests.reports.shop import Store, chile
from torn_app.documents.models import STATES as STORED
from torn_app.sales.historial_view import Address, periods, read_address, sale_panel
from torn_app.sales.queries import get_sale
from torn_app.sales.words import STATES

TODAY = date(2026, 11, 22)


def test_an_address_without_anything_is_today():
    wanted = read_address({}).filter(TODAY)
    assert (wanted.desde, wanted.hasta) == (TODAY, TODAY)


def test_a_search_looks_at_all_days_and_a_state_at_all_unless_days_are_named():
    assert read_address({"q": "1203", "desde": "2026-11-01"}).filter(TODAY).desde is None
    assert read_address({"estado": "RECHAZADO"}).filter(TODAY).desde is None
    assert read_address({"estado": "RECHAZADO", "desde": "2026-11-01"}).filter(TODAY).desde == date(2026, 11, 1)


@pytest.mark.parametrize(
    "parameters",
    [
        {"desde": "ayer"},
        {"hasta": "9999-01-01"},
        {"tipo": "7"},
        {"estado": "'--"},
        {"venta": "-1"},
        {"venta": "9" * 30},
    ],
)
def test_nonsense_is_left_out(parameters):
    assert read_address(parameters) == Address()


def test_the_address_written_reads_back_the_same():
    address = Address(date(2026, 11, 1), date(2026, 11, 22), "ñandú & cía", 39, "ACEPTADO")
    query = dict(parse_qsl(address.path().partition("?")[2]))
    assert read_address(query) == address


def test_a_chip_is_pressed_when_its_days_are_shown():
    for name, (desde, hasta) in periods(TODAY).items():
        assert Address(desde, hasta).period(TODAY) == name
    assert Address().period(TODAY) == "hoy"
    assert Address(q="x").period(TODAY) == ""


def test_every_state_of_a_document_has_words():
    assert set(STATES) == set(STORED)


def test_the_panel_names_additional_taxes(engine: Engine) -> None:
    store = Store.open(engine)
    wine = create_product(store.owner, nombre="Vino", precio_neto="2000", impuesto_adicional=25).id
    sale = store.sell(chile(TODAY), (wine, 1), pay=2790)
    shown = {fact.name: fact.value for fact in sale_panel(store.owner.run(get_sale, sale.id), []).facts}
    assert {"Neto": "$2.000", "IVA": "$380", "ILA vinos 20,5\xa0%": "$410"}.items() <= shown.items()

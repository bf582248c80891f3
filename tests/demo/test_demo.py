"""The demo company: whole, consistent by every rule of the shop, and made once."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests import judges
from tests.conftest import MakeDatabase
from torn_app import settings
from torn_app.auth import service as auth
from torn_app.auth.schemas import LoginIn
from torn_app.demo import people, seed
from torn_app.demo.catalogue import PRODUCTS, bar_code
from torn_app.dte.lectura import read_dte
from torn_app.infra import db, work
from torn_app.kernel import clock
from torn_app.launch import first_start
from torn_app.onboarding import service as onboarding
from torn_app.products.rules import gross_price
from torn_app.settings import Settings, get_settings

Rows = list[tuple[Any, ...]]


class Shop:
    """The demo company's tables, read past the services."""

    def __init__(self, url: str, made: tuple[people.DemoPerson, ...]) -> None:
        self.url = url
        self.made = made
        self.schema = "tenant_" + people.COMPANY.rut.replace("-", "").lower()

    def rows(self, query: str) -> Rows:
        with psycopg.connect(self.url) as connection:
            connection.execute(sql.SQL("SET search_path TO {}, public").format(sql.Identifier(self.schema)))
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    def sizes(self) -> dict[str, int]:
        tables = self.rows(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            f"WHERE table_schema IN ('public', '{self.schema}') AND table_type = 'BASE TABLE'"
        )
        return {name: self.rows(f"SELECT count(*) FROM {name}")[0][0] for (name,) in tables}


@pytest.fixture(scope="module")
def own_settings(make_database: MakeDatabase) -> Iterator[Settings]:
    """Settings of a database of our own, where the demo company is wanted."""
    url = make_database()
    given = {"DATABASE_URL": url, "TORN_SECRET_KEY": secrets.token_urlsafe(48), "TORN_ENV": "development", "DEMO": "1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        settings.get_settings.cache_clear()
        db.engine.cache_clear()
        yield get_settings()
        db.engine().dispose()
    settings.get_settings.cache_clear()
    db.engine.cache_clear()


@pytest.fixture(scope="module")
def shop(own_settings: Settings) -> Shop:
    told: list[str] = []
    administrator = first_start.ensure(own_settings, told.append)
    assert told == ["Demo company (made once)"]
    return Shop(own_settings.database_url, administrator.demo_people)


def test_made_once(shop: Shop, own_settings: Settings) -> None:
    before = shop.sizes()
    told: list[str] = []
    assert first_start.ensure(own_settings, told.append).demo_people == ()
    assert told == []
    assert shop.sizes() == before


def test_its_people_log_in_with_the_documented_password(shop: Shop) -> None:
    assert [person.role_name for person in shop.made] == ["ADMINISTRADOR", "VENDEDOR", "BODEGUERO"]
    for person in shop.made:
        token = work.run_platform(auth.nobody, auth.login, LoginIn(email=person.email, password=person.password))
        assert [(t.name, t.role_name) for t in token.available_tenants] == [(people.COMPANY.name, person.role_name)]
        assert not token.user.is_superuser


def test_catalogue_as_the_shopkeeper_typed_it(shop: Shop) -> None:
    stored = shop.rows("SELECT codigo_interno, precio_neto, codigo_barras FROM product ORDER BY id")
    assert len(stored) == len(PRODUCTS) == 60
    for position, (product, (code, net, bars)) in enumerate(zip(PRODUCTS, stored, strict=True), 1):
        assert code == product.code
        assert gross_price(net, seed.IVA) == product.price
        assert product.cost < net, f"{code} would be sold at a loss"
        assert bars == bar_code(position)
        assert sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(bars)) % 10 == 0
    assert len(shop.rows("SELECT DISTINCT categoria FROM product")) == 8
    assert len(shop.rows("SELECT 1 FROM product JOIN stock_level ON product_id = id WHERE quantity = 0")) == 2
    low = shop.rows("SELECT 1 FROM product JOIN stock_level ON product_id = id WHERE quantity < stock_minimo")
    assert len(low) > 2


def test_customers_can_be_invoiced(shop: Shop) -> None:
    stored = shop.rows("SELECT rut, giro, direccion, comuna, dias_credito FROM customer WHERE rut <> '66666666-6'")
    assert len(stored) == 15
    assert len([row for row in stored if all(row[:4])]) == 10
    assert len([row for row in stored if row[4] == 30]) == 2


def test_six_days_of_shifts_that_add_up(shop: Shop) -> None:
    shifts = shop.rows(
        "SELECT s.status, s.start_amount + coalesce(sum(m.amount), 0), s.final_cash_system, s.difference, s.start_time "
        "FROM cash_session s LEFT JOIN cash_movement m ON m.cash_session_id = s.id GROUP BY s.id ORDER BY s.id"
    )
    assert [shift[0] for shift in shifts] == ["CLOSED"] * 6
    assert all(expected == told for _, expected, told, _, _ in shifts)
    assert [shift[3] for shift in shifts] == list(seed.DIFFERENCES)
    days = [clock.santiago_date(shift[4]) for shift in shifts]
    assert days == seed.open_days(days[-1] + timedelta(days=1))
    assert days[-1] < clock.santiago_date(clock.now()), "today's till is for the person to open"


def test_twenty_to_thirty_sales_a_day_of_every_kind(shop: Shop) -> None:
    per_day = shop.rows("SELECT count(*) FROM sale GROUP BY cash_session_id")
    assert len(per_day) == 6
    assert all(20 <= count <= 30 for (count,) in per_day)
    kinds = dict(shop.rows("SELECT tipo_dte, count(*) FROM sale GROUP BY 1"))
    assert set(kinds) == {33, 39}
    assert kinds[39] > 4 * kinds[33]
    methods = dict(
        shop.rows(
            "SELECT code, count(*) FROM sale_payment p JOIN payment_method m ON m.id = payment_method_id GROUP BY 1"
        )
    )
    assert methods["EFECTIVO"] > sum(methods.values()) / 2
    assert methods["CREDITO_INTERNO"] == 2
    assert shop.rows("SELECT 1 FROM sale WHERE vuelto > 0")
    assert shop.rows("SELECT 1 FROM sale_line WHERE descuento > 0")
    assert shop.rows("SELECT 1 FROM sale WHERE descuento_global > 0")
    assert shop.rows("SELECT 1 FROM sale_line WHERE cantidad <> trunc(cantidad)")


def test_what_is_owed_is_what_was_sold_on_credit(shop: Shop) -> None:
    owed = shop.rows("SELECT rut, current_balance FROM customer WHERE current_balance <> 0 ORDER BY rut")
    sold = shop.rows(
        "SELECT c.rut, sum(p.amount)::bigint FROM sale_payment p JOIN payment_method m ON m.id = p.payment_method_id "
        "JOIN sale s ON s.id = p.sale_id JOIN customer c ON c.id = s.customer_id "
        "WHERE m.code = 'CREDITO_INTERNO' GROUP BY 1 ORDER BY 1"
    )
    assert owed == sold
    assert {rut for rut, _ in owed} == {customer.rut for customer in people.ON_CREDIT}


def test_stock_is_the_sum_of_its_movements(shop: Shop) -> None:
    differing = shop.rows(
        "SELECT product_id FROM stock_level l FULL JOIN (SELECT product_id, sum(CASE tipo WHEN 'ENTRADA' THEN cantidad "
        "ELSE -cantidad END) AS moved FROM stock_movement GROUP BY 1) m USING (product_id) "
        "WHERE coalesce(l.quantity, 0) <> coalesce(m.moved, 0) OR l.quantity < 0"
    )
    assert differing == []
    assert shop.rows("SELECT 1 FROM stock_movement WHERE balance_after < 0") == []


def test_every_document_reads_back_as_its_sale(shop: Shop) -> None:
    documents = shop.rows(
        "SELECT d.xml, d.tipo_dte, d.folio, s.monto_neto, s.iva, s.monto_total, s.created_at "
        "FROM sale s JOIN document d ON d.sale_id = s.id ORDER BY d.id"
    )
    assert len(documents) == shop.rows("SELECT count(*) FROM sale")[0][0]
    for xml, tipo, folio, neto, iva, total, sold_at in documents:
        read = read_dte(bytes(xml))
        assert (int(read.tipo), read.folio) == (tipo, folio)
        assert (read.totales.monto_neto, read.totales.iva, read.totales.monto_total) == (neto, iva, total)
        assert read.fecha_emision == clock.santiago_date(sold_at)
    folios: dict[int, list[int]] = {33: [], 39: []}
    for _, tipo, folio, *_ in documents:
        folios[tipo].append(folio)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in folios.values()), "no gap, in order"


def test_documents_hold_before_the_judges(shop: Shop) -> None:
    for tipo, schema in ((33, "DTE_v10.xsd"), (39, "boleta")):
        for (stored,) in shop.rows(f"SELECT xml FROM document WHERE tipo_dte = {tipo} ORDER BY id LIMIT 5"):
            xml = bytes(stored)
            judges.xsd_validate(xml, schema)
            judges.verify_dte_signature_cut_out(xml)
            judges.verify_ted(xml)


def test_the_shop_rests_on_sundays() -> None:
    monday = date(2026, 3, 2)
    days = seed.open_days(monday)
    assert days == [date(2026, 2, 23 + n) for n in range(6)]
    assert seed.open_days(monday + timedelta(days=2))[-1] == date(2026, 3, 3)


def test_not_made_where_it_is_not_wanted(make_database: MakeDatabase, own_settings: Settings) -> None:
    unwanted = replace(own_settings, database_url=make_database(), demo=False)
    assert seed.ensure_demo(unwanted) == ()
    production = {
        "DATABASE_URL": "postgresql:///x",
        "TORN_SECRET_KEY": "x" * 40,
        "TORN_ENV": "production",
        "TORN_ADMIN_PASSWORD": "y" * 12,
        "DEMO": "1",
    }
    assert not Settings.load(production).demo


def test_an_interrupted_batch_leaves_nothing(shop: Shop) -> None:
    before, schemas = shop.sizes(), shop.rows("SELECT nspname FROM pg_namespace")
    moment = datetime(2026, 1, 5, 12, tzinfo=UTC)
    with pytest.raises(KeyboardInterrupt):
        _make_and_interrupt(moment)
    assert shop.sizes() == before
    assert shop.rows("SELECT nspname FROM pg_namespace") == schemas


def _make_and_interrupt(moment: datetime) -> None:
    company = people.COMPANY.model_copy(update={"rut": people.CUSTOMERS[0].rut})
    with work.batch() as batch:
        assert batch.run_platform(moment, onboarding.create_tenant, company).created_at == moment
        raise KeyboardInterrupt

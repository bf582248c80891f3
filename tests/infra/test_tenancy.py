"""A session without a company cannot touch a company's tables, and one with a company sees only that one."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import select

from tests.factories import create_company
from torn_app.customers.models import Customer
from torn_app.infra.tenancy import GlobalSession, TenantNotChosen, TenantSession
from torn_app.kernel import clock


def test_a_global_session_refuses_to_read_a_company(engine: Engine) -> None:
    with GlobalSession(engine) as session, pytest.raises(TenantNotChosen):
        session.exec(select(Customer)).all()


def test_a_global_session_refuses_to_write_a_company(engine: Engine) -> None:
    row = Customer(rut="1-9", razon_social="x", search_text="x", created_at=clock.now())
    with GlobalSession(engine) as session:
        session.add(row)
        with pytest.raises(TenantNotChosen):
            session.flush()


def test_sql_around_the_session_fails_too(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(ProgrammingError, match='relation "customer" does not exist'):
        connection.execute(text("SELECT * FROM customer"))


@pytest.mark.parametrize("schema", ["", "public", "tenant", "tenant_a;drop", 'tenant_"', "TENANT_A", "pg_catalog"])
def test_only_a_company_schema_can_be_chosen(engine: Engine, schema: str) -> None:
    with engine.connect() as connection, pytest.raises(TenantNotChosen):
        TenantSession(connection, schema)


def test_a_connection_forgets_its_company_when_given_back(engine: Engine) -> None:
    company = create_company(engine)
    with engine.connect() as connection, TenantSession(connection, company.schema) as session:
        assert len(session.exec(select(Customer)).all()) == 1
    with engine.connect() as connection, pytest.raises(ProgrammingError):
        connection.execute(select(Customer))


def test_two_companies_do_not_see_each_other(engine: Engine) -> None:
    one, other = create_company(engine), create_company(engine)
    with engine.connect() as connection, TenantSession(connection, one.schema) as session:
        session.add(Customer(rut="11111111-1", razon_social="Solo uno", search_text="x", created_at=clock.now()))
        session.flush()
        connection.commit()
    with engine.connect() as connection, TenantSession(connection, other.schema) as session:
        assert [c.rut for c in session.exec(select(Customer))] == ["66666666-6"]

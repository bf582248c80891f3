"""A company from before purchases keeps its settings and costs by the last purchase."""

from sqlalchemy import text

from tests.conftest import MakeDatabase
from torn_app.infra import migrate
from torn_app.infra.db import make_engine


def test_settings_of_before_get_the_default(make_database: MakeDatabase) -> None:
    engine = make_engine(make_database())
    with engine.begin() as connection:
        connection.execute(text('CREATE SCHEMA "tenant_old"'))
        migrate.upgrade(connection, "tenant", "tenant_old", "tenant_0001")
        connection.execute(
            text("INSERT INTO tenant_old.settings (id, print_format, descuento_maximo_pct) VALUES (1, 'carta', 7)")
        )
    with engine.begin() as connection:
        migrate.upgrade(connection, "tenant", "tenant_old")
        row = connection.execute(text("SELECT print_format, metodo_costo FROM tenant_old.settings")).one()
    assert tuple(row) == ("carta", "ULTIMO")
    engine.dispose()

"""A company on a server of its own, for tests that send anything at all with the rights of platform staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.live import LiveServer
from tests.shop import Platform, Shop, done, http_client

FIRST_COMPANY = 7_654_321
"""Far from the numbers tried by chance, so that the company under test is not switched off by one of them."""


@contextmanager
def victim_company(database_url: str, log: Path) -> Iterator[Shop]:
    """A company with one of each thing; its number is FIRST_COMPANY. The server writes to `log`."""
    with LiveServer(database_url, log) as server, http_client(server) as http:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(f"ALTER TABLE tenant ALTER COLUMN id RESTART WITH {FIRST_COMPANY}")
        shop = Platform.of(http, server).company()
        done(shop.door.post("/cash/open", {"start_amount": 0}))
        product = shop.product(price=1000, stock=1000)
        shop.customer(dias_credito=30)
        done(shop.door.post("/sales/", shop.order((product, 1), pay=1190)), 201)
        done(shop.door.post("/brands/", {"name": "Marca"}), 201)
        done(shop.door.post("/price-lists/", {"name": "Mayorista"}), 201)
        yield shop
        # Nothing that was tried has taken the company away: the requests did reach its routes.
        assert shop.door.get("/folios/status").status_code == 200

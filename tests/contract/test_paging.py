"""Long lists by pages: counted, or by the last id seen, with the size of the whole in a header when asked."""

from typing import Any

import httpx
import pytest

from tests.factories import new_rut
from tests.shop import Platform, Shop, done

LISTS = (
    "/products/",
    "/inventory/",
    "/customers/",
    "/providers/",
    "/purchases/",
    "/sales/",
    "/documents/",
    "/cash/sessions",
)
ROWS = 5


@pytest.fixture(scope="module")
def shop(platform: Platform) -> Shop:
    """Five of each thing that is listed by pages, or some more."""
    shop = platform.company(name="Con páginas")
    for number in range(ROWS):
        till, product = shop.till(), shop.product(price=1000)
        shop.customer(razon_social=f"Cliente {number}")
        done(till.post("/sales/", shop.order((product, 1), pay=1190)), 201)
        provider = done(shop.door.post("/providers/", {"rut": new_rut(), "razon_social": f"Molino {number}"}), 201)
        line = {"product_id": product["id"], "cantidad": 1, "precio_costo_unitario": 1}
        done(shop.door.post("/purchases/", {"provider_id": provider["id"], "items": [line]}), 201)
    return shop


def rows(answer: httpx.Response) -> list[int]:
    return [row["id"] for row in done(answer)]


@pytest.mark.parametrize("path", LISTS)
def test_pages_make_the_whole(shop: Shop, path: str) -> None:
    def ask(**page: Any) -> httpx.Response:
        return shop.door.get(path, params=page)

    whole = ask()
    ids = rows(whole)
    assert len(ids) >= ROWS
    assert "x-total-count" not in whole.headers

    counted = ask(skip=1, limit=2, count=True)
    assert (rows(counted), counted.headers["x-total-count"]) == (ids[1:3], str(len(ids)))
    by_key: list[int] = []
    while True:
        page = ask(limit=2, count=True, **({"after": by_key[-1]} if by_key else {}))
        assert page.headers["x-total-count"] == str(len(ids))
        if not rows(page):
            break
        by_key += rows(page)
    assert by_key == ids
    assert [ask(limit=wrong).status_code for wrong in (0, -1, "x")] == [422] * 3


def test_a_seller_counts_their_own_shifts(shop: Shop) -> None:
    answer = shop.till().get("/cash/sessions", params={"count": True})
    assert (len(done(answer)), answer.headers["x-total-count"]) == (1, "1")

"""Where the public source answers 500, stores nonsense or keeps silent: ours refuses in words, and keeps working."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.factories import new_rut
from tests.shop import Platform, Shop, done

NOBODY = 999_999_999


@pytest.fixture(scope="module")
def shop(platform: Platform) -> Shop:
    return platform.company(name="Donde se rompía")


def put_customer(shop: Shop, body: dict) -> httpx.Response:
    return shop.door.put(f"/customers/{shop.customer()['rut']}", body)


def product(shop: Shop, **fields: Any) -> httpx.Response:
    return shop.door.post("/products/", {"nombre": "Té", "precio_neto": 100} | fields)


def buy(shop: Shop, **fields: Any) -> httpx.Response:
    provider = done(shop.door.post("/providers/", {"rut": new_rut(), "razon_social": "Molino"}), 201)
    line = {"product_id": shop.product()["id"], "cantidad": 1, "precio_costo_unitario": 1} | fields.pop("line", {})
    return shop.door.post("/purchases/", {"provider_id": provider["id"], "items": [line]} | fields)


def repeated_price(shop: Shop) -> httpx.Response:
    made = done(shop.door.post("/price-lists/", {"name": "Mayorista"}), 201)
    item = {"product_id": shop.product()["id"], "fixed_price": 1}
    return shop.door.put(f"/price-lists/{made['id']}/products", {"items": [item, item]})


def sell(shop: Shop, **fields: Any) -> httpx.Response:
    return shop.till().post("/sales/", shop.order((shop.product(), 1), pay=1190) | fields)


def give_back(shop: Shop, *items: tuple[int | None, float]) -> httpx.Response:
    """Return of a sale of one product; None stands for that product."""
    sold = shop.product()
    sale = done(shop.till().post("/sales/", shop.order((sold, 1), pay=1190)), 201)
    lines = [{"product_id": sold["id"] if which is None else which, "cantidad": quantity} for which, quantity in items]
    body = {"original_sale_id": sale["id"], "items": lines, "reason": "x", "return_method_id": shop.method("DEBITO")}
    return shop.door.post("/sales/return", body)


CASES: dict[str, tuple[int, Callable[[Shop], httpx.Response]]] = {
    "a customer without RUT": (422, lambda s: put_customer(s, {"rut": None})),
    "a customer without name": (422, lambda s: put_customer(s, {"razon_social": None})),
    "a customer of spaces": (422, lambda s: put_customer(s, {"razon_social": "  "})),
    "an e-mail that is none": (422, lambda s: put_customer(s, {"email": "no es"})),
    "a bar code twice": (409, lambda s: [product(s, codigo_barras="7801111111111") for _ in range(2)][1]),
    "a brand that is not there": (422, lambda s: product(s, brand_id=NOBODY)),
    "a tax that is not there": (422, lambda s: product(s, tax_id=NOBODY)),
    "a parent that is not there": (422, lambda s: product(s, parent_id=NOBODY)),
    "a price below nothing": (422, lambda s: product(s, precio_neto=-1)),
    "a stock below nothing": (422, lambda s: product(s, controla_stock=True, stock_actual=-1)),
    "a price twice in a list": (422, repeated_price),
    "a way to pay that is not there": (
        400,
        lambda s: sell(s, payments=[{"payment_method_id": NOBODY, "amount": 1190}]),
    ),
    "a type of document that does not exist": (422, lambda s: sell(s, tipo_dte=7)),
    "a sale of nothing": (422, lambda s: sell(s, items=[])),
    "a return of nothing": (422, lambda s: give_back(s)),
    "a return of zero": (422, lambda s: give_back(s, (None, 0))),
    "a return of more": (400, lambda s: give_back(s, (None, 2))),
    "a return twice in one": (400, lambda s: give_back(s, (None, 0.5), (None, 0.5))),
    "a provider that is not there": (404, lambda s: buy(s, provider_id=NOBODY)),
    "a document nobody knows": (422, lambda s: buy(s, tipo_documento="PAGARE")),
    "a purchase of nothing": (422, lambda s: buy(s, items=[])),
    "a purchase below nothing": (422, lambda s: buy(s, line={"cantidad": -1})),
    "a rate above one": (422, lambda s: s.door.post("/config/taxes/", {"name": "Mucho", "rate": 10})),
    "a rate below nothing": (422, lambda s: s.door.post("/config/taxes/", {"name": "Poco", "rate": -0.1})),
    "a default tax that is not there": (422, lambda s: s.door.put("/config/settings/", {"iva_default_id": NOBODY})),
    "a paper that is none": (422, lambda s: s.door.put("/config/settings/", {"print_format": "pergamino"})),
    "a float below nothing": (422, lambda s: s.person("VENDEDOR").post("/cash/open", {"start_amount": -1})),
    "a period that is none": (422, lambda s: s.door.get("/stats/report?period=siglo")),
    "a day that is none": (422, lambda s: s.door.get("/stats/report?date=ayer")),
    "a company with a wrong RUT": (
        422,
        lambda s: s.platform.door.post("/saas/tenants", {"name": "Otra", "rut": "76123456-7"}),
    ),
    "the administrator without powers": (422, lambda s: s.door.put("/roles/1", {"can_manage_users": False})),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_in_words(shop: Shop, name: str) -> None:
    status, ask = CASES[name]
    answer = ask(shop)
    assert (answer.status_code, bool(answer.json()["detail"])) == (status, True), answer.text


def test_the_sales_of_a_deleted_customer_are_still_listed(shop: Shop) -> None:
    customer = shop.customer()
    done(shop.till().post("/sales/", shop.order((shop.product(), 1), pay=1190, rut_cliente=customer["rut"])), 201)
    assert shop.door.delete(f"/customers/{customer['rut']}").status_code == 204
    newest = done(shop.door.get("/sales/?limit=1"))[0]
    assert (newest["customer"]["rut"], newest["customer"]["is_active"]) == (customer["rut"], False)


def test_sellers_are_all_who_sell(shop: Shop) -> None:
    added_by_platform = shop.platform.person(shop.tenant_id, "VENDEDOR")[1]["user"]["email"]
    body = {"email": f"{new_rut()}@example.com", "full_name": "Eva", "password": "una clave larga"}
    added_inside = done(shop.door.post("/users/", body), 201)["email"]
    assert {added_by_platform, added_inside} <= {row["email"] for row in done(shop.door.get("/users/sellers"))}

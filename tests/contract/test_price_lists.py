"""/price-lists over HTTP."""

import httpx
import pytest

from tests.factories import new_rut
from tests.shop import Door, Shop, done


@pytest.fixture
def price_list(keeper: Door) -> dict:
    return done(keeper.post("/price-lists/", {"name": "Mayorista"}), 201)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["detail"]


def test_list_and_detail(seller: Door, keeper: Door, price_list: dict):
    assert price_list == {"name": "Mayorista", "description": None, "id": price_list["id"]}
    assert price_list in seller.get("/price-lists/").json()
    assert seller.get(f"/price-lists/{price_list['id']}").json() == price_list | {"items": []}
    changed = done(keeper.put(f"/price-lists/{price_list['id']}", {"description": "d"}))
    assert changed == price_list | {"description": "d"}
    done(keeper.delete(f"/price-lists/{price_list['id']}"), 204)


def test_prices_and_customers(shop: Shop, seller: Door, keeper: Door, price_list: dict):
    url = f"/price-lists/{price_list['id']}"
    item = {"product_id": shop.product()["id"], "fixed_price": 800.5}
    assert done(keeper.put(f"{url}/products", {"items": [item]}))["items"] == [item]
    customer = done(shop.door.post("/customers/", {"rut": new_rut(), "razon_social": "X"}), 201)
    assigned = done(keeper.put(f"{url}/customers", {"customer_ids": [customer["id"]]}))
    assert assigned == {"detail": f"1 cliente(s) asignados a la lista {price_list['id']}."}
    resolve = f"/price-lists/resolve-price/{item['product_id']}"
    assert seller.get(resolve, params={"customer_id": customer["id"]}).json() == {
        "product_id": item["product_id"],
        "customer_id": customer["id"],
        "price_list_id": price_list["id"],
        "resolved_price": 800.5,
        "source": "price_list",
    }
    assert seller.get(resolve).json() == {
        "product_id": item["product_id"],
        "customer_id": None,
        "price_list_id": None,
        "resolved_price": 1000,
        "source": "base_price",
    }


def test_refusals(shop: Shop, seller: Door, keeper: Door, price_list: dict):
    url = f"/price-lists/{price_list['id']}"
    item = {"product_id": shop.product()["id"], "fixed_price": 1}
    assert keeper.put(f"{url}/products", {"items": [item, item]}).status_code == 422
    assert keeper.put(f"{url}/products", {"items": [item | {"fixed_price": -1}]}).status_code == 422
    unknown = keeper.put(f"{url}/products", {"items": [item | {"product_id": 999999}]})
    assert refusal(unknown) == (404, "Productos no encontrados: [999999]")
    unknown = keeper.put(f"{url}/customers", {"customer_ids": [999999]})
    assert refusal(unknown) == (404, "Clientes no encontrados: [999999]")
    unknown = seller.get("/price-lists/resolve-price/999999")
    assert refusal(unknown) == (404, "Producto 999999 no encontrado o inactivo.")
    gone = "/price-lists/999999"
    for answer in (
        keeper.get(gone),
        keeper.put(gone, {}),
        keeper.delete(gone),
        keeper.put(f"{gone}/products", {"items": []}),
        keeper.put(f"{gone}/customers", {"customer_ids": []}),
    ):
        assert refusal(answer) == (404, "Lista de precios 999999 no encontrada.")
    assert seller.post("/price-lists/", {}).status_code == 403

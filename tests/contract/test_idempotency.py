"""A repeated POST does one thing and gets one answer, on every route of a company."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.contract.routes import COMPANY_ROUTES, api_routes
from tests.factories import PASSWORD, new_rut
from tests.shop import Door, Platform, Shop, done
from torn_app.folios.test_authority import make_test_certificate

REPLAYED = "idempotent-replayed"
REUSED = "La clave de idempotencia ya se usó con un contenido distinto."
POSTS = [route for route in COMPANY_ROUTES if route.method == "POST"]


@dataclass(frozen=True)
class Request:
    """Who asks, what they send, something else they could send, and to which address (path parameters)."""

    door: Door
    body: dict[str, Any]
    other: dict[str, Any]
    at: dict[str, Any] = field(default_factory=dict)


def _json(door: Door, body: dict[str, Any], at: dict[str, Any] | None = None, **other: Any) -> Request:
    return Request(door, {"json": body}, {"json": body | other}, at or {})


def _sale(shop: Shop) -> Request:
    order = shop.order((shop.product(price=1000), 1), pay=1190)
    return _json(shop.till(), order, payments=[{**order["payments"][0], "amount": 2000}])


def _guides(shop: Shop) -> Request:
    customer, product = shop.customer(), shop.product(price=1000)
    guide = {"rut_cliente": customer["rut"], "tipo_dte": 52, "payments": []}
    guide["items"] = [{"product_id": product["id"], "cantidad": 1}]
    ids = [done(shop.door.post("/sales/", guide), 201)["id"]]
    payments = [{"payment_method_id": shop.method("EFECTIVO"), "amount": 1190}]
    return _json(shop.till(), {"guide_ids": ids, "payments": payments}, descripcion="Otra")


def _person(shop: Shop) -> Request:
    email = f"clave{new_rut()}@example.com"
    body = {"email": email, "password": PASSWORD, "name": "Ana", "full_name": "Ana", "role_name": "VENDEDOR"}
    roles = {role["name"]: role["id"] for role in shop.door.get("/roles/").json()}
    return _json(shop.door, body | {"role_id": roles["VENDEDOR"]}, password=PASSWORD + "x")


def _certificate(shop: Shop) -> Request:
    def parts(password: str) -> dict[str, Any]:
        return {"files": {"file": ("c.p12", content)}, "data": {"password": password}}

    content = make_test_certificate(
        rut=new_rut(), nombre="Juana", valid_from=datetime(2026, 1, 1, tzinfo=UTC), password="clave"
    )
    return Request(shop.door, parts("clave"), parts("otra"))


def _sheet(shop: Shop, text: str, other: str) -> Request:
    def parts(content: str) -> dict[str, Any]:
        return {"files": {"file": ("planilla.csv", content.encode())}}

    return Request(shop.door, parts(text), parts(other))


def _sold(shop: Shop) -> tuple[dict, dict]:
    """Sell an invoice on the customer's account; return the sale and the product."""
    customer, product = shop.customer(limite_credito=100_000, dias_credito=30), shop.product(price=1000)
    order = shop.order((product, 1), tipo=33, pay=1190, by="CREDITO_INTERNO", rut_cliente=customer["rut"])
    return done(shop.till().post("/sales/", order), 201), product


def _return(shop: Shop) -> Request:
    sale, product = _sold(shop)
    body = {
        "original_sale_id": sale["id"],
        "items": [{"product_id": product["id"], "cantidad": 1}],
        "reason": "No gustó",
        "return_method_id": shop.method("CREDITO_INTERNO"),
    }
    return _json(shop.door, body, reason="Otro motivo")


def _correction(shop: Shop) -> Request:
    at = {"sale_id": _sold(shop)[0]["id"]}
    return _json(shop.door, {"donde_dice": "Calle", "debe_decir": "Avenida"}, at, debe_decir="Pasaje")


def _payment(shop: Shop) -> Request:
    body = {"amount": 500, "payment_method_id": shop.method("TRANSFERENCIA")}
    return _json(shop.door, body, {"rut": _sold(shop)[0]["customer"]["rut"]}, amount=600)


def _provider(shop: Shop) -> dict[str, Any]:
    return {"rut": new_rut(), "razon_social": "Distribuidora"}


def _purchase(shop: Shop) -> Request:
    provider = done(shop.door.post("/providers/", _provider(shop)), 201)
    item = {"product_id": shop.product(stock=1)["id"], "cantidad": 2, "precio_costo_unitario": 500}
    return _json(shop.door, {"provider_id": provider["id"], "items": [item]}, folio="77")


def _bought(shop: Shop, **fields: Any) -> dict[str, Any]:
    """Enter a purchase of ten; return it."""
    place = {"giro": "Harinas", "direccion": "Calle 1", "comuna": "Ñuñoa"}
    provider = done(shop.door.post("/providers/", _provider(shop) | place), 201)
    item = {"product_id": shop.product(stock=1)["id"], "cantidad": 10, "precio_costo_unitario": 500}
    return done(shop.door.post("/purchases/", {"provider_id": provider["id"], "items": [item]} | fields), 201)


def _provider_note(shop: Shop) -> Request:
    return _json(shop.door, {"monto_neto": 100}, {"purchase_id": _bought(shop)["id"]}, monto_neto=200)


def _purchase_invoice(shop: Shop) -> Request:
    at = {"purchase_id": _bought(shop, tipo_documento="SIN_DOCUMENTO")["id"]}
    return _json(shop.door, {"retencion": "TOTAL"}, at, retencion="PARCIAL")


def _cancelled_invoice(shop: Shop) -> Request:
    asked = _purchase_invoice(shop)
    done(shop.door.post(f"/purchases/{asked.at['purchase_id']}/factura-compra", asked.body["json"]), 201)
    return _json(shop.door, {"reason": "Se anuló"}, asked.at, reason="Otro motivo")


def _restored_invoice(shop: Shop) -> Request:
    asked = _cancelled_invoice(shop)
    done(shop.door.post(f"/purchases/{asked.at['purchase_id']}/factura-compra/cancel", asked.body["json"]), 201)
    return asked


EXAMPLES: dict[str, Callable[[Shop], Request]] = {
    "POST /users/": _person,
    "POST /customers/": lambda s: _json(s.door, {"rut": new_rut(), "razon_social": "Uno"}, razon_social="Dos"),
    "POST /products/": lambda s: _json(s.door, _product(), nombre="Otro"),
    "POST /products/with-variants": lambda s: _json(s.door, _product() | {"variants": [_product()]}, nombre="Otro"),
    "POST /products/{product_id}/adjust-stock": lambda s: _json(
        s.door,
        {"cantidad_contada": 3, "motivo": "Conteo"},
        {"product_id": s.product(stock=1)["id"]},
        cantidad_contada=4,
    ),
    "POST /brands/": lambda s: _json(s.door, {"name": f"Marca {new_rut()}"}, name="Otra marca"),
    "POST /config/taxes/": lambda s: _json(s.door, {"name": f"Exento {new_rut()}", "rate": 0}, name="Otro"),
    "POST /price-lists/": lambda s: _json(s.door, {"name": f"Lista {new_rut()}"}, name="Otra lista"),
    "POST /cash/open": lambda s: _json(s.person("VENDEDOR"), {"start_amount": 1000}, start_amount=2000),
    "POST /cash/close": lambda s: _json(s.till(), {"final_cash_declared": 0}, final_cash_declared=1),
    "POST /sales/": _sale,
    "POST /sales/preview": _sale,
    "POST /issuer/certificate": _certificate,
    "POST /sales/return": _return,
    "POST /sales/from-guides": _guides,
    "POST /sales/{sale_id}/correct": _correction,
    "POST /customers/{rut}/payments": _payment,
    "POST /cash/movements": lambda s: _json(
        s.till(), {"tipo": "INGRESO", "amount": 1000, "reason": "Sencillo"}, amount=2000
    ),
    "POST /folios/request": lambda s: _json(s.door, {"dte_type": 39, "amount_requested": 10}, amount_requested=20),
    "POST /providers/": lambda s: _json(s.door, _provider(s), razon_social="Otra"),
    "POST /purchases/": _purchase,
    "POST /products/import": lambda s: _sheet(s, "nombre;precio\nPan;990\n", "nombre;precio\nPan;991\n"),
    "POST /products/import/preview": lambda s: _sheet(s, "nombre;precio\nPan;990\n", "nombre;precio\nPan;991\n"),
    "POST /customers/import/preview": lambda s: _sheet(s, "rut;razon_social\n1-9;A\n", "rut;razon_social\n1-9;E\n"),
    "POST /purchases/{purchase_id}/notas-credito": _provider_note,
    "POST /purchases/{purchase_id}/factura-compra": _purchase_invoice,
    "POST /purchases/{purchase_id}/factura-compra/cancel": _cancelled_invoice,
    "POST /purchases/{purchase_id}/factura-compra/restore": _restored_invoice,
    "POST /customers/import": lambda s: _sheet(
        s, f"rut;razon_social\n{new_rut()};Ana\n", f"rut;razon_social\n{new_rut()};Eva\n"
    ),
    "POST /webhooks/": lambda s: _json(
        s.door, {"url": "http://127.0.0.1:9/a", "events": ["cash.closed"]}, url="http://127.0.0.1:9/b"
    ),
    "POST /api-keys/": lambda s: _json(s.door, {"name": "Tienda"}, name="Otra"),
}
"""How to ask each route for something that is done."""
ONCE_BY_NATURE = {
    "POST /documents/{document_id}/retry",
    "POST /folios/caf",
    "POST /folios/to-void/{document_id}/voided",
    "POST /purchases/{purchase_id}/factura-compra/reissue",
    "POST /sales/{sale_id}/reissue",
    "POST /webhooks/{webhook_id}/deliveries/{delivery_id}/resend",
}
"""Routes that ask for a state only the tax service, a file of its or another server brings about. The second time they
refuse by themselves or do nothing new; the key is the door's (see the tests of all routes below)."""


def _product() -> dict[str, Any]:
    code = new_rut()
    return {"nombre": f"Producto {code}", "codigo_interno": code, "precio_neto": 1000, "controla_stock": True}


def _ask(door: Door, address: str, key: str, parts: dict[str, Any]) -> httpx.Response:
    return door.request("POST", address, headers={"Idempotency-Key": key}, **parts)


@pytest.fixture(scope="module")
def shop(platform: Platform) -> Shop:
    return platform.company(name="Integrada")


def test_every_route_is_asked() -> None:
    assert EXAMPLES.keys() | ONCE_BY_NATURE == {str(route) for route in POSTS}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_same_request_again_gets_the_first_answer(shop: Shop, name: str) -> None:
    route = next(route for route in POSTS if str(route) == name)
    request = EXAMPLES[name](shop)
    address = route.address(**request.at)

    plain = _ask(request.door, address, "primera", {"json": []} if "json" in request.body else {})
    first = _ask(request.door, address, "primera", request.body)
    again = _ask(request.door, address, "primera", request.body)
    changed = _ask(request.door, address, "primera", request.other)

    assert plain.status_code == 422, "a refused request"
    assert first.is_success, first.text
    assert REPLAYED not in first.headers
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers[REPLAYED] == "true"
    assert (changed.status_code, changed.json()["detail"]) == (409, REUSED)


def test_with_and_without_a_key_the_answer_is_the_same_kind(shop: Shop) -> None:
    keyed = _ask(shop.door, "/brands/", "igual", {"json": {"name": "Con clave"}})
    plain = shop.door.post("/brands/", {"name": "Sin clave"})
    assert (keyed.status_code, keyed.headers["content-type"]) == (plain.status_code, plain.headers["content-type"])
    assert keyed.json().keys() == plain.json().keys()


def test_a_key_belongs_to_its_route(shop: Shop) -> None:
    for path in ("/brands/", "/price-lists/"):
        answer = _ask(shop.door, path, "repartida", {"json": {"name": "La misma"}})
        assert (answer.status_code, REPLAYED in answer.headers) == (201, False)


def test_one_body_on_another_thing_of_the_route_is_another_content(shop: Shop) -> None:
    body = {"json": {"cantidad_contada": 9, "motivo": "Conteo"}}
    ours, theirs = (f"/products/{shop.product(stock=1)['id']}/adjust-stock" for _ in range(2))
    assert _ask(shop.door, ours, "conteo", body).status_code == 200
    assert _ask(shop.door, theirs, "conteo", body).status_code == 409


def test_a_stored_answer_is_not_for_who_may_not_ask(shop: Shop) -> None:
    body = {"json": {"name": "Marca reservada"}}
    assert _ask(shop.door, "/brands/", "reservada", body).status_code == 201
    assert _ask(shop.person("VENDEDOR"), "/brands/", "reservada", body).status_code == 403


@pytest.mark.parametrize("key", ["", "x" * 256], ids=["empty", "too long"])
@pytest.mark.parametrize("route", POSTS, ids=str)
def test_a_key_that_is_none_is_refused(shop: Shop, route: Any, key: str) -> None:
    answer = _ask(shop.door, route.address(), key, {})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["header", "idempotency-key"]


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_the_openapi_declares_the_key(http: httpx.Client, route: Any) -> None:
    operation = http.get("/openapi.json").json()["paths"][route.path]["post"]
    (declared,) = [p for p in operation["parameters"] if p["name"] == "Idempotency-Key"]
    assert (declared["in"], declared["required"]) == ("header", False)
    assert declared["schema"] == {"type": "string", "minLength": 1, "maxLength": 255}


@pytest.mark.parametrize("route", POSTS, ids=str)
def test_routes_hand_on_the_answer_they_get(route: Any) -> None:
    """The door renders a keyed answer; a route that looked into it would break only when a key is sent."""
    endpoint = next(r.endpoint for r in api_routes() if r.path == route.path and route.method in (r.methods or ()))
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(endpoint))).body
    assert isinstance(function, ast.FunctionDef)
    entered = [
        node for node in ast.walk(function) if isinstance(node, ast.Attribute) and node.attr in ("run", "respond")
    ]
    returned = [
        node.value.func
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Call)
    ]
    assert entered
    assert all(node in returned for node in entered)

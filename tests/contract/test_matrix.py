"""Nobody passes a gate they may not pass: every route of a company, asked by everybody who must be refused.

The routes come from the application itself, so that a new one is under these tests the moment it exists.
"""

import re
import time
from typing import Any

import httpx
import jwt
import pytest
from fastapi.routing import APIRoute

from tests.contract.routes import COMPANY_ROUTES, PLATFORM_ROUTES, Route, all_routes, documented_texts
from tests.factories import new_rut
from tests.shop import Door, Platform, Shop, bearer, done
from torn_app.api.app import ROUTERS
from torn_app.kernel.permissions import DEFAULT_ROLES, Permission

NOT_AUTHENTICATED = "Not authenticated"
BAD_TOKEN = "No se pudo validar la sesión global"
FOREIGN = "No tienes acceso a este Inquilino / Empresa."
INACTIVE = "Inquilino no encontrado o inactivo."
ADMIN_ONLY = "Acceso denegado: se requieren permisos de administrador de empresa."
NOT_ALLOWED = "No tienes permisos para realizar esta acción."
MISSING_HEADER = {"type": "missing", "loc": ["header", "x-tenant-id"], "msg": "Field required", "input": None}
GARBAGE: dict[str, dict[str, Any]] = {
    "no body": {},
    "empty list": {"json": []},
    "not JSON": {"content": b"{nonsense", "headers": {"Content-Type": "application/json"}},
    "not UTF-8": {"content": b'{"a": "\xff\xfe"}', "headers": {"Content-Type": "application/json"}},
    "deep": {"content": b"[" * 5_000, "headers": {"Content-Type": "application/json"}},
    "broken form": {"content": b"--x\r\nnope", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
    "form without boundary": {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    "other type": {"content": b"<a/>", "headers": {"Content-Type": "application/xml"}},
}

HIDDEN = {
    "POST /auth/browser/login",
    "GET /auth/browser/companies",
    "POST /auth/browser/tenant",
    "POST /auth/browser/logout",
    "GET /sales/payment-methods",
    "GET /imprimir/venta/{sale_id}",
    "GET /descargar/venta/{sale_id}.xml",
    "GET /descargar/venta/{sale_id}.pdf",
}

every_company_route = pytest.mark.parametrize("route", COMPANY_ROUTES, ids=str)
every_gated_route = pytest.mark.parametrize("route", COMPANY_ROUTES + PLATFORM_ROUTES, ids=str)


def detail(answer: httpx.Response) -> Any:
    return answer.json()["detail"]


def test_the_openapi_lists_exactly_the_routes_under_test(http: httpx.Client) -> None:
    methods = {"get", "post", "put", "patch", "delete", "options", "head", "trace"}
    paths = http.get("/openapi.json").json()["paths"]
    listed = {f"{method.upper()} {path}" for path, item in paths.items() for method in item.keys() & methods}
    assert listed == {str(route) for route in all_routes()}


def test_the_path_of_each_route_names_its_parameters(http: httpx.Client) -> None:
    """Two parameters that share one declaration read the same part of the address."""
    paths = http.get("/openapi.json").json()["paths"]
    for route in all_routes():
        said = paths[route.path][route.method.lower()].get("parameters", [])
        assert sorted(one["name"] for one in said if one["in"] == "path") == sorted(route.parameters), str(route)


def test_only_these_routes_are_open() -> None:
    assert {str(route) for route in all_routes() if route.gate is None} == {
        "GET /",
        "GET /health/",
        "POST /auth/login",
        "POST /auth/token",
    }


def test_nothing_else_is_hidden_from_these_tests() -> None:
    """What the pages use besides the API. It answers to the cookie of a browser, not to a token."""
    hidden = {
        f"{method} {route.path}"
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and not route.include_in_schema
        for method in route.methods
    }
    assert hidden == HIDDEN


OPEN_TO_ALL = {"POST /auth/browser/login", "POST /auth/browser/logout", "GET /sales/payment-methods"}
"""Hidden routes without a cookie: coming in, going out, and the redirect to the address with its slash."""


@pytest.mark.parametrize("hidden", sorted(HIDDEN - OPEN_TO_ALL))
def test_what_the_pages_use_asks_for_its_cookie(http: httpx.Client, seller: Door, hidden: str) -> None:
    method, path = hidden.split()
    address = re.sub(r"{\w+}", "1", path)
    body = {"json": {"tenant_id": int(seller.headers["X-Tenant-ID"])}} if method == "POST" else {}
    for headers in ({}, {"Cookie": "torn_session=no-es"}):
        answer = http.request(method, address, headers=headers, **body)
        assert answer.status_code == 401, answer.text


@every_gated_route
@pytest.mark.parametrize("garbage", ["no body", "not UTF-8"])
@pytest.mark.parametrize("scheme", [None, "Basic YTph", "Token abc"])
def test_without_a_token(http: httpx.Client, route: Route, scheme: str | None, garbage: str) -> None:
    door = Door(http, {"Authorization": scheme} if scheme else {})
    answer = door.request(route.method, route.address(), **GARBAGE[garbage])
    assert (answer.status_code, detail(answer)) == (401, NOT_AUTHENTICATED)
    assert answer.headers["www-authenticate"] == "Bearer"


@every_gated_route
def test_with_a_token_that_is_none(http: httpx.Client, seller: Door, route: Route) -> None:
    email = jwt.decode(seller.headers["Authorization"].split()[1], options={"verify_signature": False})["sub"]
    claims = {"sub": email, "exp": int(time.time()) + 3600}
    forged = jwt.encode(claims, "some other secret of enough length 0123456789", algorithm="HS256")
    unsigned = jwt.encode(claims, "", algorithm="none")
    for token in ("nonsense", "a.b.c", forged, unsigned):
        answer = Door(http, bearer(token)).request(route.method, route.address())
        assert (answer.status_code, detail(answer)) == (401, BAD_TOKEN)
        assert answer.headers["www-authenticate"] == "Bearer"


@every_company_route
@pytest.mark.parametrize("garbage", GARBAGE)
def test_without_the_company_header(seller: Door, route: Route, garbage: str) -> None:
    answer = seller.without("X-Tenant-ID").request(route.method, route.address(), **GARBAGE[garbage])
    assert (answer.status_code, detail(answer)) == (422, [MISSING_HEADER])


@every_company_route
@pytest.mark.parametrize("value", ["abc", "1.5", "", "1e3", "0x1"])
def test_with_a_company_header_that_is_no_number(seller: Door, route: Route, value: str) -> None:
    answer = seller.request(route.method, route.address(), headers={"X-Tenant-ID": value})
    (problem,) = detail(answer)
    assert answer.status_code == 422
    assert (problem["type"], problem["loc"], problem["input"]) == ("int_parsing", ["header", "x-tenant-id"], value)


@every_company_route
@pytest.mark.parametrize("company", ["another", 0, -1, 999_999_999, 2**63, -(2**80), 10**30])
def test_in_a_company_that_is_not_theirs(seller: Door, other_shop: Shop, route: Route, company: int | str) -> None:
    tenant = other_shop.tenant_id if company == "another" else company
    answer = seller.request(route.method, route.address(), headers={"X-Tenant-ID": str(tenant)})
    assert (answer.status_code, detail(answer)) == (403, FOREIGN)


@every_company_route
@pytest.mark.parametrize("company", [0, 999_999_999, 10**30])
def test_platform_staff_in_a_company_that_is_none(platform: Platform, route: Route, company: int) -> None:
    answer = platform.inside(company).request(route.method, route.address())
    assert (answer.status_code, detail(answer)) == (404, INACTIVE)


@pytest.fixture(scope="module")
def blocked(platform: Platform) -> tuple[Door, Door]:
    """A member and platform staff at the door of a company that was switched off."""
    shop = platform.company(name="Cerrado")
    member = shop.person("ADMINISTRADOR")
    assert platform.door.delete(f"/saas/tenants/{shop.tenant_id}").status_code == 204
    return member, shop.door


@every_company_route
def test_in_a_company_that_is_switched_off(blocked: tuple[Door, Door], route: Route) -> None:
    for door in blocked:
        answer = door.request(route.method, route.address())
        assert (answer.status_code, detail(answer)) == (404, INACTIVE)


LOCKED = [route for route in COMPANY_ROUTES if route.gate and route.gate.permission is not Permission.MEMBER]


@pytest.mark.parametrize("garbage", GARBAGE)
@pytest.mark.parametrize("route", LOCKED, ids=str)
def test_without_the_permission_whatever_is_sent(seller: Door, keeper: Door, route: Route, garbage: str) -> None:
    permission = route.gate.permission
    can = {"VENDEDOR": seller, "BODEGUERO": keeper}
    refused = [door for role, door in can.items() if permission not in DEFAULT_ROLES[role][1]]
    assert refused
    text = ADMIN_ONLY if permission is Permission.ADMIN else NOT_ALLOWED
    for door in refused:
        for number in (1, "abc", -1, 2**70):
            address = route.address(**dict.fromkeys(route.parameters, number))
            answer = door.request(route.method, address, **GARBAGE[garbage])
            assert (answer.status_code, detail(answer)) == (403, text)


@pytest.mark.parametrize("route", [r for r in PLATFORM_ROUTES if r.gate and r.gate.superuser], ids=str)
@pytest.mark.parametrize("garbage", GARBAGE)
def test_platform_routes_refuse_everybody_else(seller: Door, route: Route, garbage: str) -> None:
    answer = seller.request(route.method, route.address(), **GARBAGE[garbage])
    assert (answer.status_code, detail(answer)) == (403, "Not authorized")


# --- things of another company ---------------------------------------------------------------------------------------


def make_things(shop: Shop) -> dict[str, Any]:
    """Make one of each thing that has an address; return path parameter -> its value there."""
    product = shop.product(stock=5)
    customer = shop.customer()
    till = shop.till()
    sale = till.post("/sales/", shop.order((product, 1), pay=1190)).json() if has("/sales/") else {"id": 1}
    person = shop.platform.person(shop.tenant_id, "VENDEDOR")[1]
    staff = next(
        (row["id"] for row in shop.door.get("/users/").json() if row["email"] == person["user"]["email"])
        if has("/users/")
        else iter([1])
    )
    purchase = bought(shop, product, customer["rut"])
    return {
        "product_id": product["id"],
        "codigo": product["codigo_interno"],
        "rut": customer["rut"],
        "brand_id": shop.door.post("/brands/", {"name": "Marca"}).json()["id"],
        "tax_id": made(shop, "/config/taxes/", {"name": "Exento", "rate": 0}),
        "price_list_id": made(shop, "/price-lists/", {"name": "Mayorista"}),
        "provider_id": made(shop, "/providers/", {"rut": new_rut(), "razon_social": "Proveedor"}),
        "purchase_id": purchase,
        "note_id": done(shop.door.post(f"/purchases/{purchase}/notas-credito", {"monto_neto": 1}), 201)["id"],
        "sale_id": sale["id"],
        "session_id": done(till.get("/cash/status"))["id"],
        "user_id": staff,
        "webhook_id": made(shop, "/webhooks/", {"url": "http://127.0.0.1:9/", "events": ["cash.closed"]}),
        "delivery_id": 1,
        "key_id": made(shop, "/api-keys/", {"name": "Tienda en línea"}),
        "document_id": shop.door.get("/documents/").json()[0]["id"] if has("/documents/") else 1,
    }


def made(shop: Shop, path: str, body: dict) -> int:
    return shop.door.post(path, body).json()["id"] if has(path) else 1


def bought(shop: Shop, product: dict, rut: str) -> int:
    provider = made(shop, "/providers/", {"rut": rut, "razon_social": "Proveedor"})
    item = {"product_id": product["id"], "cantidad": 1, "precio_costo_unitario": 1}
    return made(shop, "/purchases/", {"provider_id": provider, "items": [item]})


def has(path: str) -> bool:
    return any(route.path == path for route in COMPANY_ROUTES)


BODIES: dict[str, dict] = {
    "POST /customers/{rut}/payments": {"amount": 1, "payment_method_id": 1},
    "POST /sales/{sale_id}/correct": {"donde_dice": "A", "debe_decir": "B"},
    "PUT /price-lists/{price_list_id}/products": {"items": []},
    "PUT /price-lists/{price_list_id}/customers": {"customer_ids": []},
    "PUT /purchases/{purchase_id}": {
        "provider_id": 1,
        "items": [{"product_id": 1, "cantidad": 1, "precio_costo_unitario": 1}],
    },
    "POST /purchases/{purchase_id}/factura-compra/cancel": {"reason": "Error"},
    "POST /purchases/{purchase_id}/factura-compra/restore": {"reason": "Error"},
    "POST /products/{product_id}/adjust-stock": {"cantidad_contada": 1, "motivo": "Conteo"},
}
"""What a route needs to look at its id at all; the others take an empty object."""
ALIKE = {"role_id"}
"""Every company has the same: the roles are numbered from 1 in each."""


@pytest.fixture(scope="module")
def things(platform: Platform) -> tuple[dict[str, Any], Shop, Shop]:
    """Things of a company, that company, and another one that has nothing of its own."""
    owner = platform.company(name="Dueña")
    for _ in range(3):  # so that no number is one the empty company has as well
        owner.person("VENDEDOR")
    return make_things(owner), owner, platform.company(name="Vacía")


@pytest.mark.parametrize("route", [route for route in COMPANY_ROUTES if route.parameters], ids=str)
def test_things_of_another_company_are_not_there(things: tuple[dict[str, Any], Shop, Shop], route: Route) -> None:
    values, owner, stranger = things
    values = values | dict.fromkeys(ALIKE, 999)
    assert set(route.parameters) <= values.keys(), "say in make_things what this parameter is"
    body = {"json": BODIES.get(str(route), {})} if route.has_body else {}
    address = route.address(**values)

    answer = stranger.door.request(route.method, address, **body)
    assert answer.status_code == 404, answer.text
    texts = documented_texts(route.method, route.path, 404)
    assert not texts or any(text.match(detail(answer)) for text in texts), answer.text

    if route.method == "GET" and not ALIKE & set(route.parameters):
        # The same address in its own company is really there: the 404 above is about the company.
        assert owner.door.get(address).status_code == 200


def test_ids_that_no_row_can_have_are_refused_and_do_not_break(shop: Shop) -> None:
    broken = []
    for route in COMPANY_ROUTES + PLATFORM_ROUTES:
        for value in (0, -1, 2**63, 10**40, "abc", "1.5", "%00", "%ED%A0%80", "a" * 5000):
            if not route.parameters or route.method == "DELETE":
                continue
            address = route.address(**dict.fromkeys(route.parameters, value))
            answer = shop.door.request(route.method, address, json={})
            if answer.status_code >= 500:
                broken.append((str(route), value, answer.status_code))
    assert not broken


def test_the_documented_texts_are_read_as_they_are_meant() -> None:
    (text,) = documented_texts("DELETE", "/brands/{brand_id}", 404)
    assert text.match("Marca con ID 7 no encontrada")
    assert not re.match(text, "Marca no encontrada")

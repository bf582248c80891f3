"""The refusals clients match on: documented status and exact text, in the documented order."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import MakeDatabase
from tests.contract.routes import api_routes
from tests.factories import PASSWORD, new_rut
from tests.live import LiveServer
from tests.shop import GENERIC, Door, Platform, Shop, bearer, done, http_client

BAD_TOKEN = "No se pudo validar la sesión global"


def refused(answer: httpx.Response, status: int, text: str) -> None:
    """The answer is exactly this refusal."""
    assert (answer.status_code, answer.json()["detail"]) == (status, text)


def person(**fields: Any) -> dict[str, Any]:
    """The body that lets somebody new into a company."""
    return {"email": f"nuevo{new_rut()}@example.com", "password": PASSWORD, "role_name": "VENDEDOR"} | fields


# --- who is asking ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["nadie@example.com", "admin@torn.cl"])
def test_wrong_login(http: httpx.Client, email: str) -> None:
    answer = http.post("/auth/login", json={"email": email, "password": "no es esta"})
    refused(answer, 401, "Credenciales incorrectas")
    assert "www-authenticate" not in answer.headers
    answer = http.post("/auth/token", data={"username": email, "password": "no es esta"})
    refused(answer, 401, "Incorrect email or password")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_login_without_its_fields_is_422(http: httpx.Client) -> None:
    for answer in (http.post("/auth/login", json={}), http.post("/auth/token", data={"grant_type": "password"})):
        assert answer.status_code == 422
        assert {problem["type"] for problem in answer.json()["detail"]} == {"missing"}
    (problem,) = http.post("/auth/login", json={"email": "a@example.com"}).json()["detail"]
    wanted = {"type": "missing", "loc": ["body", "password"], "msg": "Field required"}
    assert wanted.items() <= problem.items()


@pytest.mark.parametrize("path", ["/auth/users/me", "/auth/validate", "/saas/tenants", "/saas/actecos"])
def test_profile_without_a_good_token(http: httpx.Client, path: str) -> None:
    for headers, text in (({}, "Not authenticated"), (bearer("a.b.c"), BAD_TOKEN)):
        answer = http.get(path, headers=headers)
        refused(answer, 401, text)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_first_login_of_a_process_may_be_of_nobody(make_database: MakeDatabase, tmp_path: Path) -> None:
    with LiveServer(make_database(), tmp_path / "server.log") as server, http_client(server) as http:
        answer = http.post("/auth/login", json={"email": "nadie@example.com", "password": "x"})
    refused(answer, 401, "Credenciales incorrectas")


# --- companies -------------------------------------------------------------------------------------------------------


def test_a_company_twice(platform: Platform, shop: Shop) -> None:
    body, digit = shop.rut.split("-")
    for spelling in (shop.rut, f"{int(body):,}-{digit.lower()}".replace(",", ".")):
        answer = platform.door.post("/saas/tenants", {"name": "Otra", "rut": spelling})
        reason = f"Ya existe un inquilino registrado para el RUT: {shop.rut}"
        refused(answer, 400, f"Error creando el inquilino: {reason}")


def test_a_company_that_is_not_there(platform: Platform) -> None:
    door, path = platform.door, "/saas/tenants/999999999"
    for answer in (
        door.patch(path, {"name": "X"}),
        door.delete(path),
        door.get(f"{path}/users"),
        door.post(f"{path}/users", person()),
        door.post(f"{path}/inject-system-user"),
    ):
        refused(answer, 404, "Tenant not found")
    refused(door.patch(f"{path}/users/1", {}), 404, "Tenant user link not found")


def test_people_of_a_company_in_the_documented_order(platform: Platform) -> None:
    company = platform.company(name="Llena")
    door, path = platform.door, f"/saas/tenants/{company.tenant_id}/users"
    member = person()
    done(door.post(path, member))
    refused(door.post(path, member), 400, "El usuario ya pertenece a esta empresa")
    stranger = person()
    del stranger["password"]
    refused(door.post(path, stranger), 400, "Password is required for new core users")
    refused(door.post(path, person(role_name="REY")), 400, "El rol 'REY' no existe en esta empresa.")
    refused(door.patch(f"{path}/999999999", {"role_name": "VENDEDOR"}), 404, "Tenant user link not found")

    done(door.patch(f"/saas/tenants/{company.tenant_id}", {"max_users_override": 1}))
    full = "El plan actual (Max 1) no permite agregar más usuarios a la empresa."
    for body in (person(), stranger, member, person(role_name="REY")):
        refused(door.post(path, body), 400, full)


def test_a_company_without_a_plan_has_room_for_three(platform: Platform) -> None:
    tenant = done(platform.door.post("/saas/tenants", {"name": "Chica", "rut": new_rut()}), 201)
    path = f"/saas/tenants/{tenant['id']}/users"
    for _ in range(3):
        done(platform.door.post(path, person()))
    refused(
        platform.door.post(path, person()), 400, "El plan actual (Max 3) no permite agregar más usuarios a la empresa."
    )


# --- RUT -------------------------------------------------------------------------------------------------------------

WRONG_RUTS = [
    ("5", "'5' es demasiado corto"),
    ("12a45678-5", "cuerpo '12A45678' no es numérico"),
    ("999.999-9", "999999 fuera de rango (1.000.000 – 99.999.999)"),
    ("12345678-9", "dígito verificador incorrecto (esperado '5', recibido '9')"),
    ("76123456-7", "dígito verificador incorrecto (esperado '0', recibido '7')"),
]


@pytest.mark.parametrize(("rut", "reason"), WRONG_RUTS)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/customers/"), ("PUT", "/customers/{known}"), ("PUT", "/issuer/"), ("POST", "/providers/")],
)
def test_wrong_rut(shop: Shop, method: str, path: str, rut: str, reason: str) -> None:
    known = shop.customer()["rut"] if "{" in path else ""
    answer = shop.door.request(method, path.format(known=known), json={"rut": rut, "razon_social": "X"})
    (problem,) = answer.json()["detail"]
    assert answer.status_code == 422
    assert (problem["type"], problem["loc"]) == ("value_error", ["body", "rut"])
    assert problem["msg"] == f"Value error, RUT inválido: {reason}"


# --- till ------------------------------------------------------------------------------------------------------------


def test_till_without_a_shift(shop: Shop) -> None:
    seller = shop.person("VENDEDOR")
    refused(seller.get("/cash/status"), 404, "No hay caja abierta")
    refused(seller.post("/cash/close", {"final_cash_declared": 0}), 404, "No hay caja abierta")


def test_till_opened_twice(shop: Shop) -> None:
    seller = shop.person("VENDEDOR")
    answer = seller.post("/cash/open", {"start_amount": 10_000})
    assert answer.status_code == 200
    shift = answer.json()
    again = seller.post("/cash/open", {"start_amount": 10_000})
    assert again.status_code == 409
    start = f"Ya existe una caja abierta para este usuario (ID: {shift['id']}, Inicio: "
    assert again.json()["detail"].startswith(start)
    assert again.json()["detail"].endswith(")")
    forced = done(seller.post("/cash/open", {"start_amount": 1, "force_close_previous": True}))
    assert forced["id"] != shift["id"]
    rows = {row["id"]: row for row in done(seller.get("/cash/sessions"))}
    assert (rows[shift["id"]]["status"], rows[shift["id"]]["difference"]) == ("CLOSED_SYSTEM", 0)
    assert seller.post("/cash/open", {"start_amount": -1}).status_code == 422


# --- sales -----------------------------------------------------------------------------------------------------------


def test_refusals_of_a_sale_in_the_documented_order(platform: Platform) -> None:
    """One body with every fault at once: each time the first one left is told, and then mended."""
    shop = platform.company()
    seller, staff = shop.platform.person(shop.tenant_id, "VENDEDOR")
    seller_id = next(row["id"] for row in done(seller.get("/users/")) if row["email"] == staff["user"]["email"])
    stranger = new_rut()
    idle = shop.product(is_active=True)
    done(shop.door.put(f"/products/{idle['id']}", {"is_active": False}))
    scarce = shop.product(stock=2, nombre="Vino")
    body: dict[str, Any] = {
        "rut_cliente": stranger,
        "tipo_dte": 61,
        "items": [{"product_id": 999_999, "cantidad": 3}],
        "payments": [{"payment_method_id": shop.method("EFECTIVO"), "amount": 1}],
    }

    def sell(status: int, text: str) -> None:
        refused(seller.post("/sales/", body), status, text)

    sell(409, f"El vendedor (ID {seller_id}) no tiene turno de caja abierto.")
    done(seller.post("/cash/open", {"start_amount": 0}))
    sell(404, f"Cliente con RUT {stranger} no encontrado")
    body["rut_cliente"] = GENERIC
    for tipo in (56, 61, 111, 112):
        body["tipo_dte"] = tipo
        needed = f"Los documentos de ajuste (DTE {tipo}) requieren obligatoriamente referencias al documento original."
        sell(400, needed)
        body["referencias"] = [{"tipo_documento": "33", "folio": "1", "fecha": "2026-01-01"}]
        incomplete = "Las referencias de un documento de ajuste deben incluir tipo_documento, folio y sii_reason_code."
        sell(400, incomplete)
        del body["referencias"]
    body["tipo_dte"] = 39
    sell(404, "Producto ID 999999 no encontrado")
    body["items"][0]["product_id"] = idle["id"]
    sell(400, f"Producto {idle['full_name']} (SKU {idle['codigo_interno']}) no está activo")
    body["items"][0]["product_id"] = scarce["id"]
    sell(409, "Stock insuficiente para Vino. Disponible: 2, Solicitado: 3")
    body["items"][0]["cantidad"] = 2
    sell(400, "Monto de pagos (1) inferior al total de la venta (2380)")
    body["payments"][0]["amount"] = 2380
    sale = done(seller.post("/sales/", body), 201)
    assert sale["monto_total"] == 2380
    # Nothing of what was refused has left a trace.
    assert [row["id"] for row in done(seller.get("/sales/"))] == [sale["id"]]
    assert done(shop.door.get(f"/products/{scarce['codigo_interno']}"))["stock_actual"] == 0


def test_sale_of_nothing_with_an_unknown_way_to_pay(shop: Shop) -> None:
    seller = shop.till()
    product = shop.product()
    order = shop.order((product, 1), pay=1190)
    order["payments"][0]["payment_method_id"] = 999_999
    assert seller.post("/sales/", order).status_code in (400, 422)
    assert seller.post("/sales/", order | {"items": []}).status_code == 422
    assert seller.post("/sales/", order | {"tipo_dte": 7}).status_code == 422


def test_documents_of_a_sale_that_is_not_there(seller: Door) -> None:
    for path in ("/sales/999999/pdf", "/sales/999999", "/sales/999999/xml"):
        refused(seller.get(path), 404, "Venta ID 999999 no encontrada")


@pytest.mark.parametrize("query", ["skip=-1", "limit=0", "limit=201", "limit=-5", "limit=x"])
def test_pages_of_the_sales_have_bounds(seller: Door, query: str) -> None:
    assert seller.get(f"/sales/?{query}").status_code == 422


@pytest.mark.parametrize("query", ["", "skip=0", "limit=1", "limit=200", "unknown=1"])
def test_pages_of_the_sales_within_the_bounds(seller: Door, query: str) -> None:
    assert isinstance(done(seller.get(f"/sales/?{query}")), list)


# --- numbers, issuer -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", [0, -1, "x", None, 1.5])
def test_folios_are_asked_for_in_whole_positive_numbers(shop: Shop, amount: Any) -> None:
    assert shop.door.post("/folios/request", {"dte_type": 33, "amount_requested": amount}).status_code == 422


def test_folio_requests_are_the_administrators(seller: Door) -> None:
    text = "Acceso denegado: se requieren permisos de administrador de empresa."
    refused(seller.post("/folios/request", {"dte_type": 33, "amount_requested": 1}), 403, text)
    refused(seller.get("/folios/requests/history"), 403, text)


@pytest.mark.parametrize("field", ["rut", "razon_social", "giro", "acteco"])
def test_issuer_keeps_what_documents_print(shop: Shop, field: str) -> None:
    before = done(shop.door.get("/issuer/"))
    assert shop.door.put("/issuer/", {field: "  "}).status_code == 422
    assert done(shop.door.put("/issuer/", {field: None}))[field] == before[field]


# --- addresses -------------------------------------------------------------------------------------------------------

COLLECTIONS = sorted({route.path for route in api_routes() if route.path.endswith("/") and route.path != "/"})


@pytest.mark.parametrize("prefix", ["", "/api"])
@pytest.mark.parametrize("path", COLLECTIONS)
def test_a_collection_without_its_slash_leads_to_it(http: httpx.Client, path: str, prefix: str) -> None:
    answer = http.get(f"{prefix}{path.rstrip('/')}?a=1", follow_redirects=False)
    assert answer.status_code == 307
    assert httpx.URL(answer.headers["location"]).raw_path.decode() == f"{prefix}{path}?a=1"


def test_a_redirected_post_keeps_method_and_body(shop: Shop) -> None:
    answer = shop.door.post("/brands", {"name": "Con rodeo"}, follow_redirects=True)
    assert done(answer, 201)["name"] == "Con rodeo"


@pytest.mark.parametrize("path", ["/products/", "/users/", "/roles/", "/config/taxes/", "/folios/status", "/issuer/"])
def test_the_same_under_api(shop: Shop, path: str) -> None:
    assert done(shop.door.get(f"/api{path}")) == done(shop.door.get(path))


def test_refusals_are_the_same_under_api(http: httpx.Client, seller: Door) -> None:
    refused(http.get("/api/products/"), 401, "Not authenticated")
    refused(seller.get("/api/products/NADA"), 404, "No se encontró un producto con código NADA")
    refused(seller.get("/api/nothing-here"), 404, "Not Found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/customers/"),
        ("PATCH", "/products/1"),
        ("DELETE", "/sales/"),
        ("GET", "/cash/open"),
        ("POST", "/"),
        ("DELETE", "/config/taxes/1"),
        ("POST", "/roles/"),
        ("DELETE", "/roles/1"),
    ],
)
def test_a_method_that_is_not_there(shop: Shop, method: str, path: str) -> None:
    refused(shop.door.request(method, path), 405, "Method Not Allowed")


# --- pages for programmers, browsers of elsewhere --------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/api"])
@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_interactive_documentation_needs_nothing_from_elsewhere(http: httpx.Client, path: str, prefix: str) -> None:
    answer = http.get(f"{prefix}{path}")
    assert answer.status_code == 200
    assert "http://" not in answer.text
    assert "https://" not in answer.text
    assets = [part.split('"')[0] for part in answer.text.replace("href=", "src=").split('src="')[1:]]
    assert assets
    for asset in assets:
        found = http.get(asset)
        assert (found.status_code, bool(found.content)) == (200, True), asset
    assert f"{prefix}/openapi.json" in answer.text
    assert http.get(f"{prefix}/openapi.json").json()["info"] == http.get("/openapi.json").json()["info"]


def test_openapi_says_who_it_is(http: httpx.Client) -> None:
    info = http.get("/openapi.json").json()["info"]
    assert (info["title"], info["version"]) == ("Torn - Facturador Electrónico", "0.1.0")


def preflight(http: httpx.Client, origin: str) -> httpx.Response:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,x-tenant-id"}
    return http.options("/sales/", headers={"Origin": origin, **asked})


def test_preflight_of_a_listed_origin(http: httpx.Client) -> None:
    answer = preflight(http, "http://localhost:3000")
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-max-age"] == "600"


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:3003", "https://localhost:3000", "null"])
def test_preflight_of_another_origin(http: httpx.Client, origin: str) -> None:
    answer = preflight(http, origin)
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers


def test_root_is_json_for_programs_and_the_pages_for_browsers(http: httpx.Client, live_server: LiveServer) -> None:
    assert done(http.get("/", headers={"Accept": "application/json"})) == {"message": "Sistema Torn Online"}
    # This server has no pages: what matters is that the API does not answer in their place.
    page = http.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert "Sistema Torn Online" not in page.text

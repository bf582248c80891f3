"""What really comes back over HTTP has the documented fields with exactly the documented types: money as numbers,
moments in UTC with Z, days as YYYY-MM-DD. The shapes are read from the reference folder."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.routes import documented_shapes
from tests.factories import PASSWORD, new_rut
from tests.live import LiveServer
from tests.shop import Door, Platform, Shop, done

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
CHILEAN_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?-0[34]:00")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
INTEGER, NUMBER = (int,), (int, float)
JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": INTEGER,
    "decimal": NUMBER,
    "boolean": (bool,),
    "object": (dict,),
}


def faults(value: Any, kind: str, where: str) -> Iterator[str]:
    """Say where a value is not of a documented type, `[]` before it for a list and `?` after it when it may be null."""
    shapes = documented_shapes()
    if value is None:
        if not kind.endswith("?"):
            yield f"{where} is null"
        return
    kind = kind.rstrip("?")
    if kind.startswith("[]"):
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        for number, item in enumerate(value):
            yield from faults(item, kind[2:], f"{where}[{number}]")
    elif kind in shapes:
        for name, inner in shapes[kind].items():
            if name not in value:
                yield f"{where}.{name} is missing"
            else:
                yield from faults(value[name], inner, f"{where}.{name}")
    elif kind in ("date-time", "date"):
        pattern = DAY if kind == "date" else CHILEAN_MOMENT if where == "ReportOut.fecha" else MOMENT
        if not (isinstance(value, str) and pattern.fullmatch(value)):
            yield f"{where} is {value!r}, no {kind}"
    elif kind != "any" and (not isinstance(value, JSON_TYPES[kind]) or isinstance(value, bool) != (kind == "boolean")):
        yield f"{where} is {value!r}, no {kind}"


def check(value: Any, kind: str) -> Any:
    """Return a value that must be of a documented type; a list must have something in it."""
    assert value or not kind.startswith("[]"), f"nothing of {kind} to look at"
    assert not list(faults(value, kind, kind))
    return value


@pytest.fixture(scope="module")
def busy(platform: Platform) -> Shop:
    """A company where one of each thing has happened."""
    shop = platform.company(name="Con de todo")
    door = shop.door
    done(door.post("/cash/open", {"start_amount": 5000}))
    brand = done(door.post("/brands/", {"name": "Marca"}), 201)
    tax = next(row for row in done(door.get("/config/taxes/")) if row["rate"])
    product = shop.product(price=990.5, stock="10.5", brand_id=brand["id"], tax_id=tax["id"])
    family = {"nombre": "Polera", "precio_neto": 1000, "variants": [{"nombre": "Roja", "precio_neto": 1000}]}
    done(door.post("/products/with-variants", family), 201)
    customer = shop.customer(email="compras@example.com")
    prices = done(door.post("/price-lists/", {"name": "Mayorista", "description": "Desde 10"}), 201)
    items = {"items": [{"product_id": product["id"], "fixed_price": 900.25}]}
    done(door.put(f"/price-lists/{prices['id']}/products", items))
    done(door.put(f"/price-lists/{prices['id']}/customers", {"customer_ids": [customer["id"]]}))
    reference = {"tipo_documento": "801", "folio": "77", "fecha": "2026-01-15"}
    order = shop.order((product, "1.5"), tipo=33, pay=50_000, rut_cliente=customer["rut"], referencias=[reference])
    done(door.post("/sales/", order), 201)
    done(door.post("/folios/request", {"dte_type": 33, "amount_requested": 10}))
    provider = done(door.post("/providers/", {"rut": new_rut(), "razon_social": "Distribuidora"}), 201)
    line = {"product_id": product["id"], "cantidad": "2.5", "precio_costo_unitario": "400.5"}
    done(door.post("/purchases/", {"provider_id": provider["id"], "items": [line]}), 201)
    shop.person("VENDEDOR")
    return shop


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/customers/", "[]CustomerOut"),
        ("/customers/search?q=Ferre", "[]CustomerOut"),
        ("/products/", "[]ProductOut"),
        ("/inventory/", "[]ProductOut"),
        ("/brands/", "[]BrandOut"),
        ("/price-lists/", "[]PriceListRead"),
        ("/price-lists/1", "PriceListDetail"),
        ("/price-lists/resolve-price/1?customer_id=2", "ResolvedPriceResponse"),
        ("/price-lists/resolve-price/1", "ResolvedPriceResponse"),
        ("/sales/payment-methods/", "[]PaymentMethodOut"),
        ("/sales/", "[]SaleOut"),
        ("/cash/status", "CashSessionOut"),
        ("/cash/sessions", "[]CashSessionWithUserOut"),
        ("/purchases/", "[]PurchaseOut"),
        ("/purchases/1", "PurchaseOut"),
        ("/providers/", "[]ProviderOut"),
        ("/users/", "[]UserOut"),
        ("/users/sellers", "[]UserOut"),
        ("/roles/", "[]RoleOut"),
        ("/config/taxes/", "[]TaxOut"),
        ("/config/settings/", "SettingsOut"),
        ("/issuer/", "IssuerOut"),
        ("/folios/status", "[]FolioStockOut"),
        ("/folios/requests/history", "[]FolioRequestLogOut"),
        ("/stats/report", "ReportOut"),
    ],
)
def test_what_is_read_is_of_the_documented_types(busy: Shop, path: str, kind: str) -> None:
    check(done(busy.door.get(path)), kind)


def test_statistics(busy: Shop) -> None:
    for part in done(busy.door.get("/stats/summary")).values():
        check(part, "StatPeriod")
    for part in done(busy.door.get("/stats/top-products")).values():
        check(part, "[]TopProduct")
    assert DAY.fullmatch(done(busy.door.get("/reports/dashboard"))["fecha"])


def test_what_was_sold_is_told_in_numbers(busy: Shop) -> None:
    product = busy.product(price="80.5")
    sale = check(done(busy.door.post("/sales/", busy.order((product, 3), pay="288")), 201), "SaleOut")
    (line,) = sale["details"]
    assert (line["precio_unitario"], line["cantidad"], line["descuento"]) == (80.5, 3, 0)
    assert sale["monto_neto"] + sale["iva"] == sale["monto_total"] == 287
    (older,) = [row for row in done(busy.door.get("/sales/")) if row["referencias"]]
    wanted = {"tipo_documento": "801", "folio": "77", "fecha": "2026-01-15", "sii_reason_code": None}
    assert older["referencias"] == [wanted]


def test_folio_status_has_ten_rows_in_the_documented_order(busy: Shop) -> None:
    rows = done(busy.door.get("/folios/status"))
    assert [row["dte_type"] for row in rows] == [33, 34, 39, 41, 52, 56, 61, 110, 111, 112]
    assert all(0 <= row["available"] <= row["total"] for row in rows)


def test_a_shift_from_opening_to_close(busy: Shop) -> None:
    seller = busy.person("VENDEDOR")
    opened = check(done(seller.post("/cash/open", {"start_amount": "1000", "user_id": 99})), "CashSessionOut")
    assert (opened["status"], opened["end_time"], opened["start_amount"]) == ("OPEN", None, 1000)
    closed = check(done(seller.post("/cash/close", {"final_cash_declared": 900.0})), "CashSessionOut")
    assert (closed["status"], closed["final_cash_system"], closed["difference"]) == ("CLOSED", 1000, -100)
    assert MOMENT.fullmatch(closed["end_time"])


def test_companies_and_people(platform: Platform, busy: Shop, http: httpx.Client, live_server: LiveServer) -> None:
    check(done(platform.door.get("/saas/tenants")), "[]TenantOut")
    members = check(done(platform.door.get(f"/saas/tenants/{busy.tenant_id}/users")), "[]TenantUserOut")
    check(done(platform.door.get("/saas/actecos?q=almac")), "[]ActecoOut")
    email = members[0]["user"]["email"]
    form = {"username": email, "password": PASSWORD, "grant_type": "password", "scope": "", "client_id": "caja"}
    for token in (
        done(http.post("/auth/login", json={"email": email, "password": PASSWORD})),
        done(http.post("/auth/token", data=form)),
    ):
        assert check(token, "SaaSToken")["token_type"] == "bearer"
        assert token["available_tenants"]
        door = Door(http, {"Authorization": f"Bearer {token['access_token']}"})
        assert check(done(door.get("/auth/users/me")), "SaaSUserOut") == token["user"]
        session = done(door.get("/auth/validate"))
        assert session == {"user": token["user"], "available_tenants": token["available_tenants"]}
    assert check(done(platform.door.get("/auth/users/me")), "SaaSUserOut")["is_superuser"] is True


def test_answers_of_changes_have_the_same_shapes(busy: Shop) -> None:
    door = busy.door
    customer = busy.customer()
    check(done(door.put(f"/customers/{customer['rut']}", {"giro": "Otro"})), "CustomerOut")
    product = check(busy.product(price="19.990001"), "ProductOut")
    check(done(door.put(f"/products/{product['id']}", {"costo_unitario": "1.5"})), "ProductOut")
    check(done(door.put("/issuer/", {"website": "https://example.com"})), "IssuerOut")
    check(done(door.put("/config/settings/", {"print_format": "carta"})), "SettingsOut")
    check(done(door.put("/config/taxes/1", {"name": "IVA 19%"})), "TaxOut")
    answer = door.get("/sales/1/pdf")
    assert answer.headers["content-type"].startswith("text/html")

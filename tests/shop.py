"""Companies and people of a running Torn, made and driven over HTTP only: what a client program sees."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.factories import PASSWORD, new_rut
from tests.live import LiveServer

_numbers = itertools.count(1)
GENERIC = "66666666-6"
TIMEOUT = 60


@dataclass(frozen=True)
class Door:
    """Requests of one person, in one company or outside all of them. Answers are not judged here."""

    http: httpx.Client
    headers: dict[str, str]

    def request(self, method: str, path: str, *, headers: dict[str, str] | None = None, **parts: Any) -> httpx.Response:
        """Send one request; `headers` are added to the person's own."""
        return self.http.request(method, path, headers={**self.headers, **(headers or {})}, **parts)

    def get(self, path: str, **parts: Any) -> httpx.Response:
        """Send a GET."""
        return self.request("GET", path, **parts)

    def post(self, path: str, body: Any = None, **parts: Any) -> httpx.Response:
        """Send a POST with a JSON body, or without one."""
        return self.request("POST", path, **({"json": body} if body is not None else {}), **parts)

    def put(self, path: str, body: Any, **parts: Any) -> httpx.Response:
        """Send a PUT with a JSON body."""
        return self.request("PUT", path, json=body, **parts)

    def patch(self, path: str, body: Any, **parts: Any) -> httpx.Response:
        """Send a PATCH with a JSON body."""
        return self.request("PATCH", path, json=body, **parts)

    def delete(self, path: str, **parts: Any) -> httpx.Response:
        """Send a DELETE."""
        return self.request("DELETE", path, **parts)

    def without(self, *names: str) -> "Door":
        """The same person leaving headers out."""
        return Door(self.http, {name: value for name, value in self.headers.items() if name not in names})


def done(answer: httpx.Response, status: int = 200) -> Any:
    """Return the JSON of an answer that must have gone well."""
    assert answer.status_code == status, f"{answer.request.method} {answer.request.url}: {answer.text}"
    return answer.json() if answer.content else None


def http_client(server: LiveServer) -> httpx.Client:
    """Return a client for a server; several threads may use it. Close it."""
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    return httpx.Client(base_url=server.base_url, timeout=TIMEOUT, limits=limits)


@dataclass(frozen=True)
class Platform:
    """Torn as its platform staff see it."""

    door: Door

    @classmethod
    def of(cls, http: httpx.Client, server: LiveServer) -> "Platform":
        """Log the administrator of a server in."""
        return cls(Door(http, bearer(login(http, server.admin_email, server.admin_password))))

    def company(self, *, name: str = "Almacén Ñuñoa", **fields: Any) -> "Shop":
        """Make a company with room for many people. `shop` acts in it as its administrator."""
        body = {
            "name": name,
            "rut": new_rut(),
            "giro": "Almacén",
            "address": "Calle Larga 123",
            "commune": "Ñuñoa",
            "city": "Santiago",
            "economic_activities": [{"code": "471100", "name": "Almacén"}],
        }
        tenant = done(self.door.post("/saas/tenants", body | fields), 201)
        done(self.door.patch(f"/saas/tenants/{tenant['id']}", {"max_users_override": 1000}))
        return Shop(self.inside(tenant["id"]), tenant["id"], tenant["rut"], self)

    def inside(self, tenant_id: int) -> Door:
        """Return the administrator's door into a company."""
        return Door(self.door.http, {**self.door.headers, "X-Tenant-ID": str(tenant_id)})

    def person(self, tenant_id: int, role: str) -> tuple[Door, dict]:
        """Let a new person into a company with a role; return their door and their membership."""
        email = f"persona{next(_numbers)}@example.com"
        body = {"email": email, "password": PASSWORD, "full_name": f"Persona {role.title()}", "role_name": role}
        membership = done(self.door.post(f"/saas/tenants/{tenant_id}/users", body))
        token = login(self.door.http, email, PASSWORD)
        return Door(self.door.http, bearer(token) | {"X-Tenant-ID": str(tenant_id)}), membership


@dataclass(frozen=True)
class Shop:
    """A company, acted in as its administrator (platform support)."""

    door: Door
    tenant_id: int
    rut: str
    platform: Platform
    _methods: dict[str, int] = field(default_factory=dict)

    def person(self, role: str) -> Door:
        """Let a new person in and return their door."""
        return self.platform.person(self.tenant_id, role)[0]

    def till(self, *, start_amount: int = 0) -> Door:
        """Let a seller in, with an open shift."""
        seller = self.person("VENDEDOR")
        done(seller.post("/cash/open", {"start_amount": start_amount}))
        return seller

    def product(self, *, price: float | str = 1000, stock: float | str | None = None, **fields: Any) -> dict:
        """Make a product. With `stock` the shelf is counted; without, it is not."""
        number = next(_numbers)
        body: dict[str, Any] = {"nombre": f"Producto {number}", "codigo_interno": f"P-{number}", "precio_neto": price}
        if stock is not None:
            body |= {"controla_stock": True, "stock_actual": stock}
        return done(self.door.post("/products/", body | fields), 201)

    def customer(self, **fields: Any) -> dict:
        """Make a customer with all that an invoice needs."""
        body = {
            "rut": new_rut(),
            "razon_social": "Ferretería Peñalolén Ltda.",
            "giro": "Ferretería",
            "direccion": "Av. Grecia 100",
            "comuna": "Peñalolén",
            "ciudad": "Santiago",
        }
        return done(self.door.post("/customers/", body | fields), 201)

    def exempt_tax(self) -> int:
        """Return the id of a tax of nothing."""
        return done(self.door.post("/config/taxes/", {"name": "Exento", "rate": 0}), 201)["id"]

    def method(self, code: str) -> int:
        """Return the id of a payment method."""
        if not self._methods:
            found = done(self.door.get("/sales/payment-methods/"))
            self._methods.update({row["code"]: row["id"] for row in found})
        return self._methods[code]

    def answered(self, document_id: int) -> str:
        """Wait until the tax service answered about a document (the worker looks every other second); return its
        state."""
        deadline = time.monotonic() + TIMEOUT
        while (estado := done(self.door.get(f"/documents/{document_id}"))["estado"]) in ("FIRMADO", "ENVIADO"):
            assert time.monotonic() < deadline, "no answer came"
            time.sleep(0.1)
        return estado

    def order(
        self, *items: tuple[dict, Any], tipo: int = 39, pay: float | str, by: str = "EFECTIVO", **more: Any
    ) -> dict:
        """Return the body of a sale of (product, quantity) pairs paid in one way."""
        return {
            "rut_cliente": GENERIC,
            "tipo_dte": tipo,
            "items": [{"product_id": product["id"], "cantidad": quantity} for product, quantity in items],
            "payments": [{"payment_method_id": self.method(by), "amount": pay}],
            **more,
        }


def login(http: httpx.Client, email: str, password: str) -> str:
    """Return an access token."""
    return done(http.post("/auth/login", json={"email": email, "password": password}))["access_token"]


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}

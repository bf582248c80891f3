"""A shop to sell in, made over the API of the running site: company, cashier, products, an open drawer or not."""

from dataclasses import dataclass
from typing import Any

import httpx
from playwright.sync_api import Page

from tests.factories import new_rut
from tests.live import LiveServer

PASSWORD = "clave de la caja 1"

GOODS: list[dict[str, Any]] = [
    {"nombre": "Cemento especial 25 kg", "precio_neto": "4193.277311", "codigo_barras": "7800000000017"},
    {"nombre": "Ampolleta LED 9 W luz fría", "precio_neto": "1672.268908", "codigo_barras": "7800000000024"},
    {"nombre": "Martillo carpintero 16 oz", "precio_neto": "7554.621849", "codigo_barras": "7800000000031"},
    {"nombre": 'Clavo corriente 2½"', "precio_neto": "2512.605042", "unidad_medida": "kg"},
]
"""Prices with VAT: 4.990, 1.990, 8.990 and 2.990 a kilo."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A company in mode PRUEBA with one cashier who also administers it."""

    base_url: str
    tenant_id: int
    email: str

    def log_in(self, page: Page) -> None:
        """Log the browser of a page in; the company is chosen, being the only one."""
        answer = page.request.post(
            f"{self.base_url}/auth/browser/login", data={"email": self.email, "password": PASSWORD}
        )
        assert answer.ok, answer.text()

    def api(self) -> httpx.Client:
        """Return a client of the API that acts as the cashier."""
        with httpx.Client(base_url=self.base_url) as client:
            token = client.post("/auth/login", json={"email": self.email, "password": PASSWORD}).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "X-Tenant-ID": str(self.tenant_id)}
        return httpx.Client(base_url=self.base_url, headers=headers)


def open_shop(
    site: LiveServer,
    *,
    goods: list[dict[str, Any]] | None = None,
    role: str = "ADMINISTRADOR",
    float_: int | None = 20_000,
) -> Shop:
    """Make a shop with goods. `float_` opens the drawer with that much; None leaves it closed."""
    login = {"email": site.admin_email, "password": site.admin_password}
    with httpx.Client(base_url=site.base_url, timeout=60) as root:
        root.headers["Authorization"] = f"Bearer {root.post('/auth/login', json=login).json()['access_token']}"
        rut = new_rut()
        company = {"name": "Ferretería El Maitén", "rut": rut, "giro": "Ferretería", "address": "Los Maitenes 1450"}
        tenant = root.post("/saas/tenants", json={**company, "commune": "Ñuñoa", "city": "Santiago"})
        assert tenant.status_code < 300, tenant.text
        tenant_id = tenant.json()["id"]
        email = f"rosa{rut[:8]}@example.com"
        person = {"email": email, "password": PASSWORD, "full_name": "Rosa Soto", "role_name": role}
        added = root.post(f"/saas/tenants/{tenant_id}/users", json=person)
        assert added.status_code < 300, added.text
    shop = Shop(site.base_url, tenant_id, email)
    with shop.api() as client:
        for product in GOODS if goods is None else goods:
            made = client.post("/products/", json=product)
            assert made.status_code < 300, made.text
        if float_ is not None:
            opened = client.post("/cash/open", json={"start_amount": float_})
            assert opened.status_code < 300, opened.text
    return shop

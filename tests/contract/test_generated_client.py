"""A client nobody wrote: generated from the OpenAPI, it logs in, sells, and understands a refusal."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tests.contract.routes import all_routes
from tests.factories import PASSWORD
from tests.live import LiveServer
from tests.shop import Platform, Shop, done

PACKAGE = "generated_torn"
Part = Callable[[str], ModuleType]


@pytest.fixture(scope="module")
def part(http: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    """Imports modules of a client generated from what the running server says of itself."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(done(http.get("/openapi.json"))), encoding="utf-8")
    (folder / "config.yml").write_text(f"package_name_override: {PACKAGE}\npost_hooks: []\n", encoding="utf-8")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"),
            *("--path", "openapi.json", "--config", "config.yml", "--output-path", PACKAGE),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    try:
        yield lambda name: importlib.import_module(f"{PACKAGE}.{name}" if name else PACKAGE)
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]


def test_every_operation_became_a_function(part: Part) -> None:
    folder = Path(str(part("").__file__)).parent / "api"
    functions = [file for file in folder.glob("*/*.py") if file.name != "__init__.py"]
    assert len(functions) == len(all_routes())


def test_it_sells(part: Part, shop: Shop, live_server: LiveServer, platform: Platform) -> None:
    models = part("models")
    email = f"cliente{shop.tenant_id}@example.com"
    body = {"email": email, "password": PASSWORD, "full_name": "Programa", "role_name": "VENDEDOR"}
    done(platform.door.post(f"/saas/tenants/{shop.tenant_id}/users", body))
    with part("client").Client(base_url=live_server.base_url) as public:
        token = part("api.auth.auth_login").sync(client=public, body=models.LoginIn(email=email, password=PASSWORD))
    with part("client").AuthenticatedClient(base_url=live_server.base_url, token=token.access_token) as client:
        sell_with(part, shop, {"client": client, "x_tenant_id": shop.tenant_id})


def sell_with(part: Part, shop: Shop, company: dict[str, Any]) -> None:
    """What a program does all day: open the till, sell, repeat a request, meet a refusal, look the sale up."""
    models = part("models")
    part("api.cash.cash_open_shift").sync(body=models.CashOpenIn(start_amount=1000), **company)
    product = shop.product(price=1000, stock=3)
    order = models.SaleIn(
        rut_cliente="66666666-6",
        tipo_dte=39,
        items=[models.SaleItemIn(product_id=product["id"], cantidad=2)],
        payments=[models.SalePaymentIn(payment_method_id=shop.method("EFECTIVO"), amount=2380)],
    )
    sell = part("api.sales.sales_create")
    sold = sell.sync(body=order, idempotency_key="generada-1", **company)
    assert isinstance(sold, models.SaleOut)
    assert (sold.monto_total, sold.monto_neto, sold.iva) == (2380, 2000, 380)
    assert sold.details[0].product.stock_actual == 1
    again = sell.sync(body=order, idempotency_key="generada-1", **company)
    assert (again.id, again.folio) == (sold.id, sold.folio)

    refused = sell.sync(body=order, **company)
    assert isinstance(refused, models.TornError)
    assert refused.error == "StockShort"
    assert refused.detail == f"Stock insuficiente para {product['nombre']}. Disponible: 1, Solicitado: 2"

    found = part("api.sales.sales_sale").sync(sale_id=sold.id, **company)
    assert found.customer.rut == "66666666-6"
    assert [row.id for row in part("api.sales.sales_sales").sync(limit=1, **company)] == [sold.id]

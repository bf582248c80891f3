"""P5 and P6: POST /sales/ over HTTP with a signed boleta of three lines, against the same sale written by hand.

The floor of P6 is a sale in PostgreSQL without HTTP or ORM: stock guard, kardex, sale, lines, payment, folio, signed
document, one commit. P5 is told against the original application, which is not here: 55 unsigned sales a second at
one client on the machine of the goals; what is measured here is ours and the floor, so that the two machines can be
compared by the floor (540 to 650 there).
"""

import statistics
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from bench.material import Material, document, issuer, material
from bench.report import tell
from tests.live import LiveServer
from torn_app.dte.documento import Documento
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml import issue_dte
from torn_app.infra.migrate import upgrade_all
from torn_app.kernel import clock
from torn_app.launch.postgres import DATABASE, DURABLE, EmbeddedPostgres

ORIGINAL = 55.0
"""Sales a second of the original application at one client, unsigned, where its floor was 600."""
ORIGINAL_FLOOR = 600.0
LINES = 3
SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Shop:
    """A company ready to sell, over HTTP."""

    client: httpx.Client
    body: dict
    schema: str


def run() -> None:
    """Measure P5 and P6 with one embedded server that writes to disk as in production."""
    with tempfile.TemporaryDirectory() as folder:
        database = EmbeddedPostgres(Path(folder) / "data", DURABLE)
        database.start()
        try:
            url = database.url(DATABASE)
            upgrade_all(url)
            with LiveServer(url, Path(folder) / "server.log") as server:
                _measure(server, url)
        finally:
            database.stop()


def _measure(server: LiveServer, url: str) -> None:
    shop = _open_shop(server)
    one = _http_rate(shop, 1)
    floor = _floor_rate(url, shop.schema)
    eight = _http_rate(shop, 8)
    tell("P6", "POST /sales/ 1 client against a sale by hand", one.rate, floor, 0.25)
    expected = ORIGINAL * floor / ORIGINAL_FLOOR
    tell("P5", "POST /sales/ 1 client against the original", one.rate, expected, 3.0)
    print(
        f"P5   8 clients: {eight.rate:.1f}/s, {eight.errors} errors, p95 {eight.p95 * 1000:.0f} ms = "
        f"{eight.p95 / one.p50:.1f} x the p50 of 1 client ({one.p50 * 1000:.1f} ms; goal <= 10)"
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """What a number of clients got."""

    rate: float
    p50: float
    p95: float
    errors: int


def _http_rate(shop: Shop, clients: int) -> Rate:
    times: list[float] = []
    errors: list[int] = []
    stop = time.perf_counter() + SECONDS
    started = time.perf_counter()

    def sell() -> None:
        with httpx.Client(base_url=shop.client.base_url, headers=shop.client.headers, timeout=60) as client:
            while time.perf_counter() < stop:
                begin = time.perf_counter()
                answer = client.post("/sales/", json=shop.body)
                times.append(time.perf_counter() - begin)
                if answer.status_code != 201:
                    errors.append(answer.status_code)

    threads = [threading.Thread(target=sell) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - started
    ordered = sorted(times)
    return Rate(len(times) / took, statistics.median(ordered), ordered[int(len(ordered) * 0.95)], len(errors))


def _open_shop(server: LiveServer) -> Shop:
    client = httpx.Client(base_url=server.base_url, timeout=60)
    login = client.post("/auth/login", json={"email": server.admin_email, "password": server.admin_password})
    client.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
    company = client.post("/saas/tenants", json={"name": "Banco de pruebas", "rut": "76418932-9"}).json()
    client.headers["X-Tenant-ID"] = str(company["id"])
    client.post("/cash/open", json={"start_amount": 0})
    products = [
        client.post(
            "/products/",
            json={"nombre": f"Producto {n}", "precio_neto": 1000, "controla_stock": True, "stock_actual": 10_000_000},
        ).json()["id"]
        for n in range(LINES)
    ]
    cash = next(m["id"] for m in client.get("/sales/payment-methods/").json() if m["code"] == "EFECTIVO")
    body = {
        "rut_cliente": "66666666-6",
        "tipo_dte": 39,
        "items": [{"product_id": product, "cantidad": 1} for product in products],
        "payments": [{"payment_method_id": cash, "amount": 3570}],
    }
    client.post("/sales/", json=body).raise_for_status()
    return Shop(client, body, company["schema_name"])


def _floor_rate(url: str, schema: str) -> float:
    """Sales a second by hand: one prepared statement each, one connection, one commit."""
    keys = material(TipoDte.BOLETA)
    boleta = document(TipoDte.BOLETA, 1, keys.today, issuer())
    with psycopg.connect(url) as connection:
        connection.execute(f'SET search_path TO "{schema}"')
        ids = [row[0] for row in connection.execute("SELECT product_id FROM stock_level ORDER BY 1")]
        connection.commit()
        count, started = 0, time.perf_counter()
        while time.perf_counter() - started < SECONDS:
            _sell_by_hand(connection, ids, boleta, keys)
            count += 1
        return count / (time.perf_counter() - started)


def _sell_by_hand(connection, ids: list[int], boleta: Documento, keys: Material) -> None:
    now = clock.now()
    run = connection.execute
    for product in ids:
        left = run(
            "UPDATE stock_level SET quantity = quantity - 1 WHERE product_id = %s AND quantity >= 1 RETURNING quantity",
            [product],
        ).fetchone()[0]
        run(
            "INSERT INTO stock_movement (product_id, tipo, motivo, cantidad, balance_after, created_at)"
            " VALUES (%s, 'SALIDA', 'VENTA', 1, %s, %s)",
            [product, left, now],
        )
    sale = run(
        "INSERT INTO sale (ambiente, tipo_dte, fecha_emision, customer_id, staff_id, monto_neto, monto_exento, iva,"
        " monto_total, descuento_global, ajuste_redondeo, vuelto, created_at)"
        " VALUES ('PRUEBA', 39, %s, 1, 1, 3000, 0, 570, 3570, 0, 0, 0, %s) RETURNING id",
        [now, now],
    ).fetchone()[0]
    for position, product in enumerate(ids, 1):
        run(
            "INSERT INTO sale_line (sale_id, position, product_id, nombre, cantidad, precio_unitario, costo_unitario,"
            " exento, descuento, monto) VALUES (%s, %s, %s, 'Producto', 1, 1000, 0, false, 0, 1190)",
            [sale, position, product],
        )
    run("INSERT INTO sale_payment (sale_id, payment_method_id, amount) VALUES (%s, 1, 3570)", [sale])
    caf_range, _folio = run(
        "UPDATE caf_range SET last_folio = last_folio + 1 WHERE ambiente = 'PRUEBA' AND dte_type = 39"
        " AND last_folio < hasta RETURNING id, last_folio"
    ).fetchone()
    signed = issue_dte(boleta, keys.caf, keys.caf_key, keys.certificado, now)
    run(
        "INSERT INTO document (sale_id, ambiente, tipo_dte, folio, fecha_emision, receptor_rut, receptor_nombre,"
        " monto_total, caf_range_id, certificate_id, xml, estado, created_at)"
        " VALUES (%s, 'PRUEBA', 39, %s, %s, '66666666-6', '', 3570, %s, 1, %s, 'FIRMADO', %s)",
        [sale, _folio, now.date(), caf_range, signed.xml, now],
    )
    connection.commit()

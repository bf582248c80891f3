"""P8: a page, a search or a key among 100.000 products and 100.000 customers, over HTTP.

The rows are written by SQL with names of three words out of a few hundred, so that searches find few, some or many.
Each request is repeated with other values; median and 95th percentile are told beside those of `GET /health/`, asked
in turn with it: what a busy machine adds to any answer. Beside searches stands the SQL alone.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg

from bench.reports import company
from tests.live import LiveServer
from torn_app.infra.migrate import upgrade_all
from torn_app.infra.search import grams
from torn_app.launch.postgres import DATABASE, DURABLE, EmbeddedPostgres

ROWS = 100_000
ROUNDS = 100
LIMIT_MS = 25

_WORDS = (
    "SELECT array_agg(substr(md5(n::text), 1, 3 + n % 5) || (ARRAY['ado','illa','ero','ino','eza'])[1 + n % 5])"
    " FROM generate_series(1, 400) n"
)
_NAMED = f"""
    WITH words AS ({_WORDS})
    SELECT n, array_agg[1 + n % 400] || ' ' || array_agg[1 + (n / 400) % 400] || ' ' || array_agg[1 + (n * 7) % 400]
      AS name
    FROM words, generate_series(1, {ROWS}) n
"""
_FILL = (
    "INSERT INTO product (codigo_interno, nombre, full_name, precio_neto, costo_unitario, unidad_medida,"
    " controla_stock, stock_minimo, search_text, is_active, is_deleted, is_favorite, codigo_barras, created_at)"
    " SELECT 'P-' || n, name, name, 1000, 600, 'unidad', false, 0, name || ' p-' || n || ' ' || (7800000000000 + n),"
    f" true, false, false, (7800000000000 + n)::text, now() FROM ({_NAMED}) named",
    "INSERT INTO customer (rut, razon_social, search_text, current_balance, is_active, created_at)"
    " SELECT (10000000 + n) || '-0', name, name || ' ' || (10000000 + n) || '0', 0, true, now()"
    f" FROM ({_NAMED}) named",
)
_SEARCH = {
    table: f"SELECT * FROM {table} WHERE search_text LIKE %s AND public.torn_grams(search_text) @> %s LIMIT 50"
    for table in ("product", "customer")
}


def run() -> None:
    """Measure P8 with one embedded server that writes to disk as in production."""
    with tempfile.TemporaryDirectory() as folder:
        database = EmbeddedPostgres(Path(folder) / "data", DURABLE)
        database.start()
        try:
            url = database.url(DATABASE)
            upgrade_all(url)
            with LiveServer(url, Path(folder) / "server.log") as server:
                client, schema = company(server)
                started = time.perf_counter()
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute(f'SET search_path TO "{schema}"')
                    for statement in _FILL:
                        connection.execute(statement)
                    connection.execute("VACUUM ANALYZE")
                    print(f"P8   {ROWS:,} products and customers written in {time.perf_counter() - started:.0f} s")
                    _measure(client, connection)
        finally:
            database.stop()


def _measure(client: httpx.Client, connection: psycopg.Connection) -> None:
    draw = random.Random(8)
    names = [row[0] for row in connection.execute("SELECT nombre FROM product ORDER BY random() LIMIT 500")]

    def word() -> str:
        return draw.choice(draw.choice(names).split())

    requests: tuple[tuple[str, Callable[[], str], str], ...] = (
        ("first page", lambda: "/products/?limit=50", ""),
        ("page by count", lambda: f"/products/?limit=50&skip={draw.randrange(ROWS)}", ""),
        ("page by key", lambda: f"/products/?limit=50&after={draw.randrange(ROWS)}", ""),
        ("one word", lambda: f"/products/?limit=50&q={word()}", "product"),
        ("part of a word", lambda: f"/products/?limit=50&q={word()[1:-1]}", "product"),
        ("two letters", lambda: f"/products/?limit=50&q={word()[:2]}", "product"),
        ("one letter", lambda: f"/products/?limit=50&q={word()[:1]}", "product"),
        ("a name", lambda: f"/products/?limit=50&q={quote(draw.choice(names))}", "product"),
        ("part of a bar code", lambda: f"/products/?limit=50&q={7800000000000 + draw.randrange(ROWS)}", "product"),
        ("nothing found", lambda: f"/products/?limit=50&q=zz{word()}", "product"),
        ("by code", lambda: f"/products/P-{1 + draw.randrange(ROWS)}", ""),
        ("by bar code", lambda: f"/products/{7800000000001 + draw.randrange(ROWS)}", ""),
        ("first page", lambda: "/customers/?limit=50", ""),
        ("page by count", lambda: f"/customers/?limit=50&skip={draw.randrange(ROWS)}", ""),
        ("page by key", lambda: f"/customers/?limit=50&after={1 + draw.randrange(ROWS)}", ""),
        ("one word", lambda: f"/customers/?limit=50&q={word()}", "customer"),
        ("RUT with dots", lambda: f"/customers/search?q={_dotted(10000001 + draw.randrange(ROWS))}", "customer"),
        ("by RUT", lambda: f"/customers/{10000001 + draw.randrange(ROWS)}-0", ""),
    )
    slowest = 0.0
    for what, address, searched in requests:
        ours, empty = _in_turn(lambda address=address: _get(client, address()), lambda: _get(client, "/health/"))
        slowest = max(slowest, _p95(ours))
        alone = ""
        if searched:
            sql = _SEARCH[searched]
            (floor,) = _in_turn(lambda sql=sql: connection.execute(sql, _searched(word())).fetchall())
            alone = f"  (SQL alone, a word: {_told(floor)})"
        kind = "products" if "products" in address() else "customers"
        print(f"P8   {kind:9} {what:18} {_told(ours)}  (nothing: {_told(empty)}){alone}")
    load = os.getloadavg()[0]
    mark = "met" if slowest <= LIMIT_MS else "NOT MET"
    print(f"P8   slowest p95 {slowest:.1f} ms (goal {LIMIT_MS}, {mark}), load of the machine {load:.1f}")


def _get(client: httpx.Client, address: str) -> None:
    # The invented RUTs have no right digit: nobody has that key is an answer too, and has been looked for.
    assert client.get(address).status_code in (200, 404)


def _searched(word: str) -> tuple[str, list[str]]:
    return f"%{word}%", grams(word)


def _dotted(body: int) -> str:
    return f"{body:,}".replace(",", ".")


def _in_turn(*actions: Callable[[], object]) -> list[list[float]]:
    """Return the sorted milliseconds of each action, run in turns, without the first few."""
    times: list[list[float]] = [[] for _ in actions]
    for _ in range(ROUNDS):
        for action, own in zip(actions, times, strict=True):
            started = time.perf_counter()
            action()
            own.append((time.perf_counter() - started) * 1000)
    return [sorted(own[3:]) for own in times]


def _p95(times: list[float]) -> float:
    """The time that 95 of 100 stay under."""
    return times[int(0.95 * len(times))]


def _told(times: list[float]) -> str:
    return f"{times[len(times) // 2]:5.1f}, p95 {_p95(times):5.1f} ms"

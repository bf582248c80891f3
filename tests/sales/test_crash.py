"""Power cuts and lost connections in the middle of sales: what was answered is there, nothing is there by half."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from tests import judges
from tests.conftest import MakeDatabase
from tests.live import LiveServer
from tests.shop import Door, Platform, Shop, done, http_client

STOCK = 100_000
THREADS = 6


@dataclass
class Stage:
    """A server that may be killed, its database, and a company that sells on it."""

    server: LiveServer
    database_url: str
    shop: Shop
    product: dict
    till: Door
    answered: list[dict] = field(default_factory=list)

    def rows(self, query: str, *values: Any) -> list[tuple]:
        """Ask the database itself, inside the company's schema."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            schema = sql.Identifier("tenant_" + self.shop.rut.replace("-", "").lower())
            connection.execute(sql.SQL("SET search_path TO {}, public").format(schema))
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def sell(self) -> httpx.Response:
        """Sell one piece of the product."""
        return self.till.post("/sales/", self.shop.order((self.product, 1), pay=1190))

    def sell_until(self, over: threading.Event, enough: threading.Semaphore) -> None:
        """Sell and note what was answered, until it is over or nobody answers any more."""
        while not over.is_set():
            try:
                answer = self.sell()
            except httpx.TransportError:
                if over.is_set():
                    return
                continue
            if answer.status_code == 201:
                self.answered.append(answer.json())
                enough.release()
            else:
                assert answer.status_code == 503, answer.text


@pytest.fixture
def stage(make_database: MakeDatabase, tmp_path: Path) -> Iterator[Stage]:
    url = make_database()
    with LiveServer(url, tmp_path / "server.log") as server, http_client(server) as http:
        shop = Platform.of(http, server).company()
        product = shop.product(price=1000, stock=STOCK)
        shop.method("EFECTIVO")
        yield Stage(server, url, shop, product, shop.till(start_amount=1000))


def during_sales(stage: Stage, count: int, act: Callable[[], None], enough: threading.Semaphore | None = None) -> None:
    """Do something after `count` sales of a stream were answered; the stream is over when it is done."""
    over, enough = threading.Event(), enough or threading.Semaphore(0)
    with ThreadPoolExecutor(THREADS) as pool:
        streams = [pool.submit(stage.sell_until, over, enough) for _ in range(THREADS)]
        try:
            for _ in range(count):
                assert enough.acquire(timeout=60)
            act()
        finally:
            over.set()
        for stream in streams:
            stream.result()


def assert_nothing_by_half(stage: Stage) -> None:
    """Judge the tables: every sale has its document, lines, payment, movements, and nothing else exists."""
    sales = {row[0] for row in stage.rows("SELECT id FROM sale")}
    assert sales >= {sale["id"] for sale in stage.answered}
    for table in ("document", "sale_line", "sale_payment", "stock_movement", "cash_movement"):
        found = [row[0] for row in stage.rows(f"SELECT sale_id FROM {table} WHERE sale_id IS NOT NULL")]
        assert sorted(found) == sorted(sales), table
    folios = [row[0] for row in stage.rows("SELECT folio FROM document WHERE tipo_dte = 39 ORDER BY folio")]
    assert folios == list(range(1, len(sales) + 1))
    ((last,),) = stage.rows("SELECT last_folio FROM caf_range WHERE dte_type = 39")
    assert last == len(sales)
    ((left,),) = stage.rows("SELECT quantity FROM stock_level WHERE product_id = %s", stage.product["id"])
    assert left == Decimal(STOCK - len(sales))
    assert {
        row[0]
        for row in stage.rows(
            "SELECT (SELECT count(*) FROM document_event e WHERE e.document_id = d.id AND "
            "e.estado = 'FIRMADO') FROM document d"
        )
    } <= {1}


def assert_documents_hold(stage: Stage, sales: list[dict]) -> None:
    """Fetch the document of each sale and judge its signatures and what it says."""
    for sale in sales:
        xml = stage.shop.door.get(f"/sales/{sale['id']}/xml")
        assert xml.status_code == 200
        judges.verify_dte_signature_cut_out(xml.content)
        judges.verify_ted(xml.content)
        assert f"<Folio>{sale['folio']}</Folio>".encode() in xml.content
        assert f"<MntTotal>{sale['monto_total']}</MntTotal>".encode() in xml.content


def wait_until_sent(stage: Stage) -> None:
    """Return when the worker has taken every document where it goes."""
    with psycopg.connect(stage.database_url, autocommit=True) as connection:
        for _ in range(1200):
            if not stage.rows("SELECT 1 FROM document WHERE estado <> 'SIMULADO'"):
                return
            connection.execute("SELECT pg_sleep(0.1)")
    raise AssertionError(stage.rows("SELECT estado, count(*) FROM document GROUP BY 1"))


def test_kill_9_in_the_middle_of_a_stream_of_sales(stage: Stage) -> None:
    for more in (15, 15):
        during_sales(stage, more, stage.server.kill)
        stage.server.start()
        assert_nothing_by_half(stage)
    assert len(stage.answered) >= 30
    assert_documents_hold(stage, stage.answered)
    listed = {sale["id"] for sale in done(stage.shop.door.get("/sales/", params={"limit": 200}))}
    assert listed >= {sale["id"] for sale in stage.answered}
    # The shift survived as well, and its count finds every sale.
    closed = done(stage.till.post("/cash/close", {"final_cash_declared": 0}))
    ((number,),) = stage.rows("SELECT count(*) FROM sale")
    assert closed["final_cash_system"] == 1000 + 1190 * number
    wait_until_sent(stage)


def test_a_key_repeated_after_a_kill_is_one_sale(stage: Stage) -> None:
    order = stage.shop.order((stage.product, 1), pay=1190)
    keys = [f"venta-{number}" for number in range(40)]
    over, begun = threading.Event(), threading.Semaphore(0)

    def sell(key: str) -> None:
        begun.release()
        try:
            stage.till.post("/sales/", order, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            assert over.is_set()

    with ThreadPoolExecutor(THREADS) as pool:
        sold = [pool.submit(sell, key) for key in keys]
        for _ in range(20):
            assert begun.acquire(timeout=60)
        over.set()
        stage.server.kill()
        for future in sold:
            future.result()
    stage.server.start()

    # The client does not know what happened to any of them, and asks all over again.
    for key in keys:
        answer = stage.till.post("/sales/", order, headers={"Idempotency-Key": key})
        stage.answered.append(done(answer, 201))

    assert len({sale["id"] for sale in stage.answered}) == len(keys)
    assert stage.rows("SELECT count(*) FROM sale") == [(len(keys),)]
    assert_nothing_by_half(stage)


def terminate_all(stage: Stage) -> int:
    """Cut every connection of the server to its database; return how many."""
    found = stage.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return len(found)


def test_every_connection_lost_in_the_middle_of_a_stream_of_sales(stage: Stage) -> None:
    def cut_five_times() -> None:
        for _ in range(5):
            assert terminate_all(stage)
            for _ in range(5):  # it sells again, by itself
                assert enough.acquire(timeout=60)

    enough = threading.Semaphore(0)
    during_sales(stage, 10, cut_five_times, enough)

    assert_nothing_by_half(stage)
    assert_documents_hold(stage, stage.answered[-5:])
    wait_until_sent(stage)


@pytest.mark.parametrize("cuts", [1, 2])
def test_a_connection_lost_inside_a_sale(stage: Stage, cuts: int) -> None:
    """Cut once, the sale is made on another connection; cut twice, it is refused and nothing of it stays."""
    with ThreadPoolExecutor(1) as pool, psycopg.connect(stage.database_url) as holder:
        schema = sql.Identifier("tenant_" + stage.shop.rut.replace("-", "").lower())
        # The sale has taken its stock and written its rows when it comes to the number, which is held here.
        holder.execute(sql.SQL("SELECT 1 FROM {}.caf_range WHERE dte_type = 39 FOR UPDATE").format(schema))
        selling = pool.submit(stage.sell)
        cut: set[int] = set()
        while len(cut) < cuts:
            assert not selling.done(), selling.result().text
            blocked = stage.rows(
                "SELECT pid FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))", holder.info.backend_pid
            )
            for (pid,) in blocked:
                if pid not in cut:
                    stage.rows("SELECT pg_terminate_backend(%s)", pid)
                    cut.add(pid)
        holder.rollback()
        answer = selling.result(timeout=60)

    if cuts == 1:
        stage.answered.append(done(answer, 201))
        assert stage.answered[0]["folio"] == 1
    else:
        assert answer.status_code == 503
        assert answer.json()["detail"] == "La base de datos no respondió. No se guardó nada: vuelve a intentarlo."
    assert stage.rows("SELECT count(*) FROM sale") == [(2 - cuts,)]
    assert_nothing_by_half(stage)
    assert done(stage.sell(), 201)["folio"] == 3 - cuts
    assert_nothing_by_half(stage)

"""The tax service of mode PRUEBA, by the end of a total; over HTTP, with the worker that runs in the server."""

import time
from collections.abc import Callable

import httpx
import psycopg
import pytest

from tests.live import LiveServer
from tests.shop import Door, Platform, Shop, done, http_client
from torn_app.documents.simulated import answer


@pytest.mark.parametrize(
    ("total", "tried_before", "estado"),
    [
        (1190, False, "SIMULADO"),
        (10_001, False, "RECHAZADO"),
        (10_001, True, "RECHAZADO"),
        (1, False, "RECHAZADO"),
        (5_002, False, "REPAROS"),
        (7_003, False, "ENVIADO"),
        (2_004, False, "ERROR"),
        (2_004, True, "SIMULADO"),
        (10_010, False, "SIMULADO"),
        (4_000, False, "SIMULADO"),
        (0, False, "SIMULADO"),
    ],
)
def test_the_end_of_the_total_decides(total: int, tried_before: bool, estado: str) -> None:
    found = answer(total, tried_before=tried_before)
    assert found.estado == estado
    assert (found.glosa is None) == (estado == "SIMULADO")


@pytest.fixture(scope="module")
def http(live_server: LiveServer):
    with http_client(live_server) as client:
        yield client


@pytest.fixture(scope="module")
def shop(http: httpx.Client, live_server: LiveServer) -> Shop:
    return Platform.of(http, live_server).company(name="Simulada")


@pytest.fixture(scope="module")
def till(shop: Shop) -> Door:
    return shop.till()


def until(seen: Callable[[], object]) -> None:
    """Look again until it is so: the worker of the server looks every other second."""
    deadline = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def sold(shop: Shop, till: Door, total: int) -> int:
    """Sell something exempt for exactly a total; return its document's id."""
    product = shop.product(price=total, tax_id=shop.exempt_tax())
    sale = done(till.post("/sales/", shop.order((product, 1), tipo=41, pay=total)), 201)
    assert sale["monto_total"] == total
    return next(row["id"] for row in done(shop.door.get("/documents/")) if row["sale_id"] == sale["id"])


def look(shop: Shop, document_id: int) -> dict:
    return done(shop.door.get(f"/documents/{document_id}"))


def test_rejected_with_a_reason_and_out_of_the_reports(shop: Shop, till: Door) -> None:
    before = done(shop.door.get("/reports/dashboard"))["kpis"]["total_ventas"]
    document = sold(shop, till, 10_001)
    until(lambda: look(shop, document)["estado"] == "RECHAZADO")
    found = look(shop, document)
    assert [state["estado"] for state in found["states"]] == ["FIRMADO", "RECHAZADO"]
    assert "termina en 001" in found["glosa"]
    assert done(shop.door.get("/reports/dashboard"))["kpis"]["total_ventas"] == before
    refused = shop.door.post(f"/documents/{document}/retry")
    assert refused.status_code == 409
    assert refused.json()["detail"].endswith("está RECHAZADO: solo se reintenta lo que quedó en ERROR.")


def test_reparos_are_accepted(shop: Shop, till: Door) -> None:
    document = sold(shop, till, 5_002)
    until(lambda: look(shop, document)["estado"] == "REPAROS")


def test_unavailable_until_tried_again(shop: Shop, till: Door) -> None:
    document = sold(shop, till, 2_004)
    until(lambda: look(shop, document)["estado"] == "ERROR")
    assert till.post(f"/documents/{document}/retry").status_code == 403
    assert done(shop.door.post(f"/documents/{document}/retry"))["estado"] == "FIRMADO"
    until(lambda: look(shop, document)["estado"] == "SIMULADO")
    assert [state["estado"] for state in look(shop, document)["states"]] == ["FIRMADO", "ERROR", "FIRMADO", "SIMULADO"]
    assert shop.door.post(f"/documents/{document}/retry").status_code == 409
    assert shop.door.post("/documents/99999/retry").status_code == 404


def test_a_late_answer(shop: Shop, till: Door, live_server: LiveServer) -> None:
    document = sold(shop, till, 7_003)
    until(lambda: look(shop, document)["estado"] == "ENVIADO")
    with psycopg.connect(live_server.database_url, autocommit=True) as connection:  # time passes
        connection.execute(
            "UPDATE public.procrastinate_jobs SET scheduled_at = now() WHERE task_name = 'torn:answer_document'"
        )
    until(lambda: look(shop, document)["estado"] == "SIMULADO")

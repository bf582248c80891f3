"""A program of the company told of what happens, over HTTP, by the worker that runs in the server."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import Engine, text

from tests.crowd import at_once
from tests.factories import Member, create_company, create_member
from tests.live import LiveServer
from tests.shop import Door, Platform, Shop, done, http_client
from torn_app.cash import service as cash
from torn_app.cash.schemas import CashCloseIn, CashOpenIn
from torn_app.infra import work
from torn_app.integrations import webhooks
from torn_app.integrations.schemas import DeliveryOut, WebhookCreated, WebhookIn
from torn_app.kernel import clock
from torn_app.kernel.paging import Page
from torn_app.launch.places import ROOT


class Receiver:
    """A program that receives, and answers what it is told to."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append((dict(self.headers), body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/torn"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.received]

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events() if event["event"] == name]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="module")
def http(live_server: LiveServer) -> Iterator[httpx.Client]:
    with http_client(live_server) as client:
        yield client


@pytest.fixture(scope="module")
def platform(http: httpx.Client, live_server: LiveServer) -> Platform:
    return Platform.of(http, live_server)


@pytest.fixture
def shop(platform: Platform) -> Shop:
    return platform.company(name="Avisada")


def until(seen: Callable[[], object]) -> None:
    """Look again until it is so: the worker of the server looks every other second."""
    deadline = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def webhook(shop: Shop, receiver: Receiver, *events: str) -> dict:
    return done(shop.door.post("/webhooks/", {"url": receiver.url, "events": list(events)}), 201)


def sell(shop: Shop, till: Door, total: int = 1190) -> dict:
    product = shop.product(price=total, tax_id=shop.exempt_tax())
    return done(till.post("/sales/", shop.order((product, 1), tipo=41, pay=total)), 201)


def make_it_now(live_server: LiveServer) -> None:
    """Time passes: what waits for another try is due."""
    with psycopg.connect(live_server.database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE public.procrastinate_jobs SET scheduled_at = now() WHERE task_name = 'torn:deliver_webhook'"
        )


def deliveries(shop: Shop, hook: dict) -> list[dict]:
    return done(shop.door.get(f"/webhooks/{hook['id']}/deliveries"))


def test_a_sale_is_told_once_and_signed(shop: Shop, receiver: Receiver) -> None:
    hook = webhook(shop, receiver, "sale.created", "document.accepted", "cash.closed")
    assert hook["secret"].startswith("whsec_")
    till = shop.till()
    sale = sell(shop, till)
    done(till.post("/cash/close", {"final_cash_declared": 1000}))
    until(lambda: len(receiver.received) == 3)
    (created,), (accepted,), (closed,) = (
        receiver.named(name) for name in ("sale.created", "document.accepted", "cash.closed")
    )
    assert created["id"] == f"sale.created:{sale['id']}"
    assert (created["data"]["folio"], created["data"]["monto_total"]) == (sale["folio"], 1190)
    assert (accepted["data"]["estado"], accepted["data"]["sale_id"]) == ("SIMULADO", sale["id"])
    assert (closed["data"]["declared"], closed["data"]["difference"]) == (1000, -190)
    for headers, body in receiver.received:
        parts = dict(part.split("=", 1) for part in headers["Torn-Signature"].split(","))
        expected = hmac.new(hook["secret"].encode(), f"{parts['t']}.".encode() + body, hashlib.sha256).hexdigest()
        assert parts["v1"] == expected
        assert headers["Torn-Event-Id"] == json.loads(body)["id"]
        assert abs(time.time() - int(parts["t"])) < 120
    assert {row["status"] for row in deliveries(shop, hook)} == {"ENTREGADA"}
    assert "secret" not in done(shop.door.get("/webhooks/"))[0]


def test_only_what_was_asked_for_and_only_ones_own(shop: Shop, platform: Platform, receiver: Receiver) -> None:
    webhook(shop, receiver, "document.rejected")
    other = platform.company(name="Vecina")
    sell(other, other.till(), 10_001)
    till = shop.till()
    sell(shop, till)
    sale = sell(shop, till, 10_001)
    until(lambda: receiver.received)
    assert [(event["event"], event["data"]["sale_id"]) for event in receiver.events()] == [
        ("document.rejected", sale["id"])
    ]
    assert "termina en 001" in receiver.events()[0]["data"]["glosa"]


def test_tried_again_until_it_answers(shop: Shop, receiver: Receiver, live_server: LiveServer) -> None:
    hook = webhook(shop, receiver, "cash.closed")
    receiver.answers = [500, 302]
    done(shop.till().post("/cash/close", {"final_cash_declared": 0}))
    until(lambda: [row["attempts"] for row in deliveries(shop, hook)] == [1])
    until(lambda: deliveries(shop, hook)[0]["response_status"] == 500)
    first = deliveries(shop, hook)[0]
    assert (first["status"], first["delivered_at"]) == ("PENDIENTE", None)
    assert first["next_attempt_at"] > first["created_at"]
    make_it_now(live_server)
    until(lambda: deliveries(shop, hook)[0]["response_status"] == 302)  # a redirect is no answer, and not followed
    make_it_now(live_server)
    until(lambda: deliveries(shop, hook)[0]["status"] == "ENTREGADA")
    assert deliveries(shop, hook)[0]["attempts"] == len(receiver.received) == 3
    assert len({body for _, body in receiver.received}) == 1  # the same to the letter


def test_given_up_and_sent_again_by_hand(shop: Shop, receiver: Receiver, live_server: LiveServer) -> None:
    hook = webhook(shop, receiver, "cash.closed")
    receiver.answers = [503] * 9
    done(shop.till().post("/cash/close", {"final_cash_declared": 0}))
    for tries in range(1, 10):
        until(lambda tries=tries: len(receiver.received) == tries)
        until(lambda: deliveries(shop, hook)[0]["response_status"] == 503)
        until(lambda tries=tries: (make_it_now(live_server), len(receiver.received) > tries or tries == 9)[1])
    until(lambda: deliveries(shop, hook)[0]["status"] == "FALLIDA")
    delivery = deliveries(shop, hook)[0]["id"]
    again = done(shop.door.post(f"/webhooks/{hook['id']}/deliveries/{delivery}/resend"))
    assert again["status"] == "PENDIENTE"
    until(lambda: deliveries(shop, hook)[0]["status"] == "ENTREGADA")
    assert shop.door.post(f"/webhooks/{hook['id']}/deliveries/999999/resend").status_code == 404


def test_nobody_there_is_written_down(shop: Shop, receiver: Receiver) -> None:
    hook = done(shop.door.post("/webhooks/", {"url": "http://127.0.0.1:9/", "events": ["cash.closed"]}), 201)
    done(shop.till().post("/cash/close", {"final_cash_declared": 0}))
    until(lambda: deliveries(shop, hook) and deliveries(shop, hook)[0]["response"])
    assert deliveries(shop, hook)[0]["response"].startswith("Sin respuesta")
    assert shop.door.delete(f"/webhooks/{hook['id']}").status_code == 204
    assert shop.door.get(f"/webhooks/{hook['id']}/deliveries").status_code == 404
    assert done(shop.door.get("/webhooks/")) == []


@pytest.fixture
def closed(engine: Engine) -> tuple[Member, WebhookCreated, DeliveryOut]:
    """Somebody whose closed shift is to be told to nobody who listens."""
    owner = create_member(engine, create_company(engine))
    hook = owner.run(webhooks.create_webhook, WebhookIn(url="http://127.0.0.1:9/", events=["cash.closed"]))
    owner.run(cash.open_shift, CashOpenIn(start_amount=0))
    owner.run(cash.close_shift, CashCloseIn(final_cash_declared=0))
    (delivery,) = owner.run(webhooks.list_deliveries, hook.id, Page())
    return owner, hook, delivery


def waiting(engine: Engine, owner: Member) -> int:
    query = "SELECT count(*) FROM public.procrastinate_jobs WHERE args->>'schema' = :schema AND status = 'todo'"
    with engine.connect() as connection:
        return int(connection.execute(text(query), {"schema": owner.company.schema}).scalar_one())


def test_two_workers_do_not_send_one_delivery_at_once(engine: Engine, closed) -> None:
    owner, hook, delivery = closed
    taken = at_once(lambda _: work.run_job(owner.company.schema, webhooks.take, delivery.id), range(8))
    (only,) = [one for one in taken if one is not None]
    assert hook.secret not in repr(only) + str(only.headers)
    # Nor when it is asked for by hand meanwhile; and should the one who has it die, somebody looks again.
    before = waiting(engine, owner)
    owner.run(webhooks.resend, hook.id, delivery.id)
    assert work.run_job(owner.company.schema, webhooks.take, delivery.id) is None
    assert waiting(engine, owner) == before + 2


def test_a_shift_closed_by_force_is_told_without_a_count(closed) -> None:
    owner, hook, _ = closed
    owner.run(cash.open_shift, CashOpenIn(start_amount=700))
    owner.run(cash.open_shift, CashOpenIn(start_amount=0, force_close_previous=True))
    newest = owner.run(webhooks.list_deliveries, hook.id, Page())[0]
    data = json.loads(newest.body)["data"]
    assert (data["expected"], data["declared"], data["difference"]) == (700, None, None)


@pytest.mark.parametrize("url", ["http://example.com/", "https://127.0.0.1/", "https://user:clave@example.com/"])
def test_addresses_inside_are_refused_outside_prueba(shop: Shop, url: str) -> None:
    done(shop.door.put("/issuer/", {"ambiente": "CERTIFICACION"}))
    answer = shop.door.post("/webhooks/", {"url": url, "events": ["sale.created"]})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "url"]
    done(shop.door.post("/webhooks/", {"url": "https://example.com/torn", "events": ["sale.created"]}), 201)


def test_the_example_of_the_readme_tells_true_from_false() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Being told: webhooks")[2]
    names: dict[str, Any] = {}
    exec(section.partition("```python")[2].partition("```")[0], names)  # noqa: S102 - our own words
    good = webhooks.sign(b"whsec_x", b'{"a":1}', clock.now())
    assert names["is_from_torn"]("whsec_x", good, b'{"a":1}')
    assert not names["is_from_torn"]("whsec_y", good, b'{"a":1}')
    assert not names["is_from_torn"]("whsec_x", good, b'{"a":2}')
    old = webhooks.sign(b"whsec_x", b"{}", clock.now() - timedelta(hours=1))
    assert not names["is_from_torn"]("whsec_x", old, b"{}")

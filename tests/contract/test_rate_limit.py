"""One caller cannot ask without end, and every answer tells how they stand."""

from collections.abc import Iterator

import httpx
import pytest

from tests.conftest import MakeDatabase
from tests.live import LiveServer
from tests.shop import Door, Platform, Shop, bearer, done, http_client
from torn_app.api.rate_limit import Minute

LIMIT = 30


def test_a_minute_counts_each_caller_and_the_next_one_forgets() -> None:
    minute = Minute(2)
    hits = [minute.hit(*hit) for hit in [("a", 120.0), ("a", 121.5), ("b", 130.0), ("a", 179.9), ("a", 180.0)]]
    assert [(one.allowed, one.remaining, one.wait) for one in hits] == [
        (True, 1, 60),
        (True, 0, 59),
        (True, 1, 50),
        (False, 0, 1),
        (True, 1, 60),
    ]


@pytest.fixture(scope="module")
def shop(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A company of a server that lets nobody ask much."""
    log = tmp_path_factory.mktemp("limited") / "server.log"
    with LiveServer(make_database(), log, rate_limit=LIMIT) as server, http_client(server) as http:
        yield Platform.of(http, server).company()


def exhaust(door: Door, path: str) -> tuple[int, httpx.Response]:
    """Ask until refused; return how many answers were given first, and the refusal."""
    for answered in range(2 * LIMIT + 2):  # a new minute may begin on the way
        answer = door.get(path, headers={"Origin": "http://localhost:3000"})
        if answer.status_code == 429:
            return answered, answer
    raise AssertionError("never refused")


def test_a_person_is_refused_above_the_limit_and_others_are_not(shop: Shop) -> None:
    greedy, patient = shop.person("VENDEDOR"), shop.person("VENDEDOR")
    answered, refused = exhaust(greedy, "/products/")
    assert answered >= LIMIT
    assert refused.json()["error"] == "TooManyRequests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-remaining"] == "0"
    assert refused.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "RateLimit-Remaining" in refused.headers["access-control-expose-headers"]
    assert refused.headers["x-request-id"]
    assert patient.get("/products/").status_code == 200


def test_a_key_counts_by_itself(shop: Shop) -> None:
    owner = shop.person("ADMINISTRADOR")
    key = done(owner.post("/api-keys/", {"name": "Lectora"}), 201)["key"]
    program = Door(shop.door.http, bearer(key) | {"X-Tenant-ID": str(shop.tenant_id)})
    exhaust(program, "/products/")
    assert owner.get("/products/").status_code == 200


def test_every_answer_says_how_the_caller_stands(shop: Shop) -> None:
    person = shop.person("VENDEDOR")
    answers = [
        person.get("/products/"),
        person.get("/api-keys/"),
        person.get("/products/no-hay"),
        person.post("/sales/", {}),
        person.without("X-Tenant-ID").get("/auth/validate"),
    ]
    assert [answer.status_code for answer in answers] == [200, 403, 404, 422, 200]
    for answer in answers:
        assert answer.headers["ratelimit-limit"] == str(LIMIT)
        assert 0 <= int(answer.headers["ratelimit-remaining"]) < LIMIT
        assert 1 <= int(answer.headers["ratelimit-reset"]) <= 60


def test_without_a_token_nobody_is_counted(shop: Shop) -> None:
    http = shop.door.http
    assert {http.get("/products/").status_code for _ in range(LIMIT + 1)} == {401}
    assert {http.get("/health/").status_code for _ in range(LIMIT + 1)} == {200}

"""Sharp values in every field of every body, query and path: nothing that comes in breaks the server.

They have a server of their own, since they do anything a superuser may.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import MakeDatabase
from tests.contract.routes import Route, all_routes
from tests.contract.victim import FIRST_COMPANY, victim_company
from tests.shop import Shop, done


@pytest.fixture(scope="module")
def victim(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A company with one of each thing, on a server of its own."""
    with victim_company(make_database(), tmp_path_factory.mktemp("fuzz") / "server.log") as shop:
        yield shop


# --- sharp values ----------------------------------------------------------------------------------------------------

SHARP = {
    "nothing": "null",
    "nul byte": r'"a\u0000b"',
    "only a nul byte": r'"\u0000"',
    "lone surrogate": r'"\ud800"',
    "right to left": r'"\u202e\u200f"',
    "long text": json.dumps("ñ" * 5_000),
    "empty text": '""',
    "negative": "-1",
    "zero": "0",
    "one": "1",
    "just too large": str(2**63),
    "huge": "9" * 400,
    "endless": "9" * 5000,
    "tiny": "0.0000000000000000000000001",
    "overflow": "1e999",
    "exponent": "1e400000",
    "exponent in text": '"1e400000"',
    "not a number": "NaN",
    "infinity": "-Infinity",
    "not a number in text": '"NaN"',
    "infinity in text": '"Infinity"',
    "truth": "true",
    "empty list": "[]",
    "nested list": "[[[[]]]]",
    "object": '{"a": {"b": "\\u0000"}}',
    "key of nul": r'{"\u0000": "\ud83d"}',
    "deep": "[" * 900 + "]" * 900,
    "far future": '"9999-12-31"',
    "far past": '"0001-01-01T00:00:00-23:59"',
    "sql": '"\'; DROP TABLE sale; --%_\\\\"',
}

WITH_JSON = [route for route in all_routes() if route.has_body and not route.path.startswith("/auth")]


def resolve(document: dict, node: dict) -> dict:
    while "$ref" in node:
        node = document["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]]
    return node


def plausible(document: dict, node: dict, name: str = "") -> Any:
    """A value the schema takes and the company knows: things are numbered from 1."""
    node = resolve(document, node)
    if "anyOf" in node:
        return plausible(document, node["anyOf"][0], name)
    if "enum" in node:
        return node["enum"][0]
    kind = node.get("type")
    if kind == "object":
        return {key: plausible(document, part, key) for key, part in node.get("properties", {}).items()}
    if kind == "array":
        return [plausible(document, node["items"], name)]
    if kind in ("integer", "number"):
        return {"tipo_dte": 39, "sii_reason_code": 1}.get(name, 1)
    if kind == "boolean":
        return False
    if node.get("format") == "date":
        return "2099-01-01"
    known = {"rut": "76192083-9", "rut_cliente": "66666666-6", "email": "a@example.com", "role_name": "VENDEDOR"}
    return known.get(name, "80mm" if "format" in name else "Texto de prueba")


def places(value: Any) -> Iterator[list[str | int]]:
    """Every place inside a JSON value, the value itself first."""
    yield []
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        for rest in places(part):
            yield [key, *rest]


def put(value: Any, place: list[str | int], new: str) -> str:
    """The JSON text of a value with raw JSON text at a place."""
    if not place:
        return new
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    texts = [(key, put(part, place[1:], new) if key == place[0] else json.dumps(part)) for key, part in parts]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {text}" for key, text in texts) + "}"
    return "[" + ", ".join(text for _key, text in texts) + "]"


@pytest.fixture(scope="module")
def document(victim: Shop) -> dict:
    return done(victim.door.get("/openapi.json"))


def judge(answer: httpx.Response, what: str) -> str | None:
    """Say what is wrong with an answer to something sharp."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {what}"
    if answer.status_code >= 400 and "detail" not in answer.json():
        return f"no detail {what}"
    return None


@pytest.mark.parametrize("route", WITH_JSON, ids=str)
def test_sharp_values_in_every_field_of_a_body(victim: Shop, document: dict, route: Route) -> None:
    content = document["paths"][route.path][route.method.lower()]["requestBody"]["content"]
    if "application/json" not in content:
        for name in resolve(document, next(iter(content.values()))["schema"])["properties"]:
            for text in ("\x00", "ñ" * 200_000, ""):
                files = {"file": ("a\x00b.xml", text.encode())} | ({name: (None, text)} if name != "file" else {})
                answer = victim.door.request(route.method, route.address(), files=files)
                assert 400 <= answer.status_code < 500
        return
    body = plausible(document, content["application/json"]["schema"])

    def send(attempt: tuple[list[str | int], str]) -> str | None:
        place, name = attempt
        answer = victim.door.request(
            route.method,
            route.address(rut="76192083-9", tenant_id=FIRST_COMPANY + 1),
            content=put(body, place, SHARP[name]).encode(),
            headers={"Content-Type": "application/json"},
        )
        return judge(answer, f"{name} at {place}")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(send, [(place, name) for place in places(body) for name in SHARP]))
    assert not [fault for fault in found if fault]


@pytest.mark.parametrize("route", [r for r in all_routes() if r.method == "GET"], ids=str)
def test_sharp_values_in_every_query_and_path(victim: Shop, document: dict, route: Route) -> None:
    operation = document["paths"][route.path]["get"]
    values = (
        "",
        "\x00",
        "%ed%a0%80",
        "9" * 400,
        "-1",
        "0",
        str(2**63),
        "NaN",
        "1e999",
        "%",
        "_",
        "\\",
        "'",
        "ñ" * 3000,
    )
    found = []
    for parameter in operation.get("parameters", []):
        for value in values:
            if parameter["in"] == "query":
                query = f"{parameter['name']}={value if value.startswith('%e') else httpx.QueryParams({'': value})}"
                answer = victim.door.get(f"{route.address()}?{query.replace('==', '=')}")
            elif parameter["in"] == "path" and value not in ("", "\\"):
                answer = victim.door.get(route.address(**{parameter["name"]: value.replace("\x00", "%00")}))
            else:
                continue
            found.append(judge(answer, f"{value[:20]!r} as {parameter['name']}"))
    assert not [fault for fault in found if fault]


def test_login_takes_anything(victim: Shop) -> None:
    for sharp in SHARP.values():
        for body in (f'{{"email": {sharp}, "password": "x"}}', f'{{"email": "a@b.cl", "password": {sharp}}}', sharp):
            answer = victim.door.http.post(
                "/auth/login", content=body.encode(), headers={"Content-Type": "application/json"}
            )
            assert answer.status_code in (400, 401, 422, 429), (body[:80], answer.text)


def test_a_body_of_a_million_items_is_refused(victim: Shop) -> None:
    items = [{"product_id": 1, "cantidad": 1}] * 100_000
    answer = victim.door.post("/sales/", {"rut_cliente": "66666666-6", "items": items, "payments": []})
    assert answer.status_code == 422
    assert len(answer.content) < 10_000


def test_log_has_no_unexpected_error(victim: Shop, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever was tried in this file, in this order: the server never met what it did not expect."""
    log = next(Path(tmp_path_factory.getbasetemp()).glob("fuzz*/server.log")).read_text(encoding="utf-8")
    assert "Traceback" not in log

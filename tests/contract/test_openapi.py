"""The OpenAPI says enough to write a client from it: names, words, examples and refusals, all of them true."""

import re
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.contract.routes import api_routes
from tests.shop import Shop, done
from torn_app.api.examples import EXAMPLES

WORDS = re.compile(r"\b(the|and|of|with|what|who|how|by)\b", re.IGNORECASE)
"""English gives itself away."""


@pytest.fixture(scope="module")
def document(http: httpx.Client) -> dict[str, Any]:
    return done(http.get("/openapi.json"))


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """`METHOD path` -> operation."""
    return {f"{m.upper()} {path}": op for path, item in document["paths"].items() for m, op in item.items()}


def test_operations_have_short_names_of_their_own(operations: dict[str, dict[str, Any]]) -> None:
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names) == len([m for route in api_routes() for m in route.methods])
    assert operations["POST /sales/"]["operationId"] == "sales_create"
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)


def test_everything_is_said_in_spanish(document: dict[str, Any], operations: dict[str, dict[str, Any]]) -> None:
    silent = [name for name, operation in operations.items() if not operation.get("summary")]
    said = {f"{name}: {op['summary']} {op.get('description', '')}" for name, op in operations.items()}
    for name, operation in operations.items():
        for parameter in operation.get("parameters", ()):
            said.add(f"{name} {parameter['name']}: {parameter.get('description', '')}")
            if not parameter.get("description"):
                silent.append(f"{name}?{parameter['name']}")
        for status, response in operation["responses"].items():
            said.add(f"{name} {status}: {response['description']}")
    for name, schema in document["components"]["schemas"].items():
        said.add(f"{name}: {schema.get('description', '')}")
        for field, node in schema.get("properties", {}).items():
            said.add(f"{name}.{field}: {node.get('description', '')}")
            if not node.get("description"):
                silent.append(f"{name}.{field}")
    assert not silent
    assert [text for text in said if WORDS.search(text.partition(": ")[2])] == []


def test_every_body_has_an_example_that_is_valid(document: dict[str, Any], operations: dict[str, Any]) -> None:
    bodies = {
        content["schema"]["$ref"].rpartition("/")[2]
        for operation in operations.values()
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
        if kind == "application/json"
    }
    assert bodies == EXAMPLES.keys()
    faults = []
    for name, example in EXAMPLES.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        faults += [f"{name}: {error.message}" for error in Draft202012Validator(schema).iter_errors(example)]
        unknown = example.keys() - document["components"]["schemas"][name]["properties"].keys()
        faults += [f"{name} has no {field}" for field in unknown]
    assert not faults


def test_refusals_are_named_with_their_words(operations: dict[str, dict[str, Any]], shop: Shop) -> None:
    def codes(name: str, status: str) -> dict[str, Any]:
        return operations[name]["responses"][status]["content"]["application/json"]["examples"]

    sale = codes("POST /sales/", "409")
    assert {"StockShort", "SellerWithoutShift", "FolioExhausted", "CreditNotAllowed"} <= sale.keys()
    assert set(codes("POST /sales/", "400")) >= {"PaymentsShort", "ReferencesRequired"}
    assert codes("POST /sales/", "403").keys() >= {"NotAllowed"}
    assert codes("POST /api-keys/", "403").keys() >= {"AdminRequired"}
    # The code and the words are those of the answer.
    till = shop.till()
    answer = till.post("/sales/", shop.order((shop.product(price=1000), 1), pay=1)).json()
    words = codes("POST /sales/", "400")[answer["error"]]["value"]["detail"]
    assert re.fullmatch(re.sub(r"\\{\w+\\}", ".+", re.escape(words)), answer["detail"])

"""Every documented operation is there with its documented fields; ours may add fields, never lose or retype one.

The documented side is read from the reference folder (the list of endpoints and its table of shared shapes), ours
from the OpenAPI of the running server. What is not built yet is named here, so that it can only shrink.
"""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.contract.routes import documented, documented_shapes
from tests.shared_material import find_shared, shared_path
from tests.shop import done

NOT_BUILT_YET: set[str] = set()
"""Documented operations without a route. One that appears must leave this list, and none may join it."""
SUCCESS = "2"
MAY_REFUSE_NULL = {
    # null where the column has no null: refused with 422, where the public source broke.
    ("PUT /customers/{rut}", "rut"),
    ("PUT /customers/{rut}", "razon_social"),
}
"""Fields documented as nullable which leave a stored value no meaning when null."""
LISTED = find_shared("contract", "endpoints.json") is not None
OPERATIONS = [f"{method} {path}" for method, path in documented()] if LISTED else []
every_operation = pytest.mark.parametrize("operation", OPERATIONS)

Fields = dict[str, str]


@pytest.fixture(scope="module")
def ours(http: httpx.Client) -> dict[str, Any]:
    """The OpenAPI of the running server."""
    return done(http.get("/openapi.json"))


@pytest.fixture(scope="module")
def shapes() -> dict[str, Fields]:
    """The shared shapes: name -> field -> documented type."""
    return documented_shapes()


def operation_of(ours: dict[str, Any], operation: str) -> dict[str, Any]:
    method, path = operation.split()
    found = ours["paths"].get(path, {}).get(method.lower())
    if found is None:
        assert operation in NOT_BUILT_YET
        pytest.skip("not built yet")
    return found


def test_the_reference_is_read(shapes: dict[str, Fields]) -> None:
    assert len(OPERATIONS) == 84
    assert shapes["SaleOut"]["monto_total"] == "decimal"
    assert shapes["IssuerOut"]["website"] == "string?"
    assert len(shapes["ProductOut"]) == 22


def test_what_is_not_built_yet_only_shrinks(ours: dict[str, Any]) -> None:
    shared_path("contract", "endpoints.json")  # without it there is nothing to compare with
    built = {f"{method.upper()} {path}" for path, item in ours["paths"].items() for method in item}
    assert set(OPERATIONS) - built == NOT_BUILT_YET


# --- what goes in ----------------------------------------------------------------------------------------------------


@every_operation
def test_every_documented_request_field_is_taken(
    ours: dict[str, Any], shapes: dict[str, Fields], operation: str
) -> None:
    row = documented()[tuple(operation.split())]  # type: ignore[index]
    here = operation_of(ours, operation)
    if not row["request"]:
        assert not here.get("requestBody", {}).get("required")
        return
    content = here["requestBody"]["content"]
    body = resolved(ours, content[row["request_content_type"]]["schema"])
    faults = []
    for name, wanted in row["request"].items():
        node = body["properties"].get(name)
        if node is None:
            faults.append(f"{name} is not taken")
            continue
        kind, _, rest = wanted["type"].partition("|")
        accepted = set(kinds(ours, node))
        if rest == "null" and "null" not in accepted and (operation, name) not in MAY_REFUSE_NULL:
            faults.append(f"{name} may not be null")
        if json_kind(kind) - {"any"} and not json_kind(kind) & accepted:
            faults.append(f"{name} should be {kind}, is {sorted(accepted)}")
        part = kind.removeprefix("array of object ")
        if part != kind:
            item = resolved(ours, kinds(ours, node)["array"]["items"])
            faults += [f"{name}[].{inner} is not taken" for inner in shapes[part] if inner not in item["properties"]]
    required = set(body.get("required", ()))
    faults += [f"{name} is required" for name in required if not row["request"].get(name, {}).get("required")]
    assert not faults


@every_operation
def test_every_documented_query_is_taken(ours: dict[str, Any], operation: str) -> None:
    row = documented()[tuple(operation.split())]  # type: ignore[index]
    parameters = {p["name"]: p for p in operation_of(ours, operation).get("parameters", []) if p["in"] == "query"}
    assert set(row["query"]) <= parameters.keys()
    # Nothing has to be asked for that the documentation does not name.
    required = {name for name, parameter in parameters.items() if parameter.get("required")}
    assert required <= {name for name, wanted in row["query"].items() if wanted["required"]}
    for name, wanted in row["query"].items():
        schema = parameters[name]["schema"]
        accepted = set(kinds(ours, schema))
        if name == "date":  # documented as text of the form YYYY-MM-DD
            accepted = {"string" if kind == "date" else kind for kind in accepted}
        assert json_kind(wanted["type"].partition("|")[0]) & accepted, name
        if wanted["default"] not in (None, ""):
            assert schema.get("default") == wanted["default"], name


# --- what comes out --------------------------------------------------------------------------------------------------


@every_operation
def test_every_documented_answer_field_is_there(
    ours: dict[str, Any], shapes: dict[str, Fields], operation: str
) -> None:
    row = documented()[tuple(operation.split())]  # type: ignore[index]
    responses = operation_of(ours, operation)["responses"]
    status = str(row["success_status"])
    assert [code for code in responses if code.startswith(SUCCESS)] == [status]
    shape = row["response_shape"]
    if shape in ("none", "text/html"):
        assert "application/json" not in responses[status].get("content", {})
        return
    schema = resolved(ours, responses[status]["content"]["application/json"]["schema"])
    if shape.startswith("array of "):
        assert schema["type"] == "array"
        schema, shape = resolved(ours, schema["items"]), shape.removeprefix("array of ")
    if shape in shapes:
        faults = list(missing_fields(ours, schema, shapes, shapes[shape], shape, seen=()))
    else:
        faults = [f"{name} is missing" for name in top_names(row["response"]) if name not in schema["properties"]]
    assert not faults


@every_operation
def test_the_documented_door_is_the_same(ours: dict[str, Any], operation: str) -> None:
    row = documented()[tuple(operation.split())]  # type: ignore[index]
    here = operation_of(ours, operation)
    assert bool(here.get("security")) == row["auth"]
    assert any(p["name"] == "X-Tenant-ID" for p in here.get("parameters", [])) == row["tenant"]
    # Every documented refusal is one of ours; a 500 is documented only where the public source breaks.
    assert {str(status) for status in row["statuses"] if status < 500} <= here["responses"].keys()


def missing_fields(
    ours: dict[str, Any],
    schema: dict[str, Any],
    shapes: dict[str, Fields],
    fields: Fields,
    where: str,
    seen: tuple[str, ...],
) -> Iterator[str]:
    """Say which documented fields a schema lacks, or has as something else, in it and in what it holds."""
    for name, wanted in fields.items():
        node = schema.get("properties", {}).get(name)
        if node is None:
            yield f"{where}.{name} is missing"
            continue
        kind, nullable = wanted.rstrip("?"), wanted.endswith("?")
        is_list = kind.startswith("[]")
        kind = kind.removeprefix("[]")
        accepted = kinds(ours, node)
        if not nullable and "null" in accepted:
            yield f"{where}.{name} may be null"
        expected = {"array"} if is_list else {"object"} if kind in shapes else json_kind(kind)
        if "any" not in expected and not set(accepted) - {"null"} <= expected:
            yield f"{where}.{name} should be {wanted}, is {sorted(accepted)}"
        elif kind in shapes and kind not in seen:
            inner = accepted["array"]["items"] if is_list else accepted["object"]
            yield from missing_fields(
                ours, resolved(ours, inner), shapes, shapes[kind], f"{where}.{name}", (*seen, kind)
            )


def top_names(response: list[str]) -> list[str]:
    """The names of an answer that is written out: `kpis{total,...}` is `kpis`."""
    return [re.match(r"\w+", name).group() for name in response]  # type: ignore[union-attr]


def resolved(ours: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = ours["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]]
    return node


def kinds(ours: dict[str, Any], node: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The JSON types a schema allows (a date is its own), each with its part of the schema."""
    node = resolved(ours, node)
    if "anyOf" in node:
        return {kind: part for choice in node["anyOf"] for kind, part in kinds(ours, choice).items()}
    kind = node.get("type", "any")
    if kind == "string" and node.get("format") in ("date", "date-time"):
        kind = node["format"]
    return {kind: node}


def json_kind(documented_type: str) -> set[str]:
    """The JSON types that serve a documented type. Amounts are numbers, whole ones as well."""
    if documented_type.startswith("array"):
        return {"array"}
    return {"decimal": {"number", "integer"}}.get(documented_type, {documented_type})

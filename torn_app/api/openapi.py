"""The OpenAPI of the API, complete enough to generate a client from it.

FastAPI lists only a route's own success and 422, with the words of our code. Here it is finished in one place: the
refusals each operation may answer, with their codes; what every field means, in Spanish; one good request for each
body; short names for the operations.
"""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, APIRouter

from torn_app.api.deps import IDEMPOTENCY_HEADER, LONGEST_KEY, REPLAYED_HEADER, Gate, PlatformGate
from torn_app.api.examples import EXAMPLES
from torn_app.api.refusals import example_of, refusals_of
from torn_app.api.words import meaning, meaning_of_parameter

_ERROR = "TornError"
_DESCRIPTIONS = {
    "400": "Una regla del negocio lo impide",
    "401": "Falta el token, o ya no vale",
    "403": "Sin permiso para esta acción o esta empresa",
    "404": "No existe en esta empresa",
    "409": "Choca con lo que ya hay",
    "422": "Datos mal formados",
    "429": "Demasiadas peticiones: espera lo que dice Retry-After",
    "503": "Algo de lo que Torn depende no responde",
}
_SUCCESS = {"200": "Hecho", "201": "Creado", "204": "Hecho, sin contenido"}
_SCHEMA = {
    "title": _ERROR,
    "type": "object",
    "required": ["detail"],
    "description": "Una petición que no se cumplió",
    "properties": {
        "detail": {"type": "string", "description": "El motivo, en palabras"},
        "error": {"type": "string", "description": "El nombre del motivo, para programas"},
    },
}
_ORIGINAL = {
    "HTTPValidationError": "Los problemas de una petición mal formada",
    "ValidationError": "Un problema: dónde está y cuál es",
    "TipoDte": "Tipo de documento tributario, según el código del SII",
}
"""Schemas whose docstring is not ours, or says more to programmers than to readers."""


def operation_id(route: APIRoute) -> str:
    """Return the short name of an operation, as `sales_create`: what a generated client calls its function."""
    return f"{route.tags[0]}_{route.name}".replace("-", "_") if route.tags else route.name


def describe(api: FastAPI, routers: tuple[APIRouter, ...]) -> None:
    """Finish the OpenAPI of an app that serves `routers`."""
    plain = api.openapi

    def described() -> dict[str, Any]:
        if api.openapi_schema is None:
            document = plain()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas[_ERROR] = _SCHEMA
            _describe_schemas(schemas)
            use_cases = dict(_use_cases(routers))
            for path, item in document["paths"].items():
                for method, operation in item.items():
                    _describe_words(operation)
                    _describe(operation, use_cases.get((method, path)))
                    _describe_wait(operation)
                    if method == "post" and _is_of_a_company(operation):
                        _describe_key(operation)
        return plain()

    api.openapi = described  # type: ignore[method-assign]


def _use_cases(routers: tuple[APIRouter, ...]) -> Iterator[tuple[tuple[str, str], Callable[..., Any]]]:
    """Yield ((method, path), use case) of every gated operation."""
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                for gate in (d.call for d in route.dependant.dependencies):
                    if isinstance(gate, Gate | PlatformGate):
                        for method in route.methods or ():
                            yield (method.lower(), route.path), gate.use_case


def _describe_schemas(schemas: dict[str, Any]) -> None:
    """Say what each field means. What the classes say of themselves is for programmers, in English: it goes."""
    for name, schema in schemas.items():
        if name in _ORIGINAL:
            schema["description"] = _ORIGINAL[name]
        elif name != _ERROR:
            schema.pop("description", None)
        for field, node in schema.get("properties", {}).items():
            explained = meaning(field)
            if explained is not None:
                node.setdefault("description", explained)
        if name in EXAMPLES:
            schema["example"] = EXAMPLES[name]


def _describe_words(operation: dict[str, Any]) -> None:
    """The first sentence of an operation is its summary; parameters are explained."""
    first, _, rest = operation.get("description", "").partition(". ")
    operation["summary"] = first.removesuffix(".")
    if not rest:
        operation.pop("description", None)
    for parameter in operation.get("parameters", ()):
        if "description" not in parameter and (explained := meaning_of_parameter(parameter["name"])):
            parameter["description"] = explained
    for status, response in operation["responses"].items():
        if response.get("description") == "Successful Response":
            response["description"] = _SUCCESS[status]


def _describe(operation: dict[str, Any], use_case: Callable[..., Any] | None) -> None:
    responses = operation["responses"]
    codes = refusals_of(use_case) if use_case else {}
    for status in sorted({*_refusals(operation), *codes}):
        body = "HTTPValidationError" if status == "422" else _ERROR
        content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{body}"}}
        if status != "422" and codes.get(status):
            content["examples"] = {refusal.__name__: example_of(refusal) for refusal in codes[status]}
        described = {"description": _DESCRIPTIONS[status], "content": {"application/json": content}}
        if status == "422":
            responses[status] = described
        else:
            responses.setdefault(status, described)


def _describe_wait(operation: dict[str, Any]) -> None:
    if refusal := operation["responses"].get("429"):
        refusal["headers"] = {
            "Retry-After": {"description": "Segundos que hay que esperar", "schema": {"type": "integer"}}
        }


def _is_of_a_company(operation: dict[str, Any]) -> bool:
    return any(parameter["name"] == "X-Tenant-ID" for parameter in operation.get("parameters", ()))


def _describe_key(operation: dict[str, Any]) -> None:
    operation["parameters"].append(
        {
            "name": IDEMPOTENCY_HEADER,
            "in": "header",
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
            "description": "La misma clave con el mismo contenido recibe la misma respuesta, una sola vez ejecutada.",
        }
    )
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            response.setdefault("headers", {})[REPLAYED_HEADER] = {
                "description": "Presente cuando la respuesta es la de una petición anterior con la misma clave",
                "schema": {"type": "string", "const": "true"},
            }


def _refusals(operation: dict[str, Any]) -> list[str]:
    gated = "security" in operation
    takes_input = bool(operation.get("parameters") or operation.get("requestBody"))
    statuses = ["400", "409", "422", "429", "503"] if takes_input else ["429", "503"] if gated else []
    if gated:
        statuses += ["401", "403", "404"]
    elif takes_input:
        statuses += ["401"]
    return statuses

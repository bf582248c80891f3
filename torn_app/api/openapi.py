"""What every route may answer besides its success, written into the OpenAPI in one place.

FastAPI lists only a route's own success and 422; who reads the document must also learn how a refusal looks.
"""

from typing import Any

from fastapi import FastAPI

from torn_app.api.deps import IDEMPOTENCY_HEADER, LONGEST_KEY, REPLAYED_HEADER

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
_SCHEMA = {
    "title": _ERROR,
    "type": "object",
    "required": ["detail"],
    "properties": {
        "detail": {"type": "string", "description": "El motivo, en palabras"},
        "error": {"type": "string", "description": "El nombre del motivo, para programas"},
    },
}


def describe_refusals(api: FastAPI) -> None:
    """Make the OpenAPI of an app name the refusals each operation may answer, and the shape they have."""
    plain = api.openapi

    def described() -> dict[str, Any]:
        if api.openapi_schema is None:
            document = plain()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            schemas[_ERROR] = _SCHEMA
            for item in document["paths"].values():
                for method, operation in item.items():
                    _describe(operation)
                    _describe_wait(operation)
                    if method == "post" and _is_of_a_company(operation):
                        _describe_key(operation)
        return plain()

    api.openapi = described  # type: ignore[method-assign]


def _describe(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status in _refusals(operation):
        body = "HTTPValidationError" if status == "422" else _ERROR
        responses.setdefault(
            status,
            {
                "description": _DESCRIPTIONS[status],
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{body}"}}},
            },
        )


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

"""What the application says about its own routes, and what the contract says about the same ones."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi.routing import APIRoute

from tests.shared_material import shared_path
from torn_app.api.app import ROUTERS
from torn_app.api.deps import Gate, PlatformGate


@dataclass(frozen=True)
class Route:
    """A documented operation and the gate in front of it."""

    method: str
    path: str
    gate: Gate | PlatformGate | None
    has_body: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        """Names in the path."""
        return re.findall(r"{(\w+)}", self.path)

    def address(self, **values: object) -> str:
        """The path with its parameters filled: given ones, else 1."""
        return re.sub(r"{(\w+)}", lambda found: str(values.get(found.group(1), 1)), self.path)


def all_routes() -> list[Route]:
    """Every operation of the API that its OpenAPI lists."""
    return [
        Route(method, route.path, _gate(route), route.body_field is not None)
        for route in api_routes()
        for method in sorted(route.methods)
    ]


def api_routes() -> Iterator[APIRoute]:
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.include_in_schema:
                yield route


def _gate(route: APIRoute) -> Gate | PlatformGate | None:
    gates = [d.call for d in route.dependant.dependencies if isinstance(d.call, Gate | PlatformGate)]
    return gates[0] if gates else None


COMPANY_ROUTES = [route for route in all_routes() if isinstance(route.gate, Gate)]
PLATFORM_ROUTES = [route for route in all_routes() if isinstance(route.gate, PlatformGate)]


def documented() -> dict[tuple[str, str], dict[str, Any]]:
    """The operations of the documented contract by method and path."""
    rows = json.loads(shared_path("contract", "endpoints.json").read_text(encoding="utf-8"))
    return {(row["method"], row["path"]): row for row in rows}


@cache
def documented_shapes() -> dict[str, dict[str, str]]:
    """The shared shapes of the documented contract: name -> field -> type, `[]` before it for a list and `?` after it
    when it may be null."""
    text = shared_path("contract", "endpoints.md").read_text(encoding="utf-8")
    table = text.split("## Shared shapes", 1)[1].split("## Authentication", 1)[0]
    return {
        name: dict(re.findall(r"(\w+): ([\w\[\]-]+\??)", fields))
        for name, fields in re.findall(r"^\| (\w+) \| (.+) \|$", table, re.MULTILINE)
        if name not in ("shape", "part")
    }


def documented_texts(method: str, path: str, status: int) -> list[re.Pattern[str]]:
    """The error texts documented for a status of an operation, their `<placeholders>` open.

    None when an error of that status is only described: then the quoted texts are not all there are.
    """
    row = documented().get((method, path), {"errors": []})
    if any(error.startswith(f"{status} ") and '"' not in error for error in row["errors"]):
        return []
    texts = [text for error in row["errors"] for text in re.findall(rf'{status} "(.*?)"(?=;|$| \(|,)', error)]
    return [re.compile(re.sub(r"<[^>]*>", ".+", re.escape(text).replace(r"\<", "<")) + r"\Z") for text in texts]

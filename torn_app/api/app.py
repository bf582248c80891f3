"""The REST API: one FastAPI application with every route of the contract.

`create_api` only collects: routes live in the domains. What it adds is how addresses behave on a port shared with
the pages: `/sales` leads to `/sales/`, everything answers below `/api` too, and `/` belongs to the page when the
client wants HTML.
"""

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from torn_app.api import errors, health
from torn_app.auth import api as auth

TITLE = "Torn - Facturador Electrónico"
VERSION = "0.1.0"
PREFIX = "/api"
ROUTERS = (health.router, auth.router)
"""Every door of the API. A new domain adds its router here."""


class UnlessHtml(APIRoute):
    """A route that steps back for clients that accept HTML, so that the page at the same address answers them."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match like any route, but never a browser."""
        if scope["type"] == "http" and "text/html" in Request(scope).headers.get("accept", ""):
            return Match.NONE, {}
        return super().matches(scope)


class ApiPrefix:
    """ASGI middleware: `/api/sales/` is `/sales/`. The documentation writes both."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Declare the prefix as where the application is mounted; routing and links then take care of it."""
        if scope["type"] == "http" and scope["path"].startswith(f"{PREFIX}/"):
            scope = {**scope, "root_path": f"{scope.get('root_path', '')}{PREFIX}"}
        await self.app(scope, receive, send)


def create_api() -> FastAPI:
    """The API, ready to be mounted around the pages with `rx.App(api_transformer=...)`."""
    api = FastAPI(title=TITLE, version=VERSION, redirect_slashes=False)
    api.router.add_api_route("/", health.online, methods=["GET"], route_class_override=UnlessHtml, tags=["Health"])
    for router in ROUTERS:
        api.include_router(router)
    errors.install(api)
    _lead_to_the_slash(api)
    api.add_middleware(ApiPrefix)
    return api


def _lead_to_the_slash(api: FastAPI) -> None:
    """Answer `/sales` with 307 to `/sales/`. FastAPI's own redirect never runs here: the pages, mounted at the root,
    match every address first."""
    methods: dict[str, set[str]] = {}
    for route in iter_route_contexts(api.routes):
        methods.setdefault(route.path or "", set()).update(route.methods or ())
    for path, allowed in methods.items():
        bare = path.rstrip("/")
        if bare and bare != path and bare not in methods:
            api.router.routes.append(Route(bare, _to_the_slash, methods=sorted(allowed), include_in_schema=False))


def _to_the_slash(request: Request) -> RedirectResponse:
    url = request.url
    return RedirectResponse(url.replace(path=f"{url.path}/"), status_code=307)

"""The REST API: one FastAPI application with every route of the contract, and the door it shares with the pages.

It only collects: routes live in the domains. API addresses are English, pages are Spanish, so the first part of an
address tells whose it is; `/` belongs to the page when the client wants HTML.
"""

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import iter_route_contexts
from fastapi_offline import FastAPIOffline
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from torn_app.api import errors, health, openapi, paging, rate_limit, request_id
from torn_app.api.deps import REPLAYED_HEADER
from torn_app.auth import api as auth
from torn_app.cash import api as cash
from torn_app.company import api as company
from torn_app.customers import api as customers
from torn_app.documents import api as documents
from torn_app.folios import api as folios
from torn_app.integrations import api as integrations
from torn_app.inventory import api as inventory
from torn_app.onboarding import api as onboarding
from torn_app.price_lists import api as price_lists
from torn_app.products import api as products
from torn_app.purchases import api as purchases
from torn_app.reports import api as reports
from torn_app.sales import api as sales
from torn_app.sales import browser_api as sale_files
from torn_app.settings import get_settings
from torn_app.users import api as users

TITLE = "Torn - Facturador Electrónico"
VERSION = "0.1.0"
PREFIX = "/api"
DESCRIPTION = """
Punto de venta y facturación electrónica. Entra con `POST /auth/login` y manda el token en `Authorization: Bearer`;
la empresa va en `X-Tenant-ID`. Los montos son pesos enteros y los precios, netos.
"""
ROUTERS = (
    health.router,
    auth.router,
    onboarding.router,
    company.issuer_router,
    company.config_router,
    users.router,
    users.roles_router,
    customers.router,
    products.router,
    products.brands_router,
    price_lists.router,
    inventory.router,
    cash.router,
    folios.router,
    documents.router,
    documents.to_void_router,
    integrations.router,
    integrations.webhooks_router,
    sales.router,
    sale_files.router,
    purchases.purchases_router,
    purchases.providers_router,
    reports.router,
    reports.stats_router,
)
"""Every router of the API. A new domain adds its own here."""


def create_api() -> FastAPI:
    """The API alone, without pages."""
    api = FastAPIOffline(
        title=TITLE, version=VERSION, description=DESCRIPTION, generate_unique_id_function=openapi.operation_id
    )
    for router in ROUTERS:
        api.include_router(router)
    errors.install(api)
    openapi.describe(api, ROUTERS)
    if get_settings().rate_limit:
        api.add_middleware(rate_limit.RateLimit, per_minute=get_settings().rate_limit)
    api.add_middleware(
        CORSMiddleware,
        allow_origins=list(get_settings().cors_origins),
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=[request_id.HEADER, paging.TOTAL_HEADER, REPLAYED_HEADER, *rate_limit.HEADERS],
        max_age=600,
    )
    api.add_middleware(request_id.RequestId)
    return api


def on_one_port(pages: ASGIApp) -> ASGIApp:
    """The API beside the pages, as one ASGI application. For `rx.App(api_transformer=...)`.

    Handing FastAPI itself to Reflex would mount the pages inside it at the root, where they answer before its own
    404, its 405 and its redirect from `/sales` to `/sales/`.
    """
    return OnePort(create_api(), pages)


class OnePort:
    """Gives each request to the API or to the pages. `/api/sales/` is `/sales/`: the documentation writes both."""

    def __init__(self, api: FastAPI, pages: ASGIApp) -> None:
        self._api = api
        self._pages = pages
        paths = (route.path or "" for route in iter_route_contexts(api.routes))
        self._first_parts = frozenset(_first_part(path) for path in paths) - {""} | {_first_part(PREFIX)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http" or not self._is_for_api(scope):
            await self._pages(scope, receive, send)
            return
        if scope["path"].startswith(f"{PREFIX}/"):
            # Declared as where the application is mounted, routing and redirects take care of it.
            scope = {**scope, "root_path": f"{scope.get('root_path', '')}{PREFIX}"}
        await self._api(scope, receive, send)

    def _is_for_api(self, scope: Scope) -> bool:
        if scope["path"] == "/":
            return "text/html" not in Request(scope).headers.get("accept", "")
        return _first_part(scope["path"]) in self._first_parts


def _first_part(path: str) -> str:
    return path.split("/", 2)[1] if path.startswith("/") else ""

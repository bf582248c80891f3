"""Routes of /auth: tokens for programs, cookies for browsers."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Form, Request, Response
from pydantic import TypeAdapter

from torn_app.api.deps import PlatformEntry, enter_platform
from torn_app.auth import service
from torn_app.auth.schemas import LoginIn, SaaSToken, SessionInfo, TenantChoice, TokenForm
from torn_app.infra import work
from torn_app.kernel.errors import NotAllowed
from torn_app.saas.schemas import AvailableTenant, SaaSUserOut
from torn_app.settings import get_settings

router = APIRouter(prefix="/auth", tags=["auth"])

COOKIE = "torn_session"
SessionCookie = Annotated[str | None, Cookie(alias=COOKIE)]


class ForeignOrigin(NotAllowed):
    """A page of another site tried to use a browser's session."""

    message = "Origen no permitido."


@router.post("/login")
def login(body: LoginIn) -> SaaSToken:
    """Entrega un token con el correo y la clave."""
    return work.run_platform(service.nobody, service.login, body)


@router.post("/token")
def token(form: Annotated[TokenForm, Form()]) -> SaaSToken:
    """Lo mismo en el formulario OAuth2 (usuario = correo)."""
    return work.run_platform(service.nobody, service.login_form, LoginIn(email=form.username, password=form.password))


@router.get("/users/me")
def me(entry: PlatformEntry = enter_platform(service.me)) -> SaaSUserOut:
    """Perfil global de quien llama."""
    return entry.run()


@router.get("/validate")
def validate(entry: PlatformEntry = enter_platform(service.validate)) -> SessionInfo:
    """Valida el token y entrega el perfil y las empresas."""
    return entry.run()


# The browser logs in here, so that neither password nor token ever passes through the page's state.


@router.post("/browser/login", include_in_schema=False)
def browser_login(body: LoginIn, request: Request) -> Response:
    """Log a browser in: sets an HttpOnly cookie and answers the companies it may choose."""
    _same_origin(request)
    secret, companies = work.run_platform(service.nobody, service.open_browser_session, body)
    answer = Response(TypeAdapter(list[AvailableTenant]).dump_json(companies), media_type="application/json")
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(service.BROWSER_SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" or get_settings().in_production,
        path="/",
    )
    return answer


@router.get("/browser/companies", include_in_schema=False)
def browser_companies(cookie: SessionCookie = None) -> list[AvailableTenant]:
    """The companies this browser's person may choose."""
    return work.run_platform(service.account_by_cookie(cookie), service.browser_companies)


@router.post("/browser/tenant", include_in_schema=False, status_code=204)
def browser_tenant(body: TenantChoice, request: Request, cookie: SessionCookie = None) -> None:
    """Choose the company this browser works in."""
    _same_origin(request)
    work.run_platform(service.account_by_cookie(cookie), service.choose_tenant, cookie, body.tenant_id)


@router.post("/browser/logout", include_in_schema=False, status_code=204)
def browser_logout(request: Request, response: Response, cookie: SessionCookie = None) -> None:
    """End this browser's session."""
    _same_origin(request)
    work.run_platform(service.nobody, service.close_browser_session, cookie)
    response.delete_cookie(COOKIE, path="/")


def _same_origin(request: Request) -> None:
    """Refuse a request a page of another site made with this browser's cookie.

    SameSite=Lax already keeps the cookie back on such a POST; this also holds for a login, which needs no cookie.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return
    host = origin.split("://", 1)[-1]
    if host != request.headers.get("host") and origin not in get_settings().cors_origins:
        raise ForeignOrigin()

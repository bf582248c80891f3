"""Refusals as HTTP answers: kind -> status, in the shapes of the contract."""

import json
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.encoders import jsonable_encoder
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from torn_app.api.deps import Gate, PlatformGate, bearer
from torn_app.kernel.errors import Kind, NotAuthenticated, TooManyRequests, TornError, Unprocessable

STATUS = {
    Kind.INVALID: 400,
    Kind.NOT_AUTHENTICATED: 401,
    Kind.SUSPENDED: 402,
    Kind.NOT_ALLOWED: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.UNPROCESSABLE: 422,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
TENANT_HEADER = "x-tenant-id"

log = structlog.get_logger(__name__)


def install(app: FastAPI) -> None:
    """Make an app answer refusals the way the contract says."""
    app.add_exception_handler(TornError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _unreadable)
    app.add_exception_handler(Exception, _broken)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, TornError)
    log.info("refused", code=error.code, path=request.url.path)
    return refusal_response(error)


def refusal_response(error: TornError) -> JSONResponse:
    """Return the answer for a refusal: `detail` as documented, plus the name programs match on."""
    headers = {}
    if isinstance(error, NotAuthenticated) and error.challenge:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after)
    detail: object = str(error)
    if isinstance(error, Unprocessable):
        detail = [{"type": "value_error", "loc": ["body", error.field], "msg": str(error), "input": None}]
    return _refusal({"detail": detail, "error": error.code}, STATUS[error.kind], headers)


class _Refusal(JSONResponse):
    """JSON that repeats what was sent, and so may hold half a character, which UTF-8 has no bytes for."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _refusal(content: dict[str, Any], status: int, headers: dict[str, str] | None = None) -> JSONResponse:
    return _Refusal(content, status, headers)


async def _invalid(request: Request, error: Exception) -> Response:
    """Answer input the framework refused. Who may not use the route learns only that."""
    assert isinstance(error, RequestValidationError)
    problems = list(error.errors())
    try:
        header_problems = await _ask_gate(request, problems)
    except TornError as refusal:
        return refusal_response(refusal)
    return _refusal({"detail": jsonable_encoder([_problem(p) for p in header_problems or problems])}, 422)


async def _unreadable(request: Request, error: Exception) -> Response:
    """Answer a body that could not even be parsed, and the framework's own 404 and 405."""
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        try:
            header_problems = await _ask_gate(request, [])
        except TornError as refusal:
            return refusal_response(refusal)
        if header_problems:
            return _refusal({"detail": jsonable_encoder([_problem(p) for p in header_problems])}, 422)
    return await http_exception_handler(request, error)


async def _ask_gate(request: Request, problems: list[dict]) -> list[dict]:
    """Let the route's gate refuse; return the problems of the company header, which come before the body's."""
    gate = _gate_of(request)
    if gate is None:
        return []
    token = await bearer(request)
    await run_in_threadpool(gate.judge_token, token)
    if not isinstance(gate, Gate):
        return []
    of_header = [p for p in problems if tuple(p["loc"][:2]) == ("header", TENANT_HEADER)]
    if of_header:
        return of_header[:1]
    tenant = request.headers.get(TENANT_HEADER)
    try:
        tenant_id = int(tenant or "")
    except ValueError:
        # The body was refused before the headers were read.
        kind, text = ("missing", "Field required") if tenant is None else ("int_parsing", _INT_TEXT)
        return [{"type": kind, "loc": ("header", TENANT_HEADER), "msg": text, "input": tenant}]
    assert token is not None
    await run_in_threadpool(gate.judge, token, tenant_id)
    return []


_INT_TEXT = "Input should be a valid integer, unable to parse string as an integer"


def _gate_of(request: Request) -> Gate | PlatformGate | None:
    route = request.scope.get("route")
    for dependency in getattr(getattr(route, "dependant", None), "dependencies", ()):
        if isinstance(dependency.call, Gate | PlatformGate):
            return dependency.call
    return None


def _problem(problem: dict) -> dict:
    """Keep the documented keys. A secret typed into a wrong field is not sent back, nor is anything unprintable."""
    shown = {key: problem[key] for key in ("type", "loc", "msg") if key in problem}
    loc = problem.get("loc", ())
    value = problem.get("input")
    secret = any("password" in str(part) for part in loc)
    shown["input"] = value if value is None or (isinstance(value, str | int | bool) and not secret) else None
    if "ctx" in problem:
        shown["ctx"] = {key: str(item) for key, item in problem["ctx"].items()}
    return shown


async def _broken(request: Request, error: Exception) -> Response:
    log.error("unexpected", path=request.url.path, exc_info=error)
    return PlainTextResponse("Internal Server Error", 500)

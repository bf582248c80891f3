"""The doors of the REST API: who is asking, for which company, and may they.

A route names the use case it opens:

    @router.post("/", status_code=201)
    def create(body: BrandIn, entry: Entry = enter(service.create_brand)) -> BrandOut:
        return entry.run(body)

The happy path is one transaction: actor, permission, use case, commit. When FastAPI refuses the input before the
route is reached, `api/errors.py` asks the gate first, so that a caller without permission learns 401 or 403 and
nothing about the body.
"""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, TypeAdapter
from pydantic_core import to_json

from torn_app.auth import service as auth
from torn_app.auth.errors import NoToken
from torn_app.infra import work
from torn_app.infra.work import PlatformWork, Work
from torn_app.integrations import api_keys
from torn_app.integrations.service import Answer, answer_once
from torn_app.kernel.fields import MAX_ID
from torn_app.kernel.permissions import Permission

bearer = OAuth2PasswordBearer(
    tokenUrl="/auth/token",
    auto_error=False,
    description="Token de `POST /auth/login`, o clave de `POST /api-keys/`",
)
Token = Annotated[str | None, Depends(bearer)]

IDEMPOTENCY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
MINIMAL = "return=minimal"
"""Preference for a short answer (RFC 7240)."""
LONGEST_KEY = 255


class Entry:
    """A request that named its company and its person, ready to run the use case of its route.

    A POST may carry an Idempotency-Key: every use case run from here then happens at most once for it, and the
    answer is rendered and kept in the transaction of what it says.
    """

    def __init__(
        self, request: Request, authenticate: work.Authenticate, use_case: Callable[..., Any], key: str | None
    ) -> None:
        self._request = request
        self._authenticate = authenticate
        self._use_case = use_case
        self._key = key

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run the use case of the route in one transaction.

        Returns its result, or the finished answer when the request has an idempotency key: a POST route returns
        what it gets from here and does nothing with it.
        """
        if self._key is None:
            return work.run(self._authenticate, self._use_case, *args, **kwargs)
        return self.respond(*args, **kwargs)

    def respond(
        self, *args: Any, of_sale: bool = False, shape: type[BaseModel] | None = None, **kwargs: Any
    ) -> Response:
        """Run it and render the answer at once, at most once for the request's idempotency key.

        `of_sale` remembers the answer's id as the sale the key stands for. `shape` is a shorter schema to
        answer with instead of the route's own.
        """
        route = self._request.scope["route"]
        name = f"{self._request.method} {route.path}"

        def produce(current: Work) -> Answer:
            result = self._use_case(current, *args, **kwargs)
            sale_id = result.id if of_sale else None
            body = _rendered(result, route.response_model, shape)
            return Answer(route.status_code or 200, body, sale_id=sale_id)

        def answer(current: Work) -> Answer:
            current.actor.require(self._use_case.requires)  # type: ignore[attr-defined]
            if self._key is None:
                return produce(current)
            variant = shape.__name__ if shape else ""
            content = name.encode() + b"\n" + variant.encode() + b"\n" + _content(args, kwargs)
            return answer_once(current, name, self._key, content, lambda: produce(current))

        result = work.run(self._authenticate, answer)
        headers = {REPLAYED_HEADER: "true"} if result.replayed else {}
        if shape is not None:
            headers["Preference-Applied"] = MINIMAL
        return Response(result.body, result.status, headers, media_type="application/json" if result.body else None)


def _rendered(result: Any, model: Any, shape: type[BaseModel] | None) -> bytes:
    """Render a result as the route declares it, or in a shorter shape made from it."""
    if result is None:
        return b""
    if shape is not None:
        return shape.model_validate(result).model_dump_json(by_alias=True).encode()
    return _adapter(model).dump_json(result, by_alias=True)


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def _content(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """What a request asks for, the same bytes for the same meaning."""
    return to_json([list(args), kwargs], bytes_mode="base64")


def idempotency_key(request: Request) -> str | None:
    """Return the key of a POST, or None. The OpenAPI declares the header for every POST (api/openapi.py).

    Raises:
        RequestValidationError: empty or too long.
    """
    key = request.headers.get(IDEMPOTENCY_HEADER) if request.method == "POST" else None
    if key is not None and not 1 <= len(key) <= LONGEST_KEY:
        kind = "string_too_short" if not key else "string_too_long"
        bound = "at least 1 character" if not key else f"at most {LONGEST_KEY} characters"
        problem = {
            "type": kind,
            "loc": ("header", IDEMPOTENCY_HEADER.lower()),
            "msg": f"String should have {bound}",
            "input": key,
        }
        raise RequestValidationError([problem])
    return key


class Gate:
    """Stands before the routes of a company. Holds the use case, so that its permission is known beforehand."""

    def __init__(self, use_case: Callable[..., Any]) -> None:
        self.use_case = use_case
        self.permission: Permission = use_case.requires  # type: ignore[attr-defined]

    async def __call__(
        self,
        request: Request,
        token: Token,
        x_tenant_id: Annotated[int, Header(alias="X-Tenant-ID", description="Empresa en que se trabaja")],
    ) -> Entry:
        """Return the entry of a request that carries a token; who it is, the unit of work finds out."""
        if token is None:
            raise NoToken()
        key = idempotency_key(request)
        return Entry(request, _actor(token, _safe_id(x_tenant_id)), self.use_case, key)

    def judge_token(self, token: str | None) -> None:
        """Refuse a caller nobody knows, before the company is looked at."""
        if token is None:
            raise NoToken()
        if api_keys.is_api_key(token):
            work.run(api_keys.actor_by_api_key(token, None), _nothing)
        else:
            work.run_platform(auth.account_by_token(token), _nothing)

    def judge(self, token: str, tenant_id: int) -> None:
        """Refuse a caller who may not use this route in this company."""
        work.run(_actor(token, _safe_id(tenant_id)), _require(self.permission))


class PlatformEntry:
    """A request outside the companies, ready to run."""

    def __init__(self, authenticate: work.AuthenticateAccount, use_case: Callable[..., Any]) -> None:
        self._authenticate = authenticate
        self._use_case = use_case

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run the use case of the route in one transaction."""
        return work.run_platform(self._authenticate, self._use_case, *args, **kwargs)


class PlatformGate:
    """Stands before the routes outside the companies: a valid token, or a superuser's."""

    def __init__(self, use_case: Callable[..., Any], *, superuser: bool) -> None:
        self.use_case = use_case
        self.superuser = superuser

    async def __call__(self, token: Token) -> PlatformEntry:
        """Return the entry of a request that carries a token."""
        if token is None:
            raise NoToken()
        return PlatformEntry(auth.account_by_token(token, superuser=self.superuser), self.use_case)

    def judge_token(self, token: str | None) -> None:
        """Refuse a caller who may not use this route."""
        if token is None:
            raise NoToken()
        work.run_platform(auth.account_by_token(token, superuser=self.superuser), _nothing)


def enter(use_case: Callable[..., Any]) -> Any:
    """Return the dependency that opens a use case of a company."""
    return Depends(Gate(use_case))


def enter_platform(use_case: Callable[..., Any], *, superuser: bool = False) -> Any:
    """Return the dependency that opens a use case outside the companies."""
    return Depends(PlatformGate(use_case, superuser=superuser))


def _actor(token: str, tenant_id: int) -> work.Authenticate:
    """Authenticate a person's access token or a program's key."""
    known = api_keys.actor_by_api_key if api_keys.is_api_key(token) else auth.actor_by_token
    return known(token, tenant_id)


def _safe_id(value: int) -> int:
    """Bring an id that cannot exist (negative, or too large for the database) to one that does not."""
    return value if 0 <= value <= MAX_ID else 0


def _nothing(_work: PlatformWork | Work) -> None:
    return None


def _require(permission: Permission) -> Callable[[Work], None]:
    def check(current: Work) -> None:
        current.actor.require(permission)

    return check

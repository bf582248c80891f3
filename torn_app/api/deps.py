"""The doors of the REST API: who is asking, for which company, and may they.

A route names the use case it opens:

    @router.post("/", status_code=201)
    def create(body: BrandIn, entry: Entry = enter(service.create_brand)) -> BrandOut:
        return entry.run(body)

The happy path is one transaction: actor, permission, use case, commit. When FastAPI refuses the input before the
route is reached, `api/errors.py` asks the gate first, so that a caller without permission learns 401 or 403 and
nothing about the body.
"""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.security import OAuth2PasswordBearer
from pydantic import TypeAdapter

from torn_app.auth import service as auth
from torn_app.auth.errors import NoToken
from torn_app.infra import work
from torn_app.infra.work import PlatformWork, Work
from torn_app.integrations.service import Answer, answer_once
from torn_app.kernel.fields import MAX_ID
from torn_app.kernel.permissions import Permission

bearer = OAuth2PasswordBearer(tokenUrl="/auth/token", auto_error=False, description="Token de `POST /auth/login`")
Token = Annotated[str | None, Depends(bearer)]

IdempotencyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="La misma clave con el mismo contenido recibe la misma respuesta, una sola vez ejecutada.",
    ),
]


class Entry:
    """A request that named its company and its person, ready to run the use case of its route."""

    def __init__(self, request: Request, authenticate: work.Authenticate, use_case: Callable[..., Any]) -> None:
        self._request = request
        self._authenticate = authenticate
        self._use_case = use_case

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run the use case of the route in one transaction."""
        return work.run(self._authenticate, self._use_case, *args, **kwargs)

    def run_once(self, key: str | None, status: int, body: Any, *, variant: str = "") -> Response:
        """Run it at most once for an idempotency key; without a key, just run it.

        `variant` names anything besides the body that shapes the answer. The answer's `id` is remembered with the
        key.
        """
        route = f"{self._request.method} {self._request.scope['route'].path}"

        def answer(current: Work) -> Answer:
            current.actor.require(self._use_case.requires)  # type: ignore[attr-defined]
            if key is None:
                return self._answer(current, status, body)
            content = route + variant + body.model_dump_json()
            digest = hashlib.sha256(content.encode()).hexdigest()
            return answer_once(current, route, key, digest, lambda: self._answer(current, status, body))

        result = work.run(self._authenticate, answer)
        headers = {"Idempotent-Replayed": "true"} if result.replayed else None
        return Response(result.body, result.status, headers, media_type="application/json")

    def _answer(self, current: Work, status: int, body: Any) -> Answer:
        result = self._use_case(current, body)
        return Answer(status, TypeAdapter(type(result)).dump_json(result), sale_id=getattr(result, "id", None))


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
        if token is None:
            raise NoToken()
        return Entry(request, auth.actor_by_token(token, _safe_id(x_tenant_id)), self.use_case)

    def judge_token(self, token: str | None) -> None:
        """Refuse a caller nobody knows, before the company is looked at."""
        if token is None:
            raise NoToken()
        work.run_platform(auth.account_by_token(token), _nothing)

    def judge(self, token: str, tenant_id: int) -> None:
        """Refuse a caller who may not use this route in this company."""
        work.run(auth.actor_by_token(token, _safe_id(tenant_id)), _require(self.permission))


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


def _safe_id(value: int) -> int:
    """Bring an id that cannot exist (negative, or too large for the database) to one that does not."""
    return value if 0 <= value <= MAX_ID else 0


def _nothing(_work: PlatformWork) -> None:
    return None


def _require(permission: Permission) -> Callable[[Work], None]:
    def check(current: Work) -> None:
        current.actor.require(permission)

    return check

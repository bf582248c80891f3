"""Named refusals: what Torn says no to, and to whom the no is addressed.

A refusal is a class with a Spanish message for people; its class name is the code for programs. `kind` says what
sort of no it is; the HTTP status (api/errors.py) and the look on screen (ui/base.py) are decided by kind, so that
the core knows neither.
"""

from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """What sort of refusal this is."""

    INVALID = "invalid"
    UNPROCESSABLE = "unprocessable"
    NOT_AUTHENTICATED = "not_authenticated"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    SUSPENDED = "suspended"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class TornError(Exception):
    """Base of every expected refusal. `str(error)` is the Spanish text a person reads."""

    kind: ClassVar[Kind]
    message: ClassVar[str] = ""

    def __init__(self, message: str | None = None, **facts: object) -> None:
        super().__init__((message or self.message).format(**facts) if facts else (message or self.message))

    @property
    def code(self) -> str:
        """The name programs match on."""
        return type(self).__name__


class InvalidInput(TornError):
    """A business rule refuses what was asked (400)."""

    kind = Kind.INVALID


class Unprocessable(TornError):
    """A field is wrong (422). `field` names it, so that API and form can point at it."""

    kind = Kind.UNPROCESSABLE

    def __init__(self, field: str, message: str | None = None, **facts: object) -> None:
        super().__init__(message, **facts)
        self.field = field


class NotAuthenticated(TornError):
    """Who is asking is not known (401)."""

    kind = Kind.NOT_AUTHENTICATED
    challenge: ClassVar[bool] = True
    """Whether the answer asks for a token (`WWW-Authenticate: Bearer`)."""
    message = "No se pudo validar la sesión global"


class NotAllowed(TornError):
    """Known, but may not (403)."""

    kind = Kind.NOT_ALLOWED
    message = "No tienes permisos para realizar esta acción."


class AdminRequired(NotAllowed):
    """Only the administrator of the company may."""

    message = "Acceso denegado: se requieren permisos de administrador de empresa."


class NotFound(TornError):
    """Does not exist, or not in this company (404)."""

    kind = Kind.NOT_FOUND


class Conflict(TornError):
    """Clashes with what is already there (409)."""

    kind = Kind.CONFLICT


class Suspended(TornError):
    """The company may read but not write (402)."""

    kind = Kind.SUSPENDED


class TooManyRequests(TornError):
    """Asked too often (429). `retry_after` is in seconds."""

    kind = Kind.TOO_MANY

    def __init__(self, retry_after: int, message: str | None = None) -> None:
        super().__init__(message or "Demasiados intentos. Espera {s} segundos y vuelve a probar.", s=retry_after)
        self.retry_after = retry_after


class Unavailable(TornError):
    """Something Torn depends on does not answer (503)."""

    kind = Kind.UNAVAILABLE

"""What the environment says, read once and checked.

Only this module and `torn_app.launch` (which prepares the environment of the processes it starts) read environment
variables. Everything else receives a `Settings` or calls `get_settings()`.
"""

import functools
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

DEFAULT_PORT = 8000
DEFAULT_CORS_ORIGINS = tuple(
    f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in (3000, 3001, 3002, 8000)
)
DEFAULT_ADMIN_EMAIL = "admin@torn.cl"
SHORTEST_SECRET = 32
_YEAR_AND_UF = re.compile(r"20\d\d=\d{5,6}(\.\d{1,2})?", re.ASCII)


class Environment(StrEnum):
    """Where this process runs. Production refuses to start without secrets of its own."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


DEFAULT_RATE_LIMITS = {Environment.DEVELOPMENT: 60_000, Environment.PRODUCTION: 600}
"""Requests a minute. In development more than one machine answers, so that tests and measurements never meet it."""


class SettingsError(Exception):
    """The environment is incomplete or contradicts itself. The message names each variable at fault."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of one process.

    `database_url` is a libpq URL (`postgresql://...`). `admin_password` is None when the first start has to invent
    one. `redis_url` is None for a single worker. Secrets are left out of the repr, so that no log line carries them.
    """

    environment: Environment
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    admin_email: str
    admin_password: str | None = field(repr=False)
    port: int
    redis_url: str | None = field(repr=False)
    cors_origins: tuple[str, ...]
    demo: bool
    rate_limit: int
    """API requests a minute of one person or API key; 0 is no limit."""
    former_secret_key: str | None = field(default=None, repr=False)
    """The TORN_SECRET_KEY of before, while it is being changed."""

    uf_year_end: Mapping[int, Decimal] = field(default_factory=dict)
    """Year -> UF of its 31 December in pesos, beside those Torn knows (`dte.boleta_identificada`)."""

    @property
    def in_production(self) -> bool:
        """Whether real secrets are demanded."""
        return self.environment is Environment.PRODUCTION

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check the variables Torn knows.

        Raises SettingsError naming every variable that is missing or wrong: DATABASE_URL and TORN_SECRET_KEY always
        (`make run` provides both in development), TORN_ADMIN_PASSWORD in production.
        """
        faults: list[str] = []
        environment = _environment(environ, faults)
        required = ["DATABASE_URL", "TORN_SECRET_KEY"]
        if environment is Environment.PRODUCTION:
            required.append("TORN_ADMIN_PASSWORD")
        faults += [f"{name} is not set" for name in required if not environ.get(name)]
        secret_key = environ.get("TORN_SECRET_KEY", "")
        if secret_key and len(secret_key) < SHORTEST_SECRET:
            faults.append(f"TORN_SECRET_KEY is shorter than {SHORTEST_SECRET} characters")
        former = environ.get("TORN_SECRET_KEY_FORMER") or None
        if former is not None and former == secret_key:
            faults.append("TORN_SECRET_KEY_FORMER is the same as TORN_SECRET_KEY: leave it out")
        try:
            port = port_from(environ)
        except SettingsError as error:
            port = DEFAULT_PORT
            faults.append(str(error))
        rate_limit = _rate_limit(environ, environment, faults)
        uf_year_end = _uf_year_end(environ, faults)
        if faults:
            raise SettingsError("; ".join(faults))
        return cls(
            environment=environment,
            database_url=environ["DATABASE_URL"],
            secret_key=secret_key,
            admin_email=environ.get("TORN_ADMIN_EMAIL") or DEFAULT_ADMIN_EMAIL,
            admin_password=environ.get("TORN_ADMIN_PASSWORD") or None,
            port=port,
            redis_url=redis_url_from(environ),
            cors_origins=cors_origins_from(environ),
            demo=environ.get("DEMO", "1") != "0" and environment is Environment.DEVELOPMENT,
            rate_limit=rate_limit,
            former_secret_key=former,
            uf_year_end=uf_year_end,
        )


def port_from(environ: Mapping[str, str]) -> int:
    """The TCP port of web and API, from TORN_PORT (1 to 65535, default 8000). Raises SettingsError."""
    text = environ.get("TORN_PORT") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"TORN_PORT is not a port number: {text!r}")
    return int(text)


def cors_origins_from(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Origins whose pages may call the API with credentials: TORN_CORS_ORIGINS, comma separated, or the default."""
    text = environ.get("TORN_CORS_ORIGINS")
    if text is None:
        return DEFAULT_CORS_ORIGINS
    return tuple(origin.strip().rstrip("/") for origin in text.split(",") if origin.strip())


def redis_url_from(environ: Mapping[str, str]) -> str | None:
    """Where browser states are shared between workers, from REDIS_URL; None means one worker."""
    return environ.get("REDIS_URL") or None


def _rate_limit(environ: Mapping[str, str], environment: Environment, faults: list[str]) -> int:
    text = environ.get("TORN_RATE_LIMIT") or str(DEFAULT_RATE_LIMITS[environment])
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        faults.append(f"TORN_RATE_LIMIT is not a number of requests: {text!r}")
        return 0
    return int(text)


def _uf_year_end(environ: Mapping[str, str], faults: list[str]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for part in (environ.get("TORN_UF_YEAR_END") or "").split(","):
        year, _, value = (piece.strip() for piece in part.partition("="))
        if not part.strip():
            continue
        if not _YEAR_AND_UF.fullmatch(f"{year}={value}"):
            faults.append(f"TORN_UF_YEAR_END is not like 2026=40123.45: {part!r}")
            continue
        found[int(year)] = Decimal(value)
    return found


def _environment(environ: Mapping[str, str], faults: list[str]) -> Environment:
    text = environ.get("TORN_ENV") or Environment.DEVELOPMENT.value
    try:
        return Environment(text)
    except ValueError:
        faults.append(f"TORN_ENV is neither development nor production: {text!r}")
        return Environment.PRODUCTION


@functools.cache
def get_settings() -> Settings:
    """The settings of this process. Raises SettingsError when the environment is incomplete."""
    return Settings.load(os.environ)


def web_environment() -> tuple[int, tuple[str, ...], str | None]:
    """Port, CORS origins and Redis URL for rxconfig.py, which also loads where no secret exists (linters, builds)."""
    return port_from(os.environ), cors_origins_from(os.environ), redis_url_from(os.environ)


def web_environment_is_development() -> bool:
    """Whether TORN_ENV names development (the default); answers also where no secret exists (builds)."""
    return _environment(os.environ, []) is Environment.DEVELOPMENT

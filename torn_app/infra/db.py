"""The connection pool of this process."""

from functools import lru_cache

from sqlalchemy import Engine, create_engine

from torn_app.infra.crypto import key_name
from torn_app.settings import get_settings

APPLICATION = "torn/"
"""What the name of a connection of Torn begins with, in the database's own lists."""
POOL_SIZE = 20
"""Connections kept: FastAPI runs at most 40 requests at once, of which few wait for the database at a time."""

_OPTIONS = (
    "timezone=UTC",
    "lock_timeout=15s",
    "idle_in_transaction_session_timeout=60s",
    # Starting parallel workers takes ten milliseconds, twice what a page of a list does. Only what reads hundreds of
    # thousands of rows is worth them.
    "parallel_setup_cost=20000",
)


def normalize_url(url: str) -> str:
    """Return a PostgreSQL URL with the psycopg 3 driver named, whatever spelling it came in."""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    raise ValueError("DATABASE_URL must begin with postgresql://")


def make_engine(url: str, application: str = "") -> Engine:
    """Return a pool for a database, whose connections carry a name there.

    A server connection keeps memory for every company it ever touched, so connections are renewed every half hour.
    They are not tried out before use: `work.run` begins again with a fresh one when one turns out to be dead.
    """
    return create_engine(
        normalize_url(url),
        pool_size=POOL_SIZE,
        max_overflow=20,
        pool_recycle=1800,
        hide_parameters=True,  # an error in the log names the statement, not what people typed
        connect_args={
            "application_name": application,
            "options": " ".join(f"-c {option}" for option in _OPTIONS),
        },
    )


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the pool of this process, made at first use from the settings.

    Its connections are named after the TORN_SECRET_KEY it works with, so that nobody changes the key behind it.
    """
    settings = get_settings()
    return make_engine(settings.database_url, f"{APPLICATION}{key_name(settings.secret_key)}")

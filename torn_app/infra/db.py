"""The connection pool of this process."""

from functools import lru_cache

from sqlalchemy import Engine, create_engine

from torn_app.settings import get_settings

POOL_SIZE = 20
"""Connections kept: FastAPI runs at most 40 requests at once, of which few wait for the database at a time."""


def normalize_url(url: str) -> str:
    """Return a PostgreSQL URL with the psycopg 3 driver named, whatever spelling it came in."""
    for prefix in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    raise ValueError("DATABASE_URL must begin with postgresql://")


def make_engine(url: str) -> Engine:
    """Return a pool for a database.

    A server connection keeps memory for every company it ever touched, so connections are renewed every half hour.
    They are not tried out before use: `work.run` begins again with a fresh one when one turns out to be dead.
    """
    return create_engine(
        normalize_url(url),
        pool_size=POOL_SIZE,
        max_overflow=20,
        pool_recycle=1800,
        hide_parameters=True,  # an error in the log names the statement, not what people typed
        connect_args={"options": "-c timezone=UTC -c lock_timeout=15s -c idle_in_transaction_session_timeout=60s"},
    )


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the pool of this process, made at first use from the settings."""
    return make_engine(get_settings().database_url)

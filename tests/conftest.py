"""What every test may ask for: a database, copies of it, the live application.

Each pytest-xdist worker has an embedded PostgreSQL of its own, started when the first test asks for it and gone with
the worker, however that ends.
"""

import itertools
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from tests.live import LiveServer
from torn_app.launch.places import ROOT
from torn_app.launch.postgres import DATABASE, DISPOSABLE, EmbeddedPostgres

MakeDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public references beside the repository's parent (TORN_SHARED elsewhere). Skips without it,
    except in continuous integration, where it must be there."""
    folder = Path(os.environ.get("TORN_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        reason = f"no reference folder at {folder}; set TORN_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """A running server for this worker. Nothing on it survives."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("pg") / "data", DISPOSABLE)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def make_database(postgres: EmbeddedPostgres) -> MakeDatabase:
    """Makes databases with all migrations applied and no rows; each call gives the URL of a new one (20 ms)."""
    from torn_app.infra.migrate import upgrade_all

    upgrade_all(postgres.url(DATABASE))
    numbers = itertools.count(1)

    def make() -> str:
        name = f"copy_{next(numbers)}"
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
            parts = {"name": sql.Identifier(name), "template": sql.Identifier(DATABASE)}
            connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**parts))
        return postgres.url(name)

    return make


@pytest.fixture(scope="session")
def database_url(make_database: MakeDatabase) -> str:
    """The worker's common migrated database. Tests that leave rows behind in it must not mind those of others."""
    return make_database()


@pytest.fixture(scope="session")
def live_server(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The running API, without pages, with an administrator and nothing else."""
    with LiveServer(make_database(), tmp_path_factory.mktemp("live") / "server.log") as server:
        yield server


@pytest.fixture(scope="session")
def live_site(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The running application with its pages. Builds the frontend when it is not current."""
    from torn_app.launch import serve

    assert serve.build() == 0, "the frontend was not built"
    with LiveServer(make_database(), tmp_path_factory.mktemp("site") / "server.log", pages=True) as server:
        yield server


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """The pool of this process, over the worker's common database: what services use when no server is between."""
    from torn_app import settings
    from torn_app.infra import db

    given = {"DATABASE_URL": database_url, "TORN_SECRET_KEY": secrets.token_urlsafe(48)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        settings.get_settings.cache_clear()
        db.engine.cache_clear()
        yield db.engine()
        db.engine().dispose()
        settings.get_settings.cache_clear()
        db.engine.cache_clear()

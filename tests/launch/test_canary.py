"""A wrong TORN_SECRET_KEY does not start, whichever process it is given to; the first one writes the canary, once."""

import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from tests.conftest import MakeDatabase
from tests.live import LiveServer, free_port, plain_environ
from torn_app.infra.crypto import key_name
from torn_app.launch.places import ROOT
from torn_app.launch.server import Server, ServerError

ONE, OTHER = secrets.token_urlsafe(40), secrets.token_urlsafe(40)
REFUSED = "TORN_SECRET_KEY no es la clave con que se cifró esta base de datos"
REFUSED_IN_ENGLISH = "TORN_SECRET_KEY is not the key this database was encrypted with"


@pytest.fixture
def url(make_database: MakeDatabase) -> str:
    return make_database()


def environ(url: str, key: str, **more: str) -> dict[str, str]:
    return plain_environ() | {
        "DATABASE_URL": url,
        "TORN_SECRET_KEY": key,
        "TORN_ADMIN_PASSWORD": "una clave larga",
        "DEMO": "0",
        **more,
    }


def start(*command: str, environ: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=dict(environ), capture_output=True, text=True)


def names(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute("SELECT key_name FROM public.secret_canary ORDER BY 1")]


def is_one_sentence(said: str) -> None:
    assert said.count("\n") == 1
    assert said.startswith("Torn: ")
    assert REFUSED in said
    assert REFUSED_IN_ENGLISH in said
    assert "rotate-key" in said
    assert "Traceback" not in said


def test_every_start_asks_for_the_same_key(url: str, tmp_path: Path) -> None:
    assert start("torn_app.launch", "prepare", environ=environ(url, ONE)).returncode == 0
    assert names(url) == [key_name(ONE)]
    assert start("torn_app.launch", "prepare", environ=environ(url, ONE)).returncode == 0
    wrong = environ(url, OTHER, TORN_STATE=str(tmp_path), TORN_PORT=str(free_port()))
    for command in (
        ("torn_app.launch", "prepare"),
        ("torn_app.launch", "run"),
        ("torn_app.launch", "actecos", str(ROOT / "torn_app" / "saas" / "actecos.csv")),
        ("torn_app.certification", "simulation", "--company", "76885410-6", "--out", str(tmp_path)),
        ("torn_app.launch", "rotate-key"),
    ):
        refused = start(*command, environ=wrong)
        assert refused.returncode == 1, command
        is_one_sentence(refused.stderr)
    assert names(url) == [key_name(ONE)]


def test_a_server_started_by_itself_ends_and_says_why(url: str, tmp_path: Path) -> None:
    assert start("torn_app.launch", "prepare", environ=environ(url, ONE)).returncode == 0
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = Server(environ(url, OTHER), free_port(), pages=False, output=output)
        with pytest.raises(ServerError, match="status 1"):
            server.wait_until_ready()
        server.kill()
    is_one_sentence(log.read_text())


def test_a_worker_without_the_look_before_it_refuses_too(url: str) -> None:
    assert start("torn_app.launch", "prepare", environ=environ(url, ONE)).returncode == 0
    script = "import asyncio\nfrom torn_app.infra.canary import only_with_its_key as k\nasyncio.run(k().__aenter__())"
    right, wrong = (
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ(url, key), capture_output=True, text=True)
        for key in (ONE, OTHER)
    )
    assert right.returncode == 0
    assert wrong.returncode == 1
    is_one_sentence(wrong.stderr)


@pytest.mark.parametrize("keys", [(ONE, ONE), (ONE, OTHER)])
def test_two_first_starts_at_once_write_one_canary(url: str, keys: tuple[str, str]) -> None:
    script = (
        "import sys\nfrom torn_app.infra.canary import WrongSecret, check\nsys.stdin.read()\n"
        "try: check()\nexcept WrongSecret: sys.exit(7)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environ(url, key), stdin=subprocess.PIPE)
        for key in keys
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    statuses = sorted(process.wait() for process in processes)
    assert statuses == ([0, 0] if keys[0] == keys[1] else [0, 7])
    assert len(names(url)) == 1


def test_an_older_database_vouches_for_its_key(make_database: MakeDatabase, tmp_path: Path) -> None:
    from tests.shop import Platform, http_client

    server = LiveServer(make_database(), tmp_path / "log")
    with server, http_client(server) as http:
        Platform.of(http, server).company()
    with psycopg.connect(server.database_url) as connection:
        connection.execute("DELETE FROM public.secret_canary")
    refused = start("torn_app.launch", "prepare", environ=environ(server.database_url, ONE))
    assert refused.returncode == 1
    is_one_sentence(refused.stderr)
    with server:
        assert len(names(server.database_url)) == 1


def test_the_same_key_twice_is_a_mistake(url: str) -> None:
    refused = start("torn_app.launch", "prepare", environ=environ(url, ONE, TORN_SECRET_KEY_FORMER=ONE))
    assert refused.returncode == 1
    assert refused.stderr == "Torn: TORN_SECRET_KEY_FORMER is the same as TORN_SECRET_KEY: leave it out\n"

"""GET /saas/actecos over the starter list, and the import of a full one."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.conftest import MakeDatabase
from tests.live import LiveServer, plain_environ
from torn_app.launch.places import ROOT
from torn_app.saas.actecos import STARTER, ActecosFileRefused, read_actecos

HEADER = "code,name,taxable,category,internet_available\n"


@pytest.fixture
def client(live_server: LiveServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=live_server.base_url, timeout=30) as client:
        login = {"email": live_server.admin_email, "password": live_server.admin_password}
        token = client.post("/auth/login", json=login).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def search(client: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    answer = client.get("/saas/actecos", params=query)
    assert answer.status_code == 200
    return answer.json()


def test_found_by_code_and_by_name_whatever_the_accents(client: httpx.Client) -> None:
    hardware = {
        "code": "475201",
        "name": "Venta al por menor de artículos de ferretería y materiales de construcción",
        "taxable": True,
        "category": "1",
        "internet_available": True,
    }
    assert search(client, q="475201") == [hardware]
    assert hardware in search(client, q="FERRETERIA")
    assert [row["code"] for row in search(client, q="panadería")] == ["472105"]
    assert search(client, q="%") == []


def test_ordered_by_code_and_limited(client: httpx.Client) -> None:
    codes = [row["code"] for row in search(client)]
    assert len(codes) == 30
    assert codes == sorted(codes)
    assert len(search(client, limit=1000)) == 100
    assert len(search(client, limit=0)) == 1


def test_the_starter_list_says_who_charges_vat() -> None:
    rows = {row.code: row for row in read_actecos(STARTER)}
    assert len(rows) == 144
    assert not rows["492210"].taxable, "school transport is exempt (DL 825 art. 13)"
    assert rows["692000"].taxable, "depends on who does it: may be"
    assert rows["692000"].category == "G"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("code,name\n", 1, "falta la columna taxable"),
        (HEADER + "47520,Ferretería,SI,1,SI\n", 2, "no es un código"),
        (HEADER + "475201,Ferretería,SI,1,SI\n475201,Otra,SI,1,SI\n", 3, "repetido"),
        (HEADER + "475201,Ferretería,QUIZÁS,1,SI\n", 2, "no es SI ni NO"),
        (HEADER + "475201,Ferretería\n", 2, "no es SI ni NO"),
        (HEADER + "475201, ,SI,1,SI\n", 2, "no tiene nombre"),
    ],
)
def test_a_file_that_is_not_the_catalogue_is_refused(tmp_path: Path, content: str, line: int, reason: str) -> None:
    file = tmp_path / "actecos.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ActecosFileRefused, match=rf"^Línea {line}: .*{reason}"):
        read_actecos(file)


def test_import_replaces_and_adds(make_database: MakeDatabase, tmp_path: Path) -> None:
    url = make_database()
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(HEADER + "475201,Ferretería,SI,1,SI\n", encoding="utf-8")
    second.write_text(HEADER + "475201,Ferreterías,NO,2,NO\n011101,Cultivo de trigo,SI,1,SI\n", encoding="utf-8")
    assert import_actecos(url, first) == 0
    assert import_actecos(url, second) == 0
    assert import_actecos(url, tmp_path / "missing.csv") == 1
    assert stored(url) == [("011101", "cultivo de trigo", True), ("475201", "ferreterias", False)]


def import_actecos(url: str, file: Path) -> int:
    environ = plain_environ() | {"DATABASE_URL": url, "TORN_SECRET_KEY": "x" * 40}
    command = [sys.executable, "-m", "torn_app.launch", "actecos", str(file)]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True).returncode


def stored(url: str) -> list[tuple[str, str, bool]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT code, search_text, taxable FROM acteco ORDER BY code").fetchall()

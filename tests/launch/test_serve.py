"""`make run` as a person meets it: it says where it is, refuses a second one, and leaves nothing behind."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.live import free_port, plain_environ
from torn_app.launch import serve
from torn_app.launch.places import ROOT

COMMAND = [sys.executable, "-m", "torn_app.launch", "run"]


@pytest.fixture(scope="module", autouse=True)
def frontend() -> None:
    assert serve.build() == 0, "the frontend was not built"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A machine of its own: state folder, port."""
    return plain_environ() | {"TORN_STATE": str(tmp_path / "state"), "TORN_PORT": str(free_port()), "DEMO": "0"}


@pytest.fixture
def running(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`make run`, up to the moment it says that it serves."""
    process = subprocess.Popen(COMMAND, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"never said {words!r}, only:\n{said}")


def descendants(pid: int) -> dict[int, str]:
    """Every living process below `pid`, with its command."""
    rows = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    table = [(int(row.split(None, 2)[0]), int(row.split(None, 2)[1]), row) for row in rows.splitlines()]
    found: dict[int, str] = {}
    parents = {pid}
    while parents:
        children = {child: row for child, parent, row in table if parent in parents and child not in found}
        found |= children
        parents = set(children)
    return found


def is_alive(pid: int) -> bool:
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(shown.strip()) and not shown.startswith("Z")


def gone(pids: dict[int, str]) -> list[str]:
    """What is left of `pids`, after a moment for processes that end by a signal of the system."""
    for _ in range(400):
        left = [row for pid, row in pids.items() if is_alive(pid)]
        if not left:
            return []
        subprocess.run(["sleep", "0.05"])
    return left


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_and_leaves_no_process(
    running: subprocess.Popen[str], environ: dict[str, str], number: signal.Signals
) -> None:
    said = read_until(running, "Ctrl-C")
    url = f"http://localhost:{environ['TORN_PORT']}"
    assert url in said
    assert "Administrator: " in said
    page = httpx.get(url, headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert httpx.get(url).json() == {"message": "Sistema Torn Online"}
    below = descendants(running.pid)
    assert any("postgres" in row for row in below.values())
    assert any("granian" in row for row in below.values())

    running.send_signal(number)
    assert running.wait() == 0
    assert gone(below) == []


def test_a_second_one_is_refused_while_the_first_goes_on(
    running: subprocess.Popen[str], environ: dict[str, str]
) -> None:
    read_until(running, "Ctrl-C")
    second = subprocess.run(COMMAND, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert second.returncode != 0
    assert f"already running here: process {running.pid}, http://localhost:{environ['TORN_PORT']}" in second.stderr
    assert httpx.get(f"http://localhost:{environ['TORN_PORT']}/health/").status_code == 200


def test_starts_again_after_kill_9(running: subprocess.Popen[str], environ: dict[str, str]) -> None:
    read_until(running, "Ctrl-C")
    below = descendants(running.pid)
    running.kill()
    running.wait()
    if sys.platform == "linux":
        assert gone(below) == []
    again = subprocess.Popen(COMMAND, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
    with again:
        assert f"http://localhost:{environ['TORN_PORT']}" in read_until(again, "Ctrl-C")
        again.send_signal(signal.SIGINT)
        again.communicate()
    assert again.returncode == 0


def test_a_taken_port_is_told(environ: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))  # noqa: S104 - the address a server of another program listens on
        other.listen()
        port = str(other.getsockname()[1])
        refused = subprocess.run(COMMAND, cwd=ROOT, env=environ | {"TORN_PORT": port}, capture_output=True, text=True)
    assert refused.returncode != 0
    assert f"port {port} is taken" in refused.stderr


def test_production_refuses_without_secrets(environ: dict[str, str]) -> None:
    refused = subprocess.run(
        COMMAND, cwd=ROOT, env=environ | {"TORN_ENV": "production"}, capture_output=True, text=True
    )
    assert refused.returncode != 0
    assert "TORN_SECRET_KEY is not set" in refused.stderr
    assert "TORN_ADMIN_PASSWORD is not set" in refused.stderr
    assert not Path(environ["TORN_STATE"]).exists()

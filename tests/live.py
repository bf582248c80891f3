"""The real application over HTTP, in processes of its own, which tests may kill and start again."""

import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path
from typing import Self

from torn_app.launch.places import ROOT
from torn_app.launch.server import Server

ADMIN_EMAIL = "admin@torn.cl"


class LiveServer:
    """Torn on a free port, over the database of `database_url`. `pages` True also serves the built frontend.

    The port, the secret and the administrator's password stay the same over restarts. Its output goes to `log`.
    """

    def __init__(self, database_url: str, log: Path, *, pages: bool = False, rate_limit: int | None = None) -> None:
        self.port = free_port()
        self.base_url = f"http://localhost:{self.port}"
        self.admin_email = ADMIN_EMAIL
        self.admin_password = secrets.token_urlsafe(12)
        self.log = log
        self.database_url = database_url
        self._pages = pages
        self._environ = plain_environ() | {
            "DATABASE_URL": database_url,
            "TORN_SECRET_KEY": secrets.token_urlsafe(48),
            "TORN_ADMIN_EMAIL": self.admin_email,
            "TORN_ADMIN_PASSWORD": self.admin_password,
            "TORN_PORT": str(self.port),
            "TORN_ENV": "development",
            "DEMO": "0",
        }
        if rate_limit is not None:
            self._environ["TORN_RATE_LIMIT"] = str(rate_limit)
        self._server: Server | None = None
        self._prepared = False

    def start(self) -> Self:
        """Start and wait until it answers. The first time the database is migrated and the administrator made."""
        with self.log.open("ab") as output:
            if not self._prepared:
                command = [sys.executable, "-m", "torn_app.launch", "prepare"]
                subprocess.run(command, cwd=ROOT, env=self._environ, stdout=output, stderr=output, check=True)
                self._prepared = True
            self._server = Server(self._environ, self.port, pages=self._pages, output=output)
        self._server.wait_until_ready()
        return self

    def environ(self, **changes: str) -> dict[str, str]:
        """Return what its processes are started with, changed."""
        return self._environ | changes

    def use(self, **changes: str | None) -> None:
        """Start the next time with other settings; None leaves one out."""
        self._environ = {name: value for name, value in (self._environ | changes).items() if value is not None}

    def stop(self) -> None:
        """End in good order."""
        if self._server:
            self._server.stop()
        self._server = None

    def kill(self) -> None:
        """End all its processes with SIGKILL, in the middle of whatever they do."""
        if self._server:
            self._server.kill()
        self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *raised: object) -> None:
        self.stop()


def free_port() -> int:
    """A TCP port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plain_environ() -> dict[str, str]:
    """The environment of the test run without the settings of Torn that the person may have set."""
    ours = ("TORN_", "DATABASE_URL", "REDIS_URL", "DEMO", "REFLEX_", "__REFLEX_", "MAKE", "MFLAGS", "COV_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}

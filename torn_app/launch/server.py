"""The web server process: granian with the assembled application."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import IO

from torn_app.launch.environment import server_environ
from torn_app.launch.places import ROOT
from torn_app.launch.processes import die_with_parent

Output = IO[bytes] | None
_EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - the tills of a shop reach it over the local network
_GRACE_SECONDS = 15.0


class ServerError(RuntimeError):
    """The server did not start, or did not answer in time."""


class Server:
    """One granian with its workers, child of this process. `output` None shows its log on our own terminal."""

    def __init__(
        self,
        environ: dict[str, str],
        port: int,
        *,
        pages: bool = True,
        output: IO[bytes] | None = None,
        checked: bool = False,
    ) -> None:
        """`checked`: the caller looked at the key already (`infra/canary.py`)."""
        self.port = port
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian" if checked else "torn_app.launch.web"),
                *("--interface", "asgi", "--factory"),
                *("--host", _EVERY_ADDRESS, "--port", str(port), "--workers", "1"),
                *("--respawn-failed-workers", "--workers-kill-timeout", "8"),
                *("--no-access-log", "--log-level", "warning"),
                "torn_app.torn_app:app",
            ],
            cwd=ROOT,
            env=server_environ(environ, pages=pages),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C reaches us only; workers then end before the database does
            preexec_fn=die_with_parent(signal.SIGTERM),
        )

    @property
    def pid(self) -> int:
        """Process (and process group) number."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def wait_until_ready(self, seconds: float = 90.0) -> None:
        """Return when /health/ answers. Raises ServerError."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.running:
                raise ServerError(f"the server ended while starting (status {self._process.returncode})")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=5) as answer:
                    answer.read()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise ServerError(f"the server did not answer within {seconds:.0f} s")

    def stop(self) -> None:
        """Let requests end, then stop every process of the group. Repeatable."""
        if self.running:
            self._process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_GRACE_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End every process of the group at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

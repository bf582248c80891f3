"""One running Torn per checkout: a lock the system releases by itself when its holder dies, however it dies."""

import fcntl
import json
import os
from pathlib import Path
from typing import IO


class AlreadyRunning(RuntimeError):
    """Another process holds the lock. The message names it."""


class RunLock:
    """Holds `path` from creation to `release`. Raises AlreadyRunning when somebody else does."""

    def __init__(self, path: Path, port: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read()
            self._file.close()
            raise AlreadyRunning(_describe(holder)) from None
        self._file.seek(0)
        self._file.truncate()
        json.dump({"pid": os.getpid(), "port": port}, self._file)
        self._file.flush()

    def release(self) -> None:
        """Let the next one run."""
        self._file.close()


def _describe(holder: str) -> str:
    try:
        facts = json.loads(holder)
        return f"Torn is already running here: process {facts['pid']}, http://localhost:{facts['port']}"
    except (ValueError, KeyError, TypeError):
        return "Torn is already starting here"

"""One running Torn per checkout, and the secret this machine keeps."""

import os
import stat
from pathlib import Path

import pytest

from torn_app.launch.environment import kept_secret
from torn_app.launch.lock import AlreadyRunning, RunLock


def test_the_second_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    first = RunLock(tmp_path / "run.lock", 8123)
    with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}, http://localhost:8123"):
        RunLock(tmp_path / "run.lock", 8124)
    first.release()
    RunLock(tmp_path / "run.lock", 8124).release()


def test_what_a_dead_run_wrote_does_not_lock(tmp_path: Path) -> None:
    (tmp_path / "run.lock").write_text('{"pid": 1, "port": 8000}')
    RunLock(tmp_path / "run.lock", 8000).release()


def test_secret_is_made_once_and_private(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path / "state" / "secret")
    assert len(secret) >= 48
    assert kept_secret(tmp_path / "state" / "secret") == secret
    assert stat.S_IMODE((tmp_path / "state" / "secret").stat().st_mode) == 0o600

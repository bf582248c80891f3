"""A power cut in the middle of the day."""

from pathlib import Path

import httpx

from tests.conftest import MakeDatabase
from tests.live import LiveServer


def test_answers_again_after_kill_9_on_the_same_port_and_database(make_database: MakeDatabase, tmp_path: Path) -> None:
    with LiveServer(make_database(), tmp_path / "server.log") as server:
        assert httpx.get(f"{server.base_url}/health/").status_code == 200
        server.kill()
        assert refuses(server)
        server.start()
        assert httpx.get(f"{server.base_url}/health/").status_code == 200


def refuses(server: LiveServer) -> bool:
    try:
        httpx.get(f"{server.base_url}/health/")
    except httpx.TransportError:
        return True
    return False

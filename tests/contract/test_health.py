"""What the port answers before anybody logs in: health, redirects, prefix, origins."""

import socket

import httpx
import pytest

from tests.live import LiveServer


def test_root_answers_programs_with_json(live_server: LiveServer) -> None:
    answer = httpx.get(f"{live_server.base_url}/", headers={"Accept": "*/*"})
    assert (answer.status_code, answer.json()) == (200, {"message": "Sistema Torn Online"})


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_health_with_and_without_prefix(live_server: LiveServer, prefix: str) -> None:
    answer = httpx.get(f"{live_server.base_url}{prefix}/health/")
    assert answer.status_code == 200
    assert {"status": "ok", "service": "Torn"}.items() <= answer.json().items()


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_without_the_slash_leads_to_the_slash(live_server: LiveServer, prefix: str) -> None:
    answer = httpx.get(f"{live_server.base_url}{prefix}/health?a=1")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"{live_server.base_url}{prefix}/health/?a=1"


def test_unknown_api_address_is_404_json(live_server: LiveServer) -> None:
    answer = httpx.get(f"{live_server.base_url}/auth/nothing-here")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


def test_wrong_method_is_405(live_server: LiveServer) -> None:
    answer = httpx.delete(f"{live_server.base_url}/health/")
    assert (answer.status_code, answer.json()) == (405, {"detail": "Method Not Allowed"})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("port", [3000, 3001, 3002, 8000])
def test_listed_origins_may_call_with_credentials(live_server: LiveServer, host: str, port: int) -> None:
    origin = f"http://{host}:{port}"
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "x-tenant-id",
    }
    answer = httpx.options(f"{live_server.base_url}/health/", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["access-control-max-age"] == "600"
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert "x-tenant-id" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["/", "/health/", "/openapi.json", "/ping"])
def test_other_origins_get_no_permission(live_server: LiveServer, path: str) -> None:
    answer = httpx.get(f"{live_server.base_url}{path}", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_websocket_takes_own_pages_under_any_name_and_refuses_foreign_ones(live_server: LiveServer) -> None:
    assert handshake(live_server.port, "http://192.168.1.5:8000", "192.168.1.5:8000") == 101
    assert handshake(live_server.port, "https://caja.example", "caja.example") == 101
    assert handshake(live_server.port, "http://localhost:3000", "localhost:8000") == 101
    assert handshake(live_server.port, "https://evil.example", "localhost:8000") == 403


def handshake(port: int, origin: str, host: str) -> int:
    """The status a browser gets that opens the websocket of the pages."""
    lines = [
        "GET /_event/?EIO=4&transport=websocket HTTP/1.1",
        f"Host: {host}",
        f"Origin: {origin}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return int(connection.recv(4096).split(b" ", 2)[1])

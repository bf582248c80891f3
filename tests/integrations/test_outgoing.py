"""Where requests may go: judged as written, and as what the name leads to."""

import pytest

from torn_app.infra.outgoing import AddressRefused, check_address, post


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://localhost/",
        "https://sub.localhost/",
        "https://localhost./",
        "https://127.0.0.1/",
        "https://127.1.2.3/",
        "https://10.0.0.8/",
        "https://172.16.0.1/",
        "https://192.168.1.10/",
        "https://169.254.169.254/latest/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://[fe80::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::a00:1]/",
        "https://[2002:7f00:1::]/",
        "https://[::127.0.0.1]/",
        "https://[fec0::1]/",
        "https://printer.local/",
        "https://user:clave@example.com/",
        "https://example.com:99999/",
        "ftp://example.com/",
        "javascript:alert(1)",
        "https://",
        "",
    ],
)
def test_refused_on_the_internet(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_address(url, public_only=True)


@pytest.mark.parametrize("url", ["https://example.com/torn", "https://8.8.8.8:8443/x", "https://[2606:4700::1111]/"])
def test_allowed_on_the_internet(url: str) -> None:
    check_address(url, public_only=True)


def test_at_home_more_is_allowed_but_not_everything() -> None:
    check_address("http://127.0.0.1:9999/", public_only=False)
    for url in ("ftp://127.0.0.1/", "http://user:clave@127.0.0.1/", "http:///x"):
        with pytest.raises(AddressRefused):
            check_address(url, public_only=False)


@pytest.mark.parametrize("host", ["localtest", "2130706433", "0x7f000001", "127.1"])
def test_a_name_is_judged_by_where_it_leads(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names and odd spellings resolve to this machine: the request is refused before anything is sent."""
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 443))])
    with pytest.raises(AddressRefused):
        post(f"https://{host}/", b"{}", {}, public_only=True)

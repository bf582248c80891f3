"""Requests to addresses that somebody typed in: to the public internet only, unless a company is trying things out.

The name is looked up once, every address it has is judged, and the request goes to an address that was judged: a name
that points elsewhere a moment later leads nowhere. Redirects are not followed.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

import httpx

TIMEOUT_SECONDS = 5.0
EXCERPT = 200
"""Characters kept of what the other side answered."""


_CARRIES_ANOTHER = tuple(
    ipaddress.ip_network(net)
    for net in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10")
)
"""IPv6 that stands for an IPv4 address behind a gateway (NAT64, Teredo, 6to4) or for a site of old: nobody publishes a
service there, and a private address may hide in it."""


class AddressRefused(ValueError):
    """An address nothing is sent to. The message is Spanish, for people."""


def check_address(url: str, *, public_only: bool) -> None:
    """Refuse an address by how it is written, without asking anybody.

    Raises:
        AddressRefused: not http(s); with `public_only`, not https, or written as a private address.
    """
    parts = _parts(url)
    if public_only:
        if parts.scheme != "https":
            raise AddressRefused("La dirección debe comenzar con https://")
        if parts.hostname == "localhost" or parts.hostname.endswith((".localhost", ".local", ".internal")):
            raise AddressRefused("La dirección debe ser pública en internet")
        try:
            _require_public(ipaddress.ip_address(parts.hostname))
        except AddressRefused:
            raise
        except ValueError:
            pass  # a name, judged when something is sent


def post(url: str, body: bytes, headers: dict[str, str], *, public_only: bool) -> tuple[int, str]:
    """Send bytes and return the status and the beginning of what was answered.

    Raises:
        AddressRefused: the address leads somewhere it may not.
        httpx.HTTPError, OSError: nobody answered.
    """
    check_address(url, public_only=public_only)
    parts = _parts(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    if public_only:
        for address in addresses:
            _require_public(address)
    target = httpx.URL(url).copy_with(host=str(addresses[0]))
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    host = name if parts.port is None else f"{name}:{parts.port}"
    with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client:
        request = client.build_request(
            "POST", target, content=body, headers={**headers, "Host": host}, extensions={"sni_hostname": parts.hostname}
        )
        answer = client.send(request, stream=True)
        try:
            start = next(answer.iter_bytes(EXCERPT), b"")
        finally:
            answer.close()
    return answer.status_code, "".join(c for c in start.decode("utf-8", "replace")[:EXCERPT] if c.isprintable())


def _require_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    inside = any(address.version == net.version and address in net for net in _CARRIES_ANOTHER)
    mapped = getattr(address, "ipv4_mapped", None)
    if inside or not (mapped or address).is_global or (mapped or address).is_multicast:
        raise AddressRefused("La dirección debe ser pública en internet")


class _Parts:
    def __init__(self, scheme: str, hostname: str, port: int | None) -> None:
        self.scheme, self.hostname, self.port = scheme, hostname, port


def _parts(url: str) -> _Parts:
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        raise AddressRefused("La dirección no se entiende") from None
    if split.scheme not in ("http", "https") or not split.hostname:
        raise AddressRefused("La dirección debe comenzar con http:// o https://")
    if split.username or split.password:
        raise AddressRefused("La dirección no puede llevar usuario ni contraseña")
    return _Parts(split.scheme, split.hostname.rstrip(".").lower(), port)

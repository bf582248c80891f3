"""The running API and two companies that must never see each other."""

from collections.abc import Iterator

import httpx
import pytest

from tests.live import LiveServer
from tests.shop import Door, Platform, Shop, http_client


@pytest.fixture(scope="session")
def http(live_server: LiveServer) -> Iterator[httpx.Client]:
    """A client of the running API."""
    with http_client(live_server) as client:
        yield client


@pytest.fixture(scope="session")
def platform(http: httpx.Client, live_server: LiveServer) -> Platform:
    """The platform's administrator."""
    return Platform.of(http, live_server)


@pytest.fixture(scope="session")
def shop(platform: Platform) -> Shop:
    """A company. Tests that share it must not mind each other's rows."""
    return platform.company()


@pytest.fixture(scope="session")
def other_shop(platform: Platform) -> Shop:
    """Another company."""
    return platform.company(name="Ferretería vecina")


@pytest.fixture(scope="session")
def seller(shop: Shop) -> Door:
    """A VENDEDOR of the shop."""
    return shop.person("VENDEDOR")


@pytest.fixture(scope="session")
def keeper(shop: Shop) -> Door:
    """A BODEGUERO of the shop."""
    return shop.person("BODEGUERO")

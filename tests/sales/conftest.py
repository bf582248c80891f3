"""A running Torn, a company that sells, and what is in its tables when HTTP does not tell."""

from collections.abc import Iterator

import httpx
import pytest

from tests.live import LiveServer
from tests.shop import Platform, Shop, http_client


@pytest.fixture(scope="session")
def http(live_server: LiveServer) -> Iterator[httpx.Client]:
    """A client of the running API."""
    with http_client(live_server) as client:
        yield client


@pytest.fixture(scope="session")
def platform(http: httpx.Client, live_server: LiveServer) -> Platform:
    """The platform's administrator."""
    return Platform.of(http, live_server)


@pytest.fixture
def shop(platform: Platform) -> Shop:
    """A company of its own for each test: numbers start at 1 and nobody else sells."""
    return platform.company()

"""Nothing that is invented from the OpenAPI breaks the server, and nothing goes out that the OpenAPI does not promise.

Schemathesis writes the requests, well formed and malformed; its pytest plugin is not used. Derandomized: the same
requests each time. The server is one of its own, since platform staff may do anything.
"""

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis import GenerationMode, checks
from schemathesis.schemas import BaseSchema

from tests.conftest import MakeDatabase
from tests.contract.routes import Route, all_routes
from tests.contract.victim import victim_company
from tests.shop import Shop, done

EXAMPLES = 6
"""Requests invented for each operation, of each kind."""
PATIENCE = 120
"""Seconds for one answer: the machine may be busy with other things."""
PROMISES = [
    # No checks of meaning: a sale without stock is well formed and still refused.
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def victim(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A company with one of each thing, on a server of its own, which meets nothing it did not expect."""
    log = tmp_path_factory.mktemp("invented") / "server.log"
    with victim_company(make_database(), log) as shop:
        yield shop
    assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def openapi(victim: Shop) -> BaseSchema:
    """What the server says of itself."""
    return schemathesis.openapi.from_dict(done(victim.door.get("/openapi.json")))


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    """Connections kept from one request to the next."""
    with requests.Session() as kept:
        yield kept


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["well formed", "malformed"])
@pytest.mark.parametrize("route", all_routes(), ids=str)
def test_invented_requests(
    victim: Shop, openapi: BaseSchema, session: requests.Session, route: Route, mode: GenerationMode
) -> None:
    operation = openapi[route.path][route.method]
    if mode is GenerationMode.NEGATIVE and not (route.has_body or route.parameters):
        pytest.skip("nothing to write wrongly")

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def invent(case: schemathesis.Case) -> None:
        # The mount of the pages, outside the API, knows no address with a line break and answers its own 404.
        assume("\n" not in unquote(case.formatted_path))
        case.call_and_validate(
            base_url=str(victim.door.http.base_url),
            session=session,
            headers=victim.door.headers,
            timeout=PATIENCE,
            checks=PROMISES,
        )

    invent()

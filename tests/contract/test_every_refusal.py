"""Every refusal the contract documents, each provoked over HTTP, and none left out.

How each one comes about is in refusals.py. `test_none_is_left_out` compares that table with the documented list, so
that a refusal nobody provokes is a failure.
"""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.contract.refusal_world import World
from tests.contract.refusals import ADMIN_ONLY, NEVER, PROVOKED, Refusal
from tests.contract.routes import documented
from tests.live import LiveServer
from tests.shop import GENERIC, Platform, done


@pytest.fixture(scope="module")
def world(http: httpx.Client, platform: Platform, live_server: LiveServer) -> World:
    return World(http, platform, live_server.database_url)


SAID_IN_WORDS = {
    "422 on RUT (see README)": (422, "Value error, RUT inválido: <reason>"),
    "422 on RUT": (422, "Value error, RUT inválido: <reason>"),
    "403 admin text": (403, ADMIN_ONLY),
    "403 as above": (403, ADMIN_ONLY),
    "403 as above (ours)": (403, ADMIN_ONLY),
    "404 list not found": (404, "Lista de precios <id> no encontrada."),
    "400 plan limit text of the SaaS endpoint (ours)": (
        400,
        "El plan actual (Max <n>) no permite agregar más usuarios a la empresa.",
    ),
}
"""Documented refusals that are described instead of quoted."""
AS_ABOVE = {
    "PUT /customers/{rut}": "Ya existe un cliente con RUT <rut>",
    "PUT /brands/{brand_id}": "Ya existe una marca con nombre '<name>'",
    "DELETE /price-lists/{price_list_id}": "Lista de precios <id> no encontrada.",
}
"""Operation -> the text of another one it points at."""


@pytest.mark.parametrize("refusal", PROVOKED, ids=lambda refusal: f"{refusal[0]} {refusal[1]} {refusal[2][:40]}")
def test_each_is_answered_with_its_status_and_text(world: World, refusal: Refusal) -> None:
    operation, status, text = refusal
    answer = PROVOKED[refusal](world)
    method, path = operation.split()
    assert answer.request.method == method
    assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), answer.request.url.path)
    said = answer.json()["detail"]
    if status == 422:
        (problem,) = said
        said = problem["msg"]
    assert answer.status_code == status, answer.text
    pattern = re.escape(text).replace(r"\[ids\]", r"\[[\d, ]+\]")
    assert re.fullmatch(re.sub(r"<\w+>", ".+", pattern), said), said


def listed() -> Iterator[Refusal]:
    """Every documented refusal, those that are only described in the words they stand for."""
    for (method, path), row in documented().items():
        operation = f"{method} {path}"
        for error in row["errors"]:
            status = int(error[:3])
            quoted = re.match(r'\d{3} "(.*?)"(?=;|$| \(| with |,)', error)
            if quoted:
                yield operation, status, quoted.group(1)
            elif error in SAID_IN_WORDS and operation not in AS_ABOVE:
                yield (operation, *SAID_IN_WORDS[error])
            else:
                yield operation, status, AS_ABOVE[operation] if "as " in error else SAID_IN_WORDS[error][1]


def test_none_is_left_out() -> None:
    wanted = set(listed())
    assert len(wanted) > 90
    assert wanted - PROVOKED.keys() - NEVER.keys() == set()
    assert PROVOKED.keys() | NEVER.keys() == wanted, "said to be documented, and is not"
    assert not PROVOKED.keys() & NEVER.keys()


def test_what_cannot_become_a_document_is_no_error_of_the_server(world: World) -> None:
    to_nobody = world.order((world.shop.product(), 1), tipo=33, rut_cliente=GENERIC)
    answer = world.till.post("/sales/", to_nobody)
    assert (answer.status_code, answer.json()["error"]) == (400, "DocumentRefused")


def test_a_user_id_is_the_row_in_the_company(world: World) -> None:
    """The id of one's own account, where no such row is in the company."""
    own_account = done(world.http.get("/auth/users/me", headers=world.platform.door.headers))["id"]
    rows = {row["id"] for row in done(world.shop.door.get("/users/"))}
    answer = world.shop.door.put(f"/users/{own_account + max(rows)}", {"full_name": "Yo"})
    assert (answer.status_code, answer.json()["detail"]) == (404, "Usuario no encontrado")

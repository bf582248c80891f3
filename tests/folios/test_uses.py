"""Each use of a private key leaves a row that nobody can change, at no extra cost to a sale."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import ProgrammingError

from tests.factories import Member, create_company, create_member
from tests.folios.material import (
    Uploads,
    caf_of,
    certificate_of,
    issue_boleta,
    refusal,
    set_ambiente,
    standing_for_the_tax_service,
)
from torn_app.dte.llaves_sii import IDK_CERTIFICACION
from torn_app.folios import service, uses
from torn_app.folios.errors import FolioExhausted
from torn_app.folios.schemas import KeyUseOut
from torn_app.infra import work as unit
from torn_app.infra.work import Work, use_case
from torn_app.kernel.paging import Page
from torn_app.kernel.permissions import VENDEDOR, Permission


@pytest.fixture
def owner(engine: Engine) -> Member:
    return create_member(engine, create_company(engine))


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What this process sends to the database, through whatever pool."""
    sent: list[str] = []

    def listen(_conn: Connection, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    yield sent
    event.remove(Engine, "before_cursor_execute", listen)


def used(person: Member) -> list[KeyUseOut]:
    return person.run(uses.list_key_uses, Page()).rows


@use_case(Permission.MEMBER)
def _issue_and_fail(work: Work) -> None:
    issue_boleta(work)
    raise FolioExhausted(name="prueba")


def test_a_document_is_stored_with_the_use_of_its_keys(engine: Engine, owner: Member, statements: list[str]) -> None:
    before = used(owner)
    seller = create_member(engine, owner.company, role=VENDEDOR)
    statements.clear()
    issued = seller.run(issue_boleta)
    writing = [sent for sent in statements if "key_use" in sent]
    assert len(writing) == 1, "one statement stores the document, its state and the use"
    assert "INSERT INTO" in writing[0]
    assert ".document_event" in writing[0]
    with engine.connect() as connection:
        document = connection.execute(
            text(f"SELECT * FROM {owner.company.schema}.document WHERE id = :id"), {"id": issued.id}
        ).one()
    (row, *rest) = used(owner)
    assert rest == before
    assert row == KeyUseOut(
        id=row.id,
        at=document.created_at,
        proposito="FIRMA_DOCUMENTO",
        certificate_id=document.certificate_id,
        caf_range_id=document.caf_range_id,
        document_id=issued.id,
        user=seller.email,
    )


def test_what_was_taken_back_used_no_key(owner: Member) -> None:
    before = used(owner)
    with pytest.raises(FolioExhausted):
        owner.run(_issue_and_fail)
    assert used(owner) == before


def test_loading_and_signing_for_the_tax_service(owner: Member) -> None:
    born = used(owner)
    assert {row.proposito for row in born} == {"CARGA"}
    assert {row.user for row in born} == {"Torn"}
    assert (len([r for r in born if r.caf_range_id]), len([r for r in born if r.certificate_id])) == (11, 1)
    owner.run(set_ambiente, "CERTIFICACION")
    door = Uploads(owner)
    with standing_for_the_tax_service(IDK_CERTIFICACION) as authority:
        caf_id = door.caf(caf_of(owner, authority)).json()["id"]
    assert door.certificate(certificate_of(owner)).status_code == 201
    certificate_id, _ = owner.run(service.certificate_in_use, "CERTIFICACION")
    unit.run_job(owner.company.schema, service.certificate_in_use, "CERTIFICACION")
    new = used(owner)[: -len(born)]
    assert [(r.proposito, r.caf_range_id, r.certificate_id, r.user) for r in new] == [
        ("FIRMA_ENVIO", None, certificate_id, "Torn"),
        ("FIRMA_ENVIO", None, certificate_id, owner.email),
        ("CARGA", None, certificate_id, owner.email),
        ("CARGA", caf_id, None, owner.email),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET \"user\" = 'otro'",
        "UPDATE {table} SET \"user\" = 'otro' WHERE id = 1",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE false",
        "TRUNCATE {table}",
    ],
)
def test_nobody_changes_what_was_written(engine: Engine, owner: Member, statement: str) -> None:
    before = used(owner)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar_one()
        with pytest.raises(ProgrammingError) as raised:
            connection.execute(text(statement.format(table=f"{owner.company.schema}.key_use")))
    assert isinstance(raised.value.orig, psycopg.errors.InsufficientPrivilege)
    assert "key_use is insert-only" in str(raised.value.orig)
    assert used(owner) == before


def test_the_list_over_http(engine: Engine, owner: Member) -> None:
    for _ in range(3):
        owner.run(issue_boleta)
    door = Uploads(owner)
    answer = door.get("/folios/key-uses", params={"count": True, "limit": 2})
    assert answer.headers["X-Total-Count"] == "15"  # a certificate and eleven ranges were made with the company
    first = answer.json()
    assert set(first[0]) == {"id", "at", "proposito", "certificate_id", "caf_range_id", "document_id", "user"}
    rest = door.get("/folios/key-uses", params={"after": first[-1]["id"]}).json()
    assert [row["id"] for row in first + rest] == [row.id for row in used(owner)]
    assert door.get("/folios/key-uses", params={"limit": 501}).status_code == 422
    seller = create_member(engine, owner.company, role=VENDEDOR)
    refusal(Uploads(seller).get("/folios/key-uses"), 403)
    stranger = create_member(engine, create_company(engine))
    assert {row["document_id"] for row in Uploads(stranger).get("/folios/key-uses").json()} == {None}

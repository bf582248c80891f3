"""Numbers: taken once each, out of loaded ranges only, ranges following each other, files checked and encrypted."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from sqlalchemy import Connection, Engine, TextClause, text

from tests.crowd import at_once
from tests.factories import Member, create_company, create_member
from tests.folios.material import caf_of, certificate_of, set_ambiente, standing_for_the_tax_service
from torn_app.company.models import Issuer
from torn_app.dte.llaves_sii import IDK_CERTIFICACION
from torn_app.dte.tipos import TipoDte
from torn_app.folios import loading, service
from torn_app.folios.errors import (
    CafOverlaps,
    CertificateMissing,
    CertificateNeeded,
    FolioExhausted,
)
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission


@pytest.fixture(scope="module")
def authority() -> Iterator[RSAPrivateKey]:
    """A key that stands for the tax service's of certification while these tests run."""
    with standing_for_the_tax_service(IDK_CERTIFICACION) as key:
        yield key


@pytest.fixture
def owner(engine: Engine) -> Member:
    """The administrator of a company in certification, without ranges or certificate."""
    person = create_member(engine, create_company(engine))
    person.run(set_ambiente, "CERTIFICACION")
    return person


@use_case(Permission.MEMBER)
def _take(work: Work, ambiente: str = "CERTIFICACION", tipo: TipoDte = TipoDte.BOLETA) -> int:
    return service.take(work, tipo, ambiente).folio


@use_case(Permission.MEMBER)
def _take_and_fail(work: Work) -> None:
    service.take(work, TipoDte.BOLETA, "CERTIFICACION")
    raise FolioExhausted(name="prueba")


def test_ranges_follow_each_other_and_end(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_certificate, certificate_of(owner), "clave")
    owner.run(loading.upload_caf, caf_of(owner, authority, 5, 6))
    owner.run(loading.upload_caf, caf_of(owner, authority, 20, 20))
    assert [owner.run(_take) for _ in range(3)] == [5, 6, 20]
    with pytest.raises(FolioExhausted, match="No quedan números autorizados para Boleta"):
        owner.run(_take)


def test_a_refused_sale_gives_its_number_back(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_certificate, certificate_of(owner), "clave")
    owner.run(loading.upload_caf, caf_of(owner, authority, 1, 9))
    for _ in range(3):
        with pytest.raises(FolioExhausted):
            owner.run(_take_and_fail)
    assert owner.run(_take) == 1


def test_sixteen_tills_over_the_end_of_a_range(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_certificate, certificate_of(owner), "clave")
    for desde in (1, 31, 61):
        owner.run(loading.upload_caf, caf_of(owner, authority, desde, desde + 29))
    taken: list[int] = []

    def till() -> None:
        taken.extend(owner.run(_take) for _ in range(5))

    threads = [threading.Thread(target=till) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 81))


def test_a_till_that_waits_in_vain_goes_on_to_a_range_loaded_meanwhile(
    engine: Engine, owner: Member, authority: RSAPrivateKey
) -> None:
    """Other tills hold the last numbers of both ranges and take them while this one waits for each in turn; the third
    range was not there when it began to wait."""
    owner.run(loading.upload_certificate, certificate_of(owner), "clave")
    for folio in (1, 2):
        owner.run(loading.upload_caf, caf_of(owner, authority, folio, folio))
    table = f"{owner.company.schema}.caf_range"
    take_it = f"UPDATE {table} SET last_folio = hasta WHERE ambiente = 'CERTIFICACION' AND desde = :desde"
    taken: list[int] = []
    till = threading.Thread(target=lambda: taken.append(owner.run(_take)))
    with engine.connect() as first, engine.connect() as second:
        first.execute(text(take_it), {"desde": 1})
        second.execute(text(take_it), {"desde": 2})
        till.start()
        _until_somebody_waits_for(engine, first)
        owner.run(loading.upload_caf, caf_of(owner, authority, 3, 3))
        for other in (first, second):
            _until_somebody_waits_for(engine, other)
            other.commit()
    till.join()
    assert taken == [3]


def _until_somebody_waits_for(engine: Engine, other: Connection) -> None:
    backend = other.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE :backend = ANY (pg_blocking_pids(pid))")
    deadline = time.monotonic() + 30
    while not _count(engine, waits, backend):
        assert time.monotonic() < deadline, "nobody came to wait"


def _count(engine: Engine, query: TextClause, backend: int) -> int:
    with engine.connect() as connection:
        return int(connection.execute(query, {"backend": backend}).scalar_one())


def test_of_ranges_that_overlap_loaded_at_once_one_is_kept(owner: Member, authority: RSAPrivateKey) -> None:
    """Their first numbers differ, so no unique key stands between them: only the lock of the type does."""
    files = [caf_of(owner, authority, desde, 50) for desde in range(1, 9)]

    def load(archivo: bytes) -> str:
        try:
            return str(owner.run(loading.upload_caf, archivo).folio_desde)
        except CafOverlaps as error:
            return str(error)

    answers = at_once(load, files)
    (kept,) = [answer for answer in answers if answer.isdigit()]
    assert len([answer for answer in answers if f"ya cargado ({kept}-50)" in answer]) == 7
    assert [row.folio_desde for row in owner.run(loading.list_cafs)] == [int(kept)]


def test_a_range_that_expires_while_in_use_is_left(owner: Member, authority: RSAPrivateKey) -> None:
    """Two ranges of the 31 of August and one of the 1 of September: the last days are the 28 of February (Chile) and
    the 1 of March, and numbers that were not used by then stay unused."""
    born = datetime(2026, 9, 1, 15, tzinfo=UTC)
    owner.run_at(born, loading.upload_certificate, certificate_of(owner, start=born, days=400), "clave")
    for desde, day in ((1, date(2026, 8, 31)), (101, date(2026, 8, 31)), (201, date(2026, 9, 1))):
        archivo = caf_of(owner, authority, desde, desde + 9, tipo=TipoDte.NOTA_CREDITO, fecha_autorizacion=day)
        owner.run_at(born, loading.upload_caf, archivo)

    def take_at(*moment: int) -> int:
        return owner.run_at(datetime(*moment, tzinfo=UTC), _take, "CERTIFICACION", TipoDte.NOTA_CREDITO)

    # Summer time in Chile: its 28 of February ends at 03:00 of the 1 of March, UTC.
    assert [take_at(2027, 2, 28, 12), take_at(2027, 3, 1, 2, 59)] == [1, 2]
    assert take_at(2027, 3, 1, 3, 0) == 201
    assert take_at(2027, 3, 2, 2, 59) == 202
    with pytest.raises(FolioExhausted):
        take_at(2027, 3, 2, 3, 0)


def test_without_a_certificate_nothing_is_signed(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_caf, caf_of(owner, authority, 1, 9))
    with pytest.raises(CertificateNeeded):
        owner.run(_take)
    with pytest.raises(CertificateMissing):
        owner.run(loading.get_certificate)


def test_prueba_makes_its_own_numbers_and_follows_a_corrected_rut(engine: Engine) -> None:
    person = create_member(engine, create_company(engine))

    @use_case(Permission.ADMIN)
    def correct(work: Work) -> None:
        issuer = work.session.get(Issuer, 1)
        assert issuer is not None
        issuer.rut = "76418932-9"
        work.session.add(issuer)

    assert [person.run(_take, "PRUEBA") for _ in range(2)] == [1, 2]
    person.run(correct)
    assert person.run(_take, "PRUEBA") == service.TEST_RANGE + 1
    with engine.begin() as connection:
        connection.execute(text(f'UPDATE "{person.company.schema}".caf_range SET last_folio = hasta'))
    assert person.run(_take, "PRUEBA") == 2 * service.TEST_RANGE + 1


def test_status_counts_what_is_left(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_certificate, certificate_of(owner), "clave")
    owner.run(loading.upload_caf, caf_of(owner, authority, 1, 10))
    owner.run(loading.upload_caf, caf_of(owner, authority, 101, 105))
    owner.run(_take)
    status = {row.dte_type: row for row in owner.run(loading.folio_status)}
    assert list(status) == [33, 34, 39, 41, 52, 56, 61, 110, 111, 112]
    boleta = status[39]
    assert (boleta.available, boleta.total) == (14, 15)
    assert (boleta.latest_folio_desde, boleta.latest_folio_hasta, boleta.fecha_vencimiento) == (101, 105, None)
    assert (status[33].available, status[33].total) == (0, 0)


def test_keys_are_stored_encrypted(engine: Engine, owner: Member, authority: RSAPrivateKey) -> None:
    archivo, pfx = caf_of(owner, authority, 1, 9), certificate_of(owner)
    owner.run(loading.upload_caf, archivo)
    owner.run(loading.upload_certificate, pfx, "clave")
    with engine.connect() as connection:
        schema = owner.company.schema
        stored = [
            connection.execute(
                text(f"SELECT caf_encrypted FROM {schema}.caf_range WHERE ambiente = 'CERTIFICACION'")
            ).scalar_one(),
            connection.execute(
                text(f"SELECT pkcs12_encrypted FROM {schema}.signing_certificate WHERE NOT es_prueba")
            ).scalar_one(),
        ]
    for content in stored:
        assert b"RSA" not in bytes(content)
        assert b"AUTORIZACION" not in bytes(content)
        assert not bytes(content).startswith(b"0")  # a PKCS#12 begins with an ASN.1 sequence

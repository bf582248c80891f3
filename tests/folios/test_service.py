"""Numbers: taken once each, out of loaded ranges only, ranges following each other, files checked and encrypted."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from sqlalchemy import Engine, text

from tests.factories import Member, create_company, create_member
from torn_app.company.models import Issuer
from torn_app.dte.caf import build_caf
from torn_app.dte.llaves_sii import IDK_CERTIFICACION, IDK_PRODUCCION, LLAVES_SII
from torn_app.dte.tipos import TipoDte
from torn_app.folios import loading, service
from torn_app.folios.errors import (
    CafOverlaps,
    CafRefused,
    CertificateMissing,
    CertificateNeeded,
    CertificateRefused,
    FolioExhausted,
)
from torn_app.folios.test_authority import make_stamp_key, make_test_certificate
from torn_app.infra.work import Work, use_case
from torn_app.kernel import clock
from torn_app.kernel.permissions import Permission

NOW = clock.now()
TODAY = clock.santiago_date(NOW)


@pytest.fixture(scope="module")
def authority() -> Iterator[RSAPrivateKey]:
    """A key that stands for the tax service's of certification while these tests run."""
    key = make_stamp_key()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(LLAVES_SII, IDK_CERTIFICACION, key.public_key())
        yield key


@pytest.fixture
def owner(engine: Engine) -> Member:
    """The administrator of a company in certification, without ranges or certificate."""
    person = create_member(engine, create_company(engine))
    person.run(_set_ambiente, "CERTIFICACION")
    return person


@use_case(Permission.ADMIN)
def _set_ambiente(work: Work, ambiente: str) -> None:
    issuer = work.session.get(Issuer, 1)
    assert issuer is not None
    issuer.ambiente = ambiente
    work.session.add(issuer)


@use_case(Permission.MEMBER)
def _take(work: Work, ambiente: str = "CERTIFICACION") -> int:
    return service.take(work, TipoDte.BOLETA, ambiente).folio


@use_case(Permission.MEMBER)
def _take_and_fail(work: Work) -> None:
    service.take(work, TipoDte.BOLETA, "CERTIFICACION")
    raise FolioExhausted(name="prueba")


def caf(
    person: Member, authority: RSAPrivateKey, desde: int, hasta: int, *, idk: int = IDK_CERTIFICACION, **changes: object
) -> bytes:
    values = {
        "rut_emisor": person.company.rut,
        "razon_social": "Ñandú & Cía",
        "tipo": TipoDte.BOLETA,
        "fecha_autorizacion": TODAY,
    } | changes
    return build_caf(
        **values,  # type: ignore[arg-type]
        desde=desde,
        hasta=hasta,
        idk=idk,
        llave=make_stamp_key(),
        llave_autoridad=authority,
    )


def certificate(person: Member, password: str = "clave", days: int = 100) -> bytes:
    return make_test_certificate(
        rut=person.company.rut, nombre="Ana Firma", valid_from=NOW - timedelta(days=2), password=password, days=days
    )


def test_ranges_follow_each_other_and_end(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_certificate, certificate(owner), "clave")
    owner.run(loading.upload_caf, caf(owner, authority, 5, 6))
    owner.run(loading.upload_caf, caf(owner, authority, 20, 20))
    assert [owner.run(_take) for _ in range(3)] == [5, 6, 20]
    with pytest.raises(FolioExhausted, match="No quedan números autorizados para Boleta"):
        owner.run(_take)


def test_a_refused_sale_gives_its_number_back(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_certificate, certificate(owner), "clave")
    owner.run(loading.upload_caf, caf(owner, authority, 1, 9))
    for _ in range(3):
        with pytest.raises(FolioExhausted):
            owner.run(_take_and_fail)
    assert owner.run(_take) == 1


def test_sixteen_tills_over_the_end_of_a_range(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_certificate, certificate(owner), "clave")
    for desde in (1, 31, 61):
        owner.run(loading.upload_caf, caf(owner, authority, desde, desde + 29))
    taken: list[int] = []

    def till() -> None:
        taken.extend(owner.run(_take) for _ in range(5))

    threads = [threading.Thread(target=till) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 81))


def test_without_a_certificate_nothing_is_signed(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_caf, caf(owner, authority, 1, 9))
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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rut_emisor": "76418932-9"}, "otra empresa"),
        ({"idk": IDK_PRODUCCION}, "firma del SII"),
        ({"idk": 77}, "no está firmado por el SII"),
        ({"tipo": TipoDte.FACTURA, "fecha_autorizacion": TODAY - timedelta(days=200)}, "venció"),
    ],
)
def test_a_range_that_is_not_ours_is_refused(
    owner: Member, authority: RSAPrivateKey, change: dict[str, object], message: str
) -> None:
    with pytest.raises(CafRefused, match=message):
        owner.run(loading.upload_caf, caf(owner, authority, 1, 9, **change))  # type: ignore[arg-type]


def test_other_bytes_and_changed_bytes_are_refused(owner: Member, authority: RSAPrivateKey) -> None:
    good = caf(owner, authority, 1, 9)
    for archivo in (b"", b"hola", b"<AUTORIZACION/>", good.replace(b"<H>9</H>", b"<H>99</H>"), good[:-40]):
        with pytest.raises(CafRefused):
            owner.run(loading.upload_caf, archivo)


def test_an_overlapping_range_is_refused(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_caf, caf(owner, authority, 10, 20))
    for desde, hasta in ((10, 20), (1, 10), (20, 30), (12, 13), (5, 50)):
        with pytest.raises(CafOverlaps, match="se cruza"):
            owner.run(loading.upload_caf, caf(owner, authority, desde, hasta))
    assert owner.run(loading.upload_caf, caf(owner, authority, 21, 30)).disponibles == 10
    assert [c.folio_desde for c in owner.run(loading.list_cafs)] == [10, 21]


def test_status_counts_what_is_left(owner: Member, authority: RSAPrivateKey) -> None:
    owner.run(loading.upload_certificate, certificate(owner), "clave")
    owner.run(loading.upload_caf, caf(owner, authority, 1, 10))
    owner.run(loading.upload_caf, caf(owner, authority, 101, 105))
    owner.run(_take)
    status = {row.dte_type: row for row in owner.run(loading.folio_status)}
    assert list(status) == [33, 34, 39, 41, 52, 56, 61, 110, 111, 112]
    boleta = status[39]
    assert (boleta.available, boleta.total) == (14, 15)
    assert (boleta.latest_folio_desde, boleta.latest_folio_hasta, boleta.fecha_vencimiento) == (101, 105, None)
    assert (status[33].available, status[33].total) == (0, 0)


def test_keys_are_stored_encrypted(engine: Engine, owner: Member, authority: RSAPrivateKey) -> None:
    archivo, pfx = caf(owner, authority, 1, 9), certificate(owner)
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


def test_certificates_are_checked(owner: Member) -> None:
    pfx = certificate(owner)
    out = owner.run(loading.upload_certificate, pfx, "clave")
    assert (out.rut, out.subject) == (owner.company.rut, "Ana Firma")
    assert owner.run(loading.get_certificate).serial == out.serial
    for archivo, password in ((pfx, "otra"), (b"nada", "clave"), (certificate(owner, days=1), "clave")):
        with pytest.raises(CertificateRefused):
            owner.run(loading.upload_certificate, archivo, password)

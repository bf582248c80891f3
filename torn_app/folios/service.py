"""Authorised numbers and the certificate: storing them, and taking the next number.

Nothing is invented: a number comes out of a loaded range or not at all. In mode PRUEBA the ranges and the
certificate are Torn's own and are renewed by themselves.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from sqlalchemy import Row, bindparam, func, or_, select, text, update
from sqlmodel import select as select_row

from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.dte.caf import Caf, build_caf, parse_caf
from torn_app.dte.firma import Certificado, load_certificado
from torn_app.dte.tipos import TipoDte
from torn_app.folios import keys, uses
from torn_app.folios.errors import (
    CertificateNeeded,
    FolioExhausted,
)
from torn_app.folios.models import CafRange, SigningCertificate, caf_place, certificate_place
from torn_app.folios.test_authority import IDK_PRUEBA, make_stamp_key, make_test_certificate
from torn_app.folios.uses import Purpose, Who
from torn_app.infra import crypto
from torn_app.infra.sealed import is_kept
from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import Work
from torn_app.kernel import clock

PRUEBA, CERTIFICACION = "PRUEBA", "CERTIFICACION"
TEST_TYPES = (33, 34, 39, 41, 46, 52, 56, 61, 110, 111, 112)
TEST_RANGE = 100_000
"""Numbers in a test range."""

_ranges = CafRange.__table__  # type: ignore[attr-defined]
_certificates = SigningCertificate.__table__  # type: ignore[attr-defined]

_ANY_LEFT = (
    select(_ranges.c.id)
    .where(
        _ranges.c.ambiente == bindparam("of_ambiente"),
        _ranges.c.dte_type == bindparam("of_type"),
        # A company may correct its RUT; numbers authorised for the former one are not its own any more.
        _ranges.c.rut_emisor == bindparam("of_rut"),
        _ranges.c.last_folio < _ranges.c.hasta,
        or_(_ranges.c.fecha_vencimiento.is_(None), _ranges.c.fecha_vencimiento >= bindparam("today")),
        is_kept(_ranges.c.caf_encrypted),
    )
    .limit(1)
)
_LIVING = _ANY_LEFT.order_by(_ranges.c.desde).with_for_update()
_TAKE = (
    update(_ranges)
    .where(_ranges.c.id == _LIVING.scalar_subquery())
    .values(last_folio=_ranges.c.last_folio + 1)
    .returning(_ranges.c.id, _ranges.c.last_folio, _ranges.c.desde, _ranges.c.caf_encrypted)
)
_CERTIFICATE = (
    select(_certificates.c.id, _certificates.c.serial, _certificates.c.pkcs12_encrypted)
    .where(
        _certificates.c.es_prueba == bindparam("es_prueba"),
        _certificates.c.valid_from <= bindparam("now"),
        _certificates.c.valid_to > bindparam("now"),
        is_kept(_certificates.c.pkcs12_encrypted),
    )
    .order_by(_certificates.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A number taken, with all that is needed to sign it. No key shows in its repr."""

    folio: int
    caf_range_id: int
    certificate_id: int
    caf: Caf
    caf_key: RSAPrivateKey
    certificado: Certificado

    def __repr__(self) -> str:
        return f"Taken(folio={self.folio}, caf_range_id={self.caf_range_id})"


# --- taking a number -------------------------------------------------------------------------------------------------


def take(work: Work, tipo: TipoDte, ambiente: str) -> Taken:
    """Take the next number of a type, for good if this transaction commits and not at all if it does not.

    The range's row stays locked until then: take it last. Ranges follow each other by themselves.

    Raises:
        FolioExhausted: no living range has a number left (outside PRUEBA, where a new test range is made).
        CertificateNeeded: there is no valid certificate to sign with.
    """
    issuer = company.get_issuer_row(work)
    row = _take_number(work, tipo, ambiente, issuer.rut)
    if row is None and ambiente == PRUEBA:
        _add_test_ranges(work.session, issuer, [int(tipo)], work.now)
        row = _take_number(work, tipo, ambiente, issuer.rut)
    if row is None:
        raise FolioExhausted(name=tipo.nombre)
    return _opened(work, tipo, ambiente, row, row.last_folio)


def take_again(work: Work, tipo: TipoDte, ambiente: str, caf_range_id: int, folio: int) -> Taken | None:
    """Return a number taken before for a document that counts as not issued, or None when its range is dead: expired,
    or authorised for another RUT.

    Raises:
        CertificateNeeded: there is no valid certificate to sign with.
    """
    row = work.connection.execute(
        select(_ranges.c.id, _ranges.c.desde, _ranges.c.caf_encrypted).where(
            _ranges.c.id == caf_range_id,
            _ranges.c.ambiente == ambiente,
            _ranges.c.rut_emisor == company.get_issuer_row(work).rut,
            or_(_ranges.c.fecha_vencimiento.is_(None), _ranges.c.fecha_vencimiento >= work.today),
            is_kept(_ranges.c.caf_encrypted),
        )
    ).first()
    return None if row is None else _opened(work, tipo, ambiente, row, folio)


def _opened(work: Work, tipo: TipoDte, ambiente: str, row: Row[Any], folio: int) -> Taken:
    certificate_id, certificado = _certificate(work, ambiente)
    place = caf_place(ambiente, int(tipo), row.desde)
    caf, caf_key = keys.open_caf(work.session.schema, place, row.caf_encrypted)
    return Taken(folio, row.id, certificate_id, caf, caf_key, certificado)


def _take_number(work: Work, tipo: TipoDte, ambiente: str, rut: str) -> Row[Any] | None:
    wanted = {"of_ambiente": ambiente, "of_type": int(tipo), "of_rut": rut, "today": work.today}
    # Whoever waited for the last number of a range goes on to the ranges that were there when the statement began; one
    # loaded while it waited is seen at the next look.
    while (row := work.connection.execute(_TAKE, wanted).first()) is None:
        if work.connection.execute(_ANY_LEFT, wanted).first() is None:
            return None
    return row


def certificate_in_use(work: Work, ambiente: str, purpose: Purpose = Purpose.FIRMA_ENVIO) -> tuple[int, Certificado]:
    """Return the certificate that signs now, with the id of its row, and write down that it is used and what for.

    A document is signed with what `take` gives; that use is written down with the document.

    Raises:
        CertificateNeeded: there is no valid certificate.
    """
    certificate_id, certificado = _certificate(work, ambiente)
    uses.record(work.session, work.now, purpose, Who.of(work.actor), certificate_id=certificate_id)
    return certificate_id, certificado


def _certificate(work: Work, ambiente: str) -> tuple[int, Certificado]:
    wanted = {"es_prueba": ambiente == PRUEBA, "now": work.now}
    row = work.connection.execute(_CERTIFICATE, wanted).first()
    if row is None and ambiente == PRUEBA:
        _add_test_certificate(work.session, company.get_issuer_row(work), work.now)
        row = work.connection.execute(_CERTIFICATE, wanted).first()
    if row is None:
        raise CertificateNeeded()
    place = certificate_place(row.serial)
    return row.id, keys.open_certificate(work.session.schema, place, row.pkcs12_encrypted)


# --- storing ---------------------------------------------------------------------------------------------------------


def seed_test_material(session: TenantSession, issuer: Issuer, now: datetime) -> None:
    """Give a new company what it needs to sell in mode PRUEBA: a test certificate and test ranges of every type."""
    _add_test_certificate(session, issuer, now)
    _add_test_ranges(session, issuer, TEST_TYPES, now)


def _add_test_certificate(session: TenantSession, issuer: Issuer, now: datetime) -> None:
    archivo = make_test_certificate(
        rut=issuer.rut, nombre=f"Certificado de prueba {issuer.rut}", valid_from=now - timedelta(days=1), password=None
    )
    store_certificate(session, archivo, None, load_certificado(archivo, None), now, es_prueba=True)


def _add_test_ranges(session: TenantSession, issuer: Issuer, types: tuple[int, ...] | list[int], now: datetime) -> None:
    # A test range protects nothing, so the ranges made together share their keys; making one takes a while.
    stamp_key, authority_key = make_stamp_key(), make_stamp_key()
    for dte_type in types:
        lock_type(session, PRUEBA, dte_type)
        last = session.execute(
            select(func.coalesce(func.max(_ranges.c.hasta), 0)).where(
                _ranges.c.ambiente == PRUEBA, _ranges.c.dte_type == dte_type
            )
        ).scalar_one()
        archivo = build_caf(
            rut_emisor=issuer.rut,
            razon_social=issuer.razon_social,
            tipo=TipoDte(dte_type),
            desde=last + 1,
            hasta=last + TEST_RANGE,
            fecha_autorizacion=clock.santiago_date(now),
            idk=IDK_PRUEBA,
            llave=stamp_key,
            llave_autoridad=authority_key,
        )
        store_caf(session, archivo, parse_caf(archivo), PRUEBA, now)


def lock_type(session: TenantSession, ambiente: str, dte_type: int) -> None:
    """Let one transaction at a time add ranges of a type."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:name))"),
        {"name": f"{session.schema}:caf:{ambiente}:{dte_type}"},
    )


def store_caf(
    session: TenantSession, archivo: bytes, caf: Caf, ambiente: str, now: datetime, by: Who = uses.TORN
) -> CafRange:
    """Store a checked range, its file encrypted, and flush it. `by` loaded it."""
    row = CafRange(
        ambiente=ambiente,
        dte_type=int(caf.tipo),
        rut_emisor=caf.rut_emisor,
        desde=caf.desde,
        hasta=caf.hasta,
        last_folio=caf.desde - 1,
        fecha_autorizacion=caf.fecha_autorizacion,
        fecha_vencimiento=caf.vence,
        caf_encrypted=crypto.encrypt(session.schema, caf_place(ambiente, int(caf.tipo), caf.desde), archivo),
        created_at=now,
    )
    session.add(row)
    session.flush()
    uses.record(session, now, Purpose.CARGA, by, caf_range_id=row.id)
    return row


def restore_caf(
    session: TenantSession, archivo: bytes, caf: Caf, ambiente: str, now: datetime, by: Who
) -> CafRange | None:
    """Store the file of a range again whose key was lost with a TORN_SECRET_KEY, and go on where its numbers were left.

    Returns None when the range is not there or nothing is lost.
    """
    row = session.exec(
        select_row(CafRange).where(
            CafRange.ambiente == ambiente,
            CafRange.dte_type == int(caf.tipo),
            CafRange.desde == caf.desde,
            CafRange.hasta == caf.hasta,
            CafRange.fecha_autorizacion == caf.fecha_autorizacion,
            ~is_kept(_ranges.c.caf_encrypted),
        )
    ).first()
    if row is None:
        return None
    row.caf_encrypted = crypto.encrypt(session.schema, caf_place(ambiente, int(caf.tipo), caf.desde), archivo)
    session.add(row)
    session.flush()
    uses.record(session, now, Purpose.CARGA, by, caf_range_id=row.id)
    return row


def store_certificate(
    session: TenantSession,
    archivo: bytes,
    password: str | None,
    certificado: Certificado,
    now: datetime,
    by: Who = uses.TORN,
    *,
    es_prueba: bool = False,
) -> SigningCertificate:
    """Store an opened certificate re-packed without its password inside our own encryption, and flush it.

    `by` loaded it.
    """
    key, certificate, chain = pkcs12.load_key_and_certificates(archivo, password.encode() if password else None)
    repacked = pkcs12.serialize_key_and_certificates(None, key, certificate, chain, NoEncryption())  # type: ignore[arg-type]
    row = SigningCertificate(
        es_prueba=es_prueba,
        pkcs12_encrypted=crypto.encrypt(session.schema, certificate_place(certificado.serie), repacked),
        subject=certificado.titular,
        rut=certificado.rut,
        issuer=certificado.emisor,
        serial=certificado.serie,
        valid_from=certificado.valido_desde,
        valid_to=certificado.valido_hasta,
        created_at=now,
    )
    session.add(row)
    session.flush()
    uses.record(session, now, Purpose.CARGA, by, certificate_id=row.id)
    return row

"""Looking at numbers and certificate, and loading them: what the settings screens and the API do."""

from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from torn_app.cash.service import local_staff
from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.dte.caf import Caf, parse_caf
from torn_app.dte.errores import DteError
from torn_app.dte.firma import load_certificado
from torn_app.dte.llaves_sii import IDK_CERTIFICACION, LLAVES_SII
from torn_app.dte.tipos import TipoDte
from torn_app.folios import service as folios
from torn_app.folios.errors import CafOverlaps, CafRefused, CertificateMissing, CertificateRefused
from torn_app.folios.models import CafRange, SigningCertificate
from torn_app.folios.schemas import CafOut, CertificateOut, FolioPoolOut, FolioStockOut
from torn_app.folios.uses import Who
from torn_app.infra.sealed import is_kept
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission

PRUEBA, CERTIFICACION, PRODUCCION = "PRUEBA", "CERTIFICACION", "PRODUCCION"
STATUS_TYPES = (33, 34, 39, 41, 52, 56, 61, 110, 111, 112)
"""Types of the status list, in the order the contract answers them."""

_ranges = CafRange.__table__  # type: ignore[attr-defined]
_certificates = SigningCertificate.__table__  # type: ignore[attr-defined]


@use_case(Permission.MEMBER)
def folio_status(work: Work) -> list[FolioStockOut]:
    """Return what is left of each type in the current mode: always ten rows, zeros without a range."""
    local_staff(work)
    issuer = company.get_issuer_row(work)
    rows = work.session.execute(
        select(_ranges)
        .where(
            _ranges.c.ambiente == issuer.ambiente,
            _ranges.c.rut_emisor == issuer.rut,
            is_kept(_ranges.c.caf_encrypted),
        )
        .order_by(_ranges.c.dte_type, _ranges.c.desde)
    ).all()
    answer = []
    for dte_type in STATUS_TYPES:
        living = [r for r in rows if r.dte_type == dte_type and _is_living(r.fecha_vencimiento, work.today)]
        latest = living[-1] if living else None
        answer.append(
            FolioStockOut(
                dte_type=dte_type,
                available=sum(r.hasta - r.last_folio for r in living),
                total=sum(r.hasta - r.desde + 1 for r in living),
                latest_folio_hasta=latest.hasta if latest else 0,
                latest_folio_desde=latest.desde if latest else 0,
                fecha_vencimiento=latest.fecha_vencimiento if latest else None,
            )
        )
    return answer


def pool_of(work: Work, tipo: TipoDte, ambiente: str) -> FolioPoolOut:
    """Return what a type has left to take now."""
    rows = work.session.execute(
        select(_ranges.c.hasta, _ranges.c.last_folio, _ranges.c.fecha_vencimiento).where(
            _ranges.c.ambiente == ambiente,
            _ranges.c.dte_type == int(tipo),
            _ranges.c.rut_emisor == company.get_issuer_row(work).rut,
            _ranges.c.last_folio < _ranges.c.hasta,
            is_kept(_ranges.c.caf_encrypted),
        )
    ).all()
    living = [row for row in rows if _is_living(row.fecha_vencimiento, work.today)]
    ends = [row.fecha_vencimiento for row in living if row.fecha_vencimiento is not None]
    return FolioPoolOut(
        disponibles=sum(row.hasta - row.last_folio for row in living), fecha_vencimiento=min(ends, default=None)
    )


def last_number(work: Work, tipo: TipoDte, ambiente: str) -> int:
    """Return the last number of all loaded ranges of a type; 0 without a range."""
    statement = select(func.coalesce(func.max(_ranges.c.hasta), 0)).where(
        _ranges.c.ambiente == ambiente, _ranges.c.dte_type == int(tipo)
    )
    return int(work.session.scalar(statement) or 0)


@use_case(Permission.ADMIN)
def list_cafs(work: Work) -> list[CafOut]:
    """Return the loaded ranges of the current mode."""
    ambiente = company.get_issuer_row(work).ambiente
    rows = work.session.execute(
        select(_ranges)
        .where(_ranges.c.ambiente == ambiente, is_kept(_ranges.c.caf_encrypted))
        .order_by(_ranges.c.dte_type, _ranges.c.desde)
    )
    return [_caf_out(row) for row in rows]


@use_case(Permission.ADMIN)
def upload_caf(work: Work, archivo: bytes) -> CafOut:
    """Load a range as downloaded from the tax service. The file is kept byte for byte, encrypted.

    It goes to the mode its key number says: 100 is CERTIFICACION, 300 PRODUCCION, another one PRUEBA.

    Raises:
        CafRefused: not a CAF, of another company, of another mode, changed, not in force yet, or expired.
        CafOverlaps: some of its numbers are loaded already.
    """
    try:
        caf = parse_caf(archivo)
    except DteError as error:
        raise CafRefused(str(error)) from error
    issuer = company.get_issuer_row(work)
    if caf.rut_emisor != issuer.rut:
        raise CafRefused(f"El CAF es de otra empresa ({caf.rut_emisor}).")
    ambiente = _ambiente_of(caf, issuer)
    if caf.fecha_autorizacion > work.today:
        raise CafRefused(f"El CAF rige recién desde el {caf.fecha_autorizacion:%d-%m-%Y}.")
    if caf.vence is not None and caf.vence < work.today:
        raise CafRefused(f"El CAF venció el {caf.vence:%d-%m-%Y}. Pide un rango nuevo al SII.")
    folios.lock_type(work.session, ambiente, int(caf.tipo))
    who = Who.of(work.actor)
    restored = folios.restore_caf(work.session, archivo, caf, ambiente, work.now, who)
    if restored is not None:
        return _caf_out(restored)
    other = work.session.execute(
        select(_ranges.c.desde, _ranges.c.hasta).where(
            _ranges.c.ambiente == ambiente,
            _ranges.c.dte_type == int(caf.tipo),
            _ranges.c.desde <= caf.hasta,
            _ranges.c.hasta >= caf.desde,
        )
    ).first()
    if other is not None:
        raise CafOverlaps(desde=caf.desde, hasta=caf.hasta, other_desde=other.desde, other_hasta=other.hasta)
    return _caf_out(folios.store_caf(work.session, archivo, caf, ambiente, work.now, who))


@use_case(Permission.ADMIN)
def upload_certificate(work: Work, archivo: bytes, password: str) -> CertificateOut:
    """Load the company's signing certificate (.p12, .pfx). Its key is stored encrypted and never leaves.

    Raises:
        CertificateRefused: wrong password, no private key, not RSA, too short, no RUT, damaged, or out of date.
    """
    try:
        certificado = load_certificado(archivo, password)
        certificado.check_valid_at(work.now)
    except DteError as error:
        raise CertificateRefused(str(error)) from error
    return CertificateOut.model_validate(
        folios.store_certificate(work.session, archivo, password, certificado, work.now, Who.of(work.actor))
    )


@use_case(Permission.ADMIN)
def get_certificate(work: Work) -> CertificateOut:
    """Return the certificate in use: in PRUEBA the test one while the company has none of its own."""
    row = work.session.scalars(
        select(SigningCertificate)
        .where(is_kept(_certificates.c.pkcs12_encrypted))
        .order_by(_certificates.c.es_prueba, _certificates.c.id.desc())
        .limit(1)
    ).first()
    ambiente = company.get_issuer_row(work).ambiente
    if row is None or (row.es_prueba and ambiente != PRUEBA):
        raise CertificateMissing()
    return CertificateOut.model_validate(row)


def _ambiente_of(caf: Caf, issuer: Issuer) -> str:
    """Return the mode a range is for, by the number of the key that signed it (IDK)."""
    if caf.idk not in LLAVES_SII:
        # Nobody can tell who signed it: good for trying out, never for real documents.
        if issuer.ambiente != PRUEBA:
            raise CafRefused("El CAF no está firmado por el SII.")
        return PRUEBA
    ambiente = CERTIFICACION if caf.idk == IDK_CERTIFICACION else PRODUCCION
    if issuer.ambiente not in (PRUEBA, ambiente):
        raise CafRefused(f"El CAF es de {ambiente.lower()} y la empresa está en {issuer.ambiente.lower()}.")
    return ambiente


def _is_living(vence: date | None, today: date) -> bool:
    return vence is None or vence >= today


def _caf_out(row: CafRange | Row[Any]) -> CafOut:
    assert row.id is not None
    return CafOut(
        id=row.id,
        dte_type=row.dte_type,
        folio_desde=row.desde,
        folio_hasta=row.hasta,
        fecha_autorizacion=row.fecha_autorizacion,
        fecha_vencimiento=row.fecha_vencimiento,
        ambiente=row.ambiente,
        disponibles=row.hasta - row.last_folio,
    )

"""What a company has to issue with, for the forecast: numbers in the order they are taken, and the certificate."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import and_, select

from torn_app.company import service as company
from torn_app.folios.models import CafRange, SigningCertificate
from torn_app.folios.rules import Level, Lot, certificate_level
from torn_app.folios.schemas import CertificateOutlookOut
from torn_app.infra.sealed import is_kept
from torn_app.infra.work import Work
from torn_app.kernel import clock

PRUEBA = "PRUEBA"

_ranges = CafRange.__table__  # type: ignore[attr-defined]
_certificates = SigningCertificate.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The ranges of a mode."""

    types: frozenset[int]
    """Types that ever had a range."""
    living: dict[int, list[Lot]]
    """Type -> what is left, in the order it will be taken."""
    expired: dict[int, int]
    """Type -> numbers that expired unused, or whose key is lost: they must be voided at the tax service."""


def loaded(work: Work, ambiente: str) -> Loaded:
    """Return what is left of the ranges of a mode that were authorised for the company's RUT."""
    rows = work.connection.execute(
        select(
            _ranges.c.dte_type,
            _ranges.c.hasta,
            _ranges.c.last_folio,
            _ranges.c.fecha_vencimiento,
            is_kept(_ranges.c.caf_encrypted).label("is_kept"),
        )
        .where(_ranges.c.ambiente == ambiente, _ranges.c.rut_emisor == company.get_issuer_row(work).rut)
        .order_by(_ranges.c.desde)
    ).all()
    living: defaultdict[int, list[Lot]] = defaultdict(list)
    expired: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        left = row.hasta - row.last_folio
        if not row.is_kept or (row.fecha_vencimiento is not None and row.fecha_vencimiento < work.today):
            expired[row.dte_type] += left
        elif left:
            living[row.dte_type].append(Lot(left, row.fecha_vencimiento))
    return Loaded(frozenset(row.dte_type for row in rows), dict(living), dict(expired))


def certificate_outlook(work: Work, ambiente: str) -> CertificateOutlookOut:
    """Return how long the certificate that signs in a mode lasts: the newest that is in force, else the newest."""
    in_force = and_(_certificates.c.valid_from <= work.now, _certificates.c.valid_to > work.now)
    row = work.connection.execute(
        select(_certificates.c.subject, _certificates.c.rut, _certificates.c.valid_to)
        .where(_certificates.c.es_prueba == (ambiente == PRUEBA), is_kept(_certificates.c.pkcs12_encrypted))
        .order_by(in_force.desc(), _certificates.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return CertificateOutlookOut(
            nivel=Level.SIN_CARGAR.value, subject=None, rut=None, valid_to=None, dias_restantes=None
        )
    # Over from the very moment, not from the end of that day on.
    days = (clock.santiago_date(row.valid_to) - work.today).days if row.valid_to > work.now else -1
    return CertificateOutlookOut(
        nivel=certificate_level(days).value,
        subject=row.subject,
        rut=row.rut,
        valid_to=row.valid_to,
        dias_restantes=max(days, 0),
    )

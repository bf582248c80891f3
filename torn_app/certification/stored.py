"""What the use cases of a certification share: attempts kept, their documents, the envelopes they travel in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from torn_app.certification.errors import CertificationRefused, OtherText
from torn_app.certification.models import CertificationCase, CertificationSet
from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.documents.models import Document
from torn_app.dte.sobre import Caratula, build_envio_boleta, build_envio_dte
from torn_app.dte.tipos import TipoDte
from torn_app.folios import service as folios
from torn_app.infra.work import Work

SIMULATION = "SIMULACION"
"""In the place of the attention number of the set of simulation."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload and its name."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class IssuedCase:
    """The document of a case. Its total is in pesos; of an export 0 without exchange rate."""

    number: int
    tipo: TipoDte
    folio: int
    monto_total: int


@dataclass(frozen=True, slots=True)
class IssuedSet:
    """A set issued, now or by an earlier run of the same attempt (`repeated`)."""

    attention: str
    attempt: int
    cases: tuple[IssuedCase, ...]
    files: tuple[File, ...]
    repeated: bool


def issuer_of(work: Work) -> Issuer:
    """Return the company as issuer. Raises CertificationRefused in PRODUCCION or without its date of enrolment."""
    issuer = company.get_issuer_row(work)
    if issuer.ambiente == "PRODUCCION":
        raise CertificationRefused("La empresa está en producción: la certificación ya pasó")
    if issuer.ambiente == folios.CERTIFICACION and issuer.resolucion_fecha is None:
        raise CertificationRefused("Falta la fecha de inscripción de la empresa en el ambiente de certificación")
    return issuer


def resolution_date(work: Work, issuer: Issuer) -> date:
    """Return the date of the resolution; in PRUEBA, where there is none, today."""
    return issuer.resolucion_fecha or work.today


def find(work: Work, ambiente: str, attention: str, attempt: int) -> CertificationSet | None:
    """Return an attempt, None when it was not made."""
    return work.session.exec(
        select(CertificationSet).where(
            CertificationSet.ambiente == ambiente,
            CertificationSet.attention == attention,
            CertificationSet.attempt == attempt,
        )
    ).first()


def earlier(work: Work, ambiente: str, attention: str, attempt: int, content_hash: str) -> CertificationSet | None:
    """Return the same attempt of an earlier run. Raises OtherText when it was of something else."""
    row = find(work, ambiente, attention, attempt)
    if row is not None and row.content_hash != content_hash:
        raise OtherText(attempt=attempt, attention=attention)
    return row


def begin(work: Work, ambiente: str, attention: str, attempt: int, content_hash: str) -> tuple[CertificationSet, int]:
    """Write an attempt down, with its id. A run at the same time waits here, and then finds this one's row."""
    if attempt < 1:
        raise CertificationRefused("Los intentos se cuentan desde 1")
    row = CertificationSet(
        ambiente=ambiente,
        attention=attention,
        attempt=attempt,
        content_hash=content_hash,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    assert row.id is not None
    return row, row.id


def documents_of(work: Work, set_id: int) -> list[tuple[int, Document]]:
    """Return the documents of an attempt with their case numbers, in order."""
    rows = work.session.exec(
        select(CertificationCase.case_number, Document)
        .join(Document, col(Document.id) == CertificationCase.document_id)
        .where(CertificationCase.set_id == set_id)
        .order_by(col(CertificationCase.case_number))
    )
    return [(number, one) for number, one in rows]


def envelope(work: Work, issuer: Issuer, dtes: Sequence[bytes], *, boletas: bool = False) -> bytes | None:
    """Return the signed envelope of some documents; None without any."""
    if not dtes:
        return None
    _, certificado = folios.certificate_in_use(work, issuer.ambiente)
    cover = Caratula(
        rut_emisor=issuer.rut,
        rut_envia=certificado.rut,
        # The resolution of certification is number 0 (SII, Instructivo Técnico DTE, envelope).
        fecha_resolucion=resolution_date(work, issuer),
        numero_resolucion=0,
    )
    return (build_envio_boleta if boletas else build_envio_dte)(dtes, cover, certificado, work.now)


def answer(work: Work, row: CertificationSet, *, repeated: bool, book: str = "libro") -> IssuedSet:
    """Return what an attempt left."""
    assert row.id is not None
    cases = tuple(
        IssuedCase(number, TipoDte(one.tipo_dte), one.folio, one.monto_total)
        for number, one in documents_of(work, row.id)
    )
    kept = (
        ("envio-dte", row.envio_dte),
        ("envio-boleta", row.envio_boleta),
        ("consumo-folios", row.consumo_folios),
        (book, row.libro),
    )
    files = tuple(
        File(f"set-{row.attention}_intento-{row.attempt}_{name}.xml", content) for name, content in kept if content
    )
    return IssuedSet(row.attention, row.attempt, cases, files, repeated)

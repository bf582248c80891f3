"""Issuing a set: its documents with numbers in the order of the cases, and its envelopes, in one transaction."""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from sqlmodel import col, select

from torn_app.certification.cases import Emitted, descuentos, detalles, document, gross_notes, resolve
from torn_app.certification.errors import CertificationRefused
from torn_app.certification.models import CertificationCase, CertificationSet
from torn_app.certification.sets import Case, TestSet
from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.impresion import printed_copy
from torn_app.dte.sobre import Caratula, build_envio_boleta, build_envio_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, totals_of
from torn_app.folios import service as folios
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.printing import render_pdf

MAX_SAMPLE_BYTES = 500_000
"""A printed sample's PDF (tax service, certification upload)."""
_NOT_YET = frozenset(tipo for tipo in TipoDte if tipo.es_exportacion) | {TipoDte.FACTURA_COMPRA}
"""Their texts are read; currency, customs data and withheld VAT are not on the documents made here."""
SIMULATION_MIN, SIMULATION_MAX = 10, 100
_SALE = 1
"""IndTraslado of a guide that is a sale: the only one with an assignable copy."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed envelope and the name of its file."""

    name: str
    xml: bytes


@dataclass(frozen=True, slots=True)
class IssuedCase:
    """The document of a case."""

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
    envelopes: tuple[Envelope, ...]
    repeated: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """A printed sample and the name of its file."""

    name: str
    pdf: bytes


def review(test_set: TestSet) -> tuple[tuple[Case, Totales], ...]:
    """Return each case with its whole lines and the totals its document will have. Takes no number, reads no database.

    Raises SetRefused.
    """
    return tuple(
        (
            case,
            totals_of(case.tipo, detalles(case), descuentos(case), montos_brutos=gross_notes(test_set, case)),
        )
        for case in resolve(test_set)
    )


@use_case(Permission.ADMIN)
@documents.refusals
def issue_set(work: Work, test_set: TestSet, attempt: int = 1) -> IssuedSet:
    """Issue a set and return its envelopes: documents in one, boletas in another.

    The same set and attempt again gives the same envelopes and takes no numbers. Of two runs at once
    the second waits for the row of the first and then finds its envelopes.

    Raises:
        CertificationRefused: the company is in PRODUCCION or without resolution date, the set is of a book, of
            exports or of purchase invoices, or the attempt was of another text.
        FolioExhausted, CertificateNeeded, DocumentRefused: a document cannot be issued. Nothing is kept then.
    """
    issuer = _issuer(work)
    if not test_set.cases:
        raise CertificationRefused(f"El set {test_set.attention} es de un libro: no tiene documentos que emitir")
    strange = sorted({case.tipo.nombre for case in test_set.cases if case.tipo in _NOT_YET})
    if strange:
        raise CertificationRefused(f"El set {test_set.attention} pide documentos que el kit no emite: {strange[0]}")
    cases = [replace(case, line=0) for case in resolve(test_set)]
    content = sha256(repr(cases).encode()).hexdigest()
    earlier = _stored(work, issuer.ambiente, test_set.attention, attempt)
    if earlier is not None:
        if earlier.content_hash != content:
            raise CertificationRefused(
                f"El intento {attempt} del set {test_set.attention} ya se emitió con otro texto: usa otro intento"
            )
        return _answer(work, earlier, repeated=True)
    row = CertificationSet(
        ambiente=issuer.ambiente,
        attention=test_set.attention,
        attempt=attempt,
        content_hash=content,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    assert row.id is not None
    emitted: dict[int, Emitted] = {}
    for case in cases:
        draft = document(test_set, case, emisor=documents.emisor(issuer), fecha=work.today, emitted=emitted)
        issued = documents.issue(work, draft, sale_id=None, ambiente=issuer.ambiente, send=False)
        emitted[case.number] = Emitted(case.tipo, issued.folio, work.today)
        work.session.add(CertificationCase(set_id=row.id, case_number=case.number, document_id=issued.id))
    work.session.flush()
    stored = _documents(work, row.id)
    boletas = [one.xml for _, one in stored if TipoDte(one.tipo_dte).es_boleta]
    others = [one.xml for _, one in stored if not TipoDte(one.tipo_dte).es_boleta]
    row.envio_dte = _envelope(work, issuer, others, boletas=False)
    row.envio_boleta = _envelope(work, issuer, boletas, boletas=True)
    work.session.flush()
    return _answer(work, row, repeated=False)


@use_case(Permission.ADMIN)
@documents.refusals
def simulation(work: Work, desde: date) -> Envelope:
    """Return one envelope with the newest documents, 10 to 100, that the company issued since `desde` in its mode.

    They are those of its ordinary sales: neither boletas, which travel apart, nor documents of a set.

    Raises CertificationRefused when there are fewer than ten.
    """
    issuer = _issuer(work)
    of_a_set = select(CertificationCase.document_id)
    found = work.session.exec(
        select(Document.xml)
        .where(
            Document.ambiente == issuer.ambiente,
            col(Document.tipo_dte).not_in([int(t) for t in TipoDte if t.es_boleta]),
            Document.fecha_emision >= desde,
            col(Document.replaced_at).is_(None),
            col(Document.id).not_in(of_a_set),
        )
        .order_by(col(Document.id).desc())
        .limit(SIMULATION_MAX)
    ).all()
    if len(found) < SIMULATION_MIN:
        raise CertificationRefused(
            f"La simulación necesita {SIMULATION_MIN} documentos y hay {len(found)} desde el {desde:%d-%m-%Y}"
        )
    xml = _envelope(work, issuer, list(reversed(found)), boletas=False)
    assert xml is not None
    return Envelope("simulacion.xml", xml)


@use_case(Permission.ADMIN)
@documents.refusals
def samples(work: Work, attention: str, attempt: int = 1) -> tuple[Sample, ...]:
    """Return the PDFs of an issued set: one per document, and the assignable copy of those that have one.

    Raises CertificationRefused: the set was not issued, or a PDF is larger than 500 KB.
    """
    issuer = _issuer(work)
    row = _stored(work, issuer.ambiente, attention, attempt)
    if row is None or row.id is None:
        raise CertificationRefused(f"El set {attention}, intento {attempt}, aún no se ha emitido")
    found = []
    for number, one in _documents(work, row.id):
        for cedible in (False, True) if _has_assignable_copy(one) else (False,):
            copy = printed_copy(
                one.xml,
                resolucion_numero=0,
                resolucion_fecha=issuer.resolucion_fecha or one.fecha_emision,
                sucursal_sii=issuer.sucursal_sii or issuer.comuna,
                cedible=cedible,
                sin_validez=one.ambiente == documents.PRUEBA,
            )
            pdf = render_pdf(copy, "carta")
            name = f"caso-{attention}-{number}_tipo-{one.tipo_dte}_folio-{one.folio}{'_cedible' if cedible else ''}.pdf"
            if len(pdf) > MAX_SAMPLE_BYTES:
                raise CertificationRefused(f"La muestra {name} pesa más de 500 KB")
            found.append(Sample(name, pdf))
    return tuple(found)


def _has_assignable_copy(document: Document) -> bool:
    tipo = TipoDte(document.tipo_dte)
    if not tipo.es_guia:
        return tipo.es_cedible
    return f"<IndTraslado>{_SALE}</IndTraslado>".encode() in document.xml


def _issuer(work: Work) -> Issuer:
    issuer = company.get_issuer_row(work)
    if issuer.ambiente == "PRODUCCION":
        raise CertificationRefused("La empresa está en producción: la certificación ya pasó")
    if issuer.ambiente == folios.CERTIFICACION and issuer.resolucion_fecha is None:
        raise CertificationRefused("Falta la fecha de inscripción de la empresa en el ambiente de certificación")
    return issuer


def _envelope(work: Work, issuer: Issuer, dtes: list[bytes], *, boletas: bool) -> bytes | None:
    if not dtes:
        return None
    _, certificado = folios.certificate_in_use(work, issuer.ambiente)
    cover = Caratula(
        rut_emisor=issuer.rut,
        rut_envia=certificado.rut,
        # The resolution of certification is number 0 (SII, Instructivo Técnico DTE, envelope).
        fecha_resolucion=issuer.resolucion_fecha or work.today,
        numero_resolucion=0,
    )
    return (build_envio_boleta if boletas else build_envio_dte)(dtes, cover, certificado, work.now)


def _stored(work: Work, ambiente: str, attention: str, attempt: int) -> CertificationSet | None:
    return work.session.exec(
        select(CertificationSet).where(
            CertificationSet.ambiente == ambiente,
            CertificationSet.attention == attention,
            CertificationSet.attempt == attempt,
        )
    ).first()


def _documents(work: Work, set_id: int) -> list[tuple[int, Document]]:
    rows = work.session.exec(
        select(CertificationCase.case_number, Document)
        .join(Document, col(Document.id) == CertificationCase.document_id)
        .where(CertificationCase.set_id == set_id)
        .order_by(col(CertificationCase.case_number))
    )
    return [(number, one) for number, one in rows]


def _answer(work: Work, row: CertificationSet, *, repeated: bool) -> IssuedSet:
    assert row.id is not None
    cases = tuple(
        IssuedCase(number, TipoDte(one.tipo_dte), one.folio, one.monto_total)
        for number, one in _documents(work, row.id)
    )
    both = (("envio-dte", row.envio_dte), ("envio-boleta", row.envio_boleta))
    envelopes = tuple(
        Envelope(f"set-{row.attention}_intento-{row.attempt}_{name}.xml", xml) for name, xml in both if xml
    )
    return IssuedSet(row.attention, row.attempt, cases, envelopes, repeated)

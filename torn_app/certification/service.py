"""Issuing a set: its documents with numbers in the order of the cases, and its envelopes, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256

from torn_app.certification import stored
from torn_app.certification.books import Cover, folio_summary
from torn_app.certification.cases import Emitted, descuentos, detalles, document, resolve
from torn_app.certification.errors import CertificationRefused, RateMissing
from torn_app.certification.models import CertificationCase
from torn_app.certification.parties import gross_notes
from torn_app.certification.sets import BOLETAS, Case, TestSet
from torn_app.certification.stored import IssuedSet
from torn_app.documents import service as documents
from torn_app.dte.consumo_folios import build_consumo_folios
from torn_app.dte.exportacion import PESO_CHILENO, Exportacion
from torn_app.dte.lectura import read_dte
from torn_app.dte.lineas import Detalle
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import totals_of
from torn_app.dte.totales_exportacion import export_totals_of
from torn_app.folios import service as folios
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class ReviewedCase:
    """A case with its lines and amounts. Amounts are in `moneda`, None for pesos; of exports all is exempt."""

    case: Case
    lines: tuple[tuple[Detalle, Decimal], ...]
    neto: int
    exento: Decimal
    iva: int
    retenido: int
    """VAT withheld by the buyer, off the total."""
    total: Decimal
    moneda: str | None


@documents.refusals
def review(test_set: TestSet) -> tuple[ReviewedCase, ...]:
    """Return each case with its whole lines and the totals its document will have. Takes no number, reads no database.

    Raises SetRefused, or DocumentRefused for amounts that make no document.
    """
    return tuple(_review(test_set, case) for case in resolve(test_set))


def _review(test_set: TestSet, case: Case) -> ReviewedCase:
    lines = detalles(case)
    if case.exportacion is not None:
        export = Exportacion(moneda=case.exportacion.moneda)
        foreign = export_totals_of(export, lines, descuentos(case))
        amounts = tuple(zip(lines, foreign.montos_item, strict=True))
        return ReviewedCase(case, amounts, 0, foreign.monto_total, 0, 0, foreign.monto_total, export.moneda)
    found = totals_of(case.tipo, lines, descuentos(case), montos_brutos=gross_notes(test_set, case))
    return ReviewedCase(
        case=case,
        lines=tuple((line.detalle, Decimal(line.monto_item)) for line in found.lineas),
        neto=found.monto_neto,
        exento=Decimal(found.monto_exento),
        iva=found.iva,
        retenido=-sum(row.con_signo for row in found.impuestos),
        total=Decimal(found.monto_total),
        moneda=None,
    )


@use_case(Permission.ADMIN)
@documents.refusals
def issue_set(work: Work, test_set: TestSet, attempt: int = 1, rates: Mapping[str, Decimal] | None = None) -> IssuedSet:
    """Issue a set and return its files: documents in one envelope; boletas in another, with their summary of folios.

    The same set and attempt again gives the same files and takes no numbers. Of two runs at once the second waits for
    the row of the first and then finds its files.

    Args:
        work: the company and who acts.
        test_set: the set, as it was read.
        attempt: from 1; a set that was refused is issued anew with the next one.
        rates: pesos per unit of each currency of a set of exports.

    Raises:
        CertificationRefused: the company is in PRODUCCION or without resolution date, the set is of a book, or the
            attempt was of another text.
        RateMissing: a set of exports without the rate of its currency.
        FolioExhausted, CertificateNeeded, DocumentRefused: a document cannot be issued. Nothing is kept then.
    """
    issuer = stored.issuer_of(work)
    if not test_set.cases:
        raise CertificationRefused(f"El set {test_set.attention} es de un libro: no tiene documentos que emitir")
    cases = [replace(case, line=0) for case in resolve(test_set)]
    content = sha256(repr(cases).encode()).hexdigest()
    before = stored.earlier(work, issuer.ambiente, test_set.attention, attempt, content)
    if before is not None:
        return stored.answer(work, before, repeated=True)
    for moneda in test_set.currencies:
        if moneda != PESO_CHILENO and moneda not in (rates or {}):
            raise RateMissing(attention=test_set.attention, moneda=moneda)
    row, set_id = stored.begin(work, issuer.ambiente, test_set.attention, attempt, content)
    emitted: dict[int, Emitted] = {}
    for case in cases:
        draft = document(
            test_set, case, emisor=documents.emisor(issuer), fecha=work.today, emitted=emitted, rates=rates
        )
        issued = documents.issue(work, draft, sale_id=None, ambiente=issuer.ambiente, send=False)
        emitted[case.number] = Emitted(case.tipo, issued.folio, work.today)
        work.session.add(CertificationCase(set_id=set_id, case_number=case.number, document_id=issued.id))
    work.session.flush()
    xmls = [(TipoDte(one.tipo_dte), one.xml) for _, one in stored.documents_of(work, set_id)]
    row.envio_dte = stored.envelope(work, issuer, [xml for tipo, xml in xmls if not tipo.es_boleta])
    row.envio_boleta = stored.envelope(work, issuer, [xml for tipo, xml in xmls if tipo.es_boleta], boletas=True)
    if test_set.attention == BOLETAS:
        cover = Cover(issuer.rut, stored.resolution_date(work, issuer), work.today)
        summary = folio_summary([read_dte(xml) for _, xml in xmls], cover, attempt)
        _, certificado = folios.certificate_in_use(work, issuer.ambiente)
        row.consumo_folios = build_consumo_folios(summary, certificado, work.now)
    work.session.flush()
    return stored.answer(work, row, repeated=False)

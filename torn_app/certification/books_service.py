"""Making the books of a certification: of sales and guides from a set already issued, of purchases from its text."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlmodel import col, select

from torn_app.certification import stored
from torn_app.certification.billing import bill
from torn_app.certification.books import Cover, guides_book, purchases_book, sales_book
from torn_app.certification.errors import CertificationRefused, SourceDoubtful, SourceMissing
from torn_app.certification.models import CertificationCase, CertificationSet
from torn_app.certification.sets import Book, TestSet
from torn_app.certification.stored import IssuedSet
from torn_app.company.models import Issuer
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.lectura import read_dte
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.libro_guias import build_libro_guias
from torn_app.dte.libros import build_libro
from torn_app.dte.tipos import TipoDte
from torn_app.folios import service as folios
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission

_SOURCES = {
    # If a company was given both sets, its sales book is of the basic one (text of the set).
    Book.VENTAS: ("set básico o de factura exenta", (TipoDte.FACTURA, TipoDte.FACTURA_EXENTA)),
    Book.COMPRAS: ("set básico o de factura exenta", (TipoDte.FACTURA, TipoDte.FACTURA_EXENTA)),
    Book.GUIAS: ("set de guías de despacho", (TipoDte.GUIA_DESPACHO,)),
}

_SALE = 1
"""IndTraslado of a guide that is a sale."""


@dataclass(frozen=True, slots=True)
class _Source:
    """The issued set a book is of."""

    attention: str
    attempt: int
    documents: dict[int, DteLeido]

    @property
    def fecha(self) -> date:
        """The day the set was issued: all its documents carry it."""
        return next(iter(self.documents.values())).fecha_emision


@use_case(Permission.ADMIN)
@documents.refusals
def issue_book(
    work: Work,
    test_set: TestSet,
    attempt: int = 1,
    *,
    source_attempt: int | None = None,
    beside: Collection[str] = (),
) -> IssuedSet:
    """Make the signed book of a set. The same book and attempt again gives the same file.

    The book of guides also issues the invoice of each guide that it says was billed, in an envelope of its own which
    has to be sent before the book.

    Args:
        work: the company and who acts.
        test_set: the set that asks for the book.
        attempt: of the book, from 1.
        source_attempt: of the set it is of; without it the same number as the book's. The purchases take only their
            period from it.
        beside: attention numbers of the sets that came with this one: its source when several were issued.

    Raises:
        CertificationRefused: the set is not of a book, its source was not issued or could be several, or it names a
            case that its source has not.
        FolioExhausted, CertificateNeeded, DocumentRefused: an invoice or the book cannot be made. Nothing is kept.
    """
    issuer = stored.issuer_of(work)
    if test_set.book is None:
        raise CertificationRefused(f"El set {test_set.attention} no pide un libro")
    source = _source(work, issuer, test_set.book, source_attempt or attempt, beside)
    if source is None and test_set.book is not Book.COMPRAS:
        what, _ = _SOURCES[test_set.book]
        raise SourceMissing(book=test_set.book.value, source=what, attempt=source_attempt or attempt)
    content = _content(test_set, source)
    before = stored.earlier(work, issuer.ambiente, test_set.attention, attempt, content)
    if before is not None:
        return stored.answer(work, before, repeated=True, book=_name(test_set.book))
    row, set_id = stored.begin(work, issuer.ambiente, test_set.attention, attempt, content)
    cover = Cover(issuer.rut, stored.resolution_date(work, issuer), source.fecha if source else work.today)
    _, certificado = folios.certificate_in_use(work, issuer.ambiente)
    if test_set.book is Book.COMPRAS:
        row.libro = build_libro(purchases_book(test_set, cover), certificado, work.now)
    elif test_set.book is Book.VENTAS:
        assert source is not None
        row.libro = build_libro(sales_book(list(source.documents.values()), cover), certificado, work.now)
    else:
        assert source is not None
        invoices = _bill(work, issuer, test_set, source, row, set_id)
        book = guides_book(test_set, source.documents, invoices, cover)
        row.libro = build_libro_guias(book, certificado, work.now)
    work.session.flush()
    return stored.answer(work, row, repeated=False, book=_name(test_set.book))


def _bill(
    work: Work, issuer: Issuer, test_set: TestSet, source: _Source, row: CertificationSet, set_id: int
) -> dict[int, DteLeido]:
    """Issue the invoices of the guides that were billed, and put them in their envelope."""
    for number in (*test_set.billed, *test_set.voided):
        if number not in source.documents:
            raise CertificationRefused(f"El libro habla del caso {number}, que el set {source.attention} no tiene")
    for number in test_set.billed:
        if source.documents[number].indicador_traslado != _SALE:
            raise CertificationRefused(f"La guía del caso {number} no es de una venta: no hay qué facturar")
        draft = bill(source.documents[number], documents.emisor(issuer), work.today)
        issued = documents.issue(work, draft, sale_id=None, ambiente=issuer.ambiente, send=False)
        work.session.add(CertificationCase(set_id=set_id, case_number=number, document_id=issued.id))
    work.session.flush()
    invoices = stored.documents_of(work, set_id)
    row.envio_dte = stored.envelope(work, issuer, [one.xml for _, one in invoices])
    return {number: read_dte(one.xml) for number, one in invoices}


def _source(work: Work, issuer: Issuer, book: Book, attempt: int, beside: Collection[str]) -> _Source | None:
    """Return the set a book is of, None when none was issued. Raises SourceDoubtful."""
    _, kinds = _SOURCES[book]
    found: list[CertificationSet] = []
    for kind in kinds:
        found = list(
            work.session.exec(
                select(CertificationSet)
                .distinct()
                .join(CertificationCase, col(CertificationCase.set_id) == CertificationSet.id)
                .join(Document, col(Document.id) == CertificationCase.document_id)
                .where(
                    CertificationSet.ambiente == issuer.ambiente,
                    CertificationSet.attempt == attempt,
                    col(CertificationSet.attention) != stored.SIMULATION,
                    # A book keeps the invoices of its guides: they are no set.
                    col(CertificationSet.libro).is_(None),
                    Document.tipo_dte == int(kind),
                )
                .order_by(col(CertificationSet.id))
            )
        )
        if found:
            break
    if len(found) > 1:
        found = [row for row in found if row.attention in beside] or found
    if len(found) > 1:
        raise SourceDoubtful(book=book.value, found=", ".join(row.attention for row in found))
    if not found or found[0].id is None:
        return None
    read = {number: read_dte(one.xml) for number, one in stored.documents_of(work, found[0].id)}
    return _Source(found[0].attention, attempt, read)


def _content(test_set: TestSet, source: _Source | None) -> str:
    of = (source.attention, source.attempt) if source else None
    rows = [(row.tipo, row.folio, row.tratamiento.value, row.exento, row.afecto) for row in test_set.purchases]
    said = (test_set.book, rows, test_set.factor_proporcionalidad, test_set.billed, test_set.voided)
    # The purchases are those of their text: of the other set they take the period alone.
    return sha256(repr((said, None if test_set.book is Book.COMPRAS else of)).encode()).hexdigest()


def _name(book: Book) -> str:
    return {Book.VENTAS: "libro-ventas", Book.COMPRAS: "libro-compras", Book.GUIAS: "libro-guias"}[book]

"""Issuing again what the tax service refused, and the numbers that are left over.

A refused document counts as not issued: it is issued again without a note, with the same number while its range is
alive. A number that is not used again must be voided at the tax service, which else keeps counting it as available
and authorises fewer.
"""

from sqlalchemy import select, update
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.company import service as company
from torn_app.documents.errors import DocumentNotFound, NothingToVoid, NotRefused
from torn_app.documents.models import Document
from torn_app.documents.schemas import FolioToVoidOut
from torn_app.documents.service import Issued, sign_and_store
from torn_app.dte.documento import Documento
from torn_app.folios import service as folios
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission

REFUSED = frozenset({"RECHAZADO", "ERROR"})
"""States of a document that counts as not issued."""

_document = Document.__table__  # type: ignore[attr-defined]


def replace_document(work: Work, old: Document, documento: Documento) -> Issued:
    """Issue a refused document again. Of those that try at once, one does.

    Raises:
        NotRefused: it was not refused, or was issued again already.
        FolioExhausted, CertificateNeeded: the company cannot issue now.
        DteError: the document breaks a rule of the fiscal core.
    """
    same = folios.take_again(work, documento.tipo, old.ambiente, old.caf_range_id, old.folio)
    replaced = work.session.execute(
        update(_document)
        .where(_document.c.id == old.id, _document.c.estado.in_(REFUSED), _document.c.replaced_at.is_(None))
        .values(replaced_at=work.now, to_void=same is None)
        .returning(_document.c.id)
    ).first()
    if replaced is None:
        raise NotRefused(folio=old.folio)
    taken = same or folios.take(work, documento.tipo, old.ambiente)
    return sign_and_store(work, documento, taken, sale_id=old.sale_id, ambiente=old.ambiente)


def give_up(work: Work, document_id: int) -> None:
    """Let go of a rejected document that will not be issued again: its number waits to be voided."""
    work.session.execute(
        update(_document)
        .where(_document.c.id == document_id, _document.c.estado == "RECHAZADO", _document.c.replaced_at.is_(None))
        .values(replaced_at=work.now, to_void=True)
    )


@use_case(Permission.MEMBER)
def folios_to_void(work: Work) -> list[FolioToVoidOut]:
    """Return the numbers of the current mode that wait to be voided at the tax service, oldest first."""
    ambiente = company.get_issuer_row(work).ambiente
    rows = work.connection.execute(
        select(_document)
        .where(_document.c.ambiente == ambiente, _document.c.to_void, _document.c.voided_at.is_(None))
        .order_by(_document.c.id)
    )
    return [FolioToVoidOut.model_validate(row) for row in rows]


@use_case(Permission.ADMIN)
def mark_voided(work: Work, document_id: int) -> FolioToVoidOut:
    """Write down that a number was voided at the tax service. Saying it again changes nothing.

    Raises:
        DocumentNotFound: no such document in the current mode.
        NothingToVoid: its number is in use.
    """
    ambiente = company.get_issuer_row(work).ambiente
    row = work.session.exec(
        select_row(Document).where(col(Document.id) == document_id, Document.ambiente == ambiente).with_for_update()
    ).first()
    if row is None:
        raise DocumentNotFound(id=document_id)
    if not row.to_void:
        raise NothingToVoid(folio=row.folio)
    row.voided_at = row.voided_at or work.now
    work.session.add(row)
    work.session.flush()
    return FolioToVoidOut.model_validate(row)

"""Which tax documents the company issued about its purchases, in its current mode."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.documents import replacing
from torn_app.documents.models import Document
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work
from torn_app.purchases.errors import PurchaseInvoiced
from torn_app.purchases.models import PurchaseInvoice
from torn_app.purchases.schemas import FacturaCompraOut, PurchaseNoteOut

REJECTED = "RECHAZADO"
"""State of a document that counts as not issued. One in ERROR may still be accepted at the next try."""

_invoice = PurchaseInvoice.__table__  # type: ignore[attr-defined]
_document = Document.__table__  # type: ignore[attr-defined]
_MODE = select(Issuer.__table__.c.ambiente).scalar_subquery()  # type: ignore[attr-defined]


def rows_of(work: Work, purchase_id: int) -> list[tuple[PurchaseInvoice, Document]]:
    """Return the documents of a purchase, oldest first. Lock the purchase first to build on what they say."""
    found = work.session.exec(
        select_row(PurchaseInvoice, Document)
        .join(Document, col(Document.id) == PurchaseInvoice.document_id)
        .where(
            PurchaseInvoice.purchase_id == purchase_id,
            PurchaseInvoice.ambiente == company.get_issuer_row(work).ambiente,
        )
        .order_by(col(PurchaseInvoice.id))
        # What the session read before the lock may be old.
        .execution_options(populate_existing=True)
    )
    return list(found)


def living(rows: Iterable[tuple[PurchaseInvoice, Document]]) -> tuple[PurchaseInvoice, Document] | None:
    """Return the purchase invoice that no note cancels, rejected or not. There is at most one."""
    own = int(TipoDte.FACTURA_COMPRA)
    return next((row for row in rows if row[0].tipo_dte == own and row[0].cancelled_at is None), None)


def refuse_invoiced(work: Work, purchase_id: int, *, action: str) -> None:
    """Refuse to touch a purchase whose purchase invoice stands. Its row is locked.

    Raises:
        PurchaseInvoiced: neither cancelled nor rejected.
    """
    found = living(rows_of(work, purchase_id))
    if found is not None and found[1].estado != REJECTED:
        raise PurchaseInvoiced(action=action, folio=found[1].folio)


def give_up_numbers(work: Work, purchase_id: int) -> None:
    """Let go of the rejected documents of a purchase that is about to go: nobody will issue them again."""
    for row, document in rows_of(work, purchase_id):
        if document.estado == REJECTED:
            replacing.give_up(work, row.document_id)


def describe(work: Work, purchase_ids: Collection[int]) -> dict[int, FacturaCompraOut]:
    """Return purchase id -> its newest purchase invoice with its notes; those without one are absent."""
    if not purchase_ids:
        return {}
    rows = work.connection.execute(
        select(_invoice, _document.c.folio, _document.c.estado)
        .join(_document, _document.c.id == _invoice.c.document_id)
        .where(_invoice.c.purchase_id.in_(list(purchase_ids)), _invoice.c.ambiente == _MODE)
        .order_by(_invoice.c.id)
    )
    found: dict[int, FacturaCompraOut] = {}
    for row in rows:
        if row.tipo_dte == TipoDte.FACTURA_COMPRA:
            found[row.purchase_id] = _invoice_out(row)
        else:
            found[row.purchase_id].notas.append(PurchaseNoteOut.model_validate(row))
    return found


def _invoice_out(row: Row[Any]) -> FacturaCompraOut:
    facts = {name: getattr(row, name) for name in FacturaCompraOut.model_fields if name not in ("anulada", "notas")}
    return FacturaCompraOut(**facts, anulada=row.cancelled_at is not None, notas=[])

"""References of a document that is issued again: what it speaks of may have been issued again meanwhile, with another
number or on another day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select, update

from torn_app.documents.models import Document
from torn_app.dte.documento import Referencia
from torn_app.infra.work import Work
from torn_app.sales.models import Sale, SaleReference

_sale = Sale.__table__  # type: ignore[attr-defined]
_document = Document.__table__  # type: ignore[attr-defined]
_reference = SaleReference.__table__  # type: ignore[attr-defined]


def current_references(work: Work, sale: Sale, references: Sequence[Referencia]) -> tuple[Referencia, ...]:
    """Return the references of a sale's document as they are true now, and keep them so with the sale: the sale a note
    corrects and the guides an invoice bills are named by their newest document."""
    now = _newest(work, sale)
    found = []
    for row in references:
        folio, fecha = now.get((row.tipo or "", row.folio or ""), (row.folio, row.fecha))
        if (folio, fecha) != (row.folio, row.fecha):
            work.session.execute(
                update(_reference)
                .where(
                    _reference.c.sale_id == sale.id,
                    _reference.c.tipo_documento == row.tipo,
                    _reference.c.folio == row.folio,
                )
                .values(folio=folio, fecha=fecha)
            )
        found.append(replace(row, folio=folio, fecha=fecha))
    return tuple(found)


def _newest(work: Work, sale: Sale) -> dict[tuple[str, str], tuple[str, date]]:
    """Return (type, folio) of each document that the sales it speaks of ever had -> folio and day of their newest."""
    rows = work.session.execute(
        select(_document.c.sale_id, _document.c.tipo_dte, _document.c.folio, _document.c.fecha_emision)
        .join(_sale, _sale.c.id == _document.c.sale_id)
        .where(or_(_sale.c.id == sale.related_sale_id, _sale.c.billed_by_sale_id == sale.id))
        .order_by(_document.c.id)
    ).all()
    newest = {row.sale_id: (str(row.folio), row.fecha_emision) for row in rows}
    return {(str(row.tipo_dte), str(row.folio)): newest[row.sale_id] for row in rows}

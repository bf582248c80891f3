"""Reading issued documents. Lists are of the company's current mode."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from torn_app.company import service as company
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.documents.errors import DocumentNotFound
from torn_app.documents.models import Document, DocumentEvent
from torn_app.documents.schemas import DocumentFullOut, DocumentOut, DocumentStateOut
from torn_app.dte.lectura import read_dte
from torn_app.infra.work import Work, use_case
from torn_app.kernel.paging import Listing, Page
from torn_app.kernel.permissions import Permission
from torn_app.kernel.text import clean
from torn_app.printing.pdf417 import stamp_png

_document = Document.__table__  # type: ignore[attr-defined]
_event = DocumentEvent.__table__  # type: ignore[attr-defined]
_customer = Customer.__table__  # type: ignore[attr-defined]
_shown = [_document.c[name] for name in DocumentOut.model_fields]
"""Not the XML: a list must not read it."""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What part of the documents is wanted. Dates are dates of issue, both included."""

    estado: str | None = None
    tipo_dte: int | None = None
    desde: date | None = None
    hasta: date | None = None
    q: str | None = None
    """Folio, or part of the receiver's name or RUT."""


@use_case(Permission.MEMBER)
def list_documents(work: Work, wanted: DocumentFilter, page: Page) -> Listing[DocumentOut]:
    """Return documents of the current mode, newest first."""
    conditions = _conditions(work, wanted)
    query = select(*_shown).where(*conditions).order_by(_document.c.id.desc())
    if page.after is not None:
        query = query.where(_document.c.id < page.after)
    rows = work.connection.execute(query.offset(page.skip).limit(page.limit))
    listed = [DocumentOut.model_validate(row) for row in rows]
    if not page.count:
        return Listing(listed)
    total = work.connection.execute(select(func.count()).select_from(_document).where(*conditions)).scalar_one()
    return Listing(listed, total)


@use_case(Permission.MEMBER)
def get_document(work: Work, document_id: int) -> DocumentFullOut:
    """Return one document with its states and the answer of the tax service."""
    row = work.connection.execute(select(*_shown).where(_document.c.id == document_id)).first()
    if row is None:
        raise DocumentNotFound(id=document_id)
    events = work.connection.execute(
        select(_event.c.estado, _event.c.at, _event.c.detail)
        .where(_event.c.document_id == document_id)
        .order_by(_event.c.id)
    )
    states = [DocumentStateOut.model_validate(event) for event in events]
    return DocumentFullOut(**DocumentOut.model_validate(row).model_dump(), states=states)


@use_case(Permission.MEMBER)
def stamp(work: Work, document_id: int) -> bytes:
    """Return the electronic stamp (PDF417) of a document as a PNG, drawn from its signed XML."""
    xml = work.connection.execute(select(_document.c.xml).where(_document.c.id == document_id)).scalar_one_or_none()
    if xml is None:
        raise DocumentNotFound(id=document_id)
    return stamp_png(read_dte(xml).ted)


def _conditions(work: Work, wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    conditions: list[Any] = [_document.c.ambiente == company.get_issuer_row(work).ambiente]
    if wanted.estado is not None:
        conditions.append(_document.c.estado == wanted.estado)
    if wanted.tipo_dte is not None:
        conditions.append(_document.c.tipo_dte == wanted.tipo_dte)
    if wanted.desde is not None:
        conditions.append(_document.c.fecha_emision >= wanted.desde)
    if wanted.hasta is not None:
        conditions.append(_document.c.fecha_emision <= wanted.hasta)
    text = clean(wanted.q or "")
    if text:
        conditions.append(or_(*_mentions(text)))
    return conditions


def _mentions(text: str) -> list[Any]:
    """Alternatives of a search: the folio, or a receiver found by name or RUT among the customers."""
    alternatives: list[Any] = [_document.c.receptor_rut.in_(select(_customer.c.rut).where(customers.matches(text)))]
    if text.isascii() and text.isdigit() and len(text) <= 10:
        alternatives.append(_document.c.folio == int(text))
    return alternatives

"""A document on paper and as a file: the signed XML as stored, and the printed copies drawn from it."""

from collections.abc import Iterable
from typing import Literal

from torn_app.company import service as company
from torn_app.documents import service
from torn_app.documents.errors import DocumentNotFound
from torn_app.documents.models import Document
from torn_app.dte.impresion import FilaPago, Impresion, printed_copy
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.printing.html import render_html
from torn_app.printing.pdf import render_pdf

Formato = Literal["carta", "80mm", "58mm"]


@use_case(Permission.MEMBER)
def signed_xml(work: Work, document_id: int) -> tuple[str, bytes]:
    """Return a file name and the signed DTE exactly as stored.

    Raises:
        DocumentNotFound: no such document in this company.
    """
    document = _find(work, document_id)
    return file_name(document), document.xml


@use_case(Permission.MEMBER)
@service.refusals
def printed(
    work: Work, document_id: int, *, as_pdf: bool = False, formato: Formato | None = None, cedible: bool = False
) -> str | bytes:
    """Return the printed copy of a document: HTML, or PDF bytes. What a till adds under it is on the copy of its sale.

    Raises:
        DocumentNotFound, IssuerMissing.
        DocumentRefused: an assignable copy of a document that has none.
    """
    return drawn(work, copy_of(work, _find(work, document_id), cedible=cedible), as_pdf=as_pdf, formato=formato)


def file_name(document: Document) -> str:
    """Return the name a document's file is downloaded with."""
    return f"DTE_{document.tipo_dte}_{document.folio}.xml"


def copy_of(
    work: Work,
    document: Document,
    *,
    cedible: bool,
    atendido_por: str | None = None,
    pagos: Iterable[FilaPago | tuple[str, int]] = (),
) -> Impresion:
    """Return what one copy of a document shows; see `dte.impresion.printed_copy`."""
    issuer = company.get_issuer_row(work)
    return printed_copy(
        document.xml,
        resolucion_numero=issuer.resolucion_numero,
        resolucion_fecha=issuer.resolucion_fecha or document.fecha_emision,
        sucursal_sii=issuer.sucursal_sii or issuer.comuna,
        cedible=cedible,
        sin_validez=document.ambiente == service.PRUEBA,
        atendido_por=atendido_por,
        pagos=pagos,
    )


def drawn(
    work: Work, copy: Impresion, *, as_pdf: bool, formato: Formato | None, auto_print: bool = False
) -> str | bytes:
    """Return a copy as HTML or PDF bytes, on the company's paper unless another is named. The 58 mm roll exists only
    as PDF."""
    paper = formato or company.get_settings_row(work).print_format
    if as_pdf:
        return render_pdf(copy, paper)  # type: ignore[arg-type]
    return render_html(copy, "80mm" if paper == "58mm" else paper, auto_print=auto_print)  # type: ignore[arg-type]


def _find(work: Work, document_id: int) -> Document:
    document = work.session.get(Document, document_id)
    if document is None:
        raise DocumentNotFound(id=document_id)
    return document

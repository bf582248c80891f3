"""A sale on paper: the printed copy of its signed document, with what the till adds under it."""

from sqlmodel import col, select

from torn_app.documents import printing as documents_on_paper
from torn_app.documents import service as documents
from torn_app.documents.printing import Formato
from torn_app.dte.impresion import FilaPago, Impresion
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.printing.escpos import Ancho, render_escpos
from torn_app.sales.models import PaymentMethod, Sale, SalePayment
from torn_app.sales.queries import sale_document
from torn_app.users.models import Staff


@use_case(Permission.MEMBER)
def signed_xml(work: Work, sale_id: int) -> tuple[str, bytes]:
    """Return a file name and the signed DTE of a sale exactly as stored."""
    _sale, document = sale_document(work, sale_id)
    return documents_on_paper.file_name(document), document.xml


@use_case(Permission.MEMBER)
def printed_file(work: Work, sale_id: int) -> tuple[str, str | bytes]:
    """Return a file name and the PDF of a sale's document on the company's paper."""
    name, _xml = signed_xml(work, sale_id)
    return name.replace(".xml", ".pdf"), printed(work, sale_id, as_pdf=True)


@use_case(Permission.MEMBER)
@documents.refusals
def printed(
    work: Work,
    sale_id: int,
    *,
    as_pdf: bool = False,
    formato: Formato | None = None,
    cedible: bool = False,
    auto_print: bool = False,
) -> str | bytes:
    """Return the printed copy of a sale's document: HTML, or PDF bytes.

    Without `formato` the paper is the company's setting. The 58 mm roll exists only as PDF.

    Raises:
        SaleNotFound, IssuerMissing.
        DocumentRefused: an assignable copy of a document that has none.
    """
    copy = _copy(work, sale_id, cedible=cedible)
    return documents_on_paper.drawn(work, copy, as_pdf=as_pdf, formato=formato, auto_print=auto_print)


@use_case(Permission.MEMBER)
@documents.refusals
def escpos(work: Work, sale_id: int, *, ancho: Ancho, cedible: bool = False) -> bytes:
    """Return the bytes that print a sale's document on a thermal printer of 80 or 58 mm.

    Raises:
        SaleNotFound, IssuerMissing.
        DocumentRefused: an assignable copy of a document that has none.
    """
    return render_escpos(_copy(work, sale_id, cedible=cedible), ancho)


def _copy(work: Work, sale_id: int, *, cedible: bool) -> Impresion:
    sale, document = sale_document(work, sale_id)
    staff = work.session.get(Staff, sale.staff_id)
    name = staff.name if staff else None
    return documents_on_paper.copy_of(
        work, document, cedible=cedible, atendido_por=name, pagos=_payment_rows(work, sale)
    )


def _payment_rows(work: Work, sale: Sale) -> list[FilaPago | tuple[str, int]]:
    rows: list[FilaPago | tuple[str, int]] = []
    if sale.ajuste_redondeo:
        rows.append(FilaPago("Redondeo por pago en efectivo", sale.ajuste_redondeo, con_signo=True))
    payments = work.session.execute(
        select(PaymentMethod.name, SalePayment.amount)
        .join(PaymentMethod, col(PaymentMethod.id) == SalePayment.payment_method_id)
        .where(SalePayment.sale_id == sale.id)
        .order_by(col(SalePayment.id))
    )
    rows.extend((name, amount) for name, amount in payments)
    if sale.vuelto:
        rows.append(FilaPago("Vuelto", sale.vuelto, destacada=True))
    return rows

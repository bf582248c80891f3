"""The invoice of delivery guides: their lines at their prices, one reference each, nothing moved again."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import update
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.cash import service as cash
from torn_app.company import service as company
from torn_app.customers import service as customers
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.documento import Detalle, Documento
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import totals_of
from torn_app.infra.work import Work, use_case
from torn_app.kernel.money import Pesos
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import FOREIGN_CUSTOMER
from torn_app.products import queries as products
from torn_app.sales import exports
from torn_app.sales.charging import judge_payments, receive, write_payments
from torn_app.sales.errors import (
    ExportFactsElsewhere,
    GuideBilled,
    GuideForExport,
    GuideNotBillable,
    GuideNotForExport,
    GuideNotFound,
    GuideRejected,
    GuidesOfSeveral,
    GuidesWithVat,
)
from torn_app.sales.lines import (
    Priced,
    documented,
    next_sale_id,
    referencia,
    write_lines,
    write_references,
    write_sale,
)
from torn_app.sales.models import Sale, SaleLine
from torn_app.sales.queries import BILLABLE, FOR_EXPORT, sale_out
from torn_app.sales.schemas import GuidesBillIn, ReferenceIn, SaleIn, SaleItemIn, SaleOut
from torn_app.sales.taxes import write_taxes

_sale = Sale.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Guide:
    sale: Sale
    document: Document


@use_case(Permission.SELL)
@documents.refusals
def bill_guides(work: Work, data: GuidesBillIn) -> SaleOut:
    """Invoice guides of one customer: their lines at their prices, one reference 52 each, no stock moved again.

    The guides are locked in the order of their ids, so that two people cannot bill one twice nor wait for each other
    for ever. A rejected invoice keeps its guides: it is issued again on the same sale, and billing them a second
    time would charge the goods twice.

    Raises, in this order: SellerWithoutShift, GuideNotFound, GuideBilled, GuideRejected, GuideNotBillable /
    GuideForExport / GuideNotForExport, GuidesOfSeveral, ExportFactsElsewhere, GuidesWithVat, PaymentsShort /
    PaymentsExceed, CreditNotAllowed, FolioExhausted, DocumentRefused.
    """
    shift_id = cash.require_open_shift(work)
    issuer = company.get_issuer_row(work)
    tipo = TipoDte(data.tipo_dte)
    guides = _lock_guides(work, sorted(set(data.guide_ids)), issuer.ambiente, tipo)
    to_guides = [_reference_to(guide) for guide in guides]
    if tipo.es_exportacion:
        sold = _export(work, data, shift_id, _copied_lines(work, guides, tipo), to_guides)
        _mark_billed(work, guides, sold.id)
        return sold
    if data.exportacion is not None:
        raise ExportFactsElsewhere(name=tipo.nombre.lower())
    customer = customers.find(work, guides[0].sale.customer_id)
    assert customer is not None
    assert customer.id is not None
    priced = _copied_lines(work, guides, tipo)
    totales = totals_of(tipo, [line.detalle for line in priced], fecha=work.today)
    sale_id = next_sale_id(work)
    paid = judge_payments(
        work,
        customer,
        data.payments,
        data.fecha_vencimiento,
        total=totales.monto_total,
        documented=documented(priced),
    )
    sale = Sale(
        id=sale_id,
        ambiente=issuer.ambiente,
        tipo_dte=int(tipo),
        fecha_emision=work.now,
        customer_id=customer.id,
        staff_id=cash.local_staff(work),
        cash_session_id=shift_id,
        monto_neto=totales.monto_neto,
        monto_exento=totales.monto_exento,
        iva=totales.iva,
        otros_impuestos=totales.otros_impuestos,
        monto_total=totales.monto_total,
        ajuste_redondeo=paid.settlement.ajuste_redondeo,
        vuelto=paid.settlement.vuelto,
        forma_pago=paid.forma_pago(tipo),
        fecha_vencimiento=paid.due_date,
        descripcion=data.descripcion,
        support_email=work.actor.email if work.actor.is_support else None,
        created_at=work.now,
    )
    write_sale(work, sale)
    lines = write_lines(work, sale_id, priced, totales)
    taxes = write_taxes(work, sale_id, totales)
    write_payments(work, sale_id, data.payments)
    references = write_references(work, sale_id, to_guides)
    _mark_billed(work, guides, sale_id)
    receive(work, shift_id, sale_id, customer, tipo, paid)
    issued = documents.issue(
        work,
        Documento(
            tipo=tipo,
            fecha_emision=work.today,
            emisor=documents.emisor(issuer),
            receptor=documents.receptor(customer),
            detalles=tuple(p.detalle for p in priced),
            referencias=tuple(referencia(r) for r in to_guides),
            forma_pago=sale.forma_pago,
            fecha_vencimiento=paid.due_date,
        ),
        sale_id=sale_id,
        ambiente=issuer.ambiente,
    )
    found = {p.product.id: products.product_out(p.product) for p in priced}
    return sale_out(sale, customer, issued.folio, issued.estado, lines, references, found, taxes)


def _lock_guides(work: Work, ids: Sequence[int], ambiente: str, tipo: TipoDte) -> list[_Guide]:
    rows = work.session.exec(
        select_row(Sale)
        .where(
            col(Sale.id).in_(ids),
            Sale.ambiente == ambiente,
            Sale.tipo_dte == int(TipoDte.GUIA_DESPACHO),
        )
        .order_by(col(Sale.id))
        .with_for_update(key_share=True)
        # What the session read before the lock may be old.
        .execution_options(populate_existing=True)
    ).all()
    found = {row.id: row for row in rows}
    guides = []
    for guide_id in ids:
        if guide_id not in found:
            raise GuideNotFound(id=guide_id)
        sale = found[guide_id]
        document = _document_of(work, guide_id)
        if sale.billed_by_sale_id is not None:
            invoice = _document_of(work, sale.billed_by_sale_id)
            name = TipoDte(invoice.tipo_dte).nombre.lower()
            raise GuideBilled(folio=document.folio, name=name, invoice=invoice.folio)
        if document.estado == "RECHAZADO":
            raise GuideRejected(folio=document.folio)
        _check_kind(sale, document, tipo)
        guides.append(_Guide(sale, document))
    # Goods for export travel to carriers and ports; who buys them is abroad.
    if not tipo.es_exportacion and len({guide.sale.customer_id for guide in guides}) > 1:
        raise GuidesOfSeveral()
    return guides


def _check_kind(sale: Sale, document: Document, tipo: TipoDte) -> None:
    """Refuse a guide that the invoice cannot bill, by why its goods travel."""
    kind = sale.ind_traslado
    if kind in (FOR_EXPORT if tipo.es_exportacion else BILLABLE):
        return
    if kind in FOR_EXPORT:
        raise GuideForExport(folio=document.folio, kind=kind)
    if kind in BILLABLE:
        raise GuideNotForExport(folio=document.folio, kind=kind)
    raise GuideNotBillable(folio=document.folio, kind=kind)


def _reference_to(guide: _Guide) -> ReferenceIn:
    return ReferenceIn(
        tipo_documento=str(int(TipoDte.GUIA_DESPACHO)),
        folio=str(guide.document.folio),
        fecha=guide.document.fecha_emision,
    )


def _mark_billed(work: Work, guides: Sequence[_Guide], sale_id: int) -> None:
    ids = [guide.sale.id for guide in guides]
    work.session.execute(update(_sale).where(_sale.c.id.in_(ids)).values(billed_by_sale_id=sale_id))


def _export(
    work: Work, data: GuidesBillIn, shift_id: int, priced: list[Priced], to_guides: list[ReferenceIn]
) -> SaleOut:
    """Invoice goods that are on their way abroad (110)."""
    asked = SaleIn(
        rut_cliente=FOREIGN_CUSTOMER,
        tipo_dte=data.tipo_dte,
        items=[SaleItemIn(product_id=line.product.id, cantidad=line.cantidad) for line in priced],
        payments=data.payments,
        descripcion=data.descripcion,
        referencias=to_guides,
        fecha_vencimiento=data.fecha_vencimiento,
        exportacion=data.exportacion,
    )
    return exports.sell(work, asked, shift_id, exports.buyer(work, FOREIGN_CUSTOMER), priced, moved=True)


def _document_of(work: Work, sale_id: int) -> Document:
    return work.session.exec(
        select_row(Document).where(Document.sale_id == sale_id).order_by(col(Document.id).desc()).limit(1)
    ).one()


def _copied_lines(work: Work, guides: Sequence[_Guide], tipo: TipoDte) -> list[Priced]:
    """Return the lines of guides as the invoice repeats them: frozen names, prices, discounts and costs."""
    by_sale = {guide.sale.id: guide for guide in guides}
    rows = work.session.exec(
        select_row(SaleLine)
        .where(col(SaleLine.sale_id).in_(by_sale.keys()))
        .order_by(col(SaleLine.sale_id), col(SaleLine.position))
    ).all()
    known = products.load_for_sale(work, {row.product_id for row in rows})
    for row in rows:
        if tipo.es_exento and not row.exento:
            raise GuidesWithVat(folio=by_sale[row.sale_id].document.folio)
    return [
        Priced(
            product=known[row.product_id],
            cantidad=row.cantidad,
            net_price=row.precio_unitario,
            costo=row.costo_unitario,
            exento=row.exento,
            detalle=_detalle(row, known[row.product_id], tipo),
        )
        for row in rows
    ]


def _detalle(row: SaleLine, product: products.ProductForSale, tipo: TipoDte) -> Detalle:
    pct: Decimal | None = row.descuento_pct or None
    return Detalle(
        nombre=row.nombre,
        cantidad=row.cantidad,
        precio=row.precio_unitario,
        exento=row.exento and not tipo.es_exento,
        codigo=product.codigo_interno,
        unidad=product.unidad_medida,
        descuento_pct=pct,
        descuento_monto=Pesos(row.descuento) if row.descuento and pct is None else None,
        codigos_impuesto=() if row.impuesto_adicional is None else (row.impuesto_adicional,),
    )

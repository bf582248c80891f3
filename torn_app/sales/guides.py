"""Delivery guides (52): goods that travel before, or without, their invoice; and the invoice of several guides.

A guide takes the goods off the shelf and freezes prices, discounts and costs. Its invoice repeats them and moves
nothing again. Guides do not count as sales; their invoice does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import update
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.cash import service as cash
from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.documento import Detalle, Documento
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import totals_of
from torn_app.infra.work import Work, use_case
from torn_app.kernel.money import Pesos
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import GENERIC_CUSTOMER, compact_rut
from torn_app.products import queries as products
from torn_app.sales.charging import judge_payments, receive, write_payments
from torn_app.sales.errors import (
    GuideBilled,
    GuideDiscount,
    GuideNotBillable,
    GuideNotFound,
    GuideNotPaid,
    GuideRejected,
    GuidesOfSeveral,
    GuidesWithVat,
    TransferToSelf,
)
from torn_app.sales.lines import (
    Priced,
    check_discounts,
    documented,
    next_sale_id,
    price_lines,
    referencia,
    take_stock,
    write_lines,
    write_references,
    write_sale,
)
from torn_app.sales.models import Sale, SaleLine
from torn_app.sales.queries import BILLABLE, sale_out
from torn_app.sales.schemas import GuidesBillIn, ReferenceIn, SaleIn, SaleOut
from torn_app.sales.taxes import write_taxes

INTERNAL = 5
"""Field IndTraslado: goods that stay the company's."""

_sale = Sale.__table__  # type: ignore[attr-defined]
_document = Document.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Guide:
    sale: Sale
    document: Document


def issue_guide(work: Work, data: SaleIn) -> SaleOut:
    """Issue a delivery guide: goods leave the shelf, no money moves, no shift is needed.

    An internal transfer (`ind_traslado` 5) is received by the company itself.

    Raises:
        GuideNotPaid, GuideDiscount: it has no payments and no discount on the whole.
        TransferToSelf: an internal transfer to somebody else.
        CustomerNotFound, ProductMissing, ProductInactive, DiscountTooHigh, StockShort, FolioExhausted: as a sale.
    """
    tipo = TipoDte.GUIA_DESPACHO
    if data.payments:
        raise GuideNotPaid()
    if data.descuento_global_pct or data.descuento_global_monto:
        raise GuideDiscount()
    issuer = company.get_issuer_row(work)
    internal = data.ind_traslado == INTERNAL
    customer = _itself(work, issuer, data.rut_cliente) if internal else customers.for_sale(work, data.rut_cliente)
    assert customer.id is not None
    priced = price_lines(work, customer, tipo, data.items)
    totales = totals_of(tipo, [line.detalle for line in priced], fecha=work.today)
    check_discounts(work, totales)
    sale_id = next_sale_id(work)
    stock = take_stock(work, priced, tipo, sale_id)
    sale = Sale(
        id=sale_id,
        ambiente=issuer.ambiente,
        tipo_dte=int(tipo),
        fecha_emision=work.now,
        customer_id=customer.id,
        staff_id=cash.local_staff(work),
        monto_neto=totales.monto_neto,
        monto_exento=totales.monto_exento,
        iva=totales.iva,
        otros_impuestos=totales.otros_impuestos,
        monto_total=totales.monto_total,
        ind_traslado=data.ind_traslado,
        tipo_despacho=data.tipo_despacho,
        transporte=data.transporte.model_dump(mode="json") if data.transporte else None,
        descripcion=data.descripcion,
        support_email=work.actor.email if work.actor.is_support else None,
        created_at=work.now,
    )
    write_sale(work, sale)
    lines = write_lines(work, sale_id, priced, totales)
    taxes = write_taxes(work, sale_id, totales)
    references = write_references(work, sale_id, data.referencias or ())
    issued = documents.issue(
        work,
        Documento(
            tipo=tipo,
            fecha_emision=work.today,
            emisor=documents.emisor(issuer),
            receptor=documents.issuer_as_receptor(issuer) if internal else documents.receptor(customer),
            detalles=tuple(p.detalle for p in priced),
            referencias=tuple(referencia(r) for r in data.referencias or ()),
            indicador_traslado=data.ind_traslado,
            tipo_despacho=data.tipo_despacho,
            transporte=data.transporte.of_document() if data.transporte else None,
        ),
        sale_id=sale_id,
        ambiente=issuer.ambiente,
    )
    found = {p.product.id: products.product_out(p.product, stock.get(p.product.id)) for p in priced}
    return sale_out(sale, customer, issued.folio, issued.estado, lines, references, found, taxes)


@use_case(Permission.SELL)
@documents.refusals
def bill_guides(work: Work, data: GuidesBillIn) -> SaleOut:
    """Invoice guides of one customer: their lines at their prices, one reference 52 each, no stock moved again.

    The guides are locked in the order of their ids, so that two people cannot bill one twice nor wait for each other
    for ever. A rejected invoice keeps its guides: it is issued again on the same sale, and billing them a second
    time would charge the goods twice.

    Raises, in this order: SellerWithoutShift, GuideNotFound, GuideBilled, GuideRejected, GuideNotBillable,
    GuidesOfSeveral, GuidesWithVat, PaymentsShort / PaymentsExceed, CreditNotAllowed, FolioExhausted, DocumentRefused.
    """
    shift_id = cash.require_open_shift(work)
    issuer = company.get_issuer_row(work)
    guides = _lock_guides(work, sorted(set(data.guide_ids)), issuer.ambiente)
    tipo = TipoDte(data.tipo_dte)
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
    to_guides = [
        ReferenceIn(
            tipo_documento=str(int(TipoDte.GUIA_DESPACHO)),
            folio=str(guide.document.folio),
            fecha=guide.document.fecha_emision,
        )
        for guide in guides
    ]
    references = write_references(work, sale_id, to_guides)
    work.session.execute(
        update(_sale).where(_sale.c.id.in_([g.sale.id for g in guides])).values(billed_by_sale_id=sale_id)
    )
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


def _itself(work: Work, issuer: Issuer, rut: str) -> Customer:
    if compact_rut(rut).upper() not in {compact_rut(issuer.rut).upper(), compact_rut(GENERIC_CUSTOMER).upper()}:
        raise TransferToSelf(rut=issuer.rut)
    return customers.itself(work, issuer.rut, issuer.razon_social)


def _lock_guides(work: Work, ids: Sequence[int], ambiente: str) -> list[_Guide]:
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
        if sale.ind_traslado not in BILLABLE:
            raise GuideNotBillable(folio=document.folio, kind=sale.ind_traslado)
        guides.append(_Guide(sale, document))
    if len({guide.sale.customer_id for guide in guides}) > 1:
        raise GuidesOfSeveral()
    return guides


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

"""Making a sale: one transaction from the open shift to the signed document, all or nothing.

The steps of `create_sale` are in the order in which the contract refuses. Locks are taken in one order everywhere:
shift, customer, stock by product id, and the folio last, so that tills wait for each other as little as possible.
"""

from torn_app.cash import service as cash
from torn_app.company import service as company
from torn_app.customers import service as customers
from torn_app.documents import service as documents
from torn_app.dte.documento import Documento
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import totals_of
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.products import queries as products
from torn_app.sales import debit_notes, exports, guides
from torn_app.sales.charging import judge_payments, receive, write_payments
from torn_app.sales.discounts import discount_whole
from torn_app.sales.errors import (
    ExportFactsElsewhere,
    NoteThroughReturns,
    ReferencesIncomplete,
    ReferencesRequired,
    TypeNotOffered,
)
from torn_app.sales.identification import check_buyer
from torn_app.sales.journey import with_warnings
from torn_app.sales.lines import (
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
from torn_app.sales.models import Sale
from torn_app.sales.queries import sale_out
from torn_app.sales.schemas import SaleIn, SaleOut
from torn_app.sales.taxes import write_taxes

OFFERED = frozenset(
    {
        TipoDte.FACTURA,
        TipoDte.FACTURA_EXENTA,
        TipoDte.BOLETA,
        TipoDte.BOLETA_EXENTA,
        TipoDte.GUIA_DESPACHO,
        TipoDte.NOTA_DEBITO,
        TipoDte.FACTURA_EXPORTACION,
        TipoDte.NOTA_DEBITO_EXPORTACION,
    }
)
"""Documents this door issues."""
GIVE_BACK = frozenset({TipoDte.NOTA_CREDITO, TipoDte.NOTA_CREDITO_EXPORTACION})
"""Notes that have a door of their own."""


@use_case(Permission.SELL)
@documents.refusals
def create_sale(work: Work, data: SaleIn) -> SaleOut:
    """Sell: check, price, move stock, take the money, number and sign the document.

    Raises, in this order: SellerWithoutShift, CustomerNotFound, ReferencesRequired, ProductMissing, ProductInactive,
    DiscountTooHigh, StockShort, PaymentsShort / PaymentsExceed, BuyerNotIdentified, CreditNotAllowed, FolioExhausted,
    DocumentRefused. Nothing has happened then. A delivery guide needs neither shift nor payment: see
    `guides.issue_guide`. A debit note neither: see `debit_notes.issue_debit_note`. An export
    (`exports.issue_export`) may also be refused for ExportCustomer, ExchangeRateMissing, ServiceWithCustoms; any
    other document for ExportFactsElsewhere.
    """
    if data.tipo_dte == TipoDte.GUIA_DESPACHO:
        offered_type(data)
        return guides.issue_guide(work, data)
    if data.tipo_dte in debit_notes.REASONS and data.referencias:
        offered_type(data)
        return debit_notes.issue_debit_note(work, data)
    if data.tipo_dte == TipoDte.FACTURA_EXPORTACION:
        return exports.issue_export(work, data)
    shift_id = cash.require_open_shift(work)
    customer = customers.for_sale(work, data.rut_cliente)
    assert customer.id is not None
    tipo = offered_type(data)
    issuer = company.get_issuer_row(work)
    discounted = discount_whole(tipo, price_lines(work, customer, tipo, data.items), data)
    priced, descuentos = discounted.priced, discounted.descuentos
    totales = totals_of(tipo, [line.detalle for line in priced], descuentos, fecha=work.today)
    check_discounts(work, totales)
    sale_id = next_sale_id(work)
    stock = take_stock(work, priced, tipo, sale_id)
    paid = judge_payments(
        work,
        customer,
        data.payments,
        data.fecha_vencimiento,
        total=totales.monto_total,
        documented=documented(priced),
    )
    check_buyer(tipo, work.today, customer, totales.monto_total, paid.codes)
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
        descuento_global=discounted.monto,
        ajuste_redondeo=paid.settlement.ajuste_redondeo,
        vuelto=paid.settlement.vuelto,
        forma_pago=paid.forma_pago(tipo),
        fecha_vencimiento=paid.due_date,
        tipo_despacho=data.tipo_despacho,
        transporte=data.transporte.model_dump(mode="json") if data.transporte else None,
        descripcion=data.descripcion,
        support_email=work.actor.email if work.actor.is_support else None,
        created_at=work.now,
    )
    write_sale(work, sale)
    lines = write_lines(work, sale_id, priced, totales)
    taxes = write_taxes(work, sale_id, totales)
    write_payments(work, sale_id, data.payments)
    references = write_references(work, sale_id, data.referencias or ())
    receive(work, shift_id, sale_id, customer, tipo, paid)
    documento = Documento(
        tipo=tipo,
        fecha_emision=work.today,
        emisor=documents.emisor(issuer),
        receptor=documents.receptor(customer),
        detalles=tuple(p.detalle for p in priced),
        descuentos=descuentos,
        referencias=tuple(referencia(r) for r in data.referencias or ()),
        forma_pago=sale.forma_pago,
        fecha_vencimiento=paid.due_date,
        medio_pago=paid.medio_pago(tipo),
        tipo_despacho=data.tipo_despacho,
        transporte=data.transporte.of_document() if data.transporte else None,
    )
    document = documents.issue(work, documento, sale_id=sale_id, ambiente=issuer.ambiente)
    found = {p.product.id: products.product_out(p.product, stock.get(p.product.id)) for p in priced}
    sold = sale_out(sale, customer, document.folio, document.estado, lines, references, found, taxes)
    return with_warnings(sold, documento)


def offered_type(data: SaleIn) -> TipoDte:
    """Return the type of the document a sale asks for.

    Raises:
        TypeNotOffered: it is none, or this door does not issue it.
        ReferencesRequired, ReferencesIncomplete: a note does not say what it corrects.
        ExportFactsElsewhere: what only an export has.
    """
    try:
        tipo = TipoDte(data.tipo_dte)
    except ValueError:
        raise TypeNotOffered(data.tipo_dte) from None
    if tipo.es_nota:
        if not data.referencias:
            raise ReferencesRequired(tipo=int(tipo))
        if any(r.sii_reason_code is None for r in data.referencias):
            raise ReferencesIncomplete()
    if tipo in GIVE_BACK:
        raise NoteThroughReturns(data.tipo_dte)
    if tipo not in OFFERED:
        raise TypeNotOffered(data.tipo_dte)
    if data.exportacion is not None and tipo is not TipoDte.FACTURA_EXPORTACION:
        raise ExportFactsElsewhere(name=tipo.nombre.lower())
    return tipo

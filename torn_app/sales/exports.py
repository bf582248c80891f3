"""Export sales (110): in a currency on paper, in whole pesos everywhere else (see `export_rules`).

They move stock, money and debt as any sale. The buyer abroad is always the customer 55555555-5; who it is stands in
the sale's `exportacion`. Source: Formato DTE v2.4.2, document 110; DL 825 art. 12 D (exports bear no VAT).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from torn_app.cash import service as cash
from torn_app.company import service as company
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.documents import service as documents
from torn_app.dte.documento import DescuentoGlobal, Documento
from torn_app.dte.exportacion import PESO_CHILENO
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, totals_of
from torn_app.dte.totales_exportacion import compute_export_totals
from torn_app.infra.work import Work
from torn_app.kernel.rut import compact_rut
from torn_app.products import queries as products
from torn_app.sales import export_rules
from torn_app.sales.charging import CREDIT_SALE, judge_payments, receive, write_payments
from torn_app.sales.errors import DiscountTwice, ExchangeRateMissing, ExportCustomer, ServiceWithCustoms
from torn_app.sales.export_rules import Rate
from torn_app.sales.export_schemas import AduanaIn, ExportacionIn, ExportFacts
from torn_app.sales.lines import (
    Priced,
    check_discounts,
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

TIPO = TipoDte.FACTURA_EXPORTACION
ABROAD = "Extranjero"
"""Address of a buyer who gave none: the document must name one."""
COLLECTED, IN_ADVANCE = 1, 32
"""Field FmaPagExp: within a year, before shipment."""


@dataclass(frozen=True, slots=True)
class Quote:
    """An export before it is paid: its document, the facts kept with the sale, and what it comes to."""

    documento: Documento
    facts: ExportFacts
    plain: Totales
    """As priced in pesos: what discounts are judged by."""
    totales: Totales
    """In whole pesos, as the sale keeps it."""


def issue_export(work: Work, data: SaleIn) -> SaleOut:
    """Sell abroad: price, move stock, take the money, number and sign the document.

    Raises, in this order: SellerWithoutShift, ExportCustomer, CustomerNotFound, ExchangeRateMissing,
    ServiceWithCustoms, ProductMissing, ProductInactive, DiscountTooHigh, StockShort, PaymentsShort / PaymentsExceed,
    CreditNotAllowed, FolioExhausted, DocumentRefused. Nothing has happened then.
    """
    shift_id = cash.require_open_shift(work)
    customer = buyer(work, data.rut_cliente)
    rate_of(data.exportacion or ExportacionIn())
    return sell(work, data, shift_id, customer, price_lines(work, customer, TIPO, data.items))


def sell(
    work: Work, data: SaleIn, shift_id: int, customer: Customer, priced: list[Priced], *, moved: bool = False
) -> SaleOut:
    """Sell lines abroad that are priced already; `moved`: their goods left the shelf with a guide, at its discounts.

    Raises as `issue_export` does.
    """
    assert customer.id is not None
    issuer = company.get_issuer_row(work)
    found = quote(work, data, customer, priced, rate_of(data.exportacion or ExportacionIn()))
    if not moved:
        check_discounts(work, found.plain)
    sale_id = next_sale_id(work)
    stock = {} if moved else take_stock(work, priced, TIPO, sale_id)
    paid = judge_payments(
        work,
        customer,
        data.payments,
        data.fecha_vencimiento,
        total=found.totales.monto_total,
        documented=sum((line.net_price * line.cantidad for line in priced), Decimal(0)),
    )
    documento, facts = _settled(found, paid.forma_pago(TIPO))
    sale = Sale(
        id=sale_id,
        ambiente=issuer.ambiente,
        tipo_dte=int(TIPO),
        fecha_emision=work.now,
        customer_id=customer.id,
        staff_id=cash.local_staff(work),
        cash_session_id=shift_id,
        monto_neto=0,
        monto_exento=found.totales.monto_exento,
        iva=0,
        monto_total=found.totales.monto_total,
        descuento_global=sum(row.monto for row in found.totales.descuentos),
        ajuste_redondeo=paid.settlement.ajuste_redondeo,
        vuelto=paid.settlement.vuelto,
        forma_pago=paid.forma_pago(TIPO),
        fecha_vencimiento=paid.due_date,
        tipo_despacho=data.tipo_despacho,
        transporte=data.transporte.model_dump(mode="json") if data.transporte else None,
        exportacion=facts.model_dump(mode="json"),
        descripcion=data.descripcion,
        support_email=work.actor.email if work.actor.is_support else None,
        created_at=work.now,
    )
    write_sale(work, sale)
    lines = write_lines(work, sale_id, priced, found.totales)
    write_payments(work, sale_id, data.payments)
    references = write_references(work, sale_id, data.referencias or ())
    receive(work, shift_id, sale_id, customer, TIPO, paid)
    documento = replace(documento, fecha_vencimiento=paid.due_date)
    document = documents.issue(work, documento, sale_id=sale_id, ambiente=issuer.ambiente)
    shown = {p.product.id: products.product_out(p.product, stock.get(p.product.id)) for p in priced}
    return sale_out(sale, customer, document.folio, document.estado, lines, references, shown)


def buyer(work: Work, rut: str) -> Customer:
    """Return the customer every export is addressed to, made when first needed.

    Raises:
        ExportCustomer: another RUT.
        CustomerNotFound: it was deactivated.
    """
    customer = customers.foreign(work)
    if compact_rut(rut) != compact_rut(customer.rut):
        raise ExportCustomer()
    return customers.for_sale(work, customer.rut)


def rate_of(terms: ExportacionIn | ExportFacts) -> Rate:
    """Return the currency of an export with its exchange rate.

    Raises:
        ExchangeRateMissing: another currency than the peso without one, or the peso with one.
    """
    moneda = terms.currency if isinstance(terms, ExportacionIn) else terms.moneda
    if (moneda == PESO_CHILENO) != (terms.tipo_cambio is None):
        raise ExchangeRateMissing(moneda=moneda)
    return Rate(moneda, Decimal(terms.tipo_cambio or 1))


def quote(work: Work, data: SaleIn, customer: Customer, priced: Sequence[Priced], rate: Rate) -> Quote:
    """Return what an export comes to, with its document as far as it does not depend on how it is paid.

    Raises:
        DiscountTwice: a percentage and an amount.
        ServiceWithCustoms: services do not pass customs.
        DteError: the document breaks a rule of the fiscal core.
    """
    terms = data.exportacion or ExportacionIn()
    pct, monto = data.descuento_global_pct or None, data.descuento_global_monto or None
    if pct is not None and monto is not None:
        raise DiscountTwice()
    if terms.indicador_servicio is not None and terms.aduana is not None:
        raise ServiceWithCustoms()
    in_pesos = (DescuentoGlobal(pct=pct, monto=monto),) if pct or monto else ()
    plain = totals_of(TIPO, [line.detalle for line in priced], in_pesos)
    facts = ExportFacts(
        moneda=rate.moneda,
        tipo_cambio=terms.tipo_cambio,
        monto_total=Decimal(0),
        indicador_servicio=terms.indicador_servicio,
        forma_pago=terms.forma_pago,
        nombre=terms.nombre or customer.razon_social,
        numero_id=terms.numero_id,
        pais=terms.pais,
        direccion=terms.direccion or customer.direccion or ABROAD,
        comuna=terms.comuna or customer.comuna,
        ciudad=terms.ciudad or customer.ciudad,
        correo=terms.correo or customer.email,
        aduana=None if terms.indicador_servicio is not None else terms.aduana or AduanaIn(),
        total_items=len(priced),
    )
    documento = Documento(
        tipo=TIPO,
        fecha_emision=work.today,
        emisor=documents.emisor(company.get_issuer_row(work)),
        receptor=facts.receptor(),
        detalles=export_rules.in_currency(plain.lineas, rate),
        descuentos=export_rules.discount_in_currency(pct, monto, rate),
        referencias=tuple(referencia(r) for r in data.referencias or ()),
        indicador_servicio=terms.indicador_servicio,
        tipo_despacho=data.tipo_despacho,
        transporte=data.transporte.of_document() if data.transporte else None,
        exportacion=facts.model_copy(update={"aduana": None}).of_document(),
    )
    facts = facts.model_copy(update={"monto_total": compute_export_totals(documento).monto_total})
    documento = replace(documento, exportacion=facts.of_document())
    return Quote(documento, facts, plain, export_rules.totals_in_pesos(documento, plain.lineas, rate))


def _settled(found: Quote, forma_pago: int | None) -> tuple[Documento, ExportFacts]:
    """Return document and facts with how it was paid: goods say so to the customs service too."""
    facts = found.facts
    if facts.forma_pago is None and facts.aduana is not None:
        facts = facts.model_copy(update={"forma_pago": COLLECTED if forma_pago == CREDIT_SALE else IN_ADVANCE})
    return replace(found.documento, forma_pago=forma_pago, exportacion=facts.of_document()), facts

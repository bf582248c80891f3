"""Delivery guides (52): goods that travel before, or without, their invoice.

A guide takes the goods off the shelf and freezes prices, discounts and costs. Its invoice (`guide_invoices`)
repeats them and moves nothing again. Guides do not count as sales; their invoice does.
"""

from torn_app.cash import service as cash
from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.documents import service as documents
from torn_app.dte.documento import Documento
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import totals_of
from torn_app.infra.work import Work
from torn_app.kernel.rut import GENERIC_CUSTOMER, compact_rut
from torn_app.products import queries as products
from torn_app.sales.errors import (
    GuideDiscount,
    GuideNotPaid,
    TransferToSelf,
)
from torn_app.sales.journey import with_warnings
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
from torn_app.sales.queries import BILLABLE, FOR_EXPORT, sale_out
from torn_app.sales.schemas import SaleIn, SaleOut
from torn_app.sales.taxes import write_taxes

INTERNAL = 5
"""Field IndTraslado: goods that stay the company's."""
SOLD = BILLABLE | {9}
"""Reasons to travel whose prices are those of a sale."""


def issue_guide(work: Work, data: SaleIn) -> SaleOut:
    """Issue a delivery guide: goods leave the shelf, no money moves, no shift is needed.

    An internal transfer (`ind_traslado` 5) is received by the company itself. What the guide should say of the journey
    and does not is in `avisos`.

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
    priced = price_guide(work, customer, data)
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
    documento = Documento(
        tipo=tipo,
        fecha_emision=work.today,
        emisor=documents.emisor(issuer),
        receptor=documents.issuer_as_receptor(issuer) if internal else documents.receptor(customer),
        detalles=tuple(p.detalle for p in priced),
        referencias=tuple(referencia(r) for r in data.referencias or ()),
        indicador_traslado=data.ind_traslado,
        tipo_despacho=data.tipo_despacho,
        transporte=data.transporte.of_document() if data.transporte else None,
    )
    issued = documents.issue(work, documento, sale_id=sale_id, ambiente=issuer.ambiente)
    found = {p.product.id: products.product_out(p.product, stock.get(p.product.id)) for p in priced}
    sold = sale_out(sale, customer, issued.folio, issued.estado, lines, references, found, taxes)
    return with_warnings(sold, documento)


def price_guide(work: Work, customer: Customer, data: SaleIn) -> list[Priced]:
    """Return the lines of a guide. What is not sold is worth what its lines say, also nothing (Formato DTE v2.4.2,
    IndTraslado: amounts are optional there); what goes abroad bears no VAT (DL 825 art. 12 D)."""
    return price_lines(
        work,
        customer,
        TipoDte.GUIA_DESPACHO,
        data.items,
        exempt=data.ind_traslado in FOR_EXPORT,
        own_prices=data.ind_traslado not in SOLD,
    )


def _itself(work: Work, issuer: Issuer, rut: str) -> Customer:
    if compact_rut(rut).upper() not in {compact_rut(issuer.rut).upper(), compact_rut(GENERIC_CUSTOMER).upper()}:
        raise TransferToSelf(rut=issuer.rut)
    return customers.itself(work, issuer.rut, issuer.razon_social)

"""What a sale would come to, without making it: nothing is taken, no stock, no number, no money."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from torn_app.cash import service as cash
from torn_app.cash.errors import SellerWithoutShift
from torn_app.company import service as company
from torn_app.customers import rules as credit
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.documents import service as documents
from torn_app.dte.avisos_traslado import transport_warnings
from torn_app.dte.documento import Documento
from torn_app.dte.errores import DteError
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, totals_of
from torn_app.folios import loading as folios
from torn_app.folios.errors import FolioExhausted
from torn_app.folios.schemas import FolioPoolOut
from torn_app.infra.work import Work, use_case
from torn_app.inventory.errors import StockShort
from torn_app.kernel.errors import TornError
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.sales import exports
from torn_app.sales.charging import judge_payments
from torn_app.sales.discounts import Discounted, discount_whole
from torn_app.sales.errors import TypeNotOffered
from torn_app.sales.export_schemas import ExportacionIn
from torn_app.sales.exports import Quote
from torn_app.sales.guides import INTERNAL, price_guide
from torn_app.sales.identification import check_buyer
from torn_app.sales.lines import Priced, check_discounts, documented, price_lines, referencia
from torn_app.sales.schemas import PreviewLine, SaleDryRun, SaleIn, SalePreview
from torn_app.sales.service import offered_type
from torn_app.sales.taxes import taxes_out

PRUEBA = "PRUEBA"


@use_case(Permission.SELL)
@documents.refusals
def preview_sale(work: Work, data: SaleIn) -> SalePreview:
    """Return the lines and totals of a sale. What cannot be priced is refused as in a sale; the rest is not looked at,
    because the till asks at every touch."""
    return SalePreview(**_amounts(_priced(work, data)))


@use_case(Permission.SELL)
@documents.refusals
def dry_run(work: Work, data: SaleIn) -> SaleDryRun:
    """Return what a sale comes to, everything that would refuse it now, in words, and the numbers that are left.

    What cannot be priced at all (unknown product, customer or type) is refused as in a sale.
    """
    priced = _priced(work, data)
    tipo = priced.tipo
    ambiente = company.get_issuer_row(work).ambiente
    pool = folios.pool_of(work, tipo, ambiente)
    checks: list[Callable[[], None]] = []
    avisos: list[str] = []
    if not tipo.es_guia:  # a guide moves goods, not money
        checks.append(lambda: _check_shift(work))
        checks.append(lambda: _check_payments(work, data, priced))
    checks += (
        lambda: check_discounts(work, priced.export.plain if priced.export else priced.totales),
        lambda: avisos.extend(transport_warnings(_documento(work, data, priced))),
        lambda: _check_numbers(tipo, ambiente, pool),
    )
    warnings = _shortages(priced.lines)
    for check in checks:
        try:
            check()
        except (TornError, DteError) as refusal:
            warnings.append(str(refusal))
    return SaleDryRun(**_amounts(priced), warnings=warnings, avisos=avisos, folios=pool)


@dataclass(frozen=True, slots=True)
class _Priced:
    customer: Customer
    tipo: TipoDte
    lines: list[Priced]
    """As priced."""
    discounted: Discounted
    totales: Totales
    export: Quote | None = None


def _priced(work: Work, data: SaleIn) -> _Priced:
    if data.tipo_dte == exports.TIPO:
        return _export(work, data)
    # Whoever a transfer inside the company is addressed to, nobody buys.
    customer = customers.for_sale(work, GENERIC_CUSTOMER if _is_internal(data) else data.rut_cliente)
    tipo = offered_type(data)
    if tipo.es_nota:
        # What it comes to depends on the document it corrects.
        raise TypeNotOffered(data.tipo_dte)
    priced = price_guide(work, customer, data) if tipo.es_guia else price_lines(work, customer, tipo, data.items)
    found = discount_whole(tipo, priced, data)
    totales = totals_of(tipo, [p.detalle for p in found.priced], found.descuentos, fecha=work.today)
    return _Priced(customer, tipo, priced, found, totales)


def _export(work: Work, data: SaleIn) -> _Priced:
    customer = exports.buyer(work, data.rut_cliente)
    rate = exports.rate_of(data.exportacion or ExportacionIn())
    priced = price_lines(work, customer, exports.TIPO, data.items)
    quote = exports.quote(work, data, customer, priced, rate)
    found = Discounted(priced, monto=sum(row.monto for row in quote.totales.descuentos))
    return _Priced(customer, exports.TIPO, priced, found, quote.totales, quote)


def _is_internal(data: SaleIn) -> bool:
    return data.tipo_dte == TipoDte.GUIA_DESPACHO and data.ind_traslado == INTERNAL


def _amounts(priced: _Priced) -> dict[str, object]:
    totales = priced.totales
    # What was shared out to the lines is shown once, as the discount on the whole that somebody typed.
    plain = totals_of(priced.tipo, [p.detalle for p in priced.lines])
    return {
        "tipo_dte": int(priced.tipo),
        "monto_neto": totales.monto_neto,
        "monto_exento": totales.monto_exento,
        "iva": totales.iva,
        "monto_total": totales.monto_total,
        "descuento_global": priced.discounted.monto,
        "impuestos": taxes_out(totales),
        "exportacion": priced.export.facts.model_dump() if priced.export else None,
        "lines": [
            PreviewLine(
                product_id=line.product.id,
                nombre=line.detalle.nombre,
                cantidad=line.cantidad,
                precio=line.detalle.precio,
                descuento=row.descuento_monto,
                monto=row.monto_item,
                unidad_medida=line.product.unidad_medida,
                exento=row.exento,
                impuesto_adicional=next(iter(line.detalle.codigos_impuesto), None),
            )
            for line, row in zip(priced.lines, plain.lineas, strict=True)
        ],
    }


def _check_shift(work: Work) -> None:
    if not cash.has_open_shift(work):
        raise SellerWithoutShift(id=cash.local_staff(work))


def _check_payments(work: Work, data: SaleIn, priced: _Priced) -> None:
    customer = priced.customer
    paid = judge_payments(
        work,
        customer,
        data.payments,
        data.fecha_vencimiento,
        total=priced.totales.monto_total,
        documented=documented(priced.lines),
    )
    check_buyer(priced.tipo, work.today, customer, priced.totales.monto_total, paid.codes)
    if paid.on_credit:
        credit.check_credit(
            customer.razon_social,
            customer.current_balance,
            customer.limite_credito,
            customer.dias_credito,
            paid.on_credit,
        )


def _documento(work: Work, data: SaleIn, priced: _Priced) -> Documento:
    """Build the document as the sale would: a value that breaks a rule does not come to be."""
    if priced.export is not None:
        return priced.export.documento
    issuer, tipo, customer = company.get_issuer_row(work), priced.tipo, priced.customer
    return Documento(
        tipo=tipo,
        fecha_emision=work.today,
        emisor=documents.emisor(issuer),
        receptor=documents.issuer_as_receptor(issuer) if _is_internal(data) else documents.receptor(customer),
        detalles=tuple(p.detalle for p in priced.discounted.priced),
        descuentos=priced.discounted.descuentos,
        referencias=tuple(referencia(r) for r in data.referencias or ()),
        indicador_traslado=data.ind_traslado if tipo.es_guia else None,
        tipo_despacho=data.tipo_despacho,
        transporte=data.transporte.of_document() if data.transporte else None,
    )


def _check_numbers(tipo: TipoDte, ambiente: str, pool: FolioPoolOut) -> None:
    if not pool.disponibles and ambiente != PRUEBA:  # there a new range is made by itself
        raise FolioExhausted(name=tipo.nombre)


def _shortages(priced: list[Priced]) -> list[str]:
    asked: dict[int, Decimal] = {}
    products = {line.product.id: line.product for line in priced if line.product.controla_stock}
    for line in priced:
        asked[line.product.id] = asked.get(line.product.id, Decimal(0)) + line.cantidad
    return [
        str(StockShort(product.full_name, product.stock, asked[key]))
        for key, product in products.items()
        if asked[key] > product.stock
    ]

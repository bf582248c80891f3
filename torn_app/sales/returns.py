"""Returns: what comes back of a sale, documented by a credit note. One transaction, all or nothing.

The row of the sale is locked first, so that two people cannot return the same thing; the other locks follow in the
order of a sale: shift, stock, customer, folio.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import bindparam, func, insert, select

from torn_app.cash import service as cash
from torn_app.customers import service as customers
from torn_app.documents import service as documents
from torn_app.dte.documento import CodigoReferencia, Detalle, Documento, Referencia
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, compute_totals
from torn_app.infra.work import Work, use_case
from torn_app.inventory import service as inventory
from torn_app.inventory.service import StockChange
from torn_app.kernel.money import Pesos, round_cash
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.products import queries as products
from torn_app.products.queries import ProductForSale
from torn_app.sales import export_notes
from torn_app.sales.errors import (
    CreditNeedsCustomer,
    NoteTypeNotForExport,
    NoteTypeNotForSale,
    NoteTypeUnknown,
    RefundMethodUnknown,
    ReturnedProductMissing,
    ReturnForeign,
    ReturnRepeated,
    TextIsNotReturned,
)
from torn_app.sales.models import PaymentMethod, Sale, SaleLine, SalePayment
from torn_app.sales.originals import (
    RETURNABLE,
    Original,
    lock_original,
    note_receptor,
    note_sale,
    reference_to,
    write_reference,
)
from torn_app.sales.payment_methods import CREDITO_INTERNO, EFECTIVO
from torn_app.sales.queries import sale_out
from torn_app.sales.return_rules import NoteParts, Sold, SoldLine, choose_lines, note_parts
from torn_app.sales.return_taxes import is_taxed, taxed_note_parts
from torn_app.sales.schemas import ReturnIn, ReturnItemIn, SaleOut
from torn_app.sales.taxes import frozen_tax, write_taxes

REFUND = "DEVOLUCION"
"""Transaction code of the payment of a note, and kind of what it moves."""

_sale = Sale.__table__  # type: ignore[attr-defined]
_line = SaleLine.__table__  # type: ignore[attr-defined]
_method = PaymentMethod.__table__  # type: ignore[attr-defined]

_WRITE_LINES = insert(_line)
_WRITE_PAYMENT = insert(SalePayment.__table__)  # type: ignore[attr-defined]
_LINES_OF = select(_line).where(_line.c.sale_id == bindparam("sale_id")).order_by(_line.c.position)
_RETURNED = (
    select(_line.c.related_line_id, func.sum(_line.c.cantidad).label("cantidad"))
    .join(_sale, _sale.c.id == _line.c.sale_id)
    .where(_sale.c.related_sale_id == bindparam("sale_id"), _line.c.related_line_id.is_not(None))
    .group_by(_line.c.related_line_id)
)
_METHOD_CODE = select(_method.c.code).where(_method.c.id == bindparam("method_id"), _method.c.is_active)


@use_case(Permission.RETURN)
@documents.refusals
def return_sale(work: Work, data: ReturnIn) -> SaleOut:
    """Take back all or part of a sale: credit note, stock, money.

    Raises, in this order: OriginalNotFound, OriginalRejected, NotReturnable, ReturnedProductMissing, NoteTypeUnknown,
    NoteTypeNotForSale / NoteTypeNotForExport, RefundMethodUnknown, NotLocalUser, ReturnRepeated, ReturnForeign,
    ReturnExceeds, SellerWithoutShift (cash), CreditNeedsCustomer / DebtExceeded (credit), FolioExhausted. Nothing has
    happened then.
    """
    original = lock_original(work, data.original_sale_id, RETURNABLE | {TipoDte.FACTURA_EXPORTACION})
    found = products.load_for_sale(work, {item.product_id for item in data.items})
    for item in data.items:
        if item.product_id not in found:
            raise ReturnedProductMissing(id=item.product_id)
    _check_type(original, data)
    method = _refund_method(work, data.return_method_id)
    staff_id = cash.local_staff(work)
    sold = _sold(work, original, found)
    before = {row.related_line_id: row.cantidad for row in work.connection.execute(_RETURNED, _of(original))}
    taking = _taking(sold, before, data.items, found)
    export, facts = export_notes.abroad(work, original), None
    if export is not None:
        parts = note_parts(export.counted(sold), before, taking)
    else:
        parts = _parts(work, original, sold, before, taking)
    everything = not before and taking == {line.id: line.cantidad for line in sold.lines}
    shift_id = cash.require_open_shift(work) if method == EFECTIVO else cash.open_shift_id(work)

    reason = reference_to(original, _reason_code(data, everything=everything), data.reason)
    if export is not None:
        note = export_notes.credit_note(work, original, export, parts, sold, reason)
        documento, totales, facts = note.documento, note.totales, note.facts
        parts = replace(parts, detalles=_at_the_price_sold(parts, sold))
    else:
        documento = _note(work, original, parts, reason)
        totales = compute_totals(documento)
    cash_out = round_cash(totales.monto_total) if method == EFECTIVO else Pesos(0)
    sale = note_sale(
        work,
        original,
        totales,
        staff_id=staff_id,
        descripcion=f"Ajuste Venta #{original.folio}: {data.reason}",
        cash_session_id=shift_id,
        ajuste_redondeo=cash_out - totales.monto_total if method == EFECTIVO else 0,
        montos_brutos=parts.montos_brutos,
        tipo=documento.tipo,
        exportacion=facts,
    )
    assert sale.id is not None
    stock = _put_back(work, sale.id, taking, sold.lines, found, f"Devolución venta f.{original.folio}: {data.reason}")
    lines = _write_lines(work, sale.id, parts, totales)
    taxes = write_taxes(work, sale.id, totales)
    if totales.monto_total:
        paid = {"payment_method_id": data.return_method_id, "amount": totales.monto_total, "transaction_code": REFUND}
        work.connection.execute(_WRITE_PAYMENT, {"sale_id": sale.id, **paid})
    reference = write_reference(work, original, sale.id, documento.referencias[0])
    if method == EFECTIVO and shift_id is not None:
        cash.record_refund(work, shift_id, sale.id, cash_out)
    if method == CREDITO_INTERNO:
        _lower_debt(work, original, sale, in_favour=data.saldo_a_favor)
    issued = documents.issue(work, documento, sale_id=sale.id, ambiente=sale.ambiente)
    shown = {key: products.product_out(product, stock.get(key)) for key, product in found.items()}
    return sale_out(sale, original.customer, issued.folio, issued.estado, lines, [reference], shown, taxes)


def _check_type(original: Original, data: ReturnIn) -> None:
    try:
        tipo = TipoDte(data.tipo_dte)
    except ValueError:
        raise NoteTypeUnknown() from None
    if not tipo.es_nota:
        raise NoteTypeUnknown()
    if original.tipo.es_exportacion and tipo is not TipoDte.NOTA_CREDITO_EXPORTACION:
        raise NoteTypeNotForExport(name=original.tipo.nombre.lower())
    if not original.tipo.es_exportacion and tipo is not TipoDte.NOTA_CREDITO:
        raise NoteTypeNotForSale(name=original.tipo.nombre.lower())
    if data.sii_reason_code == int(CodigoReferencia.CORRIGE_TEXTO):
        raise TextIsNotReturned()


def _reason_code(data: ReturnIn, *, everything: bool) -> CodigoReferencia:
    """Annulling speaks of the whole document: what comes back in parts corrects its amounts."""
    if everything and data.sii_reason_code == int(CodigoReferencia.ANULA):
        return CodigoReferencia.ANULA
    return CodigoReferencia.CORRIGE_MONTO


def _refund_method(work: Work, method_id: int) -> str:
    code = work.connection.execute(_METHOD_CODE, {"method_id": method_id}).scalar()
    if code is None:
        raise RefundMethodUnknown()
    return str(code)


def _of(original: Original) -> dict[str, int | None]:
    return {"sale_id": original.sale.id}


def _sold(work: Work, original: Original, found: dict[int, ProductForSale]) -> Sold:
    sale = original.sale
    lines = []
    for row in work.connection.execute(_LINES_OF, _of(original)):
        product = found.get(row.product_id)
        lines.append(
            SoldLine(
                id=row.id,
                product_id=row.product_id,
                nombre=row.nombre,
                cantidad=row.cantidad,
                precio_neto=row.precio_unitario,
                exento=row.exento,
                descuento=row.descuento,
                monto=row.monto,
                costo=row.costo_unitario,
                codigo=product.codigo_interno if product else None,
                unidad=product.unidad_medida if product else None,
                codigos=() if row.impuesto_adicional is None else (row.impuesto_adicional,),
            )
        )
    gross = original.tipo.precios_brutos
    afecto = sale.monto_neto + sale.iva + sale.otros_impuestos if gross else sale.monto_neto
    return Sold(lines, gross, afecto, sale.monto_exento)


def _parts(
    work: Work, original: Original, sold: Sold, before: dict[int, Decimal], taking: dict[int, Decimal]
) -> NoteParts:
    if is_taxed(sold):
        return taxed_note_parts(sold, before, taking, sold_on=original.fecha, today=work.today)
    return note_parts(sold, before, taking)


def _taking(
    sold: Sold, before: dict[int, Decimal], items: Sequence[ReturnItemIn], found: dict[int, ProductForSale]
) -> dict[int, Decimal]:
    """Return line id -> what comes back of it, or refuse."""
    taking: dict[int, Decimal] = {}
    seen: set[int] = set()
    for item in items:
        if item.product_id in seen:
            raise ReturnRepeated(id=item.product_id)
        seen.add(item.product_id)
        if all(line.product_id != item.product_id for line in sold.lines):
            raise ReturnForeign(name=found[item.product_id].full_name)
        taking.update(choose_lines(sold.lines, before, item.product_id, item.cantidad))
    return taking


def _at_the_price_sold(parts: NoteParts, sold: Sold) -> tuple[tuple[SoldLine, Detalle], ...]:
    """Return the lines of a note about an export beside those of the sale, which are in net pesos."""
    of = {line.id: line for line in sold.lines}
    return tuple((of[line.id], detalle) for line, detalle in parts.detalles)


def _note(work: Work, original: Original, parts: NoteParts, reference: Referencia) -> Documento:
    return Documento(
        tipo=TipoDte.NOTA_CREDITO,
        fecha_emision=work.today,
        emisor=documents.emisor(original.issuer),
        receptor=note_receptor(original),
        detalles=tuple(detalle for _, detalle in parts.detalles),
        descuentos=parts.descuentos,
        referencias=(reference,),
        montos_brutos=parts.montos_brutos,
    )


def _put_back(
    work: Work,
    sale_id: int,
    taking: dict[int, Decimal],
    lines: Sequence[SoldLine],
    found: dict[int, ProductForSale],
    description: str,
) -> dict[int, Decimal]:
    """Put what came back on the shelf: one movement for each product. Returns what is there now."""
    back: dict[int, Decimal] = {}
    for line in lines:
        if line.id in taking and found[line.product_id].controla_stock:
            back[line.product_id] = back.get(line.product_id, Decimal(0)) + taking[line.id]
    changes = [
        StockChange(
            product_id=product_id,
            name=found[product_id].full_name,
            quantity=quantity,
            motivo="DEVOLUCION",
            description=description,
            sale_id=sale_id,
        )
        for product_id, quantity in back.items()
    ]
    return inventory.move(work, changes) if changes else {}


def _write_lines(work: Work, sale_id: int, parts: NoteParts, totales: Totales) -> list[SaleLine]:
    rows = [
        SaleLine(
            sale_id=sale_id,
            position=amounts.numero,
            related_line_id=line.id,
            product_id=line.product_id,
            nombre=line.nombre,
            cantidad=amounts.detalle.cantidad,
            precio_unitario=line.precio_neto,
            costo_unitario=line.costo,
            exento=amounts.exento,
            **frozen_tax(amounts.detalle.codigos_impuesto, work.today),
            descuento=amounts.descuento_monto,
            monto=amounts.monto_item,
        )
        for (line, _), amounts in zip(parts.detalles, totales.lineas, strict=True)
    ]
    work.connection.execute(_WRITE_LINES, [row.model_dump(exclude={"id"}) for row in rows])
    return rows


def _lower_debt(work: Work, original: Original, sale: Sale, *, in_favour: bool) -> None:
    if original.customer.rut == GENERIC_CUSTOMER:
        raise CreditNeedsCustomer()
    if sale.monto_total:
        customers.charge(
            work,
            original.customer,
            Pesos(-sale.monto_total),
            tipo=REFUND,
            description=sale.descripcion or "",
            sale_id=sale.id,
            in_favour=in_favour,
        )

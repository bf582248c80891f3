"""Debit notes (56, and 111 of exports): charging more for what was sold, or cancelling a credit note."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import and_, insert, select

from torn_app.cash import service as cash
from torn_app.customers import service as customers
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.documento import CodigoReferencia, Documento, Referencia
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, compute_totals
from torn_app.infra.work import Work
from torn_app.kernel.money import Pesos
from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.products import queries as products
from torn_app.sales import export_notes
from torn_app.sales.charging import CREDIT_SALE
from torn_app.sales.discounts import discount_whole
from torn_app.sales.errors import (
    DebitNoteCustomer,
    DebitNoteNotPaid,
    DebitNoteReference,
    DebitNoteRepeats,
    DiscountTwice,
    ExportDebitReference,
    NoteCancelled,
    OriginalNotFound,
)
from torn_app.sales.export_notes import Abroad, ExportNote
from torn_app.sales.lines import Priced, price_lines
from torn_app.sales.models import Sale, SaleLine
from torn_app.sales.originals import Original, lock_original, note_receptor, note_sale, reference_to, write_reference
from torn_app.sales.queries import sale_out
from torn_app.sales.schemas import SaleIn, SaleItemIn, SaleOut
from torn_app.sales.stored import StoredParts, stored_parts
from torn_app.sales.taxes import frozen_tax, write_taxes

_ANULA, _CORRIGE = int(CodigoReferencia.ANULA), int(CodigoReferencia.CORRIGE_MONTO)
REASONS: dict[TipoDte, dict[int, frozenset[TipoDte]]] = {
    TipoDte.NOTA_DEBITO: {
        _ANULA: frozenset({TipoDte.NOTA_CREDITO}),
        _CORRIGE: frozenset({TipoDte.FACTURA, TipoDte.FACTURA_EXENTA}),
    },
    TipoDte.NOTA_DEBITO_EXPORTACION: {
        _ANULA: frozenset({TipoDte.NOTA_CREDITO_EXPORTACION}),
        _CORRIGE: frozenset({TipoDte.FACTURA_EXPORTACION}),
    },
}
"""What a reason code may speak of, by the type of the note."""
_CANCELLABLE = frozenset({TipoDte.NOTA_CREDITO, TipoDte.NOTA_CREDITO_EXPORTACION})

_sale = Sale.__table__  # type: ignore[attr-defined]
_line = SaleLine.__table__  # type: ignore[attr-defined]
_document = Document.__table__  # type: ignore[attr-defined]


def issue_debit_note(work: Work, data: SaleIn) -> SaleOut:
    """Issue a debit note about the one document its reference names.

    Code 1 cancels a credit note and repeats it whole; code 3 charges more for an invoice: its lines say how much, at
    `precio_neto` each where given. It moves no stock and no money. What came back with a credit note stays on the
    shelf: whether it leaves again is a fact of the shop (a guide or an adjustment of stock says so), not of the paper.
    What the note adds is owed by the customer from now on and is paid like any debt, whatever credit they have; a
    final consumer without name has no account. The goods cost nothing again, so all of it is margin.

    Raises:
        DebitNoteReference, ExportDebitReference, OriginalNotFound, DebitNoteCustomer, OriginalRejected: it speaks of
            nothing it may correct.
        DebitNoteNotPaid: there are payments.
        NoteCancelled, DebitNoteRepeats: (code 1) the credit note is cancelled already, or these are not its lines.
        ProductMissing, ProductInactive, DiscountTwice, FolioExhausted, DocumentRefused: as a sale.
    """
    tipo = TipoDte(data.tipo_dte)
    original = _original(work, tipo, data)
    customer = original.customer
    if customers.for_sale(work, data.rut_cliente).id != customer.id:
        raise DebitNoteCustomer(folio=original.folio)
    if data.payments:
        raise DebitNoteNotPaid()
    cancels = original.tipo in _CANCELLABLE
    code = CodigoReferencia.ANULA if cancels else CodigoReferencia.CORRIGE_MONTO
    reason = data.descripcion or ("Anula nota de crédito" if cancels else "Corrige montos")
    reference = reference_to(original, code, reason[:90])
    due_date = work.today + timedelta(days=customer.dias_credito or 0)
    if cancels:
        _check_cancels(work, original, data.items)
    owed = customer.rut != GENERIC_CUSTOMER
    export, facts = export_notes.abroad(work, original), None
    if export is not None:
        note = _abroad(work, original, export, data, reference)
        documento, totales, facts = note.documento, note.totales, note.facts
    else:
        documento = (_cancelling if cancels else _charging_more)(work, original, data, reference)
        if owed:
            documento = replace(documento, forma_pago=CREDIT_SALE, fecha_vencimiento=due_date)
        totales = compute_totals(documento)
    sale = note_sale(
        work,
        original,
        totales,
        staff_id=cash.local_staff(work),
        descripcion=reason,
        montos_brutos=documento.montos_brutos,
        tipo=tipo,
        fecha_vencimiento=due_date if owed else None,
        exportacion=facts,
    )
    assert sale.id is not None
    lines = _write_lines(work, original, sale.id, data.items, totales)
    taxes = write_taxes(work, sale.id, totales)
    written = write_reference(work, original, sale.id, reference)
    if owed and totales.monto_total:
        customers.charge(
            work,
            customer,
            Pesos(totales.monto_total),
            tipo="AJUSTE",
            description=f"{tipo.nombre}: {reason}",
            sale_id=sale.id,
            due_date=due_date,
            by_document=True,
        )
    issued = documents.issue(work, documento, sale_id=sale.id, ambiente=sale.ambiente)
    found = products.describe_products(work, {line.product_id for line in lines})
    return sale_out(sale, customer, issued.folio, issued.estado, lines, [written], found, taxes)


def _original(work: Work, tipo: TipoDte, data: SaleIn) -> Original:
    refusal = ExportDebitReference if tipo.es_exportacion else DebitNoteReference
    references = data.referencias or []
    if len(references) != 1:
        raise refusal()
    (reference,) = references
    kinds = REASONS[tipo].get(reference.sii_reason_code or 0, frozenset())
    if reference.tipo_documento not in {str(int(kind)) for kind in kinds}:
        raise refusal()
    if not (reference.folio.isascii() and reference.folio.isdigit()):
        raise OriginalNotFound()
    row = work.connection.execute(
        select(_sale.c.id)
        .join(_document, and_(_document.c.sale_id == _sale.c.id, _document.c.replaced_at.is_(None)))
        .where(_sale.c.tipo_dte == int(reference.tipo_documento), _document.c.folio == int(reference.folio))
        .order_by(_sale.c.id.desc())
    ).all()
    for (sale_id,) in row:
        try:
            return lock_original(work, sale_id, kinds)
        except OriginalNotFound:
            continue  # the same number in another mode
    raise OriginalNotFound()


def _check_cancels(work: Work, original: Original, items: Sequence[SaleItemIn]) -> None:
    cancelled = work.connection.execute(
        select(_document.c.folio)
        .join(_sale, _sale.c.id == _document.c.sale_id)
        .where(
            _sale.c.related_sale_id == original.sale.id,
            _sale.c.tipo_dte.in_([int(kind) for kind in REASONS]),
            _document.c.replaced_at.is_(None),
        )
    ).scalar()
    if cancelled is not None:
        raise NoteCancelled(folio=original.folio, debit=cancelled)
    of_note = _quantities(_lines_of(work, original))
    asked = _quantities(items)
    if asked != of_note:
        raise DebitNoteRepeats(folio=original.folio)


def _abroad(work: Work, original: Original, export: Abroad, data: SaleIn, reference: Referencia) -> ExportNote:
    if original.tipo in _CANCELLABLE:
        return export_notes.cancelling(work, original, export, _lines_of(work, original), reference)
    pct, monto = data.descuento_global_pct or None, data.descuento_global_monto or None
    if pct is not None and monto is not None:
        raise DiscountTwice()
    priced = price_lines(work, original.customer, export_notes.DEBIT, data.items, own_prices=True)
    return export_notes.charging_more(work, original, export, priced, (pct, monto), reference)


def _cancelling(work: Work, original: Original, data: SaleIn, reference: Referencia) -> Documento:
    read = read_dte(_signed(work, original))
    return _documento(work, original, stored_parts(read), reference, montos_brutos=read.montos_brutos)


def _quantities(rows: Sequence[SaleLine | SaleItemIn]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for row in rows:
        found[row.product_id] = found.get(row.product_id, Decimal(0)) + row.cantidad
    return found


def _charging_more(work: Work, original: Original, data: SaleIn, reference: Referencia) -> Documento:
    tipo = TipoDte.NOTA_DEBITO
    priced = price_lines(work, original.customer, tipo, data.items, exempt=original.tipo.es_exento, own_prices=True)
    # The taxes of what was sold, whatever its products carry today.
    sold = {row.product_id: _codes(row) for row in _lines_of(work, original) if not row.exento}
    priced = [_with_codes(line, sold.get(line.product.id)) for line in priced]
    found = discount_whole(tipo, priced, data)
    parts = StoredParts(tuple(p.detalle for p in found.priced), found.descuentos, ())
    return _documento(work, original, parts, reference)


def _documento(
    work: Work, original: Original, parts: StoredParts, reference: Referencia, *, montos_brutos: bool = False
) -> Documento:
    return Documento(
        tipo=TipoDte.NOTA_DEBITO,
        fecha_emision=work.today,
        emisor=documents.emisor(original.issuer),
        receptor=note_receptor(original),
        detalles=parts.detalles,
        descuentos=parts.descuentos,
        referencias=(reference,),
        montos_brutos=montos_brutos,
    )


def _codes(row: SaleLine) -> tuple[int, ...]:
    return () if row.impuesto_adicional is None else (row.impuesto_adicional,)


def _with_codes(line: Priced, codes: tuple[int, ...] | None) -> Priced:
    if codes is None or line.exento:
        return line
    return replace(line, detalle=replace(line.detalle, codigos_impuesto=codes))


def _signed(work: Work, original: Original) -> bytes:
    statement = select(_document.c.xml).where(
        _document.c.sale_id == original.sale.id, _document.c.replaced_at.is_(None)
    )
    return bytes(work.connection.execute(statement).scalar_one())


def _lines_of(work: Work, original: Original) -> Sequence[SaleLine]:
    statement = select(_line).where(_line.c.sale_id == original.sale.id).order_by(_line.c.position)
    return [SaleLine(**row) for row in work.connection.execute(statement).mappings()]


def _write_lines(
    work: Work, original: Original, sale_id: int, items: Sequence[SaleItemIn], totales: Totales
) -> list[SaleLine]:
    """Write the lines at no cost: no goods move."""
    if original.tipo in _CANCELLABLE:
        sources = [(row.product_id, row.precio_unitario) for row in _lines_of(work, original)]
    else:
        sources = [
            (item.product_id, amounts.detalle.precio) for item, amounts in zip(items, totales.lineas, strict=True)
        ]
    rows = [
        SaleLine(
            sale_id=sale_id,
            position=amounts.numero,
            product_id=product_id,
            nombre=amounts.detalle.nombre,
            cantidad=amounts.detalle.cantidad,
            precio_unitario=price,
            costo_unitario=Decimal(0),
            exento=amounts.exento,
            **frozen_tax(amounts.detalle.codigos_impuesto, work.today),
            descuento_pct=amounts.detalle.descuento_pct,
            descuento=amounts.descuento_monto,
            monto=amounts.monto_item,
        )
        for (product_id, price), amounts in zip(sources, totales.lineas, strict=True)
    ]
    work.connection.execute(insert(_line), [row.model_dump(exclude={"id"}) for row in rows])
    return rows

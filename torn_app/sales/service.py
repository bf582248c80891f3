"""Making a sale: one transaction from the open shift to the signed document, all or nothing.

The steps of `create_sale` are in the order in which the contract refuses. Locks are taken in one order everywhere:
shift, customer, stock by product id, and the folio last, so that tills wait for each other as little as possible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import insert, select, text

from torn_app.cash import service as cash
from torn_app.company import service as company
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.documents import service as documents
from torn_app.dte.documento import DescuentoGlobal, Detalle, Documento, Referencia
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, totals_of
from torn_app.infra.work import Work, use_case
from torn_app.inventory import service as inventory
from torn_app.inventory.service import StockChange
from torn_app.kernel.money import Pesos, round_pesos
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.price_lists import service as price_lists
from torn_app.products import queries as products
from torn_app.products.queries import ProductForSale
from torn_app.sales import rules
from torn_app.sales.errors import (
    CreditNeedsCustomer,
    DiscountTwice,
    DueDatePast,
    PaymentMethodUnknown,
    ProductInactive,
    ProductMissing,
    ReferencesIncomplete,
    ReferencesRequired,
    TypeNotOffered,
)
from torn_app.sales.models import PaymentMethod, Sale, SaleLine, SalePayment, SaleReference
from torn_app.sales.payment_methods import CREDITO_INTERNO, EFECTIVO
from torn_app.sales.queries import sale_out
from torn_app.sales.schemas import PreviewLine, ReferenceIn, SaleIn, SaleItemIn, SaleOut, SalePreview

OFFERED = frozenset({TipoDte.FACTURA, TipoDte.FACTURA_EXENTA, TipoDte.BOLETA, TipoDte.BOLETA_EXENTA})
"""Documents this door issues."""
CASH_SALE, CREDIT_SALE = 1, 2
"""Field FmaPago."""
MEDIO_PAGO = {EFECTIVO: "1", "DEBITO": "2", "CREDITO": "2", "TRANSFERENCIA": "3", CREDITO_INTERNO: "5"}
"""Field MedioPago of a boleta (Formato Boleta v4.1)."""

_methods = PaymentMethod.__table__  # type: ignore[attr-defined]
_lines = SaleLine.__table__  # type: ignore[attr-defined]
_payments = SalePayment.__table__  # type: ignore[attr-defined]
_references = SaleReference.__table__  # type: ignore[attr-defined]

_NEXT_ID = text("SELECT nextval(pg_get_serial_sequence(:name, 'id'))")
_ACTIVE_METHODS = select(_methods.c.id, _methods.c.code).where(_methods.c.is_active)
_WRITE_SALE = insert(Sale.__table__)  # type: ignore[attr-defined]
_WRITE_LINES, _WRITE_PAYMENTS, _WRITE_REFERENCES = insert(_lines), insert(_payments), insert(_references)


@dataclass(frozen=True, slots=True)
class _Priced:
    """A line with the facts frozen at this moment."""

    item: SaleItemIn
    product: ProductForSale
    net_price: Decimal
    exento: bool
    detalle: Detalle


@use_case(Permission.SELL)
@documents.refusals
def create_sale(work: Work, data: SaleIn) -> SaleOut:
    """Sell: check, price, move stock, take the money, number and sign the document.

    Raises, in this order: SellerWithoutShift, CustomerNotFound, ReferencesRequired, ProductMissing, ProductInactive,
    DiscountTooHigh, StockShort, PaymentsShort / PaymentsExceed, CreditNotAllowed, FolioExhausted, DocumentRefused.
    Nothing has happened then.
    """
    shift_id = cash.require_open_shift(work)
    customer = customers.for_sale(work, data.rut_cliente)
    assert customer.id is not None
    tipo = _offered_type(data)
    issuer = company.get_issuer_row(work)
    priced = _price_lines(work, customer, tipo, data.items)
    descuentos = _global_discounts(tipo, priced, data)
    totales = totals_of(tipo, [line.detalle for line in priced], descuentos)
    _check_discounts(work, totales)
    sale_id = next_sale_id(work)
    stock = _take_stock(work, priced, tipo, sale_id)
    methods = _payment_methods(work, data)
    settlement = rules.settle(
        totales.monto_total,
        rules.documented_total([(p.net_price, p.item.cantidad, p.exento) for p in priced]),
        [rules.Payment(p.amount, methods[p.payment_method_id] == EFECTIVO) for p in data.payments],
    )
    on_credit = sum(round_pesos(p.amount) for p in data.payments if methods[p.payment_method_id] == CREDITO_INTERNO)
    due_date = _due_date(work, customer, data, on_credit)
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
        monto_total=totales.monto_total,
        descuento_global=sum(row.monto for row in totales.descuentos),
        ajuste_redondeo=settlement.ajuste_redondeo,
        vuelto=settlement.vuelto,
        forma_pago=None if tipo.es_boleta else CREDIT_SALE if on_credit else CASH_SALE,
        fecha_vencimiento=due_date,
        descripcion=data.descripcion,
        support_email=work.actor.email if work.actor.is_support else None,
        created_at=work.now,
    )
    work.connection.execute(_WRITE_SALE, sale.model_dump())
    lines = _write_lines(work, sale_id, priced, totales)
    _write_payments(work, sale_id, data)
    references = _write_references(work, sale_id, data)
    cash.record_sale(work, shift_id, sale_id, received=settlement.cash_received, change=settlement.vuelto)
    if on_credit:
        customers.charge(
            work,
            customer,
            Pesos(on_credit),
            tipo="VENTA",
            description=f"{tipo.nombre} a crédito",
            sale_id=sale_id,
            due_date=due_date,
        )
    medio = {MEDIO_PAGO.get(code, "5") for code in methods.values()}
    document = documents.issue(
        work,
        Documento(
            tipo=tipo,
            fecha_emision=work.today,
            emisor=documents.emisor(issuer),
            receptor=documents.receptor(customer),
            detalles=tuple(p.detalle for p in priced),
            descuentos=descuentos,
            referencias=tuple(_referencia(r) for r in data.referencias or ()),
            forma_pago=sale.forma_pago,
            fecha_vencimiento=due_date,
            medio_pago=medio.pop() if tipo.es_boleta and len(medio) == 1 else None,
        ),
        sale_id=sale_id,
        ambiente=issuer.ambiente,
    )
    found = {p.product.id: products.product_out(p.product, stock.get(p.product.id)) for p in priced}
    return sale_out(sale, customer, document.folio, document.estado, lines, references, found)


@use_case(Permission.SELL)
@documents.refusals
def preview_sale(work: Work, data: SaleIn) -> SalePreview:
    """Return what a sale would come to. Takes nothing: no stock, no number."""
    customer = customers.for_sale(work, data.rut_cliente)
    tipo = _offered_type(data)
    priced = _price_lines(work, customer, tipo, data.items)
    totales = totals_of(tipo, [p.detalle for p in priced], _global_discounts(tipo, priced, data))
    return SalePreview(
        tipo_dte=int(tipo),
        monto_neto=totales.monto_neto,
        monto_exento=totales.monto_exento,
        iva=totales.iva,
        monto_total=totales.monto_total,
        descuento_global=sum(row.monto for row in totales.descuentos),
        lines=[
            PreviewLine(
                product_id=line.product.id,
                nombre=line.detalle.nombre,
                cantidad=line.item.cantidad,
                precio=line.detalle.precio,
                descuento=row.descuento_monto,
                monto=row.monto_item,
                unidad_medida=line.product.unidad_medida,
                exento=row.exento,
            )
            for line, row in zip(priced, totales.lineas, strict=True)
        ],
    )


def _offered_type(data: SaleIn) -> TipoDte:
    try:
        tipo = TipoDte(data.tipo_dte)
    except ValueError:
        raise TypeNotOffered(data.tipo_dte) from None
    if tipo.es_nota:
        if not data.referencias:
            raise ReferencesRequired(tipo=int(tipo))
        if any(r.sii_reason_code is None for r in data.referencias):
            raise ReferencesIncomplete()
    if tipo not in OFFERED:
        raise TypeNotOffered(data.tipo_dte)
    return tipo


def _price_lines(work: Work, customer: Customer, tipo: TipoDte, items: Sequence[SaleItemIn]) -> list[_Priced]:
    found = products.load_for_sale(work, {item.product_id for item in items})
    for item in items:
        product = found.get(item.product_id)
        if product is None or product.is_deleted:
            raise ProductMissing(id=item.product_id)
        if not product.is_active:
            raise ProductInactive(name=product.full_name, sku=product.codigo_interno)
    special = price_lists.resolve_prices(work, customer, found.keys())
    return [_price(item, found[item.product_id], special.get(item.product_id), tipo) for item in items]


def _price(item: SaleItemIn, product: ProductForSale, special: Decimal | None, tipo: TipoDte) -> _Priced:
    if item.descuento_pct is not None and item.descuento_monto is not None:
        raise DiscountTwice()
    net = product.precio_neto if special is None else special
    # An exempt document is exempt whatever its products are (contract README, Money and numbers).
    exempt = product.is_exempt or tipo.es_exento
    detalle = Detalle(
        nombre=product.full_name,
        cantidad=item.cantidad,
        precio=rules.document_price(net, gross=tipo.precios_brutos, exempt=exempt),
        exento=exempt and not tipo.es_exento,
        codigo=product.codigo_interno,
        unidad=product.unidad_medida,
        descuento_pct=item.descuento_pct or None,
        descuento_monto=item.descuento_monto or None,
    )
    return _Priced(item, product, net, exempt, detalle)


def _global_discounts(tipo: TipoDte, priced: Sequence[_Priced], data: SaleIn) -> tuple[DescuentoGlobal, ...]:
    """Return the rows of a discount on the whole sale: one for each class of lines it reaches.

    A percentage applies to both classes; an amount is taken from the affected lines, what they cannot bear from the
    exempt ones (Formato DTE v2.4.2, zone DscRcgGlobal: one row per class).
    """
    pct, monto = data.descuento_global_pct or None, data.descuento_global_monto or None
    if pct is not None and monto is not None:
        raise DiscountTwice()
    if pct is None and monto is None:
        return ()
    plain = totals_of(tipo, [p.detalle for p in priced], ())
    affected = sum(row.monto_item for row in plain.lineas if not row.exento)
    exempt = sum(row.monto_item for row in plain.lineas if row.exento)
    if pct is not None:
        classes = [on_exempt for on_exempt, amount in ((False, affected), (True, exempt)) if amount]
        return tuple(DescuentoGlobal(pct=pct, sobre_exento=on_exempt) for on_exempt in classes)
    assert monto is not None
    parts = [(False, min(monto, affected)), (True, monto - min(monto, affected))]
    return tuple(DescuentoGlobal(monto=Pesos(part), sobre_exento=on_exempt) for on_exempt, part in parts if part)


def _check_discounts(work: Work, totales: Totales) -> None:
    """Compare what the lines would cost in full with what is left of them, in the document's own prices."""
    full = sum(row.subtotal for row in totales.lineas)
    left = sum(row.monto_item for row in totales.lineas) - sum(row.monto for row in totales.descuentos)
    if left < full:
        cap = company.get_settings_row(work).descuento_maximo_pct
        rules.check_discount(Decimal(full), Decimal(left), cap_pct=cap, is_admin=work.actor.is_admin)


def next_sale_id(work: Work) -> int:
    """Return the id of a sale not written yet: the kardex names it before its totals are settled."""
    name = f'"{work.session.schema}".sale'
    return int(work.connection.execute(_NEXT_ID, {"name": name}).scalar_one())


def _take_stock(work: Work, priced: Sequence[_Priced], tipo: TipoDte, sale_id: int) -> dict[int, Decimal]:
    changes = [
        StockChange(
            product_id=p.product.id,
            name=p.product.full_name,
            quantity=-p.item.cantidad,
            motivo="VENTA",
            description=f"Venta: {tipo.nombre}",
            sale_id=sale_id,
        )
        for p in priced
        if p.product.controla_stock
    ]
    return inventory.move(work, changes) if changes else {}


def _payment_methods(work: Work, data: SaleIn) -> Mapping[int, str]:
    """Return id -> code of the methods of the payments, or refuse an unknown one."""
    rows = work.connection.execute(_ACTIVE_METHODS)
    known = {row.id: row.code for row in rows}
    wanted = {p.payment_method_id for p in data.payments}
    for method_id in wanted:
        if method_id not in known:
            raise PaymentMethodUnknown(id=method_id)
    return {method_id: known[method_id] for method_id in wanted}


def _due_date(work: Work, customer: Customer, data: SaleIn, on_credit: int) -> date | None:
    if not on_credit:
        return None
    if customer.rut == GENERIC_CUSTOMER:
        raise CreditNeedsCustomer()
    if data.fecha_vencimiento is not None:
        if data.fecha_vencimiento < work.today:
            raise DueDatePast()
        return data.fecha_vencimiento
    return work.today + timedelta(days=customer.dias_credito or 0)


def _write_lines(work: Work, sale_id: int, priced: Sequence[_Priced], totales: Totales) -> list[SaleLine]:
    rows = [
        SaleLine(
            sale_id=sale_id,
            position=row.numero,
            product_id=p.product.id,
            nombre=p.product.full_name,
            cantidad=p.item.cantidad,
            precio_unitario=p.net_price,
            costo_unitario=p.product.costo_unitario,
            exento=row.exento,
            descuento_pct=p.item.descuento_pct,
            descuento=row.descuento_monto,
            monto=row.monto_item,
        )
        for p, row in zip(priced, totales.lineas, strict=True)
    ]
    work.connection.execute(_WRITE_LINES, [row.model_dump(exclude={"id"}) for row in rows])
    return rows


def _write_payments(work: Work, sale_id: int, data: SaleIn) -> None:
    values = [
        {
            "sale_id": sale_id,
            "payment_method_id": p.payment_method_id,
            "amount": max(round_pesos(p.amount), 1),
            "transaction_code": p.transaction_code,
        }
        for p in data.payments
    ]
    if values:
        work.connection.execute(_WRITE_PAYMENTS, values)


def _write_references(work: Work, sale_id: int, data: SaleIn) -> list[SaleReference]:
    rows = [
        SaleReference(
            sale_id=sale_id,
            position=position,
            tipo_documento=r.tipo_documento,
            folio=r.folio,
            fecha=r.fecha,
            sii_reason_code=r.sii_reason_code,
        )
        for position, r in enumerate(data.referencias or (), 1)
    ]
    if rows:
        work.connection.execute(_WRITE_REFERENCES, [row.model_dump(exclude={"id"}) for row in rows])
    return rows


def _referencia(reference: ReferenceIn) -> Referencia:
    code = reference.sii_reason_code
    return Referencia(
        tipo=reference.tipo_documento,
        folio=reference.folio,
        fecha=reference.fecha,
        codigo=str(code) if code is not None else None,
    )

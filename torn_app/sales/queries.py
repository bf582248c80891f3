"""Reading sales: the list, one sale, the document's bytes. Everything is of the company's current mode."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_
from sqlalchemy import select as sa_select
from sqlmodel import col, func, or_, select

from torn_app.company import service as company
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.customers.schemas import CustomerOut
from torn_app.documents.models import Document, DocumentEvent
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work, use_case
from torn_app.integrations.models import IdempotencyKey
from torn_app.kernel import clock
from torn_app.kernel.paging import Listing
from torn_app.kernel.permissions import Permission
from torn_app.kernel.text import clean
from torn_app.products import queries as products
from torn_app.products.schemas import ProductOut
from torn_app.sales.errors import SaleNotFound
from torn_app.sales.export_schemas import ExportacionOut
from torn_app.sales.models import PaymentMethod, Sale, SaleLine, SalePayment, SaleReference
from torn_app.sales.schemas import (
    DocumentStep,
    PaymentOut,
    ReferenceOut,
    SaleDetailOut,
    SaleFullOut,
    SaleOut,
    SaleRow,
    SaleTaxOut,
    SellerOut,
)
from torn_app.sales.taxes import taxes_of
from torn_app.users.models import Staff

BILLABLE = frozenset({1, 2, 3})
"""Reasons to travel that end in an invoice: a sale, a sale to be done, consignment (field IndTraslado)."""
FOR_EXPORT = frozenset({8, 9})
"""Reasons to travel that end in an export invoice: on the way abroad, sold abroad."""


@dataclass(frozen=True, slots=True)
class SaleFilter:
    """What part of the sales is wanted. Dates are Chilean days, both included."""

    desde: date | None = None
    hasta: date | None = None
    q: str | None = None
    """Folio, or part of the customer's name or RUT. Looks at all dates."""
    tipo_dte: int | None = None
    estado: str | None = None
    idempotency_key: str | None = None
    sin_facturar: bool = False
    """Only guides of a sale that no invoice bills yet."""
    after: int | None = None
    """Id of the last sale already seen: pages by key instead of by counting."""
    skip: int = 0
    limit: int = 50


@use_case(Permission.MEMBER)
def list_sales(work: Work, wanted: SaleFilter) -> list[SaleOut]:
    """Return sales of the current mode, newest first."""
    rows = work.session.execute(_page(work, select(Sale, Customer, Document), wanted)).all()
    return _describe(work, [(sale, customer, document) for sale, customer, document in rows])


@use_case(Permission.MEMBER)
def page_of_sales(work: Work, wanted: SaleFilter, *, count: bool) -> Listing[SaleOut]:
    """Return the same as `list_sales`, with `count` and how many there are on all pages."""
    total = count_sales(work, replace(wanted, after=None)) if count else None
    return Listing(list_sales(work, wanted), total)


@use_case(Permission.MEMBER)
def list_sale_rows(work: Work, wanted: SaleFilter) -> list[SaleRow]:
    """Return the same sales as `list_sales`, only with what a row of the history shows."""
    columns: Any = sa_select(
        col(Sale.id),
        col(Document.folio),
        col(Sale.tipo_dte),
        col(Sale.created_at),
        col(Sale.monto_total),
        col(Customer.rut),
        col(Customer.razon_social),
        col(Document.estado),
        col(Staff.name).label("seller"),
    )
    statement = _page(work, columns, wanted).join(Staff, col(Staff.id) == Sale.staff_id)
    return [SaleRow.model_validate(row) for row in work.session.execute(statement)]


@use_case(Permission.MEMBER)
def get_sale(work: Work, sale_id: int) -> SaleFullOut:
    """Return one sale with its payments, document state and seller."""
    sale, customer, document = _one(work, sale_id)
    base = _describe(work, [(sale, customer, document)])[0]
    payments = work.session.execute(
        select(SalePayment, PaymentMethod)
        .join(PaymentMethod, col(PaymentMethod.id) == SalePayment.payment_method_id)
        .where(SalePayment.sale_id == sale_id)
        .order_by(col(SalePayment.id))
    )
    staff = work.session.get(Staff, sale.staff_id)
    assert staff is not None
    return SaleFullOut(
        **base.model_dump(),
        payments=[
            PaymentOut(
                payment_method_id=payment.payment_method_id,
                code=method.code,
                name=method.name,
                amount=payment.amount,
                transaction_code=payment.transaction_code,
            )
            for payment, method in payments
        ],
        ambiente=sale.ambiente,
        track_id=document.track_id,
        seller=SellerOut(id=sale.staff_id, name=staff.name),
        ind_traslado=sale.ind_traslado,
        tipo_despacho=sale.tipo_despacho,
        transporte=sale.transporte,
        billed_by_sale_id=sale.billed_by_sale_id,
    )


def describe_sale(work: Work, sale_id: int) -> SaleOut:
    """Return a sale as a list shows it, or refuse."""
    return _describe(work, [_one(work, sale_id)])[0]


def sale_document(work: Work, sale_id: int) -> tuple[Sale, Document]:
    """Return a sale with its document or refuse."""
    sale, _customer, document = _one(work, sale_id)
    return sale, document


def _one(work: Work, sale_id: int) -> tuple[Sale, Customer, Document]:
    row = work.session.execute(_joined(select(Sale, Customer, Document)).where(col(Sale.id) == sale_id)).first()
    if row is None:
        raise SaleNotFound(id=sale_id)
    return row[0], row[1], row[2]


def _joined(statement: Any) -> Select:
    return (
        statement.select_from(Sale)
        .join(Customer, col(Customer.id) == Sale.customer_id)
        # What was issued again is shown by its successor.
        .join(Document, and_(col(Document.sale_id) == Sale.id, col(Document.replaced_at).is_(None)))
    )


def _page(work: Work, statement: Any, wanted: SaleFilter) -> Select:
    # Ids grow with time inside a company, so that paging by id and by date agree.
    query = _wanted(work, statement, wanted).order_by(col(Sale.id).desc())
    return query.offset(wanted.skip).limit(wanted.limit)


def _wanted(work: Work, statement: Any, wanted: SaleFilter) -> Select:
    query = _joined(statement).where(*_conditions(work, wanted))
    if wanted.idempotency_key is None:
        return query
    return query.join(IdempotencyKey, col(IdempotencyKey.sale_id) == Sale.id).where(
        col(IdempotencyKey.key) == wanted.idempotency_key, col(IdempotencyKey.route) == "POST /sales/"
    )


def _conditions(work: Work, wanted: SaleFilter) -> list[ColumnElement[bool]]:
    conditions: list[Any] = [Sale.ambiente == company.get_issuer_row(work).ambiente]
    if wanted.desde is not None:
        conditions.append(Sale.created_at >= clock.day_bounds(wanted.desde)[0])
    if wanted.hasta is not None:
        conditions.append(Sale.created_at < clock.day_bounds(wanted.hasta)[1])
    if wanted.tipo_dte is not None:
        conditions.append(Sale.tipo_dte == wanted.tipo_dte)
    if wanted.estado is not None:
        conditions.append(Document.estado == wanted.estado)
    if wanted.sin_facturar:
        conditions += [
            Sale.tipo_dte == TipoDte.GUIA_DESPACHO,
            col(Sale.ind_traslado).in_(BILLABLE),
            col(Sale.billed_by_sale_id).is_(None),
            Document.estado != "RECHAZADO",
        ]
    if wanted.after is not None:
        conditions.append(col(Sale.id) < wanted.after)
    text = clean(wanted.q or "")
    if text:
        alternatives: list[Any] = [customers.matches(text)]
        if text.isascii() and text.isdigit() and len(text) <= 10:
            alternatives.append(Document.folio == int(text))
        conditions.append(or_(*alternatives))
    return conditions


def _describe(work: Work, rows: Sequence[tuple[Sale, Customer, Document]]) -> list[SaleOut]:
    """Turn rows into answers with three queries for the whole page, however long it is."""
    ids = [sale.id for sale, _, _ in rows]
    if not ids:
        return []
    lines = work.session.exec(
        select(SaleLine).where(col(SaleLine.sale_id).in_(ids)).order_by(col(SaleLine.sale_id), col(SaleLine.position))
    ).all()
    found = products.describe_products(work, {line.product_id for line in lines})
    taxes = taxes_of(work, [sale.id for sale, _, _ in rows if sale.id and sale.otros_impuestos])
    references = work.session.exec(
        select(SaleReference)
        .where(col(SaleReference.sale_id).in_(ids))
        .order_by(col(SaleReference.sale_id), col(SaleReference.position))
    ).all()
    return [
        sale_out(
            sale,
            customer,
            document.folio,
            document.estado,
            [line for line in lines if line.sale_id == sale.id],
            [reference for reference in references if reference.sale_id == sale.id],
            found,
            taxes.get(sale.id or 0, ()),
        )
        for sale, customer, document in rows
    ]


def sale_out(
    sale: Sale,
    customer: Customer,
    folio: int,
    estado: str,
    lines: Sequence[SaleLine],
    references: Sequence[SaleReference],
    found: dict[int, ProductOut],
    taxes: Sequence[SaleTaxOut] = (),
) -> SaleOut:
    """Describe a sale for an answer. `found` holds the products of its lines by id."""
    assert sale.id is not None
    return SaleOut.model_construct(
        id=sale.id,
        folio=folio,
        tipo_dte=sale.tipo_dte,
        fecha_emision=sale.fecha_emision,
        monto_neto=sale.monto_neto,
        monto_exento=sale.monto_exento,
        iva=sale.iva,
        monto_total=sale.monto_total,
        descripcion=sale.descripcion,
        created_at=sale.created_at,
        related_sale_id=sale.related_sale_id,
        referencias=[
            ReferenceOut(
                tipo_documento=r.tipo_documento,
                folio=r.folio,
                fecha=r.fecha.isoformat(),
                sii_reason_code=r.sii_reason_code,
            )
            for r in references
        ],
        customer=CustomerOut.model_validate(customer),
        details=[
            SaleDetailOut.model_construct(
                product_id=line.product_id,
                cantidad=line.cantidad,
                precio_unitario=line.precio_unitario,
                descuento=line.descuento,
                subtotal=line.monto,
                product=found[line.product_id],
            )
            for line in lines
        ],
        estado_dte=estado,
        vuelto=sale.vuelto,
        ajuste_redondeo=sale.ajuste_redondeo,
        exportacion=ExportacionOut.model_validate(sale.exportacion) if sale.exportacion else None,
        impuestos=list(taxes),
    )


@use_case(Permission.MEMBER)
def count_sales(work: Work, wanted: SaleFilter) -> int:
    """Return how many sales a filter finds, regardless of paging."""
    query = _wanted(work, select(func.count(col(Sale.id))), wanted)
    return int(work.session.execute(query).scalar_one())


@use_case(Permission.MEMBER)
def document_steps(work: Work, sale_id: int) -> list[DocumentStep]:
    """Return what happened to the document of a sale, oldest first."""
    events = work.session.execute(
        select(DocumentEvent.estado, DocumentEvent.at, DocumentEvent.detail)
        .join(Document, col(Document.id) == DocumentEvent.document_id)
        .where(Document.sale_id == sale_id)
        .order_by(col(DocumentEvent.id))
    )
    return [DocumentStep.model_validate(event) for event in events]

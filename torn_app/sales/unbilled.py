"""Guides of sales that no invoice bills yet, and until when the law gives time."""

from sqlalchemy import and_, func, select

from torn_app.company import service as company
from torn_app.customers.models import Customer
from torn_app.documents.models import Document
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.sales.models import Sale
from torn_app.sales.queries import BILLABLE
from torn_app.sales.rules import invoice_until, late_before
from torn_app.sales.schemas import UnbilledGuide, UnbilledOut

_sale = Sale.__table__  # type: ignore[attr-defined]
_customer = Customer.__table__  # type: ignore[attr-defined]
_document = Document.__table__  # type: ignore[attr-defined]
_ISSUED = and_(_document.c.sale_id == _sale.c.id, _document.c.replaced_at.is_(None))


@use_case(Permission.MEMBER)
def unbilled_guides(work: Work, limit: int = 50) -> UnbilledOut:
    """Return the guides of the current mode that wait for their invoice: how many, how much, how many are late, the
    nearest limit still to come, and the `limit` oldest. A rejected guide counts as not issued."""
    day = _document.c.fecha_emision
    threshold = late_before(work.today)
    waiting = (
        _sale.c.ambiente == company.get_issuer_row(work).ambiente,
        _sale.c.tipo_dte == int(TipoDte.GUIA_DESPACHO),
        _sale.c.billed_by_sale_id.is_(None),
        _sale.c.ind_traslado.in_(BILLABLE),
        _document.c.estado != "RECHAZADO",
    )
    all_of_them = work.connection.execute(
        select(
            func.count().label("cantidad"),
            func.coalesce(func.sum(_sale.c.monto_total), 0).label("monto_total"),
            func.count().filter(day < threshold).label("atrasadas"),
            func.min(day).filter(day >= threshold).label("next_day"),
        )
        .select_from(_sale.join(_document, _ISSUED))
        .where(*waiting)
    ).one()
    oldest = work.connection.execute(
        select(
            _sale.c.id,
            _document.c.folio,
            day,
            _customer.c.rut,
            _customer.c.razon_social,
            _sale.c.ind_traslado,
            _sale.c.monto_total,
        )
        .select_from(_sale.join(_document, _ISSUED).join(_customer, _customer.c.id == _sale.c.customer_id))
        .where(*waiting)
        .order_by(_sale.c.id)
        .limit(limit)
    )
    return UnbilledOut(
        cantidad=all_of_them.cantidad,
        monto_total=int(all_of_them.monto_total),
        atrasadas=all_of_them.atrasadas,
        proximo_limite=invoice_until(all_of_them.next_day) if all_of_them.next_day else None,
        guias=[
            UnbilledGuide(
                **row._asdict(),
                facturar_hasta=(until := invoice_until(row.fecha_emision)),
                dias_restantes=(until - work.today).days,
            )
            for row in oldest
        ],
    )

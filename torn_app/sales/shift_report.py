"""What a till shift did, in figures: X while it is open, Z once it is closed."""

from decimal import Decimal

from sqlalchemy import bindparam, case, func, select

from torn_app.cash import service as cash
from torn_app.cash.models import CashSession
from torn_app.cash.schemas import ShiftByDocument, ShiftByMethod, ShiftReportOut
from torn_app.customers.models import CustomerMovement
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work, use_case
from torn_app.kernel.errors import NotAllowed
from torn_app.kernel.permissions import Permission
from torn_app.sales.models import PaymentMethod, Sale, SalePayment
from torn_app.sales.payment_methods import EFECTIVO

_sale = Sale.__table__  # type: ignore[attr-defined]
_payment = SalePayment.__table__  # type: ignore[attr-defined]
_method = PaymentMethod.__table__  # type: ignore[attr-defined]
_account = CustomerMovement.__table__  # type: ignore[attr-defined]

_OF_SHIFT = _sale.c.cash_session_id == bindparam("shift_id")
_IS_NOTE = _sale.c.tipo_dte.in_((int(TipoDte.NOTA_CREDITO), int(TipoDte.NOTA_CREDITO_EXPORTACION)))
_METHODS = select(_method.c.id, _method.c.code, _method.c.name).order_by(_method.c.id)
_PAID = (
    select(
        _payment.c.payment_method_id.label("id"),
        func.sum(case((_IS_NOTE, 0), else_=_payment.c.amount)).label("sales"),
        func.sum(case((_IS_NOTE, _payment.c.amount), else_=0)).label("refunds"),
    )
    .join(_sale, _sale.c.id == _payment.c.sale_id)
    .where(_OF_SHIFT)
    .group_by(_payment.c.payment_method_id)
)
_DEBTS = (
    select(_account.c.payment_method_id.label("id"), -func.sum(_account.c.amount).label("paid"))
    .where(_account.c.cash_session_id == bindparam("shift_id"), _account.c.tipo == "PAGO")
    .group_by(_account.c.payment_method_id)
)
_DOCUMENTS = (
    select(_sale.c.tipo_dte, func.count().label("count"), func.sum(_sale.c.monto_total).label("total"))
    .where(_OF_SHIFT)
    .group_by(_sale.c.tipo_dte)
    .order_by(_sale.c.tipo_dte)
)


@use_case(Permission.MEMBER)
def shift_report(work: Work, shift_id: int) -> ShiftReportOut:
    """Return the report of a shift. Everybody's for those who see reports; a seller sees their own closed ones.

    Raises:
        NotAllowed: the caller neither sells nor sees reports, or asks what the own open drawer should hold.
        ShiftNotFound: no such shift, or somebody else's.
    """
    sees_all = work.actor.may(Permission.VIEW_REPORTS)
    if not sees_all:
        work.actor.require(Permission.SELL)
    shift, session = cash.find_shift(work, shift_id, own_only=not sees_all)
    is_open = shift.status == cash.OPEN
    if is_open and not sees_all:
        # The count is blind: who counts learns what there should be afterwards.
        raise NotAllowed()
    parts = cash.parts_of(work, shift_id)
    counted = shift.status == cash.CLOSED
    return ShiftReportOut(
        session=session,
        kind="X" if is_open else "Z",
        start_amount=shift.start_amount,
        cash_sales=parts["VENTA"],
        change=-parts["VUELTO"],
        cash_refunds=-parts["DEVOLUCION"],
        debt_payments=parts["ABONO"],
        money_in=parts["INGRESO"],
        money_out=-parts["EGRESO"],
        expected=shift.start_amount + sum(parts.values()) if is_open else shift.final_cash_system,
        declared=shift.final_cash_declared if counted else None,
        difference=shift.difference if counted else None,
        count=shift.count,
        by_method=_by_method(work, shift, parts),
        by_document=[
            ShiftByDocument(
                tipo_dte=row.tipo_dte, nombre=TipoDte(row.tipo_dte).nombre, count=row.count, total=int(row.total)
            )
            for row in work.connection.execute(_DOCUMENTS, {"shift_id": shift_id})
        ],
    )


def _by_method(work: Work, shift: CashSession, parts: dict[str, int]) -> list[ShiftByMethod]:
    """Return what came and went by each method used. Cash is what moved in the drawer: less change, in tens."""
    of_shift = {"shift_id": shift.id}
    paid = {row.id: (int(row.sales), int(row.refunds)) for row in work.connection.execute(_PAID, of_shift)}
    debts: dict[int, Decimal] = {row.id: row.paid for row in work.connection.execute(_DEBTS, of_shift)}
    rows = []
    for method in work.connection.execute(_METHODS):
        sales, refunds = paid.get(method.id, (0, 0))
        if method.code == EFECTIVO:
            sales, refunds = parts["VENTA"] + parts["VUELTO"], -parts["DEVOLUCION"]
        debt = int(debts.get(method.id, 0))
        if sales or refunds or debt:
            rows.append(
                ShiftByMethod(
                    code=method.code,
                    name=method.name,
                    sales=sales,
                    refunds=refunds,
                    debt_payments=debt,
                    total=sales - refunds + debt,
                )
            )
    return rows

"""Money a customer brings to pay what was sold on credit. Here because the ways to pay are those of sales."""

from sqlalchemy import bindparam, select

from torn_app.cash import service as cash
from torn_app.customers import service as customers
from torn_app.customers.schemas import AccountMovementOut, DebtPaymentIn
from torn_app.infra.work import Work, use_case
from torn_app.kernel.money import Pesos
from torn_app.kernel.permissions import Permission
from torn_app.sales.errors import PaymentMethodUnknown, PaymentWithCredit
from torn_app.sales.models import PaymentMethod
from torn_app.sales.payment_methods import CREDITO_INTERNO, EFECTIVO

_method = PaymentMethod.__table__  # type: ignore[attr-defined]
_METHOD = select(_method.c.code, _method.c.name).where(_method.c.id == bindparam("method_id"), _method.c.is_active)


@use_case(Permission.SELL)
def receive_payment(work: Work, rut: str, data: DebtPaymentIn) -> AccountMovementOut:
    """Take a payment of a customer's debt, all of it or a part. Cash goes into the caller's open shift.

    Raises:
        CustomerNotFound, PaymentMethodUnknown.
        PaymentWithCredit: a debt is not paid with more debt.
        SellerWithoutShift: cash without a drawer to put it in.
        DebtExceeded: more than is owed.
    """
    customer = customers.by_rut(work, rut)
    method = work.connection.execute(_METHOD, {"method_id": data.payment_method_id}).first()
    if method is None:
        raise PaymentMethodUnknown(id=data.payment_method_id)
    if method.code == CREDITO_INTERNO:
        raise PaymentWithCredit()
    shift_id = cash.require_open_shift(work) if method.code == EFECTIVO else cash.open_shift_id(work)
    movement = customers.charge(
        work,
        customer,
        Pesos(-data.amount),
        tipo="PAGO",
        description=f"Pago, {method.name.lower()}" + (f": {data.note}" if data.note else ""),
        payment_method_id=data.payment_method_id,
        cash_session_id=shift_id,
    )
    if method.code == EFECTIVO and shift_id is not None:
        cash.record_debt_payment(work, shift_id, data.amount, f"Abono de {customer.razon_social}")
    work.session.flush()
    return customers.movement_out(movement)

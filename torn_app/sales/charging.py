"""Being paid for a document: what the payments come to, the drawer, and what the customer owes from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import insert, select

from torn_app.cash import service as cash
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work
from torn_app.kernel.money import Pesos, round_pesos
from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.sales import rules
from torn_app.sales.errors import CreditNeedsCustomer, DueDatePast, PaymentMethodUnknown
from torn_app.sales.models import PaymentMethod, SalePayment
from torn_app.sales.payment_methods import CREDITO_INTERNO, EFECTIVO
from torn_app.sales.schemas import SalePaymentIn

CASH_SALE, CREDIT_SALE = 1, 2
"""Field FmaPago."""
MEDIO_PAGO = {EFECTIVO: "1", "DEBITO": "2", "CREDITO": "2", "TRANSFERENCIA": "3", CREDITO_INTERNO: "5"}
"""Field MedioPago of a boleta (Formato Boleta v4.1)."""

_methods = PaymentMethod.__table__  # type: ignore[attr-defined]
_ACTIVE_METHODS = select(_methods.c.id, _methods.c.code).where(_methods.c.is_active)
_WRITE_PAYMENTS = insert(SalePayment.__table__)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Paid:
    """How the payments settle a document."""

    settlement: rules.Settlement
    on_credit: Pesos
    """What the customer owes for it."""
    due_date: date | None
    codes: frozenset[str]
    """The ways it was paid: cash that came back whole as change is none."""

    def forma_pago(self, tipo: TipoDte) -> int | None:
        """Field FmaPago; a boleta has none."""
        return None if tipo.es_boleta else CREDIT_SALE if self.on_credit else CASH_SALE

    def medio_pago(self, tipo: TipoDte) -> str | None:
        """Field MedioPago of a boleta: the one way it was paid, or `otro` when there are several kinds."""
        kinds = {MEDIO_PAGO.get(code, "5") for code in self.codes}
        if not tipo.es_boleta or not kinds:
            return None
        return kinds.pop() if len(kinds) == 1 else "5"


def judge_payments(
    work: Work,
    customer: Customer,
    payments: Sequence[SalePaymentIn],
    fecha_vencimiento: date | None,
    *,
    total: Pesos,
    documented: Decimal,
) -> Paid:
    """Return how payments settle a total; see `rules.settle` for `documented`.

    Raises:
        PaymentMethodUnknown, PaymentsShort, PaymentsExceed, CreditNeedsCustomer, DueDatePast.
    """
    known = {row.id: row.code for row in work.connection.execute(_ACTIVE_METHODS)}
    for payment in payments:
        if payment.payment_method_id not in known:
            raise PaymentMethodUnknown(id=payment.payment_method_id)
    coded = [(known[p.payment_method_id], p.amount) for p in payments]
    settlement = rules.settle(total, documented, [rules.Payment(amount, code == EFECTIVO) for code, amount in coded])
    on_credit = Pesos(sum(round_pesos(amount) for code, amount in coded if code == CREDITO_INTERNO))
    due_date = _due_date(work, customer, fecha_vencimiento, on_credit)
    codes = {code for code, _ in coded}
    if settlement.cash_received == settlement.vuelto:
        codes.discard(EFECTIVO)
    return Paid(settlement, on_credit, due_date, frozenset(codes))


def write_payments(work: Work, sale_id: int, payments: Sequence[SalePaymentIn]) -> None:
    """Write what was handed over for a sale."""
    values = [
        {
            "sale_id": sale_id,
            "payment_method_id": p.payment_method_id,
            "amount": max(round_pesos(p.amount), 1),
            "transaction_code": p.transaction_code,
        }
        for p in payments
    ]
    if values:
        work.connection.execute(_WRITE_PAYMENTS, values)


def receive(work: Work, shift_id: int, sale_id: int, customer: Customer, tipo: TipoDte, paid: Paid) -> None:
    """Put the cash of a sale in the drawer and what is not paid yet on the customer's account.

    Raises:
        CreditNotAllowed, CreditLimitExceeded: the customer may not owe that.
    """
    settlement = paid.settlement
    cash.record_sale(work, shift_id, sale_id, received=settlement.cash_received, change=settlement.vuelto)
    if paid.on_credit:
        customers.charge(
            work,
            customer,
            paid.on_credit,
            tipo="VENTA",
            description=f"{tipo.nombre} a crédito",
            sale_id=sale_id,
            due_date=paid.due_date,
        )


def _due_date(work: Work, customer: Customer, wanted: date | None, on_credit: int) -> date | None:
    if not on_credit:
        return None
    if customer.rut == GENERIC_CUSTOMER:
        raise CreditNeedsCustomer()
    if wanted is not None:
        if wanted < work.today:
            raise DueDatePast()
        return wanted
    return work.today + timedelta(days=customer.dias_credito or 0)

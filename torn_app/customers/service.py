"""Customers, their credit and their balance."""

from datetime import date, datetime

from sqlalchemy import select as sql_select
from sqlalchemy import update
from sqlmodel import select

from torn_app.customers.errors import CreditLimitExceeded, CreditNotAllowed, CustomerNotFound
from torn_app.customers.models import Customer, CustomerMovement
from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import Work
from torn_app.kernel.money import Pesos, format_pesos
from torn_app.kernel.rut import GENERIC_CUSTOMER, RutInvalido, compact_rut, normalize_rut
from torn_app.kernel.text import fold

_customer = Customer.__table__  # type: ignore[attr-defined]


def seed_generic(session: TenantSession, now: datetime) -> None:
    """Create the customer of every boleta whose buyer is not known."""
    name = "Consumidor final"
    session.add(
        Customer(
            rut=GENERIC_CUSTOMER, razon_social=name, search_text=search_text(GENERIC_CUSTOMER, name), created_at=now
        )
    )
    session.flush()


def search_text(rut: str, razon_social: str) -> str:
    """Return what a search looks at: folded name and RUT without dots and hyphen."""
    return f"{fold(razon_social)} {compact_rut(rut).lower()}"


def for_sale(work: Work, rut: str) -> Customer:
    """Return the active customer of a sale, by RUT in any spelling, or refuse."""
    try:
        wanted = normalize_rut(rut)
    except RutInvalido:
        raise CustomerNotFound(rut=rut) from None
    customer = work.session.exec(select(Customer).where(Customer.rut == wanted)).first()
    if customer is None or not customer.is_active:
        raise CustomerNotFound(rut=wanted)
    return customer


def charge(
    work: Work, customer: Customer, amount: Pesos, *, tipo: str, description: str, sale_id: int, due_date: date | None
) -> None:
    """Change a customer's balance by `amount` (signed) and write the movement. The only place that does.

    The row is locked first, so that two tills cannot both use the last of the credit.

    Raises:
        CreditNotAllowed: a debt for someone without credit days.
        CreditLimitExceeded: the debt would pass the limit.
    """
    assert customer.id is not None
    row = work.session.execute(
        sql_select(_customer.c.current_balance, _customer.c.limite_credito, _customer.c.dias_credito)
        .where(_customer.c.id == customer.id)
        .with_for_update()
    ).one()
    balance = row.current_balance + amount
    if amount > 0:
        if row.dias_credito is None:
            raise CreditNotAllowed(name=customer.razon_social)
        if row.limite_credito is not None and balance > row.limite_credito:
            available = max(row.limite_credito - row.current_balance, 0)
            raise CreditLimitExceeded(name=customer.razon_social, available=format_pesos(available))
    work.session.execute(update(_customer).where(_customer.c.id == customer.id).values(current_balance=balance))
    customer.current_balance = balance
    work.session.add(
        CustomerMovement(
            customer_id=customer.id,
            tipo=tipo,
            amount=amount,
            balance_after=balance,
            description=description,
            sale_id=sale_id,
            due_date=due_date,
            created_at=work.now,
        )
    )

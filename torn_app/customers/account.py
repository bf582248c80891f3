"""The account of a customer: what they owe, how old it is, and every movement that made it."""

from sqlalchemy import select
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.customers import rules
from torn_app.customers import service as customers
from torn_app.customers.models import CustomerMovement
from torn_app.customers.schemas import AccountOut, AgingOut
from torn_app.infra.work import Work, use_case
from torn_app.kernel.paging import Page
from torn_app.kernel.permissions import Permission

_movement = CustomerMovement.__table__  # type: ignore[attr-defined]


@use_case(Permission.MEMBER)
def customer_account(work: Work, rut: str, page: Page) -> AccountOut:
    """Return a customer's account, movements newest first.

    Raises:
        CustomerNotFound: nobody has that RUT.
    """
    customer = customers.by_rut(work, rut)
    own = _movement.c.customer_id == customer.id
    history = select(_movement.c.amount, _movement.c.due_date).where(own).order_by(_movement.c.id)
    aging = rules.age_debt(((row.amount, row.due_date) for row in work.session.execute(history)), work.today)
    listed = select_row(CustomerMovement).where(own).order_by(col(CustomerMovement.id).desc())
    if page.after is not None:
        listed = listed.where(col(CustomerMovement.id) < page.after)
    rows = work.session.exec(listed.offset(page.skip).limit(page.limit))
    return AccountOut(
        rut=customer.rut,
        balance=customer.current_balance,
        limite_credito=customer.limite_credito,
        dias_credito=customer.dias_credito,
        aging=AgingOut.model_validate(aging),
        movements=[customers.movement_out(row) for row in rows],
    )

"""Customers, their credit and their balance."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import psycopg
from sqlalchemy import ColumnElement, delete, func, true, tuple_, update
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from torn_app.company import service as company
from torn_app.customers import rules
from torn_app.customers.errors import (
    CustomerExists,
    CustomerNotFound,
    CustomerUnknown,
    DebtExceeded,
    GenericCustomerFixed,
)
from torn_app.customers.models import Customer, CustomerMovement
from torn_app.customers.schemas import AccountMovementOut, CustomerIn, CustomerOut, CustomerPatch
from torn_app.infra.search import contains
from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import Work, use_case
from torn_app.kernel.money import Pesos, format_pesos
from torn_app.kernel.paging import Listing, Page
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import FOREIGN_CUSTOMER, GENERIC_CUSTOMER, RutInvalido, compact_rut, normalize_rut
from torn_app.kernel.text import clean, fold

SEARCH_LIMIT = 10

_customer = Customer.__table__  # type: ignore[attr-defined]
_movement = CustomerMovement.__table__  # type: ignore[attr-defined]


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


@use_case(Permission.SELL)
def create_customer(work: Work, data: CustomerIn) -> CustomerOut:
    """Create a customer. A deactivated one with that RUT comes back with the new data, keeping its history.

    Raises:
        CustomerExists: an active customer has that RUT.
        AdminRequired: credit terms, which only an administrator gives.
    """
    _check_credit_terms(work, data.model_dump(exclude_none=True), None)
    row = work.session.exec(select(Customer).where(Customer.rut == data.rut).with_for_update(key_share=True)).first()
    if row is None:
        row = Customer(**data.model_dump(), search_text=search_text(data.rut, data.razon_social), created_at=work.now)
    elif row.is_active:
        raise CustomerExists(rut=data.rut)
    else:
        row.sqlmodel_update(data.model_dump())
        row.search_text = search_text(row.rut, row.razon_social)
        row.is_active, row.updated_at = True, work.now
    work.session.add(row)
    work.session.flush()
    return CustomerOut.model_validate(row)


@use_case(Permission.MEMBER)
def list_customers(work: Work, page: Page, q: str | None = None) -> Listing[CustomerOut]:
    """Return customers by name, active and not. `q` is part of name or RUT, the latter in any spelling."""
    name, key = _customer.c.razon_social, _customer.c.id
    wanted = matches(q or "")
    keys = sql_select(key).where(wanted).order_by(name, key).offset(page.skip).limit(page.limit)
    if page.after is not None:
        last = sql_select(name, key).where(key == page.after).scalar_subquery()
        keys = keys.where(tuple_(name, key) > last)
    # First which rows, by the index alone, then the rows.
    statement = select(Customer).where(key.in_(keys)).order_by(name, key)
    total = None
    if page.count:
        total = work.session.execute(sql_select(func.count()).select_from(_customer).where(wanted)).scalar_one()
    return Listing([CustomerOut.model_validate(row) for row in work.session.exec(statement)], total)


@use_case(Permission.MEMBER)
def search_customers(work: Work, q: str = "") -> list[CustomerOut]:
    """Return at most ten customers with `q` in name or RUT. Nothing typed: none."""
    return list_customers(work, Page(limit=SEARCH_LIMIT), q).rows if clean(q) else []


@use_case(Permission.MEMBER)
def get_customer(work: Work, rut: str) -> CustomerOut:
    """Return a customer by RUT in any spelling."""
    row = _find(work, rut)
    if row is None:
        raise CustomerUnknown(rut=clean(rut))
    return CustomerOut.model_validate(row)


@use_case(Permission.SELL)
def update_customer(work: Work, rut: str, data: CustomerPatch) -> CustomerOut:
    """Change the fields that were sent.

    Raises: CustomerNotFound, GenericCustomerFixed, CustomerExists when the new RUT is someone else's, and
        AdminRequired for credit terms, which only an administrator gives.
    """
    row = _find(work, rut, lock=True)
    if row is None:
        raise CustomerNotFound(rut=clean(rut))
    changes = data.model_dump(exclude_unset=True)
    _check_credit_terms(work, changes, row)
    wanted = changes.get("rut", row.rut)
    if wanted != row.rut:
        if row.rut == GENERIC_CUSTOMER:
            raise GenericCustomerFixed()
        if work.session.exec(select(Customer).where(Customer.rut == wanted)).first():
            raise CustomerExists(rut=wanted)
    row.sqlmodel_update(changes)
    row.search_text = search_text(row.rut, row.razon_social)
    row.updated_at = work.now
    work.session.add(row)
    work.session.flush()
    return CustomerOut.model_validate(row)


@use_case(Permission.ADMIN)
def delete_customer(work: Work, rut: str) -> None:
    """Delete a customer nothing was ever written about; deactivate any other.

    Raises: CustomerNotFound, GenericCustomerFixed.
    """
    row = _find(work, rut, lock=True)
    if row is None:
        raise CustomerNotFound(rut=clean(rut))
    if row.rut == GENERIC_CUSTOMER:
        raise GenericCustomerFixed()
    try:
        with work.session.begin_nested():
            work.session.execute(delete(_customer).where(_customer.c.id == row.id))
    except IntegrityError as error:
        # The foreign keys know who is named by a sale or a movement; asking each table would know less.
        if not isinstance(error.orig, psycopg.errors.ForeignKeyViolation):
            raise
        row.is_active, row.updated_at = False, work.now
        work.session.add(row)
    else:
        work.session.expunge(row)


def find(work: Work, customer_id: int) -> Customer | None:
    """Return a customer by id."""
    return work.session.get(Customer, customer_id)


def existing(work: Work, customer_ids: Collection[int]) -> set[int]:
    """Return those of the ids that are customers."""
    if not customer_ids:
        return set()
    statement = sql_select(_customer.c.id).where(_customer.c.id.in_(list(customer_ids)))
    return set(work.session.execute(statement).scalars())


def assign_price_list(work: Work, price_list_id: int, customer_ids: Collection[int]) -> None:
    """Make `customer_ids` exactly the customers of a price list."""
    mine = _customer.c.id.in_(list(customer_ids))
    has_list = _customer.c.price_list_id == price_list_id
    work.session.execute(update(_customer).where(has_list, ~mine).values(price_list_id=None))
    work.session.execute(update(_customer).where(mine).values(price_list_id=price_list_id))


def by_rut(work: Work, rut: str) -> Customer:
    """Return a customer by RUT in any spelling, active or not, or refuse."""
    customer = _find(work, rut)
    if customer is None:
        raise CustomerNotFound(rut=clean(rut))
    return customer


def movement_out(movement: CustomerMovement) -> AccountMovementOut:
    """Return a movement as answers show it."""
    assert movement.id is not None
    return AccountMovementOut(
        id=movement.id,
        fecha=movement.created_at,
        tipo=movement.tipo,
        descripcion=movement.description,
        amount=movement.amount,
        balance_after=movement.balance_after,
        sale_id=movement.sale_id,
    )


def for_sale(work: Work, rut: str) -> Customer:
    """Return the active customer of a sale, by RUT in any spelling, or refuse."""
    customer = _find(work, rut)
    if customer is None or not customer.is_active:
        raise CustomerNotFound(rut=clean(rut))
    return customer


def itself(work: Work, rut: str, razon_social: str) -> Customer:
    """Return the company as a customer of its own, made when first needed: goods that move between its places."""
    return _made_once(work, rut, razon_social)


def foreign(work: Work) -> Customer:
    """Return the customer of every export, made when first needed: all buyers abroad have one RUT."""
    return _made_once(work, FOREIGN_CUSTOMER, "Cliente extranjero")


def _made_once(work: Work, rut: str, razon_social: str) -> Customer:
    row = _find(work, rut)
    if row is None:
        values: dict[str, Any] = {
            "rut": rut,
            "razon_social": razon_social,
            "search_text": search_text(rut, razon_social),
        }
        values |= {"current_balance": 0, "is_active": True, "created_at": work.now}
        # Two tills may need it at once.
        work.session.execute(pg_insert(_customer).values(values).on_conflict_do_nothing(index_elements=["rut"]))
        row = _find(work, rut)
    assert row is not None
    return row


def charge(
    work: Work,
    customer: Customer,
    amount: Pesos,
    *,
    tipo: str,
    description: str,
    sale_id: int | None = None,
    due_date: date | None = None,
    payment_method_id: int | None = None,
    cash_session_id: int | None = None,
    in_favour: bool = False,
    by_document: bool = False,
) -> CustomerMovement:
    """Change a customer's balance by `amount` (signed) and write the movement. The only place that does.

    The row is locked first, so that two tills cannot both use the last of the credit. `in_favour` lets a negative
    amount take the balance below zero: we then owe the customer. `by_document`: a tax document says it is owed,
    whatever credit the customer has.

    Raises:
        CreditNotAllowed: a debt for someone without credit days.
        CreditLimitExceeded: the debt would pass the limit.
        DebtExceeded: more comes off than is owed.
    """
    assert customer.id is not None
    row = work.session.execute(
        sql_select(_customer.c.current_balance, _customer.c.limite_credito, _customer.c.dias_credito)
        .where(_customer.c.id == customer.id)
        # Not the stronger lock: the sales of the same customer under way point at the row and would block it.
        .with_for_update(key_share=True)
    ).one()
    balance = row.current_balance + amount
    if amount > 0 and not by_document:
        rules.check_credit(customer.razon_social, row.current_balance, row.limite_credito, row.dias_credito, amount)
    elif amount <= 0 and balance < 0 and not in_favour:
        owed = max(row.current_balance, 0)
        raise DebtExceeded(name=customer.razon_social, owed=format_pesos(owed), amount=format_pesos(-amount))
    return _write_movement(
        work,
        customer,
        CustomerMovement(
            customer_id=customer.id,
            tipo=tipo,
            amount=amount,
            balance_after=balance,
            description=description,
            sale_id=sale_id,
            due_date=due_date,
            payment_method_id=payment_method_id,
            cash_session_id=cash_session_id,
            ambiente=company.get_issuer_row(work).ambiente,
            created_at=work.now,
        ),
    )


def take_back(work: Work, ambiente: str, description: str) -> None:
    """Undo what a mode did to the customers' balances, with a movement that says so: what was only tried out is owed
    by nobody. Each balance is locked, in id order."""
    tried = (
        sql_select(_movement.c.customer_id, func.sum(_movement.c.amount).label("amount"))
        .where(_movement.c.ambiente == ambiente)
        .group_by(_movement.c.customer_id)
        .having(func.sum(_movement.c.amount) != 0)
        .order_by(_movement.c.customer_id)
    )
    for customer_id, amount in work.session.execute(tried).all():
        customer = work.session.get(Customer, customer_id, with_for_update={"key_share": True}, populate_existing=True)
        assert customer is not None
        _write_movement(
            work,
            customer,
            CustomerMovement(
                customer_id=customer_id,
                tipo="AJUSTE",
                amount=-int(amount),
                balance_after=customer.current_balance - int(amount),
                description=description,
                ambiente=ambiente,
                created_at=work.now,
            ),
        )


def _write_movement(work: Work, customer: Customer, movement: CustomerMovement) -> CustomerMovement:
    """Write a movement and the balance it leaves; the customer's row is locked."""
    balance = movement.balance_after
    work.session.execute(update(_customer).where(_customer.c.id == customer.id).values(current_balance=balance))
    customer.current_balance = balance
    work.session.add(movement)
    return movement


def _find(work: Work, rut: str, *, lock: bool = False) -> Customer | None:
    """Return the customer of a RUT in any spelling, active or not. `lock` keeps others from changing it."""
    try:
        wanted = normalize_rut(rut)
    except RutInvalido:
        return None
    statement = select(Customer).where(Customer.rut == wanted)
    return work.session.exec(statement.with_for_update(key_share=True) if lock else statement).first()


def _check_credit_terms(work: Work, changes: Mapping[str, Any], row: Customer | None) -> None:
    """Refuse others than an administrator to give or change credit. The value a customer has is no change."""
    for name in ("limite_credito", "dias_credito"):
        if name in changes and changes[name] != (getattr(row, name) if row else None):
            work.actor.require(Permission.ADMIN)


def matches(q: str) -> ColumnElement[bool]:
    """Return the condition that `q` is part of a customer's name or RUT, the latter in any spelling. Nothing typed:
    all match."""
    typed = clean(q)
    if not typed:
        return true()
    condition = contains(_customer.c.search_text, fold(typed))
    rut = compact_rut(typed).lower()
    return condition | contains(_customer.c.search_text, rut) if rut else condition

"""Till shifts: opened with a float, closed by a blind count.

What a count should find is the float plus the sum of the shift's cash movements. It is computed here and nowhere
else, and told to nobody before the count.
"""

from sqlalchemy import bindparam, func, insert, select, text
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.cash.errors import (
    NoOpenShift,
    NotLocalUser,
    SellerWithoutShift,
    ShiftAlreadyOpen,
    ShiftNotFound,
    ShiftsStillOpen,
)
from torn_app.cash.models import KINDS, CashMovement, CashSession
from torn_app.cash.schemas import (
    CashCloseIn,
    CashMovementIn,
    CashMovementOut,
    CashOpenIn,
    CashSessionOut,
    CashSessionWithUserOut,
)
from torn_app.company import service as company
from torn_app.infra import events
from torn_app.infra.events import Event
from torn_app.infra.work import Work, use_case
from torn_app.kernel import clock
from torn_app.kernel.errors import NotAllowed
from torn_app.kernel.paging import Listing, Page
from torn_app.kernel.permissions import Permission
from torn_app.users.models import Role, Staff
from torn_app.users.schemas import RoleOut, UserOut

OPEN, CLOSED, CLOSED_SYSTEM = "OPEN", "CLOSED", "CLOSED_SYSTEM"

_shift = CashSession.__table__  # type: ignore[attr-defined]
_movement = CashMovement.__table__  # type: ignore[attr-defined]

_KEEP_OPEN = (
    select(_shift.c.id)
    .where(_shift.c.user_id == bindparam("staff_id"), _shift.c.status == OPEN)
    # Many sales of one shift may run at once; a close waits for them.
    .with_for_update(read=True)
)
_PARTS = (
    select(_movement.c.tipo, func.sum(_movement.c.amount).label("amount"))
    .where(_movement.c.cash_session_id == bindparam("shift_id"))
    .group_by(_movement.c.tipo)
)
_ONE_OPENING = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
_MOVE = insert(_movement)
_MOVE_ONE = insert(_movement).returning(_movement.c.id)


@use_case(Permission.SELL)
def open_shift(work: Work, data: CashOpenIn) -> CashSessionOut:
    """Open a shift for the caller.

    Raises:
        ShiftAlreadyOpen: the caller has one and did not ask to force it closed.
    """
    staff_id = local_staff(work)
    # One opening of a person at a time: the row of an open shift cannot be locked while there is none.
    work.connection.execute(_ONE_OPENING, {"name": f"{work.session.schema}:shift:{staff_id}"})
    current = _find_open(work, staff_id, lock=True)
    if current is not None:
        if not data.force_close_previous:
            start = clock.to_santiago(current.start_time).strftime("%Y-%m-%d %H:%M:%S")
            raise ShiftAlreadyOpen(id=current.id, start=start)
        # Nobody counted: the true expected amount is kept, and no difference is invented.
        current.final_cash_system = _expected(work, current)
        current.status, current.end_time = CLOSED_SYSTEM, work.now
        work.session.add(current)
        work.session.flush()
        events.publish(work, [_closed(current)])
    shift = CashSession(
        user_id=staff_id,
        ambiente=company.get_issuer_row(work, keep=True).ambiente,
        start_time=work.now,
        start_amount=data.start_amount,
        support_email=work.actor.email if work.actor.is_support else None,
    )
    work.session.add(shift)
    work.session.flush()
    return CashSessionOut.model_validate(shift)


@use_case(Permission.MEMBER)
def current_shift(work: Work) -> CashSessionOut:
    """Return the caller's open shift; the expected amount stays 0 in it."""
    shift = _find_open(work, local_staff(work))
    if shift is None:
        raise NoOpenShift()
    return CashSessionOut.model_validate(shift)


@use_case(Permission.SELL)
def close_shift(work: Work, data: CashCloseIn) -> CashSessionOut:
    """Close the caller's shift with what was counted. It cannot be reopened.

    The row is locked against sales under way: a sale either counts in this close or finds the shift closed.
    """
    shift = _find_open(work, local_staff(work), lock=True)
    if shift is None:
        raise NoOpenShift()
    shift.final_cash_system = _expected(work, shift)
    shift.final_cash_declared = data.final_cash_declared
    shift.difference = data.final_cash_declared - shift.final_cash_system
    shift.count = data.count
    shift.status, shift.end_time = CLOSED, work.now
    work.session.add(shift)
    events.publish(work, [_closed(shift)])
    return CashSessionOut.model_validate(shift)


@use_case(Permission.SELL)
def move_money(work: Work, data: CashMovementIn) -> CashMovementOut:
    """Write money put into the caller's drawer or taken out of it, and why.

    Raises:
        SellerWithoutShift: the caller has no open shift.
    """
    shift_id = require_open_shift(work)
    amount = data.amount if data.tipo == "INGRESO" else -data.amount
    movement_id = _record(work, shift_id, data.tipo, amount, reason=data.reason)
    return CashMovementOut(
        id=movement_id,
        cash_session_id=shift_id,
        tipo=data.tipo,
        amount=data.amount,
        reason=data.reason,
        created_at=work.now,
    )


@use_case(Permission.MEMBER)
def list_shifts(work: Work, *, after: int | None = None, limit: int | None = None) -> list[CashSessionWithUserOut]:
    """Return shifts of the current mode, newest first: all for those who see reports, their own for those who sell.

    `after` is the id of the last shift already seen: only older ones are returned, at most `limit`.
    """
    return page_of_shifts(work, Page(after=after, limit=limit)).rows


@use_case(Permission.MEMBER)
def page_of_shifts(work: Work, page: Page) -> Listing[CashSessionWithUserOut]:
    """The same by pages."""
    visible = _shift.c.ambiente == company.get_issuer_row(work).ambiente
    if not work.actor.may(Permission.VIEW_REPORTS):
        if not work.actor.may(Permission.SELL):
            raise NotAllowed()
        visible &= _shift.c.user_id == local_staff(work)
    total = None
    if page.count:
        total = work.session.execute(select(func.count()).select_from(_shift).where(visible)).scalar_one()
    statement = (
        select_row(CashSession, Staff, Role)
        .join(Staff, col(Staff.id) == CashSession.user_id)
        .outerjoin(Role, col(Role.id) == Staff.role_id)
        .where(visible)
        .order_by(col(CashSession.id).desc())
        .offset(page.skip)
        .limit(page.limit)
    )
    if page.after is not None:
        statement = statement.where(col(CashSession.id) < page.after)
    rows = work.session.exec(statement)
    return Listing([_with_user(shift, staff, role) for shift, staff, role in rows], total)


def find_shift(work: Work, shift_id: int, *, own_only: bool) -> tuple[CashSession, CashSessionWithUserOut]:
    """Return a shift, bare and as answers show it, or refuse. `own_only` leaves out those of others."""
    row = work.session.exec(
        select_row(CashSession, Staff, Role)
        .join(Staff, col(Staff.id) == CashSession.user_id)
        .outerjoin(Role, col(Role.id) == Staff.role_id)
        .where(CashSession.id == shift_id)
    ).first()
    if row is None or (own_only and row[0].user_id != local_staff(work)):
        raise ShiftNotFound(id=shift_id)
    return row[0], _with_user(*row)


def parts_of(work: Work, shift_id: int) -> dict[str, int]:
    """Return kind of movement -> its signed sum in a shift, every kind named. Whole pesos."""
    found = {row.tipo: int(row.amount) for row in work.connection.execute(_PARTS, {"shift_id": shift_id})}
    return {tipo: found.get(tipo, 0) for tipo in KINDS}


def local_staff(work: Work) -> int:
    """Return the caller's staff id or refuse: nobody sells or counts without one."""
    if work.actor.staff_id is None:
        raise NotLocalUser()
    return work.actor.staff_id


def require_open_shift(work: Work) -> int:
    """Return the caller's open shift and keep it open until this transaction ends."""
    shift_id = open_shift_id(work)
    if shift_id is None:
        raise SellerWithoutShift(id=local_staff(work))
    return shift_id


def open_shift_id(work: Work) -> int | None:
    """Return the caller's open shift, if there is one, and keep it open until this transaction ends."""
    shift_id = work.connection.execute(_KEEP_OPEN, {"staff_id": local_staff(work)}).scalar()
    return None if shift_id is None else int(shift_id)


def refuse_open_shifts(work: Work) -> None:
    """Refuse what cannot happen while somebody counts on a drawer.

    Raises:
        ShiftsStillOpen: it says how many.
    """
    count = work.session.scalar(select(func.count()).where(_shift.c.status == OPEN)) or 0
    if count:
        raise ShiftsStillOpen(count=count)


def has_open_shift(work: Work) -> bool:
    """Whether the caller has an open shift now. Holds nothing: for looking, not for selling."""
    return _find_open(work, local_staff(work)) is not None


def record_sale(work: Work, shift_id: int, sale_id: int, *, received: int, change: int) -> None:
    """Write what a sale brought into the drawer and the change it took out. Whole pesos, not negative."""
    rows = [("VENTA", received), ("VUELTO", -change)]
    values = [
        {"cash_session_id": shift_id, "tipo": tipo, "amount": amount, "sale_id": sale_id, "created_at": work.now}
        for tipo, amount in rows
        if amount
    ]
    if values:
        work.connection.execute(_MOVE, values)


def record_refund(work: Work, shift_id: int, sale_id: int, amount: int) -> None:
    """Write what a return took out of the drawer. Whole pesos, not negative; nothing is not written."""
    if amount:
        _record(work, shift_id, "DEVOLUCION", -amount, sale_id=sale_id)


def record_debt_payment(work: Work, shift_id: int, amount: int, reason: str) -> None:
    """Write what a customer brought into the drawer to pay a debt. Whole pesos, more than nothing."""
    _record(work, shift_id, "ABONO", amount, reason=reason)


def _record(
    work: Work, shift_id: int, tipo: str, amount: int, *, sale_id: int | None = None, reason: str | None = None
) -> int:
    values = {"cash_session_id": shift_id, "tipo": tipo, "amount": amount, "sale_id": sale_id, "reason": reason}
    return int(work.connection.execute(_MOVE_ONE, {**values, "created_at": work.now}).scalar_one())


def _find_open(work: Work, staff_id: int, *, lock: bool = False) -> CashSession | None:
    statement = select_row(CashSession).where(CashSession.user_id == staff_id, CashSession.status == OPEN)
    return work.session.exec(statement.with_for_update() if lock else statement).first()


def _closed(shift: CashSession) -> Event:
    counted = shift.status == CLOSED
    data = {
        "session_id": shift.id,
        "user_id": shift.user_id,
        "expected": shift.final_cash_system,
        "declared": shift.final_cash_declared if counted else None,
        "difference": shift.difference if counted else None,
    }
    return Event("cash.closed", f"cash.closed:{shift.id}", data)


def _expected(work: Work, shift: CashSession) -> int:
    assert shift.id is not None
    return shift.start_amount + sum(parts_of(work, shift.id).values())


def _with_user(shift: CashSession, staff: Staff, role: Role | None) -> CashSessionWithUserOut:
    user = UserOut.model_validate(staff)
    user.role_obj = RoleOut.model_validate(role) if role else None
    plain = CashSessionOut.model_validate(shift)
    return CashSessionWithUserOut(**plain.model_dump(), user=user)

"""A company lets people in, changes them and lets them go.

People are named by their row in the company (`user_id`), never by the account they log in with: the two are numbered
apart. An account that is also used elsewhere keeps its e-mail and password whatever a company says.
"""

from sqlmodel import col, select

from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import ADMINISTRADOR, VENDEDOR, Permission
from torn_app.saas import service as saas
from torn_app.saas.models import Account, Membership
from torn_app.users import membership as members
from torn_app.users import service
from torn_app.users.errors import (
    AccountNotYours,
    EmailRequired,
    EmailTaken,
    OwnerKeepsRole,
    OwnerStays,
    PasswordNeeded,
    RoleUnknown,
    RutTaken,
    SupportNotDeletable,
    SupportNotEditable,
    UserNotFound,
)
from torn_app.users.models import Role, Staff
from torn_app.users.schemas import RoleOut, UserIn, UserOut, UserPatch


@use_case(Permission.MANAGE_USERS)
def create_user(work: Work, data: UserIn) -> UserOut:
    """Let a person in: account (made when the e-mail is new), membership and staff row, in one transaction.

    Who is in already is answered as they are; who was let go comes back. The name and password of an account that
    exists are not touched.

    Raises:
        EmailRequired, RoleUnknown: nothing to log in with, or no such role.
        AdminRequired: ADMINISTRADOR given by somebody who is not one.
        UserLimitReached: the plan has no room.
        PasswordNeeded: a new person without a password.
        RutTaken: somebody else here has that RUT.
    """
    if data.email is None:
        raise EmailRequired()
    role = _role(work, data.role_id)
    _check_may_touch(work, role.name)
    tenant_id = work.actor.tenant_id
    account = saas.find_account(work.session, data.email)
    if account is not None and account.id is not None:
        membership = saas.find_membership(work.session, tenant_id, account.id)
        staff = service.find_staff(work.session, account.id)
        if membership is not None and membership.is_active and staff is not None:
            return _out(work, staff)
        if staff is not None:
            _check_may_touch(work, staff.role)
    members.check_room(work.session, tenant_id)
    if account is None:
        if data.password is None:
            raise PasswordNeeded()
        account = members.create_account(
            work.session, email=data.email, password=data.password, full_name=data.full_name, now=work.now
        )
    _check_rut(work, data.rut, account.id)
    _, staff = members.admit(work.session, work.session, tenant_id, account, role, now=work.now, rut=data.rut)
    staff.name = data.full_name
    work.session.add(staff)
    work.session.flush()
    return _out(work, staff)


@use_case(Permission.MANAGE_USERS)
def update_user(work: Work, user_id: int, data: UserPatch) -> UserOut:
    """Change the fields that were sent; empty ones stay. Account and membership follow.

    Raises:
        UserNotFound, SupportNotEditable, RoleUnknown, EmailTaken, UserLimitReached.
        AdminRequired: an ADMINISTRADOR, or that role, touched by somebody who is not one.
        OwnerStays, OwnerKeepsRole: the first administrator would be kept out or lowered.
        AccountNotYours: e-mail or password of an account that is also used elsewhere.
    """
    staff = _find(work, user_id)
    if staff.is_support:
        raise SupportNotEditable()
    role = _role(work, data.role_id) if data.role_id is not None else None
    _check_may_touch(work, staff.role)
    if role is not None:
        _check_may_touch(work, role.name)
        if staff.is_owner and role.name != ADMINISTRADOR:
            raise OwnerKeepsRole()
    if staff.is_owner and data.is_active is False:
        raise OwnerStays()
    account, membership = _entry(work, staff)
    ours = _is_ours(work, account)
    email = data.email if data.email != account.email else None
    if (email is not None or data.password is not None) and not ours:
        raise AccountNotYours()
    if email is not None:
        if saas.find_account(work.session, email) is not None:
            raise EmailTaken(email=email)
        account.email = staff.email = email
    if data.password is not None:
        members.set_password(account, data.password)
    if data.full_name is not None:
        if ours:
            members.rename(account, staff, data.full_name)
        staff.name = data.full_name
    members.change(
        work.session, work.session, membership, account, staff, now=work.now, role=role, is_active=data.is_active
    )
    work.session.flush()
    return _out(work, staff)


@use_case(Permission.MANAGE_USERS)
def delete_user(work: Work, user_id: int) -> None:
    """Let a person go: they are out at their next click. What they did keeps naming them.

    Raises: UserNotFound, SupportNotDeletable, OwnerStays, and AdminRequired for an ADMINISTRADOR.
    """
    staff = _find(work, user_id)
    if staff.is_support:
        raise SupportNotDeletable()
    if staff.is_owner:
        raise OwnerStays()
    _check_may_touch(work, staff.role)
    account, membership = _entry(work, staff)
    members.change(work.session, work.session, membership, account, staff, now=work.now, is_active=False)


def _find(work: Work, user_id: int) -> Staff:
    staff = work.session.get(Staff, user_id, with_for_update={"key_share": True})
    if staff is None:
        raise UserNotFound()
    return staff


def _entry(work: Work, staff: Staff) -> tuple[Account, Membership]:
    """Return what lets a person in. Who has a staff row always has both, but the support user."""
    account = work.session.get(Account, staff.account_id)
    membership = saas.find_membership(work.session, work.actor.tenant_id, staff.account_id or 0)
    if account is None or membership is None:
        raise UserNotFound()
    return account, membership


def _role(work: Work, role_id: int | None) -> Role:
    role = service.find_role(work.session, VENDEDOR) if role_id is None else work.session.get(Role, role_id)
    if role is None:
        raise RoleUnknown(role_id or 0)
    return role


def _check_may_touch(work: Work, role_name: str | None) -> None:
    """Only an administrator grants ADMINISTRADOR or touches who has it."""
    if role_name == ADMINISTRADOR:
        work.actor.require(Permission.ADMIN)


def _check_rut(work: Work, rut: str | None, account_id: int | None) -> None:
    if rut is None:
        return
    statement = select(Staff).where(Staff.rut == rut, col(Staff.account_id).is_distinct_from(account_id))
    if work.session.exec(statement).first() is not None:
        raise RutTaken()


def _is_ours(work: Work, account: Account) -> bool:
    """Tell whether an account is the caller's own or opens no other door than this company's."""
    assert account.id is not None
    if account.id == work.actor.account_id:
        return True
    return not account.is_superuser and saas.count_memberships(work.session, account.id) == 1


def _out(work: Work, staff: Staff) -> UserOut:
    person = UserOut.model_validate(staff)
    role = work.session.get(Role, staff.role_id) if staff.role_id else None
    person.role_obj = RoleOut.model_validate(role) if role else None
    return person

"""Who is let into a company, and how: account, membership and staff row, always the three together.

Platform staff and the company's own people come through here. `session` sees the global tables and `own` those of the
company; inside the company both are the same session.
"""

from datetime import datetime

from torn_app.infra.tenancy import GlobalSession, TenantSession
from torn_app.kernel.permissions import ADMINISTRADOR
from torn_app.saas import service as saas
from torn_app.saas.models import Account, Membership
from torn_app.saas.passwords import hash_password
from torn_app.users import service
from torn_app.users.errors import UserLimitReached
from torn_app.users.models import Role, Staff

AnySession = GlobalSession | TenantSession


def check_room(session: AnySession, tenant_id: int) -> None:
    """Refuse when the plan lets nobody more in. Locks the company, so that two at once do not both take the last place.

    Raises: TenantNotFound, UserLimitReached.
    """
    tenant = saas.get_tenant(session, tenant_id, lock=True)
    limit = saas.max_users(session, tenant)
    if saas.count_active_members(session, tenant_id) >= limit:
        raise UserLimitReached(n=limit)


def create_account(session: AnySession, *, email: str, password: str, full_name: str | None, now: datetime) -> Account:
    """Create the account of a person nobody knows yet."""
    return saas.add_account(session, email=email, password_hash=hash_password(password), full_name=full_name, now=now)


def admit(
    session: AnySession,
    own: TenantSession,
    tenant_id: int,
    account: Account,
    role: Role,
    *,
    now: datetime,
    rut: str | None = None,
) -> tuple[Membership, Staff]:
    """Let a person in with a role. One who was here before comes back to their old row, with what they did.

    Ask `check_room` first.
    """
    assert account.id is not None
    membership = saas.find_membership(session, tenant_id, account.id)
    if membership is None:
        membership = saas.add_membership(
            session, tenant_id=tenant_id, account_id=account.id, role_name=role.name, now=now
        )
    membership.is_active, membership.role_name = True, role.name
    staff = service.find_staff(own, account.id)
    if staff is None:
        staff = service.add_staff(
            own,
            account_id=account.id,
            email=account.email,
            name=account.full_name or account.email,
            role_name=role.name,
            now=now,
            is_owner=role.name == ADMINISTRADOR and not service.has_owner(own),
        )
    staff.is_active, staff.role, staff.role_id = True, role.name, role.id
    staff.rut = rut or staff.rut
    session.add(membership)
    own.add(staff)
    return membership, staff


def change(
    session: AnySession,
    own: TenantSession,
    membership: Membership,
    account: Account,
    staff: Staff | None,
    *,
    now: datetime,
    role: Role | None = None,
    is_active: bool | None = None,
) -> None:
    """Give a person another role, let them in again or keep them out. None: as it is.

    Raises:
        UserLimitReached: they come back and there is no room.
    """
    if is_active and not membership.is_active:
        check_room(session, membership.tenant_id)
    if role is not None:
        membership.role_name = role.name
    if is_active is not None:
        membership.is_active = is_active
    if staff is not None:
        if role is not None:
            staff.role, staff.role_id = role.name, role.id
        if is_active is not None:
            staff.is_active = is_active
        own.add(staff)
    account.updated_at = now
    session.add_all([membership, account])


def rename(account: Account, staff: Staff | None, full_name: str) -> None:
    """Give a person another name, in their account and in the company."""
    account.full_name = full_name
    if staff is not None:
        staff.name = full_name


def set_password(account: Account, password: str) -> None:
    """Give an account another password."""
    account.password_hash = hash_password(password)

"""Staff of a company and their roles."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import ADMINISTRADOR, DEFAULT_ROLES, FLAGS, VENDEDOR, Permission
from torn_app.kernel.text import clean
from torn_app.users.models import Role, Staff
from torn_app.users.schemas import RoleOut, UserOut

SUPPORT_NAME = "Soporte Torn"
SELLER_ROLES = ("SELLER", VENDEDOR)
"""Role texts of those who sell; the first is the one of people added before there were roles."""


@use_case(Permission.MEMBER)
def list_users(work: Work, role: str | None = None) -> list[UserOut]:
    """Return the active people of the company, without platform staff. `role` is the exact role text."""
    return _people(work, None if role is None else (clean(role),))


@use_case(Permission.MEMBER)
def list_sellers(work: Work) -> list[UserOut]:
    """Return the active people whose role is to sell."""
    return _people(work, SELLER_ROLES)


def seed_roles(session: TenantSession) -> None:
    """Create the roles each company starts with; ADMINISTRADOR is 1 and VENDEDOR 2."""
    for name, (description, flags) in DEFAULT_ROLES.items():
        values = {flag.value: flag in flags for flag in FLAGS}
        session.add(Role(name=name, description=description, permissions=values, **values))
        session.flush()


def find_role(session: TenantSession, name: str) -> Role | None:
    """Return the role of a name."""
    return session.exec(select(Role).where(Role.name == name)).first()


def role_permissions(role: Role | None) -> frozenset[Permission]:
    """Return what a role may do; ADMINISTRADOR may do everything."""
    if role is None:
        return frozenset()
    flags = frozenset(flag for flag in FLAGS if getattr(role, flag.value))
    return flags | {Permission.ADMIN} if role.name == ADMINISTRADOR else flags


def find_staff(session: TenantSession, account_id: int) -> Staff | None:
    """Return the staff row of a global account."""
    return session.exec(select(Staff).where(Staff.account_id == account_id)).first()


def add_staff(
    session: TenantSession,
    *,
    account_id: int,
    email: str,
    name: str,
    role_name: str,
    now: datetime,
    rut: str | None = None,
    is_owner: bool = False,
) -> Staff:
    """Create the staff row of a person and flush it."""
    role = find_role(session, role_name)
    staff = Staff(
        account_id=account_id,
        rut=rut,
        email=email,
        name=name,
        role=role_name,
        role_id=role.id if role else None,
        is_owner=is_owner,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    return staff


def ensure_support_staff(session: TenantSession, now: datetime) -> bool:
    """Create the hidden person platform staff act as, if missing. Tell whether it was created."""
    if session.exec(select(Staff).where(col(Staff.is_support))).first():
        return False
    role = find_role(session, ADMINISTRADOR)
    session.add(
        Staff(
            name=SUPPORT_NAME,
            role=ADMINISTRADOR,
            role_id=role.id if role else None,
            is_support=True,
            created_at=now,
        )
    )
    session.flush()
    return True


def has_owner(session: TenantSession) -> bool:
    """Tell whether the company already has its first administrator."""
    return session.exec(select(Staff).where(col(Staff.is_owner))).first() is not None


def _people(work: Work, roles: Sequence[str] | None) -> list[UserOut]:
    statement = (
        select(Staff, Role)
        .outerjoin(Role, col(Role.id) == Staff.role_id)
        .where(col(Staff.is_active), ~col(Staff.is_support))
        .order_by(col(Staff.id))
    )
    if roles is not None:
        statement = statement.where(col(Staff.role).in_(roles))
    people = []
    for staff, role in work.session.exec(statement):
        person = UserOut.model_validate(staff)
        person.role_obj = RoleOut.model_validate(role) if role else None
        people.append(person)
    return people

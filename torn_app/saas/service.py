"""Accounts, companies and memberships: the global side."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlmodel import col, or_, select

from torn_app.infra.tenancy import GlobalSession, TenantSession
from torn_app.infra.work import PlatformWork
from torn_app.kernel.errors import NotFound
from torn_app.kernel.text import clean, fold, like_pattern
from torn_app.saas.models import Account, Acteco, Membership, Plan, Tenant
from torn_app.saas.schemas import ActecoOut, AvailableTenant, TenantOut

DEFAULT_MAX_USERS = 3
"""People a company may have when neither a plan nor an override says otherwise."""

AnySession = GlobalSession | TenantSession

_acteco = Acteco.__table__  # type: ignore[attr-defined]


class TenantNotFound(NotFound):
    """No such company."""

    message = "Tenant not found"


def search_actecos(work: PlatformWork, q: str | None = None, limit: int = 30) -> list[ActecoOut]:
    """Search economic activities by part of code or name, without regard to case or accents, ordered by code.

    `limit` is brought silently into 1..100.
    """
    statement = select(Acteco).order_by(Acteco.code).limit(min(max(limit, 1), 100))
    wanted = clean(q or "")
    if wanted:
        statement = statement.where(
            or_(
                col(Acteco.code).like(like_pattern(wanted), escape="\\"),
                col(Acteco.search_text).like(like_pattern(fold(wanted)), escape="\\"),
            )
        )
    return [ActecoOut.model_validate(row) for row in work.session.exec(statement)]


def save_actecos(work: PlatformWork, rows: Sequence[ActecoOut], *, replace: bool) -> None:
    """Write activities to the catalogue. Those it has already stay as they are, or with `replace` become these."""
    statement = pg_insert(_acteco).values([row.model_dump() | {"search_text": fold(row.name)} for row in rows])
    if replace:
        new = {column.name: statement.excluded[column.name] for column in _acteco.c if not column.primary_key}
        statement = statement.on_conflict_do_update(index_elements=["code"], set_=new)
    else:
        statement = statement.on_conflict_do_nothing()
    if rows:
        work.session.connection().execute(statement)


def list_tenants(work: PlatformWork) -> list[TenantOut]:
    """Return all companies, active and not."""
    rows = work.session.exec(
        select(Tenant, Plan.max_users).outerjoin(Plan, col(Plan.id) == Tenant.plan_id).order_by(col(Tenant.id))
    )
    return [_tenant_out(tenant, plan_max) for tenant, plan_max in rows]


def active_schemas(work: PlatformWork) -> list[str]:
    """Return the schemas of the companies that are not switched off, for jobs that go through all of them."""
    statement = select(Tenant.schema_name).where(col(Tenant.is_active)).order_by(col(Tenant.id))
    return list(work.session.exec(statement))


def deactivate_tenant(work: PlatformWork, tenant_id: int) -> None:
    """Switch a company off. Its data stays."""
    tenant = get_tenant(work.session, tenant_id)
    tenant.is_active = False
    tenant.updated_at = work.now
    work.session.add(tenant)


def get_tenant(session: AnySession, tenant_id: int, *, lock: bool = False) -> Tenant:
    """Return a company or refuse. `lock` keeps others from changing it, or from locking it, until the end."""
    tenant = session.get(Tenant, tenant_id, with_for_update={"key_share": True} if lock else None)
    if tenant is None:
        raise TenantNotFound()
    return tenant


def tenant_out(session: AnySession, tenant: Tenant) -> TenantOut:
    """Describe a company for an answer."""
    plan = session.get(Plan, tenant.plan_id) if tenant.plan_id else None
    return _tenant_out(tenant, plan.max_users if plan else None)


def max_users(session: AnySession, tenant: Tenant) -> int:
    """Return how many active people a company may have: override, else plan, else 3."""
    if tenant.max_users_override is not None:
        return tenant.max_users_override
    plan = session.get(Plan, tenant.plan_id) if tenant.plan_id else None
    return plan.max_users if plan else DEFAULT_MAX_USERS


def count_active_members(session: AnySession, tenant_id: int) -> int:
    """Return how many people may enter a company now."""
    statement = select(func.count()).where(Membership.tenant_id == tenant_id, col(Membership.is_active))
    return session.exec(statement).one()


def count_memberships(session: AnySession, account_id: int) -> int:
    """Return in how many companies a person is or was."""
    return session.exec(select(func.count()).where(Membership.account_id == account_id)).one()


def find_account(session: AnySession, email: str) -> Account | None:
    """Return the account of an e-mail."""
    return session.exec(select(Account).where(Account.email == email.strip().lower())).first()


def find_membership(session: AnySession, tenant_id: int, account_id: int) -> Membership | None:
    """Return the membership of a person in a company, active or not."""
    statement = select(Membership).where(Membership.tenant_id == tenant_id, Membership.account_id == account_id)
    return session.exec(statement).first()


def ensure_administrator(work: PlatformWork, email: str, make_hash: Callable[[], str]) -> bool:
    """Create the first global administrator when the platform has none. Tell whether it was created now.

    `make_hash` gives the hash of its password, asked for only then.
    """
    if work.session.exec(select(Account).where(col(Account.is_superuser))).first():
        return False
    account = add_account(
        work.session, email=email, password_hash=make_hash(), full_name="Administrador Torn", now=work.now
    )
    account.is_superuser = True
    return True


def add_account(
    session: AnySession, *, email: str, password_hash: str, full_name: str | None, now: datetime
) -> Account:
    """Create a global account and flush it."""
    account = Account(email=email.lower(), password_hash=password_hash, full_name=full_name, created_at=now)
    session.add(account)
    session.flush()
    return account


def add_membership(
    session: AnySession, *, tenant_id: int, account_id: int, role_name: str, now: datetime
) -> Membership:
    """Let an account into a company and flush it."""
    membership = Membership(tenant_id=tenant_id, account_id=account_id, role_name=role_name, created_at=now)
    session.add(membership)
    session.flush()
    return membership


def available_tenants(session: AnySession, account_id: int) -> Sequence[tuple[Tenant, Membership, int | None]]:
    """Return the companies of a person's active memberships with the plan's limit, blocked companies included."""
    statement = (
        select(Tenant, Membership, Plan.max_users)
        .join(Membership, col(Membership.tenant_id) == Tenant.id)
        .outerjoin(Plan, col(Plan.id) == Tenant.plan_id)
        .where(Membership.account_id == account_id, col(Membership.is_active))
        .order_by(Tenant.name)
    )
    return session.exec(statement).all()


def available_tenant(
    tenant: Tenant, role_name: str, plan_max: int | None, permissions: dict[str, Any] | None
) -> AvailableTenant:
    """Describe a company to a person who may enter it."""
    assert tenant.id is not None
    limit = tenant.max_users_override or plan_max or DEFAULT_MAX_USERS
    return AvailableTenant(
        id=tenant.id,
        name=tenant.name,
        rut=tenant.rut,
        role_name=role_name,
        is_active=tenant.is_active,
        max_users=limit,
        permissions=permissions,
    )


def _tenant_out(tenant: Tenant, plan_max: int | None) -> TenantOut:
    out = TenantOut.model_validate(tenant)
    out.plan_max_users = plan_max if plan_max is not None else DEFAULT_MAX_USERS
    return out

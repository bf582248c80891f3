"""A company's birth and its care by platform staff: space, roles, taxes, payment methods, people."""

import re
from typing import Any

from sqlmodel import select

from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.customers import service as customers
from torn_app.folios import service as folios
from torn_app.infra.migrate import create_tenant_schema
from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import PlatformWork, tenant_of
from torn_app.onboarding.errors import (
    AlreadyMember,
    LinkNotFound,
    PasswordRequired,
    TenantNotCreated,
    UnknownRole,
)
from torn_app.saas import service as saas
from torn_app.saas.models import Account, Membership, Tenant
from torn_app.saas.schemas import (
    SaaSUserOut,
    TenantIn,
    TenantOut,
    TenantPatch,
    TenantUserIn,
    TenantUserOut,
    TenantUserPatch,
)
from torn_app.sales import payment_methods
from torn_app.users import membership as members
from torn_app.users import service as users

_COPIED = {
    "name": "razon_social",
    "address": "direccion",
    "commune": "comuna",
    "city": "ciudad",
    "giro": "giro",
}
"""Company field -> field of its issuer that follows it."""


def create_tenant(work: PlatformWork, data: TenantIn) -> TenantOut:
    """Create a company ready to sell in mode PRUEBA: schema, roles, taxes, payment methods, issuer, test numbers.

    One transaction: it exists whole or not at all.

    Raises:
        TenantNotCreated: a company with that RUT exists.
    """
    if work.session.exec(select(Tenant).where(Tenant.rut == data.rut)).first():
        raise TenantNotCreated(reason=f"Ya existe un inquilino registrado para el RUT: {data.rut}")
    tenant = Tenant(
        name=data.name,
        rut=data.rut,
        schema_name="tenant_" + re.sub(r"[^a-z0-9]", "", data.rut.lower()),
        address=data.address,
        commune=data.commune,
        city=data.city,
        giro=data.giro,
        billing_day=data.billing_day or 1,
        economic_activities=data.economic_activities or [],
        created_at=work.now,
    )
    work.session.add(tenant)
    work.session.flush()
    create_tenant_schema(work.session.connection(), tenant.schema_name)
    with tenant_of(work, tenant.schema_name) as session:
        users.seed_roles(session)
        users.ensure_support_staff(session, work.now)
        payment_methods.seed(session)
        customers.seed_generic(session, work.now)
        issuer = company.seed(
            session,
            rut=tenant.rut,
            razon_social=tenant.name,
            giro=tenant.giro,
            acteco=_first_acteco(tenant.economic_activities),
            direccion=tenant.address,
            comuna=tenant.commune,
            ciudad=tenant.city,
            now=work.now,
        )
        folios.seed_test_material(session, issuer, work.now)
    return saas.tenant_out(work.session, tenant)


def update_tenant(work: PlatformWork, tenant_id: int, data: TenantPatch) -> TenantOut:
    """Change the fields that were sent; what the issuer repeats is copied to it."""
    tenant = saas.get_tenant(work.session, tenant_id)
    sent = data.model_dump(exclude_unset=True)
    required = ("name", "is_active", "billing_day")
    changes = {name: value for name, value in sent.items() if value is not None or name not in required}
    if changes.get("economic_activities", ...) is None:
        changes["economic_activities"] = []
    for name, value in changes.items():
        setattr(tenant, name, value)
    tenant.updated_at = work.now
    work.session.add(tenant)
    copied = {_COPIED[name]: value for name, value in changes.items() if name in _COPIED}
    if "economic_activities" in changes:
        copied["acteco"] = _first_acteco(tenant.economic_activities)
    if copied:
        with tenant_of(work, tenant.schema_name) as session:
            _copy_to_issuer(session, tenant, copied, work)
    return saas.tenant_out(work.session, tenant)


def list_tenant_users(work: PlatformWork, tenant_id: int) -> list[TenantUserOut]:
    """Return the people of a company, active or not."""
    saas.get_tenant(work.session, tenant_id)
    rows = work.session.exec(
        select(Membership, Account)
        .join(Account, Account.id == Membership.account_id)  # type: ignore[arg-type]
        .where(Membership.tenant_id == tenant_id)
        .order_by(Membership.id)  # type: ignore[arg-type]
    )
    return [_member_out(membership, account) for membership, account in rows]


def add_tenant_user(work: PlatformWork, tenant_id: int, data: TenantUserIn) -> TenantUserOut:
    """Let a person into a company: account (made when the e-mail is new), membership and staff row.

    Raises, in this order: TenantNotFound, UserLimitReached, PasswordRequired, AlreadyMember, UnknownRole.
    """
    tenant = saas.get_tenant(work.session, tenant_id)
    members.check_room(work.session, tenant_id)
    account = saas.find_account(work.session, data.email)
    if account is None:
        if not data.password:
            raise PasswordRequired()
        account = members.create_account(
            work.session, email=data.email, password=data.password, full_name=data.full_name, now=work.now
        )
    elif account.id and saas.find_membership(work.session, tenant_id, account.id):
        raise AlreadyMember()
    with tenant_of(work, tenant.schema_name) as session:
        role = users.find_role(session, data.role_name)
        if role is None:
            raise UnknownRole(role=data.role_name)
        membership, _ = members.admit(work.session, session, tenant_id, account, role, now=work.now)
    return _member_out(membership, account)


def update_tenant_user(work: PlatformWork, tenant_id: int, user_id: int, data: TenantUserPatch) -> TenantUserOut:
    """Change role, access, password or name of a member; the staff row follows.

    Raises: LinkNotFound, UnknownRole, and UserLimitReached when they come back and there is no room.
    """
    tenant = work.session.get(Tenant, tenant_id)
    membership = saas.find_membership(work.session, tenant_id, user_id)
    account = work.session.get(Account, user_id)
    if tenant is None or membership is None or account is None:
        raise LinkNotFound()
    with tenant_of(work, tenant.schema_name) as session:
        staff = users.find_staff(session, user_id)
        role = users.find_role(session, data.role_name) if data.role_name is not None else None
        if data.role_name is not None and role is None:
            raise UnknownRole(role=data.role_name)
        if data.full_name is not None:
            members.rename(account, staff, data.full_name)
        if data.password is not None:
            members.set_password(account, data.password)
        members.change(
            work.session, session, membership, account, staff, now=work.now, role=role, is_active=data.is_active
        )
    return _member_out(membership, account)


def inject_support_user(work: PlatformWork, tenant_id: int) -> dict[str, str]:
    """Add the hidden support person to a company that lacks it."""
    return _inject(work, saas.get_tenant(work.session, tenant_id))


def inject_support_users(work: PlatformWork) -> dict[str, list[dict[str, str]]]:
    """The same for every active company, one after the other."""
    results = []
    for out in saas.list_tenants(work):
        if out.is_active:
            done = _inject(work, saas.get_tenant(work.session, out.id))
            results.append({"tenant": done["tenant"], "status": done["status"]})
    return {"results": results}


def _inject(work: PlatformWork, tenant: Tenant) -> dict[str, str]:
    with tenant_of(work, tenant.schema_name) as session:
        created = users.ensure_support_staff(session, work.now)
    status = "injected" if created else "already_exists"
    return {"status": status, "tenant": tenant.name, "schema": tenant.schema_name}


def _copy_to_issuer(session: TenantSession, tenant: Tenant, copied: dict[str, Any], work: PlatformWork) -> None:
    issuer = session.get(Issuer, 1)
    if issuer is None or issuer.rut != tenant.rut:
        return
    for name, value in copied.items():
        if value is not None or name not in ("razon_social", "giro"):
            setattr(issuer, name, value)
    issuer.updated_at = work.now
    session.add(issuer)


def _first_acteco(activities: list[Any]) -> str:
    first = activities[0] if activities else None
    return str(first.get("code", "")) if isinstance(first, dict) else ""


def _member_out(membership: Membership, account: Account) -> TenantUserOut:
    assert membership.id is not None
    return TenantUserOut(
        id=membership.id,
        tenant_id=membership.tenant_id,
        user_id=membership.account_id,
        role_name=membership.role_name,
        is_active=membership.is_active,
        user=SaaSUserOut.model_validate(account),
    )

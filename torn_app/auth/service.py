"""Who is asking: login, browser sessions, and the Actor of a request.

The `actor_*` functions return what `infra.work.run` wants: a function that, inside the transaction of the request,
reads who acts and points the connection at the company. So a person dismissed a second ago is out.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Connection, Row, bindparam, select

from torn_app.auth.attempts import login_attempts
from torn_app.auth.errors import (
    CompanyInactive,
    NotAMember,
    NotSuperuser,
    SessionEnded,
    WrongCredentials,
    WrongFormCredentials,
)
from torn_app.auth.models import BrowserSession
from torn_app.auth.schemas import LoginIn, SaaSToken, SessionInfo, WhoAmI
from torn_app.auth.tokens import cookie_hash, make_token, new_cookie_token, read_token
from torn_app.company import service as company
from torn_app.infra.tenancy import TenantSession, bind_tenant
from torn_app.infra.work import AccountActor, Actor, Authenticate, AuthenticateAccount, PlatformWork, Work, use_case
from torn_app.kernel.errors import NotAuthenticated
from torn_app.kernel.permissions import ADMINISTRADOR, FLAGS, Permission
from torn_app.kernel.text import clean
from torn_app.saas import service as saas
from torn_app.saas.models import Account, Membership, Tenant
from torn_app.saas.passwords import verify_password
from torn_app.saas.schemas import AvailableTenant, SaaSUserOut
from torn_app.users import service as users
from torn_app.users.models import Role, Staff

BROWSER_SESSION_LIFE = timedelta(hours=12)


# --- login -----------------------------------------------------------------------------------------------------------


def login(work: PlatformWork, data: LoginIn) -> SaaSToken:
    """Check e-mail and password and return an access token with the companies of the person."""
    account = _check_credentials(work, data, WrongCredentials())
    return _token_for(work, account)


def login_form(work: PlatformWork, data: LoginIn) -> SaaSToken:
    """The same for the OAuth2 password form, whose refusal is worded differently."""
    account = _check_credentials(work, data, WrongFormCredentials())
    return _token_for(work, account)


def me(work: PlatformWork) -> SaaSUserOut:
    """Return the profile of the caller."""
    return SaaSUserOut.model_validate(_own_account(work))


def validate(work: PlatformWork) -> SessionInfo:
    """Return the profile and the companies of the caller."""
    account = _own_account(work)
    return SessionInfo(user=SaaSUserOut.model_validate(account), available_tenants=_companies_of(work, account))


def _check_credentials(work: PlatformWork, data: LoginIn, refusal: NotAuthenticated) -> Account:
    email = clean(data.email).lower()
    login_attempts.check(email)
    account = saas.find_account(work.session, email)
    good = verify_password(data.password, account.password_hash if account else None)
    if account is None or not good or not account.is_active:
        login_attempts.failed(email)
        raise refusal
    return account


def _token_for(work: PlatformWork, account: Account) -> SaaSToken:
    return SaaSToken(
        access_token=make_token(account.email, work.now),
        token_type="bearer",  # noqa: S106
        user=SaaSUserOut.model_validate(account),
        available_tenants=_companies_of(work, account),
    )


def _companies_of(work: PlatformWork, account: Account) -> list[AvailableTenant]:
    assert account.id is not None
    found = list(saas.available_tenants(work.session, account.id))
    # Each company's role is in its own schema, read in turn through the same connection: never one query over two.
    connection = work.session.connection()
    answer = []
    for tenant, membership, plan_max in found:
        with TenantSession(connection, tenant.schema_name) as session:
            role = users.find_role(session, membership.role_name)
            answer.append(
                saas.available_tenant(tenant, membership.role_name, plan_max, role.permissions if role else None)
            )
    return answer


def _own_account(work: PlatformWork) -> Account:
    assert work.actor is not None
    account = work.session.get(Account, work.actor.account_id)
    assert account is not None
    return account


# --- browser sessions ------------------------------------------------------------------------------------------------


def open_browser_session(work: PlatformWork, data: LoginIn) -> tuple[str, list[AvailableTenant]]:
    """Log a browser in. Returns the secret for its cookie and the companies; a single one is chosen at once."""
    account = _check_credentials(work, data, WrongCredentials())
    assert account.id is not None
    companies = _companies_of(work, account)
    active = [company for company in companies if company.is_active]
    token = new_cookie_token()
    work.session.add(
        BrowserSession(
            token_hash=cookie_hash(token),
            account_id=account.id,
            tenant_id=active[0].id if len(active) == 1 else None,
            created_at=work.now,
            expires_at=work.now + BROWSER_SESSION_LIFE,
        )
    )
    return token, companies


def browser_companies(work: PlatformWork) -> list[AvailableTenant]:
    """Return the companies the person of this browser may choose. Platform staff may choose any active one."""
    account = _own_account(work)
    if account.is_superuser:
        return [
            saas.available_tenant(saas.get_tenant(work.session, tenant.id), ADMINISTRADOR, None, None)
            for tenant in saas.list_tenants(work)
            if tenant.is_active
        ]
    return _companies_of(work, account)


def choose_tenant(work: PlatformWork, cookie: str | None, tenant_id: int) -> None:
    """Make a company the one this browser works in."""
    assert work.actor is not None
    tenant = work.session.get(Tenant, tenant_id)
    if not work.actor.is_superuser:
        membership = saas.find_membership(work.session, tenant_id, work.actor.account_id)
        if membership is None or not membership.is_active:
            raise NotAMember()
    if tenant is None or not tenant.is_active:
        raise CompanyInactive()
    row = _session_row(work.session.connection(), cookie, work.now)
    session = work.session.get(BrowserSession, row.id)
    assert session is not None
    session.tenant_id = tenant_id
    work.session.add(session)


def close_browser_session(work: PlatformWork, cookie: str | None) -> None:
    """End the session of a cookie. An unknown cookie is already ended."""
    if not cookie:
        return
    statement = select(BrowserSession).where(BrowserSession.token_hash == cookie_hash(cookie))  # type: ignore[arg-type]
    session = work.session.scalars(statement).first()
    if session and session.ended_at is None:
        session.ended_at = work.now
        work.session.add(session)


@use_case(Permission.MEMBER)
def my_permissions(work: Work) -> list[str]:
    """Return what the caller may do: asked before every event of a screen, so it reads nothing more than the actor."""
    return [flag.value for flag in (*FLAGS, Permission.ADMIN) if work.actor.may(flag)]


@use_case(Permission.MEMBER)
def whoami(work: Work) -> WhoAmI:
    """Return what the shell of every screen shows."""
    issuer = company.get_issuer_row(work)
    actor = work.actor
    return WhoAmI(
        account_id=actor.account_id,
        staff_id=actor.staff_id,
        email=actor.email,
        name=actor.name,
        role_name=actor.role_name,
        is_admin=actor.is_admin,
        is_superuser=actor.is_superuser,
        permissions=my_permissions(work),
        tenant_id=actor.tenant_id,
        company_name=issuer.razon_social,
        company_rut=issuer.rut,
        ambiente=issuer.ambiente,
        companies=2 if actor.is_superuser else len(saas.available_tenants(work.session, actor.account_id)),
    )


# --- the actor of a request ------------------------------------------------------------------------------------------


def actor_by_token(token: str, tenant_id: int) -> Authenticate:
    """Authenticate an access token inside a company."""

    def authenticate(connection: Connection, _now: datetime) -> Actor:
        email = read_token(token)
        row = connection.execute(_BY_EMAIL, {"tenant_id": tenant_id, "email": email}).first()
        return _actor(connection, row)

    return authenticate


def actor_by_account(account_id: int, tenant_id: int) -> Authenticate:
    """Authenticate a person by what they made (a key of theirs) inside a company."""

    def authenticate(connection: Connection, _now: datetime) -> Actor:
        row = connection.execute(_BY_ACCOUNT, {"tenant_id": tenant_id, "account_id": account_id}).first()
        return _actor(connection, row)

    return authenticate


def actor_by_cookie(cookie: str | None) -> Authenticate:
    """Authenticate a browser inside the company it chose."""

    def authenticate(connection: Connection, now: datetime) -> Actor:
        session = _session_row(connection, cookie, now)
        if session.tenant_id is None:
            raise SessionEnded()
        row = connection.execute(
            _BY_ACCOUNT, {"tenant_id": session.tenant_id, "account_id": session.account_id}
        ).first()
        return _actor(connection, row)

    return authenticate


def account_by_token(token: str, *, superuser: bool = False) -> AuthenticateAccount:
    """Authenticate an access token outside any company."""

    def authenticate(connection: Connection, _now: datetime) -> AccountActor:
        email = read_token(token)
        row = connection.execute(select(_account).where(_account.c.email == email)).first()
        return _account_actor(row, superuser)

    return authenticate


def account_by_cookie(cookie: str | None) -> AuthenticateAccount:
    """Authenticate a browser outside any company."""

    def authenticate(connection: Connection, now: datetime) -> AccountActor:
        session = _session_row(connection, cookie, now)
        row = connection.execute(select(_account).where(_account.c.id == session.account_id)).first()
        return _account_actor(row, superuser=False)

    return authenticate


def nobody(_connection: Connection, _now: datetime) -> None:
    """Authenticate nobody: for logging in."""


_account = Account.__table__  # type: ignore[attr-defined]
_tenant = Tenant.__table__  # type: ignore[attr-defined]
_membership = Membership.__table__  # type: ignore[attr-defined]
_role = Role.__table__  # type: ignore[attr-defined]
_staff = Staff.__table__  # type: ignore[attr-defined]
_browser_session = BrowserSession.__table__  # type: ignore[attr-defined]


# These run in front of every request: built once, and only the columns needed.
_PERSON_IN_COMPANY = (
    select(
        _account.c.id,
        _account.c.email,
        _account.c.full_name,
        _account.c.is_active,
        _account.c.is_superuser,
        _tenant.c.id.label("tenant_id"),
        _tenant.c.schema_name,
        _tenant.c.is_active.label("tenant_active"),
        _membership.c.role_name,
        _membership.c.is_active.label("member_active"),
    )
    .select_from(_account)
    .outerjoin(_tenant, _tenant.c.id == bindparam("tenant_id"))
    .outerjoin(_membership, (_membership.c.tenant_id == _tenant.c.id) & (_membership.c.account_id == _account.c.id))
)
_BY_EMAIL = _PERSON_IN_COMPANY.where(_account.c.email == bindparam("email"))
_BY_ACCOUNT = _PERSON_IN_COMPANY.where(_account.c.id == bindparam("account_id"))
_ROLE_AND_STAFF = (
    select(_role.c.name, *(_role.c[flag.value] for flag in FLAGS), _staff.c.id.label("staff_id"))
    .select_from(_role)
    .outerjoin(
        _staff,
        _staff.c.is_active
        & (
            (_staff.c.account_id == bindparam("account_id"))
            | (_staff.c.is_support & bindparam("as_support", type_=Boolean))
        ),
    )
    .where(_role.c.name == bindparam("role_name"))
    .limit(1)
)


def _actor(connection: Connection, row: Row[*tuple[Any, ...]] | None) -> Actor:
    if row is None or not row.is_active:
        raise NotAuthenticated()
    is_member = bool(row.member_active)
    if not is_member and not row.is_superuser:
        raise NotAMember()
    if row.tenant_id is None or not row.tenant_active:
        raise CompanyInactive()
    bind_tenant(connection, row.schema_name)
    as_support = row.is_superuser and not is_member
    role_name = ADMINISTRADOR if row.is_superuser else row.role_name
    local = connection.execute(
        _ROLE_AND_STAFF, {"account_id": row.id, "as_support": as_support, "role_name": role_name}
    ).first()
    permissions = frozenset(flag for flag in FLAGS if local is not None and getattr(local, flag.value))
    if role_name == ADMINISTRADOR:
        permissions |= {Permission.ADMIN}
    return Actor(
        account_id=row.id,
        email=row.email,
        name=row.full_name or row.email,
        is_superuser=row.is_superuser,
        tenant_id=row.tenant_id,
        schema=row.schema_name,
        role_name=role_name,
        permissions=permissions,
        staff_id=local.staff_id if local is not None else None,
        is_support=as_support,
    )


def _account_actor(row: Row[Any] | None, superuser: bool) -> AccountActor:
    if row is None or not row.is_active:
        raise NotAuthenticated()
    if superuser and not row.is_superuser:
        raise NotSuperuser()
    return AccountActor(row.id, row.email, row.is_superuser)


def _session_row(connection: Connection, cookie: str | None, now: datetime) -> Row[Any]:
    if not cookie:
        raise SessionEnded()
    query = select(_browser_session).where(_browser_session.c.token_hash == cookie_hash(cookie))
    row = connection.execute(query).first()
    if row is None or row.ended_at is not None or row.expires_at <= now:
        raise SessionEnded()
    return row

"""Companies, people and goods for tests. Everything a test depends on is an argument of the call."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import Engine

from torn_app.auth import service as auth
from torn_app.auth.tokens import make_token
from torn_app.infra import work
from torn_app.infra.tenancy import GlobalSession
from torn_app.infra.work import PlatformWork, tenant_of
from torn_app.kernel import clock
from torn_app.kernel.permissions import ADMINISTRADOR
from torn_app.kernel.rut import check_digit
from torn_app.onboarding import service as onboarding
from torn_app.products import service as products
from torn_app.products.schemas import ProductIn, ProductOut
from torn_app.saas import service as saas
from torn_app.saas.passwords import hash_password
from torn_app.saas.schemas import TenantIn
from torn_app.users import service as users

R = TypeVar("R")

_numbers = itertools.count(1)
PASSWORD = "una clave larga de prueba"


@dataclass(frozen=True, slots=True)
class Company:
    """A company made for a test."""

    tenant_id: int
    schema: str
    rut: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a company, able to run use cases and to log in with PASSWORD when made with one."""

    company: Company
    account_id: int
    staff_id: int
    email: str

    def run(self, use_case: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Run a use case as this person, exactly as a request would, in the database of the process's settings."""
        return self.run_at(None, use_case, *args, **kwargs)

    def run_at(self, moment: datetime | None, use_case: Callable[..., R], *args: Any, **kwargs: Any) -> R:
        """Run a use case as this person at a given moment instead of now."""
        token = make_token(self.email, clock.now())
        return work.run_at(moment, auth.actor_by_token(token, self.company.tenant_id), use_case, *args, **kwargs)


def new_rut() -> str:
    """Return a valid RUT no other call of this process returned."""
    body = 60_000_000 + next(_numbers)
    return f"{body}-{check_digit(body)}"


def create_company(
    engine: Engine, *, name: str = "Almacén de prueba", rut: str | None = None, born: datetime | None = None
) -> Company:
    """Create a company ready to sell in mode PRUEBA since it was `born` (now), with nobody in it yet."""
    data = TenantIn(
        name=name,
        rut=rut or new_rut(),
        address="Calle Larga 123",
        commune="Santiago",
        city="Santiago",
        giro="Almacén",
        economic_activities=[{"code": "471100", "name": "Almacenes"}],
    )
    with engine.connect() as connection, GlobalSession(bind=connection, expire_on_commit=False) as session:
        tenant = onboarding.create_tenant(PlatformWork(session, None, born or clock.now()), data)
        session.flush()
        connection.commit()
    return Company(tenant.id, tenant.schema_name, data.rut)


def create_member(
    engine: Engine, company: Company, *, role: str = ADMINISTRADOR, password: str | None = None
) -> Member:
    """Let a new person into a company with a role. Hashing a password is slow: give one only to log in with."""
    now = clock.now()
    email = f"persona{next(_numbers)}@example.com"
    with engine.connect() as connection, GlobalSession(bind=connection, expire_on_commit=False) as session:
        account = saas.add_account(
            session,
            email=email,
            password_hash=hash_password(password) if password else "!",
            full_name=f"Persona {role.title()}",
            now=now,
        )
        assert account.id is not None
        saas.add_membership(session, tenant_id=company.tenant_id, account_id=account.id, role_name=role, now=now)
        with tenant_of(PlatformWork(session, None, now), company.schema) as own:
            staff = users.add_staff(
                own,
                account_id=account.id,
                email=email,
                name=f"Persona {role.title()}",
                role_name=role,
                now=now,
                is_owner=role == ADMINISTRADOR and not users.has_owner(own),
            )
        connection.commit()
        assert staff.id is not None
        return Member(company, account.id, staff.id, email)


def create_product(
    member: Member,
    *,
    nombre: str = "Pan de molde",
    precio_neto: Decimal | str = "1000",
    stock: Decimal | str | None = None,
    **fields: Any,
) -> ProductOut:
    """Create a product. With `stock` (also 0) it is one whose stock is counted."""
    data = ProductIn(
        nombre=nombre,
        precio_neto=Decimal(precio_neto),
        controla_stock=stock is not None,
        stock_actual=Decimal(stock or 0),
        **fields,
    )
    return member.run(products.create_product, data)


def headers(token: str, company: Company) -> Mapping[str, str]:
    """Return the headers every request inside a company carries."""
    return {"Authorization": f"Bearer {token}", "X-Tenant-ID": str(company.tenant_id)}

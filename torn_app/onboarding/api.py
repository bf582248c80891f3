"""Routes of /saas: the platform and its companies. Only for superusers, but for the activity search."""

from fastapi import APIRouter, Path
from typing_extensions import TypedDict

from torn_app.api.deps import PlatformEntry, enter_platform
from torn_app.kernel.fields import MAX_ID
from torn_app.onboarding import service
from torn_app.saas import service as saas
from torn_app.saas.schemas import (
    ActecoOut,
    TenantIn,
    TenantOut,
    TenantPatch,
    TenantUserIn,
    TenantUserOut,
    TenantUserPatch,
)

router = APIRouter(prefix="/saas", tags=["saas"])

TenantId = Path(ge=0, le=MAX_ID)


class Injected(TypedDict):
    """What happened to the support user of a company."""

    status: str
    tenant: str
    schema: str


class InjectedAll(TypedDict):
    """What happened in each company."""

    results: list[dict[str, str]]


@router.get("/actecos")
def actecos(
    q: str | None = None, limit: int = 30, entry: PlatformEntry = enter_platform(saas.search_actecos)
) -> list[ActecoOut]:
    """Busca actividades económicas por código o nombre."""
    return entry.run(q, limit)


@router.get("/tenants")
def tenants(entry: PlatformEntry = enter_platform(saas.list_tenants, superuser=True)) -> list[TenantOut]:
    """Todas las empresas."""
    return entry.run()


@router.post("/tenants", status_code=201)
def create(body: TenantIn, entry: PlatformEntry = enter_platform(service.create_tenant, superuser=True)) -> TenantOut:
    """Crea una empresa lista para vender en modo PRUEBA."""
    return entry.run(body)


@router.patch("/tenants/{tenant_id}")
def update(
    body: TenantPatch,
    tenant_id: int = TenantId,
    entry: PlatformEntry = enter_platform(service.update_tenant, superuser=True),
) -> TenantOut:
    """Cambia los campos enviados."""
    return entry.run(tenant_id, body)


@router.delete("/tenants/{tenant_id}", status_code=204)
def deactivate(
    tenant_id: int = TenantId, entry: PlatformEntry = enter_platform(saas.deactivate_tenant, superuser=True)
) -> None:
    """Desactiva la empresa; sus datos quedan."""
    entry.run(tenant_id)


@router.get("/tenants/{tenant_id}/users")
def tenant_users(
    tenant_id: int = TenantId, entry: PlatformEntry = enter_platform(service.list_tenant_users, superuser=True)
) -> list[TenantUserOut]:
    """Personas de la empresa."""
    return entry.run(tenant_id)


@router.post("/tenants/{tenant_id}/users")
def add_user(
    body: TenantUserIn,
    tenant_id: int = TenantId,
    entry: PlatformEntry = enter_platform(service.add_tenant_user, superuser=True),
) -> TenantUserOut:
    """Agrega una persona a la empresa."""
    return entry.run(tenant_id, body)


@router.patch("/tenants/{tenant_id}/users/{user_id}")
def update_user(
    body: TenantUserPatch,
    tenant_id: int = TenantId,
    user_id: int = Path(ge=0, le=MAX_ID),
    entry: PlatformEntry = enter_platform(service.update_tenant_user, superuser=True),
) -> TenantUserOut:
    """Cambia rol, acceso, clave o nombre (user_id es el de la cuenta global)."""
    return entry.run(tenant_id, user_id, body)


@router.post("/tenants/{tenant_id}/inject-system-user")
def inject(
    tenant_id: int = TenantId, entry: PlatformEntry = enter_platform(service.inject_support_user, superuser=True)
) -> Injected:
    """Agrega el usuario de soporte si falta."""
    return entry.run(tenant_id)


@router.post("/tenants/inject-system-users-all")
def inject_all(entry: PlatformEntry = enter_platform(service.inject_support_users, superuser=True)) -> InjectedAll:
    """Lo mismo en todas las empresas activas."""
    return entry.run()

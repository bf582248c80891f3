"""Routes of /issuer and /config: who the company is, its taxes and preferences."""

from fastapi import APIRouter, Path

from torn_app.api.deps import Entry, enter
from torn_app.company import additional_taxes, service
from torn_app.company.schemas import (
    AdditionalTaxOut,
    IssuerOut,
    IssuerPatch,
    SettingsOut,
    SettingsPatch,
    TaxIn,
    TaxOut,
    TaxPatch,
)
from torn_app.kernel.fields import MAX_ID
from torn_app.sales import modes

issuer_router = APIRouter(prefix="/issuer", tags=["issuer"])
config_router = APIRouter(prefix="/config", tags=["config"])


@issuer_router.get("/")
def issuer(entry: Entry = enter(service.get_issuer)) -> IssuerOut:
    """La empresa como emisora de documentos."""
    return entry.run()


@issuer_router.put("/")
def update_issuer(body: IssuerPatch, entry: Entry = enter(modes.update_issuer)) -> IssuerOut:
    """Registra al emisor o cambia los campos enviados. Al dejar un modo de ensayo, lo que movió vuelve atrás."""
    return entry.run(body)


@config_router.get("/taxes/")
def taxes(entry: Entry = enter(service.list_taxes)) -> list[TaxOut]:
    """Impuestos; la tasa es una fracción (0.19)."""
    return entry.run()


@config_router.post("/taxes/", status_code=201)
def create_tax(body: TaxIn, entry: Entry = enter(service.create_tax)) -> TaxOut:
    """Crea un impuesto. Si es el predeterminado, reemplaza al anterior."""
    return entry.run(body)


@config_router.put("/taxes/{tax_id}")
def update_tax(body: TaxPatch, tax_id: int = Path(ge=0, le=MAX_ID), entry: Entry = enter(service.update_tax)) -> TaxOut:
    """Cambia los campos enviados."""
    return entry.run(tax_id, body)


@config_router.get("/additional-taxes")
def additional(entry: Entry = enter(additional_taxes.list_additional_taxes)) -> list[AdditionalTaxOut]:
    """Impuestos adicionales que un producto puede llevar: código del SII, nombre y tasa en %."""
    return entry.run()


@config_router.get("/settings/")
def settings(entry: Entry = enter(service.get_settings)) -> SettingsOut:
    """Preferencias de la empresa."""
    return entry.run()


@config_router.put("/settings/")
def update_settings(body: SettingsPatch, entry: Entry = enter(service.update_settings)) -> SettingsOut:
    """Cambia los campos enviados."""
    return entry.run(body)

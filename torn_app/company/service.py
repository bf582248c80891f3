"""The company as issuer, its taxes and settings."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import select

from torn_app.company.errors import IssuerMissing
from torn_app.company.models import Issuer, Settings, Tax
from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import Work

IVA = Decimal("0.19")
"""VAT, and the rate of a product that names no tax."""


def get_issuer_row(work: Work) -> Issuer:
    """Return the issuer or refuse: nothing can be issued or printed without one."""
    issuer = work.session.get(Issuer, 1)
    if issuer is None:
        raise IssuerMissing()
    return issuer


def get_settings_row(work: Work) -> Settings:
    """Return the settings, created with their defaults at the first look."""
    settings = work.session.get(Settings, 1)
    if settings is None:
        settings = Settings()
        work.session.add(settings)
        work.session.flush()
    return settings


def seed(
    session: TenantSession,
    *,
    rut: str,
    razon_social: str,
    giro: str | None,
    acteco: str,
    direccion: str | None,
    comuna: str | None,
    ciudad: str | None,
    now: datetime,
) -> Issuer:
    """Write the issuer row, taxes and settings of a new company. Returns the issuer."""
    issuer = Issuer(
        rut=rut,
        razon_social=razon_social,
        giro=giro or "Sin giro informado",
        acteco=acteco,
        direccion=direccion,
        comuna=comuna,
        ciudad=ciudad,
        created_at=now,
    )
    vat = Tax(name="IVA 19%", rate=IVA, is_default=True)
    session.add_all([issuer, vat, Tax(name="Exento", rate=Decimal(0))])
    session.flush()
    session.add(Settings(iva_default_id=vat.id))
    session.flush()
    return issuer


def find_tax(session: TenantSession, tax_id: int) -> Tax | None:
    """Return a tax by id."""
    return session.exec(select(Tax).where(Tax.id == tax_id)).first()

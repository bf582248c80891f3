"""The company as issuer, its taxes and settings."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import update
from sqlmodel import col, select

from torn_app.company.errors import (
    DefaultTaxUnknown,
    IssuerIncomplete,
    IssuerMissing,
    IssuerNotRegistered,
    TaxNotFound,
)
from torn_app.company.models import Issuer, Settings, Tax
from torn_app.company.schemas import IssuerOut, IssuerPatch, SettingsOut, SettingsPatch, TaxIn, TaxOut, TaxPatch
from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission

IVA = Decimal("0.19")
"""VAT, and the rate of a product that names no tax."""

_ISSUER_NEEDS = ("rut", "razon_social", "giro", "acteco")
"""Fields of the issuer that are never empty."""
_ISSUER_KEEPS = (*_ISSUER_NEEDS, "ambiente", "resolucion_numero")
"""Fields of the issuer that stay as they are when sent empty."""
_tax = Tax.__table__  # type: ignore[attr-defined]


@use_case(Permission.MEMBER)
def get_issuer(work: Work) -> IssuerOut:
    """Return the company as the tax service knows it."""
    issuer = work.session.get(Issuer, 1)
    if issuer is None:
        raise IssuerNotRegistered()
    return IssuerOut.model_validate(issuer)


@use_case(Permission.ADMIN)
def update_issuer(work: Work, data: IssuerPatch) -> IssuerOut:
    """Change the fields that were sent, or register the company the first time.

    Raises:
        IssuerIncomplete: the first time, without rut, razon_social, giro or acteco.
    """
    sent = data.model_dump(exclude_unset=True)
    changes = {name: value for name, value in sent.items() if value is not None or name not in _ISSUER_KEEPS}
    issuer = work.session.get(Issuer, 1, with_for_update=True)
    if issuer is None:
        missing = next((name for name in _ISSUER_NEEDS if name not in changes), None)
        if missing is not None:
            raise IssuerIncomplete(missing)
        issuer = Issuer(**changes, created_at=work.now)
    else:
        issuer.sqlmodel_update(changes)
        issuer.updated_at = work.now
    work.session.add(issuer)
    work.session.flush()
    return IssuerOut.model_validate(issuer)


@use_case(Permission.MEMBER)
def list_taxes(work: Work) -> list[TaxOut]:
    """Return all taxes, oldest first."""
    return [TaxOut.model_validate(row) for row in work.session.exec(select(Tax).order_by(col(Tax.id)))]


@use_case(Permission.ADMIN)
def create_tax(work: Work, data: TaxIn) -> TaxOut:
    """Create a tax. A default one takes the place of the former."""
    tax = Tax(**data.model_dump())
    if tax.is_default:
        _no_default(work)
    work.session.add(tax)
    work.session.flush()
    return TaxOut.model_validate(tax)


@use_case(Permission.ADMIN)
def update_tax(work: Work, tax_id: int, data: TaxPatch) -> TaxOut:
    """Change the fields that were sent. Becoming the default takes the place of the former."""
    tax = find_tax(work.session, tax_id)
    if tax is None:
        raise TaxNotFound()
    changes = data.model_dump(exclude_none=True)
    if changes.get("is_default"):
        _no_default(work)
        # The row as read no longer says what the table says.
        work.session.refresh(tax)
    tax.sqlmodel_update(changes)
    work.session.add(tax)
    work.session.flush()
    return TaxOut.model_validate(tax)


@use_case(Permission.MEMBER)
def get_settings(work: Work) -> SettingsOut:
    """Return the preferences of the company."""
    return SettingsOut.model_validate(get_settings_row(work))


@use_case(Permission.ADMIN)
def update_settings(work: Work, data: SettingsPatch) -> SettingsOut:
    """Change the fields that were sent. What is sent empty stays, but iva_default_id.

    Raises:
        DefaultTaxUnknown: no such tax.
    """
    row = get_settings_row(work)
    sent = data.model_dump(exclude_unset=True)
    changes = {name: value for name, value in sent.items() if value is not None or name == "iva_default_id"}
    tax_id = changes.get("iva_default_id")
    if tax_id is not None and find_tax(work.session, tax_id) is None:
        raise DefaultTaxUnknown(tax_id)
    row.sqlmodel_update(changes)
    work.session.add(row)
    work.session.flush()
    return SettingsOut.model_validate(row)


def get_issuer_row(work: Work, *, keep: bool = False) -> Issuer:
    """Return the issuer or refuse: nothing can be issued or printed without one.

    `keep` holds it as it is until this transaction ends: the mode cannot change meanwhile.
    """
    issuer = work.session.get(Issuer, 1, with_for_update={"read": True} if keep else None)
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


def _no_default(work: Work) -> None:
    work.session.execute(update(_tax).where(_tax.c.is_default).values(is_default=False))

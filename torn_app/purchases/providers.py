"""Providers: who the company buys from."""

from sqlalchemy import ColumnElement, func, tuple_
from sqlalchemy import select as sql_select
from sqlmodel import select

from torn_app.infra.work import Work, use_case
from torn_app.kernel.paging import Listing, Page
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import compact_rut
from torn_app.kernel.text import clean, fold, like_pattern
from torn_app.purchases.errors import ProviderExists, ProviderNotFound
from torn_app.purchases.models import Provider
from torn_app.purchases.schemas import Deactivated, ProviderIn, ProviderOut, ProviderPatch

SEARCH_LIMIT = 10
_KEEPS = ("rut", "razon_social", "is_active")
"""Fields of a change that stay as they are when sent empty."""

_provider = Provider.__table__  # type: ignore[attr-defined]


@use_case(Permission.EDIT_PRODUCTS)
def create_provider(work: Work, data: ProviderIn) -> ProviderOut:
    """Create a provider.

    Raises:
        ProviderExists: one with that RUT exists, active or not; a change makes it active again.
    """
    _refuse_taken(work, data.rut)
    row = Provider(**data.model_dump(), search_text=_search_text(data.rut, data.razon_social), created_at=work.now)
    work.session.add(row)
    work.session.flush()
    return ProviderOut.model_validate(row)


@use_case(Permission.MEMBER)
def list_providers(
    work: Work, page: Page, q: str | None = None, *, include_inactive: bool = False
) -> Listing[ProviderOut]:
    """Return providers by name, the active ones only unless asked. `q` is part of name or RUT, in any spelling."""
    name, key = _provider.c.razon_social, _provider.c.id
    wanted = matches(q) if include_inactive else matches(q) & _provider.c.is_active
    statement = select(Provider).where(wanted).order_by(name, key).offset(page.skip).limit(page.limit)
    if page.after is not None:
        last = sql_select(name, key).where(key == page.after).scalar_subquery()
        statement = statement.where(tuple_(name, key) > last)
    total = None
    if page.count:
        total = work.session.execute(sql_select(func.count()).select_from(_provider).where(wanted)).scalar_one()
    return Listing([ProviderOut.model_validate(row) for row in work.session.exec(statement)], total)


@use_case(Permission.MEMBER)
def search_providers(work: Work, q: str = "") -> list[ProviderOut]:
    """Return at most ten active providers with `q` in name or RUT. Nothing typed: none."""
    return list_providers(work, Page(limit=SEARCH_LIMIT), q).rows if clean(q) else []


@use_case(Permission.MEMBER)
def get_provider(work: Work, provider_id: int) -> ProviderOut:
    """Return a provider, active or not."""
    return ProviderOut.model_validate(_find(work, provider_id))


@use_case(Permission.EDIT_PRODUCTS)
def update_provider(work: Work, provider_id: int, data: ProviderPatch) -> ProviderOut:
    """Change the fields that were sent; with `is_active` a deactivated one comes back.

    Raises: ProviderNotFound, and ProviderExists when the new RUT is someone else's.
    """
    row = _find(work, provider_id, lock=True)
    sent = data.model_dump(exclude_unset=True)
    changes = {name: value for name, value in sent.items() if value is not None or name not in _KEEPS}
    if changes.get("rut", row.rut) != row.rut:
        _refuse_taken(work, changes["rut"])
    row.sqlmodel_update(changes)
    row.search_text = _search_text(row.rut, row.razon_social)
    row.updated_at = work.now
    work.session.add(row)
    work.session.flush()
    return ProviderOut.model_validate(row)


@use_case(Permission.EDIT_PRODUCTS)
def delete_provider(work: Work, provider_id: int) -> Deactivated:
    """Take a provider out of the lists. Its purchases keep naming it."""
    row = _find(work, provider_id, lock=True)
    row.is_active, row.updated_at = False, work.now
    work.session.add(row)
    return Deactivated(detail="Proveedor desactivado")


def for_purchase(work: Work, provider_id: int, *, former: int | None = None) -> Provider:
    """Return the provider of a purchase. It must be active, unless it was the purchase's provider already."""
    row = _find(work, provider_id)
    if not row.is_active and provider_id != former:
        raise ProviderNotFound()
    return row


def matches(q: str | None) -> ColumnElement[bool]:
    """Return the condition that `q` is part of a provider's name or RUT, the latter in any spelling."""
    typed = clean(q or "")
    text = _provider.c.search_text
    condition: ColumnElement[bool] = text.like(like_pattern(fold(typed)), escape="\\")
    rut = compact_rut(typed).lower()
    return condition | text.like(like_pattern(rut), escape="\\") if rut else condition


def _find(work: Work, provider_id: int, *, lock: bool = False) -> Provider:
    row = work.session.get(Provider, provider_id, with_for_update={"key_share": True} if lock else None)
    if row is None:
        raise ProviderNotFound()
    return row


def _refuse_taken(work: Work, rut: str) -> None:
    if work.session.exec(select(Provider).where(Provider.rut == rut)).first() is not None:
        raise ProviderExists(rut=rut)


def _search_text(rut: str, razon_social: str) -> str:
    return f"{fold(razon_social)} {compact_rut(rut).lower()}"

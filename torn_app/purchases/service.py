"""Purchases: goods that come in, their correction and their cancellation. Stock moves through inventory only."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, true
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from torn_app.company.service import IVA
from torn_app.infra.work import Work, use_case
from torn_app.inventory import service as inventory
from torn_app.inventory.errors import StockShort
from torn_app.inventory.service import StockChange
from torn_app.kernel.paging import Listing, Page
from torn_app.kernel.permissions import Permission
from torn_app.kernel.text import clean, like_pattern
from torn_app.products import service as catalogue
from torn_app.products import supply
from torn_app.products.queries import ProductForSale
from torn_app.purchases import costs, issued, noted, providers, rules
from torn_app.purchases.errors import (
    GoodsAlreadyLeft,
    ProductHasVariants,
    PurchasedProductUnknown,
    PurchaseNotFound,
    PurchaseTooLarge,
)
from torn_app.purchases.models import Provider, Purchase, PurchaseLine
from torn_app.purchases.schemas import ProviderOut, PurchaseDetailOut, PurchaseIn, PurchaseItemIn, PurchaseOut

_LARGEST = 10**12
"""Pesos; far below what the column holds."""

_purchase = Purchase.__table__  # type: ignore[attr-defined]
_line = PurchaseLine.__table__  # type: ignore[attr-defined]


@use_case(Permission.EDIT_PRODUCTS)
def create_purchase(work: Work, data: PurchaseIn) -> PurchaseOut:
    """Enter a purchase: stock comes in, each product gets its new cost.

    Raises:
        ProviderNotFound, PurchasedProductUnknown, ProductHasVariants: it names what cannot be bought (from).
        PurchaseTooLarge, StockTooLarge: impossible amounts.
    """
    providers.for_purchase(work, data.provider_id)
    products = _products(work, data.items)
    row = Purchase(
        **_header(data),
        fecha_compra=data.fecha_compra or work.now,
        **_totals(data, products)._asdict(),
        staff_id=work.actor.staff_id,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    new = _write_lines(work, row, data.items, products)
    _exchange(work, row, products, [], new)
    return _described(work, row)


@use_case(Permission.EDIT_PRODUCTS)
def update_purchase(work: Work, purchase_id: int, data: PurchaseIn) -> PurchaseOut:
    """Replace a purchase. Its old lines leave the shelf and the new ones come in; when they are the same ones,
    nothing moves. Without `fecha_compra` the former stays.

    Raises:
        PurchaseNotFound: no such purchase.
        PurchaseInvoiced: its purchase invoice is not cancelled.
        PurchaseNoted: it has credit notes of its provider.
        GoodsAlreadyLeft: a shelf would end below zero.
        As `create_purchase`. Products and provider it had may stay although they are deleted or inactive now.
    """
    row = find(work, purchase_id, lock=True)
    issued.refuse_invoiced(work, purchase_id, action="cambiar")
    noted.refuse_noted(work, purchase_id, action="cambiar")
    providers.for_purchase(work, data.provider_id, former=row.provider_id)
    old = lines_of(work, [purchase_id])[purchase_id]
    known = {line.product_id for line in old}
    products = _products(work, data.items, known=known)
    row.sqlmodel_update(_header(data) | _totals(data, products)._asdict())
    row.fecha_compra = data.fecha_compra or row.fecha_compra
    row.updated_at = work.now
    work.session.add(row)
    if [_key(line) for line in old] != [_key(item) for item in data.items]:
        work.session.execute(_line.delete().where(_line.c.purchase_id == purchase_id))
        new = _write_lines(work, row, data.items, products)
        try:
            _exchange(work, row, products, old, new, f"Ajuste por edición de Compra #{row.id}")
        except StockShort as short:
            raise GoodsAlreadyLeft(action="cambiar", shortage=short) from short
    else:
        for line, item in zip(old, data.items, strict=True):
            line.exento = _is_exempt(item, products)
            work.session.add(line)
    work.session.flush()
    return _described(work, row)


@use_case(Permission.EDIT_PRODUCTS)
def delete_purchase(work: Work, purchase_id: int) -> None:
    """Cancel a purchase: what it brought leaves the shelf, its products get back the cost they would have without it.

    Raises:
        PurchaseNotFound: no such purchase.
        PurchaseInvoiced: its purchase invoice is not cancelled.
        PurchaseNoted: it has credit notes of its provider.
        GoodsAlreadyLeft: a shelf would end below zero.
    """
    row = find(work, purchase_id, lock=True)
    issued.refuse_invoiced(work, purchase_id, action="eliminar")
    noted.refuse_noted(work, purchase_id, action="eliminar")
    old = lines_of(work, [purchase_id])[purchase_id]
    products = supply.lock_for_purchase(work, {line.product_id for line in old})
    try:
        _exchange(work, row, products, old, [], f"Eliminación Compra #{row.id} (Folio {row.folio or 'S/N'})")
    except StockShort as short:
        raise GoodsAlreadyLeft(action="eliminar", shortage=short) from short
    issued.give_up_numbers(work, purchase_id)
    # Its lines go with it (ON DELETE CASCADE); the documents issued about it stay.
    work.session.execute(_purchase.delete().where(_purchase.c.id == purchase_id))


@use_case(Permission.EDIT_PRODUCTS)
def list_purchases(work: Work, page: Page, q: str | None = None) -> Listing[PurchaseOut]:
    """Return purchases, newest id first. `q` is part of the folio, or of the provider's name or RUT."""
    statement = (
        select(Purchase)
        .join(Provider, col(Provider.id) == Purchase.provider_id)
        .where(_matches(q))
        .order_by(col(Purchase.id).desc())
        .offset(page.skip)
        .limit(page.limit)
    )
    if page.after is not None:
        statement = statement.where(col(Purchase.id) < page.after)
    total = None
    if page.count:
        joined = _purchase.join(Provider, Provider.id == _purchase.c.provider_id)
        total = work.session.execute(sql_select(func.count()).select_from(joined).where(_matches(q))).scalar_one()
    return Listing(_describe(work, work.session.exec(statement).all()), total)


@use_case(Permission.EDIT_PRODUCTS)
def get_purchase(work: Work, purchase_id: int) -> PurchaseOut:
    """Return a purchase with its lines."""
    return _described(work, find(work, purchase_id))


# --- steps -----------------------------------------------------------------------------------------------------------


def find(work: Work, purchase_id: int, *, lock: bool = False) -> Purchase:
    """Return a purchase or refuse. `lock`: nobody else changes it until this transaction ends."""
    row = work.session.get(Purchase, purchase_id, with_for_update={"key_share": True} if lock else None)
    if row is None:
        raise PurchaseNotFound()
    return row


def _products(work: Work, items: Sequence[PurchaseItemIn], *, known: Collection[int] = ()) -> dict[int, ProductForSale]:
    """Return the products of a purchase and of what it had before (`known`), locked, or refuse the first that cannot
    be bought."""
    products = supply.lock_for_purchase(work, {item.product_id for item in items} | set(known))
    parents = supply.with_variants(work, products)
    for item in items:
        found = products.get(item.product_id)
        if found is None or (found.is_deleted and found.id not in known):
            raise PurchasedProductUnknown(id=item.product_id)
        if found.id in parents:
            raise ProductHasVariants(name=found.full_name)
    return products


def _totals(data: PurchaseIn, products: dict[int, ProductForSale]) -> rules.Totals:
    amounts = [
        (
            rules.line_amount(item.cantidad, item.precio_costo_unitario),
            _is_exempt(item, products),
        )
        for item in data.items
    ]
    if sum(amount for amount, _ in amounts) > _LARGEST:
        raise PurchaseTooLarge()
    return rules.totals(amounts, data.tipo_documento, IVA)


def _is_exempt(item: PurchaseItemIn, products: dict[int, ProductForSale]) -> bool:
    return products[item.product_id].rate == 0 if item.exento is None else item.exento


def _header(data: PurchaseIn) -> dict[str, Any]:
    return data.model_dump(include={"provider_id", "folio", "tipo_documento", "observacion"})


def _key(line: PurchaseLine | PurchaseItemIn) -> tuple[int, Decimal, Decimal]:
    return line.product_id, line.cantidad, line.precio_costo_unitario


def _write_lines(
    work: Work, row: Purchase, items: Sequence[PurchaseItemIn], products: dict[int, ProductForSale]
) -> list[PurchaseLine]:
    assert row.id is not None
    lines = [
        PurchaseLine(
            purchase_id=row.id,
            position=position,
            **item.model_dump(exclude={"exento"}),
            exento=_is_exempt(item, products),
            subtotal=rules.line_amount(item.cantidad, item.precio_costo_unitario),
            entered_stock=products[item.product_id].controla_stock,
        )
        for position, item in enumerate(items, 1)
    ]
    work.session.add_all(lines)
    work.session.flush()
    return lines


def _exchange(
    work: Work,
    row: Purchase,
    products: dict[int, ProductForSale],
    old: Sequence[PurchaseLine],
    new: Sequence[PurchaseLine],
    reversal: str = "",
) -> None:
    """Take `old` lines off the shelf and put `new` ones on it, in one step: only where it ends is judged."""
    assert row.id is not None
    entry = f"Compra Folio {row.folio or 'S/N'}"
    changes = [
        StockChange(
            line.product_id, products[line.product_id].full_name, line.cantidad, "COMPRA", entry, purchase_id=row.id
        )
        for line in new
        if line.entered_stock
    ]
    changes += [
        StockChange(
            line.product_id, products[line.product_id].full_name, -line.cantidad, "AJUSTE", reversal, purchase_id=row.id
        )
        for line in old
        if line.entered_stock
    ]
    costs.settle(work, row.id, products, inventory.move(work, changes), old, new)


def lines_of(work: Work, purchase_ids: Collection[int]) -> dict[int, list[PurchaseLine]]:
    """Return purchase id -> its lines in order."""
    statement = (
        select(PurchaseLine)
        .where(col(PurchaseLine.purchase_id).in_(purchase_ids))
        .order_by(col(PurchaseLine.purchase_id), col(PurchaseLine.position))
    )
    lines: dict[int, list[PurchaseLine]] = {purchase_id: [] for purchase_id in purchase_ids}
    for line in work.session.exec(statement):
        lines[line.purchase_id].append(line)
    return lines


def _matches(q: str | None) -> ColumnElement[bool]:
    typed = clean(q or "")
    if not typed:
        return true()
    return _purchase.c.folio.ilike(like_pattern(typed), escape="\\") | providers.matches(typed)


def _described(work: Work, row: Purchase) -> PurchaseOut:
    return _describe(work, [row])[0]


def _describe(work: Work, rows: Sequence[Purchase]) -> list[PurchaseOut]:
    """Return purchases as answers show them: four queries for any number."""
    lines = lines_of(work, [row.id for row in rows if row.id is not None])
    products = catalogue.describe_products(work, {line.product_id for own in lines.values() for line in own})
    wanted = {row.provider_id for row in rows}
    found = work.session.exec(select(Provider).where(col(Provider.id).in_(wanted)))
    names = {provider.id: ProviderOut.model_validate(provider) for provider in found}
    invoices = issued.describe(work, lines.keys())
    return [
        PurchaseOut(
            **row.model_dump(exclude={"staff_id", "updated_at"}),
            provider=names[row.provider_id],
            monto_exento=sum(line.subtotal for line in lines[row.id or 0] if line.exento),
            factura_compra=invoices.get(row.id or 0),
            details=[
                PurchaseDetailOut(
                    **line.model_dump(exclude={"purchase_id", "position", "entered_stock"}),
                    product=products[line.product_id],
                )
                for line in lines[row.id or 0]
            ],
        )
        for row in rows
    ]

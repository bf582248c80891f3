"""Stock: what is on the shelf and every movement that made it.

`move` is the only function that changes stock. What is on the shelf is always the sum of the movements, and never
negative: a shelf is locked before it is looked at.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, Text, bindparam, case, func, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.sql import column
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.infra import columns
from torn_app.infra.work import Work
from torn_app.inventory.errors import StockShort, StockTooLarge
from torn_app.inventory.models import StockLevel, StockMovement
from torn_app.inventory.schemas import Motivo, MovementOut
from torn_app.kernel.paging import Listing, Page
from torn_app.users.models import Staff

ENTRADA, SALIDA = "ENTRADA", "SALIDA"
_LARGEST = Decimal(10**11)
"""What fits the column with room to spare."""

_level = StockLevel.__table__  # type: ignore[attr-defined]
_movement = StockMovement.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class StockChange:
    """One thing that happens to the stock of a product. `quantity` is signed: negative leaves the shelf."""

    product_id: int
    name: str
    """What a refusal calls the product."""
    quantity: Decimal
    motivo: Motivo
    description: str | None = None
    sale_id: int | None = None
    purchase_id: int | None = None


def move(work: Work, changes: Sequence[StockChange]) -> dict[int, Decimal]:
    """Change stock and write the kardex. Returns product id -> what is left of each product named.

    The shelves are locked in product id order, whatever order the changes come in, so that two sales of the same
    products wait for each other instead of blocking. Several changes of one product are judged together; what comes
    in is written before what goes out, so that no running balance is below zero. A change of nothing is not written.

    Raises:
        StockShort: a product would end below zero. Nothing was written.
        StockTooLarge: a product would end beyond what can be counted.
    """
    levels = _lock(work, {change.product_id for change in changes})
    _refuse_short(levels, changes)
    ordered = sorted((c for c in changes if c.quantity), key=lambda c: (c.product_id, c.quantity < 0))
    if not ordered:
        return levels
    balances = []
    for change in ordered:
        levels[change.product_id] += change.quantity
        balances.append(levels[change.product_id])
        if levels[change.product_id] > _LARGEST:
            raise StockTooLarge(name=change.name)
    work.session.execute(
        _WRITE,
        {
            "level_ids": list(levels),
            "levels": list(levels.values()),
            "product_ids": [c.product_id for c in ordered],
            "tipos": [ENTRADA if c.quantity > 0 else SALIDA for c in ordered],
            "motivos": [c.motivo for c in ordered],
            "cantidades": [abs(c.quantity) for c in ordered],
            "balances": balances,
            "descriptions": [c.description for c in ordered],
            "sale_ids": [c.sale_id for c in ordered],
            "purchase_ids": [c.purchase_id for c in ordered],
            "staff_id": work.actor.staff_id,
            "now": work.now,
        },
    )
    return levels


def adjust(
    work: Work,
    product_id: int,
    name: str,
    counted: Decimal,
    *,
    description: str | None = None,
    motivo: Motivo = "AJUSTE",
) -> Decimal:
    """Make the stock of a product what was counted, writing the difference. Equal: nothing is written.

    Returns what is on the shelf now, that is `counted`.
    """
    before = _lock(work, {product_id})[product_id]
    change = StockChange(product_id, name, counted - before, motivo, description)
    return move(work, [change])[product_id]


def levels(work: Work, product_ids: Collection[int]) -> dict[int, Decimal]:
    """Return product id -> what is on the shelf. A product that never moved is absent."""
    rows = work.session.execute(select(_level).where(_level.c.product_id.in_(product_ids)))
    return {row.product_id: row.quantity for row in rows}


def list_movements(work: Work, product_id: int, page: Page) -> Listing[MovementOut]:
    """Return the kardex of a product, newest first."""
    of_product = col(StockMovement.product_id) == product_id
    statement = (
        select_row(StockMovement, Staff.name)
        .outerjoin(Staff, col(Staff.id) == StockMovement.staff_id)
        .where(of_product)
        .order_by(col(StockMovement.id).desc())
        .offset(page.skip)
        .limit(page.limit)
    )
    if page.after is not None:
        statement = statement.where(col(StockMovement.id) < page.after)
    rows = [
        MovementOut.model_validate({**movement.model_dump(exclude={"staff_id"}), "user": name})
        for movement, name in work.session.exec(statement)
    ]
    total = work.session.exec(select_row(func.count()).where(of_product)).one() if page.count else None
    return Listing(rows, total)


def moved_since_count(work: Work, sale_ids: Select[tuple[int]]) -> dict[int, Decimal]:
    """Return product id -> what those sales and returns added up to (signed, never nothing) since its shelf was last
    counted: whoever counts sees what is there, whatever happened before."""
    counted = (
        select(_movement.c.product_id, func.max(_movement.c.id).label("id"))
        .where(_movement.c.motivo.in_(("AJUSTE", "INICIAL")))
        .group_by(_movement.c.product_id)
        .subquery()
    )
    net = func.sum(case((_movement.c.tipo == ENTRADA, _movement.c.cantidad), else_=-_movement.c.cantidad))
    statement = (
        select(_movement.c.product_id, net.label("net"))
        .outerjoin(counted, counted.c.product_id == _movement.c.product_id)
        .where(_movement.c.sale_id.in_(sale_ids), _movement.c.id > func.coalesce(counted.c.id, 0))
        .group_by(_movement.c.product_id)
        .having(net != 0)
    )
    return {row.product_id: row.net for row in work.session.execute(statement)}


def _lock(work: Work, product_ids: Iterable[int]) -> dict[int, Decimal]:
    """Lock the shelves of products in id order and return what is on them, making those that do not exist yet."""
    wanted = sorted(product_ids)
    locked = _locked(work, wanted)
    missing = [product_id for product_id in wanted if product_id not in locked]
    if missing:
        rows = [{"product_id": product_id, "quantity": Decimal(0)} for product_id in missing]
        work.session.execute(pg_insert(_level).values(rows).on_conflict_do_nothing())
        locked |= _locked(work, missing)
    return locked


def _locked(work: Work, product_ids: Sequence[int]) -> dict[int, Decimal]:
    statement = (
        select(_level)
        .where(_level.c.product_id == func.any(bindparam("ids", type_=ARRAY(columns.BigInteger))))
        .order_by(_level.c.product_id)
        .with_for_update()
    )
    return {row.product_id: row.quantity for row in work.session.execute(statement, {"ids": product_ids})}


def _refuse_short(available: dict[int, Decimal], changes: Sequence[StockChange]) -> None:
    """Refuse the first product, in the order it was asked for, that would end below zero."""
    incoming: dict[int, Decimal] = {}
    outgoing: dict[int, Decimal] = {}
    for change in changes:
        side = incoming if change.quantity > 0 else outgoing
        side[change.product_id] = side.get(change.product_id, Decimal(0)) + abs(change.quantity)
    for change in changes:
        there = available[change.product_id] + incoming.get(change.product_id, Decimal(0))
        asked = outgoing.get(change.product_id, Decimal(0))
        if asked > there:
            raise StockShort(change.name, there, asked)


def _write_statement():  # type: ignore[no-untyped-def]
    """Return the statement that sets the levels and writes the movements: one round trip for any number of them."""
    many_ids, many_numbers, many_texts = ARRAY(columns.BigInteger), ARRAY(columns.PRICE), ARRAY(Text)
    new_levels = (
        func.unnest(bindparam("level_ids", type_=many_ids), bindparam("levels", type_=many_numbers))
        .table_valued(column("product_id", columns.BigInteger), column("quantity", columns.PRICE))
        .render_derived("new_level")
    )
    set_levels = (
        update(_level)
        .values(quantity=new_levels.c.quantity)
        .where(_level.c.product_id == new_levels.c.product_id)
        .returning(_level.c.product_id)
        .cte("set_levels")
    )
    fields = {
        "product_id": bindparam("product_ids", type_=many_ids),
        "tipo": bindparam("tipos", type_=many_texts),
        "motivo": bindparam("motivos", type_=many_texts),
        "cantidad": bindparam("cantidades", type_=many_numbers),
        "balance_after": bindparam("balances", type_=many_numbers),
        "description": bindparam("descriptions", type_=many_texts),
        "sale_id": bindparam("sale_ids", type_=many_ids),
        "purchase_id": bindparam("purchase_ids", type_=many_ids),
    }
    entries = func.unnest(*fields.values()).table_valued(*fields, with_ordinality="position").render_derived("entry")
    source = select(
        *(entries.c[name] for name in fields),
        bindparam("staff_id", type_=columns.BigInteger),
        bindparam("now", type_=columns.DateTime(timezone=True)),
    ).order_by(entries.c.position)
    return insert(_movement).from_select([*fields, "staff_id", "created_at"], source).add_cte(set_levels)


_WRITE = _write_statement()

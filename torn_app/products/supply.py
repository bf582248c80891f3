"""What buying needs of the catalogue: products held still while their cost is decided, and the new cost."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from sqlalchemy import bindparam, select, update

from torn_app.infra.work import Work
from torn_app.products.queries import ProductForSale, load_for_sale, product


def lock_for_purchase(work: Work, product_ids: Collection[int]) -> dict[int, ProductForSale]:
    """Return id -> product for those that exist, deleted ones too, locked in id order against other changes of cost.

    Not against those who sell them: their lines only refer to the product.
    """
    if not product_ids:
        return {}
    statement = select(product.c.id).where(product.c.id.in_(list(product_ids))).order_by(product.c.id)
    work.session.execute(statement.with_for_update(key_share=True))
    # Read after the lock was had: what others wrote meanwhile is seen.
    return load_for_sale(work, product_ids)


def with_variants(work: Work, product_ids: Collection[int]) -> set[int]:
    """Return those of the ids that have variants."""
    column = product.c.parent_id
    statement = select(column).distinct().where(column.in_(list(product_ids)), ~product.c.is_deleted)
    return set(work.session.execute(statement).scalars())


def set_costs(work: Work, costs: Mapping[int, Decimal]) -> None:
    """Give products their net unit cost. Lock them first (`lock_for_purchase`)."""
    if not costs:
        return
    statement = update(product).where(product.c.id == bindparam("key")).values(costo_unitario=bindparam("cost"))
    rows = [{"key": key, "cost": cost} for key, cost in costs.items()]
    work.session.connection().execute(statement.values(updated_at=work.now), rows)

"""The cost of a product through its purchases: last cost or weighted average, and back when a purchase is changed.

Each purchase remembers the cost it found and the one it left. While it is the newest of a product and nobody changed
the cost since, taking it back gives the former cost exactly. Under an older purchase, the last-cost method has
nothing to change but what the next one found; the average takes out the value the purchase had brought.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import col, select

from torn_app.company import service as company
from torn_app.infra.work import Work
from torn_app.products import supply
from torn_app.products.queries import ProductForSale
from torn_app.purchases import rules
from torn_app.purchases.models import PurchaseCost, PurchaseLine

PROMEDIO = "PROMEDIO"


@dataclass(frozen=True, slots=True)
class _Brought:
    """What the lines of one product bring. `value` is net."""

    quantity: Decimal
    value: Decimal
    on_shelf: Decimal
    """The part of `quantity` that is counted stock."""
    shelf_value: Decimal
    last_cost: Decimal


@dataclass(slots=True)
class _Step:
    """A purchase and the cost of one of its products, while it is decided."""

    work: Work
    purchase_id: int
    product_id: int
    cost: Decimal
    """What the product costs at this point."""
    own: PurchaseCost | None
    """What this purchase had done. None: it did not bring the product before."""
    later: Sequence[PurchaseCost]
    """What newer purchases did, oldest first."""

    def remember(self, found: Decimal, left: Decimal | None) -> None:
        """Write down the cost this purchase found and the one it left (None: no longer known)."""
        row = self.own or PurchaseCost(purchase_id=self.purchase_id, product_id=self.product_id)
        row.costo_previo, row.costo_resultante = found, left
        self.work.session.add(row)

    def forget(self) -> None:
        """This purchase no longer brings the product."""
        if self.own is not None:
            self.work.session.delete(self.own)


def settle(
    work: Work,
    purchase_id: int,
    products: Mapping[int, ProductForSale],
    levels: Mapping[int, Decimal],
    old: Sequence[PurchaseLine],
    new: Sequence[PurchaseLine],
) -> None:
    """Give the products of a purchase their cost after its lines went from `old` to `new`.

    `products` are locked and as they were before; `levels` is the stock after the lines moved it.
    """
    average = company.get_settings_row(work).metodo_costo == PROMEDIO
    ids = sorted({line.product_id for line in (*old, *new)})
    history = _history(work, purchase_id, ids)
    changed = {}
    for product_id in ids:
        before = products[product_id].costo_unitario
        own = history[product_id].pop(purchase_id, None)
        step = _Step(work, purchase_id, product_id, before, own, list(history[product_id].values()))
        gone, come = _brought(old, product_id), _brought(new, product_id)
        if average:
            _average(step, levels.get(product_id, Decimal(0)), gone, come)
        else:
            _last(step, come)
        if step.cost != before:
            changed[product_id] = step.cost
    supply.set_costs(work, changed)
    work.session.flush()


def _last(step: _Step, come: _Brought | None) -> None:
    """Decide the cost by the last purchase."""
    own, following = step.own, step.later[0] if step.later else None
    if following is not None:
        # Not the newest: the product keeps its cost, the next purchase is told what it really found.
        found = own.costo_previo if own else following.costo_previo
        if own is None or following.costo_previo == own.costo_resultante:
            following.costo_previo = come.last_cost if come else found
            step.work.session.add(following)
    else:
        found = own.costo_previo if own else step.cost
        # A cost somebody gave the product after this purchase stays, unless the purchase's own cost is corrected.
        untouched = own is None or own.costo_resultante == step.cost
        if come is not None and (untouched or own is None or own.costo_resultante != come.last_cost):
            step.cost = come.last_cost
        elif come is None and untouched:
            step.cost = found
    if come is None:
        step.forget()
    else:
        step.remember(found, come.last_cost)


def _average(step: _Step, stock: Decimal, gone: _Brought | None, come: _Brought | None) -> None:
    """Decide the cost by the weighted average. `stock` is what is on the shelf after the lines moved it."""
    before_arrival = stock - (come.on_shelf if come else 0)
    if step.own is not None and gone is not None:
        if not step.later and step.own.costo_resultante == step.cost:
            step.cost = step.own.costo_previo
        else:
            there = before_arrival + gone.on_shelf
            step.cost = rules.cost_without(there, step.cost, gone.on_shelf, gone.shelf_value)
    for following in step.later:
        following.costo_resultante = None
        step.work.session.add(following)
    if come is None:
        step.forget()
        return
    found, step.cost = step.cost, rules.average_cost(before_arrival, step.cost, come.quantity, come.value)
    step.remember(found, None if step.later else step.cost)


def _history(work: Work, purchase_id: int, product_ids: Sequence[int]) -> dict[int, dict[int, PurchaseCost]]:
    """Return product id -> purchase id -> what it did, this purchase and later ones in order."""
    statement = (
        select(PurchaseCost)
        .where(col(PurchaseCost.product_id).in_(product_ids), col(PurchaseCost.purchase_id) >= purchase_id)
        .order_by(col(PurchaseCost.purchase_id))
    )
    steps: dict[int, dict[int, PurchaseCost]] = {product_id: {} for product_id in product_ids}
    for row in work.session.exec(statement):
        steps[row.product_id][row.purchase_id] = row
    return steps


def _brought(lines: Sequence[PurchaseLine], product_id: int) -> _Brought | None:
    own = [line for line in lines if line.product_id == product_id]
    if not own:
        return None
    counted = [line for line in own if line.entered_stock]
    return _Brought(
        quantity=sum((line.cantidad for line in own), Decimal(0)),
        value=sum((line.cantidad * line.precio_costo_unitario for line in own), Decimal(0)),
        on_shelf=sum((line.cantidad for line in counted), Decimal(0)),
        shelf_value=sum((line.cantidad * line.precio_costo_unitario for line in counted), Decimal(0)),
        last_cost=own[-1].precio_costo_unitario,
    )

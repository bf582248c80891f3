"""Pure rules of purchases: totals, and what they do to the cost of a product."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from torn_app.kernel.money import Pesos, round_pesos

_COST_SCALE = Decimal("0.000001")


class Totals(NamedTuple):
    """Amounts of a purchase in whole pesos."""

    monto_neto: Pesos
    iva: Pesos
    monto_total: Pesos


def line_amount(quantity: Decimal, unit_cost: Decimal) -> Pesos:
    """Return the net amount of a line."""
    return round_pesos(quantity * unit_cost)


def totals(lines: Iterable[tuple[Pesos, bool]], tipo_documento: str, vat: Decimal) -> Totals:
    """Return the totals of (net amount, exempt) lines. Only a FACTURA states VAT, and not on what is exempt.

    `vat` is a fraction. A boleta's VAT is no tax credit of the buyer (DL 825 art. 23), so it is not told apart.
    """
    rows = list(lines)
    net = sum(amount for amount, _ in rows)
    affected = sum(amount for amount, exempt in rows if not exempt)
    tax = round_pesos(affected * vat) if tipo_documento == "FACTURA" else Pesos(0)
    return Totals(Pesos(net), tax, Pesos(net + tax))


class Part(NamedTuple):
    """A part of a purchase line that goes back. `line` is its place among the product's lines."""

    line: int
    quantity: Decimal
    subtotal: Pesos


def take_back(lines: Sequence[tuple[Decimal, Decimal]], gone: Decimal, asked: Decimal) -> list[Part]:
    """Return which parts of a product's (quantity, unit cost) lines go back, after `gone` of it went before.

    The first lines go first. Amounts are cut so that the parts of a line always add up to it. What is asked beyond
    the lines is left out.
    """
    parts = []
    for place, (quantity, cost) in enumerate(lines):
        skipped = min(gone, quantity)
        taken = min(asked, quantity - skipped)
        gone, asked = gone - skipped, asked - taken
        if taken:
            subtotal = line_amount(skipped + taken, cost) - line_amount(skipped, cost)
            parts.append(Part(place, taken, Pesos(subtotal)))
    return parts


def average_cost(stock: Decimal, cost: Decimal, quantity: Decimal, value: Decimal) -> Decimal:
    """Return the unit cost after `quantity` worth `value` came to a shelf of `stock` at `cost`.

    An empty shelf takes the cost of what came.
    """
    if stock <= 0:
        return round_cost(value / quantity)
    return round_cost((stock * cost + value) / (stock + quantity))


def cost_without(stock: Decimal, cost: Decimal, quantity: Decimal, value: Decimal) -> Decimal:
    """Return the unit cost after `quantity` worth `value` is taken back from a shelf of `stock` at `cost`.

    The rest keeps the rest of the value. Nothing left, or less value than is taken: the cost stays.
    """
    rest, worth = stock - quantity, stock * cost - value
    return round_cost(worth / rest) if rest > 0 and worth >= 0 else cost


def round_cost(cost: Decimal) -> Decimal:
    """Round a unit cost to the six decimals it is kept with."""
    return cost.quantize(_COST_SCALE, rounding=ROUND_HALF_UP)

"""Pesos and the only two roundings Torn knows.

An amount on a document, a payment or a cash count is a whole number of pesos (`Pesos`): the Chilean peso has no
cents. Unit prices, quantities and rates are `Decimal`. Binary floating point never comes near money.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

Pesos = NewType("Pesos", int)

_WHOLE = Decimal(1)


def round_pesos(amount: Decimal) -> Pesos:
    """Round an amount in pesos half up (away from zero), as the tax service does: 256.5 is 257."""
    return Pesos(int(amount.quantize(_WHOLE, rounding=ROUND_HALF_UP)))


def round_cash(amount: Pesos) -> Pesos:
    """Round what is owed in cash to tens: a final 1 to 5 goes down, 6 to 9 goes up.

    Source: Ley 20.956 art. 10 and the rule of the Banco Central in force since 2017-11-01. It concerns only the
    part paid in cash; the document keeps its exact total.
    """
    units = amount % 10
    return Pesos(amount - units if units <= 5 else amount + 10 - units)


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """Split whole pesos in proportion to weights, of which none is negative; the parts add up to the amount.

    What rounding leaves over goes to the largest fractions, the first of equal ones. Without any weight: no parts of
    anything, all 0 (and the amount must be 0 too).
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    rest = amount - sum(parts)
    by_fraction = sorted(range(len(weights)), key=lambda at: -(amount * weights[at] % whole))
    for at in by_fraction[:rest]:
        parts[at] += 1
    return parts


def format_pesos(amount: int) -> str:
    """Write an amount the way people read it in Chile: `$1.234.567`, negative as `-$500`."""
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount):,}".replace(",", ".")

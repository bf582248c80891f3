"""Pure decisions about what customers owe."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from torn_app.customers.errors import CreditLimitExceeded, CreditNotAllowed
from torn_app.kernel.money import format_pesos


@dataclass(frozen=True, slots=True)
class Aging:
    """A debt by how long it is overdue, whole pesos: not yet, up to 30 days, up to 60, more."""

    corriente: int = 0
    d30: int = 0
    d60: int = 0
    d90: int = 0


def age_debt(movements: Iterable[tuple[int, date | None]], today: date) -> Aging:
    """Return how old a debt is. `movements` are (signed amount, due date), oldest first.

    What lowers the debt pays the oldest part first. A debt without a due date has no sale behind it and counts as the
    oldest. The parts add up to the balance; a balance in favour has no age.
    """
    rows = list(movements)
    paid = -sum(amount for amount, _ in rows if amount < 0)
    parts = [0, 0, 0, 0]
    for amount, due in rows:
        if amount <= 0:
            continue
        settled = min(amount, paid)
        paid -= settled
        parts[_part(due, today)] += amount - settled
    return Aging(*parts)


def check_credit(name: str, owed: int, limit: int | None, days: int | None, amount: int) -> None:
    """Refuse to sell for `amount` pesos more on credit to somebody who owes `owed`.

    Raises:
        CreditNotAllowed: a customer without credit days.
        CreditLimitExceeded: the debt would pass the limit.
    """
    if days is None:
        raise CreditNotAllowed(name=name)
    if limit is not None and owed + amount > limit:
        raise CreditLimitExceeded(name=name, available=format_pesos(max(limit - owed, 0)))


def _part(due: date | None, today: date) -> int:
    if due is None:
        return 3
    overdue = (today - due).days
    return 0 if overdue <= 0 else 1 if overdue <= 30 else 2 if overdue <= 60 else 3

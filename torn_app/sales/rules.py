"""Pure decisions of a sale: the price a document carries, what the payments come to, how much discount it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from torn_app.dte.totales import add_taxes
from torn_app.kernel.money import Pesos, round_cash, round_pesos
from torn_app.sales.errors import DiscountTooHigh, PaymentsExceed, PaymentsShort

LAST_INVOICE_DAY = 10
"""Of the month after the delivery."""


def document_price(
    net_price: Decimal, *, gross: bool, exempt: bool, codes: Sequence[int] = (), on: date | None = None
) -> Decimal:
    """Return the unit price a document carries: net, or on a boleta with its taxes in it, to six decimals.

    Rounding happens per line and not here, so that 100 units at 13 net are 1.547 and not 1.500.
    """
    if exempt or not gross:
        return net_price
    return add_taxes(net_price, codes, on)


def documented_total(lines: Sequence[tuple[Decimal, Decimal, Decimal]]) -> Decimal:
    """Return the unrounded total of the documented formula: sum of price x quantity, plus taxes.

    `lines` are (net price, quantity, factor): 1.19, 1.29 of a soft drink, 1 of what is exempt. A client that computed
    this may pay exactly this.
    """
    return sum((p * q * factor for p, q, factor in lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Payment:
    """What was handed over by one method. `is_cash` gives change and is rounded."""

    amount: Decimal
    is_cash: bool


@dataclass(frozen=True, slots=True)
class Settlement:
    """How the payments settle a total: total + ajuste_redondeo = cash_received + other - vuelto. Whole pesos."""

    ajuste_redondeo: Pesos
    vuelto: Pesos
    cash_received: Pesos


def settle(total: Pesos, documented: Decimal, payments: Sequence[Payment]) -> Settlement:
    """Decide change and cash rounding, or refuse payments that do not fit.

    Cash rounding (Ley 20.956: 1-5 down, 6-9 up) touches only what is owed in cash, and is not forced on somebody who
    hands over the exact amount. A client that pays the unrounded documented total is not refused: what that differs
    from the document by stands in the adjustment.

    Raises:
        PaymentsExceed: methods that give no change pay more than the total.
        PaymentsShort: the payments do not reach the total.
    """
    cash = Pesos(sum(round_pesos(p.amount) for p in payments if p.is_cash))
    other = Pesos(sum(round_pesos(p.amount) for p in payments if not p.is_cash))
    raw_other = sum((p.amount for p in payments if not p.is_cash), Decimal(0))
    raw_paid = sum((p.amount for p in payments), Decimal(0))
    if other > total:
        if raw_other > max(documented, Decimal(total)):
            raise PaymentsExceed(paid=_plain(raw_other), total=total)
        return Settlement(Pesos(other - total), cash, cash)
    owed = Pesos(total - other)
    rounded = round_cash(owed) if cash else owed
    if cash >= rounded:
        return Settlement(Pesos(rounded - owed), Pesos(cash - rounded), cash)
    if cash >= owed or raw_paid >= documented:
        return Settlement(Pesos(cash - owed), Pesos(0), cash)
    raise PaymentsShort(paid=_plain(raw_paid), total=total)


def check_discount(full: Decimal, discounted: Decimal, *, cap_pct: int, is_admin: bool) -> None:
    """Refuse more discount than a person may give. `full` and `discounted` are before VAT; an administrator is free.

    Raises:
        DiscountTooHigh: over `cap_pct` percent of the whole sale.
    """
    if is_admin or full <= 0:
        return
    pct = (full - discounted) * 100 / full
    if pct > cap_pct:
        raise DiscountTooHigh(pct=_plain(pct.quantize(Decimal("0.1"))), cap=cap_pct)


def suggested_notes(owed: int) -> list[Pesos]:
    """Return up to four amounts a customer is likely to hand over, larger than what is owed: the next multiples of
    1.000, 2.000, 5.000, 10.000 and 20.000 pesos."""
    notes = {Pesos(-(-owed // note) * note) for note in (1_000, 2_000, 5_000, 10_000, 20_000)}
    return sorted(n for n in notes if n > owed)[:4]


def invoice_until(delivered: date) -> date:
    """Return the last day to invoice what a guide delivered: the 10th of the next month (DL 825 art. 55)."""
    return (delivered.replace(day=1) + timedelta(days=31)).replace(day=LAST_INVOICE_DAY)


def late_before(today: date) -> date:
    """Return the day before which what was delivered is late today."""
    month = today.replace(day=1)
    return month if today.day > LAST_INVOICE_DAY else (month - timedelta(days=1)).replace(day=1)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

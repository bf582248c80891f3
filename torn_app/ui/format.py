"""How money, quantities, RUT and dates are written for people: server side, and for Vars inside components.

The server-side functions are the ones to prefer: a read schema that already carries the text needs no code in the
browser. The `*_var` twins exist for figures that the browser itself computes or that come as numbers.
"""

from datetime import date, datetime
from decimal import Decimal

import reflex as rx
from reflex.vars import NumberVar, StringVar

from torn_app.kernel.clock import to_santiago
from torn_app.kernel.money import format_pesos
from torn_app.kernel.rut import format_rut as format_rut

NBSP = "\u00a0"
_MOST_DIGITS = 30


def signed_pesos(amount: int) -> str:
    """Write a difference in pesos with its sign always visible: `+$3`, `−$500` (true minus), `$0`."""
    if amount == 0:
        return "$0"
    return ("+" if amount > 0 else "−") + format_pesos(abs(amount))


def quantity(value: Decimal, unit: str = "") -> str:
    """Write a quantity without idle zeros, comma decimal, unit joined by a no-break space: `0,651 kg`, `3`."""
    text = f"{value:,f}"
    whole, _, fraction = text.partition(".")
    text = whole.replace(",", ".") + ("," + fraction.rstrip("0") if fraction.rstrip("0") else "")
    return f"{text}{NBSP}{unit}" if unit else text


def parse_pesos(text: str) -> int:
    """Read an amount a person typed (`$12.990`, `12990`, empty) as whole pesos. Anything but digits is dropped.

    What is absurdly long is cut, and stays more than any limit.
    """
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    return int(digits[:_MOST_DIGITS]) if digits else 0


def moment(at: datetime) -> str:
    """Write an aware moment in Chilean time: `22-11-2026 14:05`."""
    return f"{to_santiago(at):%d-%m-%Y %H:%M}"


def time_of_day(at: datetime) -> str:
    """Write the Chilean time of an aware moment: `14:05`."""
    return f"{to_santiago(at):%H:%M}"


def day(value: date) -> str:
    """Write a date: `22-11-2026`."""
    return f"{value:%d-%m-%Y}"


def initials(name: str) -> str:
    """Return at most two capitals of a name, for the round mark: `Rosa Soto` is `RS`."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def pesos_var(amount: NumberVar | rx.Var) -> StringVar:
    """Write a numeric Var of whole pesos in the browser: `$1.234.567`, negative `-$500`."""
    number: rx.Var = rx.Var(f"({amount!s})", _var_data=amount._get_all_var_data())
    text: rx.Var = rx.Var(
        f"(({number!s} < 0 ? '-$' : '$') + String(Math.abs(Math.round({number!s})))"
        r".replace(/\B(?=(\d{3})+(?!\d))/g, '.'))",
        _var_type=str,
        _var_data=amount._get_all_var_data(),
    )
    return text.to(str)

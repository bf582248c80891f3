"""Numbers as the schemas write them, in files of others: ASCII digits, a point, no exponent."""

import re
from decimal import Decimal

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})")


def read_whole(text: str) -> int:
    """Read a whole number. Raises ValueError."""
    if not _WHOLE.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text)


def read_number(text: str) -> Decimal:
    """Read a number. Raises ValueError, also for an exponent: short to read, it can be a gigabyte to write out."""
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return Decimal(text)

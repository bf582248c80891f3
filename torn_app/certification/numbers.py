"""Numbers of the test texts."""

from decimal import Decimal, InvalidOperation

from torn_app.certification.errors import SetRefused


def read_number(number: int, line: str, cell: str) -> Decimal:
    """Return a positive number with a decimal point. Raises SetRefused."""
    try:
        value = Decimal(cell)
    except InvalidOperation as error:
        raise SetRefused(number, "no es un número", line) from error
    if not value.is_finite() or value <= 0:
        raise SetRefused(number, "el número debe ser mayor que cero", line)
    return value


def read_percent(number: int, line: str, cell: str) -> Decimal:
    """Return a positive percentage, written with its sign. Raises SetRefused."""
    if not cell.endswith("%"):
        raise SetRefused(number, "se esperaba un porcentaje", line)
    return read_number(number, line, cell.removesuffix("%").strip())

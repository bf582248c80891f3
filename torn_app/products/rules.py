"""Pure rules of the catalogue: prices with their taxes, names and codes."""

from decimal import Decimal

from torn_app.dte.totales import added_rate
from torn_app.kernel.money import Pesos, round_pesos
from torn_app.kernel.text import fold

_PRICE_SCALE = Decimal("0.000001")


def taxed_rate(rate: Decimal, code: int | None) -> Decimal:
    """Return VAT and additional tax together, as a fraction: 0.29 for a soft drink (27). What is exempt bears none."""
    return rate + added_rate((code,)) / 100 if code and rate else rate


def gross_price(net: Decimal, rate: Decimal) -> Pesos:
    """Return what a person pays for one unit: net x (1 + rate), whole pesos, half up. `rate` is a fraction."""
    return round_pesos(net * (1 + rate))


def net_price(gross: Decimal, rate: Decimal) -> Decimal:
    """Return the net price, six decimals, of a price typed with VAT. `gross_price` gives whole pesos back exactly."""
    return (gross / (1 + rate)).quantize(_PRICE_SCALE)


def full_name(parent: str | None, nombre: str) -> str:
    """Return what people call a variant: its parent's name and its own, unless the own one already begins with it."""
    if not parent or nombre.casefold().startswith(parent.casefold()):
        return nombre
    return f"{parent} {nombre}"


def search_text(full_name: str, codigo_interno: str, codigo_barras: str | None) -> str:
    """Return what a search looks at: name, code and bar code, folded."""
    return fold(f"{full_name} {codigo_interno} {codigo_barras or ''}")


def own_ean13(product_id: int) -> str:
    """Return the bar code Torn gives a product: 200 (codes for use inside a shop, GS1), the id in nine digits, and
    the EAN-13 check digit. Product 1 is 2000000000015."""
    body = f"200{product_id:09d}"
    total = sum(int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(body))
    return f"{body}{-total % 10}"


def next_code(highest: int) -> str:
    """Return the code that follows PROD-<highest>: PROD-00001 for 0."""
    return f"PROD-{highest + 1:05d}"

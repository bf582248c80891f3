"""Additional taxes in the words of the screens."""

from torn_app.sales.schemas import SaleTaxOut
from torn_app.ui.format import NBSP, quantity


def tax_name(tax: SaleTaxOut) -> str:
    """Name an additional tax with its rate: `ILA vinos 20,5 %`."""
    return f"{tax.nombre} {quantity(tax.tasa)}{NBSP}%"

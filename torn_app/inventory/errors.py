"""Why stock cannot move."""

from decimal import Decimal

from torn_app.kernel.errors import Conflict, InvalidInput


class StockShort(Conflict):
    """Less on the shelf than what is asked for."""

    message = "Stock insuficiente para {name}. Disponible: {available}, Solicitado: {requested}"

    def __init__(self, name: str, available: Decimal, requested: Decimal) -> None:
        super().__init__(None, name=name, available=plain(available), requested=plain(requested))


class StockTooLarge(InvalidInput):
    """More than a shelf can hold: surely a typing error."""

    message = "El stock de {name} quedaría en una cantidad imposible. Revisa lo que escribiste."


def plain(quantity: Decimal) -> str:
    """Write a quantity without trailing zeros or exponent: 2.500000 is `2.5`, 100.000000 is `100`."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

"""What purchases and providers can be refused for."""

from torn_app.kernel.errors import Conflict, InvalidInput, NotFound, Unprocessable


class ProviderExists(Conflict):
    """Another provider has that RUT."""

    message = "Ya existe un proveedor con RUT {rut}"


class ProviderNotFound(NotFound):
    """No such provider."""

    message = "Proveedor no encontrado"


class PurchaseNotFound(NotFound):
    """No such purchase."""

    message = "Compra no encontrada"


class PurchasedProductUnknown(NotFound):
    """A line names a product that does not exist."""

    message = "Producto {id} no encontrado"


class ProductHasVariants(InvalidInput):
    """What is bought is a variant, not the product they hang from."""

    message = "El producto '{name}' tiene variantes. Debe ingresar la compra a la variante específica."


class PurchaseTooLarge(Unprocessable):
    """More pesos than any purchase: surely a typing error."""

    message = "El total de la compra es una cantidad imposible. Revisa cantidades y costos."

    def __init__(self) -> None:
        super().__init__("items")


class GoodsAlreadyLeft(Conflict):
    """What the purchase brought is no longer on the shelf, so it cannot be taken back."""

    message = "No se puede {action} la compra: parte de su mercadería ya salió. {shortage}"

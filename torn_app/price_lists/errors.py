"""What price lists can be refused for."""

from torn_app.kernel.errors import NotFound, Unprocessable


class PriceListNotFound(NotFound):
    """No such list."""

    message = "Lista de precios {id} no encontrada."


class ProductsNotFound(NotFound):
    """Some products of a list do not exist."""

    message = "Productos no encontrados: {ids}"


class CustomersNotFound(NotFound):
    """Some customers of a list do not exist."""

    message = "Clientes no encontrados: {ids}"


class ProductRepeated(Unprocessable):
    """A product has one price in a list."""

    message = "El producto {id} está repetido en la lista."

    def __init__(self, product_id: int) -> None:
        super().__init__("items", None, id=product_id)


class ProductNotForSale(NotFound):
    """No such product to price."""

    message = "Producto {id} no encontrado o inactivo."

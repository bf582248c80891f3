"""What the catalogue can be refused for."""

from torn_app.kernel.errors import Conflict, InvalidInput, NotFound, Unprocessable


class ProductUnknown(NotFound):
    """No product with that code (reading)."""

    message = "No se encontró un producto con código {code}"


class ProductNotFound(NotFound):
    """No product with that id."""

    message = "Producto no encontrado"


class CodeTaken(Conflict):
    """Another product has that code."""

    message = "Ya existe un producto con código {code}"


class BarcodeTaken(Conflict):
    """Another product has that bar code."""

    message = "Ya existe un producto con código de barras {code}"


class CodeRepeated(Unprocessable):
    """Two products sent together carry the same code."""

    message = "El código {code} está repetido."


class BrandUnknown(Unprocessable):
    """A product names a brand that does not exist."""

    message = "La marca {id} no existe."

    def __init__(self, brand_id: int) -> None:
        super().__init__("brand_id", None, id=brand_id)


class TaxUnknown(Unprocessable):
    """A product names a tax that does not exist."""

    message = "El impuesto {id} no existe."

    def __init__(self, tax_id: int) -> None:
        super().__init__("tax_id", None, id=tax_id)


class AdditionalTaxUnknown(Unprocessable):
    """No tax besides VAT with that code that a product may carry."""

    message = "Un producto no puede llevar el impuesto adicional {code}: vea la lista en Configuración."

    def __init__(self, code: int) -> None:
        super().__init__("impuesto_adicional", None, code=code)


class ExemptWithAdditionalTax(Unprocessable):
    """What is exempt of VAT bears no tax on its net amount either."""

    message = "Un producto exento no lleva impuesto adicional: quítelo, o elija IVA."

    def __init__(self) -> None:
        super().__init__("impuesto_adicional", None)


class ParentUnknown(Unprocessable):
    """A variant names a product that does not exist."""

    message = "El producto {id}, del que sería variante, no existe."

    def __init__(self, parent_id: int) -> None:
        super().__init__("parent_id", None, id=parent_id)


class ParentIsVariant(Unprocessable):
    """A variant has no variants of its own."""

    message = "El producto {id} ya es una variante: no puede tener variantes propias."

    def __init__(self, parent_id: int) -> None:
        super().__init__("parent_id", None, id=parent_id)


class RateNotOnDocuments(InvalidInput):
    """The tax service knows a product as affected (19 %) or exempt (0 %), nothing between."""

    message = "{name} tiene un impuesto de {rate} %, que no se puede poner en un documento: elige IVA 19 % o exento."


class BrandExists(Conflict):
    """Another brand has that name."""

    message = "Ya existe una marca con nombre '{name}'"


class BrandNotFound(NotFound):
    """No such brand."""

    message = "Marca con ID {id} no encontrada"

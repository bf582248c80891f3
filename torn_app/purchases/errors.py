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


class PurchaseInvoiced(Conflict):
    """A purchase has one purchase invoice, which says what the purchase says."""

    message = (
        "No se puede {action} la compra: tiene la factura de compra {folio}. Anúlela antes con una nota de crédito."
    )


class PurchaseNoted(Conflict):
    """The provider's notes were written against the purchase as it is."""

    message = "No se puede {action} la compra: tiene notas de crédito del proveedor. Elimínalas antes."


class NoteWithoutDocument(InvalidInput):
    """There is no document of the provider to correct."""

    message = "La compra no tiene documento del proveedor: no hay a qué hacerle una nota de crédito."


class NoteOfNothing(InvalidInput):
    """A note says what went back, or how much less is owed: one of both."""

    message = "Indica los productos devueltos o el monto que se descuenta, uno de los dos."


class NoteForeign(InvalidInput):
    """It went back and had not come."""

    message = "El producto {id} no es parte de la compra."


class NoteExceedsBought(InvalidInput):
    """More went back than came and is left of it."""

    message = "De {name} quedan {left} por devolver y se pidieron {asked}."


class NoteExceedsAmount(InvalidInput):
    """The notes of a purchase never come to more than the purchase."""

    message = "A la compra le quedan {neto} netos y {exento} exentos por descontar."


class ProviderNoteNotFound(NotFound):
    """The purchase has no such note."""

    message = "Nota de crédito de proveedor {id} no encontrada"


class AlreadyInvoiced(Conflict):
    """One purchase invoice for each purchase."""

    message = "La compra ya tiene la factura de compra {folio}."


class InvoiceRejected(Conflict):
    """A rejected document counts as not issued."""

    message = "El documento {folio} fue rechazado por el SII: se emite de nuevo, no se anula con una nota."


class NotInvoiced(NotFound):
    """There is nothing to cancel."""

    message = "La compra no tiene una factura de compra vigente."


class NothingCancelled(NotFound):
    """There is no credit note to cancel."""

    message = "La compra no tiene una factura de compra anulada."


class NothingRejected(Conflict):
    """Only what the tax service refused is issued again."""

    message = "Ningún documento de la compra está rechazado: solo se emite de nuevo lo que el SII rechazó."


class PurchaseChanged(Conflict):
    """What was cancelled no longer says what the purchase says."""

    message = "La compra cambió después de anular su factura de compra: emita otra."


class BoughtWithBoleta(InvalidInput):
    """The provider gave a boleta, hence the sale is documented."""

    message = (
        "La compra es con boleta del proveedor: una factura de compra la emite quien compra, cuando no hay otro "
        "documento."
    )


class ProviderIncomplete(InvalidInput):
    """A purchase invoice names the seller in full (Formato DTE v2.4.2: GiroRecep, DirRecep, CmnaRecep)."""

    message = "A {name} le falta {missing}, que la factura de compra exige: complete el proveedor."


class WithholdingUnknown(InvalidInput):
    """The code withholds no VAT."""

    message = "El código {code} no es de una retención de IVA."


class WithholdingMissing(InvalidInput):
    """A partial withholding depends on what is bought."""

    message = "Falta el código de retención de {name}: indíquelo en `items` o uno para todos en `codigo`."


class WithholdingForeign(InvalidInput):
    """The product was not bought."""

    message = "El producto {id} no es parte de la compra."


class GoodsAlreadyLeft(Conflict):
    """What the purchase brought is no longer on the shelf, so it cannot be taken back."""

    message = "No se puede {action} la compra: parte de su mercadería ya salió. {shortage}"

"""Why a sale is refused. Reading this file is reading the rules of the till."""

from torn_app.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unprocessable


class TypeNotOffered(Unprocessable):
    """The number is not a document this door issues."""

    message = "El tipo de documento {tipo} no se puede emitir por esta vía."

    def __init__(self, tipo: int) -> None:
        super().__init__("tipo_dte", None, tipo=tipo)


class NoteThroughReturns(TypeNotOffered):
    """A credit note is the paper of a return."""

    message = (
        "El tipo de documento {tipo} no se puede emitir por esta vía. Una nota de crédito se emite al devolver "
        "la venta (POST /sales/return)."
    )


class ReferencesRequired(InvalidInput):
    """A note must say what it corrects."""

    message = "Los documentos de ajuste (DTE {tipo}) requieren obligatoriamente referencias al documento original."


class ReferencesIncomplete(InvalidInput):
    """A reference of a note lacks something."""

    message = "Las referencias de un documento de ajuste deben incluir tipo_documento, folio y sii_reason_code."


class ProductMissing(NotFound):
    """No such product."""

    message = "Producto ID {id} no encontrado"


class ProductInactive(InvalidInput):
    """The product is not for sale."""

    message = "Producto {name} (SKU {sku}) no está activo"


class PaymentsShort(InvalidInput):
    """The payments do not cover the sale."""

    message = "Monto de pagos ({paid}) inferior al total de la venta ({total})"


class PaymentsExceed(InvalidInput):
    """Cards, transfers and credit give no change."""

    message = (
        "Los pagos que no son en efectivo ({paid}) superan el total de la venta ({total}): solo el efectivo da vuelto."
    )


class PaymentMethodUnknown(InvalidInput):
    """No such way to pay, or switched off."""

    message = "El medio de pago {id} no existe o no está activo."


class CreditNeedsCustomer(InvalidInput):
    """Credit is given to somebody."""

    message = "Para vender a crédito hay que elegir al cliente."


class BuyerNotIdentified(InvalidInput):
    """A boleta above 135 UF names its buyer; in cash also their e-mail and telephone (Res. Ex. SII 44 of 2025)."""

    message = "Una boleta de más de {limit} (135 UF) identifica al comprador: falta {missing}."


class DiscountTooHigh(NotAllowed):
    """More discount than this person may give."""

    message = "El descuento ({pct} %) supera el máximo permitido ({cap} %). Pide ayuda al administrador."


class DiscountTwice(InvalidInput):
    """A discount is a percentage or an amount."""

    message = "Un descuento va en porcentaje o en pesos, no en ambos."


class DueDatePast(InvalidInput):
    """Credit cannot fall due before it is given."""

    message = "La fecha de vencimiento no puede ser anterior a hoy."


class SaleNotFound(NotFound):
    """No such sale in this company."""

    message = "Venta ID {id} no encontrada"


class AlreadySold(Conflict):
    """The ticket was sold before, with other contents."""

    message = "Este ticket ya se cobró. Revise la venta en Historial y empiece otra."


class DrawerClosed(Conflict):
    """The till's shift was closed while a ticket was open."""

    message = "La caja está cerrada. Ábrala en Caja y vuelva: el ticket lo espera."


class OriginalNotFound(NotFound):
    """No such sale in this company and its current mode."""

    message = "Venta original no encontrada"


class ReturnedProductMissing(NotFound):
    """No such product at all."""

    message = "Producto {id} no encontrado"


class NoteTypeUnknown(InvalidInput):
    """An adjustment is a note."""

    message = "El tipo de DTE para ajuste debe ser 56, 61, 111 o 112."


class RefundMethodUnknown(InvalidInput):
    """No such way to give the money back, or switched off."""

    message = "Medio de devolución invalido"


class NoteTypeNotForSale(InvalidInput):
    """The note is of another kind of document: 111 and 112 correct exports, a 56 charges more."""

    message = (
        "La devolución de una {name} se documenta con una nota de crédito (61): la 56 aumenta lo cobrado y las 111 y "
        "112 son solo de exportación."
    )


class NotReturnable(InvalidInput):
    """Only what was sold comes back."""

    message = "El documento {folio} no es una venta: no se puede devolver ni corregir."


class OriginalRejected(Conflict):
    """A rejected document counts as not issued: it is issued again, not corrected."""

    message = "El documento {folio} fue rechazado por el SII: se emite de nuevo, no se corrige con una nota."


class TextIsNotReturned(InvalidInput):
    """Reason 2 corrects a text and moves nothing."""

    message = "El motivo 2 corrige un texto y no devuelve nada: use la corrección de texto de la venta."


class ReturnRepeated(InvalidInput):
    """A product comes once in a return."""

    message = "El producto {id} viene repetido en la devolución."


class ReturnForeign(InvalidInput):
    """The product was not part of the sale."""

    message = "{name} no es parte de la venta original."


class ReturnExceeds(InvalidInput):
    """More than was sold and is not back yet."""

    message = "De {name} quedan {left} por devolver y se pidieron {asked}."


class CorrectionNeedsInvoice(InvalidInput):
    """A boleta has no text of the customer's worth correcting."""

    message = "Solo se corrige el texto de una factura. Una boleta equivocada se anula con una devolución."


class PaymentWithCredit(InvalidInput):
    """A debt is not paid with more debt."""

    message = "Una deuda no se paga con crédito interno."


class GuideNotPaid(InvalidInput):
    """A guide moves goods; its invoice is paid."""

    message = "Una guía de despacho no lleva pagos: se paga la factura que la cobra."


class GuideDiscount(InvalidInput):
    """The invoice copies lines; what was taken off the whole would be lost."""

    message = "Una guía de despacho no lleva descuento global: descuente en las líneas."


class TransferToSelf(InvalidInput):
    """Goods that move between one's own places are received by oneself."""

    message = "Un traslado interno va dirigido a la propia empresa: use su RUT ({rut})."


class GuideNotFound(NotFound):
    """No such guide in this company and its current mode."""

    message = "Guía de despacho ID {id} no encontrada"


class GuideNotBillable(InvalidInput):
    """Only a sale (done, to be done, on consignment) is invoiced."""

    message = "La guía {folio} no es una venta (traslado {kind}): no se factura."


class GuideRejected(Conflict):
    """A rejected guide counts as not issued."""

    message = "La guía {folio} fue rechazada por el SII: emítala de nuevo antes de facturarla."


class GuidesOfSeveral(InvalidInput):
    """One invoice has one buyer."""

    message = "Las guías son de distintos clientes: se facturan por separado."


class GuideBilled(Conflict):
    """Each guide is invoiced once."""

    message = "La guía {folio} ya se facturó en la {name} {invoice}."


class GuidesWithVat(InvalidInput):
    """An exempt invoice would lose the VAT the guides carry."""

    message = "La guía {folio} tiene productos afectos a IVA: factúrela con una factura electrónica (33)."


class DebitNoteReference(InvalidInput):
    """What a debit note does follows from the one document it speaks of."""

    message = (
        "Una nota de débito lleva una sola referencia con código: 1 para anular una nota de crédito (61), o 3 para "
        "aumentar los montos de una factura (33 o 34)."
    )


class DebitNoteCustomer(InvalidInput):
    """A note is addressed to who got the document."""

    message = "El documento {folio} es de otro cliente."


class DebitNoteNotPaid(InvalidInput):
    """What it adds is owed from then on."""

    message = "Una nota de débito no recibe pagos: lo que aumenta queda en la cuenta del cliente."


class DebitNoteRepeats(InvalidInput):
    """Cancelling a note repeats it whole."""

    message = "La nota de débito que anula la nota de crédito {folio} repite todas sus líneas."


class NoteCancelled(Conflict):
    """A note is cancelled once."""

    message = "La nota de crédito {folio} ya se anuló con la nota de débito {debit}."


class ExportCustomer(InvalidInput):
    """All buyers abroad have one RUT (Formato DTE v2.4.2, RUTRecep)."""

    message = (
        "Una factura de exportación va dirigida al cliente extranjero, RUT 55.555.555-5: quién es, su país y su "
        "dirección van en `exportacion`."
    )


class ExchangeRateMissing(InvalidInput):
    """A currency goes with its exchange rate, the Chilean peso without one."""

    message = (
        "La moneda {moneda} y el tipo de cambio no corresponden: otra moneda lo necesita y los pesos no lo llevan."
    )


class ServiceWithCustoms(InvalidInput):
    """Services do not pass customs."""

    message = "Una exportación de servicios (`indicador_servicio`) no lleva datos de aduana."


class ExportFactsElsewhere(InvalidInput):
    """Currency and customs are only of exports."""

    message = "Una {name} no lleva `exportacion`: moneda y aduana son solo de la factura de exportación (110)."


class ExportDebitReference(InvalidInput):
    """What a debit note of an export does follows from the one document it speaks of."""

    message = (
        "Una nota de débito de exportación (111) lleva una sola referencia con código: 1 para anular una nota de "
        "crédito de exportación (112), o 3 para aumentar los montos de una factura de exportación (110)."
    )


class NoteTypeNotForExport(InvalidInput):
    """An export has notes of its own."""

    message = "La devolución de una {name} se documenta con una nota de crédito de exportación (112)."


class GuideForExport(InvalidInput):
    """What is sold abroad is invoiced as an export."""

    message = "La guía {folio} es de exportación (traslado {kind}): se factura con una factura de exportación (110)."


class GuideNotForExport(InvalidInput):
    """What is sold here is not invoiced as an export."""

    message = "La guía {folio} no es de exportación (traslado {kind}): se factura con una factura (33 o 34)."

"""What customers can be refused for."""

from torn_app.kernel.errors import Conflict, NotFound


class CustomerExists(Conflict):
    """Another customer has that RUT."""

    message = "Ya existe un cliente con RUT {rut}"


class CustomerUnknown(NotFound):
    """No customer with that RUT (reading)."""

    message = "No se encontró un cliente con RUT {rut}"


class CustomerNotFound(NotFound):
    """No customer with that RUT (changing, selling)."""

    message = "Cliente con RUT {rut} no encontrado"


class CreditNotAllowed(Conflict):
    """The customer has no credit days, so may not buy on credit."""

    message = "{name} no tiene crédito: fija sus días de crédito en la ficha del cliente."


class CreditLimitExceeded(Conflict):
    """The sale would take the customer's debt over the limit."""

    message = "{name} supera su límite de crédito. Disponible: {available}."


class GenericCustomerFixed(Conflict):
    """Every boleta without a named buyer leans on the generic customer."""

    message = "El cliente genérico de las boletas no se puede eliminar ni cambiar de RUT."


class DebtExceeded(Conflict):
    """A payment or a credit note would leave the customer with a balance in favour nobody asked for."""

    message = "{name} debe {owed}: no se puede abonar {amount}."

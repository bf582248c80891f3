"""What the company's own data can be refused for."""

from torn_app.kernel.errors import NotFound, Unprocessable


class IssuerMissing(NotFound):
    """The company has not said who it is."""

    message = "Emisor no configurado. Use PUT /issuer/ primero."


class IssuerNotRegistered(NotFound):
    """Asking who the company is, before it said so."""

    message = "Emisor no configurado. Use PUT /issuer/ para registrarlo."


class IssuerIncomplete(Unprocessable):
    """The first time, what every document prints is needed."""

    message = "Falta {name}: es necesario para registrar al emisor."

    def __init__(self, field: str) -> None:
        super().__init__(field, None, name=field)


class TaxNotFound(NotFound):
    """No such tax."""

    message = "Impuesto no encontrado"


class DefaultTaxUnknown(Unprocessable):
    """The settings name a tax that does not exist."""

    message = "El impuesto {id} no existe."

    def __init__(self, tax_id: int) -> None:
        super().__init__("iva_default_id", None, id=tax_id)

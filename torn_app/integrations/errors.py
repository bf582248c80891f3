"""Refusals of /api-keys and /webhooks."""

from torn_app.kernel.errors import NotFound, Unprocessable


class ApiKeyNotFound(NotFound):
    """No such key in this company, or it was revoked."""

    message = "Clave de API con ID {id} no encontrada"


class WebhookNotFound(NotFound):
    """No such webhook in this company."""

    message = "Webhook con ID {id} no encontrado"


class DeliveryNotFound(NotFound):
    """No such delivery of this webhook."""

    message = "Entrega con ID {id} no encontrada"


class WebhookAddressRefused(Unprocessable):
    """An address nothing may be sent to."""

    message = "La dirección debe ser pública en internet y comenzar con https://"

    def __init__(self, message: str | None = None) -> None:
        super().__init__("url", message)

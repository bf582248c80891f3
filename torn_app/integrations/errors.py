"""Refusals of /api-keys."""

from torn_app.kernel.errors import NotFound


class ApiKeyNotFound(NotFound):
    """No such key in this company, or it was revoked."""

    message = "Clave de API con ID {id} no encontrada"

"""What the company's own data can be refused for."""

from torn_app.kernel.errors import NotFound


class IssuerMissing(NotFound):
    """The company has not said who it is."""

    message = "Emisor no configurado. Use PUT /issuer/ primero."

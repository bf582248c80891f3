"""Numbers and certificate: what goes out. Never a key."""

from datetime import date, datetime

from torn_app.kernel.fields import Out


class FolioStockOut(Out):
    """How many numbers of a type are left."""

    dte_type: int
    available: int
    total: int
    latest_folio_hasta: int
    latest_folio_desde: int
    fecha_vencimiento: date | None


class CafOut(Out):
    """A loaded range."""

    id: int
    dte_type: int
    folio_desde: int
    folio_hasta: int
    fecha_autorizacion: date
    fecha_vencimiento: date | None
    ambiente: str
    disponibles: int


class CertificateOut(Out):
    """The company's certificate, without its key."""

    subject: str
    rut: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_to: datetime

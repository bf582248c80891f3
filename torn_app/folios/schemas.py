"""Numbers and certificate: what comes in and goes out. Never a key."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from torn_app.dte.tipos import TipoDte
from torn_app.kernel.fields import In, Out

_MAX_REQUEST = 10**8
"""Folios have at most ten digits; nobody needs more numbers than this at once."""


class FolioStockOut(Out):
    """How many numbers of a type are left."""

    dte_type: int
    available: int
    total: int
    latest_folio_hasta: int
    latest_folio_desde: int
    fecha_vencimiento: date | None


class FolioPoolOut(Out):
    """The numbers a type of document can still take, and the day the nearest of its ranges ends."""

    disponibles: int
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


class FolioRequestIn(In):
    """Numbers somebody asks for."""

    dte_type: TipoDte
    amount_requested: Annotated[int, Field(gt=0, le=_MAX_REQUEST)]


class FolioRequestLogOut(Out):
    """A request for numbers. `status`: PENDING, COMPLETED or ERROR."""

    id: int
    dte_type: int
    amount_requested: int
    status: str
    timestamp: datetime


class KeyUseOut(Out):
    """One use of a private key. `user`: the e-mail of who did it, `Torn` when it was Torn by itself."""

    id: int
    at: datetime
    proposito: str
    certificate_id: int | None
    caf_range_id: int | None
    document_id: int | None
    user: str


class CertificateOutlookOut(Out):
    """How long the certificate lasts. `nivel`: OK, BAJO (30 days), CRITICO (7), AGOTADO (over) or SIN_CARGAR."""

    nivel: str
    subject: str | None
    rut: str | None
    valid_to: datetime | None
    dias_restantes: int | None

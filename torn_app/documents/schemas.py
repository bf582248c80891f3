"""What leaves /documents."""

from datetime import date, datetime

from torn_app.folios.schemas import CertificateOutlookOut
from torn_app.kernel.fields import Number, Out
from torn_app.kernel.money import Pesos


class DocumentOut(Out):
    """An issued document as a list shows it."""

    id: int
    sale_id: int | None
    tipo_dte: int
    folio: int
    estado: str
    ambiente: str
    fecha_emision: date
    receptor_rut: str
    monto_total: Pesos
    track_id: str | None
    """The tax service's number of the sending."""
    glosa: str | None
    """The tax service's answer in words."""
    created_at: datetime


class DocumentStateOut(Out):
    """A state the document was in, since when, and what was said about it."""

    estado: str
    at: datetime
    detail: str | None


class DocumentFullOut(DocumentOut):
    """A document with everything that happened to it, oldest first."""

    states: list[DocumentStateOut]


class FolioToVoidOut(Out):
    """A number to be voided at the tax service. `id` is that of its document."""

    id: int
    tipo_dte: int
    folio: int
    sale_id: int | None
    fecha_emision: date
    replaced_at: datetime
    voided_at: datetime | None


class FolioForecastOut(Out):
    """How long the numbers of a type last at the pace of the last 14 days.

    `nivel`: OK, BAJO, CRITICO, AGOTADO, or SIN_CARGAR when the type never had a range.
    """

    tipo_dte: int
    nombre: str
    nivel: str
    disponibles: int
    uso_diario: Number
    dias_restantes: int | None
    fecha_agotamiento: date | None
    fecha_vencimiento: date | None
    vencera_sin_usar: int
    vencidos_sin_usar: int


class ForecastOut(Out):
    """How long the company can go on issuing in its current mode."""

    ambiente: str
    tipos: list[FolioForecastOut]
    certificado: CertificateOutlookOut

"""Issued tax documents: the signed XML and what became of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable

STATES = (
    "PENDIENTE",
    "FIRMADO",
    "ENVIANDO",
    "ENVIADO",
    "ACEPTADO",
    "REPAROS",
    "RECHAZADO",
    "VERIFICAR",
    "ERROR",
    "SIMULADO",
)


class Document(TenantTable, table=True):
    """A signed document. The XML is stored once and never regenerated."""

    __tablename__ = "document"
    __table_args__ = (
        # What was issued again keeps its row and leaves its number to its successor.
        Index(
            "uq_document_folio",
            "ambiente",
            "tipo_dte",
            "folio",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
        CheckConstraint("estado IN ({})".format(", ".join(f"'{s}'" for s in STATES)), name="estado"),
        Index(None, "sale_id"),
        Index(None, "ambiente", "estado", "id"),
        # How fast the numbers of a type go.
        Index(None, "ambiente", "tipo_dte", "created_at"),
    )

    id: int | None = columns.key()
    sale_id: int | None = columns.ref(nullable=True)
    """The sale it documents (known to sales; here only a key)."""
    ambiente: str
    tipo_dte: int
    folio: int = columns.pesos()
    fecha_emision: date
    receptor_rut: str
    receptor_nombre: str
    monto_total: int = columns.pesos()
    caf_range_id: int = columns.ref("tenant.caf_range.id")
    certificate_id: int = columns.ref("tenant.signing_certificate.id")
    xml: bytes
    """The signed <DTE>, ISO-8859-1, exactly as signed."""
    estado: str
    track_id: str | None = None
    glosa: str | None = None
    """The tax service's answer in words."""
    replaced_at: datetime | None = columns.moment(default=None, nullable=True)
    """When it was issued again, or given up. The state stays what it was."""
    to_void: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Its number was not used again: somebody must void it at the tax service."""
    voided_at: datetime | None = columns.moment(default=None, nullable=True)
    """When somebody said the number is void there."""
    created_at: datetime = columns.moment()


class DocumentEvent(TenantTable, table=True):
    """A change of a document's state."""

    __tablename__ = "document_event"

    id: int | None = columns.key()
    document_id: int = columns.ref("tenant.document.id", index=True)
    estado: str
    at: datetime = columns.moment()
    detail: str | None = Field(default=None)

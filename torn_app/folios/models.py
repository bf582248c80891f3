"""Authorised number ranges and the signing certificate, both encrypted at rest."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.insert_only import insert_only
from torn_app.infra.sealed import sealed
from torn_app.infra.tenancy import TenantTable


class CafRange(TenantTable, table=True):
    """A range of numbers authorised by the tax service (CAF) and how far it is used."""

    __tablename__ = "caf_range"
    __table_args__ = (
        CheckConstraint("desde <= hasta", name="order"),
        CheckConstraint("last_folio >= desde - 1 AND last_folio <= hasta", name="inside"),
        Index(None, "ambiente", "dte_type", "desde", unique=True),
    )

    id: int | None = columns.key()
    ambiente: str
    dte_type: int
    rut_emisor: str
    """The company it was authorised for."""
    desde: int = columns.pesos()
    hasta: int = columns.pesos()
    last_folio: int = columns.pesos()
    """Last number taken; `desde` - 1 when none was."""
    fecha_autorizacion: date
    fecha_vencimiento: date | None = None
    caf_encrypted: bytes
    """The file byte for byte, with its private key."""
    created_at: datetime = columns.moment()


class SigningCertificate(TenantTable, table=True):
    """The certificate that signs documents. The newest row of the ambiente is the one in use."""

    __tablename__ = "signing_certificate"

    id: int | None = columns.key()
    es_prueba: bool = False
    """Made by Torn for mode PRUEBA; never used elsewhere."""
    pkcs12_encrypted: bytes
    """Re-packed PKCS#12 without password inside our own encryption."""
    subject: str
    rut: str
    issuer: str
    serial: str
    valid_from: datetime = columns.moment()
    valid_to: datetime = columns.moment()
    created_at: datetime = columns.moment()


def caf_place(ambiente: str, dte_type: int, desde: int) -> str:
    """Name the place a range's file is stored in, for its encryption."""
    return f"caf_range:{ambiente}:{dte_type}:{desde}"


def certificate_place(serial: str) -> str:
    """Name the place a certificate is stored in, for its encryption."""
    return f"signing_certificate:{serial}"


class FolioRequestLog(TenantTable, table=True):
    """Somebody asked for more numbers."""

    __tablename__ = "folio_request_log"

    id: int | None = columns.key()
    dte_type: int
    amount_requested: int
    status: str = Field(default="PENDING")
    timestamp: datetime = columns.moment()


class KeyUse(TenantTable, table=True):
    """One use of a private key, written by the transaction that used it. The database refuses to change it.

    It only names what it is of, without foreign keys: it must outlive everything, and writing it must cost a sale next
    to nothing.
    """

    __tablename__ = "key_use"

    id: int | None = columns.key()
    at: datetime = columns.moment()
    proposito: str
    """What for: see `uses.Purpose`."""
    certificate_id: int | None = columns.ref(nullable=True)
    caf_range_id: int | None = columns.ref(nullable=True)
    document_id: int | None = columns.ref(nullable=True)
    """The document signed, when it was one."""
    account_id: int | None = columns.ref(nullable=True)
    """The global account of who did it. None: Torn by itself."""
    user: str
    """Their e-mail at that moment."""


insert_only(KeyUse.__table__)  # type: ignore[attr-defined]
sealed(
    CafRange.__table__,  # type: ignore[attr-defined]
    "caf_encrypted",
    lambda row: caf_place(row.ambiente, row.dte_type, row.desde),
)
sealed(
    SigningCertificate.__table__,  # type: ignore[attr-defined]
    "pkcs12_encrypted",
    lambda row: certificate_place(row.serial),
)

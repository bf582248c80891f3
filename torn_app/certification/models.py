"""Sets issued: which document answers which case, and the files to upload. A second run finds them here."""

from datetime import datetime

from sqlalchemy import UniqueConstraint

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


class CertificationSet(TenantTable, table=True):
    """An attempt at a set, at a book or at the simulation."""

    __tablename__ = "certification_set"
    __table_args__ = (UniqueConstraint("ambiente", "attention", "attempt"),)

    id: int | None = columns.key()
    ambiente: str
    attention: str
    attempt: int
    content_hash: str
    """Of what was read: the same attempt cannot be of another text."""
    envio_dte: bytes | None = None
    envio_boleta: bytes | None = None
    libro: bytes | None = None
    """The signed book, of sets that ask for one."""
    consumo_folios: bytes | None = None
    """The signed summary of folios, of the set of boletas."""
    created_at: datetime = columns.moment()


class CertificationCase(TenantTable, table=True):
    """The document issued for a case; for a book of guides, the invoice of the guide of that case."""

    __tablename__ = "certification_case"
    __table_args__ = (UniqueConstraint("set_id", "case_number"),)

    id: int | None = columns.key()
    set_id: int = columns.ref("tenant.certification_set.id")
    case_number: int
    document_id: int = columns.ref("tenant.document.id", index=True)

"""Sets issued: which document answers which case, and the envelopes. A second run finds them here."""

from datetime import datetime

from sqlalchemy import UniqueConstraint

from torn_app.infra import columns
from torn_app.infra.tenancy import TenantTable


class CertificationSet(TenantTable, table=True):
    """An attempt at a set."""

    __tablename__ = "certification_set"
    __table_args__ = (UniqueConstraint("ambiente", "attention", "attempt"),)

    id: int | None = columns.key()
    ambiente: str
    attention: str
    attempt: int
    content_hash: str
    """Of the cases read: the same attempt cannot be of another text."""
    envio_dte: bytes | None = None
    envio_boleta: bytes | None = None
    created_at: datetime = columns.moment()


class CertificationCase(TenantTable, table=True):
    """The document issued for a case."""

    __tablename__ = "certification_case"
    __table_args__ = (UniqueConstraint("set_id", "case_number"),)

    id: int | None = columns.key()
    set_id: int = columns.ref("tenant.certification_set.id")
    case_number: int
    document_id: int = columns.ref("tenant.document.id", index=True)

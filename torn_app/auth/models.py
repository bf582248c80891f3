"""Browser sessions."""

from datetime import datetime

from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.tenancy import GlobalTable


class BrowserSession(GlobalTable, table=True):
    """A browser that logged in. Only a hash of its cookie is kept; ending the row ends the session everywhere."""

    __tablename__ = "browser_session"

    id: int | None = columns.key()
    token_hash: str = Field(unique=True)
    account_id: int = columns.ref("public.account.id", index=True)
    tenant_id: int | None = columns.ref("public.tenant.id", nullable=True)
    created_at: datetime = columns.moment()
    expires_at: datetime = columns.moment()
    ended_at: datetime | None = columns.moment(default=None, nullable=True)

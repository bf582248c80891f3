"""Requests for more numbers: a log of who needs what. The numbers themselves come with a CAF (see loading.py)."""

from sqlmodel import col, select

from torn_app.folios.models import FolioRequestLog
from torn_app.folios.schemas import FolioRequestIn, FolioRequestLogOut
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission


@use_case(Permission.ADMIN)
def request_folios(work: Work, data: FolioRequestIn) -> FolioRequestLogOut:
    """Write down that numbers of a type are needed. It stays PENDING until they are loaded."""
    row = FolioRequestLog(dte_type=int(data.dte_type), amount_requested=data.amount_requested, timestamp=work.now)
    work.session.add(row)
    work.session.flush()
    return FolioRequestLogOut.model_validate(row)


@use_case(Permission.ADMIN)
def list_requests(work: Work, limit: int) -> list[FolioRequestLogOut]:
    """Return the last requests, newest first."""
    rows = work.session.exec(select(FolioRequestLog).order_by(col(FolioRequestLog.id).desc()).limit(limit))
    return [FolioRequestLogOut.model_validate(row) for row in rows]

"""Routes of /cash: till shifts."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from torn_app.api.deps import Entry, enter
from torn_app.api.paging import PageQuery, rows_of
from torn_app.cash import service
from torn_app.cash.schemas import (
    CashCloseIn,
    CashMovementIn,
    CashMovementOut,
    CashOpenIn,
    CashSessionOut,
    CashSessionWithUserOut,
    ShiftReportOut,
)
from torn_app.kernel.fields import MAX_ID
from torn_app.sales import shift_report

router = APIRouter(prefix="/cash", tags=["cash"])


@router.post("/open")
def open_shift(body: CashOpenIn, entry: Entry = enter(service.open_shift)) -> CashSessionOut:
    """Abre un turno de caja para quien llama."""
    return entry.run(body)


@router.get("/status")
def status(entry: Entry = enter(service.current_shift)) -> CashSessionOut:
    """Turno abierto de quien llama. El monto esperado no se muestra antes de contar."""
    return entry.run()


@router.post("/close")
def close(body: CashCloseIn, entry: Entry = enter(service.close_shift)) -> CashSessionOut:
    """Cierra el turno con lo contado."""
    return entry.run(body)


@router.get("/sessions")
def sessions(
    page: PageQuery, response: Response, entry: Entry = enter(service.page_of_shifts)
) -> list[CashSessionWithUserOut]:
    """Turnos, del más nuevo al más antiguo: todos para quien ve reportes, los propios para quien vende."""
    return rows_of(entry.run(page), response)


@router.post("/movements", status_code=201)
def move_money(body: CashMovementIn, entry: Entry = enter(service.move_money)) -> CashMovementOut:
    """Dinero que entra al cajón o sale de él sin ser venta, con su motivo."""
    return entry.run(body)


@router.get("/sessions/{session_id}/report")
def report(
    session_id: Annotated[int, Path(ge=0, le=MAX_ID)], entry: Entry = enter(shift_report.shift_report)
) -> ShiftReportOut:
    """Informe de un turno: X mientras está abierto (solo quien ve reportes), Z cuando se cerró."""
    return entry.run(session_id)

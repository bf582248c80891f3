"""Routes of /cash: till shifts."""

from fastapi import APIRouter

from torn_app.api.deps import Entry, enter
from torn_app.cash import service
from torn_app.cash.schemas import CashCloseIn, CashOpenIn, CashSessionOut, CashSessionWithUserOut

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
def sessions(entry: Entry = enter(service.list_shifts)) -> list[CashSessionWithUserOut]:
    """Turnos, del más nuevo al más antiguo: todos para quien ve reportes, los propios para quien vende."""
    return entry.run()

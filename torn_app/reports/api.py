"""Routes of /reports and /stats. Only for administrators."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator

from torn_app.api.deps import Entry, enter
from torn_app.reports import service
from torn_app.reports.rules import Period
from torn_app.reports.schemas import DashboardOut, DashboardSummary, ReportOut, TopProductsResponse, VatOut

router = APIRouter(prefix="/reports", tags=["reports"])
stats_router = APIRouter(prefix="/stats", tags=["stats"])

FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)


def _plausible(day: date) -> date:
    if not FIRST <= day <= LAST:
        raise ValueError("fecha fuera de rango")
    return day


Day = Annotated[date, AfterValidator(_plausible)]


@router.get("/dashboard")
def dashboard(
    fecha: Annotated[Day | None, Query(description="Día en Chile; sin él, hoy")] = None,
    entry: Entry = enter(service.dashboard),
) -> DashboardOut:
    """Un día en números: ventas por hora, productos, medios de pago y tu caja."""
    return entry.run(fecha)


@router.get("/vat")
def vat(
    month: Annotated[
        str | None, Query(pattern=r"^(199\d|20\d\d|21\d\d)-(0[1-9]|1[0-2])$", description="AAAA-MM; sin él, este mes")
    ] = None,
    remanente_anterior: Annotated[
        int, Query(ge=0, le=10**12, description="Crédito que quedó del mes anterior, reajustado, en pesos")
    ] = 0,
    entry: Entry = enter(service.vat),
) -> VatOut:
    """IVA estimado de un mes, como lo pedirá el formulario 29."""
    return entry.run(date.fromisoformat(f"{month}-01") if month else None, remanente_anterior)


@stats_router.get("/summary")
def summary(entry: Entry = enter(service.summary)) -> DashboardSummary:
    """Lo vendido y ganado hoy, en 7 días y en 30 días."""
    return entry.run()


@stats_router.get("/top-products")
def top_products(
    days: Annotated[int, Query(ge=1, le=3660, description="Días hacia atrás, contando hoy")] = 30,
    limit: Annotated[int, Query(ge=1, le=1000)] = 5,
    entry: Entry = enter(service.top_products),
) -> TopProductsResponse:
    """Los productos más vendidos y los que más ganancia dejaron."""
    return entry.run(days, limit)


@stats_router.get("/report")
def report(
    period: Annotated[Period, Query(description="Día, semana (desde el lunes) o mes")] = Period.DAY,
    day: Annotated[Day | None, Query(alias="date", description="Día en Chile; sin él, hoy")] = None,
    entry: Entry = enter(service.report),
) -> ReportOut:
    """Lo vendido y ganado en un día, una semana o un mes, por producto."""
    return entry.run(period, day)

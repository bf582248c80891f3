"""How long the company can go on issuing: numbers of each type at the pace of the last days, and the certificate.

One truth for the warnings of screens, the event `folios.low` and whoever asks over HTTP.
"""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ARRAY, Integer, bindparam, column, exists, func, or_, select

from torn_app.company import service as company
from torn_app.documents.models import Document
from torn_app.documents.schemas import FolioForecastOut, ForecastOut
from torn_app.dte.tipos import TipoDte
from torn_app.folios import stock
from torn_app.folios.rules import Level, Thresholds, level, outlook
from torn_app.infra.work import Work, use_case
from torn_app.kernel import clock
from torn_app.kernel.permissions import Permission

DAYS = 14
"""Days in Chile, today among them, whose use is taken for that of the days to come."""
_CENT = Decimal("0.01")

_document = Document.__table__  # type: ignore[attr-defined]
# A number that was issued again under itself was used once; one that was left over for another was used.
_TOOK_A_NUMBER = or_(_document.c.replaced_at.is_(None), _document.c.to_void)
_LATELY = (
    select(_document.c.tipo_dte, func.count().label("used"), func.min(_document.c.created_at).label("first"))
    .where(
        _document.c.ambiente == bindparam("of_ambiente"),
        _document.c.created_at >= bindparam("start"),
        _document.c.created_at < bindparam("until"),
        _TOOK_A_NUMBER,
    )
    .group_by(_document.c.tipo_dte)
)
_types = func.unnest(bindparam("types", type_=ARRAY(Integer))).table_valued(column("tipo", Integer)).render_derived()
_LONG_BEFORE = select(_types.c.tipo).where(
    exists().where(
        _document.c.ambiente == bindparam("of_ambiente"),
        _document.c.tipo_dte == _types.c.tipo,
        _document.c.created_at < bindparam("start"),
    )
)
"""Which of some types were issued before the days looked at."""


@use_case(Permission.MEMBER)
def forecast(work: Work) -> ForecastOut:
    """Return how long numbers and certificate of the current mode last: every type, used or not."""
    ambiente = company.get_issuer_row(work).ambiente
    return ForecastOut(
        ambiente=ambiente,
        tipos=of_types(work, ambiente),
        certificado=stock.certificate_outlook(work, ambiente),
    )


def of_types(work: Work, ambiente: str) -> list[FolioForecastOut]:
    """Return how long the numbers of each type last in a mode."""
    pace, loaded = _pace(work, ambiente), stock.loaded(work, ambiente)
    thresholds = _thresholds(work)
    return [
        _of_type(tipo, ambiente, loaded, pace.get(int(tipo), Fraction(0)), thresholds, work.today) for tipo in TipoDte
    ]


def _of_type(
    tipo: TipoDte,
    ambiente: str,
    loaded: stock.Loaded,
    per_day: Fraction,
    thresholds: Thresholds,
    today: date,
) -> FolioForecastOut:
    lots = loaded.living.get(int(tipo), [])
    found = outlook(lots, per_day, today)
    ever = int(tipo) in loaded.types
    if ambiente == stock.PRUEBA:
        # Its ranges are renewed by themselves.
        nivel = Level.OK
    elif not ever:
        nivel = Level.SIN_CARGAR
    else:
        nivel = level(found, thresholds)
    return FolioForecastOut(
        tipo_dte=int(tipo),
        nombre=tipo.nombre,
        nivel=nivel.value,
        disponibles=found.disponibles,
        uso_diario=(Decimal(per_day.numerator) / per_day.denominator).quantize(_CENT),
        dias_restantes=found.dias_restantes if ever else None,
        fecha_agotamiento=found.fecha_agotamiento if ever else None,
        fecha_vencimiento=min((lot.vence for lot in lots if lot.vence is not None), default=None),
        vencera_sin_usar=found.vencera_sin_usar,
        vencidos_sin_usar=loaded.expired.get(int(tipo), 0),
    )


def _pace(work: Work, ambiente: str) -> dict[int, Fraction]:
    """Return how many numbers of a type are used a day: lately, or since its first one when that is newer still."""
    start, until = clock.range_bounds(work.today - timedelta(days=DAYS - 1), work.today)
    values: dict[str, Any] = {"of_ambiente": ambiente, "start": start, "until": until}
    rows = work.connection.execute(_LATELY, values).all()
    types = [row.tipo_dte for row in rows]
    before = set(work.connection.execute(_LONG_BEFORE, values | {"types": types}).scalars()) if types else set()
    found = {}
    for row in rows:
        days = DAYS if row.tipo_dte in before else (work.today - clock.santiago_date(row.first)).days + 1
        found[row.tipo_dte] = Fraction(row.used, days)
    return found


def _thresholds(work: Work) -> Thresholds:
    settings = company.get_settings_row(work)
    return Thresholds(
        dias_bajo=settings.folios_dias_bajo,
        dias_critico=settings.folios_dias_critico,
        folios_bajo=settings.folios_bajo,
        folios_critico=settings.folios_critico,
    )

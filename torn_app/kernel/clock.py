"""Time. The only file that reads the clock.

Moments are aware UTC datetimes; the date of a document and the days of a report are those of Chile
(America/Santiago, whose offset changes twice a year).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SANTIAGO = ZoneInfo("America/Santiago")


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def to_santiago(moment: datetime) -> datetime:
    """Return an aware moment as aware Santiago time. Naive input is refused."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone")
    return moment.astimezone(SANTIAGO)


def santiago_date(moment: datetime) -> date:
    """Return the calendar date in Chile at a moment: the date a document issued then carries."""
    return to_santiago(moment).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return [start, end) in UTC of a Chilean calendar day, which may last 23, 24 or 25 hours."""
    return _midnight(day), _midnight(day + timedelta(days=1))


def range_bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """Return [start, end) in UTC of the Chilean days `first` to `last`, both included."""
    return _midnight(first), _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    # On the night the clocks go forward 00:00 does not exist; zoneinfo then takes the offset before the change,
    # which is the instant the day begins.
    return datetime.combine(day, time.min, tzinfo=SANTIAGO).astimezone(UTC)

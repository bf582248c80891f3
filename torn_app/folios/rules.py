"""How long the numbers of a type last, and when somebody should be told. Pure: no session, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import floor


class Level(StrEnum):
    """How near issuing is to a stop."""

    OK = "OK"
    BAJO = "BAJO"
    """Time to ask for numbers, or to renew the certificate."""
    CRITICO = "CRITICO"
    AGOTADO = "AGOTADO"
    """Nothing can be issued: no number is left, or the certificate ended."""
    SIN_CARGAR = "SIN_CARGAR"
    """Nothing was ever loaded: a type the company does not issue, or no certificate."""


@dataclass(frozen=True, slots=True)
class Lot:
    """The numbers left of a range, taken after those of the lots before it."""

    quedan: int
    vence: date | None
    """The last day on which they may be used; None: they do not expire."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What becomes of the numbers of a type when as many are used every day as lately."""

    disponibles: int
    dias_restantes: int | None
    """Whole days until none can be taken; None: never, as far as can be told."""
    fecha_agotamiento: date | None
    """The first day without numbers."""
    vencera_sin_usar: int
    """How many of them will expire before their turn comes."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on somebody is told: whichever comes first, days or numbers left."""

    dias_bajo: int = 15
    dias_critico: int = 5
    folios_bajo: int = 100
    folios_critico: int = 20


CERTIFICATE_DAYS_LOW, CERTIFICATE_DAYS_CRITICAL = 30, 7
"""A certificate takes days to renew."""


def outlook(lots: Sequence[Lot], per_day: Fraction, today: date) -> Outlook:
    """Return how long living lots last, used one after the other from `today` on at `per_day` numbers a day.

    A lot may be used up to the end of its last day. Its time runs while those before it are used, so that a lot behind
    a large one may expire untouched. Without use nothing runs out but by expiring.
    """
    passed, unused, forever = Fraction(0), 0, False
    for lot in lots:
        ends = Fraction((lot.vence - today).days + 1) if lot.vence is not None else None
        empty = passed + lot.quedan / per_day if per_day else None
        if empty is not None and (ends is None or empty <= ends):
            passed = empty
        elif ends is None:
            forever = True
        else:
            used = floor((ends - passed) * per_day) if ends > passed else 0
            unused += lot.quedan - used
            passed = max(passed, ends)
    available = sum(lot.quedan for lot in lots)
    if forever:
        return Outlook(available, None, None, unused)
    days = floor(passed)
    lasts = days <= date.max.toordinal() - today.toordinal()
    return Outlook(available, days, today + timedelta(days=days) if lasts else None, unused)


def level(found: Outlook, thresholds: Thresholds) -> Level:
    """Return how near a type whose numbers were loaded is to a stop."""
    if found.disponibles <= 0:
        return Level.AGOTADO
    for named, days, numbers in (
        (Level.CRITICO, thresholds.dias_critico, thresholds.folios_critico),
        (Level.BAJO, thresholds.dias_bajo, thresholds.folios_bajo),
    ):
        soon = found.dias_restantes is not None and found.dias_restantes <= days
        if soon or found.disponibles <= numbers:
            return named
    return Level.OK


def certificate_level(days: int) -> Level:
    """Return how near a certificate is to its end; `days` are whole days left, negative once it is over."""
    if days < 0:
        return Level.AGOTADO
    if days <= CERTIFICATE_DAYS_CRITICAL:
        return Level.CRITICO
    return Level.BAJO if days <= CERTIFICATE_DAYS_LOW else Level.OK

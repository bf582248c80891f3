"""State of the till pages: open a shift, close it by a blind count, look at the earlier ones.

The expected amount reaches this state only inside the answer to a close.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import reflex as rx
from reflex.event import EventSpec

from torn_app.cash import service
from torn_app.cash.errors import NoOpenShift
from torn_app.cash.rules import MAX_CASH, CountRefused, Difference, difference, read_count
from torn_app.cash.schemas import CashCloseIn, CashOpenIn, CashSessionOut, CashSessionWithUserOut
from torn_app.infra.work import Work
from torn_app.kernel.clock import santiago_date
from torn_app.kernel.money import format_pesos
from torn_app.kernel.permissions import Permission
from torn_app.ui.base import Alert, Calls
from torn_app.ui.format import day, moment, parse_pesos, time_of_day

PAGE = 20


@dataclass
class ShiftRow:
    """A shift as the history shows it."""

    id: int
    who: str
    day: str
    hours: str
    counted: str
    verdict: str
    tone: str


class CashState(Calls, rx.State):
    """The caller's shift and the history of shifts."""

    requires: ClassVar[Permission] = Permission.SELL

    loaded: bool = False
    failed: bool = False
    is_open: bool = False
    since: str = ""
    float_text: str = ""
    shifts: list[ShiftRow] = []
    has_more: bool = False

    review_open: bool = False
    counted_text: str = ""
    closed: bool = False
    outcome: Difference = Difference("", "", "")
    _declared: int = 0
    _count: dict[str, int] | None = None

    @rx.event
    async def load(self) -> None:
        """Read the open shift, if any, and the first page of the history."""
        self.closed, self.review_open = False, False
        found = await self.call(_look)
        self.loaded, self.failed = True, found is None
        if found is None:
            return
        shift, rows, self.since = found
        self.is_open, self.float_text = shift is not None, format_pesos(shift.start_amount) if shift else ""
        self.shifts, self.has_more = [_row(row) for row in rows[:PAGE]], len(rows) > PAGE

    @rx.event
    async def load_count(self) -> EventSpec | None:
        """Prepare the count; without an open shift there is nothing to count."""
        await self.load()
        return None if self.is_open or self.failed else rx.redirect("/caja", replace=True)

    @rx.event
    async def more(self) -> None:
        """Read the next page of the history."""
        rows = await self.call(service.list_shifts, after=self.shifts[-1].id if self.shifts else None, limit=PAGE + 1)
        if rows is not None:
            self.shifts, self.has_more = self.shifts + [_row(row) for row in rows[:PAGE]], len(rows) > PAGE

    @rx.event
    async def open_shift(self, form: dict[str, Any]) -> None:
        """Open a shift with the float that was typed."""
        amount = parse_pesos(str(form.get("start_amount", "")))
        if amount > MAX_CASH:
            self.field_errors = {"start_amount": "Es más de lo que cabe en un cajón. Revise el monto."}
            return
        if await self.call(service.open_shift, CashOpenIn(start_amount=amount)) is not None:
            await self.load()

    @rx.event
    def review(self, form: dict[str, Any]) -> None:
        """Read what was counted and ask before closing."""
        self.clear_alert()
        try:
            declared, count = read_count({str(key): str(value) for key, value in form.items()})
        except CountRefused as refusal:
            self.alert = Alert(str(refusal), "", "warn")
            return
        self._declared, self._count = declared, count
        self.counted_text, self.review_open = format_pesos(declared), True

    @rx.event
    def set_review(self, is_open: bool) -> None:
        """Go back to counting, with what was counted still there."""
        self.review_open = is_open and bool(self.counted_text)

    @rx.event
    async def close(self) -> None:
        """Close the shift with what was reviewed and tell the difference."""
        if not self.review_open:
            return
        data = CashCloseIn(final_cash_declared=self._declared, count=self._count)
        shift = await self.call(service.close_shift, data)
        self.review_open = False
        if shift is None:
            return
        self.closed, self.is_open = True, False
        self.counted_text = format_pesos(shift.final_cash_declared)
        self.outcome = difference(shift.final_cash_declared, shift.final_cash_system)


def _look(work: Work) -> tuple[CashSessionOut | None, list[CashSessionWithUserOut], str]:
    rows = service.list_shifts(work, limit=PAGE + 1)
    try:
        shift = service.current_shift(work)
    except NoOpenShift:
        return None, rows, ""
    started = santiago_date(shift.start_time)
    when = "de hoy" if started == work.today else f"del {day(started)}"
    return shift, rows, f"Desde las {time_of_day(shift.start_time)} {when}"


def _row(shift: CashSessionWithUserOut) -> ShiftRow:
    started, ended = shift.start_time, shift.end_time
    first = santiago_date(started)
    hours = f"desde las {time_of_day(started)}"
    if ended:
        last = time_of_day(ended) if santiago_date(ended) == first else moment(ended)
        hours = f"{time_of_day(started)} – {last}"
    name = shift.user.name or shift.user.email or ""
    if shift.status != service.CLOSED:
        verdict, tone = ("Cerrada sin contar", "warn") if ended else ("Abierta", "plain")
        return ShiftRow(shift.id, name, day(first), hours, "", verdict, tone)
    told = difference(shift.final_cash_declared, shift.final_cash_system)
    counted = format_pesos(shift.final_cash_declared)
    return ShiftRow(shift.id, name, day(first), hours, counted, told.title, told.tone)

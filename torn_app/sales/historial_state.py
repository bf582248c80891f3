"""State of the history. The address holds the filter and the open sale; handlers only change the address."""

from dataclasses import replace
from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from torn_app.kernel.permissions import Permission
from torn_app.sales import historial_view as view
from torn_app.sales.historial_view import Address, HistoryRow, SalePanel, today
from torn_app.sales.words import NAMES, STATES, thousands
from torn_app.ui.base import Calls

PAGE = 50
MAX_KEPT = 500
"""A list grown longer than this by "Ver más" starts over when it is read again."""

_INTO_PANEL = "if (innerWidth < 1280) document.querySelector('.side [data-key=Escape]')?.focus()"
_BACK_TO_ROW = "document.querySelector('[data-row=\"{id}\"]')?.focus()"


class HistorialState(Calls, rx.State):
    """Sales found and the one that is open."""

    requires: ClassVar[Permission] = Permission.MEMBER

    loaded: bool = False
    failed: bool = False
    rows: list[HistoryRow] = []
    has_more: bool = False
    total: str = ""
    rejected: int = 0
    sale: SalePanel = SalePanel()
    tab: str = "detalle"

    q: str = ""
    typed: int = 0
    """Changes when the search box must take its text from here."""
    desde: str = ""
    hasta: str = ""
    period: str = ""
    tipo: str = ""
    estado: str = ""
    narrowed: bool = False
    filters_open: bool = False
    link: str = "/historial?"
    """Address of the list, ready to have `venta=ID` added."""
    _address: Address = Address()

    @rx.event
    async def load(self) -> EventSpec | None:
        """Read what the address asks for. A list grown by "Ver más" keeps its length."""
        address = view.read_address(self.router.url.query_parameters)
        same = replace(address, venta=None) == replace(self._address, venta=None)
        size = len(self.rows) if same and PAGE < len(self.rows) <= MAX_KEPT else PAGE
        found = await self.call(view.look, address, size)
        self.loaded, self.failed = True, found is None
        if found is None:
            return None
        self.rows, self.has_more, total, self.rejected, panel = found
        self.total = thousands(total)
        self._follow(address)
        entered = bool(panel.id) and panel.id != self.sale.id
        self.sale = panel
        if not entered:
            return None
        self.tab = "detalle"
        return rx.call_script(_INTO_PANEL)

    @rx.event
    async def more(self) -> None:
        """Read the next page."""
        found = await self.call(view.page, self._address, PAGE, self.rows[-1].id) if self.rows else None
        if found is not None:
            self.rows, self.has_more = self.rows + found[0], found[1]

    @rx.event
    def search(self, text: str) -> EventSpec:
        """Look for a number, a name or a RUT in all days."""
        self.q = text.strip()[:100]
        return self._go(replace(self._address, q=self.q))

    @rx.event
    def choose_period(self, name: str) -> EventSpec:
        """Show the days of a chip."""
        desde, hasta = view.periods(today()).get(name, (None, None))
        if name == "hoy":
            desde = hasta = None
        return self._go(replace(self._address, desde=desde, hasta=hasta, q="", estado=""))

    @rx.event
    def choose_day(self, which: str, text: str) -> EventSpec | None:
        """Set the first or the last day."""
        day = view.read_day(text)
        if which not in ("desde", "hasta") or (text and day is None):
            return None
        desde, hasta = self._address.desde, self._address.hasta
        if self._address.is_today:
            desde = hasta = today()
        desde, hasta = (day, hasta) if which == "desde" else (desde, day)
        if desde and hasta and desde > hasta:
            desde, hasta = (day, day)
        return self._go(replace(self._address, desde=desde, hasta=hasta, q=""))

    @rx.event
    def choose_type(self, tipo: str) -> EventSpec:
        """Show one type of document, or all of them when it was chosen already."""
        wanted = next((known for known in NAMES if str(known) == tipo and tipo != self.tipo), None)
        return self._go(replace(self._address, tipo=wanted))

    @rx.event
    def choose_state(self, estado: str) -> EventSpec:
        """Show the documents in a state, of all days unless days were chosen; the same one again lifts it."""
        wanted = estado if estado != self.estado and estado in STATES else ""
        return self._go(replace(self._address, estado=wanted))

    @rx.event
    def clear(self) -> EventSpec:
        """Go back to today's sales."""
        return self._go(Address())

    @rx.event
    def close(self) -> list[EventSpec]:
        """Close the panel: the list stays as it was, the focus goes back to its row."""
        return [self._go(self._address), rx.call_script(_BACK_TO_ROW.format(id=self.sale.id))]

    @rx.event
    def set_tab(self, name: str) -> None:
        """Turn to a tab of the panel."""
        self.tab = name

    @rx.event
    def toggle_filters(self) -> None:
        """Show or hide the days and the state."""
        self.filters_open = not self.filters_open

    def _go(self, address: Address) -> EventSpec:
        return rx.redirect(address.path(), replace=True)

    def _follow(self, address: Address) -> None:
        if address.q != self.q:
            self.q, self.typed = address.q, self.typed + 1
        self._address, self.period = address, address.period(today())
        self.tipo, self.estado = str(address.tipo or ""), address.estado
        days = (today(), today()) if address.is_today else (address.desde, address.hasta)
        self.desde, self.hasta = (day.isoformat() if day else "" for day in days)
        self.narrowed = address != Address(venta=address.venta)
        path = address.path()
        self.link = path + ("&" if "?" in path else "?")

"""State of the list of products. The address holds the filter and the open product."""

from dataclasses import replace
from typing import ClassVar
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec

from torn_app.kernel.permissions import Permission
from torn_app.products import inventario_view as view
from torn_app.products.inventario_view import NEW, Address, ProductRow
from torn_app.products.listing import INACTIVE, LOW, OUT
from torn_app.ui.base import Calls

PAGE = 50
MAX_KEPT = 500


class ProductsState(Calls, rx.State):
    """Products found."""

    requires: ClassVar[Permission] = Permission.MEMBER

    loaded: bool = False
    failed: bool = False
    rows: list[ProductRow] = []
    has_more: bool = False
    total: int = 0
    active: int = 0
    low: int = 0
    out: int = 0
    inactive: int = 0
    shelves: list[str] = []

    q: str = ""
    typed: int = 0
    categoria: str = ""
    estado: str = ""
    open_one: str = ""
    """Id of the open product, NEW, or nothing."""
    link: str = "/inventario?"
    _address: Address = Address()

    @rx.event
    async def load(self) -> None:
        """Read what the address asks for. A list grown by "Ver más" keeps its length."""
        address = view.read_address(self.router.url.query_parameters)
        same = replace(address, producto="") == replace(self._address, producto="")
        size = len(self.rows) if same and PAGE < len(self.rows) <= MAX_KEPT else PAGE
        found = await self.call(view.look, address, size)
        self.loaded, self.failed = True, found is None
        if found is None:
            return
        self.rows, self.has_more, self.total, counts, self.shelves = found
        self.active, self.low, self.out, self.inactive = counts.active, counts.low, counts.out, counts.inactive
        if address.q != self.q:
            self.q, self.typed = address.q, self.typed + 1
        self._address, self.categoria, self.estado = address, address.categoria, address.estado
        self.open_one = address.producto
        path = address.path()
        self.link = path + ("&" if "?" in path else "?")

    @rx.event
    async def more(self) -> None:
        """Read the next page."""
        found = await self.call(view.page, self._address, PAGE, self.rows[-1].id) if self.rows else None
        if found is not None:
            self.rows, self.has_more = self.rows + found[0], found[1]

    @rx.event
    def search(self, text: str) -> EventSpec:
        """Look for a name, a code or a bar code, also among the inactive."""
        self.q = text.strip()[:100]
        return self._go(replace(self._address, q=self.q))

    @rx.event
    def choose_state(self, estado: str) -> EventSpec:
        """Narrow the list to what runs low, is out or is inactive; an empty text shows what is active."""
        return self._go(replace(self._address, estado=estado if estado in (LOW, OUT, INACTIVE) else ""))

    @rx.event
    def choose_shelf(self, categoria: str) -> EventSpec:
        """Show one category, or all."""
        return self._go(replace(self._address, categoria=categoria[:60]))

    @rx.event
    def clear(self) -> EventSpec:
        """Show everything again."""
        return self._go(Address())

    @rx.event
    def create_searched(self) -> EventSpec:
        """Open the form of a new product with the searched words as its name."""
        return rx.redirect(f"/inventario?{urlencode({'producto': NEW, 'nombre': self.q})}")

    @rx.event
    def close(self) -> list[EventSpec]:
        """Close the panel: the list stays as it was, the focus goes back to its row."""
        back = f"document.querySelector('[data-row=\"{self.open_one}\"]')?.focus()"
        return [self._go(self._address), rx.call_script(back)]

    def _go(self, address: Address) -> EventSpec:
        return rx.redirect(address.path(), replace=True)

"""State of the customers: the list, and the panel of one. The address holds the search and the open customer."""

from typing import Any, ClassVar
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec

from torn_app.customers import clientes_view as view
from torn_app.customers.clientes_view import NEW, Address, CustomerForm, CustomerRow
from torn_app.kernel.permissions import Permission
from torn_app.ui.base import Calls

PAGE = 50
MAX_KEPT = 500


class CustomersState(Calls, rx.State):
    """Customers found and the one that is open."""

    requires: ClassVar[Permission] = Permission.MEMBER

    loaded: bool = False
    failed: bool = False
    rows: list[CustomerRow] = []
    has_more: bool = False
    total: int = 0
    q: str = ""
    typed: int = 0
    open_one: str = ""
    link: str = "/clientes?"
    form: CustomerForm = CustomerForm()
    version: int = 0
    """Changes with every customer opened, so that the fields take the new texts."""
    gives_credit: bool = False
    saved: str = ""
    _address: Address = Address()
    _just_saved: bool = False

    @rx.event
    async def load(self) -> None:
        """Read what the address asks for. A list grown by "Ver más" keeps its length."""
        address = view.read_address(self.router.url.query_parameters)
        same = address.q == self._address.q
        size = len(self.rows) if same and PAGE < len(self.rows) <= MAX_KEPT else PAGE
        found = await self.call(view.page, address.q, size)
        self.loaded, self.failed = True, found is None
        if found is None:
            return
        self.rows, self.has_more, self.total = found
        if address.q != self.q:
            self.q, self.typed = address.q, self.typed + 1
        self._address = address
        self.saved, self._just_saved = self.saved if self._just_saved else "", False
        path = address.path()
        self.link = path + ("&" if "?" in path else "?")
        if address.cliente and address.cliente != self.open_one:
            await self._open(address.cliente)
        elif not address.cliente:
            self.open_one = ""

    @rx.event
    async def more(self) -> None:
        """Read the next page."""
        found = await self.call(view.page, self._address.q, PAGE, self.rows[-1].id) if self.rows else None
        if found is not None:
            self.rows, self.has_more = self.rows + found[0], found[1]

    @rx.event
    def search(self, text: str) -> EventSpec:
        """Look for a name or a RUT, with or without points."""
        self.q = text.strip()[:100]
        return rx.redirect(Address(self.q, self._address.cliente).path(), replace=True)

    @rx.event
    def clear(self) -> EventSpec:
        """Show everybody again."""
        return rx.redirect("/clientes", replace=True)

    @rx.event
    def create_searched(self) -> EventSpec:
        """Open the form of a new customer with what was searched."""
        return rx.redirect(f"/clientes?{urlencode({'cliente': NEW, 'dato': self.q})}")

    @rx.event
    def close(self) -> list[EventSpec]:
        """Close the panel: the list stays as it was, the focus goes back to its row."""
        back = f"document.querySelector('[data-row=\"{self.form.id}\"]')?.focus()"
        return [rx.redirect(self._address.path(), replace=True), rx.call_script(back)]

    @rx.event
    def check_rut(self, text: str) -> None:
        """Say at once whether the RUT that was typed can be right."""
        wrong = view.read_rut(text)[1] if text.strip() else ""
        others = {name: words for name, words in self.field_errors.items() if name != "rut"}
        self.field_errors = others | ({"rut": wrong} if wrong else {})

    @rx.event
    async def save(self, form: dict[str, Any]) -> list[EventSpec] | EventSpec | None:
        """Create or change the customer, then go back to the list."""
        self.clear_alert()
        fields, errors = view.read_form(
            {str(key): str(value) for key, value in form.items()}, gives_credit=self.gives_credit
        )
        if errors:
            self.field_errors = errors
            return rx.call_script("setTimeout(() => document.querySelector('.side [aria-invalid=true]')?.focus(), 60)")
        customer = await self.call(view.save, self.form.rut, fields)
        if customer is None:
            return None
        self.saved, self._just_saved = f"«{customer.razon_social}» quedó guardado.", True
        return self.close()

    async def _open(self, wanted: str) -> None:
        found = await self.call(view.look, wanted)
        if found is None:
            return
        customer, self.gives_credit = found
        given = str(self.router.url.query_parameters.get("dato", ""))[:100]
        rut = view.read_rut(given)[0]
        blank = CustomerForm(rut_text=given if rut else "", razon_social="" if rut else given)
        self.form = view.form_of(customer) if customer else blank
        self.version, self.open_one = self.version + 1, wanted

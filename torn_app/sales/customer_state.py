"""State of whom one sells to: search, choose, create, complete what an invoice needs."""

from typing import Any, ClassVar

import reflex as rx
from pydantic import ValidationError

from torn_app.customers.schemas import CustomerIn, CustomerOut, CustomerPatch
from torn_app.customers.service import create_customer, get_customer, search_customers, update_customer
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import GENERIC_CUSTOMER, RutInvalido, format_rut, normalize_rut
from torn_app.sales.checkout import Buyer, missing_data
from torn_app.sales.pos_state import TillState
from torn_app.sales.pos_views import CustomerView, customer_view
from torn_app.ui.base import Calls
from torn_app.ui.forms import form_errors


class CustomerState(Calls, rx.State):
    """The customer of the ticket. The ticket keeps only the RUT; the data is read again every time."""

    requires: ClassVar[Permission] = Permission.SELL

    chosen: CustomerView = CustomerView()
    found: list[CustomerView] = []
    query: str = ""
    searched: bool = False
    is_new: bool = False
    dialog_open: bool = False
    new_rut: str = ""
    new_name: str = ""
    missing: list[str] = []
    missing_text: str = ""

    @rx.event
    async def load(self) -> None:
        """Read the customer of the ticket this browser kept."""
        rut = (await self.get_state(TillState))._cart().rut
        customer = await self.call(get_customer, rut) if rut else None
        self._take(customer)

    @rx.event
    async def set_dialog(self, is_open: bool) -> None:
        """Open or close the choice of customer beside the catalogue."""
        self.dialog_open = bool(is_open)
        self._reset_search()

    @rx.event
    async def search(self, text: str) -> None:
        """Look for customers by RUT or name."""
        self.query = str(text)[:100]
        rows = await self.call(search_customers, self.query) if self.query.strip() else []
        if rows is not None:
            self.found = [customer_view(row) for row in rows if row.rut != GENERIC_CUSTOMER]
            self.searched = bool(self.query.strip())

    @rx.event
    async def choose(self, rut: str) -> None:
        """Make a customer the one of the ticket; none with an empty text."""
        customer = await self.call(get_customer, str(rut)) if rut else None
        if customer is not None or not rut:
            await self._set(customer)

    @rx.event
    async def start_new(self) -> None:
        """Begin a new customer with what was searched for."""
        self.is_new, self.field_errors = True, {}
        try:
            self.new_rut, self.new_name = format_rut(normalize_rut(self.query)), ""
        except RutInvalido:
            self.new_rut, self.new_name = "", self.query

    @rx.event
    async def cancel_new(self) -> None:
        """Return to the search."""
        self.is_new = False

    @rx.event
    async def create(self, form: dict[str, Any]) -> None:
        """Create the customer that was typed and choose them."""
        try:
            data = CustomerIn.model_validate(form)
        except ValidationError as error:
            self.field_errors = form_errors(error)
            return
        customer = await self.call(create_customer, data)
        if customer is not None:
            await self._set(customer)

    @rx.event
    async def complete(self, form: dict[str, Any]) -> None:
        """Save what an invoice needs in the customer's own data."""
        try:
            data = CustomerPatch.model_validate(form)
        except ValidationError as error:
            self.field_errors = form_errors(error)
            return
        customer = await self.call(update_customer, self.chosen.rut, data)
        if customer is not None:
            await self._set(customer)

    def _buyer(self) -> Buyer | None:
        """Return what the checkout must know of the customer."""
        if not self.chosen.rut:
            return None
        words = missing_data(self.chosen.giro, self.chosen.direccion, self.chosen.comuna)
        chosen = self.chosen
        return Buyer(tuple(words.values()), chosen.has_credit, chosen.name, chosen.email, chosen.telefono)

    def _forget(self) -> None:
        self._take(None)
        self._reset_search()

    async def _set(self, customer: CustomerOut | None) -> None:
        till = await self.get_state(TillState)
        cart = till._cart().model_copy(update={"rut": customer.rut if customer else None})
        if not await till._change(cart, selected=till.selected):
            self.alert = till.alert
            return
        self._take(customer)
        self.dialog_open = False
        self._reset_search()

    def _take(self, customer: CustomerOut | None) -> None:
        self.chosen = customer_view(customer) if customer else CustomerView()
        words = missing_data(self.chosen.giro, self.chosen.direccion, self.chosen.comuna) if customer else {}
        self.missing = list(words)
        self.missing_text = "Falta 1 dato" if len(words) == 1 else f"Faltan {len(words)} datos" if words else ""

    def _reset_search(self) -> None:
        self.query, self.found, self.searched, self.is_new = "", [], False, False
        self.new_rut, self.new_name = "", ""

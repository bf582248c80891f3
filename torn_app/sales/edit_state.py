"""State of the small forms over the ticket: a line, the discount of the sale, the document."""

from decimal import Decimal
from typing import Any, ClassVar

import reflex as rx
from pydantic import ValidationError

from torn_app.kernel.money import format_pesos
from torn_app.kernel.permissions import Permission
from torn_app.sales import cart as carts
from torn_app.sales.cart import Cart
from torn_app.sales.pos_state import TillState
from torn_app.ui.base import Calls
from torn_app.ui.format import quantity

WRONG = "Escriba un número, como 10 o 0,5."


class EditState(Calls, rx.State):
    """Which form is open and what it began with."""

    requires: ClassVar[Permission] = Permission.SELL

    form: str = ""
    """`line`, `discount`, `documents`, `keys` or nothing."""
    name: str = ""
    quantity: str = ""
    discount: str = ""
    is_pct: bool = True
    times: int = 0
    """Changes when a form opens, so that its fields begin anew."""
    _index: int = -1

    @rx.event
    async def open_line(self, index: int) -> None:
        """Open the form of a line."""
        till = await self.get_state(TillState)
        lines = till._cart().lines
        if not 0 <= index < len(lines):
            return
        line = lines[index]
        self._index, self.name, self.quantity = index, till.lines[index].name, quantity(line.cantidad)
        self._begin(till, "line", line.descuento_pct, line.descuento_monto)

    @rx.event
    async def open_discount(self) -> None:
        """Open the form of the discount on the whole sale."""
        till = await self.get_state(TillState)
        cart = till._cart()
        if cart.lines:
            self._begin(till, "discount", cart.descuento_pct, cart.descuento_monto)

    @rx.event
    async def open_documents(self) -> None:
        """Open the choice of document."""
        self._begin(await self.get_state(TillState), "documents", None, None)

    @rx.event
    async def open_keys(self) -> None:
        """Show the map of the keyboard."""
        self.form = "keys"

    @rx.event
    async def set_open(self, is_open: bool) -> None:
        """Close the form."""
        if not is_open:
            self.form = ""

    @rx.event
    async def set_pct(self, is_pct: bool) -> None:
        """Read the discount as a percentage, or as pesos."""
        self.is_pct = bool(is_pct)

    @rx.event
    async def save_line(self, form: dict[str, Any]) -> None:
        """Change quantity and discount of the line."""
        count = carts.parse_quantity(str(form.get("quantity", "")))
        if count is None:
            self.field_errors = {"quantity": WRONG}
            return
        till = await self.get_state(TillState)

        def edit(cart: Cart, pct: Decimal | None, monto: int | None) -> Cart:
            return carts.set_line_discount(
                carts.set_quantity(cart, self._index, count), self._index, pct=pct, monto=monto
            )

        await self._save(till, form, edit, self._index)

    @rx.event
    async def save_discount(self, form: dict[str, Any]) -> None:
        """Change the discount of the whole sale."""
        till = await self.get_state(TillState)

        def edit(cart: Cart, pct: Decimal | None, monto: int | None) -> Cart:
            return carts.set_discount(cart, pct=pct, monto=monto)

        await self._save(till, form, edit, till.selected)

    def _begin(self, till: TillState, form: str, pct: Decimal | None, monto: int | None) -> None:
        till.clear_alert()
        self.form, self.field_errors, self.is_pct = form, {}, monto is None
        self.discount = quantity(pct) if pct else format_pesos(monto) if monto else ""
        self.times += 1

    async def _save(self, till: TillState, form: dict[str, Any], edit: Any, selected: int) -> None:
        text = str(form.get("discount", "")).strip().removesuffix("%").replace("$", "")
        off = carts.parse_quantity(text) if self.is_pct else carts.parse_quantity(text.replace(".", ""))
        if text.strip(" 0") and (off is None or (self.is_pct and off > 100)):
            self.field_errors = {"discount": "Escriba un porcentaje de 0 a 100." if self.is_pct else WRONG}
            return
        try:
            cart = edit(till._cart(), off if self.is_pct else None, None if self.is_pct or off is None else int(off))
        except ValidationError:
            self.field_errors = {"discount": WRONG}
            return
        if await till._change(cart, selected=selected):
            self.form = ""

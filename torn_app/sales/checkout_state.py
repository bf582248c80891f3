"""State of the checkout: document, ways to pay, amounts."""

from decimal import Decimal
from typing import ClassVar

import reflex as rx

from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import format_pesos
from torn_app.kernel.permissions import Permission
from torn_app.sales import cart as carts
from torn_app.sales.checkout import Part, add_payment, needs_customer, whole_payment
from torn_app.sales.customer_state import CustomerState
from torn_app.sales.pos_state import TillState
from torn_app.sales.pos_views import PartView, PayView, part_views, pay_view
from torn_app.ui.base import Calls
from torn_app.ui.format import parse_pesos


class CheckoutState(Calls, rx.State):
    """The payments of the ticket. Its total is `TillState`'s, its customer `CustomerState`'s."""

    requires: ClassVar[Permission] = Permission.SELL

    chosen: int = 0
    split: bool = False
    parts: list[PartView] = []
    pay: PayView = PayView()
    received: str = "$0"
    needs_customer: bool = False
    document_word: str = "boleta"
    other_documents: bool = False
    pad_open: bool = False
    _parts: list[Part] = []
    _typed: bool = False
    _code: str = ""
    _stamp: int = 0

    @rx.event
    async def open(self) -> None:
        """Begin to charge: in cash, the exact amount."""
        till = await self.get_state(TillState)
        if not till.lines or not till.methods:
            return
        self.clear_alert()
        self.split, self.other_documents, self.pad_open, self._code = False, till.tipo_dte in (34, 41), False, ""
        self._single(till, till.methods[0].id)
        till.face, till.sheet_open = "pay", False
        await self._refresh(till)

    @rx.event
    async def refresh(self) -> None:
        """Look again at customer and total: after another customer was chosen or completed."""
        till = await self.get_state(TillState)
        if till.face == "pay":
            await self._refresh(till)

    @rx.event
    async def back(self) -> None:
        """Return to the ticket, which is as it was."""
        till = await self.get_state(TillState)
        till.face = "sell"

    @rx.event
    async def choose_document(self, tipo_dte: int) -> None:
        """Change the document; lines, customer and payments stay."""
        till = await self.get_state(TillState)
        if tipo_dte not in (33, 34, 39, 41) or not till.lines:
            return
        weights = [carts.Weight(line.monto, Decimal(line.factor)) for line in till.lines]
        await till._change(carts.switch_document(till._cart(), tipo_dte, weights), selected=till.selected)
        self.alert = till.alert
        if till.face == "pay":
            await self._refresh(till)

    @rx.event
    async def choose_method(self, method_id: int) -> None:
        """Pay in this way; while the payment is split, pay what is missing in this way."""
        till = await self.get_state(TillState)
        if method_id not in {method.id for method in till.methods}:
            return
        if self.split:
            code = next(method.code for method in till.methods if method.id == method_id)
            self._parts = add_payment(self._parts, method_id, code, till.totals.total)
        else:
            self._single(till, method_id)
        await self._refresh(till)

    @rx.event
    async def receive(self, index: int, text: str) -> None:
        """Take the amount of a payment as it was typed."""
        if not 0 <= index < len(self._parts):
            return
        part = self._parts[index]
        amount = min(parse_pesos(str(text)), 10**12)
        self._parts = [*self._parts[:index], Part(part.method_id, part.code, amount), *self._parts[index + 1 :]]
        self._typed = True
        await self._refresh(await self.get_state(TillState), redraw=False)

    @rx.event
    async def set_split(self, is_split: bool) -> None:
        """Pay in several ways, or in one again."""
        till = await self.get_state(TillState)
        self.split = bool(is_split)
        if not self.split and self._parts:
            self._single(till, self._parts[0].method_id)
        await self._refresh(till)

    @rx.event
    async def remove_part(self, index: int) -> None:
        """Take one of the payments away."""
        if len(self._parts) > 1 and 0 <= index < len(self._parts):
            self._parts = [*self._parts[:index], *self._parts[index + 1 :]]
            await self._refresh(await self.get_state(TillState))

    @rx.event
    async def set_code(self, text: str) -> None:
        """Take the number of the card or transfer operation."""
        self._code = str(text)[:100]

    @rx.event
    async def set_pad(self, is_open: bool) -> None:
        """Open or close the keypad of the phone."""
        self.pad_open = bool(is_open)

    @rx.event
    async def toggle_documents(self) -> None:
        """Show or hide the documents one seldom needs."""
        self.other_documents = not self.other_documents

    def _single(self, till: TillState, method_id: int) -> None:
        code = next(method.code for method in till.methods if method.id == method_id)
        self._parts, self._typed = [whole_payment(method_id, code, till.totals.total)], False

    async def _refresh(self, till: TillState, *, redraw: bool = True) -> None:
        total = till.totals.total
        where_typed = self._typed and sum(part.amount for part in self._parts) >= total
        if redraw and not self.split and not where_typed and self._parts:
            self._single(till, self._parts[0].method_id)
        buyer = (await self.get_state(CustomerState))._buyer()
        self.pay = pay_view(TipoDte(till.tipo_dte), total, self._parts, buyer, till._boleta_limit)
        self.needs_customer = needs_customer(TipoDte(till.tipo_dte))
        self.document_word = till.document.lower()
        self.received = format_pesos(self._parts[0].amount) if self._parts else "$0"
        self.chosen = self._parts[-1].method_id if self._parts else 0
        if redraw:
            self._stamp += 1
            self.parts = part_views(self._parts, till.methods, self._stamp)

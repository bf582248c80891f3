"""State of what one does to the lines of the ticket: choose, count, take away, and take that back."""

from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from torn_app.kernel.permissions import Permission
from torn_app.sales import cart as carts
from torn_app.sales.cart import Cart
from torn_app.sales.pos_state import TillState

UNDO_SECONDS = 8


class TicketState(rx.State):
    """Changes to the lines. The ticket itself is `TillState`'s."""

    requires: ClassVar[Permission] = Permission.SELL

    undo_text: str = ""
    _before: str = ""
    _times: int = 0

    @rx.event
    async def select(self, index: int) -> None:
        """Open a line; its tools show under it."""
        till = await self.get_state(TillState)
        till.selected = index

    @rx.event
    async def move(self, by: int) -> None:
        """Open the line above (-1) or below (1)."""
        till = await self.get_state(TillState)
        if till.lines:
            till.selected = min(max(till.selected + by, 0), len(till.lines) - 1)

    @rx.event
    async def step(self, by: int) -> None:
        """Add or take one unit of the open line."""
        till = await self.get_state(TillState)
        at = till.selected
        await till._change(carts.step_quantity(till._cart(), at, 1 if by > 0 else -1), selected=at)

    @rx.event
    async def remove(self, index: int) -> EventSpec | None:
        """Take a line away, with a way back."""
        till = await self.get_state(TillState)
        if not 0 <= index < len(till.lines):
            return None
        text = f"{till.lines[index].name} quitado."
        return await self._undoable(till, carts.remove_line(till._cart(), index), text)

    @rx.event
    async def clear(self) -> EventSpec | None:
        """Empty the ticket, with a way back."""
        till = await self.get_state(TillState)
        if not till.lines:
            return None
        return await self._undoable(till, Cart(owner=till._owner), "Ticket vaciado.")

    @rx.event
    async def undo(self) -> None:
        """Bring back what was just taken away."""
        till = await self.get_state(TillState)
        before, self._before, self.undo_text = self._before, "", ""
        if before:
            await till._change(carts.read_cart(before, till._owner))

    @rx.event
    async def forget(self, times: str) -> None:
        """Let go of what was taken away, unless something else was taken since."""
        if times == str(self._times):
            self._before, self.undo_text = "", ""

    async def _undoable(self, till: TillState, cart: Cart, text: str) -> EventSpec | None:
        before = till.kept
        if not await till._change(cart):
            return None
        self._times += 1
        self._before, self.undo_text, till.spoken = before, text, text
        script = f"new Promise((done) => setTimeout(() => done('{self._times}'), {UNDO_SECONDS * 1000}))"
        return rx.call_script(script, callback=TicketState.forget)

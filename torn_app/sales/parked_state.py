"""State of the tickets put aside until the customer comes back. They live in the browser, like the ticket."""

from dataclasses import dataclass
from typing import ClassVar

import reflex as rx

from torn_app.kernel.permissions import Permission
from torn_app.sales import cart as carts
from torn_app.sales.cart import Cart
from torn_app.sales.customer_state import CustomerState
from torn_app.sales.pos_state import TillState
from torn_app.ui.base import Alert


@dataclass
class ParkedView:
    """A ticket put aside."""

    index: int
    title: str
    detail: str


class ParkedState(rx.State):
    """The tickets put aside on this machine by this person."""

    requires: ClassVar[Permission] = Permission.SELL

    kept: str = rx.LocalStorage("", name="torn-parked")
    parked: list[ParkedView] = []
    count: int = 0
    is_open: bool = False

    @rx.event
    async def load(self) -> None:
        """Read what this browser kept."""
        self._draw((await self.get_state(TillState))._owner)

    @rx.event
    async def park(self) -> None:
        """Put the ticket aside; with an empty one, show those put aside."""
        till = await self.get_state(TillState)
        cart, kept = till._cart(), carts.read_parked(self.kept, till._owner)
        if not cart.lines:
            self.is_open = bool(kept)
            return
        if len(kept) >= carts.MAX_PARKED:
            till.alert = Alert(
                "Hay demasiadas ventas en espera.", "Cobre o vacíe alguna antes de guardar otra.", "warn"
            )
            return
        if await till._change(Cart(owner=till._owner)):
            (await self.get_state(CustomerState))._forget()
            self.kept = carts.write_parked([*kept, cart])
            till.sheet_open, till.spoken = False, "Venta en espera."
            self._draw(till._owner)

    @rx.event
    async def set_open(self, is_open: bool) -> None:
        """Show or hide the tickets put aside."""
        self.is_open = bool(is_open) and self.count > 0

    @rx.event
    async def resume(self, index: int) -> None:
        """Take a ticket up again; the one in hand takes its place."""
        till = await self.get_state(TillState)
        kept = list(carts.read_parked(self.kept, till._owner))
        if not 0 <= index < len(kept):
            return
        now, wanted = till._cart(), kept.pop(index)
        if await till._change(wanted):
            if now.lines:
                kept.append(now)
            self.kept, self.is_open = carts.write_parked(kept), False
            self._draw(till._owner)

    def _draw(self, owner: str) -> None:
        kept = carts.read_parked(self.kept, owner)
        self.parked = [
            ParkedView(
                at, f"Venta {at + 1}", carts.count_text(len(cart.lines)) + (" · con cliente" if cart.rut else "")
            )
            for at, cart in enumerate(kept)
        ]
        self.count = len(kept)

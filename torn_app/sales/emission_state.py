"""State of the moment of selling, and of the sale that is done."""

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import reflex as rx

from torn_app.kernel.permissions import Permission
from torn_app.sales import cart as carts
from torn_app.sales.cart import Cart
from torn_app.sales.catalogue_state import CatalogueState
from torn_app.sales.checkout_state import CheckoutState
from torn_app.sales.customer_state import CustomerState
from torn_app.sales.payment_methods import EFECTIVO
from torn_app.sales.pos_state import TillState
from torn_app.sales.pos_views import SoldView, sold_view
from torn_app.sales.schemas import SalePaymentIn
from torn_app.sales.till import sell_once
from torn_app.ui.base import Alert, Calls


class EmissionState(Calls, rx.State):
    """Sells the ticket with the payments of the checkout."""

    requires: ClassVar[Permission] = Permission.SELL

    busy: bool = False
    sold: SoldView = SoldView()

    @rx.event
    async def emit(self) -> AsyncIterator[Any]:
        """Sell. A second press, even after a lost answer, finds the same sale."""
        till = await self.get_state(TillState)
        checkout = await self.get_state(CheckoutState)
        await checkout._refresh(till, redraw=False)
        if till.face != "pay" or checkout.pay.blocked:
            return
        self.busy = True
        yield
        cart, parts = till._cart(), [part for part in checkout._parts if part.amount]
        payments = [
            SalePaymentIn(
                payment_method_id=part.method_id,
                amount=part.amount,
                transaction_code=None if part.code == EFECTIVO else checkout._code,
            )
            for part in parts
        ]
        sold = await self.call(sell_once, cart.key, carts.sale_of(cart, payments))
        self.busy = False
        if sold is None:
            checkout.alert = self.alert if self.alert.title else Alert(next(iter(self.field_errors.values()), ""))
            return
        self.sold, checkout.pad_open = sold_view(sold, parts), False
        await till._change(Cart(owner=till._owner))
        (await self.get_state(CustomerState))._forget()
        till.face, till.spoken = "done", f"{self.sold.title}. {self.sold.label} {self.sold.figure}"
        yield CatalogueState.load

    @rx.event
    async def new_sale(self) -> None:
        """Leave the finished sale."""
        till = await self.get_state(TillState)
        till.face = "sell"

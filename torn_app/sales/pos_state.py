"""State of the till: the shift, the ticket and which of its three faces shows (selling, paying, sold)."""

import uuid
from typing import Any, ClassVar

import reflex as rx

from torn_app.cash.rules import MAX_CASH
from torn_app.cash.schemas import CashOpenIn
from torn_app.cash.service import open_shift
from torn_app.kernel.fields import MAX_ID
from torn_app.kernel.permissions import Permission
from torn_app.products.catalog import find_by_code, search_catalog
from torn_app.sales import cart as carts
from torn_app.sales.cart import Cart
from torn_app.sales.catalogue_state import CatalogueState
from torn_app.sales.pos_views import DOCUMENT_NAMES, Drawn, LineView, MethodView, TotalsView, draw, method_views
from torn_app.sales.preview import preview_sale
from torn_app.sales.till import open_till
from torn_app.ui.base import Alert, Calls
from torn_app.ui.format import parse_pesos


class TillState(Calls, rx.State):
    """The ticket. Its one truth is the text in `kept`, checked at every use; all else here is drawn from it."""

    requires: ClassVar[Permission] = Permission.SELL

    kept: str = rx.LocalStorage("", name="torn-cart")
    ready: bool = False
    has_shift: bool = False
    face: str = "sell"
    """`sell`, `pay` or `done`."""
    tipo_dte: int = 39
    document: str = "Boleta"
    lines: list[LineView] = []
    counts: dict[str, str] = {}
    totals: TotalsView = TotalsView()
    selected: int = -1
    spoken: str = ""
    unknown_code: str = ""
    sheet_open: bool = False
    methods: list[MethodView] = []
    _owner: str = ""
    _boleta_limit: int | None = None
    _stamp: int = 0

    @rx.event
    async def load(self) -> None:
        """Read how the till stands and take up the ticket this browser kept."""
        till = await self.call(open_till, self.kept)
        if till is None:
            return
        self._owner, self.has_shift, self._boleta_limit = till.owner, till.has_shift, till.boleta_limit
        self.methods = method_views(till.methods)
        cart = carts.read_cart(till.cart, till.owner)
        # A customer or a discount that no longer holds must not keep the ticket from coming back.
        plain = cart.model_copy(update={"rut": None, "tipo_dte": 39, "descuento_pct": None, "descuento_monto": None})
        if not await self._change(cart) and not await self._change(plain):
            await self._change(Cart(owner=till.owner))
        if till.dropped:
            self.alert = Alert(f"Salieron del ticket {carts.count_text(till.dropped)} que ya no se venden.", "", "warn")
        self.face = "sell" if self.face == "pay" else self.face
        self.ready = True

    @rx.event
    async def open_shift(self, form: dict[str, Any]) -> None:
        """Open the cash drawer with the float that was typed."""
        amount = parse_pesos(str(form.get("start_amount", "")))
        if amount > MAX_CASH:
            self.alert = Alert("Es más de lo que cabe en un cajón.", "Revise el monto.", "warn")
            return
        if await self.call(open_shift, CashOpenIn(start_amount=amount)) is not None:
            self.has_shift = True

    @rx.event
    async def add(self, product_id: int) -> None:
        """Put one unit of a product in the ticket."""
        if 1 <= product_id <= MAX_ID:
            await self._add(product_id)

    @rx.event
    async def scan(self, code: str) -> None:
        """Put what the scanner read in the ticket, also while it is being charged. After a sale it begins the next."""
        if not self.has_shift:
            return
        tile = await self.call(find_by_code, str(code)[:60])
        self.unknown_code = str(code)[:60] if tile is None and not self.alert.title else ""
        if tile is None:
            self.spoken = f"No existe el código {self.unknown_code}" if self.unknown_code else self.alert.title
            return
        if tile.stock_state == "out":
            self.spoken = f"{tile.name} está agotado."
            self.alert = Alert(self.spoken, "Si lo tiene en la mano, hay que corregir su stock.", "warn")
            return
        await self._add(tile.id)

    @rx.event
    async def enter(self, form: dict[str, Any]) -> list[Any] | None:
        """Put in the ticket what was searched for, when it is one product: by its code, or the only one found."""
        text = str(form.get("text", "")).strip()[:100]
        found = await self.call(find_by_code, text) if text else None
        if text and found is None:
            some = await self.call(search_catalog, text, None, 2)
            found = some[0] if some and len(some) == 1 else None
        if found is None or found.stock_state == "out":
            return None
        await self._add(found.id)
        return [rx.set_value("catalogue-search", ""), CatalogueState.search("")]

    @rx.event
    async def forget_code(self) -> None:
        """Take back what was said of an unknown code."""
        self.unknown_code = ""

    @rx.event
    async def set_sheet(self, is_open: bool) -> None:
        """Open or close the ticket of the phone."""
        self.sheet_open = bool(is_open)

    def _cart(self) -> Cart:
        return carts.read_cart(self.kept, self._owner)

    async def _add(self, product_id: int) -> None:
        if self.face == "done":
            self.face = "sell"
        cart, at = carts.add_product(self._cart(), product_id, uuid.uuid4().hex)
        if await self._change(cart, selected=at, flash=at):
            line = self.lines[at]
            self.spoken = f"{line.name}, {line.detail}. Total {self.totals.text}"

    async def _change(self, cart: Cart, *, selected: int = -1, flash: int = -1) -> bool:
        """Price a ticket and make it the one of this till, or say why not and leave things as they were."""
        preview = await self.call(preview_sale, carts.sale_of(cart)) if cart.lines else None
        if cart.lines and preview is None:
            self.alert = self.alert if self.alert.title else Alert(next(iter(self.field_errors.values()), ""))
            return False
        self._stamp += flash >= 0
        drawn: Drawn = draw(cart, preview, flash, self._stamp)
        self.kept = carts.write_cart(cart)
        self.lines, self.counts, self.totals, self.selected = drawn.lines, drawn.counts, drawn.totals, selected
        self.tipo_dte, self.document = cart.tipo_dte, DOCUMENT_NAMES[cart.tipo]
        return True

"""State of the panel of one product: read it, create it, change it."""

from typing import Any, ClassVar

import reflex as rx
from reflex.event import EventSpec

from torn_app.kernel.permissions import Permission
from torn_app.products import inventario_view as view
from torn_app.products.form import ProductForm, form_of, full_rate, look, net_text, read_form, save
from torn_app.products.state import ProductsState
from torn_app.ui.base import Calls
from torn_app.ui.format import parse_pesos


class ProductFormState(Calls, rx.State):
    """The product that is open and what it may be given."""

    requires: ClassVar[Permission] = Permission.MEMBER

    form: ProductForm = ProductForm()
    version: int = 0
    """Changes with every product opened, so that the fields take the new texts."""
    net: str = ""
    counted: bool = False
    saved: str = ""
    taxes: list[tuple[str, str]] = []
    additional_taxes: list[tuple[str, str]] = []
    brands: list[tuple[str, str]] = []
    categories: list[str] = []
    _rates: dict[str, str] = {}
    _tax: str = ""
    _additional: str = ""
    _price: int = 0
    _just_saved: bool = False

    @rx.event
    async def load(self) -> None:
        """Fill the form with the product of the address."""
        wanted = view.read_address(self.router.url.query_parameters).producto
        self.saved, self._just_saved = self.saved if self._just_saved else "", False
        if not wanted:
            self.form = ProductForm()
            return
        found = await self.call(look, wanted)
        if found is None:
            return
        choices, product = found
        self.taxes, self.brands, self.categories = choices.taxes, choices.brands, choices.categories
        self._rates, self.additional_taxes = choices.rates, choices.additional
        name = str(self.router.url.query_parameters.get("nombre", ""))[:200]
        usual = choices.taxes[0][0] if choices.taxes else ""
        self.form = form_of(product, usual) if product else ProductForm(name=name, tax=usual)
        self.version, self.counted = self.version + 1, self.form.counted
        self._price, self._tax, self._additional = parse_pesos(self.form.price), self.form.tax, self.form.additional
        self._say_net()

    @rx.event
    def type_price(self, text: str) -> None:
        """Show the net of the price being typed."""
        self._price = parse_pesos(text[:20])
        self._say_net()

    @rx.event
    def choose_tax(self, tax: str) -> None:
        """Show the net with another tax."""
        self._tax = tax
        self._say_net()

    @rx.event
    def choose_additional(self, code: str) -> None:
        """Show the net with another additional tax."""
        self._additional = code if code in dict(self.additional_taxes) else ""
        self._say_net()

    @rx.event
    def count_stock(self, counted: bool) -> None:
        """Ask for quantities only when the product is counted."""
        self.counted = counted

    @rx.event
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Create or change the product, then go back to the list."""
        self.clear_alert()
        typed = {str(key): str(value) for key, value in form.items()}
        fields, errors = read_form(typed, self.form, self._rates)
        if errors:
            self.field_errors = errors
            return rx.call_script("setTimeout(() => document.querySelector('.side [aria-invalid=true]')?.focus(), 60)")
        product = await self.call(save, self.form.id, fields)
        if product is None:
            return None
        self.saved, self._just_saved = f"«{product.full_name}» quedó guardado.", True
        return ProductsState.close()

    def _say_net(self) -> None:
        self.net = net_text(self._price, full_rate(self._tax, self._additional, self._rates))

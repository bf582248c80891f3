"""The ticket before it is a sale: what, how much, for whom, with which discount. Pure; it knows no price.

It lives in the browser as text, so that a reload or a new login loses nothing. What comes back from there is checked
like any other input; prices and totals come from `sales.preview.preview_sale`, every time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from torn_app.dte.tipos import TipoDte
from torn_app.kernel.fields import Amount, Id, Percent, Quantity
from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.sales.schemas import SaleIn, SaleItemIn, SalePaymentIn

MAX_LINES = 200
MAX_PARKED = 20

Tipo = Literal[33, 34, 39, 41]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class CartLine(_Kept):
    """One product of the ticket. `descuento_monto` is in the prices of the document, like the ones on screen."""

    product_id: Id
    cantidad: Quantity
    descuento_pct: Percent | None = None
    descuento_monto: Amount | None = None


class Cart(_Kept):
    """A ticket. `owner` says whose it is (company and person), `key` makes its sale happen once."""

    owner: str = Field(default="", max_length=60)
    key: str = Field(default="", max_length=64, pattern="^[0-9a-f]*$")
    tipo_dte: Tipo = 39
    rut: Annotated[str | None, Field(max_length=20)] = None
    lines: tuple[CartLine, ...] = Field(default=(), max_length=MAX_LINES)
    descuento_pct: Percent | None = None
    descuento_monto: Amount | None = None

    @property
    def tipo(self) -> TipoDte:
        """The document it will become."""
        return TipoDte(self.tipo_dte)


class _Parked(_Kept):
    carts: tuple[Cart, ...] = Field(default=(), max_length=MAX_PARKED)


def read_cart(text: str, owner: str) -> Cart:
    """Return the cart a browser kept for `owner`; an empty one when the text is not such a cart."""
    try:
        cart = Cart.model_validate_json(text)
    except ValidationError:
        return Cart(owner=owner)
    return cart if cart.owner == owner else Cart(owner=owner)


def write_cart(cart: Cart) -> str:
    """Return the text the browser keeps."""
    return cart.model_dump_json(exclude_defaults=True)


def read_parked(text: str, owner: str) -> tuple[Cart, ...]:
    """Return the tickets put aside by `owner`, oldest first."""
    try:
        kept = _Parked.model_validate_json(text)
    except ValidationError:
        return ()
    return tuple(cart for cart in kept.carts if cart.owner == owner and cart.lines)


def write_parked(carts: Sequence[Cart]) -> str:
    """Return the text the browser keeps for tickets put aside."""
    return _Parked(carts=tuple(carts)).model_dump_json(exclude_defaults=True)


def add_product(cart: Cart, product_id: int, key: str) -> tuple[Cart, int]:
    """Add one unit and return the cart with the position of its line: the product's own line, or a new last one.

    A line with a discount in pesos is left as agreed; the unit gets a line of its own. `key` names the sale that
    starts with the first product.
    """
    for at, line in enumerate(cart.lines):
        if line.product_id == product_id and line.descuento_monto is None:
            return set_quantity(cart, at, line.cantidad + 1), at
    if len(cart.lines) >= MAX_LINES:
        return cart, len(cart.lines) - 1
    line = CartLine(product_id=product_id, cantidad=Decimal(1))
    return cart.model_copy(update={"lines": (*cart.lines, line), "key": cart.key or key}), len(cart.lines)


def set_quantity(cart: Cart, at: int, quantity: Decimal) -> Cart:
    """Change how many of a line; nothing or less takes the line away."""
    if quantity <= 0:
        return remove_line(cart, at)
    return _with_line(cart, at, cantidad=quantity)


def step_quantity(cart: Cart, at: int, by: int) -> Cart:
    """Add or take units with the stepper. It never takes the line away: down stops at one, or at what is below one."""
    if not 0 <= at < len(cart.lines):
        return cart
    now = cart.lines[at].cantidad
    return set_quantity(cart, at, max(now + by, min(now, Decimal(1))))


def set_line_discount(cart: Cart, at: int, *, pct: Decimal | None = None, monto: int | None = None) -> Cart:
    """Give a line a discount, or none. Zero is none."""
    return _with_line(cart, at, descuento_pct=pct or None, descuento_monto=monto or None)


def set_discount(cart: Cart, *, pct: Decimal | None = None, monto: int | None = None) -> Cart:
    """Give the whole sale a discount, or none. Zero is none."""
    return cart.model_copy(update={"descuento_pct": pct or None, "descuento_monto": monto or None})


def remove_line(cart: Cart, at: int) -> Cart:
    """Take a line away."""
    return cart.model_copy(update={"lines": (*cart.lines[:at], *cart.lines[at + 1 :])})


def keep_products(cart: Cart, known: frozenset[int]) -> Cart:
    """Return the cart without the products that are not sold any more."""
    return cart.model_copy(update={"lines": tuple(line for line in cart.lines if line.product_id in known)})


@dataclass(frozen=True, slots=True)
class Weight:
    """What a line is worth on screen, whole pesos, and what its net price is multiplied by to have its taxes in it:
    1.19, 1.29 of a soft drink, 1 of what is exempt."""

    monto: int
    factor: Decimal


def switch_document(cart: Cart, tipo_dte: Tipo, weights: Sequence[Weight]) -> Cart:
    """Change the document and keep the lines; amounts off follow from prices with taxes to net ones or back.

    `weights` are those of the lines. What is off the whole follows the lines it is taken from: the affected ones.
    """
    new = cart.model_copy(update={"tipo_dte": tipo_dte})
    before, after = cart.tipo.precios_brutos, new.tipo.precios_brutos
    if before == after or cart.tipo.es_exento or new.tipo.es_exento:
        return new

    def turned(monto: int | None, factor: Decimal) -> int | None:
        if monto is None or factor == 1:
            return monto
        exact = Decimal(monto) * factor if after else Decimal(monto) / factor
        return max(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), 1)

    lines = tuple(
        line.model_copy(update={"descuento_monto": turned(line.descuento_monto, weight.factor)})
        for line, weight in zip(cart.lines, weights, strict=True)
    )
    whole = turned(cart.descuento_monto, _common_factor(weights, net=after))
    return new.model_copy(update={"lines": lines, "descuento_monto": whole})


def _common_factor(weights: Sequence[Weight], *, net: bool) -> Decimal:
    """Return the factor of the affected lines together; their amounts are `net` or have their taxes in them."""
    affected = [weight for weight in weights if weight.factor != 1]
    factors = {weight.factor for weight in affected}
    amounts = sum(weight.monto for weight in affected)
    if len(factors) < 2 or not amounts:
        return max(factors, default=Decimal(1))
    if net:
        return sum((w.monto * w.factor for w in affected), Decimal(0)) / amounts
    return amounts / sum((w.monto / w.factor for w in affected), Decimal(0))


def sale_of(cart: Cart, payments: Sequence[SalePaymentIn] = ()) -> SaleIn:
    """Return the sale this ticket asks for. The cart must hold a line."""
    return SaleIn(
        rut_cliente=cart.rut or GENERIC_CUSTOMER,
        tipo_dte=cart.tipo_dte,
        items=[SaleItemIn(**line.model_dump()) for line in cart.lines],
        payments=list(payments),
        descuento_global_pct=cart.descuento_pct,
        descuento_global_monto=cart.descuento_monto,
    )


def parse_quantity(text: str) -> Decimal | None:
    """Read a quantity as people type it (`0,651`, `0.651`, `1.250,5`), or None: more than 0, at most six decimals.

    A dot is a decimal mark unless a comma follows: a numeric keypad has only the dot.
    """
    plain = text.strip().replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    if not plain or not all(c.isascii() and (c.isdigit() or c == ".") for c in plain):
        return None
    try:
        return CartLine(product_id=1, cantidad=Decimal(plain)).cantidad
    except (InvalidOperation, ValidationError):
        return None


def count_text(lines: int) -> str:
    """Say how many products a ticket holds."""
    return "1 producto" if lines == 1 else f"{lines} productos"


def _with_line(cart: Cart, at: int, **changes: object) -> Cart:
    if not 0 <= at < len(cart.lines):
        return cart
    line = CartLine.model_validate({**cart.lines[at].model_dump(), **changes})
    return cart.model_copy(update={"lines": (*cart.lines[:at], line, *cart.lines[at + 1 :])})

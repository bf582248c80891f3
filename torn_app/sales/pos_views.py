"""What the till draws, as ready-made words: tiles, ticket lines, totals, ways to pay. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from torn_app.customers.schemas import CustomerOut
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import format_pesos, round_pesos
from torn_app.kernel.rut import format_rut
from torn_app.kernel.text import fold
from torn_app.products.schemas import Tile
from torn_app.sales.cart import Cart, count_text
from torn_app.sales.checkout import Buyer, Part, asked_of, credit_refusal, exact_cash, standing, why_blocked
from torn_app.sales.lines import taxed_factor
from torn_app.sales.payment_methods import CREDITO_INTERNO, EFECTIVO
from torn_app.sales.rules import suggested_notes
from torn_app.sales.schemas import PaymentMethodOut, PreviewLine, SalePreview, SoldOut
from torn_app.sales.tax_words import tax_name
from torn_app.ui.format import NBSP, initials, quantity, signed_pesos

DOCUMENT_NAMES = {
    TipoDte.BOLETA: "Boleta",
    TipoDte.FACTURA: "Factura",
    TipoDte.BOLETA_EXENTA: "Boleta exenta",
    TipoDte.FACTURA_EXENTA: "Factura exenta",
}
"""Document -> how the till calls it."""

_SHORT_UNIT = 3
"""Letters of a unit that fit a tile: kg, m, m², lt."""
_PIECES = frozenset({"", "un", "u", "uni", "unid", "und", "unidad", "unidades", "pieza", "c/u"})
_MARKS = {
    "tools": "herramient ferreter construc fijacion tornill clavo",
    "water": "gasfit agua bano sanitari riego limpieza aseo",
    "light": "electric ilumin pila ampolleta electron",
    "paint": "pintura",
    "hand": "guante seguridad",
    "garden": "jardin planta vivero verdura fruta",
    "fire": "carbon parrilla gas lena estufa calefac",
    "drink": "bebida jugo cerveza vino licor cafe bar",
    "food": "almacen aliment abarrote comida pan panader pasteler carne fiambre lacteo congelad snack dulce confite",
    "clothes": "ropa vestuar calzado zapat textil",
    "book": "libr papeler escolar oficina",
    "health": "farmac salud belleza perfum cosmet",
    "pet": "mascota perro gato veterin",
    "service": "servicio mano despacho arriendo",
    "lock": "cerraj candado llave",
}
"""Mark (ui.icons.MARKS) -> beginnings of words, folded, in the name of a category."""


@dataclass
class TileView:
    """A product of the catalogue."""

    id: int
    key: str
    name: str
    price: str
    unit: str
    mark: str
    tag: str
    out: bool


@dataclass
class LineView:
    """A line of the ticket."""

    index: int
    key: str
    """Changes when the line should flash."""
    product_id: int
    name: str
    detail: str
    total: str
    discount: str
    quantity: str
    amount: str
    """How much, for the summary of the checkout: `× 3`, `0,651 kg`."""
    is_new: bool
    monto: int
    factor: str
    """Its net price times this has its taxes in it: a decimal as text."""


@dataclass
class TotalsView:
    """The sums of the ticket. All zero while it is empty."""

    total: int = 0
    text: str = "$0"
    note: str = ""
    count: str = "0 productos"
    neto: str = ""
    iva: str = ""
    impuestos: list[tuple[str, str]] = field(default_factory=list)
    """Additional taxes: name with rate, and amount."""
    exento: str = ""
    descuento: str = ""
    is_long: bool = False


@dataclass
class MethodView:
    """A way to pay."""

    id: int
    code: str
    name: str
    icon: str
    key: str


@dataclass
class Drawn:
    """A ticket ready to be drawn."""

    lines: list[LineView] = field(default_factory=list)
    counts: dict[str, str] = field(default_factory=dict)
    """Product id -> what its tile shows in place of the mark."""
    totals: TotalsView = field(default_factory=TotalsView)


def tile_view(tile: Tile) -> TileView:
    """Return a tile in words."""
    return TileView(
        id=tile.id,
        key=str(tile.id),
        name=tile.name,
        price=format_pesos(tile.price),
        # A sack is one thing to tap; only what is measured needs its unit beside the price, and it fits.
        unit=f"/{tile.unit}" if not is_piece(tile.unit) and len(tile.unit) <= _SHORT_UNIT else "",
        mark=mark_of(tile.category),
        tag=stock_tag(tile),
        out=tile.stock_state == "out",
    )


def stock_tag(tile: Tile) -> str:
    """Return what a tile says about the shelf: nothing while there is enough."""
    if tile.stock_state == "out":
        return "Agotado"
    if tile.stock_state != "low":
        return ""
    return "Queda 1" if tile.stock == 1 else f"Quedan {quantity(tile.stock, '' if is_piece(tile.unit) else tile.unit)}"


def mark_of(category: str | None) -> str:
    """Return the mark of a category by the words in its name; the box when none is known."""
    words = fold(category or "").split()
    for mark, beginnings in _MARKS.items():
        if any(word.startswith(start) for word in words for start in beginnings.split()):
            return mark
    return "box"


def is_piece(unit: str | None) -> bool:
    """Tell whether a unit counts pieces, which nobody writes after a number."""
    return fold(unit or "").strip(".") in _PIECES


def draw(cart: Cart, preview: SalePreview | None, flash: int = -1, stamp: int = 0) -> Drawn:
    """Return the ticket with what `preview_sale` says it comes to. `flash` is the position of the newest line."""
    if preview is None or not cart.lines:
        return Drawn()
    lines, counts = [], {}
    summed: dict[int, Decimal] = {}
    for at, (line, priced) in enumerate(zip(cart.lines, preview.lines, strict=True)):
        unit = "" if is_piece(priced.unidad_medida) else priced.unidad_medida or ""
        lines.append(
            LineView(
                index=at,
                key=f"{at}-{line.product_id}-{stamp}" if at == flash else f"{at}-{line.product_id}",
                product_id=line.product_id,
                name=priced.nombre,
                detail=f"{quantity(line.cantidad, unit)} × {format_pesos(round_pesos(priced.precio))}",
                total=format_pesos(priced.monto),
                discount=discount_text(line.descuento_pct, line.descuento_monto),
                quantity=quantity(line.cantidad),
                amount=quantity(line.cantidad, unit) if unit else f"× {quantity(line.cantidad)}",
                is_new=at == flash,
                monto=priced.monto,
                factor=str(_factor(priced)),
            )
        )
        summed[line.product_id] = summed.get(line.product_id, Decimal(0)) + line.cantidad
    for product_id, count in summed.items():
        whole = count == count.to_integral_value() and count < 1000
        counts[str(product_id)] = quantity(count) if whole else "✓"
    return Drawn(lines, counts, _totals(cart, preview))


def _factor(priced: PreviewLine) -> Decimal:
    codes = () if priced.impuesto_adicional is None else (priced.impuesto_adicional,)
    return taxed_factor(codes, exempt=priced.exento)


def _totals(cart: Cart, preview: SalePreview) -> TotalsView:
    count = count_text(len(cart.lines))
    net = not cart.tipo.es_boleta and bool(preview.iva)
    taxes = "+ impuestos" if preview.impuestos else "+ IVA"
    note = f"Neto {format_pesos(preview.monto_neto)} {taxes}" if net else count
    return TotalsView(
        total=preview.monto_total,
        text=format_pesos(preview.monto_total),
        note=note,
        count=count,
        neto=format_pesos(preview.monto_neto) if net else "",
        iva=format_pesos(preview.iva) if net else "",
        impuestos=[(tax_name(tax), format_pesos(tax.monto)) for tax in preview.impuestos] if net else [],
        exento=format_pesos(preview.monto_exento) if net and preview.monto_exento else "",
        descuento=f"-{format_pesos(preview.descuento_global)}" if preview.descuento_global else "",
        is_long=preview.monto_total >= 10_000_000,
    )


def discount_text(pct: Decimal | None, monto: int | None) -> str:
    """Say a discount: `descuento 10 %`, `descuento $500`, or nothing."""
    if pct:
        return f"descuento {quantity(pct)}{NBSP}%"
    return f"descuento {format_pesos(monto)}" if monto else ""


_METHOD_LOOK = {
    EFECTIVO: ("Efectivo", "banknote"),
    "DEBITO": ("Débito", "credit-card"),
    "CREDITO": ("Crédito", "wallet-cards"),
    "TRANSFERENCIA": ("Transferencia", "landmark"),
    CREDITO_INTERNO: ("Fiado", "notebook-pen"),
}


def method_views(methods: Sequence[PaymentMethodOut]) -> list[MethodView]:
    """Return the ways to pay with their keys 1 to 6. Cash comes first, whatever was created first."""
    ordered = sorted(methods, key=lambda method: (method.code != EFECTIVO, method.id))
    return [
        MethodView(
            id=method.id,
            code=method.code,
            name=_METHOD_LOOK.get(method.code, (method.name, ""))[0],
            icon=_METHOD_LOOK.get(method.code, ("", "wallet"))[1],
            key=str(number) if number <= 6 else "",
        )
        for number, method in enumerate(ordered, 1)
    ]


@dataclass
class PartView:
    """A payment being typed."""

    index: int
    key: str
    """Changes when the amount was set from here and the field must show it."""
    method_id: int
    code: str
    name: str
    amount: str


@dataclass
class PayView:
    """How the payments stand, in words."""

    rounding: str = ""
    to_pay: str = "$0"
    label: str = "Vuelto"
    figure: str = "$0"
    is_short: bool = False
    is_long: bool = False
    blocked: str = ""
    asks: str = ""
    """What a large boleta asks of its buyer, in words; empty below the limit."""
    reason: str = ""
    """Why it asks for those."""
    lacking: list[str] = field(default_factory=list)
    """Fields of the customer to fill for it: email, telefono."""
    credit_refusal: str = ""
    exact: str = "$0"
    notes: list[str] = field(default_factory=list)
    uses_cash: bool = True


@dataclass
class SoldView:
    """A sale just made."""

    id: int = 0
    title: str = ""
    label: str = "Vuelto"
    figure: str = "$0"
    detail: str = ""


_FIELDS = {"correo": "email", "telefono": "telefono"}


def pay_view(
    tipo: TipoDte, total: int, parts: Sequence[Part], buyer: Buyer | None, limit: int | None = None
) -> PayView:
    """Return how these payments stand against a total. `limit`: above it a boleta names its buyer."""
    asked = asked_of(tipo, total, limit, buyer, parts)
    where = standing(total, parts)
    other = sum(part.amount for part in parts if part.code != EFECTIVO)
    exact = exact_cash(total, other)
    missing = where.short or where.over
    label = "Falta" if where.short else "Sobra" if where.over else "Vuelto"
    return PayView(
        rounding=signed_pesos(where.rounding) if where.rounding else "",
        to_pay=format_pesos(where.to_pay),
        label=label,
        figure=format_pesos(missing or where.change),
        is_short=bool(missing),
        is_long=(missing or where.change) >= 1_000_000,
        blocked=why_blocked(tipo, buyer, where, parts, asked),
        asks="obligatorio sobre 135 UF" if asked else "",
        reason=f"La boleta los lleva cuando se paga en efectivo más de {format_pesos(asked.limit)} (135 UF)."
        if asked
        else "",
        lacking=[_FIELDS[name] for name in asked.missing if name in _FIELDS] if asked and buyer else [],
        credit_refusal=credit_refusal(buyer),
        exact=format_pesos(exact),
        notes=[format_pesos(note) for note in suggested_notes(exact)],
        uses_cash=any(part.code == EFECTIVO for part in parts),
    )


def part_views(parts: Sequence[Part], methods: Sequence[MethodView], stamp: int) -> list[PartView]:
    """Return the payments with the names of their methods."""
    names = {method.id: method.name for method in methods}
    return [
        PartView(at, f"{at}-{stamp}", p.method_id, p.code, names.get(p.method_id, ""), format_pesos(p.amount))
        for at, p in enumerate(parts)
    ]


def sold_view(sold: SoldOut, parts: Sequence[Part]) -> SoldView:
    """Return what is said of a sale just made."""
    tipo = TipoDte(sold.tipo_dte)
    number = f"{sold.folio:,}".replace(",", ".")
    to_pay = sold.monto_total + sold.ajuste_redondeo
    cash = any(part.code == EFECTIVO for part in parts)
    paid = sum(part.amount for part in parts)
    return SoldView(
        id=sold.id,
        title=f"{DOCUMENT_NAMES.get(tipo, tipo.nombre)} N°{NBSP}{number} emitida",
        label="Vuelto" if cash else "Pagado",
        figure=format_pesos(sold.vuelto if cash else sold.monto_total),
        detail=f"Recibido {format_pesos(paid)} · a pagar {format_pesos(to_pay)}" if cash else "No hay vuelto que dar.",
    )


@dataclass
class CustomerView:
    """A customer as the till shows them."""

    rut: str = ""
    rut_text: str = ""
    name: str = ""
    initials: str = ""
    giro: str = ""
    direccion: str = ""
    comuna: str = ""
    email: str = ""
    telefono: str = ""
    has_credit: bool = False


def customer_view(row: CustomerOut) -> CustomerView:
    """Return a customer in words."""
    return CustomerView(
        rut=row.rut,
        rut_text=format_rut(row.rut),
        name=row.razon_social,
        initials=initials(row.razon_social),
        giro=row.giro or "",
        direccion=row.direccion or "",
        comuna=row.comuna or "",
        email=row.email or "",
        telefono=row.telefono or "",
        has_credit=row.dias_credito is not None,
    )

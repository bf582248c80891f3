"""Pure decisions of a return: what a note for part of a sale comes to.

What was returned up to a moment is worth a fixed amount, whatever the steps were: each line's amount in proportion to
its quantity, less its part of the discount on the whole sale, rounded once. A note is worth what that amount grew by.
So the notes of a sale add up to the sale to the peso when everything is back, and never to more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from torn_app.dte.documento import DescuentoGlobal, Detalle, Movimiento
from torn_app.dte.totales import VAT_FACTOR, vat_of
from torn_app.kernel.money import Pesos, round_pesos
from torn_app.sales.errors import ReturnExceeds
from torn_app.sales.rules import document_price

Quantities = Mapping[int, Decimal]
"""Line id -> quantity."""
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as sold. `precio_neto` is net; `descuento` and `monto` are the document's own amounts."""

    id: int
    product_id: int
    nombre: str
    cantidad: Decimal
    precio_neto: Decimal
    exento: bool
    descuento: int
    monto: int
    costo: Decimal = _NOTHING
    codigo: str | None = None
    unidad: str | None = None
    codigos: tuple[int, ...] = ()
    """Of its additional tax."""


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale to take back. `afecto` and `exento` are what each class of lines came to after the discounts on the
    whole sale, in the document's own prices: with VAT when `gross` (boletas), net otherwise."""

    lines: Sequence[SoldLine]
    gross: bool
    afecto: int
    exento: int


@dataclass(frozen=True, slots=True)
class NoteParts:
    """The lines of a note, the rows that bring each class to its exact amount, and whether prices include VAT.

    `detalles` are in the order of the sale's lines, each beside the line it takes back.
    """

    detalles: tuple[tuple[SoldLine, Detalle], ...]
    descuentos: tuple[DescuentoGlobal, ...]
    montos_brutos: bool


def choose_lines(lines: Sequence[SoldLine], before: Quantities, product_id: int, cantidad: Decimal) -> Quantities:
    """Return from which lines of a product a quantity comes back: the first ones first, each up to what is left of it.

    Raises:
        ReturnExceeds: more than was sold and is not back yet.
    """
    chosen: dict[int, Decimal] = {}
    missing = cantidad
    own = [line for line in lines if line.product_id == product_id]
    for line in own:
        part = min(missing, line.cantidad - before.get(line.id, _NOTHING))
        if part > 0:
            chosen[line.id] = part
            missing -= part
    if missing > 0:
        raise ReturnExceeds(name=own[0].nombre, left=_plain(cantidad - missing), asked=_plain(cantidad))
    return chosen


def note_parts(sold: Sold, before: Quantities, taking: Quantities) -> NoteParts:
    """Return the note that takes back `taking` of a sale of which `before` is already back.

    The unit prices are those of the sale. Where net prices cannot give the exact total (VAT is rounded in each
    document) the note states prices with VAT, as those of boletas always do (field MntBruto, Formato DTE v2.4.2).
    """
    after = {line.id: before.get(line.id, _NOTHING) + taking.get(line.id, _NOTHING) for line in sold.lines}
    taken = [line for line in sold.lines if taking.get(line.id)]
    was, is_now = _affected(sold, before), _affected(sold, after)
    afecto = is_now - was
    gross = sold.gross
    if not gross:
        exact = is_now + vat_of(is_now) - was - vat_of(was)
        if afecto + vat_of(afecto) != exact:
            afecto, gross = exact, True
    gross = gross and any(not line.exento for line in taken)
    detalles = tuple((line, line_of_note(line, sold, before, after, gross=gross)) for line in taken)
    targets = ((False, afecto), (True, exempt_amount(sold, after) - exempt_amount(sold, before)))
    return NoteParts(detalles, tuple(row for on, goal in targets for row in adjusting_row(detalles, on, goal)), gross)


def _affected(sold: Sold, returned: Quantities) -> int:
    return class_amount([line for line in sold.lines if not line.exento], sold.afecto, returned)


def exempt_amount(sold: Sold, returned: Quantities) -> int:
    """Return what the returned part of the exempt lines is worth."""
    return class_amount([line for line in sold.lines if line.exento], sold.exento, returned)


def class_amount(lines: Sequence[SoldLine], final: int, returned: Quantities) -> int:
    """Return what the returned part of a class of lines is worth, `final` being what the whole class came to."""
    whole = sum(line.monto for line in lines)
    part = sum(share(line.monto, line, returned) for line in lines)
    return part - round_pesos(Decimal((whole - final) * part) / whole) if whole else 0


def share(amount: int, line: SoldLine, returned: Quantities) -> int:
    """Return the part of an amount of a line that belongs to what came back of it."""
    return round_pesos(amount * returned.get(line.id, _NOTHING) / line.cantidad)


def line_of_note(line: SoldLine, sold: Sold, before: Quantities, after: Quantities, *, gross: bool) -> Detalle:
    """Return the line of a note for a line without additional tax, at the sale's price: with VAT when `gross`."""
    cantidad = after[line.id] - before.get(line.id, _NOTHING)
    precio = document_price(line.precio_neto, gross=gross, exempt=line.exento)
    discount: int = share(line.descuento, line, after) - share(line.descuento, line, before)
    if gross and not sold.gross and not line.exento:
        discount = round_pesos(discount * VAT_FACTOR)
    discount = min(discount, round_pesos(cantidad * precio))
    return Detalle(
        nombre=line.nombre,
        cantidad=cantidad,
        precio=precio,
        exento=line.exento,
        codigo=line.codigo,
        unidad=line.unidad,
        descuento_monto=Pesos(discount) if discount else None,
    )


def adjusting_row(detalles: Sequence[tuple[SoldLine, Detalle]], on_exempt: bool, goal: int) -> list[DescuentoGlobal]:
    """Return the row that takes a class of lines to its exact amount: its part of the sale's discount, and the peso
    that rounding a part of a line may give or take."""
    own = [detalle for line, detalle in detalles if line.exento == on_exempt]
    lines = sum(round_pesos(d.cantidad * d.precio) - (d.descuento_monto or 0) for d in own)
    if lines == goal:
        return []
    movimiento = Movimiento.DESCUENTO if lines > goal else Movimiento.RECARGO
    glosa = "Descuento de la venta, en proporción" if lines > goal else "Ajuste de redondeo"
    return [DescuentoGlobal(monto=Pesos(abs(lines - goal)), movimiento=movimiento, sobre_exento=on_exempt, glosa=glosa)]


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"

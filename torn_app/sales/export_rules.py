"""An export in its currency and in pesos. Pure.

Prices of products are net pesos: the document states them divided by the exchange rate, to six decimals, and its
amounts in the currency, to cents. What the till, the accounts and the reports hold is the document's total turned back
into whole pesos at that rate, shared out to the lines so that they add up to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from torn_app.dte.documento import DescuentoGlobal, Detalle, Documento
from torn_app.dte.exportacion import PESO_CHILENO
from torn_app.dte.totales import DescuentoCalculado, DetalleCalculado, Totales
from torn_app.dte.totales_exportacion import compute_export_totals
from torn_app.kernel.money import Pesos, round_pesos

_SIX_DECIMALS = Decimal("0.000001")
_CENT = Decimal("0.01")
_NOTHING = Pesos(0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A currency and what one unit of it is worth in pesos."""

    moneda: str
    pesos: Decimal

    @property
    def step(self) -> Decimal:
        """The smallest amount of the currency on a document."""
        return Decimal(1) if self.moneda == PESO_CHILENO else _CENT

    def unit_price(self, net: Decimal) -> Decimal:
        """Return a unit price in the currency."""
        return (net / self.pesos).quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP)

    def amount(self, pesos: int) -> Decimal:
        """Return an amount in the currency."""
        return (pesos / self.pesos).quantize(self.step, rounding=ROUND_HALF_UP)

    def to_pesos(self, amount: Decimal) -> Pesos:
        """Return an amount of the currency in whole pesos."""
        return round_pesos(amount * self.pesos)


def in_currency(lines: Sequence[DetalleCalculado], rate: Rate) -> tuple[Detalle, ...]:
    """Return lines priced in net pesos as the document states them: at their price after the discount, because the
    schema writes discounts of a line in whole units of the currency."""
    return tuple(_in_currency(line, rate) for line in lines)


def discount_in_currency(pct: Decimal | None, monto: Pesos | None, rate: Rate) -> tuple[DescuentoGlobal, ...]:
    """Return the row of a discount on the whole sale; one that is worth nothing in the currency is none."""
    if pct:
        return (DescuentoGlobal(pct=pct),)
    amount = rate.amount(monto or 0)
    return (DescuentoGlobal(monto_moneda=amount),) if amount else ()


def totals_in_pesos(documento: Documento, lines: Sequence[DetalleCalculado], rate: Rate) -> Totales:
    """Return what an export comes to in pesos. `lines` are its lines as priced in pesos, in the document's order.

    Each line gets what the running sum grew by, so that the lines, less what is off the whole, add up to the total.
    """
    totals = compute_export_totals(documento)
    total = totals.total_pesos or _NOTHING
    shared, amount, before = [], Decimal(0), _NOTHING
    for line, item in zip(lines, totals.montos_item, strict=True):
        amount += item
        now = rate.to_pesos(amount)
        shared.append(replace(line, exento=True, monto_item=Pesos(now - before)))
        before = now
    rest = Pesos(before - total)
    if documento.descuentos:
        row = DescuentoCalculado(1, documento.descuentos[0], True, Pesos(abs(rest)))
        return Totales(_NOTHING, total, _NOTHING, total, tuple(shared), (row,))
    # A note may be a peso off its own rounding.
    shared[-1] = replace(shared[-1], monto_item=Pesos(shared[-1].monto_item - rest))
    return Totales(_NOTHING, total, _NOTHING, total, tuple(shared), ())


def _in_currency(line: DetalleCalculado, rate: Rate) -> Detalle:
    net = line.detalle.precio
    if line.descuento_monto:
        net = line.monto_item / line.detalle.cantidad
    return Detalle(
        nombre=line.detalle.nombre,
        cantidad=line.detalle.cantidad,
        precio=rate.unit_price(net),
        codigo=line.detalle.codigo,
        unidad=line.detalle.unidad,
        descripcion=line.detalle.descripcion,
    )

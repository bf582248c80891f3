"""Totals of a document: the only place where VAT and rounding happen.

Source: SII, Formato DTE v2.4.2, fields MontoItem, DescuentoMonto, MntNeto, IVA, MntTotal and zone DscRcgGlobal; for
boletas Formato Boleta Electrónica v4.1, area Totales. All roundings are half up to whole pesos. VAT rate: DL 825
art. 14.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from torn_app.dte.documento import DescuentoGlobal, Detalle, Documento, Movimiento
from torn_app.dte.errores import MontoInvalido
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import Pesos, round_pesos

TASA_IVA = Decimal(19)
"""VAT in percent."""
_RATE = TASA_IVA / 100
VAT_FACTOR = 1 + _RATE
"""Net times this is the price with VAT: 1.19."""
_SIX_DECIMALS = Decimal("0.000001")
_MAX_TOTAL = 10**15
"""No real document comes near; above it columns and schema stop adding up."""


@dataclass(frozen=True, slots=True)
class DetalleCalculado:
    """A line with its amounts, whole pesos, priced as the document is (net, or with VAT on boletas)."""

    numero: int
    detalle: Detalle
    exento: bool
    """Counts as exempt on this document; on an exempt type every line does."""
    subtotal: Pesos
    """Quantity times price, before the discount."""
    descuento_monto: Pesos
    monto_item: Pesos


@dataclass(frozen=True, slots=True)
class DescuentoCalculado:
    """A global discount or surcharge with its amount in whole pesos (never negative; `movimiento` tells the sign)."""

    numero: int
    descuento: DescuentoGlobal
    exento: bool
    """Taken from the exempt lines."""
    monto: Pesos


@dataclass(frozen=True, slots=True)
class Totales:
    """The totals of a document in whole pesos: `monto_total = monto_neto + iva + monto_exento`, always."""

    monto_neto: Pesos
    monto_exento: Pesos
    iva: Pesos
    monto_total: Pesos
    lineas: tuple[DetalleCalculado, ...]
    descuentos: tuple[DescuentoCalculado, ...]

    @property
    def tiene_afectos(self) -> bool:
        """At least one line bears VAT."""
        return any(not linea.exento for linea in self.lineas)

    @property
    def tiene_exentos(self) -> bool:
        """At least one line bears no VAT."""
        return any(linea.exento for linea in self.lineas)


def add_vat(net: Decimal) -> Decimal:
    """Return a unit price with VAT, six decimals (what a boleta line takes): 13 becomes 15.47.

    A price that was typed with VAT, in whole pesos, comes back exactly: 203.361345 is 242 and not 242.000001.
    """
    gross = net * VAT_FACTOR
    whole = Decimal(round_pesos(gross))
    if remove_vat(whole) == net:
        return whole
    return gross.quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP)


def remove_vat(gross: Decimal) -> Decimal:
    """Return the net unit price of one with VAT, six decimals: 990 becomes 831.932773."""
    return (gross / VAT_FACTOR).quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP)


def vat_of(neto: int) -> Pesos:
    """Return the VAT of an affected net amount, whole pesos (field IVA)."""
    return round_pesos(neto * _RATE)


def compute_totals(documento: Documento) -> Totales:
    """Return the totals of a document.

    Raises:
        MontoInvalido: a discount larger than what it applies to, a total out of range, or an exempt invoice whose
            exempt amount is 0 (SII, validations of October 2013).
    """
    totales = totals_of(documento.tipo, documento.detalles, documento.descuentos, montos_brutos=documento.montos_brutos)
    if documento.tipo is TipoDte.FACTURA_EXENTA and not totales.monto_exento:
        raise MontoInvalido("monto_exento", "Una factura exenta debe tener un monto exento mayor que cero")
    return totales


def totals_of(
    tipo: TipoDte,
    detalles: Sequence[Detalle],
    descuentos: Sequence[DescuentoGlobal] = (),
    *,
    montos_brutos: bool = False,
) -> Totales:
    """Return the totals of lines that are not a document yet (preview): no parties, no date, no folio needed.

    Raises MontoInvalido as compute_totals does.
    """
    lineas = tuple(_line(numero, detalle, tipo) for numero, detalle in enumerate(detalles, 1))
    afecto: int = sum(linea.monto_item for linea in lineas if not linea.exento)
    exento: int = sum(linea.monto_item for linea in lineas if linea.exento)
    no_afectos = all(linea.exento for linea in lineas)
    globales = tuple(
        _global(numero, descuento, afecto, exento, sobre_exento=no_afectos or descuento.sobre_exento)
        for numero, descuento in enumerate(descuentos, 1)
    )
    afecto += sum(_signed(row) for row in globales if not row.exento)
    exento += sum(_signed(row) for row in globales if row.exento)
    if afecto < 0 or exento < 0:
        raise MontoInvalido("descuentos", "El descuento global es mayor que el monto al que se aplica")
    neto, iva = _vat(afecto, gross=tipo.precios_brutos or montos_brutos)
    total = neto + iva + exento
    if total > _MAX_TOTAL:
        raise MontoInvalido("monto_total", "El total del documento está fuera de rango")
    return Totales(Pesos(neto), Pesos(exento), Pesos(iva), Pesos(total), lineas, globales)


def _line(numero: int, detalle: Detalle, tipo: TipoDte) -> DetalleCalculado:
    subtotal = round_pesos(detalle.cantidad * detalle.precio)
    if detalle.descuento_pct is not None:
        discount = round_pesos(subtotal * detalle.descuento_pct / 100)
    else:
        discount = detalle.descuento_monto or Pesos(0)
    if discount > subtotal:
        raise MontoInvalido("descuento_monto", f"El descuento de «{detalle.nombre}» es mayor que su monto")
    return DetalleCalculado(
        numero=numero,
        detalle=detalle,
        exento=detalle.exento or tipo.es_exento,
        subtotal=subtotal,
        descuento_monto=discount,
        monto_item=Pesos(subtotal - discount),
    )


def _global(
    numero: int, descuento: DescuentoGlobal, afecto: int, exento: int, *, sobre_exento: bool
) -> DescuentoCalculado:
    # A percentage is of the sum of its class of lines, not of what earlier rows left (Formato DTE v2.4.2, ValorDR).
    base = exento if sobre_exento else afecto
    monto = descuento.monto if descuento.pct is None else round_pesos(base * descuento.pct / 100)
    return DescuentoCalculado(numero, descuento, sobre_exento, monto or Pesos(0))


def _signed(row: DescuentoCalculado) -> int:
    return -row.monto if row.descuento.movimiento is Movimiento.DESCUENTO else row.monto


def _vat(afecto: int, *, gross: bool) -> tuple[int, int]:
    """Return (neto, iva) of the affected sum."""
    if gross:
        neto = round_pesos(Decimal(afecto) / VAT_FACTOR)
        return neto, afecto - neto  # the rest, so that the three always add up
    return afecto, vat_of(afecto)

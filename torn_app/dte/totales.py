"""Totals of a document: the only place, with totales_impuestos.py, where VAT and rounding happen.

Source: SII, Formato DTE v2.4.2, fields MontoItem, DescuentoMonto, MntNeto, IVA, MntTotal, MontoNF and zone
DscRcgGlobal; for boletas Formato Boleta Electrónica v4.1, area Totales. All roundings are half up to whole pesos. VAT
rate: DL 825 art. 14.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from torn_app.dte.documento import DescuentoGlobal, Detalle, Documento, ImpuestoInformado, Movimiento
from torn_app.dte.errores import MontoInvalido
from torn_app.dte.impuestos import TASA_IVA, VAT_FACTOR, Base, impuesto
from torn_app.dte.lineas import NO_FACTURABLES, SIN_MONTO, IndicadorLinea
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales_exportacion import compute_export_totals
from torn_app.dte.totales_impuestos import Codes, ImpuestoCalculado, boleta_taxes, net_taxes, split_by_codes
from torn_app.kernel.money import Pesos, round_pesos

__all__ = [
    "TASA_IVA",
    "VAT_FACTOR",
    "DescuentoCalculado",
    "DetalleCalculado",
    "ImpuestoCalculado",
    "Totales",
    "add_taxes",
    "add_vat",
    "added_rate",
    "compute_totals",
    "remove_taxes",
    "remove_vat",
    "totals_of",
    "vat_of",
]

_NADA = Pesos(0)
_RATE = TASA_IVA / 100
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
    recargo_monto: Pesos = _NADA

    @property
    def afecto(self) -> bool:
        """It bears VAT: neither exempt nor of another kind (non-billable, deposit, no sale)."""
        return not self.exento and self.detalle.indicador is None


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
    """The totals of a document in whole pesos.

    Always `monto_total = monto_neto + iva + monto_exento + added taxes - withheld taxes + garantia_deposito -
    credito_constructoras`; without taxes, deposits and credit the first three are all there is.
    """

    monto_neto: Pesos
    monto_exento: Pesos
    iva: Pesos
    monto_total: Pesos
    lineas: tuple[DetalleCalculado, ...]
    descuentos: tuple[DescuentoCalculado, ...]
    impuestos: tuple[ImpuestoCalculado, ...] = ()
    """On a boleta they are inside the prices and no field names them."""
    iva_no_retenido: Pesos | None = None
    """VAT the seller still charges when only part is withheld (IVANoRet); None when nothing is left or withheld."""
    garantia_deposito: Pesos = _NADA
    credito_constructoras: Pesos = _NADA
    monto_no_facturable: Pesos | None = None
    """Non-billable sum (MontoNF), which may be negative and is not in the total; None without such lines."""
    base_faena: Pesos | None = None
    margen: Pesos | None = None

    @property
    def tiene_afectos(self) -> bool:
        """At least one line bears VAT."""
        return any(linea.afecto for linea in self.lineas)

    @property
    def tiene_exentos(self) -> bool:
        """At least one line, or a global surcharge alone, bears no VAT."""
        return self.monto_exento > 0 or any(linea.exento for linea in self.lineas)

    @property
    def otros_impuestos(self) -> int:
        """What the taxes besides VAT add to the total; withheld ones lower it."""
        return sum(row.con_signo for row in self.impuestos)

    @property
    def monto_periodo(self) -> Pesos | None:
        """Total plus the non-billable sum (MontoPeriodo); None without non-billable lines."""
        return None if self.monto_no_facturable is None else Pesos(self.monto_total + self.monto_no_facturable)


def add_vat(net: Decimal) -> Decimal:
    """Return a unit price with VAT, six decimals (what a boleta line takes): 13 becomes 15.47.

    A price that was typed with VAT, in whole pesos, comes back exactly: 203.361345 is 242 and not 242.000001.
    """
    gross = net * VAT_FACTOR
    whole = Decimal(round_pesos(gross))
    if remove_vat(whole) == net:
        return whole
    return gross.quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP)


def add_taxes(net: Decimal, codigos: Sequence[int], fecha: date | None = None) -> Decimal:
    """Return a unit price with VAT and the additional taxes of `codigos`, six decimals: 1000 of a soft drink is 1290.

    As `add_vat`, a price that was typed with its taxes, in whole pesos, comes back exactly.
    """
    if not codigos:
        return add_vat(net)
    gross = net * (VAT_FACTOR + added_rate(codigos, fecha) / 100)
    whole = Decimal(round_pesos(gross))
    if remove_taxes(whole, codigos, fecha) == net:
        return whole
    return gross.quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP)


def added_rate(codigos: Sequence[int], fecha: date | None = None) -> Decimal:
    """Return what the taxes of `codigos` add to the net amount, in percent, VAT apart. 0 without codes."""
    return sum((impuesto(code).tasa(fecha) for code in codigos), Decimal(0))


def remove_vat(gross: Decimal) -> Decimal:
    """Return the net unit price of one with VAT, six decimals: 990 becomes 831.932773."""
    return (gross / VAT_FACTOR).quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP)


def remove_taxes(gross: Decimal, codigos: Sequence[int], fecha: date | None = None) -> Decimal:
    """Return the net unit price of one with VAT and the additional taxes of `codigos`, six decimals.

    1290 of a soft drink (27, 10 %) becomes 1000. Only taxes on the net amount have a meaning here.
    """
    return (gross / (VAT_FACTOR + added_rate(codigos, fecha) / 100)).quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP)


def vat_of(neto: int) -> Pesos:
    """Return the VAT of an affected net amount, whole pesos (field IVA)."""
    return round_pesos(neto * _RATE)


def compute_totals(documento: Documento) -> Totales:
    """Return the totals of a document, in pesos.

    Of an export document only the exempt amount and the total at its exchange rate, 0 without one: its own amounts
    are those of `compute_export_totals`.

    Raises:
        MontoInvalido: a discount larger than what it applies to, a total out of range, or an exempt invoice whose
            exempt amount is 0 (SII, validations of October 2013).
    """
    if documento.exportacion is not None:
        pesos = compute_export_totals(documento).total_pesos or _NADA
        return Totales(_NADA, pesos, _NADA, pesos, (), ())
    totales = totals_of(
        documento.tipo,
        documento.detalles,
        documento.descuentos,
        montos_brutos=documento.montos_brutos,
        fecha=documento.fecha_emision,
        informados=documento.impuestos_informados,
        credito_constructoras=documento.credito_constructoras or Pesos(0),
    )
    if documento.tipo is TipoDte.FACTURA_EXENTA and not totales.monto_exento:
        raise MontoInvalido("monto_exento", "Una factura exenta debe tener un monto exento mayor que cero")
    return totales


def totals_of(
    tipo: TipoDte,
    detalles: Sequence[Detalle],
    descuentos: Sequence[DescuentoGlobal] = (),
    *,
    montos_brutos: bool = False,
    fecha: date | None = None,
    informados: Sequence[ImpuestoInformado] = (),
    credito_constructoras: Pesos = _NADA,
) -> Totales:
    """Return the totals of lines that are not a document yet (preview): no parties, no folio needed.

    `fecha` decides the rates of additional taxes; without it, the latest ones. Raises MontoInvalido as compute_totals
    does.
    """
    lineas = tuple(_line(numero, detalle, tipo) for numero, detalle in enumerate(detalles, 1))
    afecto: int = sum(linea.monto_item for linea in lineas if linea.afecto)
    exento: int = sum(linea.monto_item for linea in lineas if linea.exento)
    no_facturable = _not_billable(lineas)
    no_afectos = not any(linea.afecto for linea in lineas)
    globales = tuple(
        _global(numero, descuento, afecto, exento, no_facturable, no_afectos=no_afectos)
        for numero, descuento in enumerate(descuentos, 1)
    )
    sobre_afecto = [row for row in globales if not row.exento and not row.descuento.sobre_no_facturable]
    afecto += sum(_signed(row) for row in sobre_afecto)
    exento += sum(_signed(row) for row in globales if row.exento)
    no_facturable = _discount_not_billable(no_facturable, globales)
    if afecto < 0 or exento < 0:
        raise MontoInvalido("descuentos", "El descuento global es mayor que el monto al que se aplica")
    impuestos: tuple[ImpuestoCalculado, ...] = ()
    partes = _parts(lineas, sobre_afecto, afecto)
    if tipo.precios_brutos and partes:
        neto, iva, impuestos = boleta_taxes(partes, fecha)
    else:
        neto, iva = _vat(afecto, gross=tipo.precios_brutos or montos_brutos)
        if partes:
            impuestos = net_taxes(partes, detalles, informados, fecha, iva)
    if credito_constructoras > iva:
        raise MontoInvalido("credito_constructoras", "El crédito de constructoras es mayor que el IVA")
    garantia: int = sum(
        linea.monto_item for linea in lineas if linea.detalle.indicador is IndicadorLinea.GARANTIA_DEPOSITO
    )
    total = neto + iva + exento + sum(row.con_signo for row in impuestos) + garantia - credito_constructoras
    if not 0 <= total <= _MAX_TOTAL:
        raise MontoInvalido("monto_total", "El total del documento está fuera de rango")
    return Totales(
        monto_neto=Pesos(neto),
        monto_exento=Pesos(exento),
        iva=Pesos(iva),
        monto_total=Pesos(total),
        lineas=lineas,
        descuentos=globales,
        impuestos=impuestos,
        iva_no_retenido=_vat_left(impuestos, iva),
        garantia_deposito=Pesos(garantia),
        credito_constructoras=credito_constructoras,
        monto_no_facturable=None if no_facturable is None else Pesos(no_facturable),
        base_faena=_stated(impuestos, Base.FAENA),
        margen=_stated(impuestos, Base.MARGEN),
    )


def _parts(
    lineas: Sequence[DetalleCalculado], globales: Sequence[DescuentoCalculado], afecto: int
) -> dict[Codes, int] | None:
    """Return the affected sum by tax codes, None when no line has any: nearly every sale."""
    if not any(linea.detalle.codigos_impuesto for linea in lineas):
        return None
    pct = Decimal(0)
    for row in globales:
        sign = -1 if row.descuento.movimiento is Movimiento.DESCUENTO else 1
        pct += sign * (row.descuento.pct or 0)
    items = [(linea.detalle, linea.monto_item) for linea in lineas if linea.afecto]
    return split_by_codes(items, pct, afecto, in_pesos=any(row.descuento.pct is None for row in globales))


def _not_billable(lineas: Sequence[DetalleCalculado]) -> int | None:
    rows = [linea for linea in lineas if linea.detalle.indicador in NO_FACTURABLES]
    if not rows:
        return None
    negative = IndicadorLinea.NO_FACTURABLE_NEGATIVO
    return sum(-row.monto_item if row.detalle.indicador is negative else row.monto_item for row in rows)


def _discount_not_billable(no_facturable: int | None, globales: Sequence[DescuentoCalculado]) -> int | None:
    rows = [row for row in globales if row.descuento.sobre_no_facturable]
    if not rows:
        return no_facturable
    left = (no_facturable or 0) + sum(_signed(row) for row in rows)
    if not no_facturable or no_facturable < 0 or left < 0:
        raise MontoInvalido("descuentos", "El descuento global es mayor que el monto no facturable al que se aplica")
    return left


def _vat_left(impuestos: Sequence[ImpuestoCalculado], iva: int) -> Pesos | None:
    """Return IVANoRet: what is left of the VAT after a partial withholding."""
    withheld = [row.monto for row in impuestos if row.impuesto.retiene_iva]
    return Pesos(iva - sum(withheld)) if withheld and iva > sum(withheld) else None


def _stated(impuestos: Sequence[ImpuestoCalculado], base: Base) -> Pesos | None:
    rows = [row.base for row in impuestos if row.impuesto.base is base]
    return Pesos(sum(rows)) if rows else None


def _line(numero: int, detalle: Detalle, tipo: TipoDte) -> DetalleCalculado:
    subtotal = round_pesos(detalle.cantidad * detalle.precio)
    if detalle.descuento_pct is not None:
        discount = round_pesos(subtotal * detalle.descuento_pct / 100)
    else:
        discount = detalle.descuento_monto or Pesos(0)
    if discount > subtotal:
        raise MontoInvalido("descuento_monto", f"El descuento de «{detalle.nombre}» es mayor que su monto")
    if detalle.recargo_pct is not None:
        surcharge = round_pesos(subtotal * detalle.recargo_pct / 100)
    else:
        surcharge = detalle.recargo_monto or Pesos(0)
    amount = 0 if detalle.indicador in SIN_MONTO else subtotal - discount + surcharge
    return DetalleCalculado(
        numero=numero,
        detalle=detalle,
        exento=detalle.exento or (tipo.es_exento and detalle.indicador is None),
        subtotal=subtotal,
        descuento_monto=discount,
        monto_item=Pesos(amount),
        recargo_monto=surcharge,
    )


def _global(
    numero: int, descuento: DescuentoGlobal, afecto: int, exento: int, no_facturable: int | None, *, no_afectos: bool
) -> DescuentoCalculado:
    # A percentage is of the sum of its class of lines, not of what earlier rows left (Formato DTE v2.4.2, ValorDR).
    sobre_exento = descuento.sobre_exento or (no_afectos and not descuento.sobre_no_facturable)
    base = exento if sobre_exento else afecto
    if descuento.sobre_no_facturable:
        base = no_facturable or 0
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

"""Totals of export documents, in their own currency.

Source: SII, Formato DTE v2.4.2: MontoItem, MntExe and MntTotal of 110, 111 and 112 take decimals; OtraMoneda states
them in pesos. Amounts are rounded half up to cents, in Chilean pesos to whole pesos.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from torn_app.dte.documento import Documento
from torn_app.dte.errores import DocumentoInvalido, MontoInvalido
from torn_app.dte.exportacion import PESO_CHILENO, Exportacion
from torn_app.dte.lineas import DescuentoGlobal, Detalle, Movimiento
from torn_app.kernel.money import Pesos, round_pesos

_MAX_TOTAL = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class TotalesExportacion:
    """Totals in the document's currency; everything is exempt, so the total is one amount."""

    monto_total: Decimal
    montos_item: tuple[Decimal, ...]
    total_pesos: Pesos | None
    """At the document's exchange rate; None without one."""


def compute_export_totals(documento: Documento) -> TotalesExportacion:
    """Return the totals of an export document.

    Raises:
        DocumentoInvalido: not an export document.
        MontoInvalido: a discount larger than what it applies to, a total out of range, or a stated total in pesos
            that is not that of the exchange rate.
    """
    if documento.exportacion is None:
        raise DocumentoInvalido("exportacion", "El documento no es de exportación")
    return export_totals_of(documento.exportacion, documento.detalles, documento.descuentos)


def export_totals_of(
    exportacion: Exportacion, detalles: Sequence[Detalle], descuentos: Sequence[DescuentoGlobal]
) -> TotalesExportacion:
    """Return the totals of lines that are not a document yet. Raises MontoInvalido as compute_export_totals does."""
    in_pesos = exportacion.moneda == PESO_CHILENO
    step = Decimal(1) if in_pesos else Decimal("0.01")
    items = tuple(_line(line, step) for line in detalles)
    base = sum(items, Decimal(0))
    total = base
    for row in descuentos:
        amount = row.monto_moneda or Decimal(row.monto or 0)
        if row.pct is not None:
            amount = _round(base * row.pct / 100, step)
        total += -amount if row.movimiento is Movimiento.DESCUENTO else amount
    if total < 0:
        raise MontoInvalido("descuentos", "El descuento global es mayor que el monto al que se aplica")
    if total > _MAX_TOTAL:
        raise MontoInvalido("monto_total", "El total del documento está fuera de rango")
    rate = Decimal(1) if in_pesos else exportacion.tipo_cambio
    return TotalesExportacion(total, items, None if rate is None else _in_pesos(total * rate, exportacion.total_pesos))


def _in_pesos(exact: Decimal, stated: Pesos | None) -> Pesos:
    if stated is None:
        return round_pesos(exact)
    if abs(exact - stated) > 1:
        raise MontoInvalido("total_pesos", "El total en pesos no corresponde al total y su tipo de cambio")
    return stated


def line_adjustments(line: Detalle) -> tuple[int, int]:
    """Return discount and surcharge of an export line: whole units of the currency, which is all the schema takes."""
    gross = line.cantidad * line.precio
    discount, surcharge = line.descuento_monto or 0, line.recargo_monto or 0
    if line.descuento_pct is not None:
        discount = int(_round(gross * line.descuento_pct / 100, Decimal(1)))
    if line.recargo_pct is not None:
        surcharge = int(_round(gross * line.recargo_pct / 100, Decimal(1)))
    return discount, surcharge


def _line(line: Detalle, step: Decimal) -> Decimal:
    discount, surcharge = line_adjustments(line)
    amount = _round(line.cantidad * line.precio, step) - discount
    if amount < 0:
        raise MontoInvalido("descuento_monto", f"El descuento de «{line.nombre}» es mayor que su monto")
    return amount + surcharge


def _round(value: Decimal, step: Decimal) -> Decimal:
    return value.quantize(step, rounding=ROUND_HALF_UP)

"""Additional and withheld taxes of a document, computed from its lines. Used by totales.py only.

Source: SII, Formato DTE v2.4.2, ImptoReten, IVANoRet and ValorDR; for boletas the tax is inside the price, so that
net = gross / (1 + VAT + rate).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from torn_app.dte.errores import MontoInvalido
from torn_app.dte.impuestos import VAT_FACTOR, Base, Efecto, Impuesto, impuesto
from torn_app.dte.lineas import Detalle, ImpuestoInformado
from torn_app.kernel.money import Pesos, round_pesos

Codes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ImpuestoCalculado:
    """A row of ImptoReten, whole pesos, never negative: `impuesto.efecto` tells its sign in the total."""

    impuesto: Impuesto
    tasa: Decimal | None
    """Percent; None for a stated amount."""
    base: Pesos
    monto: Pesos

    @property
    def con_signo(self) -> int:
        """What it adds to the total."""
        return -self.monto if self.impuesto.efecto is Efecto.RETIENE else self.monto


def split_by_codes(
    items: Sequence[tuple[Detalle, int]], pct: Decimal, final: int, *, in_pesos: bool
) -> dict[Codes, int]:
    """Return the affected sum after global discounts, split by the codes of the lines; the parts add up to it.

    Args:
        items: affected lines with their MontoItem.
        pct: percentages of the global rows together, discounts negative.
        final: affected sum after those rows.
        in_pesos: some global row is an amount.

    Raises MontoInvalido for an amount in pesos over lines of different taxes: whose it is would be a guess.
    """
    sums: dict[Codes, int] = {}
    for line, amount in items:
        key = tuple(sorted(line.codigos_impuesto))
        sums[key] = sums.get(key, 0) + amount
    if len(sums) < 2:
        return dict.fromkeys(sums, final)
    if in_pesos:
        raise MontoInvalido("descuentos", "Con líneas de distintos impuestos el descuento global va en %")
    exact = {key: max(Decimal(0), amount * (1 + pct / 100)) for key, amount in sums.items()}
    parts = {key: int(value) for key, value in exact.items()}
    # What rounding leaves over goes to the largest fractions first; nothing goes to a group that is worth nothing.
    order = sorted((key for key in sums if sums[key]), key=lambda key: parts[key] - exact[key])
    rest = final - sum(parts.values())
    while rest > 0:
        for key in order[:rest]:
            parts[key] += 1
        rest = final - sum(parts.values())
    while rest < 0:
        for key in [key for key in reversed(order) if parts[key]][:-rest]:
            parts[key] -= 1
        rest = final - sum(parts.values())
    return parts


def net_taxes(
    parts: Mapping[Codes, int],
    lines: Sequence[Detalle],
    informados: Sequence[ImpuestoInformado],
    fecha: date | None,
    iva: int,
) -> tuple[ImpuestoCalculado, ...]:
    """Return the tax rows of a net-priced document, in the order of their codes."""
    stated = {row.codigo: row.monto for row in informados}
    rows = []
    for code in sorted({code for codes in parts for code in codes}):
        tax = impuesto(code)
        base = sum(amount for codes, amount in parts.items() if code in codes)
        if tax.base is Base.FAENA:
            base = sum(line.base_faena or 0 for line in lines if code in line.codigos_impuesto)
        elif tax.base is Base.MARGEN:
            base = sum(line.margen or 0 for line in lines if code in line.codigos_impuesto)
        if tax.base is Base.INFORMADO:
            rows.append(ImpuestoCalculado(tax, None, Pesos(base), stated.get(code, Pesos(0))))
        else:
            rate = tax.tasa(fecha)
            rows.append(ImpuestoCalculado(tax, rate, Pesos(base), round_pesos(base * rate / 100)))
    return _fit_withheld(rows, parts, fecha, iva)


def boleta_taxes(parts: Mapping[Codes, int], fecha: date | None) -> tuple[int, int, tuple[ImpuestoCalculado, ...]]:
    """Return (neto, iva, taxes) of gross amounts: the three add up to them, VAT taking what rounding leaves."""
    net_total = vat_total = 0
    found: dict[int, tuple[int, int]] = {}
    for codes, gross in parts.items():
        rates = {code: impuesto(code).tasa(fecha) for code in codes}
        net = round_pesos(gross / (VAT_FACTOR + sum(rates.values(), Decimal(0)) / 100))
        rest = gross - net
        for code, rate in rates.items():
            amount = min(rest, round_pesos(net * rate / 100))
            base, before = found.get(code, (0, 0))
            found[code] = (base + net, before + amount)
            rest -= amount
        net_total += net
        vat_total += rest
    rows = tuple(
        ImpuestoCalculado(impuesto(code), impuesto(code).tasa(fecha), Pesos(base), Pesos(amount))
        for code, (base, amount) in sorted(found.items())
    )
    return net_total, vat_total, rows


def _fit_withheld(
    rows: list[ImpuestoCalculado], parts: Mapping[Codes, int], fecha: date | None, iva: int
) -> tuple[ImpuestoCalculado, ...]:
    """Make rows that withhold all the VAT add up to it: each is rounded by itself and misses by up to half a peso."""
    withheld = [index for index, row in enumerate(rows) if row.impuesto.retiene_iva]
    if not withheld:
        return tuple(rows)
    miss = iva - sum(rows[index].monto for index in withheld)
    if miss > 0 and not all(_withholds_all(codes, fecha) for codes, amount in parts.items() if amount):
        return tuple(rows)
    step = 1 if miss > 0 else -1
    withheld.sort(key=lambda index: -rows[index].monto)
    for index in withheld[: abs(miss)]:  # fewer pesos than rows: each misses by half a peso at most
        row = rows[index]
        rows[index] = ImpuestoCalculado(row.impuesto, row.tasa, row.base, Pesos(row.monto + step))
    return tuple(rows)


def _withholds_all(codes: Codes, fecha: date | None) -> bool:
    taxes = [impuesto(code) for code in codes]
    return any(tax.retiene_iva and tax.tasa(fecha) == (VAT_FACTOR - 1) * 100 for tax in taxes)

"""A discount on a whole sale: as rows of the document, or shared out to its lines where rows cannot say it.

Source: Formato DTE v2.4.2, zone DscRcgGlobal: one row per class of lines; an amount in pesos must not lie over lines
of different additional taxes, because whose it is would be a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from torn_app.dte.documento import DescuentoGlobal
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, totals_of
from torn_app.kernel.money import Pesos, round_pesos, share_out
from torn_app.sales.errors import DiscountTwice
from torn_app.sales.lines import Priced
from torn_app.sales.schemas import SaleIn


@dataclass(frozen=True, slots=True)
class Discounted:
    """Lines and rows after the discount on the whole. `monto` is what it takes off, in the document's own prices."""

    priced: list[Priced]
    descuentos: tuple[DescuentoGlobal, ...] = ()
    monto: int = 0


def discount_whole(tipo: TipoDte, priced: list[Priced], data: SaleIn) -> Discounted:
    """Return a sale's lines and the rows of a discount on the whole: one for each class of lines it reaches.

    A percentage applies to both classes; an amount is taken from the affected lines, what they cannot bear from the
    exempt ones. Over affected lines of different additional taxes it is shared out to them in proportion to their
    amounts, to the peso: a cashier who takes $1.000 off sees exactly $1.000 less.

    Raises:
        DiscountTwice: a percentage and an amount.
    """
    pct, monto = data.descuento_global_pct or None, data.descuento_global_monto or None
    if pct is not None and monto is not None:
        raise DiscountTwice()
    if pct is None and monto is None:
        return Discounted(priced)
    plain = totals_of(tipo, [p.detalle for p in priced])
    affected, exempt = (sum(r.monto_item for r in plain.lineas if r.exento == kind) for kind in (False, True))
    if pct is not None:
        taken = [(on, round_pesos(amount * pct / 100)) for on, amount in ((False, affected), (True, exempt)) if amount]
        rows = [DescuentoGlobal(pct=pct, sobre_exento=on) for on, _ in taken]
    else:
        assert monto is not None
        of_affected = min(monto, affected)
        taken = [(on, Pesos(part)) for on, part in ((False, of_affected), (True, monto - of_affected)) if part]
        rows = [DescuentoGlobal(monto=part, sobre_exento=on) for on, part in taken]
    whole = sum(amount for _, amount in taken)
    if not _mixed(plain):
        return Discounted(priced, tuple(rows), whole)
    shared = _share(priced, plain, sum(amount for on, amount in taken if not on))
    return Discounted(shared, tuple(row for row in rows if row.sobre_exento), whole)


def _mixed(plain: Totales) -> bool:
    return len({row.detalle.codigos_impuesto for row in plain.lineas if row.afecto}) > 1


def _share(priced: Sequence[Priced], plain: Totales, amount: int) -> list[Priced]:
    """Take an amount off the affected lines, in pesos, on top of what was off them already."""
    parts = share_out(amount, [row.monto_item if row.afecto else 0 for row in plain.lineas])
    found = []
    for line, row, part in zip(priced, plain.lineas, parts, strict=True):
        off = Pesos(row.descuento_monto + part)
        detalle = replace(line.detalle, descuento_pct=None, descuento_monto=off) if part else line.detalle
        found.append(replace(line, detalle=detalle))
    return found

"""Pure decisions of a return of goods with additional taxes: what a note for part of such a sale comes to.

As in return_rules.py, what was returned up to a moment is worth a fixed amount and a note is worth what that grew by,
so that the notes of a sale add up to it to the peso. Here the note states net prices: prices with VAT (MntBruto) are
not for documents with other taxes (Formato DTE v2.4.2). Each tax's lines are brought to their net amount by a discount
or surcharge of their own. Not every total can be reached that way, because each tax is rounded by itself: the peso or
two that are missing are an exempt surcharge of the whole (DscRcgGlobal with IndExeDR 1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from torn_app.dte.documento import Detalle
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import VAT_FACTOR, added_rate, totals_of
from torn_app.kernel.money import Pesos, round_pesos, share_out
from torn_app.sales.return_rules import (
    NoteParts,
    Quantities,
    Sold,
    SoldLine,
    adjusting_row,
    class_amount,
    exempt_amount,
    line_of_note,
    share,
)

Codes = tuple[int, ...]
Nets = dict[Codes, int]
"""Codes of the lines of a group -> their net amount."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The affected lines of one tax and what they came to, in the document's own prices."""

    lines: Sequence[SoldLine]
    final: int


def is_taxed(sold: Sold) -> bool:
    """Tell whether some line of a sale carried an additional tax."""
    return any(line.codigos for line in sold.lines)


def taxed_note_parts(sold: Sold, before: Quantities, taking: Quantities, *, sold_on: date, today: date) -> NoteParts:
    """Return the note that takes back `taking` of a sale of which `before` is already back.

    Taxes are those of the day of the sale; a note's own day decides how its document computes them.
    """
    after = {line.id: before.get(line.id, Decimal(0)) + taking.get(line.id, Decimal(0)) for line in sold.lines}
    groups = _groups(sold)
    worth = _worth(sold, groups, after, sold_on) - _worth(sold, groups, before, sold_on)
    taken = {key: [line for line in group.lines if taking.get(line.id)] for key, group in groups.items()}
    was, is_now = _nets(sold, groups, before, sold_on), _nets(sold, groups, after, sold_on)
    nets = _fit({key: is_now[key] - was[key] for key, lines in taken.items() if lines}, worth, today)
    rest = worth - _total(nets, today)
    details: dict[int, Detalle] = {}
    for key, net in nets.items():
        details |= {line.id: detalle for line, detalle in _details(key, net, taken[key], before, after)}
    for line in sold.lines:
        if line.exento and taking.get(line.id):
            details[line.id] = line_of_note(line, sold, before, after, gross=False)
    detalles = tuple((line, details[line.id]) for line in sold.lines if line.id in details)
    exempt = exempt_amount(sold, after) - exempt_amount(sold, before)
    return NoteParts(detalles, tuple(adjusting_row(detalles, True, exempt + rest)), montos_brutos=False)


def _groups(sold: Sold) -> dict[Codes, _Group]:
    by_codes: dict[Codes, list[SoldLine]] = {}
    for line in sold.lines:
        if not line.exento:
            by_codes.setdefault(line.codigos, []).append(line)
    # Over lines of several taxes no row lowers the whole (`discounts.discount_whole`): these are the plain sums then.
    finals = share_out(sold.afecto, [sum(line.monto for line in lines) for lines in by_codes.values()])
    return {key: _Group(lines, final) for (key, lines), final in zip(by_codes.items(), finals, strict=True)}


def _amount(group: _Group, returned: Quantities) -> int:
    return class_amount(group.lines, group.final, returned)


def _nets(sold: Sold, groups: Mapping[Codes, _Group], returned: Quantities, on: date) -> Nets:
    amounts = {key: _amount(group, returned) for key, group in groups.items()}
    if not sold.gross:
        return amounts
    return {key: round_pesos(amount / (VAT_FACTOR + added_rate(key, on) / 100)) for key, amount in amounts.items()}


def _worth(sold: Sold, groups: Mapping[Codes, _Group], returned: Quantities, on: date) -> int:
    """Return what the returned affected lines are worth with all their taxes, as the sale computed them."""
    if sold.gross:
        return sum(_amount(group, returned) for group in groups.values())
    return _total(_nets(sold, groups, returned, on), on)


def _total(nets: Nets, on: date) -> int:
    """Return what net amounts come to with their taxes, as the document of a note computes it."""
    lines = [Detalle(nombre="-", precio=Decimal(net), codigos_impuesto=key) for key, net in nets.items()]
    return totals_of(TipoDte.NOTA_CREDITO, lines, fecha=on).monto_total


def _fit(nets: Nets, worth: int, on: date) -> Nets:
    """Return net amounts near these that come to `worth`, or to a peso or two less where no net amount gives it.

    A peso of net changes the total by less than two, so that steps of two fifths of what is missing come close soon
    (it is much only when a rate changed between the sale and the note) and the last ones are of a peso.
    """
    nets = dict(nets)
    while (over := _total(nets, on) - worth) > 0:
        largest = max(nets, key=lambda key: nets[key])
        nets[largest] -= min(max(over * 2 // 5, 1), nets[largest])
    for key in sorted(nets, key=lambda key: -nets[key]):
        while (under := worth - _total(nets, on)) > 0:
            step = max(under * 2 // 5, 1)
            raised = nets | {key: nets[key] + step}
            if _total(raised, on) > worth:
                break
            nets = raised
    return nets


def _details(
    codes: Codes, net: int, lines: Sequence[SoldLine], before: Quantities, after: Quantities
) -> list[tuple[SoldLine, Detalle]]:
    """Return the lines of one tax, at their net prices, that come to `net`: each takes its part of what they were."""
    counts = [after[line.id] - before.get(line.id, Decimal(0)) for line in lines]
    plain = [round_pesos(count * line.precio_neto) for line, count in zip(lines, counts, strict=True)]
    worths = [share(line.monto, line, after) - share(line.monto, line, before) for line in lines]
    amounts = share_out(net, worths if any(worths) else plain if any(plain) else [1] * len(lines))
    found = []
    for line, count, full, amount in zip(lines, counts, plain, amounts, strict=True):
        off = full - amount
        detalle = Detalle(
            nombre=line.nombre,
            cantidad=count,
            precio=line.precio_neto,
            codigo=line.codigo,
            unidad=line.unidad,
            descuento_monto=Pesos(off) if off > 0 else None,
            recargo_monto=Pesos(-off) if off < 0 else None,
            codigos_impuesto=codes,
        )
        found.append((line, detalle))
    return found

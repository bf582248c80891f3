"""Additional taxes of a sale: what is frozen on its lines, what its document came to, and what answers show."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select

from torn_app.dte.impuestos import nombre_impuesto
from torn_app.dte.totales import Totales, added_rate
from torn_app.infra.work import Work
from torn_app.kernel.money import Pesos
from torn_app.sales.models import SaleTax
from torn_app.sales.schemas import SaleTaxOut

_tax = SaleTax.__table__  # type: ignore[attr-defined]
_WRITE = insert(_tax)


def frozen_tax(codes: Sequence[int], on: date) -> dict[str, Any]:
    """Return the fields of a sale's line that say which tax its product carried that day, and its rate."""
    if not codes:
        return {}
    return {"impuesto_adicional": codes[0], "tasa_adicional": added_rate(codes[:1], on)}


def write_taxes(work: Work, sale_id: int, totales: Totales) -> list[SaleTaxOut]:
    """Write and return the additional taxes of a sale's document; nearly every sale has none."""
    rows = [
        {
            "sale_id": sale_id,
            "codigo": row.impuesto.codigo,
            "tasa": row.tasa or Decimal(0),
            "base": row.base,
            "monto": row.monto,
        }
        for row in totales.impuestos
        if row.monto
    ]
    if rows:
        work.connection.execute(_WRITE, rows)
    return taxes_out(totales)


def taxes_out(totales: Totales) -> list[SaleTaxOut]:
    """Return the additional taxes of totals as answers show them."""
    return [_out(row.impuesto.codigo, row.tasa or Decimal(0), row.monto) for row in totales.impuestos if row.monto]


def taxes_of(work: Work, sale_ids: Collection[int]) -> dict[int, list[SaleTaxOut]]:
    """Return sale id -> its additional taxes, by code. One query, none without sales."""
    found: dict[int, list[SaleTaxOut]] = {}
    if sale_ids:
        statement = select(_tax).where(_tax.c.sale_id.in_(list(sale_ids))).order_by(_tax.c.sale_id, _tax.c.codigo)
        for row in work.connection.execute(statement):
            found.setdefault(row.sale_id, []).append(_out(row.codigo, row.tasa, row.monto))
    return found


def _out(codigo: int, tasa: Decimal, monto: int) -> SaleTaxOut:
    return SaleTaxOut(codigo=codigo, nombre=nombre_impuesto(str(codigo)), tasa=tasa, monto=Pesos(monto))

"""The zones of a document that carry amounts: totals, lines, global discounts.

Source: schemas DTE_v10 (2026-02) and EnvioBOLETA_v11 (2024-12) for names, order and presence.
"""

from decimal import Decimal

from torn_app.dte.impuestos import TASA_IVA
from torn_app.dte.lineas import Detalle
from torn_app.dte.nodos import group, tag
from torn_app.dte.textos import format_decimal
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import DescuentoCalculado, DetalleCalculado, Totales
from torn_app.dte.totales_impuestos import ImpuestoCalculado

_TASA = format_decimal(TASA_IVA)


def totales_dte(tipo: TipoDte, t: Totales) -> str:
    """Return Totales of a DTE."""
    # A guide that is no sale may carry no amounts at all.
    silent = tipo.es_guia and not any(row.monto for row in t.impuestos)
    neto = iva = tasa = exento = None
    if tipo.es_exento:
        exento = t.monto_exento
    else:
        if t.tiene_afectos and not (silent and not t.monto_neto):
            neto, iva, tasa = t.monto_neto, t.iva, _TASA
        if t.tiene_exentos and not (silent and not t.monto_exento):
            exento = t.monto_exento
    return group(
        "Totales",
        tag("MntNeto", neto)
        + tag("MntExe", exento)
        + tag("MntBase", t.base_faena)
        + tag("MntMargenCom", t.margen)
        + tag("TasaIVA", tasa)
        + tag("IVA", iva)
        + ("".join(_impuesto(row) for row in t.impuestos) if neto is not None else "")
        + tag("IVANoRet", t.iva_no_retenido)
        + tag("CredEC", t.credito_constructoras or None)
        + tag("GrntDep", t.garantia_deposito or None)
        + tag("MntTotal", t.monto_total)
        + tag("MontoNF", t.monto_no_facturable)
        + tag("MontoPeriodo", t.monto_periodo),
    )


def totales_boleta(tipo: TipoDte, t: Totales) -> str:
    """Return Totales of a boleta: a 39 always shows its net and VAT (since 2021)."""
    affected = tipo is TipoDte.BOLETA
    return group(
        "Totales",
        tag("MntNeto", t.monto_neto if affected else None)
        + tag("MntExe", t.monto_exento if t.tiene_exentos or tipo.es_exento else None)
        + tag("IVA", t.iva if affected else None)
        + tag("MntTotal", t.monto_total)
        + tag("MontoNF", t.monto_no_facturable)
        + tag("TotalPeriodo", t.monto_periodo),
    )


def subtotales_boleta(t: Totales) -> list[str]:
    """Return a SubTotInfo row per additional tax inside the prices of a boleta: no other field can name it."""
    return [
        group(
            "SubTotInfo",
            tag("NroSTI", number)
            + tag("GlosaSTI", _named(row))
            + tag("SubTotAdicSTI", row.monto)
            + tag("ValSubtotSTI", row.monto),
        )
        for number, row in enumerate((row for row in t.impuestos if row.monto), 1)
    ]


def detalle(tipo: TipoDte, linea: DetalleCalculado) -> str:
    """Return a Detalle row."""
    item = linea.detalle
    # The schema wants a price above 0; without a price only a guide keeps its quantity.
    priced = item.precio > 0
    quantified = priced or tipo.es_guia
    discount, surcharge = linea.descuento_monto or None, linea.recargo_monto or None
    code = tag("TpoCodigo", "INT1") + tag("VlrCodigo", item.codigo) if item.codigo else ""
    exempt = 1 if linea.exento and not tipo.es_exento else None
    # A boleta has no field for other taxes.
    codes = () if tipo.es_boleta else item.codigos_impuesto
    return group(
        "Detalle",
        tag("NroLinDet", linea.numero)
        + group("CdgItem", code)
        + tag("IndExe", exempt if item.indicador is None else int(item.indicador))
        + _retenedor(item)
        + tag("NmbItem", item.nombre)
        + tag("DscItem", item.descripcion)
        + tag("QtyItem", format_decimal(item.cantidad) if quantified else None)
        + tag("UnmdItem", item.unidad if quantified else None)
        + tag("PrcItem", format_decimal(item.precio) if priced else None)
        + _pct("DescuentoPct", item.descuento_pct, discount)
        + tag("DescuentoMonto", discount)
        + _pct("RecargoPct", item.recargo_pct, surcharge)
        + tag("RecargoMonto", surcharge)
        + "".join(tag("CodImpAdic", code) for code in codes)
        + tag("MontoItem", linea.monto_item),
    )


def descuento(tipo: TipoDte, row: DescuentoCalculado) -> str:
    """Return a DscRcgGlobal row."""
    value = row.descuento
    kind = 1 if row.exento and not tipo.es_exento else None
    return group(
        "DscRcgGlobal",
        tag("NroLinDR", row.numero)
        + tag("TpoMov", value.movimiento.value)
        + tag("GlosaDR", value.glosa)
        + tag("TpoValor", "$" if value.pct is None else "%")
        + tag("ValorDR", value.monto if value.pct is None else format_decimal(value.pct))
        + tag("IndExeDR", 2 if value.sobre_no_facturable else kind),
    )


def _retenedor(item: Detalle) -> str:
    if item.base_faena is None and item.margen is None:
        return ""
    return group(
        "Retenedor",
        tag("IndAgente", "R") + tag("MntBaseFaena", item.base_faena) + tag("MntMargComer", item.margen),
    )


def _impuesto(row: ImpuestoCalculado) -> str:
    # A tax of nothing is no row: the schemas before 2024, which receivers still have, take no amount of 0.
    if not row.monto:
        return ""
    rate = None if row.tasa is None else format_decimal(row.tasa)
    return group("ImptoReten", tag("TipoImp", row.impuesto.codigo) + tag("TasaImp", rate) + tag("MontoImp", row.monto))


def _named(row: ImpuestoCalculado) -> str:
    rate = f" {format_decimal(row.tasa)} %".replace(".", ",") if row.tasa else ""
    return row.impuesto.nombre + rate


def _pct(name: str, pct: Decimal | None, amount: int | None) -> str:
    """Return a percentage, which never stands without its amount."""
    return tag(name, format_decimal(pct)) if pct and amount else ""

"""The zones that only the body `Exportaciones` has, or writes in its own way. Source: schema DTE_v10 (2026-02)."""

from decimal import Decimal

from torn_app.dte.documento import Detalle, Documento, Transporte
from torn_app.dte.exportacion import ADUANA, ANTICIPO, PESO_CHILENO, Aduana, Exportacion
from torn_app.dte.lineas import DescuentoGlobal
from torn_app.dte.nodos import group, tag
from torn_app.dte.textos import format_decimal
from torn_app.dte.totales_exportacion import TotalesExportacion, line_adjustments


def id_exportacion(d: Documento, e: Exportacion, folio: int) -> str:
    """Return IdDoc."""
    return group(
        "IdDoc",
        tag("TipoDTE", int(d.tipo))
        + tag("Folio", folio)
        + tag("FchEmis", d.fecha_emision)
        + tag("TipoDespacho", d.tipo_despacho)
        + tag("IndServicio", d.indicador_servicio)
        + tag("FmaPago", d.forma_pago)
        + tag("FmaPagExp", e.forma_pago)
        # A payment in advance says when it was made (Formato DTE v2.4.2, FchCancel): it is paid when it is invoiced.
        + tag("FchCancel", d.fecha_emision if e.forma_pago == ANTICIPO else None)
        + tag("MedioPago", d.medio_pago)
        + tag("FchVenc", d.fecha_vencimiento),
    )


def transporte_exportacion(t: Transporte | None, aduana: Aduana | None) -> str:
    """Return Transporte with its customs block; the body has no trailer, departure or arrival."""
    carrier = ""
    if t is not None:
        carrier = (
            tag("Patente", t.patente)
            + tag("RUTTrans", t.rut_transportista)
            + group("Chofer", tag("RUTChofer", t.rut_chofer) + tag("NombreChofer", t.nombre_chofer))
            + tag("DirDest", t.direccion_destino)
            + tag("CmnaDest", t.comuna_destino)
            + tag("CiudadDest", t.ciudad_destino)
        )
    return group("Transporte", carrier + (_aduana(aduana) if aduana else ""))


def totales_exportacion(e: Exportacion, t: TotalesExportacion) -> str:
    """Return Totales."""
    amount = format_decimal(t.monto_total)
    return group("Totales", tag("TpoMoneda", e.moneda) + tag("MntExe", amount) + tag("MntTotal", amount))


def otra_moneda(e: Exportacion, t: TotalesExportacion) -> str:
    """Return OtraMoneda: the totals in pesos, where there is an exchange rate."""
    if e.tipo_cambio is None:
        return ""
    return group(
        "OtraMoneda",
        tag("TpoMoneda", PESO_CHILENO)
        + tag("TpoCambio", format_decimal(e.tipo_cambio))
        + tag("MntExeOtrMnda", t.total_pesos)
        + tag("MntTotOtrMnda", t.total_pesos),
    )


def detalle_exportacion(numero: int, item: Detalle, monto: Decimal) -> str:
    """Return a Detalle row."""
    code = tag("TpoCodigo", "INT1") + tag("VlrCodigo", item.codigo) if item.codigo else ""
    priced = item.precio > 0
    discount, surcharge = line_adjustments(item)
    return group(
        "Detalle",
        tag("NroLinDet", numero)
        + group("CdgItem", code)
        + tag("IndExe", 1)
        + tag("NmbItem", item.nombre)
        + tag("DscItem", item.descripcion)
        + tag("QtyItem", format_decimal(item.cantidad) if priced else None)
        + tag("UnmdItem", item.unidad if priced else None)
        + tag("PrcItem", format_decimal(item.precio) if priced else None)
        + _adjustment("Descuento", item.descuento_pct, discount)
        + _adjustment("Recargo", item.recargo_pct, surcharge)
        + tag("MontoItem", format_decimal(monto)),
    )


def _adjustment(name: str, pct: Decimal | None, amount: int) -> str:
    """Return percentage and amount; a percentage never stands without its amount, nor an amount of 0."""
    if not amount:
        return ""
    return tag(f"{name}Pct", format_decimal(pct) if pct else None) + tag(f"{name}Monto", amount)


def descuento_exportacion(numero: int, row: DescuentoGlobal) -> str:
    """Return a DscRcgGlobal row."""
    return group(
        "DscRcgGlobal",
        tag("NroLinDR", numero)
        + tag("TpoMov", row.movimiento.value)
        + tag("GlosaDR", row.glosa)
        + tag("TpoValor", "$" if row.pct is None else "%")
        + tag("ValorDR", format_decimal(row.pct or row.monto_moneda or Decimal(row.monto or 0))),
    )


def _aduana(a: Aduana) -> str:
    parts = []
    for field, (name, _) in ADUANA.items():
        value = getattr(a, field)
        parts.append(tag(name, format_decimal(value) if isinstance(value, Decimal) else value))
        if field == "total_bultos":
            parts += [
                group(
                    "TipoBultos",
                    tag("CodTpoBultos", row.codigo)
                    + tag("CantBultos", row.cantidad)
                    + tag("Marcas", row.marcas)
                    + tag("IdContainer", row.contenedor)
                    + tag("Sello", row.sello),
                )
                for row in a.bultos
            ]
    return group("Aduana", "".join(parts))

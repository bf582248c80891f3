"""A document as the signed `<DTE>` of the tax service.

Source: schemas DTE_v10 (2026-02) and EnvioBOLETA_v11 (2024-12) for names, order and presence; SII, Instructivo
Técnico DTE, for the form: ISO-8859-1, a line break after each tag, no empty optional elements. The element declares
`xmlns:xsi` itself, so that its signature holds both cut out of an envelope and inside it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from torn_app.dte.caf import Caf
from torn_app.dte.documento import DescuentoGlobal, Documento, Referencia, Transporte
from torn_app.dte.errores import CafInvalido, DocumentoInvalido
from torn_app.dte.firma import IN_SCOPE, Certificado, canonicalize, sign_element
from torn_app.dte.textos import escape, format_decimal
from torn_app.dte.timbre import build_ted
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import TASA_IVA, DetalleCalculado, Totales, compute_totals
from torn_app.kernel.clock import SANTIAGO, to_santiago

DECLARATION = b'<?xml version="1.0" encoding="ISO-8859-1"?>\n'

_VENTAS_Y_SERVICIOS = 3
"""IndServicio of a shop's boleta (Formato Boleta v4.1)."""
_TASA = format_decimal(TASA_IVA)


@dataclass(frozen=True, slots=True)
class DteFirmado:
    """An issued document."""

    tipo: TipoDte
    folio: int
    xml: bytes = field(repr=False)
    """Declaration and signed `<DTE>`, ISO-8859-1: stored as it is, never serialised again."""
    ted: bytes = field(repr=False)
    """The flattened stamp: the bytes of the barcode."""
    totales: Totales


def issue_dte(
    documento: Documento, caf: Caf, caf_key: RSAPrivateKey, certificado: Certificado, timestamp: datetime
) -> DteFirmado:
    """Stamp and sign a document.

    Args:
        documento: with its folio.
        caf: the authorisation its folio belongs to, with its key `caf_key`.
        certificado: of the person who signs.
        timestamp: the moment of stamp and signature; aware, or naive Santiago wall time.

    Raises:
        DocumentoInvalido: no folio, or dated after the stamp.
        MontoInvalido: amounts that make no document.
        CafInvalido: the authorisation does not cover the document, or has expired.
        FirmaInvalida: the certificate is not valid at that moment.
    """
    moment = to_santiago(timestamp) if timestamp.tzinfo else timestamp.replace(tzinfo=SANTIAGO)
    wall = moment.replace(tzinfo=None, microsecond=0)
    folio = _check_issuable(documento, caf, wall.date())
    if caf_key.public_key() != caf.llave_publica:
        raise CafInvalido("La llave no corresponde a los folios")
    certificado.check_valid_at(moment)
    totales = compute_totals(documento)
    ted = build_ted(
        tipo=documento.tipo,
        folio=folio,
        fecha_emision=documento.fecha_emision,
        rut_emisor=documento.emisor.rut,
        rut_receptor=documento.receptor.rut,
        razon_social_receptor=documento.receptor.razon_social,
        monto_total=totales.monto_total,
        primer_item=documento.detalles[0].nombre,
        caf=caf,
        caf_key=caf_key,
        timestamp=wall,
    )
    element_id = f"F{folio}T{int(documento.tipo)}"
    body = (_zones(documento, folio, totales)).encode("latin-1") + ted
    body += f"\n<TmstFirma>{wall.isoformat()}</TmstFirma>\n</Documento>".encode("ascii")
    attribute = f' ID="{element_id}">\n'.encode("ascii")
    canonical = canonicalize(b"<Documento " + IN_SCOPE.encode("ascii") + attribute + body)
    signature = sign_element(canonical, element_id, certificado).encode("ascii")
    xml = (
        DECLARATION
        + f'<DTE {IN_SCOPE} version="1.0">\n<Documento'.encode("ascii")
        + attribute
        + body
        + b"\n"
        + signature
        + b"\n</DTE>\n"
    )
    return DteFirmado(documento.tipo, folio, xml, ted, totales)


def _check_issuable(documento: Documento, caf: Caf, today: date) -> int:
    if documento.folio is None:
        raise DocumentoInvalido("folio", "El documento no tiene folio")
    if documento.fecha_emision > today:
        raise DocumentoInvalido("fecha_emision", "La fecha de emisión es posterior a la de la firma")
    if caf.tipo is not documento.tipo or caf.rut_emisor != documento.emisor.rut:
        raise CafInvalido("Los folios son de otro tipo de documento o de otra empresa")
    if documento.folio not in caf:
        raise CafInvalido(f"El folio {documento.folio} no está en el rango {caf.desde} a {caf.hasta}")
    if caf.vence is not None and today > caf.vence:
        raise CafInvalido(f"Los folios vencieron el {caf.vence:%d-%m-%Y}")
    return documento.folio


def _zones(documento: Documento, folio: int, totales: Totales) -> str:
    """Return everything between `<Documento>` and the stamp."""
    boleta = documento.tipo.es_boleta
    parts = ["<Encabezado>\n"]
    if boleta:
        parts += [_id_boleta(documento, folio), _emisor_boleta(documento)]
    else:
        parts += [_id_dte(documento, folio), _emisor_dte(documento)]
    parts += [_receptor(documento), _transporte(documento.transporte)]
    parts += [_totales(documento, totales), "</Encabezado>\n"]
    parts += [_detalle(documento, linea) for linea in totales.lineas]
    parts += [_descuento(documento.tipo, row.numero, row.descuento, row.exento) for row in totales.descuentos]
    write = _referencia_boleta if boleta else _referencia_dte
    parts += [write(number, referencia) for number, referencia in enumerate(documento.referencias, 1)]
    return "".join(parts)


def _tag(name: str, value: object) -> str:
    """Return an element with its line break; nothing when there is no value. Only text needs escaping."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = escape(value)
    return f"<{name}>{value}</{name}>\n"


def _group(name: str, content: str) -> str:
    return f"<{name}>\n{content}</{name}>\n" if content else ""


def _id_dte(d: Documento, folio: int) -> str:
    return _group(
        "IdDoc",
        _tag("TipoDTE", int(d.tipo))
        + _tag("Folio", folio)
        + _tag("FchEmis", d.fecha_emision)
        + _tag("TipoDespacho", d.tipo_despacho)
        + _tag("IndTraslado", d.indicador_traslado)
        + _tag("IndServicio", d.indicador_servicio)
        + _tag("MntBruto", 1 if d.montos_brutos else None)
        + _tag("FmaPago", d.forma_pago)
        + _tag("MedioPago", d.medio_pago)
        + _tag("FchVenc", d.fecha_vencimiento),
    )


def _id_boleta(d: Documento, folio: int) -> str:
    return _group(
        "IdDoc",
        _tag("TipoDTE", int(d.tipo))
        + _tag("Folio", folio)
        + _tag("FchEmis", d.fecha_emision)
        + _tag("IndServicio", d.indicador_servicio or _VENTAS_Y_SERVICIOS)
        + _tag("FchVenc", d.fecha_vencimiento)
        + _tag("MedioPago", d.medio_pago),
    )


def _emisor_dte(d: Documento) -> str:
    e = d.emisor
    return _group(
        "Emisor",
        _tag("RUTEmisor", e.rut)
        + _tag("RznSoc", e.razon_social)
        + _tag("GiroEmis", e.giro)
        + _tag("Telefono", e.telefono)
        + _tag("CorreoEmisor", e.correo)
        + "".join(_tag("Acteco", code) for code in e.actecos)
        + _tag("Sucursal", e.sucursal)
        + _tag("CdgSIISucur", e.codigo_sii_sucursal)
        + _tag("DirOrigen", e.direccion)
        + _tag("CmnaOrigen", e.comuna)
        + _tag("CiudadOrigen", e.ciudad)
        + _tag("CdgVendedor", e.codigo_vendedor),
    )


def _emisor_boleta(d: Documento) -> str:
    e = d.emisor
    return _group(
        "Emisor",
        _tag("RUTEmisor", e.rut)
        + _tag("RznSocEmisor", e.razon_social)
        + _tag("GiroEmisor", e.giro)
        + _tag("CdgSIISucur", e.codigo_sii_sucursal)
        + _tag("DirOrigen", e.direccion)
        + _tag("CmnaOrigen", e.comuna)
        + _tag("CiudadOrigen", e.ciudad),
    )


def _receptor(d: Documento) -> str:
    r = d.receptor
    boleta = d.tipo.es_boleta
    return _group(
        "Receptor",
        _tag("RUTRecep", r.rut)
        + _tag("CdgIntRecep", r.codigo_interno)
        + _tag("RznSocRecep", r.razon_social)
        + _tag("GiroRecep", None if boleta else r.giro)
        + _tag("Contacto", r.contacto)
        + _tag("CorreoRecep", r.correo)
        + _tag("TelefonoRecep", r.telefono if boleta else None)
        + _tag("DirRecep", r.direccion)
        + _tag("CmnaRecep", r.comuna)
        + _tag("CiudadRecep", r.ciudad),
    )


def _transporte(t: Transporte | None) -> str:
    if t is None:
        return ""
    return _group(
        "Transporte",
        _tag("Patente", t.patente)
        + _tag("PatenteCarro", t.patente_carro)
        + _tag("RUTTrans", t.rut_transportista)
        + _group("Chofer", _tag("RUTChofer", t.rut_chofer) + _tag("NombreChofer", t.nombre_chofer))
        + _tag("DirDest", t.direccion_destino)
        + _tag("CmnaDest", t.comuna_destino)
        + _tag("CiudadDest", t.ciudad_destino)
        + _tag("FchSalida", t.fecha_salida)
        + _tag("HraSalida", t.hora_salida.isoformat("seconds") if t.hora_salida else None)
        + _tag("FchLlegada", t.fecha_llegada),
    )


def _totales(d: Documento, t: Totales) -> str:
    tipo = d.tipo
    neto = iva = tasa = exento = None
    if tipo.es_exento:
        exento = t.monto_exento
    else:
        # A guide that is no sale may carry no amounts at all; a boleta always shows its net and VAT (since 2021).
        if tipo is TipoDte.BOLETA or (t.tiene_afectos and not (tipo.es_guia and not t.monto_neto)):
            neto, iva = t.monto_neto, t.iva
            tasa = None if tipo.es_boleta else _TASA
        if t.tiene_exentos and not (tipo.es_guia and not t.monto_exento):
            exento = t.monto_exento
    return _group(
        "Totales",
        _tag("MntNeto", neto)
        + _tag("MntExe", exento)
        + _tag("TasaIVA", tasa)
        + _tag("IVA", iva)
        + _tag("MntTotal", t.monto_total),
    )


def _detalle(d: Documento, linea: DetalleCalculado) -> str:
    item = linea.detalle
    # The schema wants a price above 0; without a price only a guide keeps its quantity.
    priced = item.precio > 0
    quantified = priced or d.tipo.es_guia
    discount = linea.descuento_monto or None
    pct = item.descuento_pct if discount else None
    code = _tag("TpoCodigo", "INT1") + _tag("VlrCodigo", item.codigo) if item.codigo else ""
    return _group(
        "Detalle",
        _tag("NroLinDet", linea.numero)
        + _group("CdgItem", code)
        + _tag("IndExe", 1 if linea.exento and not d.tipo.es_exento else None)
        + _tag("NmbItem", item.nombre)
        + _tag("DscItem", item.descripcion)
        + _tag("QtyItem", format_decimal(item.cantidad) if quantified else None)
        + _tag("UnmdItem", item.unidad if quantified else None)
        + _tag("PrcItem", format_decimal(item.precio) if priced else None)
        + _tag("DescuentoPct", format_decimal(pct) if pct else None)
        + _tag("DescuentoMonto", discount)
        + _tag("MontoItem", linea.monto_item),
    )


def _descuento(tipo: TipoDte, number: int, row: DescuentoGlobal, exento: bool) -> str:
    return _group(
        "DscRcgGlobal",
        _tag("NroLinDR", number)
        + _tag("TpoMov", row.movimiento.value)
        + _tag("GlosaDR", row.glosa)
        + _tag("TpoValor", "$" if row.pct is None else "%")
        + _tag("ValorDR", row.monto if row.pct is None else format_decimal(row.pct))
        + _tag("IndExeDR", 1 if exento and not tipo.es_exento else None),
    )


def _referencia_dte(number: int, r: Referencia) -> str:
    return _group(
        "Referencia",
        _tag("NroLinRef", number)
        + _tag("TpoDocRef", r.tipo)
        + _tag("IndGlobal", 1 if r.es_global else None)
        + _tag("FolioRef", r.folio)
        + _tag("RUTOtr", r.rut_otro)
        + _tag("FchRef", r.fecha)
        + _tag("CodRef", r.codigo)
        + _tag("RazonRef", r.razon),
    )


def _referencia_boleta(number: int, r: Referencia) -> str:
    return _group(
        "Referencia",
        _tag("NroLinRef", number)
        + _tag("TpoDocRef", r.tipo)
        + _tag("FolioRef", r.folio)
        + _tag("CodRef", r.codigo)
        + _tag("RazonRef", r.razon),
    )

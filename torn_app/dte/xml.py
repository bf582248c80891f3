"""A document as the signed `<DTE>` of the tax service.

Source: schemas DTE_v10 (2026-02) and EnvioBOLETA_v11 (2024-12) for names, order and presence; SII, Instructivo
Técnico DTE, for the form: ISO-8859-1, a line break after each tag, no empty optional elements. The element declares
`xmlns:xsi` itself, so that its signature holds both cut out of an envelope and inside it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from torn_app.dte.caf import Caf
from torn_app.dte.canonico import canonicalize_own, is_written_as_ours
from torn_app.dte.documento import Documento, Emisor, Exportacion, Referencia, Transporte
from torn_app.dte.errores import CafInvalido, DocumentoInvalido
from torn_app.dte.firma import IN_SCOPE, Certificado, canonicalize, sign_element
from torn_app.dte.nodos import group, tag
from torn_app.dte.pago import instalments, terms
from torn_app.dte.timbre import build_ted
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, compute_totals
from torn_app.dte.totales_exportacion import TotalesExportacion, compute_export_totals
from torn_app.dte.xml_exportacion import (
    descuento_exportacion,
    detalle_exportacion,
    id_exportacion,
    otra_moneda,
    totales_exportacion,
    transporte_exportacion,
)
from torn_app.dte.xml_montos import descuento, detalle, subtotales_boleta, totales_boleta, totales_dte
from torn_app.kernel.clock import SANTIAGO, to_santiago

DECLARATION = b'<?xml version="1.0" encoding="ISO-8859-1"?>\n'

_VENTAS_Y_SERVICIOS = 3
"""IndServicio of a shop's boleta (Formato Boleta v4.1)."""


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
    """In pesos; of an export document only the total at its exchange rate, 0 without one."""
    totales_exportacion: TotalesExportacion | None = None
    """Of an export document, in its currency."""


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
    certificado.check_valid_at(timestamp if timestamp.tzinfo else moment)
    totales = compute_totals(documento)
    foreign = compute_export_totals(documento) if documento.exportacion else None
    ted = build_ted(
        tipo=documento.tipo,
        folio=folio,
        fecha_emision=documento.fecha_emision,
        rut_emisor=documento.emisor.rut,
        rut_receptor=documento.receptor.rut,
        razon_social_receptor=documento.receptor.razon_social,
        monto_total=foreign.monto_total if foreign else totales.monto_total,
        primer_item=documento.detalles[0].nombre,
        caf=caf,
        caf_key=caf_key,
        timestamp=wall,
    )
    element_id = f"F{folio}T{int(documento.tipo)}"
    zones = _export_zones(documento, folio, foreign) if foreign else _zones(documento, folio, totales)
    name = "Exportaciones" if foreign else "Documento"
    content = (
        f' ID="{element_id}">\n{zones}{ted.decode("latin-1")}\n<TmstFirma>{wall.isoformat()}</TmstFirma>\n</{name}>'
    )
    element = f"<{name} {IN_SCOPE}{content}"
    own = is_written_as_ours(caf.caf_plano)
    canonical = canonicalize_own(element) if own else canonicalize(element.encode("latin-1"))
    signature = sign_element(canonical, element_id, certificado)
    xml = f'<DTE {IN_SCOPE} version="1.0">\n<{name}{content}\n{signature}\n</DTE>\n'.encode("latin-1")
    return DteFirmado(documento.tipo, folio, DECLARATION + xml, ted, totales, foreign)


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
        parts += [_id_boleta(documento, folio), _emisor_boleta(documento.emisor)]
    else:
        parts += [_id_dte(documento, folio), _emisor_dte(documento.emisor)]
    parts += [_receptor(documento), _transporte(documento.transporte)]
    write_totals = totales_boleta if boleta else totales_dte
    parts += [write_totals(documento.tipo, totales), "</Encabezado>\n"]
    parts += [detalle(documento.tipo, linea) for linea in totales.lineas]
    if boleta:
        parts += subtotales_boleta(totales)
    parts += [descuento(documento.tipo, row) for row in totales.descuentos]
    write = _referencia_boleta if boleta else _referencia_dte
    parts += [write(number, referencia) for number, referencia in enumerate(documento.referencias, 1)]
    return "".join(parts)


def _export_zones(documento: Documento, folio: int, totales: TotalesExportacion) -> str:
    """Return everything between `<Exportaciones>` and the stamp."""
    exportacion = documento.exportacion or Exportacion()
    items = zip(documento.detalles, totales.montos_item, strict=True)
    parts = [
        "<Encabezado>\n",
        id_exportacion(documento, exportacion, folio),
        _emisor_dte(documento.emisor),
        _receptor(documento),
        transporte_exportacion(documento.transporte, exportacion.aduana),
        totales_exportacion(exportacion, totales),
        otra_moneda(exportacion, totales),
        "</Encabezado>\n",
        *(detalle_exportacion(number, item, amount) for number, (item, amount) in enumerate(items, 1)),
        *(descuento_exportacion(number, row) for number, row in enumerate(documento.descuentos, 1)),
        *(_referencia_dte(number, row) for number, row in enumerate(documento.referencias, 1)),
    ]
    return "".join(parts)


def _id_dte(d: Documento, folio: int) -> str:
    return group(
        "IdDoc",
        tag("TipoDTE", int(d.tipo))
        + tag("Folio", folio)
        + tag("FchEmis", d.fecha_emision)
        + tag("TipoDespacho", d.tipo_despacho)
        + tag("IndTraslado", d.indicador_traslado)
        + tag("IndServicio", d.indicador_servicio)
        + tag("MntBruto", 1 if d.montos_brutos else None)
        + tag("FmaPago", d.forma_pago)
        + instalments(d.condiciones_pago)
        + tag("MedioPago", d.medio_pago)
        + terms(d.condiciones_pago)
        + tag("FchVenc", d.fecha_vencimiento),
    )


def _id_boleta(d: Documento, folio: int) -> str:
    return group(
        "IdDoc",
        tag("TipoDTE", int(d.tipo))
        + tag("Folio", folio)
        + tag("FchEmis", d.fecha_emision)
        + tag("IndServicio", d.indicador_servicio or _VENTAS_Y_SERVICIOS)
        + tag("FchVenc", d.fecha_vencimiento)
        + tag("MedioPago", d.medio_pago),
    )


@lru_cache(maxsize=256)
def _emisor_dte(e: Emisor) -> str:
    return group(
        "Emisor",
        tag("RUTEmisor", e.rut)
        + tag("RznSoc", e.razon_social)
        + tag("GiroEmis", e.giro)
        + tag("Telefono", e.telefono)
        + tag("CorreoEmisor", e.correo)
        + "".join(tag("Acteco", code) for code in e.actecos)
        + tag("Sucursal", e.sucursal)
        + tag("CdgSIISucur", e.codigo_sii_sucursal)
        + tag("DirOrigen", e.direccion)
        + tag("CmnaOrigen", e.comuna)
        + tag("CiudadOrigen", e.ciudad)
        + tag("CdgVendedor", e.codigo_vendedor),
    )


@lru_cache(maxsize=256)
def _emisor_boleta(e: Emisor) -> str:
    return group(
        "Emisor",
        tag("RUTEmisor", e.rut)
        + tag("RznSocEmisor", e.razon_social)
        + tag("GiroEmisor", e.giro)
        + tag("CdgSIISucur", e.codigo_sii_sucursal)
        + tag("DirOrigen", e.direccion)
        + tag("CmnaOrigen", e.comuna)
        + tag("CiudadOrigen", e.ciudad),
    )


def _receptor(d: Documento) -> str:
    r = d.receptor
    boleta = d.tipo.es_boleta
    return group(
        "Receptor",
        tag("RUTRecep", r.rut)
        + tag("CdgIntRecep", r.codigo_interno)
        + tag("RznSocRecep", r.razon_social)
        + ("" if boleta else group("Extranjero", tag("NumId", r.numero_id) + tag("Nacionalidad", r.nacionalidad)))
        + tag("GiroRecep", None if boleta else r.giro)
        + tag("Contacto", r.contacto)
        + tag("CorreoRecep", r.correo)
        + tag("TelefonoRecep", r.telefono if boleta else None)
        + tag("DirRecep", r.direccion)
        + tag("CmnaRecep", r.comuna)
        + tag("CiudadRecep", r.ciudad),
    )


def _transporte(t: Transporte | None) -> str:
    if t is None:
        return ""
    return group(
        "Transporte",
        tag("Patente", t.patente)
        + tag("PatenteCarro", t.patente_carro)
        + tag("RUTTrans", t.rut_transportista)
        + group("Chofer", tag("RUTChofer", t.rut_chofer) + tag("NombreChofer", t.nombre_chofer))
        + tag("DirDest", t.direccion_destino)
        + tag("CmnaDest", t.comuna_destino)
        + tag("CiudadDest", t.ciudad_destino)
        + tag("FchSalida", t.fecha_salida)
        + tag("HraSalida", t.hora_salida.isoformat("seconds") if t.hora_salida else None)
        + tag("FchLlegada", t.fecha_llegada),
    )


def _referencia_dte(number: int, r: Referencia) -> str:
    return group(
        "Referencia",
        tag("NroLinRef", number)
        + tag("TpoDocRef", r.tipo)
        + tag("IndGlobal", 1 if r.es_global else None)
        + tag("FolioRef", r.folio)
        + tag("RUTOtr", r.rut_otro)
        + tag("FchRef", r.fecha)
        + tag("CodRef", r.codigo)
        + tag("RazonRef", r.razon),
    )


def _referencia_boleta(number: int, r: Referencia) -> str:
    return group(
        "Referencia",
        tag("NroLinRef", number)
        + tag("TpoDocRef", r.tipo)
        + tag("FolioRef", r.folio)
        + tag("CodRef", r.codigo)
        + tag("RazonRef", r.razon),
    )

"""What a printed copy of a document shows, read from its signed XML and from nothing else.

`printed_copy` turns the XML into an `Impresion`: texts already written the way people read them, in the order of the
paper. HTML, PDF and thermal drawing all draw this same description, so that no two papers of a document can differ.
Sizes, fonts and colours never belong here; figures are never computed here, only written.

Sources: Manual de Muestras Impresas v4.0 (box, captions, order, receipt box), Instructivo Técnico DTE and Boleta of
28-10-2021 (stamp captions), Ley 19.983 (cedible copy).
"""

from collections.abc import Iterable
from datetime import date

from torn_app.dte import impresion_textos as textos
from torn_app.dte import impresion_zonas as zonas
from torn_app.dte.impresion_exportacion import export_rows
from torn_app.dte.impresion_nodo import amount, body, declared, get, require
from torn_app.dte.impresion_partes import Acuse, Caja, Fila, FilaPago, Impresion, LineaImpresa
from torn_app.dte.impresion_zonas import CopiaNoPermitida
from torn_app.dte.lectura import read_dte
from torn_app.kernel.rut import format_rut

__all__ = [
    "Acuse",
    "Caja",
    "CopiaNoPermitida",
    "Fila",
    "FilaPago",
    "Impresion",
    "LineaImpresa",
    "printed_copy",
]


def printed_copy(
    xml: bytes,
    *,
    resolucion_numero: int,
    resolucion_fecha: date,
    sucursal_sii: str | None,
    cedible: bool = False,
    sin_validez: bool = False,
    sitio_consulta: str = "www.sii.cl",
    atendido_por: str | None = None,
    emisor_extra: Iterable[str] = (),
    pagos: Iterable[FilaPago | tuple[str, int]] = (),
    notas: Iterable[str] = (),
) -> Impresion:
    """Return what one copy of a signed document shows.

    Args:
        xml: the signed `<DTE>` (or an envelope, whose first document is taken), as stored.
        resolucion_numero: number of the resolution that authorised the issuer; 0 in certification.
        resolucion_fecha: its date, of which the year is printed.
        sucursal_sii: office of the tax service of the issuer's head office, without the `S.I.I. -`.
        cedible: the copy that can be assigned (Ley 19.983) instead of the tax copy.
        sin_validez: mark it as a test document (company in PRUEBA).
        sitio_consulta: where the buyer can look the document up.
        atendido_por: cashier, printed beside the date of a ticket.
        emisor_extra: lines under the issuer's address (phone, branches).
        pagos: rows of the till, in order; a plain pair is a row without emphasis.
        notas: closing lines, the first one emphasised.

    Raises:
        CopiaNoPermitida: cedible copy of a type other than 33, 34, 43, 46 or a 52 that is a sale.
        EsquemaInvalido: not a DTE, or without stamp.
    """
    xml = declared(xml)
    leido = read_dte(xml)
    nodo, tipo = body(xml), leido.tipo
    emision = require(nodo, "Encabezado/IdDoc/FchEmis")
    moneda = get(nodo, "Encabezado/Totales/TpoMoneda") if tipo.es_exportacion else None
    lineas = tuple(zonas.printed_line(linea, moneda, tipo) for linea in nodo.iterfind("Detalle"))
    return Impresion(
        tipo_dte=tipo,
        es_boleta=tipo.es_boleta,
        caja=Caja(
            rut=format_rut(require(nodo, "Encabezado/Emisor/RUTEmisor")),
            documento=tipo.nombre.upper(),
            folio=f"N° {require(nodo, 'Encabezado/IdDoc/Folio')}",
            unidad_sii=f"S.I.I. - {sucursal_sii.upper()}" if sucursal_sii else None,
        ),
        emisor=get(nodo, "Encabezado/Emisor/RznSoc") or get(nodo, "Encabezado/Emisor/RznSocEmisor") or "",
        emisor_lineas=(*zonas.issuer_lines(nodo), *(linea for linea in emisor_extra if linea)),
        fecha=textos.fecha_corta(emision),
        fecha_larga=textos.fecha_larga(emision),
        hora=zonas.signing_time(nodo, emision),
        atendido_por=atendido_por,
        receptor=zonas.receptor_rows(nodo, tipo.es_boleta),
        traslado=zonas.transport_rows(nodo, tipo),
        referencias=tuple(zonas.reference_text(ref) for ref in nodo.iterfind("Referencia")),
        lineas=lineas,
        ajustes=(*zonas.adjustment_rows(nodo, moneda), *zonas.commission_rows(nodo, moneda)),
        totales=zonas.total_rows(nodo, tipo, moneda),
        total=Fila("TOTAL", amount(zonas.total_amount(nodo), moneda)),
        condiciones=(*zonas.payment_rows(nodo, moneda), *(export_rows(nodo, moneda) if moneda else ())),
        pagos=tuple(FilaPago(*pago) for pago in pagos),
        timbre=leido.ted,
        pie_timbre=(
            "Timbre Electrónico SII",
            f"Res. {resolucion_numero} de {resolucion_fecha.year}",
            f"Verifique {'en' if tipo.es_boleta else 'documento:'} {sitio_consulta}",
        ),
        acuse=zonas.receipt_box(nodo, tipo) if cedible else None,
        sin_validez=textos.SIN_VALIDEZ if sin_validez else None,
        notas=tuple(nota for nota in notas if nota),
    )

"""Replies to received documents: what became of an envelope, and what the customer says of each document.

Source: schema RespuestaEnvioDTE_v10. Acceptance and claim with effect in law do not travel in these files but in the
tax service's register; the replies are what suppliers and certification expect.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.firma import Certificado
from torn_app.dte.intercambio import (
    CaratulaIntercambio,
    EstadoComercial,
    EstadoEnvio,
    EstadoRecepcion,
    IdentificacionDte,
    RecepcionDte,
    RecepcionEnvio,
    ResultadoDte,
    check_number,
)
from torn_app.dte.marco import build_signed, schema_time, wall_time
from torn_app.dte.nodos import group, tag
from torn_app.dte.recibidos import ArchivoRecibido, DteRecibido
from torn_app.dte.xml_seguro import decode_base64
from torn_app.kernel.rut import RutInvalido, compact_rut, normalize_rut

_ENVELOPE = {
    EstadoEnvio.CONFORME: "Envío recibido conforme",
    EstadoEnvio.ESQUEMA: "El archivo no es un envío de documentos que se pueda leer entero",
    EstadoEnvio.FIRMA: "La firma del envío no es válida",
    EstadoEnvio.RUT_RECEPTOR: "El envío no es para este receptor",
    EstadoEnvio.REPETIDO: "El envío ya se había recibido",
    EstadoEnvio.ILEGIBLE: "El archivo no se pudo leer",
    EstadoEnvio.OTRO: "La carátula del envío no cuenta los documentos que trae",
}
_RECEIVED = "Documento recibido conforme"
_NOT_RECEIVED = "El envío que lo trae se rechaza"


def decide_reception(
    archivo: ArchivoRecibido,
    *,
    rut_propio: str,
    ya_recibidos: Collection[tuple[str, int, int]],
    nombre_archivo: str,
    codigo_envio: int,
    recibido: datetime,
    envio_repetido: bool = False,
    firma_de_envio_basta: bool = False,
) -> RecepcionEnvio:
    """Say what became of an envelope and of each of its documents, all that is wrong with them told by its code.

    Args:
        archivo: the envelope, read.
        rut_propio: who received it.
        ya_recibidos: issuer, type and folio of documents received before (`IdentificacionDte.clave`).
        nombre_archivo: name of the file, for the supplier to know it by.
        codigo_envio: our own number for it, which later replies quote.
        recibido: when it came, aware, or naive Santiago wall time.
        envio_repetido: this very file was received before.
        firma_de_envio_basta: take a document whose own signature fails when its content is what it was in a set whose
            signature holds. Programs that indent documents after signing them are common, and the tax service is not
            bothered.

    Raises:
        DocumentoInvalido: `codigo_envio` is out of range.
    """
    named = [(dte, _name(dte)) for dte in archivo.dtes]
    estado = EstadoEnvio.REPETIDO if envio_repetido else _envelope_state(archivo, named, rut_propio)
    set_holds = archivo.firma_set is not None and archivo.firma_set.valida
    seen = set(ya_recibidos)
    documentos = []
    for dte, documento in named:
        if documento is None:
            continue
        state, glosa = _document_state(dte, documento, archivo, rut_propio, seen, firma_de_envio_basta and set_holds)
        if estado is not EstadoEnvio.CONFORME and state is EstadoRecepcion.CONFORME:
            state, glosa = EstadoRecepcion.OTRO, _NOT_RECEIVED
        seen.add(documento.clave)
        documentos.append(RecepcionDte(documento=documento, estado=state, glosa=glosa))
    cover = archivo.caratula
    return RecepcionEnvio(
        nombre_archivo=nombre_archivo,
        recibido=recibido,
        codigo_envio=codigo_envio,
        envio_id=archivo.set_id or "",
        digest=_digest(archivo),
        rut_emisor=_rut(cover.rut_emisor) if cover else None,
        rut_receptor=_rut(cover.rut_receptor) if cover else None,
        estado=estado,
        glosa=_ENVELOPE[estado],
        documentos=tuple(documentos),
    )


def unreadable_reception(*, nombre_archivo: str, codigo_envio: int, recibido: datetime) -> RecepcionEnvio:
    """Say that a file could not be read (what `read_received` refuses)."""
    return RecepcionEnvio(
        nombre_archivo=nombre_archivo,
        recibido=recibido,
        codigo_envio=codigo_envio,
        envio_id="",
        digest=None,
        rut_emisor=None,
        rut_receptor=None,
        estado=EstadoEnvio.ILEGIBLE,
        glosa=_ENVELOPE[EstadoEnvio.ILEGIBLE],
    )


def build_reception_reply(
    caratula: CaratulaIntercambio,
    id_respuesta: int,
    recepciones: Sequence[RecepcionEnvio],
    certificado: Certificado,
    timestamp: datetime,
) -> bytes:
    """Return the signed RespuestaDTE about received envelopes, ISO-8859-1.

    Args:
        caratula: who answers whom.
        id_respuesta: our own number for the reply, 1 to 10 digits.
        recepciones: 1 to 9999.
        certificado: who signs.
        timestamp: the moment of signing; aware, or naive Santiago wall time.

    Raises:
        DocumentoInvalido: none or too many, or a number out of range.
        FirmaInvalida: the certificate is not valid at that moment.
    """
    return _build(caratula, id_respuesta, [_reception(row) for row in recepciones], certificado, timestamp)


def build_commercial_reply(
    caratula: CaratulaIntercambio,
    id_respuesta: int,
    resultados: Sequence[ResultadoDte],
    certificado: Certificado,
    timestamp: datetime,
) -> bytes:
    """Return the signed RespuestaDTE that accepts or refuses documents.

    Arguments and errors of `build_reception_reply`; DocumentoInvalido also for a refusal or discrepancy without a word
    on why.
    """
    if any(row.estado is not EstadoComercial.ACEPTADO and not row.glosa for row in resultados):
        raise DocumentoInvalido("glosa", "Falta decir por qué se rechaza o se discrepa")
    return _build(caratula, id_respuesta, [_result(row) for row in resultados], certificado, timestamp)


def _name(dte: DteRecibido) -> IdentificacionDte | None:
    try:
        return None if dte.documento is None else IdentificacionDte.of(dte.documento)
    except DocumentoInvalido:
        return None


def _envelope_state(
    archivo: ArchivoRecibido, named: Sequence[tuple[DteRecibido, IdentificacionDte | None]], rut_propio: str
) -> EstadoEnvio:
    cover, firma = archivo.caratula, archivo.firma_set
    if archivo.raiz != "EnvioDTE" or cover is None or firma is None or any(found is None for _, found in named):
        return EstadoEnvio.ESQUEMA
    if not firma.valida:
        return EstadoEnvio.FIRMA
    if not _same(cover.rut_receptor, rut_propio):
        return EstadoEnvio.RUT_RECEPTOR
    return EstadoEnvio.CONFORME if archivo.conteo_correcto else EstadoEnvio.OTRO


def _document_state(
    dte: DteRecibido,
    documento: IdentificacionDte,
    archivo: ArchivoRecibido,
    rut_propio: str,
    seen: Collection[tuple[str, int, int]],
    set_is_enough: bool,
) -> tuple[EstadoRecepcion, str]:
    cover = archivo.caratula
    if not dte.verificado and not set_is_enough:
        return EstadoRecepcion.FIRMA, dte.firma.motivo or ""
    if dte.vigente_al_firmar is False:
        return EstadoRecepcion.FIRMA, "El certificado no estaba vigente al firmar"
    if cover is not None and not _same(cover.rut_emisor, documento.rut_emisor):
        return EstadoRecepcion.RUT_EMISOR, "El emisor no es el de la carátula del envío"
    if not _same(documento.rut_receptor, rut_propio):
        return EstadoRecepcion.RUT_RECEPTOR, "El documento no es para este receptor"
    if documento.clave in seen:
        return EstadoRecepcion.REPETIDO, "El documento ya se había recibido"
    if not dte.timbre_valido or dte.caf_verificado is False:
        return EstadoRecepcion.OTRO, "El timbre del documento no es válido"
    return EstadoRecepcion.CONFORME, _RECEIVED


def _same(one: str | None, other: str) -> bool:
    return one is not None and compact_rut(one) == compact_rut(other)


def _rut(text: str | None) -> str | None:
    try:
        return normalize_rut(text or "")
    except RutInvalido:
        return None


def _digest(archivo: ArchivoRecibido) -> str | None:
    stated = archivo.firma_set.digest if archivo.firma_set else None
    try:
        decode_base64(stated)
    except ValueError:
        return None
    return "".join((stated or "").split()) or None


def _build(
    caratula: CaratulaIntercambio,
    id_respuesta: int,
    details: Sequence[str],
    certificado: Certificado,
    timestamp: datetime,
) -> bytes:
    check_number(id_respuesta, "id_respuesta")
    if not 1 <= len(details) <= 9999:
        raise DocumentoInvalido("detalles", "Una respuesta lleva de 1 a 9999 detalles")
    stamp = wall_time(timestamp, certificado)
    cover = (
        '<Caratula version="1.0">\n'
        + tag("RutResponde", caratula.rut_responde)
        + tag("RutRecibe", caratula.rut_recibe)
        + tag("IdRespuesta", id_respuesta)
        + tag("NroDetalles", len(details))
        + contact(caratula)
        + tag("TmstFirmaResp", stamp)
        + "</Caratula>\n"
    )
    content = cover + "".join(details)
    return build_signed(
        "RespuestaDTE", "RespuestaEnvioDTE_v10.xsd", "Resultado", f"R{id_respuesta}", content, certificado
    )


def contact(caratula: CaratulaIntercambio) -> str:
    """Return the elements that name a person to ask."""
    return (
        tag("NmbContacto", caratula.nombre_contacto)
        + tag("FonoContacto", caratula.telefono)
        + tag("MailContacto", caratula.correo)
    )


def identification(documento: IdentificacionDte, kind: str = "TipoDTE") -> str:
    """Return the elements that name a document, its type under the name `kind`."""
    return (
        tag(kind, documento.tipo)
        + tag("Folio", documento.folio)
        + tag("FchEmis", documento.fecha_emision)
        + tag("RUTEmisor", documento.rut_emisor)
        + tag("RUTRecep", documento.rut_receptor)
        + tag("MntTotal", documento.monto_total)
    )


def _reception(r: RecepcionEnvio) -> str:
    return group(
        "RecepcionEnvio",
        tag("NmbEnvio", r.nombre_archivo)
        + tag("FchRecep", schema_time(r.recibido))
        + tag("CodEnvio", r.codigo_envio)
        + tag("EnvioDTEID", r.envio_id)
        + tag("Digest", r.digest)
        + tag("RutEmisor", r.rut_emisor)
        + tag("RutReceptor", r.rut_receptor)
        + tag("EstadoRecepEnv", int(r.estado))
        + tag("RecepEnvGlosa", r.glosa)
        + tag("NroDTE", len(r.documentos) or None)
        + "".join(
            group(
                "RecepcionDTE",
                identification(row.documento)
                + tag("EstadoRecepDTE", int(row.estado))
                + tag("RecepDTEGlosa", row.glosa),
            )
            for row in r.documentos
        ),
    )


def _result(r: ResultadoDte) -> str:
    return group(
        "ResultadoDTE",
        identification(r.documento)
        + tag("CodEnvio", r.codigo_envio)
        + tag("EstadoDTE", int(r.estado))
        + tag("EstadoDTEGlosa", r.glosa)
        + tag("CodRchDsc", r.codigo_motivo),
    )

"""Ceding the credit of a document to somebody else: the electronic file of cession (AEC).

Source: schemas AEC_v10, DTECedido_v10 and Cesion_v10; Ley 19.983. The document travels byte for byte, so that its own
signature still holds when it is cut out; a later cession keeps the earlier ones byte for byte too.
"""

from collections.abc import Sequence
from datetime import datetime

from torn_app.dte.archivos import as_file
from torn_app.dte.cesion_recibida import AecRecibido, read_aec
from torn_app.dte.cesion_valores import Cesion, IdCedido, ParteCesion
from torn_app.dte.errores import DocumentoInvalido, EsquemaInvalido, FirmaInvalida
from torn_app.dte.firma import Certificado
from torn_app.dte.marco import build_signed, signed_part, wall_time
from torn_app.dte.nodos import group, tag
from torn_app.dte.recibidos import read_received
from torn_app.dte.xml_seguro import strip_declaration

_MAX_CESSIONS = 40
_MAX_RECEIPTS = 40
_LATIN = "ISO-8859-1"


def build_aec(
    dte: bytes,
    cesion: Cesion,
    certificado: Certificado,
    timestamp: datetime,
    *,
    recibos: Sequence[bytes] = (),
    encoding: str = _LATIN,
) -> bytes:
    """Return the signed AEC of the first cession of a document, ISO-8859-1.

    Args:
        dte: the signed `<DTE>` of a 33, 34, 43 or 46, as stored or cut out of its envelope.
        cesion: who cedes what to whom. Who cedes is who sold: the issuer, or the receiver of a 46.
        certificado: who signs, for the ceding party.
        timestamp: the moment of signing; aware, or naive Santiago wall time.
        recibos: signed `<Recibo>` of the debtor about the document, byte for byte.
        encoding: that of `dte`.

    Raises:
        DocumentoInvalido: a type that is not ceded, a cession that does not fit the document, or too many receipts.
        FirmaInvalida: the document's signature does not hold cut out, or the certificate is not valid at that moment.
        EsquemaInvalido: not a `<DTE>`, or one that ISO-8859-1 cannot hold.
    """
    stamp = wall_time(timestamp, certificado)
    body = strip_declaration(dte).strip()
    documento = _check_document(body, encoding)
    if cesion.cedente.rut != documento.rut_acreedor:
        raise DocumentoInvalido("cedente", "El documento lo cede quien vendió")
    if len(recibos) > _MAX_RECEIPTS:
        raise DocumentoInvalido("recibos", f"Una cesión lleva hasta {_MAX_RECEIPTS} recibos")
    inside = "\n".join(_text(part, encoding) for part in (body, *recibos)) + "\n" + tag("TmstFirma", stamp)
    name = f"F{documento.folio}T{documento.tipo}"
    ceded = signed_part("DTECedido", "DocumentoDTECedido", f"DTECedido_{name}", inside, certificado)
    result = _build(ceded, documento, 1, cesion, certificado, stamp)
    found = read_aec(result)
    if not found.verificado or any(recibo.documento.clave != documento.clave for recibo in found.recibos):
        raise EsquemaInvalido("Los recibos no son del documento que se cede, o su firma no es válida")
    return result


def add_cession(aec: bytes, cesion: Cesion, certificado: Certificado, timestamp: datetime) -> bytes:
    """Return the signed AEC of a later cession, which keeps the document and the earlier cessions byte for byte.

    Args:
        aec: the file of the cession before.
        cesion: who cedes is to whom that one ceded.
        certificado: who signs, for the ceding party.
        timestamp: the moment of signing; aware, or naive Santiago wall time.

    Raises:
        DocumentoInvalido: a cession that does not follow from those before, or one too many (40).
        FirmaInvalida: the signature of the file before or of its document does not hold, or the certificate is not
            valid at that moment.
        EsquemaInvalido: not an AEC, or one that cannot be kept as it is.
    """
    stamp = wall_time(timestamp, certificado)
    before = read_aec(aec)
    documento = before.documento
    if documento is None or before.problemas:
        raise DocumentoInvalido("aec", "La cesión anterior no está en orden: " + "; ".join(before.problemas))
    if not (before.firma.valida and before.dte.aparte is not None and before.dte.aparte.valida):
        raise FirmaInvalida("La firma de la cesión anterior, o la de su documento, no es válida")
    if cesion.cedente.rut != before.rut_cesionario:
        raise DocumentoInvalido("cedente", "El crédito lo cede quien lo recibió en la cesión anterior")
    if len(before.cesiones) >= _MAX_CESSIONS:
        raise DocumentoInvalido("aec", f"Un documento se cede hasta {_MAX_CESSIONS} veces")
    parts = [_text(part.xml, before.encoding) for part in (before.dte_cedido, *before.cesiones)]
    result = _build("\n".join(parts) + "\n", documento, len(parts), cesion, certificado, stamp)
    after = read_aec(result)
    if not after.cesiones[-1].verificado or _held(before) != _held(after)[:-1]:
        raise EsquemaInvalido("El archivo de la cesión anterior no se puede continuar sin romper sus firmas")
    return result


def _held(aec: AecRecibido) -> list[bool]:
    return [part.verificado for part in (aec.dte_cedido, aec.dte, *aec.recibos, *aec.cesiones)]


def _check_document(body: bytes, encoding: str) -> IdCedido:
    if not body.startswith(b"<DTE"):
        raise EsquemaInvalido("Lo que se cede no es un documento tributario firmado")
    (dte,) = read_received(as_file(body, encoding)).dtes
    if dte.documento is None:
        raise EsquemaInvalido(dte.error or "El documento por ceder no se puede leer")
    if dte.aparte is None or not dte.aparte.valida:
        raise FirmaInvalida("La firma del documento por ceder no es válida por sí sola")
    return IdCedido.of(dte.documento)


def _text(part: bytes | None, encoding: str) -> str:
    """Return a part so that its ISO-8859-1 bytes are its own: byte for byte, when that was its encoding."""
    try:
        text = (part or b"").decode(encoding)
        text.encode("latin-1")
    except UnicodeError as error:
        raise EsquemaInvalido("El documento trae caracteres que el SII no acepta") from error
    if not text:
        raise EsquemaInvalido("El archivo de la cesión anterior no se puede conservar como está")
    return text


def _build(
    kept: str, documento: IdCedido, sequence: int, cesion: Cesion, certificado: Certificado, stamp: str
) -> bytes:
    """Return the file: what is kept of before (the ceded document and earlier cessions) and this cession."""
    if cesion.cesionario.rut == cesion.cedente.rut:
        raise DocumentoInvalido("cesionario", "Nadie se cede un crédito a sí mismo")
    if cesion.monto > documento.monto_total:
        raise DocumentoInvalido("monto", "El monto cedido no puede ser mayor que el total del documento")
    if cesion.ultimo_vencimiento < documento.fecha_emision:
        raise DocumentoInvalido("ultimo_vencimiento", "El último vencimiento es anterior al documento")
    if stamp[:10] < documento.fecha_emision.isoformat():
        raise DocumentoInvalido("fecha_emision", "El documento es posterior a su cesión")
    name = f"F{documento.folio}T{documento.tipo}_{sequence}"
    cover = (
        '<Caratula version="1.0">\n'
        + tag("RutCedente", cesion.cedente.rut)
        + tag("RutCesionario", cesion.cesionario.rut)
        + tag("MailContacto", cesion.cedente.correo)
        + tag("TmstFirmaEnvio", stamp)
        + "</Caratula>\n"
    )
    own = signed_part(
        "Cesion", "DocumentoCesion", f"Cesion_{name}", _cession(documento, sequence, cesion, stamp), certificado
    )
    content = cover + group("Cesiones", kept + own)
    return build_signed("AEC", "AEC_v10.xsd", "DocumentoAEC", f"AEC_{name}", content, certificado)


def _cession(documento: IdCedido, sequence: int, cesion: Cesion, stamp: str) -> str:
    return (
        tag("SeqCesion", sequence)
        + group(
            "IdDTE",
            tag("TipoDTE", documento.tipo)
            + tag("RUTEmisor", documento.rut_emisor)
            + tag("RUTReceptor", documento.rut_receptor)
            + tag("Folio", documento.folio)
            + tag("FchEmis", documento.fecha_emision)
            + tag("MntTotal", documento.monto_total),
        )
        + group(
            "Cedente",
            _party(cesion.cedente)
            + "".join(
                group("RUTAutorizado", tag("RUT", row.rut) + tag("Nombre", row.nombre)) for row in cesion.autorizados
            )
            + tag("DeclaracionJurada", cesion.declaracion_jurada),
        )
        + group("Cesionario", _party(cesion.cesionario))
        + tag("MontoCesion", cesion.monto)
        + tag("UltimoVencimiento", cesion.ultimo_vencimiento)
        + tag("OtrasCondiciones", cesion.otras_condiciones)
        + tag("eMailDeudor", cesion.correo_deudor)
        + tag("TmstCesion", stamp)
    )


def _party(party: ParteCesion) -> str:
    return (
        tag("RUT", party.rut)
        + tag("RazonSocial", party.razon_social)
        + tag("Direccion", party.direccion)
        + tag("eMail", party.correo)
    )

"""Receipts of goods and services (Ley 19.983), each signed by itself, and their set.

Source: schemas Recibos_v10 and EnvioRecibos_v10; Ley 19.983, arts. 4 b and 5 c.
"""

from collections.abc import Sequence
from datetime import datetime

from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.firma import Certificado
from torn_app.dte.intercambio import DECLARACION, CaratulaIntercambio, Recibo
from torn_app.dte.marco import build_signed, signed_part, wall_time
from torn_app.dte.nodos import tag
from torn_app.dte.respuestas import contact, identification

_ID = "SetRecibos"


def build_receipts(
    caratula: CaratulaIntercambio, recibos: Sequence[Recibo], certificado: Certificado, timestamp: datetime
) -> bytes:
    """Return the signed EnvioRecibos with one signed receipt per document, ISO-8859-1.

    `timestamp` is aware, or naive Santiago wall time; who signs is the holder of `certificado`.

    Raises:
        DocumentoInvalido: none, a document twice, or one of another issuer or receiver than the cover says.
        FirmaInvalida: the certificate is not valid at that moment.
    """
    keys = {recibo.documento.clave for recibo in recibos}
    if not recibos or len(keys) != len(recibos):
        raise DocumentoInvalido("recibos", "Un envío de recibos lleva uno por documento")
    parties = (caratula.rut_recibe, caratula.rut_responde)
    if any((recibo.documento.rut_emisor, recibo.documento.rut_receptor) != parties for recibo in recibos):
        raise DocumentoInvalido("recibos", "Un envío de recibos es de documentos de un solo emisor y receptor")
    stamp = wall_time(timestamp, certificado)
    cover = (
        '<Caratula version="1.0">\n'
        + tag("RutResponde", caratula.rut_responde)
        + tag("RutRecibe", caratula.rut_recibe)
        + contact(caratula)
        + tag("TmstFirmaEnv", stamp)
        + "</Caratula>\n"
    )
    content = cover + "".join(build_receipt(recibo, certificado, stamp) for recibo in recibos)
    return build_signed("EnvioRecibos", "EnvioRecibos_v10.xsd", "SetRecibos", _ID, content, certificado)


def build_receipt(recibo: Recibo, certificado: Certificado, stamp: str) -> str:
    """Return a signed `<Recibo>`; `stamp` is the moment of signing, from `marco.wall_time`."""
    documento = recibo.documento
    content = (
        identification(documento, "TipoDoc")
        + tag("Recinto", recibo.recinto)
        + tag("RutFirma", certificado.rut)
        + tag("Declaracion", DECLARACION)
        + tag("TmstFirmaRecibo", stamp)
    )
    element_id = f"R{documento.folio}T{documento.tipo}"
    return signed_part("Recibo", "DocumentoRecibo", element_id, content, certificado)

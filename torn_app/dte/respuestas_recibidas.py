"""Replies and receipts received from customers: their signatures verified, their fields read as they were signed.

Source: schemas RespuestaEnvioDTE_v10, EnvioRecibos_v10 and Recibos_v10. What they say of a document is worth as much as
their signature, which is told and not demanded. Who signed is a person: whether that person may speak for the customer
is not in the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import TypeVar

from cryptography import x509
from lxml import etree

from torn_app.dte.archivos import Archivo, ParteFirmada, only_child, open_file, tagged, verify_part
from torn_app.dte.canonico_recibido import canonical_document
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.intercambio import (
    DECLARACION,
    CaratulaIntercambio,
    EstadoComercial,
    EstadoEnvio,
    EstadoRecepcion,
    IdentificacionDte,
    RecepcionDte,
    RecepcionEnvio,
    ResultadoDte,
)
from torn_app.dte.nodo_recibido import must, node_of, reading, rut_of, signed_node, text_of, time_of
from torn_app.dte.numeros import read_whole
from torn_app.dte.verificacion import FirmaLeida, verify_beside
from torn_app.dte.xml_seguro import SII

_RESULT, _SET, _RECEIPT = tagged("Resultado"), tagged("SetRecibos"), tagged("DocumentoRecibo")
_State = TypeVar("_State", bound=IntEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class RespuestaRecibida:
    """A RespuestaDTE. It has receptions or results, not both."""

    firma: FirmaLeida
    caratula: CaratulaIntercambio
    id_respuesta: int
    firmada: datetime
    """TmstFirmaResp, naive Santiago wall time."""
    recepciones: tuple[RecepcionEnvio, ...]
    resultados: tuple[ResultadoDte, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReciboRecibido(ParteFirmada):
    """A receipt of a set."""

    documento: IdentificacionDte
    recinto: str
    rut_firma: str
    """As it says; who signed is in `firma.certificado`."""
    firmado: datetime
    """TmstFirmaRecibo, naive Santiago wall time."""
    declaracion_correcta: bool
    """It carries the text of the law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecibosRecibidos:
    """An EnvioRecibos."""

    firma: FirmaLeida
    caratula: CaratulaIntercambio
    recibos: tuple[ReciboRecibido, ...]


def read_reply(data: bytes, *, issuers: Sequence[x509.Certificate] = ()) -> RespuestaRecibida:
    """Read and verify a RespuestaDTE.

    Args:
        data: the file, 10 MB at most.
        issuers: when given, the certificate must be issued by one of them.

    Raises:
        EsquemaInvalido: not safe XML, another kind of file, or something in it that cannot be read.
    """
    archivo = open_file(data, ["RespuestaDTE"])
    firma = _verify_root(archivo, _RESULT, issuers)
    return reading(lambda: _reply(firma))


def read_receipts(data: bytes, *, issuers: Sequence[x509.Certificate] = ()) -> RecibosRecibidos:
    """Read and verify an EnvioRecibos, the set and each receipt. Arguments and errors of `read_reply`."""
    archivo = open_file(data, ["EnvioRecibos"])
    nodes = only_child(archivo.root, _SET).findall(f"{{{SII}}}Recibo")
    if len(list(archivo.root.iter("{*}Recibo"))) != len(nodes):
        raise EsquemaInvalido("El archivo no trae sus recibos donde corresponde")
    firma = _verify_root(archivo, _SET, issuers)
    cuts = archivo.cut_out("Recibo", nodes)
    partes = [verify_part(archivo, node, cut, _RECEIPT, issuers=issuers) for node, cut in zip(nodes, cuts, strict=True)]
    return reading(
        lambda: RecibosRecibidos(
            firma=firma,
            caratula=_cover(node_of(signed_node(firma), "Caratula")),
            recibos=tuple(read_receipt(parte) for parte in partes),
        )
    )


def _verify_root(archivo: Archivo, body: Sequence[str], issuers: Sequence[x509.Certificate]) -> FirmaLeida:
    signed = only_child(archivo.root, body)
    return verify_beside(signed, archivo.root, whole=canonical_document(archivo.root), issuers=issuers)


def _reply(firma: FirmaLeida) -> RespuestaRecibida:
    signed = signed_node(firma)
    cover = node_of(signed, "Caratula")
    return RespuestaRecibida(
        firma=firma,
        caratula=_cover(cover),
        id_respuesta=read_whole(must(cover, "IdRespuesta")),
        firmada=time_of(cover, "TmstFirmaResp"),
        recepciones=tuple(_reception(row) for row in signed.iterchildren(*tagged("RecepcionEnvio"))),
        resultados=tuple(_result(row) for row in signed.iterchildren(*tagged("ResultadoDTE"))),
    )


def _cover(node: etree._Element) -> CaratulaIntercambio:
    return CaratulaIntercambio(
        rut_responde=must(node, "RutResponde"),
        rut_recibe=must(node, "RutRecibe"),
        nombre_contacto=text_of(node, "NmbContacto"),
        telefono=text_of(node, "FonoContacto"),
        correo=text_of(node, "MailContacto"),
    )


def _reception(node: etree._Element) -> RecepcionEnvio:
    return RecepcionEnvio(
        nombre_archivo=text_of(node, "NmbEnvio") or "",
        recibido=time_of(node, "FchRecep"),
        codigo_envio=read_whole(must(node, "CodEnvio")),
        envio_id=text_of(node, "EnvioDTEID") or "",
        digest=text_of(node, "Digest"),
        rut_emisor=text_of(node, "RutEmisor"),
        rut_receptor=text_of(node, "RutReceptor"),
        estado=_state(node, "EstadoRecepEnv", EstadoEnvio),
        glosa=text_of(node, "RecepEnvGlosa") or "",
        documentos=tuple(
            RecepcionDte(
                documento=_identification(row, "TipoDTE"),
                estado=_state(row, "EstadoRecepDTE", EstadoRecepcion),
                glosa=text_of(row, "RecepDTEGlosa") or "",
            )
            for row in node.iterchildren(*tagged("RecepcionDTE"))
        ),
    )


def _result(node: etree._Element) -> ResultadoDte:
    reason = text_of(node, "CodRchDsc")
    return ResultadoDte(
        documento=_identification(node, "TipoDTE"),
        codigo_envio=read_whole(must(node, "CodEnvio")),
        estado=_state(node, "EstadoDTE", EstadoComercial),
        glosa=text_of(node, "EstadoDTEGlosa") or "",
        codigo_motivo=None if reason is None else read_whole(reason),
    )


def read_receipt(parte: ParteFirmada) -> ReciboRecibido:
    """Read a receipt whose signature was verified. Raises EsquemaInvalido or ValueError (see `reading`)."""
    node = signed_node(parte.firma)
    return ReciboRecibido(
        en_sitio=parte.en_sitio,
        aparte=parte.aparte,
        xml=parte.xml,
        documento=_identification(node, "TipoDoc"),
        recinto=text_of(node, "Recinto") or "",
        rut_firma=rut_of(node, "RutFirma"),
        firmado=time_of(node, "TmstFirmaRecibo"),
        declaracion_correcta=text_of(node, "Declaracion") == DECLARACION,
    )


def _identification(node: etree._Element, kind: str) -> IdentificacionDte:
    return IdentificacionDte(
        tipo=read_whole(must(node, kind)),
        folio=read_whole(must(node, "Folio")),
        fecha_emision=date.fromisoformat(must(node, "FchEmis")),
        rut_emisor=must(node, "RUTEmisor"),
        rut_receptor=must(node, "RUTRecep"),
        monto_total=read_whole(must(node, "MntTotal")),
    )


def _state(node: etree._Element, name: str, kind: type[_State]) -> _State:
    return kind(read_whole(must(node, name)))

"""Replies and receipts received from customers: their signatures verified, their fields read as they were signed.

Source: schemas RespuestaEnvioDTE_v10, EnvioRecibos_v10 and Recibos_v10. What they say of a document is worth as much as
their signature, which is told and not demanded. Who signed is a person: whether that person may speak for the customer
is not in the file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import TypeVar

from cryptography import x509
from lxml import etree

from torn_app.dte.archivos import MAX_BYTES, Archivo, ParteFirmada, only_child, open_file, tagged, verify_part
from torn_app.dte.canonico_recibido import canonical_document
from torn_app.dte.errores import DocumentoInvalido, EsquemaInvalido
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
from torn_app.dte.verificacion import FirmaLeida, verify_beside
from torn_app.dte.xml_seguro import SII, parse_untrusted

_RESULT, _SET, _RECEIPT = tagged("Resultado"), tagged("SetRecibos"), tagged("DocumentoRecibo")
_State = TypeVar("_State", bound=IntEnum)
_Read = TypeVar("_Read")


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
    return _reading(lambda: _reply(firma))


def read_receipts(data: bytes, *, issuers: Sequence[x509.Certificate] = ()) -> RecibosRecibidos:
    """Read and verify an EnvioRecibos, the set and each receipt. Arguments and errors of `read_reply`."""
    archivo = open_file(data, ["EnvioRecibos"])
    nodes = only_child(archivo.root, _SET).findall(f"{{{SII}}}Recibo")
    if len(list(archivo.root.iter("{*}Recibo"))) != len(nodes):
        raise EsquemaInvalido("El archivo no trae sus recibos donde corresponde")
    firma = _verify_root(archivo, _SET, issuers)
    cuts = archivo.cut_out("Recibo", nodes)
    partes = [verify_part(archivo, node, cut, _RECEIPT, issuers=issuers) for node, cut in zip(nodes, cuts, strict=True)]
    return _reading(
        lambda: RecibosRecibidos(
            firma=firma,
            caratula=_cover(_node(_signed(firma), "Caratula")),
            recibos=tuple(_receipt(parte) for parte in partes),
        )
    )


def _verify_root(archivo: Archivo, body: Sequence[str], issuers: Sequence[x509.Certificate]) -> FirmaLeida:
    signed = only_child(archivo.root, body)
    return verify_beside(signed, archivo.root, whole=canonical_document(archivo.root), issuers=issuers)


def _reading(read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except EsquemaInvalido:
        raise
    except DocumentoInvalido as error:
        raise EsquemaInvalido(f"La respuesta trae un dato que no vale: {error}") from error
    except ValueError as error:
        raise EsquemaInvalido("La respuesta trae un dato que no se puede leer") from error


def _signed(firma: FirmaLeida) -> etree._Element:
    return parse_untrusted(firma.canonico, max_bytes=2 * MAX_BYTES)


def _reply(firma: FirmaLeida) -> RespuestaRecibida:
    signed = _signed(firma)
    cover = _node(signed, "Caratula")
    return RespuestaRecibida(
        firma=firma,
        caratula=_cover(cover),
        id_respuesta=int(_must(cover, "IdRespuesta")),
        firmada=_time(cover, "TmstFirmaResp"),
        recepciones=tuple(_reception(row) for row in signed.iterchildren(*tagged("RecepcionEnvio"))),
        resultados=tuple(_result(row) for row in signed.iterchildren(*tagged("ResultadoDTE"))),
    )


def _cover(node: etree._Element) -> CaratulaIntercambio:
    return CaratulaIntercambio(
        rut_responde=_must(node, "RutResponde"),
        rut_recibe=_must(node, "RutRecibe"),
        nombre_contacto=_text(node, "NmbContacto"),
        telefono=_text(node, "FonoContacto"),
        correo=_text(node, "MailContacto"),
    )


def _reception(node: etree._Element) -> RecepcionEnvio:
    return RecepcionEnvio(
        nombre_archivo=_text(node, "NmbEnvio") or "",
        recibido=_time(node, "FchRecep"),
        codigo_envio=int(_must(node, "CodEnvio")),
        envio_id=_text(node, "EnvioDTEID") or "",
        digest=_text(node, "Digest"),
        rut_emisor=_text(node, "RutEmisor"),
        rut_receptor=_text(node, "RutReceptor"),
        estado=_state(node, "EstadoRecepEnv", EstadoEnvio),
        glosa=_text(node, "RecepEnvGlosa") or "",
        documentos=tuple(
            RecepcionDte(
                documento=_identification(row, "TipoDTE"),
                estado=_state(row, "EstadoRecepDTE", EstadoRecepcion),
                glosa=_text(row, "RecepDTEGlosa") or "",
            )
            for row in node.iterchildren(*tagged("RecepcionDTE"))
        ),
    )


def _result(node: etree._Element) -> ResultadoDte:
    reason = _text(node, "CodRchDsc")
    return ResultadoDte(
        documento=_identification(node, "TipoDTE"),
        codigo_envio=int(_must(node, "CodEnvio")),
        estado=_state(node, "EstadoDTE", EstadoComercial),
        glosa=_text(node, "EstadoDTEGlosa") or "",
        codigo_motivo=None if reason is None else int(reason),
    )


def _receipt(parte: ParteFirmada) -> ReciboRecibido:
    node = _signed(parte.firma)
    return ReciboRecibido(
        en_sitio=parte.en_sitio,
        aparte=parte.aparte,
        xml=parte.xml,
        documento=_identification(node, "TipoDoc"),
        recinto=_text(node, "Recinto") or "",
        rut_firma=_must(node, "RutFirma"),
        firmado=_time(node, "TmstFirmaRecibo"),
        declaracion_correcta=_text(node, "Declaracion") == DECLARACION,
    )


def _identification(node: etree._Element, kind: str) -> IdentificacionDte:
    return IdentificacionDte(
        tipo=int(_must(node, kind)),
        folio=int(_must(node, "Folio")),
        fecha_emision=date.fromisoformat(_must(node, "FchEmis")),
        rut_emisor=_must(node, "RUTEmisor"),
        rut_receptor=_must(node, "RUTRecep"),
        monto_total=int(_must(node, "MntTotal")),
    )


def _state(node: etree._Element, name: str, kind: type[_State]) -> _State:
    return kind(int(_must(node, name)))


def _time(node: etree._Element, name: str) -> datetime:
    moment = datetime.fromisoformat(_must(node, name))
    # The schemas allow a zone, which the tax service's texts do not: the wall time is what was written.
    return moment.replace(tzinfo=None, microsecond=0)


def _node(parent: etree._Element, name: str) -> etree._Element:
    return only_child(parent, tagged(name))


def _text(node: etree._Element, name: str) -> str | None:
    text = node.findtext(f"{{{SII}}}{name}")
    return text.strip() or None if text else None


def _must(node: etree._Element, name: str) -> str:
    text = _text(node, name)
    if text is None:
        raise EsquemaInvalido(f"A la respuesta le falta el dato {name}")
    return text

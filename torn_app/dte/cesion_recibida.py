"""Reading a file of cession (AEC): every signature in it verified, its fields read as they were signed.

Source: schemas AEC_v10, DTECedido_v10 and Cesion_v10. Programs that add a cession to a file of others often indent it
anew, and the tax service has taken such files: each part tells for itself whether its signature holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from torn_app.dte.archivos import Archivo, ParteFirmada, only_child, open_file, tagged, verify_part
from torn_app.dte.canonico_recibido import canonical_document
from torn_app.dte.cesion_valores import Autorizado, Cesion, IdCedido, ParteCesion
from torn_app.dte.errores import DocumentoInvalido, EsquemaInvalido
from torn_app.dte.llaves_sii import LLAVES_SII
from torn_app.dte.nodo_recibido import must, node_of, reading, rut_of, signed_node, text_of, time_of
from torn_app.dte.numeros import read_whole
from torn_app.dte.recibidos import BODIES, DteRecibido, read_part
from torn_app.dte.respuestas_recibidas import ReciboRecibido, read_receipt
from torn_app.dte.verificacion import FirmaLeida, verify_beside

_MAX_SIGNERS = 3
"""Signatures of one cession (Cesion_v10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CesionRecibida(ParteFirmada):
    """A cession of a file."""

    secuencia: int
    documento: IdCedido
    cesion: Cesion
    firmada: datetime
    """TmstCesion, naive Santiago wall time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AecRecibido:
    """A file of cession. Each part has its signature; `problemas` is what does not fit between them."""

    firma: FirmaLeida
    rut_cedente: str
    rut_cesionario: str
    firmado: datetime
    """TmstFirmaEnvio, naive Santiago wall time."""
    dte: DteRecibido
    dte_cedido: ParteFirmada
    recibos: tuple[ReciboRecibido, ...]
    cesiones: tuple[CesionRecibida, ...]
    encoding: str
    """Of the file, hence of the bytes of its parts."""

    @property
    def documento(self) -> IdCedido | None:
        """The ceded document, as it says itself; None when it cannot be read or ceded."""
        try:
            return None if self.dte.documento is None else IdCedido.of(self.dte.documento)
        except DocumentoInvalido:
            return None

    @property
    def firmas(self) -> tuple[FirmaLeida, ...]:
        """All signatures, from the outermost in."""
        parts: tuple[ParteFirmada, ...] = (self.dte_cedido, self.dte, *self.recibos, *self.cesiones)
        return (self.firma, *(part.firma for part in parts))

    @property
    def verificado(self) -> bool:
        """Whether every signature holds and nothing is out of place."""
        return all(firma.valida for firma in self.firmas) and not self.problemas

    @property
    def problemas(self) -> tuple[str, ...]:
        """What does not fit, in Spanish; nothing in a good file."""
        found = []
        said = self.documento
        if any(row.documento != said for row in self.cesiones):
            found.append("Una cesión nombra otro documento que el cedido")
        if [row.secuencia for row in self.cesiones] != list(range(1, len(self.cesiones) + 1)):
            found.append("Las cesiones no están numeradas en orden")
        holders = [said.rut_acreedor if said else None, *(row.cesion.cesionario.rut for row in self.cesiones)]
        if [row.cesion.cedente.rut for row in self.cesiones] != holders[:-1]:
            found.append("Cede el crédito quien no lo tiene")
        last = self.cesiones[-1].cesion
        if (self.rut_cedente, self.rut_cesionario) != (last.cedente.rut, last.cesionario.rut):
            found.append("La carátula no nombra a las partes de la última cesión")
        return tuple(found)


def read_aec(
    data: bytes, *, authorities: Mapping[int, RSAPublicKey] = LLAVES_SII, issuers: Sequence[x509.Certificate] = ()
) -> AecRecibido:
    """Read and verify a file of cession.

    Args:
        data: the file, 10 MB at most.
        authorities: keys of the tax service's CAF signatures, by IDK.
        issuers: when given, certificates must be issued by one of them.

    Raises:
        EsquemaInvalido: not safe XML, another kind of file, parts out of their place, or something in it that cannot be
            read.
    """
    archivo = open_file(data, ["AEC"])
    signed = only_child(archivo.root, tagged("DocumentoAEC"))
    firma = verify_beside(signed, archivo.root, whole=canonical_document(archivo.root), issuers=issuers)
    cessions = node_of(signed, "Cesiones")
    ceded = node_of(cessions, "DTECedido")
    inside = node_of(ceded, "DocumentoDTECedido")
    node_of(inside, "DTE")
    (dte,) = _parts(archivo, inside, "DTE", BODIES, issuers)
    (dte_cedido,) = _parts(archivo, cessions, "DTECedido", tagged("DocumentoDTECedido"), issuers)
    receipts = _parts(archivo, inside, "Recibo", tagged("DocumentoRecibo"), issuers)
    rows = _parts(archivo, cessions, "Cesion", tagged("DocumentoCesion"), issuers, most=_MAX_SIGNERS)
    if not rows:
        raise EsquemaInvalido("El archivo no trae ninguna cesión")
    cover = node_of(signed_node(firma), "Caratula")
    return reading(
        lambda: AecRecibido(
            firma=firma,
            rut_cedente=rut_of(cover, "RutCedente"),
            rut_cesionario=rut_of(cover, "RutCesionario"),
            firmado=time_of(cover, "TmstFirmaEnvio"),
            dte=read_part(dte, archivo.encoding, authorities),
            dte_cedido=dte_cedido,
            recibos=tuple(read_receipt(parte) for parte in receipts),
            cesiones=tuple(_cession(parte) for parte in rows),
            encoding=archivo.encoding,
        )
    )


def _parts(
    archivo: Archivo,
    parent: etree._Element,
    name: str,
    bodies: Sequence[str],
    issuers: Sequence[x509.Certificate],
    *,
    most: int = 1,
) -> list[ParteFirmada]:
    nodes = parent.findall(tagged(name)[0])
    if len(list(archivo.root.iter(f"{{*}}{name}"))) != len(nodes):
        raise EsquemaInvalido("El archivo de cesión trae una parte fuera de su lugar")
    cuts = archivo.cut_out(name, nodes)
    return [
        verify_part(archivo, node, cut, bodies, issuers=issuers, most=most)
        for node, cut in zip(nodes, cuts, strict=True)
    ]


def _cession(parte: ParteFirmada) -> CesionRecibida:
    node = signed_node(parte.firma)
    documento, cedente = node_of(node, "IdDTE"), node_of(node, "Cedente")
    return CesionRecibida(
        en_sitio=parte.en_sitio,
        aparte=parte.aparte,
        xml=parte.xml,
        secuencia=read_whole(must(node, "SeqCesion")),
        documento=IdCedido(
            tipo=read_whole(must(documento, "TipoDTE")),
            rut_emisor=must(documento, "RUTEmisor"),
            rut_receptor=must(documento, "RUTReceptor"),
            folio=read_whole(must(documento, "Folio")),
            fecha_emision=date.fromisoformat(must(documento, "FchEmis")),
            monto_total=read_whole(must(documento, "MntTotal")),
        ),
        cesion=Cesion(
            cedente=_party(cedente),
            autorizados=tuple(
                Autorizado(rut=must(row, "RUT"), nombre=text_of(row, "Nombre") or "")
                for row in cedente.iterchildren(*tagged("RUTAutorizado"))
            ),
            cesionario=_party(node_of(node, "Cesionario")),
            monto=read_whole(must(node, "MontoCesion")),
            ultimo_vencimiento=date.fromisoformat(must(node, "UltimoVencimiento")),
            declaracion_jurada=text_of(cedente, "DeclaracionJurada"),
            otras_condiciones=text_of(node, "OtrasCondiciones"),
            correo_deudor=text_of(node, "eMailDeudor"),
        ),
        firmada=time_of(node, "TmstCesion"),
    )


def _party(node: etree._Element) -> ParteCesion:
    return ParteCesion(
        rut=must(node, "RUT"),
        razon_social=must(node, "RazonSocial"),
        direccion=must(node, "Direccion"),
        correo=must(node, "eMail"),
    )

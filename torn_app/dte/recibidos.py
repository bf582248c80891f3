"""Documents received from others: what verifies, what does not, and their fields as they were signed.

Source: SII, Instructivo Técnico DTE (2021-10), signature, stamp and envelope. Real files are often indented anew after
signing, so that a signature that fails does not keep a document from being read; it is told. Fields are read from the
canonical bytes whose digest was compared, never from elsewhere in the file.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from torn_app.dte.archivos import MAX_BYTES, ParteFirmada, open_file, tagged, verify_part
from torn_app.dte.canonico_recibido import canonical_document
from torn_app.dte.errores import DteError, EsquemaInvalido
from torn_app.dte.lectura import read_body
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.llaves_sii import LLAVES_SII
from torn_app.dte.timbre_recibido import caf_holds, signed_stamp, spelt_stamp, stamp_holds
from torn_app.dte.verificacion import FirmaLeida, verify_beside
from torn_app.dte.xml_seguro import SII, parse_untrusted
from torn_app.kernel.clock import SANTIAGO

BODIES = tagged("Documento", "Exportaciones", "Liquidacion")
"""What a `<DTE>` may hold."""

_KINDS = ("EnvioDTE", "EnvioBOLETA", "DTE")
_SET, _DTE = tagged("SetDTE", "DTE")
_NS = {"s": SII}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaratulaRecibida:
    """The cover of an envelope; None where it has no such field."""

    rut_emisor: str | None
    rut_envia: str | None
    rut_receptor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SobreRecibido:
    """What is said of all documents of a file. A single `<DTE>` has no set: its cover and signature are None."""

    raiz: str
    """EnvioDTE, EnvioBOLETA or DTE."""
    set_id: str | None
    caratula: CaratulaRecibida | None
    firma_set: FirmaLeida | None
    conteo_correcto: bool
    """The cover counts what there is, type by type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivoVerificado(SobreRecibido):
    """A file whose signatures were verified, and nothing else read."""

    partes: tuple[ParteFirmada, ...]
    """Its documents."""
    encoding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DteRecibido(ParteFirmada):
    """One document of a file."""

    documento: DteLeido | None
    """None when it cannot be read; see `error`."""
    error: str | None
    timbre_valido: bool
    """The stamp holds under the key of its CAF and says what the document says."""
    caf_verificado: bool | None
    """The CAF's signature holds; None when the key that signed it is unknown."""
    vigente_al_firmar: bool | None
    """The certificate was in date at TmstFirma; None without one of both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivoRecibido(SobreRecibido):
    """A file with its documents."""

    dtes: tuple[DteRecibido, ...]


def read_received(
    data: bytes,
    *,
    authorities: Mapping[int, RSAPublicKey] = LLAVES_SII,
    both_forms: bool = False,
    issuers: Sequence[x509.Certificate] = (),
) -> ArchivoRecibido:
    """Read and verify an EnvioDTE, EnvioBOLETA or single DTE, in whatever encoding it declares.

    Args:
        data: the file, 10 MB at most.
        authorities: keys of the tax service's CAF signatures, by IDK.
        both_forms: verify each document both alone and where it stands, even when the first holds.
        issuers: when given, certificates must be issued by one of them.

    Raises:
        EsquemaInvalido: not safe XML, another kind of file, repeated IDs, or documents out of their place.
    """
    found = verify_received(data, both_forms=both_forms, issuers=issuers)
    return ArchivoRecibido(
        raiz=found.raiz,
        set_id=found.set_id,
        caratula=found.caratula,
        firma_set=found.firma_set,
        conteo_correcto=found.conteo_correcto,
        dtes=tuple(read_part(parte, found.encoding, authorities) for parte in found.partes),
    )


def verify_received(
    data: bytes, *, both_forms: bool = False, issuers: Sequence[x509.Certificate] = ()
) -> ArchivoVerificado:
    """Verify the signatures of the set and of each document. Arguments and errors of `read_received`."""
    archivo = open_file(data, _KINDS)
    root, single = archivo.root, archivo.kind == "DTE"
    sets = root.findall(_SET)
    nodes = [root] if single else [dte for one in sets for dte in one.findall(_DTE)]
    if sum(1 for _ in root.iter("{*}DTE")) != len(nodes) or len(sets) != (not single) or not nodes:
        raise EsquemaInvalido("El archivo no trae sus documentos donde corresponde")
    cuts = archivo.cut_out("DTE", nodes)
    partes = tuple(
        verify_part(archivo, node, cut, BODIES, both_forms=both_forms, issuers=issuers)
        for node, cut in zip(nodes, cuts, strict=True)
    )
    one = None if single else sets[0]
    return ArchivoVerificado(
        raiz=archivo.kind,
        set_id=None if one is None else one.get("ID"),
        caratula=None if one is None else _cover(one),
        firma_set=None if one is None else verify_beside(one, root, whole=canonical_document(root), issuers=issuers),
        conteo_correcto=one is None or _counts_hold(one),
        partes=partes,
        encoding=archivo.encoding,
    )


def _cover(signed: etree._Element) -> CaratulaRecibida:
    # From the tree: without comments and instructions it says what the verified bytes of the set say.
    return CaratulaRecibida(
        rut_emisor=signed.findtext("s:Caratula/s:RutEmisor", None, _NS),
        rut_envia=signed.findtext("s:Caratula/s:RutEnvia", None, _NS),
        rut_receptor=signed.findtext("s:Caratula/s:RutReceptor", None, _NS),
    )


def _counts_hold(signed: etree._Element) -> bool:
    said = {
        row.findtext("s:TpoDTE", None, _NS): row.findtext("s:NroDTE", None, _NS)
        for row in signed.iterfind("s:Caratula/s:SubTotDTE", _NS)
    }
    found = Counter(node.findtext("*/s:Encabezado/s:IdDoc/s:TipoDTE", None, _NS) for node in signed.iterfind(_DTE))
    return said == {tipo: str(count) for tipo, count in found.items()}


def read_part(parte: ParteFirmada, encoding: str, authorities: Mapping[int, RSAPublicKey]) -> DteRecibido:
    """Read a document whose signature was verified, from a file in that encoding. Never raises: see its `error`."""
    firma = parte.firma
    documento, error, stamp, caf, valid = None, None, False, None, None
    try:
        body = parse_untrusted(firma.canonico, max_bytes=2 * MAX_BYTES)
        # The stamp is signed as it is spelt in the file, where quotes may stand as entities.
        ted = spelt_stamp(parte.xml, encoding, signed_stamp(firma.canonico))
        documento = read_body(body, ted)
        stamp, caf = stamp_holds(body, documento), caf_holds(ted, authorities)
    except DteError as problem:
        error = str(problem)
    if documento is not None and documento.timestamp_firma is not None and firma.certificado is not None:
        valid = firma.certificado.valid_at(documento.timestamp_firma.replace(tzinfo=SANTIAGO))
    return DteRecibido(
        documento=documento,
        error=error,
        en_sitio=parte.en_sitio,
        aparte=parte.aparte,
        timbre_valido=stamp,
        caf_verificado=caf,
        vigente_al_firmar=valid,
        xml=parte.xml,
    )

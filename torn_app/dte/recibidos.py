"""Documents received from others: what verifies, what does not, and their fields as they were signed.

Source: SII, Instructivo Técnico DTE (2021-10), signature, stamp and envelope. Real files are often indented anew after
signing, so that a signature that fails does not keep a document from being read; it is told. Fields are read from the
canonical bytes whose digest was compared, never from elsewhere in the file.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from torn_app.dte.caf import check_frma
from torn_app.dte.errores import CafInvalido, DteError, EsquemaInvalido, FirmaInvalida
from torn_app.dte.lectura import DteLeido, read_dte
from torn_app.dte.llaves_sii import LLAVES_SII
from torn_app.dte.timbre import verify_ted
from torn_app.dte.verificacion import FirmaLeida, verify_beside
from torn_app.dte.xml_seguro import SII, flatten, parse_untrusted
from torn_app.kernel.clock import SANTIAGO

MAX_BYTES = 10_000_000
"""Largest file taken. Nesting is bounded by the parser (256 levels)."""

_NS = {"s": SII}
_BODIES = tuple(f"{{{SII}}}{name}" for name in ("Documento", "Exportaciones", "Liquidacion"))
_DTE = re.compile(rb"<DTE[\s>].*?</DTE>", re.DOTALL)
_TED = re.compile(rb"<TED[\s>].*?</TED>", re.DOTALL)
_CAF = re.compile(rb"<CAF[\s>].*?</CAF>", re.DOTALL)
_XMLNS = re.compile(rb"\sxmlns(?::\w+)?=(?:\"[^\"]*\"|'[^']*')")
_IDK = re.compile(rb"<IDK>(\d{1,9})</IDK>")
_FRMA = re.compile(rb"<FRMA[^>]*>([^<]*)</FRMA>")


@dataclass(frozen=True, slots=True, kw_only=True)
class DteRecibido:
    """One document of a file."""

    documento: DteLeido | None
    """None when it cannot be read; see `error`."""
    error: str | None
    en_sitio: FirmaLeida
    """Its signature where it stands."""
    aparte: FirmaLeida | None
    """Its signature when cut out and verified alone, as the tax service does; None when it cannot be cut out."""
    timbre_valido: bool
    """The stamp holds under the key of its CAF and says what the document says."""
    caf_verificado: bool | None
    """The CAF's signature holds; None when the key that signed it is unknown."""
    vigente_al_firmar: bool | None
    """The certificate was in date at TmstFirma; None without one of both."""
    xml: bytes | None = field(repr=False)
    """The `<DTE>` byte for byte, in the encoding of the file."""

    @property
    def firma(self) -> FirmaLeida:
        """The signature that holds, else the one in place."""
        return self.aparte if self.aparte is not None and self.aparte.valida else self.en_sitio

    @property
    def verificado(self) -> bool:
        """Whether the document's signature holds in one of both forms."""
        return self.firma.valida


@dataclass(frozen=True, slots=True, kw_only=True)
class CaratulaRecibida:
    """The cover of an envelope, from its canonical bytes; None where it has no such field."""

    rut_emisor: str | None
    rut_envia: str | None
    rut_receptor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivoRecibido:
    """A file with its documents. A single `<DTE>` has no set: `set_id`, `caratula` and `firma_set` are None."""

    raiz: str
    """EnvioDTE, EnvioBOLETA or DTE."""
    set_id: str | None
    caratula: CaratulaRecibida | None
    firma_set: FirmaLeida | None
    conteo_correcto: bool
    """The cover counts what there is, type by type."""
    dtes: tuple[DteRecibido, ...]


def read_received(data: bytes, *, authorities: Mapping[int, RSAPublicKey] = LLAVES_SII) -> ArchivoRecibido:
    """Read and verify an EnvioDTE, EnvioBOLETA or single DTE, in whatever encoding it declares.

    Args:
        data: the file, 10 MB at most.
        authorities: keys of the tax service's CAF signatures, by IDK.

    Raises:
        EsquemaInvalido: not safe XML, another kind of file, repeated IDs, or documents out of their place.
    """
    root = parse_untrusted(data, max_bytes=MAX_BYTES)
    kind = etree.QName(root)
    if kind.namespace != SII or kind.localname not in ("EnvioDTE", "EnvioBOLETA", "DTE"):
        raise EsquemaInvalido("El archivo no es un envío de documentos ni un documento tributario")
    found = root.xpath("//@*[translate(local-name(), 'ID', 'id') = 'id']")
    ids = [str(value) for value in found] if isinstance(found, list) else []
    if len(set(ids)) != len(ids):
        raise EsquemaInvalido("El archivo repite un identificador: no se puede saber qué se firmó")
    sets = root.findall("s:SetDTE", _NS)
    nodes = [root] if kind.localname == "DTE" else [dte for one in sets for dte in one.findall("s:DTE", _NS)]
    if len(list(root.iter(f"{{{SII}}}DTE"))) != len(nodes) or len(sets) != (kind.localname != "DTE") or not nodes:
        raise EsquemaInvalido("El archivo no trae sus documentos donde corresponde")
    encoding = root.getroottree().docinfo.encoding or "UTF-8"
    cuts: list[bytes | None] = list(_DTE.findall(data))
    if len(cuts) != len(nodes):
        cuts = [None] * len(nodes)
    dtes = tuple(_dte(node, cut, encoding, authorities) for node, cut in zip(nodes, cuts, strict=True))
    if not sets:
        return ArchivoRecibido(
            raiz=kind.localname, set_id=None, caratula=None, firma_set=None, conteo_correcto=True, dtes=dtes
        )
    firma = verify_beside(sets[0], root)
    signed = parse_untrusted(firma.canonico, max_bytes=2 * MAX_BYTES)
    return ArchivoRecibido(
        raiz=kind.localname,
        set_id=signed.get("ID"),
        caratula=CaratulaRecibida(
            rut_emisor=signed.findtext("s:Caratula/s:RutEmisor", None, _NS),
            rut_envia=signed.findtext("s:Caratula/s:RutEnvia", None, _NS),
            rut_receptor=signed.findtext("s:Caratula/s:RutReceptor", None, _NS),
        ),
        firma_set=firma,
        conteo_correcto=_counts_hold(signed),
        dtes=dtes,
    )


def _counts_hold(signed: etree._Element) -> bool:
    said = {
        row.findtext("s:TpoDTE", None, _NS): row.findtext("s:NroDTE", None, _NS)
        for row in signed.iterfind("s:Caratula/s:SubTotDTE", _NS)
    }
    found = Counter(
        node.findtext(".//s:Encabezado/s:IdDoc/s:TipoDTE", None, _NS) for node in signed.iterfind("s:DTE", _NS)
    )
    return said == {tipo: str(count) for tipo, count in found.items()}


def _dte(
    node: etree._Element, cut: bytes | None, encoding: str, authorities: Mapping[int, RSAPublicKey]
) -> DteRecibido:
    in_place = verify_beside(_body(node), node)
    alone = _verify_alone(cut, encoding)
    best = alone if alone is not None and alone.valida else in_place
    documento, error, stamp, caf = None, None, False, None
    try:
        documento = read_dte(b'<DTE xmlns="' + SII.encode("ascii") + b'">' + best.canonico + b"</DTE>")
    except DteError as problem:
        error = str(problem)
    if documento is not None:
        # The stamp is signed as it is spelt in the file, where quotes may stand as entities.
        spelt = _spelling(cut, encoding, documento.ted)
        documento = replace(documento, ted=spelt)
        stamp = _stamp_holds(documento)
        caf = _caf_holds(spelt, authorities)
    valid = None
    if documento is not None and documento.timestamp_firma is not None and best.certificado is not None:
        valid = best.certificado.valid_at(documento.timestamp_firma.replace(tzinfo=SANTIAGO))
    return DteRecibido(
        documento=documento,
        error=error,
        en_sitio=in_place,
        aparte=alone,
        timbre_valido=stamp,
        caf_verificado=caf,
        vigente_al_firmar=valid,
        xml=cut,
    )


def _body(node: etree._Element) -> etree._Element:
    bodies = [child for child in node if child.tag in _BODIES]
    if len(bodies) != 1:
        raise EsquemaInvalido("El archivo trae un documento sin contenido, o con más de uno")
    return bodies[0]


def _verify_alone(cut: bytes | None, encoding: str) -> FirmaLeida | None:
    if cut is None:
        return None
    opening = cut[: cut.index(b">")]
    if b"xmlns=" not in opening:
        cut = b'<DTE xmlns="' + SII.encode("ascii") + b'"' + cut[4:]
    try:
        root = parse_untrusted(
            f'<?xml version="1.0" encoding="{encoding}"?>'.encode("ascii") + cut, max_bytes=MAX_BYTES
        )
        return verify_beside(_body(root), root)
    except EsquemaInvalido:
        # It leans on a prefix that the envelope declares: it has no form of its own.
        return None


def _spelling(cut: bytes | None, encoding: str, signed: bytes) -> bytes:
    found = _TED.search(cut) if cut is not None else None
    if found is None:
        return signed
    try:
        raw = flatten(_XMLNS.sub(b"", found.group().decode(encoding).encode("latin-1")))
        return raw if _canonical_stamp(raw) == _canonical_stamp(signed) else signed
    except (EsquemaInvalido, UnicodeError):
        return signed


def _canonical_stamp(ted: bytes) -> bytes:
    root = parse_untrusted(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + ted)
    return bytes(etree.tostring(root, method="c14n", with_comments=True))


def _stamp_holds(documento: DteLeido) -> bool:
    try:
        verify_ted(documento.ted)
        root = parse_untrusted(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + documento.ted)
    except (FirmaInvalida, EsquemaInvalido):
        return False
    said = tuple(root.findtext(f"DD/{name}") for name in ("RE", "TD", "F", "FE", "RR"))
    return said == (
        documento.emisor.rut,
        str(int(documento.tipo)),
        str(documento.folio),
        documento.fecha_emision.isoformat(),
        documento.receptor.rut,
    )


def _caf_holds(ted: bytes, authorities: Mapping[int, RSAPublicKey]) -> bool | None:
    caf = _CAF.search(ted)
    idk, frma = (_IDK.search(caf.group()), _FRMA.search(caf.group())) if caf else (None, None)
    if caf is None or idk is None or frma is None:
        return False
    authority = authorities.get(int(idk.group(1)))
    if authority is None:
        return None
    try:
        return check_frma(caf.group(), frma.group(1).decode("latin-1"), authority)
    except CafInvalido:
        return False

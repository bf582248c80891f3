"""Opening signed files of others: read safely, and each of their signed parts in the form it was signed in.

Source: SII, Instructivo Técnico DTE (2021-10), signature. The tax service verifies a document cut out of its envelope,
as a file of its own, and a set where it stands; others sign parts as they stand. One of both forms must hold.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509
from lxml import etree

from torn_app.dte.canonico_recibido import canonical_document
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.verificacion import FirmaLeida, verify_beside
from torn_app.dte.xml_seguro import SII, parse_untrusted

MAX_BYTES = 10_000_000
"""Largest file taken. Nesting is bounded by the parser (256 levels)."""

_NOT_TAGS = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_NAME = re.compile(rb"<\w+")
_DEFAULT = f'xmlns="{SII}"'.encode("ascii")
_BYTE_ENCODINGS = frozenset({"UTF-8", "ISO-8859-1", "ISO-8859-15", "US-ASCII", "ASCII", "WINDOWS-1252"})
"""Those in which `<` and `>` are one byte, and never part of another character."""


def tagged(*names: str) -> tuple[str, ...]:
    """Return names of elements as tags in the tax service's namespace."""
    return tuple(f"{{{SII}}}{name}" for name in names)


@dataclass(frozen=True, slots=True)
class Archivo:
    """A file that was read safely. Its tree has no comments and no instructions: it says what canonical text says."""

    root: etree._Element
    encoding: str
    data: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        """Name of the root element, which is of the tax service's namespace."""
        return etree.QName(self.root).localname

    def cut_out(self, name: str, nodes: Sequence[etree._Element]) -> list[bytes | None]:
        """Return all elements of a name, given in order, byte for byte; None for each when that cannot be told."""
        plain = all(node.prefix is None for node in nodes) and self.encoding.upper() in _BYTE_ENCODINGS
        cuts = _cuts(self.data, name.encode("ascii")) if plain else []
        return list(cuts) if len(cuts) == len(nodes) else [None] * len(nodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParteFirmada:
    """A signed part of a file, and what became of its signature."""

    en_sitio: FirmaLeida | None
    """Verified where it stands; None when that was not needed."""
    aparte: FirmaLeida | None
    """Verified cut out and alone; None when it cannot be cut out."""
    xml: bytes | None = field(repr=False)
    """The part with its signature byte for byte, in the encoding of the file; None when it cannot be cut out."""

    @property
    def firma(self) -> FirmaLeida:
        """The signature in the form in which it holds, else where it stands."""
        found = self.aparte if self.en_sitio is None or (self.aparte and self.aparte.valida) else self.en_sitio
        if found is None:
            raise ValueError("a part that was verified in no form")
        return found

    @property
    def verificado(self) -> bool:
        """Whether its signature holds in one of both forms."""
        return self.firma.valida


def open_file(data: bytes, kinds: Sequence[str]) -> Archivo:
    """Read a file of the tax service's namespace, in whatever encoding it declares.

    Args:
        data: the file, 10 MB at most.
        kinds: the root elements that are taken.

    Raises:
        EsquemaInvalido: not safe XML, another kind of file, instructions inside, or repeated IDs.
    """
    root = parse_untrusted(data, max_bytes=MAX_BYTES, remove_comments=True)
    name = etree.QName(root)
    if name.namespace != SII or name.localname not in kinds:
        raise EsquemaInvalido("El archivo no es de los que se esperan del SII o de otro contribuyente")
    if next(root.iter(etree.ProcessingInstruction), None) is not None:
        raise EsquemaInvalido("El archivo XML trae instrucciones, que no se aceptan")
    found = root.xpath("//@*[translate(local-name(), 'ID', 'id') = 'id']")
    ids = [str(value) for value in found] if isinstance(found, list) else []
    if len(set(ids)) != len(ids):
        raise EsquemaInvalido("El archivo repite un identificador: no se puede saber qué se firmó")
    return Archivo(root, root.getroottree().docinfo.encoding or "UTF-8", data)


def verify_part(
    archivo: Archivo,
    holder: etree._Element,
    cut: bytes | None,
    bodies: Sequence[str],
    *,
    both_forms: bool = False,
    issuers: Sequence[x509.Certificate] = (),
    most: int = 1,
) -> ParteFirmada:
    """Verify the signature of a part: alone first, and where it stands when that does not hold or both are wished.

    Args:
        archivo: the file.
        holder: the part, which holds its signed element and the signature.
        cut: its bytes, from `cut_out`.
        bodies: the tags its signed element may have (see `tagged`).
        both_forms: verify in both forms in any case.
        issuers: see `verify_beside`.
        most: see `verify_beside`.

    Raises:
        EsquemaInvalido: the part has no signed element, or more than one.
    """
    body = only_child(holder, bodies)
    alone = _verify_alone(archivo, cut, bodies, issuers, most)
    in_place = None
    if both_forms or alone is None or not alone.valida:
        in_place = verify_beside(body, holder, issuers=issuers, most=most)
    return ParteFirmada(en_sitio=in_place, aparte=alone, xml=cut)


def as_file(cut: bytes, encoding: str) -> bytes:
    """Return a part as a file of its own: declared, and in the tax service's namespace when it took it from around."""
    if b"xmlns=" not in cut.partition(b">")[0]:
        cut = _NAME.sub(rb"\g<0> " + _DEFAULT, cut, count=1)
    return f'<?xml version="1.0" encoding="{encoding}"?>\n'.encode("ascii") + cut


def only_child(holder: etree._Element, tags: Sequence[str]) -> etree._Element:
    """Return the one child with one of these tags. Raises EsquemaInvalido when there is none, or more than one."""
    found = [child for child in holder if child.tag in tags]
    if len(found) != 1:
        raise EsquemaInvalido("El archivo trae un documento sin contenido, o con más de uno")
    return found[0]


def _verify_alone(
    archivo: Archivo, cut: bytes | None, bodies: Sequence[str], issuers: Sequence[x509.Certificate], most: int
) -> FirmaLeida | None:
    if cut is None:
        return None
    try:
        root = parse_untrusted(as_file(cut, archivo.encoding), max_bytes=2 * MAX_BYTES, remove_comments=True)
        return verify_beside(only_child(root, bodies), root, whole=canonical_document(root), issuers=issuers, most=most)
    except EsquemaInvalido:
        # It leans on a prefix that the file declares: it has no form of its own.
        return None


def _cuts(data: bytes, name: bytes) -> list[bytes]:
    """Return the elements of a name, which do not nest, byte for byte."""
    tags, declared = data, data.startswith(b"<?xml ")
    if b"<!" in data or data.find(b"<?", declared) >= 0:
        # Only in here does `<` stand for itself: what is written in a comment must not pass for an element.
        tags = _NOT_TAGS.sub(lambda found: b" " * len(found.group()), data)
    opening, closing = re.compile(rb"<" + name + rb"[\s/>]"), re.compile(rb"</" + name + rb"\s*>")
    cuts, position = [], 0
    while (first := opening.search(tags, position)) and (last := closing.search(tags, first.end())):
        position = last.end()
        cuts.append(data[first.start() : position])
    return cuts

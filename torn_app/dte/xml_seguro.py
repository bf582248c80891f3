"""Reading XML written by others: no document type, no entities, no network, bounded size."""

import base64
import re

from lxml import etree

from torn_app.dte.errores import EsquemaInvalido

SII = "http://www.sii.cl/SiiDte"
"""Namespace of the tax service's documents."""
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DSIG = "http://www.w3.org/2000/09/xmldsig#"

MAX_DTE_BYTES = 4_000_000
"""Far above a boleta of 1000 lines with full descriptions."""

_BETWEEN_TAGS = re.compile(rb">\s+<")
_DECLARATION = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\?>\s*")
_PARSERS = {
    remove_comments: etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=remove_comments
    )
    for remove_comments in (False, True)
}
"""Made once: making one costs as much as reading a short document. lxml lets one thread at a time use each."""


def parse_untrusted(data: bytes, *, max_bytes: int = MAX_DTE_BYTES, remove_comments: bool = False) -> etree._Element:
    """Return the root of an XML document, without its comments if so wished.

    Raises:
        EsquemaInvalido: too large, not well formed, or carrying a document type (hence possibly entities).
    """
    if len(data) > max_bytes:
        raise EsquemaInvalido("El archivo XML es demasiado grande")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise EsquemaInvalido("El archivo XML trae declaraciones que no se aceptan")
    try:
        root = etree.fromstring(data, _PARSERS[remove_comments])
    except (etree.XMLSyntaxError, ValueError) as error:
        raise EsquemaInvalido("El archivo no es un XML bien formado") from error
    # A wide encoding could have hidden the declaration from the search above.
    if root.getroottree().docinfo.internalDTD is not None:
        raise EsquemaInvalido("El archivo XML trae declaraciones que no se aceptan")
    return root


def flatten(fragment: bytes) -> bytes:
    """Return XML bytes without what stands between a closing and the next opening tag; text inside tags untouched.

    This is the form in which stamps and folio authorisations are signed (SII, Instructivo Técnico DTE, stamp).
    """
    return _BETWEEN_TAGS.sub(b"><", fragment.strip())


def strip_declaration(data: bytes) -> bytes:
    """Return XML bytes without the `<?xml ...?>` in front."""
    return _DECLARATION.sub(b"", data, count=1)


def decode_base64(text: str | bytes | None) -> bytes:
    """Return what Base64 text says, white space aside. Raises ValueError for anything but its one proper spelling."""
    spelt = text if isinstance(text, bytes) else (text or "").encode("ascii")
    # By name: what Python takes for white space is more than what XML does.
    packed = spelt.translate(None, b" \t\r\n")
    data = base64.b64decode(packed, validate=True)
    # Unused bits of the last character would let another spelling of the same bytes pass.
    if base64.b64encode(data) != packed:
        raise ValueError("not proper Base64")
    return data

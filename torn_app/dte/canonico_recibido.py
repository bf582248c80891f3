"""The canonical form of elements inside a document: what signatures cover.

Source: W3C, Canonical XML 1.0 (inclusive, without comments), which schema xmldsignature_v10 fixes. Canonicalising an
inner element in its tree makes lxml write a wrong `xmlns=""` on its grandchildren, so that is never done here.
"""

import re

from lxml import etree

from torn_app.dte.errores import EsquemaInvalido

_OPENING = re.compile(rb'<[^ >]+(?: xmlns(?::[^=]+)?="[^"]*")*((?: [^=]+="[^"]*")*)>')


def canonical_document(root: etree._Element) -> bytes:
    """Return the canonical form, in UTF-8, of a document, without what stands around its root.

    Raises EsquemaInvalido when it has none: a namespace that is a relative address, say.
    """
    try:
        return bytes(etree.tostring(root, method="c14n", with_comments=False))
    except etree.LxmlError as error:
        raise EsquemaInvalido("El archivo XML no tiene forma canónica") from error


def canonical_of(element: etree._Element, whole: bytes = b"") -> bytes:
    """Return the canonical form, in UTF-8, of an element with the namespaces in scope where it stands.

    Given `whole`, the canonical form of its document, an element whose name occurs there once is cut out of it: the
    text is the same but for its opening tag, which must name all namespaces in scope and not only those new to it.
    """
    name = etree.QName(element).localname
    tag = (name if element.prefix is None else f"{element.prefix}:{name}").encode("utf-8")
    closing = b"</" + tag + b">"
    # Canonical text has a bare `<` only in tags and instructions, and every element has its closing tag.
    if whole.count(closing) != 1 or b"<?" in whole:
        return _alone(element)
    start = whole.find(b"<" + tag + b" ")
    opening = _OPENING.match(whole, start if start >= 0 else whole.find(b"<" + tag + b">"))
    if opening is None:
        return _alone(element)
    end = whole.index(closing, opening.end()) + len(closing)
    return b"<" + tag + _scope(element) + opening.group(1) + whole[opening.end() - 1 : end]


def _alone(element: etree._Element) -> bytes:
    # Written out, it carries the namespaces it inherits. UTF-8, because names have no other way to carry an accent.
    written = etree.tostring(element, encoding="UTF-8", with_tail=False)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return canonical_document(etree.fromstring(written, parser))


def _scope(element: etree._Element) -> bytes:
    scope = {prefix or "": uri for prefix, uri in element.nsmap.items() if uri}
    names = ((f"xmlns:{prefix}" if prefix else "xmlns", scope[prefix]) for prefix in sorted(scope))
    # Written as libxml2 writes them, here and in xmlsec: unescaped. Its parser refuses those with `<` or `"`.
    return "".join(f' {name}="{uri}"' for name, uri in names).encode("utf-8")

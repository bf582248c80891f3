"""Reading the nodes of a signed XML for printing: texts, numbers, amounts as written on paper, the stamp's bytes."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from torn_app.dte import impresion_textos as textos

_SII: Final = "{http://www.sii.cl/SiiDte}"
_CUERPOS: Final = ("Documento", "Liquidacion", "Exportaciones")
_TED: Final = re.compile(rb"<TED[ >].*?</TED>", re.DOTALL)
_BETWEEN_TAGS: Final = re.compile(rb">\s+<")
_NAMESPACES: Final = re.compile(rb"""\s+xmlns(?::\w+)?=(?:"[^"]*"|'[^']*')""")


class ImpresionIlegible(ValueError):
    """The XML is not a document that can be printed."""


def body(xml: bytes) -> etree._Element:
    """Return the body (Documento, Liquidacion or Exportaciones) of the first document of a DTE or an envelope.

    Namespaces are dropped from the names, because old and foreign documents come with and without them.

    Raises:
        ImpresionIlegible: not XML, or no such body in it.
    """
    # Without a declaration the bytes are ISO-8859-1 all the same (Instructivo Técnico DTE), not the UTF-8 of XML.
    declared = xml if xml.lstrip().startswith(b"<?xml") else b'<?xml version="1.0" encoding="ISO-8859-1"?>' + xml
    try:
        root = etree.fromstring(declared, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise ImpresionIlegible("not an XML document") from error
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    for element in root.iter(*_CUERPOS):
        return element
    raise ImpresionIlegible("no tax document in the XML")


def flattened_ted(xml: bytes) -> bytes:
    """Return the bytes of the stamp: the TED as signed, nothing between its tags, ISO-8859-1 (Instructivo, TED).

    They are cut from the stored bytes and not serialised again, so that entities stay as they were signed.

    Raises:
        ImpresionIlegible: the document carries no TED.
    """
    found = _TED.search(xml)
    if found is None:
        raise ImpresionIlegible("the document has no TED")
    flat = _BETWEEN_TAGS.sub(b"><", found.group())
    return _NAMESPACES.sub(b"", flat)


def get(node: etree._Element, path: str) -> str | None:
    """Return the text at a path with single spaces, or None when absent or empty."""
    return (" ".join((node.findtext(path) or "").split())) or None


def require(node: etree._Element, path: str) -> str:
    """Return the text at a path.

    Raises:
        ImpresionIlegible: absent or empty.
    """
    value = get(node, path)
    if value is None:
        raise ImpresionIlegible(f"the document has no {path}")
    return value


def number(node: etree._Element, path: str) -> Decimal | None:
    """Return the number at a path, or None when absent.

    Raises:
        ImpresionIlegible: there is something else than a number.
    """
    value = get(node, path)
    if value is None:
        return None
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ImpresionIlegible(f"{path} is not a number") from error


def joined(node: etree._Element, base: str, *names: str) -> str:
    """Return the texts of several children of a zone, comma separated, each once: `Teatinos 120, Santiago`."""
    values = [value for value in (get(node, base + name) for name in names) if value]
    return ", ".join(dict.fromkeys(values))


def amount(value: Decimal, moneda: str | None) -> str:
    """Write an amount or unit price: pesos with `$`, foreign currency with two decimals and no sign."""
    if moneda and not moneda.upper().startswith("PESO CL"):
        return textos.numero(value, minimo_decimales=2)
    written = textos.numero(abs(value))
    return f"-${written}" if value < 0 else f"${written}"


def with_rate(label: str, rate: Decimal | None) -> str:
    """Append a rate to a label: `IVA 19 %`."""
    return label if rate is None else f"{label} {textos.numero(rate)} %"

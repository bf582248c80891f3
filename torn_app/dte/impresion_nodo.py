"""Reading the nodes of a signed XML for printing: texts, numbers, amounts as written on paper."""

from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from torn_app.dte import impresion_textos as textos
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.xml_seguro import parse_untrusted

_BODIES: Final = ("Documento", "Liquidacion", "Exportaciones")
_DECLARATION: Final = b'<?xml version="1.0" encoding="ISO-8859-1"?>'


def declared(xml: bytes) -> bytes:
    """Return the XML with its declaration: without one the bytes are ISO-8859-1 all the same (Instructivo Técnico)."""
    return xml if xml.lstrip().startswith(b"<?xml") else _DECLARATION + xml


def body(xml: bytes) -> etree._Element:
    """Return the body (Documento, Liquidacion or Exportaciones) of the first document of a DTE or an envelope.

    The namespace is dropped from the names: there is only one, and every path reads better without it.

    Raises:
        EsquemaInvalido: not XML that can be read safely, or no document in it.
    """
    root = parse_untrusted(xml)
    for element in root.iter("{*}*"):
        element.tag = etree.QName(element).localname
    for element in root.iter(*_BODIES):
        return element
    raise EsquemaInvalido("El archivo no es un documento tributario electrónico")


def get(node: etree._Element, path: str) -> str | None:
    """Return the text at a path with single spaces, or None when absent or empty."""
    return (" ".join((node.findtext(path) or "").split())) or None


def require(node: etree._Element, path: str) -> str:
    """Return the text at a path.

    Raises:
        EsquemaInvalido: absent or empty.
    """
    value = get(node, path)
    if value is None:
        raise EsquemaInvalido(f"Al documento le falta el dato {path}")
    return value


def number(node: etree._Element, path: str) -> Decimal | None:
    """Return the number at a path, or None when absent.

    Raises:
        EsquemaInvalido: there is something else than a number.
    """
    value = get(node, path)
    if value is None:
        return None
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise EsquemaInvalido(f"El dato {path} del documento no es un número") from error


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

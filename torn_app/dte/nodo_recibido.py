"""Reading fields of a signed part of a file of others, from its verified bytes."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from lxml import etree

from torn_app.dte.archivos import MAX_BYTES, only_child, tagged
from torn_app.dte.errores import DocumentoInvalido, EsquemaInvalido
from torn_app.dte.verificacion import FirmaLeida
from torn_app.dte.xml_seguro import SII, parse_untrusted
from torn_app.kernel.rut import normalize_rut

_Read = TypeVar("_Read")


def reading(read: Callable[[], _Read]) -> _Read:
    """Read, turning what cannot be a value into EsquemaInvalido."""
    try:
        return read()
    except EsquemaInvalido:
        raise
    except DocumentoInvalido as error:
        raise EsquemaInvalido(f"El archivo trae un dato que no vale: {error}") from error
    except ValueError as error:
        raise EsquemaInvalido("El archivo trae un dato que no se puede leer") from error


def signed_node(firma: FirmaLeida) -> etree._Element:
    """Return the element a signature covers, from the bytes whose digest was compared."""
    return parse_untrusted(firma.canonico, max_bytes=2 * MAX_BYTES)


def node_of(parent: etree._Element, name: str) -> etree._Element:
    """Return the one child of a name. Raises EsquemaInvalido."""
    return only_child(parent, tagged(name))


def text_of(node: etree._Element, name: str) -> str | None:
    """Return the text of a child; None when there is none."""
    text = node.findtext(f"{{{SII}}}{name}")
    return text.strip() or None if text else None


def must(node: etree._Element, name: str) -> str:
    """Return the text of a child. Raises EsquemaInvalido when there is none."""
    text = text_of(node, name)
    if text is None:
        raise EsquemaInvalido(f"Al archivo le falta el dato {name}")
    return text


def rut_of(node: etree._Element, name: str) -> str:
    """Return the RUT in a child. Raises EsquemaInvalido or RutInvalido."""
    return normalize_rut(must(node, name))


def time_of(node: etree._Element, name: str) -> datetime:
    """Return the wall time in a child. Raises EsquemaInvalido or ValueError."""
    # The schemas allow a zone, which the tax service's texts do not know: the wall time is what was written.
    return datetime.fromisoformat(must(node, name)).replace(tzinfo=None, microsecond=0)

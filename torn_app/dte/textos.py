"""Text on a document: what ISO-8859-1 and the schema's lengths allow.

Source: SII, Formato DTE v2.4.2, section on the character set; lengths of DTE_v10 and EnvioBOLETA_v11. A long or odd
product name must not stop a sale: text is replaced and cut, never refused.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

_REPLACEMENTS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′‹›`´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "€": "EUR",
        "•": "-",
        "\u0131": "i",
        "Œ": "OE",
        "œ": "oe",
        "\u00ad": None,  # soft hyphen: invisible, breaks comparisons
    }
)
# « » and ´ ` exist in ISO-8859-1 or ASCII and need no replacement.
for _kept in "«»`´":
    del _REPLACEMENTS[ord(_kept)]

_PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u00ff]*")
"""What ISO-8859-1 prints, which is all that nearly every text is made of."""

_SHORT = 200

LARGOS = {
    "razon_social": 100,
    "giro_emisor": 80,
    "giro_receptor": 40,
    "direccion_emisor": 60,
    "direccion": 70,
    "comuna": 20,
    "ciudad": 20,
    "nombre_item": 80,
    "descripcion_item": 1000,
    "codigo_item": 35,
    "unidad": 4,
    "razon_referencia": 90,
    "folio_referencia": 18,
    "glosa_descuento": 45,
    "telefono": 20,
    "correo": 80,
    "contacto": 80,
    "sucursal": 20,
    "codigo_interno": 20,
    "codigo_vendedor": 60,
    "patente": 8,
    "chofer": 30,
    "marcas_bulto": 255,
    "contenedor": 25,
    "sello": 20,
    "timbre": 40,
    "nombre_archivo": 80,
    "nombre_persona": 40,
    "fono_persona": 40,
    "direccion_persona": 80,
    "glosa_respuesta": 256,
    "condiciones": 512,
}
"""Longest text per kind of field. Where two schemas differ the shorter one is taken."""


def clean_text(text: str, kind: str) -> str:
    """Return `text` as it can stand on a document, cut to the length of its `kind` (a key of LARGOS).

    NFC; typographic quotes, dashes, ellipsis and euro replaced; other characters outside ISO-8859-1 reduced to their
    base letter or dropped; control characters dropped; white space collapsed; then cut.
    """
    # Issuers, customers and products come again and again; only short texts are remembered.
    return _clean_again(text, kind) if len(text) <= _SHORT else _clean(text, kind)


def _clean(text: str, kind: str) -> str:
    limit = LARGOS[kind]
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFC", text).translate(_REPLACEMENTS)
        text = "".join(_printable(c) for c in text)
    return " ".join(text.split())[:limit].rstrip()


_clean_again = lru_cache(maxsize=4096)(_clean)


def optional_text(text: str | None, kind: str) -> str | None:
    """Return cleaned text, or None when nothing is left: an empty optional element is left out."""
    return (clean_text(text, kind) or None) if text is not None else None


def stamp_text(text: str, fallback: str) -> str:
    """Return text for RSR and IT1 of the stamp: 40 characters, cut before escaping.

    Quotes and apostrophes are left out: whether a reader writes them as entities again is not defined, and the stamp
    is compared byte by byte (Instructivo Técnico DTE, stamp; XML entities).
    """
    plain = clean_text(text.replace('"', "").replace("'", ""), "timbre")
    return plain or fallback


def escape(text: str) -> str:
    """Return `text` with the five XML entities."""
    # Five passes that nearly always find nothing are a fifth of one look at every character.
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("'", "&apos;")


def format_decimal(number: Decimal) -> str:
    """Write a quantity, price or percentage: point for decimals, no exponent, no trailing zeros."""
    return format(number.normalize(), "f")


def _printable(char: str) -> str:
    if char.isspace():
        return " "
    if not char.isprintable():
        return ""
    if char <= "\u00ff":
        return char
    base = unicodedata.normalize("NFKD", char).translate(_REPLACEMENTS)
    return "".join(c for c in base if c <= "\u00ff" and c.isprintable())

"""The stamp of a document made by others: its bytes as they were signed, and what they prove.

Source: SII, Instructivo Técnico DTE (2021-10), "Timbre electrónico DTE": the stamp is signed flattened, in ISO-8859-1,
without namespaces, its entities as they stand in the file.
"""

import re
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from torn_app.dte.caf import check_frma
from torn_app.dte.canonico_recibido import canonical_document
from torn_app.dte.errores import CafInvalido, EsquemaInvalido, FirmaInvalida
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.numeros import read_number, read_whole
from torn_app.dte.timbre import verify_ted
from torn_app.dte.xml_seguro import SII, flatten, parse_untrusted

_TED = re.compile(rb"<TED[\s>].*?</TED>", re.DOTALL)
_CAF = re.compile(rb"<CAF[\s>].*?</CAF>", re.DOTALL)
_IDK = re.compile(rb"<IDK>(\d{1,9})</IDK>")
_FRMA = re.compile(rb"<FRMA[^>]*>([^<]*)</FRMA>")
_OPENING = re.compile(rb"<[^/!?][^>]*>")
_XMLNS = re.compile(rb"\sxmlns(?::\w+)?=(?:\"[^\"]*\"|'[^']*')")
_SII = f"{{{SII}}}"
_DD = f"{{{SII}}}TED/{{{SII}}}DD"
_CAF_DATA = f"{{{SII}}}CAF/{{{SII}}}DA"


def signed_stamp(canonical: bytes) -> bytes:
    """Return the flattened stamp of a document's canonical form, in ISO-8859-1.

    Raises EsquemaInvalido when it has none, or more than one.
    """
    found = _TED.findall(canonical)
    if len(found) != 1:
        raise EsquemaInvalido("El documento no trae timbre")
    return _plain(found[0], "UTF-8")


def spelt_stamp(xml: bytes | None, encoding: str, signed: bytes) -> bytes:
    """Return the stamp as the file spells it, where that says what the signed one says; else the signed one."""
    found = _TED.search(xml) if xml is not None else None
    if found is None:
        return signed
    try:
        raw = _plain(found.group(), encoding)
        return raw if raw == signed or _canonical(raw) == _canonical(signed) else signed
    except EsquemaInvalido:
        return signed


def stamp_holds(body: etree._Element, documento: DteLeido) -> bool:
    """Return whether the stamp's signature holds, it says what the document says and its folios are of that issuer."""
    try:
        verify_ted(documento.ted)
        return _says(body, documento)
    except (FirmaInvalida, ValueError):
        return False


def _says(body: etree._Element, documento: DteLeido) -> bool:
    stamp = _texts(body.find(_DD))
    caf, folios = _texts(body.find(f"{_DD}/{_CAF_DATA}")), _texts(body.find(f"{_DD}/{_CAF_DATA}/{{{SII}}}RNG"))
    issued = {"RE": documento.emisor.rut, "TD": str(int(documento.tipo))}
    said = {
        **issued,
        "F": str(documento.folio),
        "FE": documento.fecha_emision.isoformat(),
        "RR": documento.receptor.rut,
    }
    return (
        said.items() <= stamp.items()
        and issued.items() <= caf.items()
        and read_number(stamp.get("MNT", "")) == documento.totales.monto_total
        and read_whole(folios.get("D", "")) <= documento.folio <= read_whole(folios.get("H", ""))
    )


def _texts(node: etree._Element | None) -> dict[str, str]:
    """Return the texts of a node's children by name. Raises ValueError when two share one."""
    children = [] if node is None else [(child.tag.removeprefix(_SII), child.text or "") for child in node]
    if len(dict(children)) != len(children):
        raise ValueError("a field twice")
    return dict(children)


def caf_holds(ted: bytes, authorities: Mapping[int, RSAPublicKey]) -> bool | None:
    """Return whether the folio authorisation in a stamp is signed by the key it names; None when that is unknown."""
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


def _plain(stamp: bytes, encoding: str) -> bytes:
    if b"xmlns" in stamp:
        stamp = _OPENING.sub(lambda tag: _XMLNS.sub(b"", tag.group()), stamp)
    try:
        return flatten(stamp.decode(encoding).encode("latin-1"))
    except UnicodeError as error:
        raise EsquemaInvalido("El timbre trae caracteres que el SII no acepta") from error


def _canonical(stamp: bytes) -> bytes:
    return canonical_document(parse_untrusted(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + stamp))

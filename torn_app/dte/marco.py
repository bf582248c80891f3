"""The frame of every signed file that is not an envelope of documents: root, signed element, signature beside it."""

from datetime import datetime

from torn_app.dte.firma import IN_SCOPE, Certificado, canonicalize, sign_element
from torn_app.dte.xml import DECLARATION
from torn_app.dte.xml_seguro import SII
from torn_app.kernel.clock import SANTIAGO, to_santiago


def wall_time(timestamp: datetime, certificado: Certificado) -> str:
    """Return the schema's form of a moment (aware, or naive Santiago wall time) at which `certificado` is valid.

    Raises FirmaInvalida when it is not.
    """
    moment = to_santiago(timestamp) if timestamp.tzinfo else timestamp.replace(tzinfo=SANTIAGO)
    certificado.check_valid_at(moment)
    return schema_time(moment)


def schema_time(moment: datetime) -> str:
    """Return Santiago wall time as the schemas write it: no zone, no fraction."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def build_signed(
    root: str, schema: str, element: str, element_id: str, content: str, certificado: Certificado
) -> bytes:
    """Return a whole file: `content` inside `element`, signed, inside `root`; ISO-8859-1.

    Args:
        root: name of the root element, version 1.0.
        schema: file of its official schema, for xsi:schemaLocation.
        element: name of the element that is signed.
        element_id: its ID, an NCName.
        content: what it holds, escaped, a line break after each tag.
        certificado: who signs.
    """
    body = f' ID="{element_id}">\n{content}</{element}>'.encode("latin-1")
    canonical = canonicalize(f"<{element} {IN_SCOPE}".encode("ascii") + body)
    signature = sign_element(canonical, element_id, certificado).encode("ascii")
    opening = f'<{root} {IN_SCOPE} xsi:schemaLocation="{SII} {schema}" version="1.0">\n<{element}'.encode("ascii")
    return DECLARATION + opening + body + b"\n" + signature + f"\n</{root}>\n".encode("ascii")


def signed_part(name: str, element: str, element_id: str, content: str, certificado: Certificado) -> str:
    """Return a part of a file with a signature of its own: `content` inside `element`, signed, inside `name`.

    The part declares the namespaces it stands in, so that its signature holds both in the file and cut out of it.
    Arguments as of `build_signed`.
    """
    body = f' ID="{element_id}">\n{content}</{element}>'
    canonical = canonicalize(f"<{element} {IN_SCOPE}{body}".encode("latin-1"))
    signature = sign_element(canonical, element_id, certificado)
    return f'<{name} {IN_SCOPE} version="1.0">\n<{element}{body}\n{signature}\n</{name}>\n'

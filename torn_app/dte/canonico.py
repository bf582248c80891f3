"""The canonical form (inclusive C14N 1.0) of what this package wrote, without parsing it again.

Our writers (`nodos`, the template of `firma`) already write canonically: no empty tags, comments or character
references, no entities in attributes, namespaces before attributes. Canonical text differs from theirs only in two
entities it spells out, in its encoding, and in not declaring a namespace twice. Nothing is taken on trust: bytes made
elsewhere are asked first, and go through `firma.canonicalize` when they are written in another way.
"""

import re
from functools import lru_cache

from lxml import etree

from torn_app.dte.firma import IN_SCOPE, canonicalize, digest_value

_DTE = f'<DTE {IN_SCOPE} version="1.0">\n'.encode("ascii")
_SCOPE = f" {IN_SCOPE}".encode("ascii")
_OPENING = re.compile(rb'<(Documento|Exportaciones) ID="[A-Za-z0-9]+">\n')
_SIGNATURE = re.compile(
    rb"""\n<Signature\ xmlns="http://www\.w3\.org/2000/09/xmldsig\#">\n<SignedInfo>\n
    (?:<[A-Za-z]+\ Algorithm="[^"<&]+"></[A-Za-z]+>\n)+
    <Reference\ URI="\#[A-Za-z0-9]+">\n
    <Transforms>\n<Transform\ Algorithm="[^"<&]+"></Transform>\n</Transforms>\n
    <DigestMethod\ Algorithm="[^"<&]+"></DigestMethod>\n
    <DigestValue>(?P<digest>[A-Za-z0-9+/=]+)</DigestValue>\n</Reference>\n</SignedInfo>\n
    <SignatureValue>\n[A-Za-z0-9+/=\n]+</SignatureValue>\n""",
    re.VERBOSE,
)
_KEY_INFO, _END = b"<KeyInfo>", b"\n</Signature>\n</DTE>"


def canonicalize_own(element: str) -> bytes:
    """Return the canonical form of an element written by this package, with the namespaces it stands in."""
    return element.replace("&quot;", '"').replace("&apos;", "'").encode("utf-8")


@lru_cache(maxsize=256)
def is_written_as_ours(fragment: bytes) -> bool:
    """Tell whether an element of others (a CAF, a KeyInfo; ISO-8859-1) may be part of what `canonicalize_own` takes."""
    try:
        return canonicalize(fragment) == canonicalize_own(fragment.decode("latin-1"))
    except etree.LxmlError:
        return False


def canonical_inside_set(dte: bytes) -> bytes | None:
    """Return the canonical form that a signed `<DTE>` has inside a set standing in IN_SCOPE.

    None when it is not written as we write it. That its content is canonical is proved by its own signature: the
    digest of the signed element, written our way, is the digest that was signed.
    """
    opening = _OPENING.match(dte, len(_DTE)) if dte.startswith(_DTE) and dte.endswith(_END) else None
    if opening is None:
        return None
    name = opening[1]
    start, closing = opening.end(1), b"</" + name + b">"
    end = dte.rfind(closing) + len(closing)
    key_info = dte.find(_KEY_INFO, end)
    signature = _SIGNATURE.fullmatch(dte, end, key_info)
    if signature is None or not is_written_as_ours(dte[key_info : -len(_END)]):
        return None
    content = canonicalize_own(dte[start:end].decode("latin-1"))
    if digest_value(b"<" + name + _SCOPE + content) != signature["digest"].decode("ascii"):
        return None
    return b'<DTE version="1.0">\n<' + name + content + dte[end:]

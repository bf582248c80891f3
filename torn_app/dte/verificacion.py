"""Verifying signatures made by others, and giving back the very bytes that were verified.

Source: SII, Instructivo Técnico DTE (2021-10), "Firma electrónica"; schema xmldsignature_v10. What a signature covers
is the canonical form, without comments, of the element it names and of its own SignedInfo; KeyInfo is not covered, so
the facts of a certificate are as good as its chain, which is not judged here.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from torn_app.dte.errores import FirmaInvalida
from torn_app.dte.firma import common_name, holder_rut
from torn_app.dte.xml_seguro import DSIG

_DS = {"ds": DSIG}
_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_TRANSFORMS = {_C14N, f"{DSIG}enveloped-signature"}
"""Both leave a signature that stands beside its element as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatosCertificado:
    """What a certificate says of itself. Its chain is not judged."""

    titular: str
    rut: str | None
    """None when it names none."""
    emisor: str
    valido_desde: datetime
    """Aware, UTC."""
    valido_hasta: datetime

    def valid_at(self, moment: datetime) -> bool:
        """Return whether an aware moment is within its life."""
        return self.valido_desde <= moment <= self.valido_hasta


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmaLeida:
    """The outcome of verifying one signature."""

    motivo: str | None
    """Why it does not hold, in Spanish; None when it holds."""
    certificado: DatosCertificado | None
    canonico: bytes = field(repr=False)
    """Canonical UTF-8 bytes of the element, those whose digest was compared: read fields from here."""

    @property
    def valida(self) -> bool:
        """Whether it holds."""
        return self.motivo is None


def canonical_of(element: etree._Element) -> bytes:
    """Return the inclusive C14N 1.0, without comments, of an element with the namespaces in scope where it stands."""
    # UTF-8, because the names of elements have no other way to carry an accent.
    written = etree.tostring(element, encoding="UTF-8", with_tail=False)
    alone = etree.fromstring(written, etree.XMLParser(resolve_entities=False, no_network=True))
    return bytes(etree.tostring(alone, method="c14n", with_comments=False))


def verify_beside(element: etree._Element, holder: etree._Element) -> FirmaLeida:
    """Verify the one signature that is a child of `holder` and must name `element` by its ID. Never raises."""
    canonical = canonical_of(element)
    certificado: DatosCertificado | None = None
    try:
        signatures = holder.findall("ds:Signature", _DS)
        if len(signatures) != 1:
            raise FirmaInvalida("No trae la firma, o trae más de una")
        certificate = _certificate(signatures[0])
        certificado = _facts(certificate)
        _check(signatures[0], element.get("ID"), canonical, certificate)
    except FirmaInvalida as error:
        return FirmaLeida(motivo=str(error), certificado=certificado, canonico=canonical)
    return FirmaLeida(motivo=None, certificado=certificado, canonico=canonical)


def _check(signature: etree._Element, element_id: str | None, canonical: bytes, certificate: x509.Certificate) -> None:
    info = signature.findall("ds:SignedInfo", _DS)
    values = signature.findall("ds:SignatureValue", _DS)
    if len(info) != 1 or len(values) != 1:
        raise FirmaInvalida("La firma está incompleta")
    # What is checked is read from the canonical bytes too: a comment inside a value must not split it.
    signed = canonical_of(info[0])
    _check_reference(etree.fromstring(signed), element_id, canonical)
    public = certificate.public_key()
    if not isinstance(public, RSAPublicKey) or not _same_key(signature, public):
        raise FirmaInvalida("La llave de la firma no es la de su certificado")
    try:
        public.verify(_base64(values[0].text), signed, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    except InvalidSignature as error:
        raise FirmaInvalida("La firma no corresponde a su certificado") from error


def _check_reference(info: etree._Element, element_id: str | None, canonical: bytes) -> None:
    references = info.findall("ds:Reference", _DS)
    if len(references) != 1 or not element_id or references[0].get("URI") != f"#{element_id}":
        raise FirmaInvalida("La firma no es del documento que acompaña")
    used = (
        _algorithm(info, "CanonicalizationMethod"),
        _algorithm(info, "SignatureMethod"),
        _algorithm(references[0], "DigestMethod"),
    )
    transforms = {node.get("Algorithm") for node in references[0].iterfind("ds:Transforms/ds:Transform", _DS)}
    if used != (_C14N, f"{DSIG}rsa-sha1", f"{DSIG}sha1") or not transforms <= _TRANSFORMS:
        raise FirmaInvalida("La firma usa algoritmos que el SII no acepta")
    digest = hashlib.sha1(canonical, usedforsecurity=False).digest()
    if not hmac.compare_digest(_base64(references[0].findtext("ds:DigestValue", None, _DS)), digest):
        raise FirmaInvalida("El contenido no es el que se firmó")


def _algorithm(parent: etree._Element, name: str) -> str | None:
    node = parent.find(f"ds:{name}", _DS)
    return None if node is None else node.get("Algorithm")


def _base64(text: str | None) -> bytes:
    packed = "".join((text or "").split())
    try:
        data = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise FirmaInvalida("La firma trae un dato que no se puede leer") from error
    # Unused bits of the last character would let another spelling of the same bytes pass.
    if base64.b64encode(data).decode("ascii") != packed:
        raise FirmaInvalida("La firma trae un dato que no se puede leer")
    return data


def _certificate(signature: etree._Element) -> x509.Certificate:
    nodes = signature.findall("ds:KeyInfo/ds:X509Data/ds:X509Certificate", _DS)
    if len(nodes) != 1:
        raise FirmaInvalida("La firma no trae su certificado")
    try:
        return x509.load_der_x509_certificate(_base64(nodes[0].text))
    except (ValueError, TypeError) as error:
        raise FirmaInvalida("El certificado de la firma no se puede leer") from error


def _facts(certificate: x509.Certificate) -> DatosCertificado:
    try:
        rut: str | None = holder_rut(certificate)
    except FirmaInvalida:
        rut = None
    try:
        return DatosCertificado(
            titular=common_name(certificate.subject),
            rut=rut,
            emisor=common_name(certificate.issuer),
            valido_desde=certificate.not_valid_before_utc,
            valido_hasta=certificate.not_valid_after_utc,
        )
    except (ValueError, UnsupportedAlgorithm) as error:
        raise FirmaInvalida("El certificado de la firma no se puede leer") from error


def _same_key(signature: etree._Element, public: RSAPublicKey) -> bool:
    value = signature.find("ds:KeyInfo/ds:KeyValue/ds:RSAKeyValue", _DS)
    if value is None:
        return True
    modulus, exponent = (
        int.from_bytes(_base64(value.findtext(f"ds:{name}", None, _DS))) for name in ("Modulus", "Exponent")
    )
    numbers = public.public_numbers()
    return (numbers.n, numbers.e) == (modulus, exponent)

"""Verifying signatures made by others, and giving back the very bytes that were verified.

Source: SII, Instructivo Técnico DTE (2021-10), "Firma electrónica"; schema xmldsignature_v10. What a signature covers
is the canonical form, without comments, of the element it names and of its own SignedInfo. KeyInfo is not covered: the
facts of a certificate are as good as its issuer, who is judged only when the issuers that count are given.
"""

import functools
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from lxml import etree

from torn_app.dte.canonico_recibido import canonical_of
from torn_app.dte.errores import EsquemaInvalido, FirmaInvalida
from torn_app.dte.firma import common_name, holder_rut
from torn_app.dte.xml_seguro import DSIG, decode_base64, parse_untrusted

_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_TRANSFORMS = {_C14N, f"{DSIG}enveloped-signature"}
"""Both leave a signature that stands beside its element as it is."""
_PADDING, _SHA1 = padding.PKCS1v15(), hashes.SHA1()  # noqa: S303
_MAX_CERTIFICATE = 20_000
"""Characters of Base64; real ones take some 2,500. What is longer is not opened, nor kept."""
_ODD_CERTIFICATE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


def _ds(path: str) -> str:
    return "/".join(f"{{{DSIG}}}{name}" for name in path.split("/"))


_SIGNATURE, _INFO, _VALUE = _ds("Signature"), _ds("SignedInfo"), _ds("SignatureValue")
_REFERENCE, _TRANSFORM, _DIGEST_VALUE = _ds("Reference"), _ds("Transforms/Transform"), _ds("DigestValue")
_CERTIFICATE, _KEY_VALUE = _ds("KeyInfo/X509Data/X509Certificate"), _ds("KeyInfo/KeyValue/RSAKeyValue")
_MODULUS, _EXPONENT = _ds("Modulus"), _ds("Exponent")
_ALGORITHMS = (
    (_ds("CanonicalizationMethod"), _C14N),
    (_ds("SignatureMethod"), f"{DSIG}rsa-sha1"),
    (_ds("Reference/DigestMethod"), f"{DSIG}sha1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatosCertificado:
    """What a certificate says of itself."""

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
    digest: str | None
    """The DigestValue it states, in Base64; None when it states none."""
    canonico: bytes = field(repr=False)
    """Canonical UTF-8 bytes of the element, those whose digest was compared: read fields from here."""

    @property
    def valida(self) -> bool:
        """Whether it holds."""
        return self.motivo is None


@dataclass(frozen=True, slots=True)
class _Certificate:
    opened: x509.Certificate
    key: RSAPublicKey
    modulus: int
    exponent: int
    facts: DatosCertificado


def verify_beside(
    element: etree._Element,
    holder: etree._Element,
    *,
    whole: bytes = b"",
    issuers: Sequence[x509.Certificate] = (),
    most: int = 1,
) -> FirmaLeida:
    """Verify the one signature that is a child of `holder` and must name `element` by its ID. Never raises.

    Args:
        element: what must be signed, in a tree without comments and instructions.
        holder: the parent of element and signature.
        whole: the canonical form of their document, when there is one already: it saves work.
        issuers: when given, the certificate must be issued by one of them.
        most: how many signatures there may be; all must hold, and the first is the one told of.
    """
    canonical, facts, digest = b"", None, None
    try:
        canonical = canonical_of(element, whole)
        signatures = holder.findall(_SIGNATURE)
        if not 1 <= len(signatures) <= most:
            raise FirmaInvalida("No trae la firma, o trae más de una")
        for signature in signatures:
            certificate = _open(_certificate_text(signature))
            facts = facts or certificate.facts
            infos, values = signature.findall(_INFO), signature.findall(_VALUE)
            if len(infos) != 1 or len(values) != 1:
                raise FirmaInvalida("La firma está incompleta")
            # What is checked is read from the bytes that are signed, not from the tree beside them.
            signed = canonical_of(infos[0], whole)
            info = parse_untrusted(signed)
            digest = digest or info.findtext(f"{_REFERENCE}/{_DIGEST_VALUE}")
            # The cheap check first: most of what fails, fails here.
            _check_reference(info, element.get("ID"), canonical)
            _check_signature(signature, _base64(values[0].text), signed, certificate)
            if issuers:
                _check_issuer(certificate.opened, issuers)
    except (FirmaInvalida, EsquemaInvalido) as error:
        return FirmaLeida(motivo=str(error), certificado=facts, digest=digest, canonico=canonical)
    return FirmaLeida(motivo=None, certificado=facts, digest=digest, canonico=canonical)


def _check_reference(info: etree._Element, element_id: str | None, canonical: bytes) -> None:
    references = info.findall(_REFERENCE)
    if len(references) != 1 or not element_id or references[0].get("URI") != f"#{element_id}":
        raise FirmaInvalida("La firma no es del documento que acompaña")
    transforms = {node.get("Algorithm") for node in references[0].findall(_TRANSFORM)}
    if not transforms <= _TRANSFORMS or any(_algorithm(info, path) != wanted for path, wanted in _ALGORITHMS):
        raise FirmaInvalida("La firma usa algoritmos que el SII no acepta")
    digest = hashlib.sha1(canonical, usedforsecurity=False).digest()
    if not hmac.compare_digest(_base64(references[0].findtext(_DIGEST_VALUE)), digest):
        raise FirmaInvalida("El contenido no es el que se firmó")


def _check_signature(signature: etree._Element, value: bytes, signed: bytes, certificate: _Certificate) -> None:
    stated = signature.find(_KEY_VALUE)
    if stated is not None:
        key = tuple(int.from_bytes(_base64(stated.findtext(path))) for path in (_MODULUS, _EXPONENT))
        if key != (certificate.modulus, certificate.exponent):
            raise FirmaInvalida("La llave de la firma no es la de su certificado")
    try:
        certificate.key.verify(value, signed, _PADDING, _SHA1)
    except InvalidSignature as error:
        raise FirmaInvalida("La firma no corresponde a su certificado") from error


def _check_issuer(certificate: x509.Certificate, issuers: Sequence[x509.Certificate]) -> None:
    for issuer in issuers:
        try:
            certificate.verify_directly_issued_by(issuer)
        except (*_ODD_CERTIFICATE, InvalidSignature):
            continue
        return
    raise FirmaInvalida("El certificado de la firma no es de un emisor conocido")


def _algorithm(parent: etree._Element, path: str) -> str | None:
    node = parent.find(path)
    return None if node is None else node.get("Algorithm")


def _base64(text: str | None) -> bytes:
    try:
        return decode_base64(text)
    except ValueError as error:
        raise FirmaInvalida("La firma trae un dato que no se puede leer") from error


def _certificate_text(signature: etree._Element) -> str:
    nodes = signature.findall(_CERTIFICATE)
    if len(nodes) != 1:
        raise FirmaInvalida("La firma no trae su certificado")
    text = nodes[0].text or ""
    if len(text) > _MAX_CERTIFICATE:
        raise FirmaInvalida("El certificado de la firma no se puede leer")
    return text


@functools.lru_cache(maxsize=256)
def _open(text: str) -> _Certificate:
    """Open a certificate; the documents of an envelope mostly carry the same one."""
    try:
        certificate = x509.load_der_x509_certificate(_base64(text))
        key = certificate.public_key()
        facts = _facts(certificate)
    except _ODD_CERTIFICATE as error:
        raise FirmaInvalida("El certificado de la firma no se puede leer") from error
    if not isinstance(key, RSAPublicKey):
        raise FirmaInvalida("La llave de la firma no es la de su certificado")
    numbers = key.public_numbers()
    return _Certificate(certificate, key, numbers.n, numbers.e, facts)


def _facts(certificate: x509.Certificate) -> DatosCertificado:
    try:
        rut: str | None = holder_rut(certificate)
    except FirmaInvalida:
        rut = None
    return DatosCertificado(
        titular=common_name(certificate.subject),
        rut=rut,
        emisor=common_name(certificate.issuer),
        valido_desde=certificate.not_valid_before_utc,
        valido_hasta=certificate.not_valid_after_utc,
    )

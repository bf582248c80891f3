"""The signing certificate and XML signatures as the tax service verifies them.

Source: SII, Instructivo Técnico DTE (2021-10), "Firma electrónica", and schema xmldsignature_v10: inclusive C14N 1.0,
rsa-sha1, sha1, KeyValue followed by X509Data. SHA-1 is what the schema fixes; it is used for nothing else.

The signature is written from a template: the SignedInfo we write is canonical but for its namespaces, which are those
in scope, so that no second canonicalisation is needed.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID
from lxml import etree

from torn_app.dte.errores import FirmaInvalida
from torn_app.dte.xml_seguro import DSIG, SII, XSI, parse_untrusted, strip_declaration
from torn_app.kernel.rut import RutInvalido, normalize_rut

_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_RUT_OID = x509.ObjectIdentifier("1.3.6.1.4.1.8321.1")
"""otherName of the holder's RUT in newer certificates (Res. Ex. SII, certificates accepted for DTE)."""
_MIN_BITS = 1024
_ASN1_SEQUENCE = b"\x30"
"""What every PKCS#12 begins with."""

IN_SCOPE = f'xmlns="{SII}" xmlns:xsi="{XSI}"'
"""The namespaces every element we sign stands in, in canonical order."""


@dataclass(frozen=True, slots=True)
class Certificado:
    """A person's certificate with its key, opened once. The key is not shown by repr."""

    rut: str
    """RUT of the holder, who is the sender (RutEnvia)."""
    titular: str
    emisor: str
    serie: str
    valido_desde: datetime
    """Aware, UTC."""
    valido_hasta: datetime
    key: RSAPrivateKey = field(repr=False)
    key_info: str = field(repr=False)
    """The KeyInfo element of every signature made with it."""

    def check_valid_at(self, moment: datetime) -> None:
        """Raise FirmaInvalida when an aware moment is outside the certificate's life."""
        if moment < self.valido_desde:
            raise FirmaInvalida(f"El certificado rige recién desde el {self.valido_desde:%d-%m-%Y}")
        if moment > self.valido_hasta:
            raise FirmaInvalida(f"El certificado venció el {self.valido_hasta:%d-%m-%Y}")


def load_certificado(pkcs12_bytes: bytes, password: str | None) -> Certificado:
    """Open a PKCS#12 (.pfx, .p12) file.

    Raises:
        FirmaInvalida: not a PKCS#12, wrong password, damaged, without key, not RSA, too short, or without the
            holder's RUT. The message says which.
    """
    if not pkcs12_bytes.startswith(_ASN1_SEQUENCE):
        raise FirmaInvalida("El archivo no es un certificado .p12 o .pfx")
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(
            pkcs12_bytes, password.encode("utf-8") if password else None
        )
    except ValueError as error:
        raise FirmaInvalida("No se pudo abrir el certificado: la contraseña es incorrecta o está dañado") from error
    except UnsupportedAlgorithm as error:
        raise FirmaInvalida(
            "El certificado está cifrado de una forma que no se puede leer: expórtalo otra vez"
        ) from error
    if key is None:
        raise FirmaInvalida("El archivo no trae la llave privada: expórtalo con ella desde donde está instalado")
    if certificate is None:
        raise FirmaInvalida("El archivo trae una llave privada, pero no su certificado")
    if not isinstance(key, RSAPrivateKey):
        raise FirmaInvalida("La llave del certificado no es RSA: no sirve para firmar documentos tributarios")
    if key.key_size < _MIN_BITS:
        raise FirmaInvalida(f"La llave del certificado tiene {key.key_size} bits: se necesitan {_MIN_BITS} o más")
    return Certificado(
        rut=holder_rut(certificate),
        titular=common_name(certificate.subject),
        emisor=common_name(certificate.issuer),
        serie=format(certificate.serial_number, "x"),
        valido_desde=certificate.not_valid_before_utc,
        valido_hasta=certificate.not_valid_after_utc,
        key=key,
        key_info=_key_info(key, certificate),
    )


def sign_element(canonical: bytes, element_id: str, certificado: Certificado) -> str:
    """Return the `<Signature>` of an element of the tax service's namespace, to stand beside it.

    Args:
        canonical: the element in inclusive C14N (see `canonicalize` and canonico.py), standing in IN_SCOPE.
        element_id: the value of its ID attribute.
        certificado: who signs.

    The signature holds wherever both namespaces of IN_SCOPE, and no other, are in scope.
    """
    return _signature(canonical, f"#{element_id}", _C14N, certificado, scope=f' xmlns:xsi="{XSI}"')


def canonicalize(element: bytes) -> bytes:
    """Return the inclusive C14N 1.0, without comments, of an element given as a document, ISO-8859-1, no declaration.

    The element must carry the namespaces it will stand in. It is parsed anew because lxml writes a wrong `xmlns=""`
    when it canonicalises an element inside a tree that inherits its default namespace.
    """
    declared = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + element
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return bytes(etree.tostring(etree.fromstring(declared, parser), method="c14n", with_comments=False))


def sign_root(xml: bytes, certificado: Certificado) -> bytes:
    """Return an XML document with an enveloped signature as last child of its root (the getToken request).

    Source: SII, Manual de autenticación automática: Reference URI "" with the enveloped-signature transform. The
    root has no namespace.
    """
    body = strip_declaration(xml).strip()
    root = parse_untrusted(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + body)
    closing = f"</{etree.QName(root).localname}>".encode("ascii")
    if root.nsmap or not body.endswith(closing):
        raise FirmaInvalida("El documento por firmar no tiene la forma esperada")
    signature = _signature(
        bytes(etree.tostring(root, method="c14n", with_comments=False)), "", f"{DSIG}enveloped-signature", certificado
    )
    head = body[: -len(closing)]
    return b'<?xml version="1.0" encoding="ISO-8859-1"?>\n' + head + signature.encode("ascii") + closing


def digest_value(canonical: bytes) -> str:
    """Return the DigestValue of canonical bytes."""
    return base64.b64encode(hashlib.sha1(canonical, usedforsecurity=False).digest()).decode("ascii")


def _signature(canonical: bytes, uri: str, transform: str, certificado: Certificado, scope: str = "") -> str:
    digest = digest_value(canonical)
    info = (
        ">\n"
        f'<CanonicalizationMethod Algorithm="{_C14N}"></CanonicalizationMethod>\n'
        f'<SignatureMethod Algorithm="{DSIG}rsa-sha1"></SignatureMethod>\n'
        f'<Reference URI="{uri}">\n'
        f'<Transforms>\n<Transform Algorithm="{transform}"></Transform>\n</Transforms>\n'
        f'<DigestMethod Algorithm="{DSIG}sha1"></DigestMethod>\n'
        f"<DigestValue>{digest}</DigestValue>\n"
        "</Reference>\n"
        "</SignedInfo>"
    )
    signed = f'<SignedInfo xmlns="{DSIG}"{scope}{info}'.encode("ascii")
    value = certificado.key.sign(signed, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    return (
        f'<Signature xmlns="{DSIG}">\n<SignedInfo{info}\n<SignatureValue>\n{_lines(value)}</SignatureValue>\n'
        f"{certificado.key_info}\n</Signature>"
    )


def _key_info(key: RSAPrivateKey, certificate: x509.Certificate) -> str:
    numbers = key.public_key().public_numbers()
    modulus = _lines(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8))
    exponent = base64.b64encode(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8)).decode("ascii")
    return (
        f"<KeyInfo>\n<KeyValue>\n<RSAKeyValue>\n<Modulus>\n{modulus}</Modulus>\n<Exponent>{exponent}</Exponent>\n"
        "</RSAKeyValue>\n</KeyValue>\n<X509Data>\n<X509Certificate>\n"
        f"{_lines(certificate.public_bytes(Encoding.DER))}</X509Certificate>\n</X509Data>\n</KeyInfo>"
    )


def _lines(data: bytes) -> str:
    # encodebytes breaks at 76 characters, the most the tax service takes.
    return base64.encodebytes(data).decode("ascii")


def common_name(name: x509.Name) -> str:
    """Return the common name, or the whole name when it has none."""
    names = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else name.rfc4514_string()


def holder_rut(certificate: x509.Certificate) -> str:
    """Return the RUT of a certificate's holder. Raises FirmaInvalida when it has none."""
    for text in (*_san_ruts(certificate), *_subject_ruts(certificate)):
        try:
            return normalize_rut(text)
        except RutInvalido:
            continue
    raise FirmaInvalida("El certificado no trae el RUT de su titular: no sirve para firmar documentos tributarios")


def _subject_ruts(certificate: x509.Certificate) -> list[str]:
    return [str(part.value) for part in certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]


def _san_ruts(certificate: x509.Certificate) -> list[str]:
    try:
        san = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    others = (name for name in san if isinstance(name, x509.OtherName) and name.type_id == _RUT_OID)
    # The value is a DER string: two bytes of tag and length in front of the text.
    return [name.value[2:].decode("latin-1") for name in others]

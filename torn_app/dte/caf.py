"""Folio authorisations (CAF): reading, checking, and making the file of a test range.

Source: SII, Instructivo Técnico DTE, "Código de Autorización de Folios"; life of the folios, Res. Ex. SII 58 of 2017.
The private key is obtained apart (`load_caf_key`) and is never part of a value that could be printed or logged.
"""

import base64
import binascii
import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from lxml import etree

from torn_app.dte.errores import CafInvalido, EsquemaInvalido
from torn_app.dte.llaves_sii import LLAVES_SII
from torn_app.dte.textos import clean_text, escape
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml_seguro import flatten, parse_untrusted, strip_declaration
from torn_app.kernel.rut import RutInvalido, normalize_rut

_CAF_ELEMENT = re.compile(rb"<CAF[\s>].*?</CAF>", re.DOTALL)
_DA_ELEMENT = re.compile(rb"<DA>.*</DA>", re.DOTALL)
_HIDING = (b"<!", b"<?")
"""Comments, CDATA and instructions: with them the bytes that are signed could be others than those that are read."""
_SIGNED_WITH = "SHA1withRSA"
_MAX_BYTES = 20_000
_VALID_MONTHS = 6
_PROBE = b"sign and verify round trip"


@dataclass(frozen=True, slots=True)
class Caf:
    """A folio authorisation without its private key."""

    rut_emisor: str
    razon_social: str
    tipo: TipoDte
    desde: int
    hasta: int
    fecha_autorizacion: date
    idk: int
    """Number of the key that signed it: 100 certification, 300 production, others unknown to the tax service."""
    caf_xml: bytes = field(repr=False)
    """The `<CAF>` element byte for byte, ISO-8859-1."""
    caf_plano: bytes = field(repr=False)
    """The same, flattened: what a stamp carries."""
    llave_publica: RSAPublicKey = field(repr=False)
    firma_verificada: bool
    """FRMA holds under a key we know; False when the key of `idk` is unknown."""

    @property
    def cantidad(self) -> int:
        """How many folios it authorises."""
        return self.hasta - self.desde + 1

    @property
    def vence(self) -> date | None:
        """Last day on which its folios may be used, or None when they do not expire (Res. Ex. SII 58 of 2017)."""
        return add_months(self.fecha_autorizacion, _VALID_MONTHS) if self.tipo.caf_vence else None

    def __contains__(self, folio: int) -> bool:
        return self.desde <= folio <= self.hasta


def parse_caf(archivo: bytes, *, authorities: Mapping[int, RSAPublicKey] = LLAVES_SII) -> Caf:
    """Read and check a CAF file.

    The bytes are ISO-8859-1 whatever the file declares. Checked: size, structure (one authorisation, nothing hidden),
    range, that the private key belongs to the authorised public key and signs, and the tax service's signature (FRMA)
    when `authorities` has its key.

    Raises:
        CafInvalido: with the reason, for people.
    """
    root = _parse(archivo)
    data = root.find("CAF/DA")
    found = _CAF_ELEMENT.search(archivo)
    if root.tag != "AUTORIZACION" or data is None or found is None or not _says_one_thing(root, archivo):
        raise CafInvalido("El archivo no es un CAF del SII")
    key = load_caf_key(archivo)
    tipo, desde, hasta = _tipo(data), _number(data, "RNG/D"), _number(data, "RNG/H")
    if not 1 <= desde <= hasta <= 9_999_999_999:
        raise CafInvalido("El rango de folios del CAF no es válido")
    public = _public_key(data)
    if key.public_key().public_numbers() != public.public_numbers():
        raise CafInvalido("La llave privada del CAF no corresponde a su llave pública")
    if (pem := (root.findtext("RSAPUBK") or "").strip()) and not _same_key(pem, public):
        raise CafInvalido("Las llaves públicas del CAF no coinciden")
    _check_round_trip(key, public)
    plano = flatten(found.group())
    idk = _number(data, "IDK")
    try:
        rut = normalize_rut(_text(data, "RE"))
    except RutInvalido as error:
        raise CafInvalido(f"El CAF trae un RUT no válido: {error}") from error
    frma = root.find("CAF/FRMA")
    if frma is None or frma.get("algoritmo") != _SIGNED_WITH or not (frma.text or "").strip():
        raise CafInvalido("El CAF no trae la firma del SII (FRMA)")
    return Caf(
        rut_emisor=rut,
        razon_social=_text(data, "RS"),
        tipo=tipo,
        desde=desde,
        hasta=hasta,
        fecha_autorizacion=_date(data, "FA"),
        idk=idk,
        caf_xml=found.group(),
        caf_plano=plano,
        llave_publica=public,
        firma_verificada=check_frma(plano, frma.text, authorities.get(idk)),
    )


def load_caf_key(archivo: bytes) -> RSAPrivateKey:
    """Return the private key (RSASK) of a CAF file. Raises CafInvalido."""
    pem = (_parse(archivo).findtext("RSASK") or "").strip()
    if not pem:
        raise CafInvalido("El CAF no trae la llave privada")
    try:
        key = load_pem_private_key(pem.encode("ascii"), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CafInvalido("La llave privada del CAF está dañada") from error
    if not isinstance(key, RSAPrivateKey):
        raise CafInvalido("La llave privada del CAF no es RSA")
    return key


def build_caf(
    *,
    rut_emisor: str,
    razon_social: str,
    tipo: TipoDte,
    desde: int,
    hasta: int,
    fecha_autorizacion: date,
    idk: int,
    llave: RSAPrivateKey,
    llave_autoridad: RSAPrivateKey,
) -> bytes:
    """Make a CAF file, as the tax service does, with keys that are not its own: for test ranges.

    `llave` is the range's key pair, `llave_autoridad` signs FRMA in the place of the tax service.
    """
    numbers = llave.public_key().public_numbers()
    modulus, exponent = _b64(numbers.n), _b64(numbers.e)
    da = (
        f"<DA>\n<RE>{rut_emisor}</RE>\n<RS>{escape(clean_text(razon_social, 'timbre'))}</RS>\n<TD>{int(tipo)}</TD>\n"
        f"<RNG>\n<D>{desde}</D>\n<H>{hasta}</H>\n</RNG>\n<FA>{fecha_autorizacion.isoformat()}</FA>\n"
        f"<RSAPK>\n<M>{modulus}</M>\n<E>{exponent}</E>\n</RSAPK>\n<IDK>{idk}</IDK>\n</DA>"
    ).encode("latin-1")
    frma = base64.b64encode(llave_autoridad.sign(flatten(da), padding.PKCS1v15(), hashes.SHA1()))  # noqa: S303
    secret = llave.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    public = llave.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return (
        b'<?xml version="1.0"?>\n<AUTORIZACION>\n<CAF version="1.0">\n'
        + da
        + b'\n<FRMA algoritmo="SHA1withRSA">'
        + frma
        + b"</FRMA>\n</CAF>\n<RSASK>"
        + secret
        + b"</RSASK>\n\n<RSAPUBK>"
        + public
        + b"</RSAPUBK>\n</AUTORIZACION>\n"
    )


@lru_cache(maxsize=1024)
def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the last of that month when it is shorter."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))


def _says_one_thing(root: etree._Element, archivo: bytes) -> bool:
    """Whether what a parser reads and what a search in the bytes finds can only be the same."""
    single = all(len(list(root.iter(f"{{*}}{name}"))) == 1 for name in ("CAF", "DA", "FRMA"))
    return single and not any(mark in strip_declaration(archivo) for mark in _HIDING)


def _parse(archivo: bytes) -> etree._Element:
    if len(archivo) > _MAX_BYTES:
        raise CafInvalido("El archivo es demasiado grande para ser un CAF")
    # Real files declare no encoding and carry ISO-8859-1 accents: a parser left alone would take them for UTF-8.
    body = b'<?xml version="1.0" encoding="ISO-8859-1"?>\n' + strip_declaration(archivo)
    try:
        return parse_untrusted(body, max_bytes=_MAX_BYTES)
    except EsquemaInvalido as error:
        raise CafInvalido("El archivo no es un CAF del SII") from error


def _text(data: etree._Element, path: str) -> str:
    text = (data.findtext(path) or "").strip()
    if not text:
        raise CafInvalido(f"Al CAF le falta el dato {path}")
    return text


def _number(data: etree._Element, path: str) -> int:
    text = _text(data, path)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise CafInvalido(f"El dato {path} del CAF no es un número")
    return int(text)


def _tipo(data: etree._Element) -> TipoDte:
    try:
        return TipoDte(_number(data, "TD"))
    except ValueError as error:
        raise CafInvalido("El CAF es de un tipo de documento desconocido") from error


def _date(data: etree._Element, path: str) -> date:
    try:
        return date.fromisoformat(_text(data, path))
    except CafInvalido:
        raise
    except ValueError as error:
        raise CafInvalido(f"El dato {path} del CAF no es una fecha") from error


def _public_key(data: etree._Element) -> RSAPublicKey:
    try:
        modulus = base64.b64decode(_text(data, "RSAPK/M"))
        exponent = base64.b64decode(_text(data, "RSAPK/E"))
        return RSAPublicNumbers(int.from_bytes(exponent), int.from_bytes(modulus)).public_key()
    except (binascii.Error, ValueError) as error:
        raise CafInvalido("La llave pública del CAF está dañada") from error


def _same_key(pem: str, public: RSAPublicKey) -> bool:
    try:
        other = load_pem_public_key(pem.encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CafInvalido("La llave pública del CAF está dañada") from error
    return isinstance(other, RSAPublicKey) and other.public_numbers() == public.public_numbers()


def _check_round_trip(key: RSAPrivateKey, public: RSAPublicKey) -> None:
    try:
        signature = key.sign(_PROBE, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
        public.verify(signature, _PROBE, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    except (ValueError, InvalidSignature) as error:
        raise CafInvalido("La llave privada del CAF no firma correctamente") from error


def check_frma(plano: bytes, frma: str | None, authority: RSAPublicKey | None) -> bool:
    """Return whether the tax service's signature was checked; `plano` is the flattened `<CAF>` or `<DA>`.

    False without its key. Raises CafInvalido when the signature does not hold.
    """
    if authority is None:
        return False
    da = _DA_ELEMENT.search(plano)
    try:
        signature = base64.b64decode(frma or "")
        authority.verify(signature, da.group() if da else b"", padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    except (ValueError, InvalidSignature) as error:
        raise CafInvalido("La firma del SII en el CAF no es válida: el archivo fue modificado") from error
    return True


def _b64(number: int) -> str:
    return base64.b64encode(number.to_bytes((number.bit_length() + 7) // 8)).decode("ascii")

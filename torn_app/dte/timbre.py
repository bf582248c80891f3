"""The electronic stamp (TED): building and verifying.

Source: SII, Instructivo Técnico DTE (2021-10), "Timbre electrónico DTE": fields of DD, flattening, SHA1withRSA with
the key of the folio authorisation.
"""

import base64
import functools
import re
from datetime import date, datetime
from decimal import Decimal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, RSAPublicNumbers

from torn_app.dte.caf import Caf
from torn_app.dte.errores import FirmaInvalida
from torn_app.dte.textos import escape, format_decimal, stamp_text
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml_seguro import decode_base64, flatten

CONSUMIDOR_FINAL = "CONSUMIDOR FINAL"
"""RSR of a boleta without a name: the field cannot be empty."""

_DD = re.compile(rb"<DD>.*</DD>", re.DOTALL)
_FRMT = re.compile(rb'<FRMT algoritmo="SHA1withRSA">([A-Za-z0-9+/=\s]+)</FRMT>')
_MODULUS = re.compile(rb"<RSAPK><M>([^<]{1,2000})</M><E>([^<]{1,100})</E></RSAPK>")


def build_ted(
    *,
    tipo: TipoDte,
    folio: int,
    fecha_emision: date,
    rut_emisor: str,
    rut_receptor: str,
    razon_social_receptor: str | None,
    monto_total: int | Decimal,
    primer_item: str,
    caf: Caf,
    caf_key: RSAPrivateKey,
    timestamp: datetime,
) -> bytes:
    """Return the flattened, signed `<TED>`, ISO-8859-1: the bytes of the barcode and of the document.

    `timestamp` is Santiago wall time. `caf_key` must be the key of `caf`; it is used, never written.
    """
    # Exports stamp the decimals of their currency (DTE_v10, Exportaciones/TED/DD/MNT).
    amount = format_decimal(monto_total) if isinstance(monto_total, Decimal) else monto_total
    dd = (
        f"<DD><RE>{rut_emisor}</RE><TD>{int(tipo)}</TD><F>{folio}</F><FE>{fecha_emision.isoformat()}</FE>"
        f"<RR>{rut_receptor}</RR><RSR>{escape(stamp_text(razon_social_receptor or '', CONSUMIDOR_FINAL))}</RSR>"
        f"<MNT>{amount}</MNT><IT1>{escape(stamp_text(primer_item, '-'))}</IT1>"
    ).encode("latin-1")
    dd += caf.caf_plano + b"<TSTED>" + timestamp.isoformat(timespec="seconds").encode("ascii") + b"</TSTED></DD>"
    frmt = base64.b64encode(caf_key.sign(dd, padding.PKCS1v15(), hashes.SHA1()))  # noqa: S303
    return b'<TED version="1.0">' + dd + b'<FRMT algoritmo="SHA1withRSA">' + frmt + b"</FRMT></TED>"


def verify_ted(ted: bytes) -> None:
    """Check the signature of a stamp with the public key of the authorisation inside it.

    `ted` may be indented; it is flattened first. This proves that the stamp fits its CAF, not that the CAF is the tax
    service's.

    Raises:
        FirmaInvalida: not a stamp, or its signature does not hold.
    """
    flat = flatten(ted)
    dd, frmt, key = _DD.search(flat), _FRMT.search(flat), _MODULUS.search(flat)
    if not (dd and frmt and key):
        raise FirmaInvalida("El timbre está incompleto")
    try:
        public = _public_key(*key.groups())
        public.verify(decode_base64(frmt.group(1)), dd.group(), padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    except (ValueError, InvalidSignature) as error:
        raise FirmaInvalida("La firma del timbre no es válida") from error


@functools.lru_cache(maxsize=256)
def _public_key(modulus: bytes, exponent: bytes) -> RSAPublicKey:
    """Return the key of a folio authorisation, which all stamps of a range carry."""
    numbers = (int.from_bytes(base64.b64decode(part)) for part in (exponent, modulus))
    return RSAPublicNumbers(*numbers).public_key()

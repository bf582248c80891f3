"""Keys and certificates that Torn makes for itself: for companies in mode PRUEBA and for tests.

They look like the real thing and are worth nothing outside. Never used in CERTIFICACION or PRODUCCION.
"""

import secrets
from datetime import datetime, timedelta
from math import gcd

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    KeySerializationEncryption,
    NoEncryption,
    pkcs12,
)
from cryptography.x509.oid import NameOID

IDK_PRUEBA = 900
"""Key number of test ranges. The tax service's are 100 and 300, so nobody can take one for the other."""

_EXPONENT = 65537
_PRIME_BITS = 256
_ROUNDS = 40
_SMALL_PRIMES = tuple(n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2)))


def make_stamp_key() -> rsa.RSAPrivateKey:
    """Return a new 512-bit RSA key, the size the tax service gives to a folio range.

    The cryptography library loads such keys but no longer makes them, rightly: they are too short for anything that
    must stay secret. A test range protects nothing.
    """
    while True:
        p, q = _prime(), _prime()
        phi = (p - 1) * (q - 1)
        if p != q and (p * q).bit_length() == 2 * _PRIME_BITS and gcd(_EXPONENT, phi) == 1:
            break
    d = pow(_EXPONENT, -1, phi)
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=d % (p - 1),
        dmq1=d % (q - 1),
        iqmp=pow(q, -1, p),
        public_numbers=rsa.RSAPublicNumbers(_EXPONENT, p * q),
    )
    return numbers.private_key()


def make_test_certificate(
    *, rut: str, nombre: str, valid_from: datetime, password: str | None, days: int = 3650
) -> bytes:
    """Return a PKCS#12 with a fresh RSA-2048 key and a self-signed certificate whose serialNumber is `rut`.

    `valid_from` is aware. Without a password the file is not encrypted (the caller encrypts it).
    """
    key = rsa.generate_private_key(public_exponent=_EXPONENT, key_size=2048)
    common_name = nombre.encode("utf-8")[:64].decode("utf-8", "ignore")  # the limit of X.520 is in bytes here
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CL"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, rut),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_from + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    protection: KeySerializationEncryption = (
        BestAvailableEncryption(password.encode("utf-8")) if password else NoEncryption()
    )
    return pkcs12.serialize_key_and_certificates(nombre.encode("utf-8"), key, certificate, None, protection)


def _prime() -> int:
    """Return a random prime of _PRIME_BITS bits whose two highest bits are set."""
    while True:
        candidate = secrets.randbits(_PRIME_BITS) | (0b11 << (_PRIME_BITS - 2)) | 1
        if all(candidate % small for small in _SMALL_PRIMES) and _is_probable_prime(candidate):
            return candidate


def _is_probable_prime(n: int) -> bool:
    """Miller-Rabin with random bases; a composite passes with probability below 4 ** -40."""
    d, r = n - 1, 0
    while d % 2 == 0:
        d, r = d // 2, r + 1
    for _ in range(_ROUNDS):
        x = pow(secrets.randbelow(n - 3) + 2, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(r - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True

"""Encryption at rest: AES-256-GCM under a key of each company, derived (HKDF-SHA256) from TORN_SECRET_KEY.

What is stored: one byte key version, 12 bytes nonce, ciphertext with its tag. The name of the place it is stored in
is authenticated with it, so a ciphertext moved to another row or company does not open.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from torn_app.settings import get_settings

KEY_VERSION = 1


class CannotDecrypt(RuntimeError):
    """The stored bytes do not open with this TORN_SECRET_KEY, or were moved or changed."""


def encrypt(schema: str, place: str, plain: bytes) -> bytes:
    """Encrypt bytes for a place (`table:natural key`) of a company."""
    nonce = os.urandom(12)
    return bytes([KEY_VERSION]) + nonce + _cipher(schema).encrypt(nonce, plain, f"{schema}:{place}".encode())


def decrypt(schema: str, place: str, stored: bytes) -> bytes:
    """Open what `encrypt` made for the same company and place.

    Raises:
        CannotDecrypt: wrong key, other place, or changed bytes.
    """
    if not stored or stored[0] != KEY_VERSION:
        raise CannotDecrypt("unknown key version")
    try:
        return _cipher(schema).decrypt(stored[1:13], stored[13:], f"{schema}:{place}".encode())
    except InvalidTag as error:
        raise CannotDecrypt(f"cannot open {place}: is TORN_SECRET_KEY the one it was stored with?") from error


def fingerprint(schema: str, content: bytes) -> str:
    """Return a keyed hash of a company's bytes: tells the same from other content without giving a guess away."""
    return hmac.new(_fingerprint_key(schema), content, hashlib.sha256).hexdigest()


@lru_cache(maxsize=1024)
def _cipher(schema: str) -> AESGCM:
    return AESGCM(_derive(f"torn/company/{schema}/v{KEY_VERSION}"))


@lru_cache(maxsize=1024)
def _fingerprint_key(schema: str) -> bytes:
    return _derive(f"torn/fingerprint/{schema}")


def _derive(info: str) -> bytes:
    secret = get_settings().secret_key.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode()).derive(secret)

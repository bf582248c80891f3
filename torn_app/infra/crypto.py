"""Encryption at rest: AES-256-GCM under a key of each company, derived (HKDF-SHA256) from TORN_SECRET_KEY.

What is stored: one byte layout version, 4 bytes that name the TORN_SECRET_KEY, 12 bytes nonce, ciphertext with its tag.
The name of the place it is stored in is authenticated with it, so a ciphertext moved to another row or company does
not open. While the key is changed (`launch/rotation.py`) what TORN_SECRET_KEY_FORMER encrypted opens too; everything
new is under TORN_SECRET_KEY.
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

KEY_VERSION = 2
_NAMELESS = 1
"""Layout of the first installations: it does not name its key."""
_NONCE = 12


class CannotDecrypt(RuntimeError):
    """The stored bytes do not open with this TORN_SECRET_KEY, or were moved or changed."""


def encrypt(schema: str, place: str, plain: bytes) -> bytes:
    """Encrypt bytes for a place (`table:natural key`) of a company."""
    return encrypt_under(get_settings().secret_key, schema, place, plain)


def encrypt_under(secret: str, schema: str, place: str, plain: bytes) -> bytes:
    """The same under a given TORN_SECRET_KEY, the former one for example."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher(secret, schema, KEY_VERSION).encrypt(nonce, plain, f"{schema}:{place}".encode())
    return _head(secret) + nonce + sealed


def decrypt(schema: str, place: str, stored: bytes) -> bytes:
    """Open what `encrypt` made for the same company and place.

    Raises:
        CannotDecrypt: wrong key, other place, or changed bytes.
    """
    for secret in _known_secrets():
        for version, head in ((KEY_VERSION, _head(secret)), (_NAMELESS, bytes([_NAMELESS]))):
            if stored.startswith(head):
                nonce, sealed = stored[len(head) : len(head) + _NONCE], stored[len(head) + _NONCE :]
                try:
                    return _cipher(secret, schema, version).decrypt(nonce, sealed, f"{schema}:{place}".encode())
                except (InvalidTag, ValueError):
                    continue
    raise CannotDecrypt(f"cannot open {place}: is TORN_SECRET_KEY the one it was stored with?")


def current_head() -> bytes:
    """Return what everything that is encrypted under the present TORN_SECRET_KEY begins with."""
    return _head(get_settings().secret_key)


def key_name(secret: str) -> str:
    """Return the name of a TORN_SECRET_KEY: tells one from another and gives nothing of it away."""
    return _head(secret)[1:].hex()


def fingerprint(schema: str, content: bytes) -> str:
    """Return a keyed hash of a company's bytes: tells the same from other content without giving a guess away."""
    return fingerprint_under(_fingerprint_key(get_settings().secret_key, schema), content)


def fingerprint_under(key: bytes, content: bytes) -> str:
    """Return the keyed hash of bytes under a key `former_fingerprint_key` gave, now or before it was kept."""
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def former_fingerprint_key(schema: str) -> bytes | None:
    """Return the key of a company's hashes under TORN_SECRET_KEY_FORMER, or None when it is not set."""
    former = get_settings().former_secret_key
    return _fingerprint_key(former, schema) if former else None


def _known_secrets() -> tuple[str, ...]:
    settings = get_settings()
    return (settings.secret_key, settings.former_secret_key) if settings.former_secret_key else (settings.secret_key,)


@lru_cache(maxsize=16)
def _head(secret: str) -> bytes:
    return bytes([KEY_VERSION]) + _derive(secret, "torn/key-name")[:4]


@lru_cache(maxsize=1024)
def _cipher(secret: str, schema: str, version: int) -> AESGCM:
    return AESGCM(_derive(secret, f"torn/company/{schema}/v{version}"))


@lru_cache(maxsize=1024)
def _fingerprint_key(secret: str, schema: str) -> bytes:
    return _derive(secret, f"torn/fingerprint/{schema}")


def _derive(secret: str, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode()).derive(secret.encode())

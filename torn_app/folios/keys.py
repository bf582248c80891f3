"""Keys in memory: opening a certificate costs 36 ms and a stamp key 31, so each is opened once per process.

The caches are keyed by the stored ciphertext itself: whatever else changes in the database, they cannot go stale.
What is encrypted again under a new TORN_SECRET_KEY is opened again, once. They hold key objects and forget the least
used.
"""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from torn_app.dte.caf import Caf, load_caf_key, parse_caf
from torn_app.dte.firma import Certificado, load_certificado
from torn_app.infra import crypto

_CACHE = 4096


@lru_cache(maxsize=_CACHE)
def open_caf(schema: str, place: str, stored: bytes) -> tuple[Caf, RSAPrivateKey]:
    """Return a range and its private key from what is stored of it."""
    archivo = crypto.decrypt(schema, place, stored)
    return parse_caf(archivo), load_caf_key(archivo)


@lru_cache(maxsize=_CACHE)
def open_certificate(schema: str, place: str, stored: bytes) -> Certificado:
    """Return a signing certificate with its key from what is stored of it."""
    return load_certificado(crypto.decrypt(schema, place, stored), None)

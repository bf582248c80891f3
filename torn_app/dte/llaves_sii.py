"""The public keys with which the tax service signs folio authorisations (field FRMA), by their number (field IDK).

Published by the tax service as certificates whose X.509 version is invalid, so that libraries refuse to parse them:
kept here as plain public keys, and checked against genuine authorisations of 2003, 2019 and 2025.
"""

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

IDK_CERTIFICACION = 100
IDK_PRODUCCION = 300

_PEM = {
    IDK_CERTIFICACION: b"""-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMj78A3LIaVQAKWFUixd5SinPgzhbMA6
seXqfeSyooER41L6743LfVHjSavUsQXc1PZ8+eExFQWMnwFUKRuMcVMCAwEAAQ==
-----END PUBLIC KEY-----
""",
    IDK_PRODUCCION: b"""-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAJ3uv8XuvZbfTHz1Pxv6Fdhdc+8ExnGP
jAez94Xv7nXntO9aOuB5wyZakA5F9gKJCvb7T6+iuNaTj38BHDWFszUCAwEAAQ==
-----END PUBLIC KEY-----
""",
}


def _load(pem: bytes) -> RSAPublicKey:
    key = load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise TypeError("not an RSA key")
    return key


LLAVES_SII = {idk: _load(pem) for idk, pem in _PEM.items()}

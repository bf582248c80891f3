"""Access tokens of the API (JWT HS256) and cookie tokens of the browser."""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import lru_cache

import jwt

from torn_app.kernel import clock
from torn_app.kernel.errors import NotAuthenticated
from torn_app.settings import get_settings

LIFE = timedelta(hours=12)
_AUDIENCE_KEY = b"torn/access-token/v1"


def make_token(email: str, now: datetime) -> str:
    """Return an access token of `email`, good for 12 hours."""
    return jwt.encode({"sub": email, "exp": now + LIFE}, _key(), algorithm="HS256")


def read_token(token: str) -> str:
    """Return the e-mail a token was made for.

    Raises:
        NotAuthenticated: not ours, changed, or expired.
    """
    try:
        email, expires = _signed_claims(token, _key())
    except jwt.InvalidTokenError as error:
        raise NotAuthenticated() from error
    if expires <= clock.now().timestamp():
        raise NotAuthenticated()
    return email


@lru_cache(maxsize=4096)
def _signed_claims(token: str, key: bytes) -> tuple[str, int]:
    """Return e-mail and expiry (Unix seconds) of a token with our signature, whether expired or not.

    Remembered, because every request of a client brings the same token and is looked at more than once.
    """
    claims = jwt.decode(token, key, algorithms=["HS256"], options={"require": ["sub", "exp"], "verify_exp": False})
    return str(claims["sub"]), int(claims["exp"])


def new_cookie_token() -> str:
    """Return a fresh secret for a browser's cookie."""
    return secrets.token_urlsafe(32)


def cookie_hash(token: str) -> str:
    """Return what is stored of a cookie secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def _key() -> bytes:
    # Signing tokens and encrypting keys must not share key material.
    return hashlib.sha256(_AUDIENCE_KEY + get_settings().secret_key.encode()).digest()

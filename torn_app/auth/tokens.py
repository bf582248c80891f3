"""Access tokens of the API (JWT HS256) and cookie tokens of the browser."""

import hashlib
import secrets
from datetime import datetime, timedelta

import jwt

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
        claims = jwt.decode(token, _key(), algorithms=["HS256"], options={"require": ["sub", "exp"]})
    except jwt.InvalidTokenError as error:
        raise NotAuthenticated() from error
    return str(claims["sub"])


def new_cookie_token() -> str:
    """Return a fresh secret for a browser's cookie."""
    return secrets.token_urlsafe(32)


def cookie_hash(token: str) -> str:
    """Return what is stored of a cookie secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def _key() -> bytes:
    # Signing tokens and encrypting keys must not share key material.
    return hashlib.sha256(_AUDIENCE_KEY + get_settings().secret_key.encode()).digest()

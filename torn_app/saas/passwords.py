"""Passwords: argon2 hashes, and a check that takes as long for an unknown person as for a known one."""

from functools import lru_cache

from passlib.hash import argon2

MIN_LENGTH = 8

# Left to itself, passlib finds its backend in the first call, which fails when two threads make it at once or when
# its method was looked up before another call found it.
argon2.set_backend()


def hash_password(password: str) -> str:
    """Return an argon2id hash."""
    return argon2.hash(password)


def verify_password(password: str, password_hash: str | None) -> bool:
    """Tell whether the password matches. With no hash the same work is done and the answer is no."""
    matches = argon2.verify(password, password_hash or _nobody())
    return matches and password_hash is not None


@lru_cache(maxsize=1)
def _nobody() -> str:
    return argon2.hash("nobody has this password")

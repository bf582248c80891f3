"""Encryption at rest opens only with the same key, for the same company and place, unchanged."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from torn_app.infra import crypto
from torn_app.infra.crypto import CannotDecrypt
from torn_app.settings import get_settings

pytestmark = pytest.mark.usefixtures("engine")


@given(st.binary(max_size=300))
def test_what_goes_in_comes_out(plain: bytes) -> None:
    stored = crypto.encrypt("tenant_a", "caf_range:1", plain)
    assert crypto.decrypt("tenant_a", "caf_range:1", stored) == plain
    assert plain not in stored or len(plain) < 4


@pytest.mark.parametrize(("schema", "place"), [("tenant_b", "caf_range:1"), ("tenant_a", "caf_range:2")])
def test_moved_elsewhere_it_does_not_open(schema: str, place: str) -> None:
    stored = crypto.encrypt("tenant_a", "caf_range:1", b"secret")
    with pytest.raises(CannotDecrypt):
        crypto.decrypt(schema, place, stored)


def test_one_changed_byte_does_not_open(engine: Engine) -> None:
    stored = crypto.encrypt("tenant_a", "x", b"secret")
    for position in range(len(stored)):
        changed = bytearray(stored)
        changed[position] ^= 1
        with pytest.raises(CannotDecrypt):
            crypto.decrypt("tenant_a", "x", bytes(changed))


def test_what_the_first_installations_stored_still_opens(engine: Engine) -> None:
    """Their layout named no key: version 1, nonce, ciphertext. Made here with the library alone."""
    secret = get_settings().secret_key.encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"torn/company/tenant_a/v1").derive(secret)
    old = b"\x01" + b"n" * 12 + AESGCM(key).encrypt(b"n" * 12, b"secret", b"tenant_a:x")
    assert crypto.decrypt("tenant_a", "x", old) == b"secret"
    with pytest.raises(CannotDecrypt):
        crypto.decrypt("tenant_b", "x", old)
    assert not old.startswith(crypto.current_head())


def test_the_former_key_opens_while_it_is_given_and_never_encrypts() -> None:
    former, new = "f" * 40, "n" * 40
    stored = crypto.encrypt_under(former, "tenant_a", "x", b"secret")
    with pytest.raises(CannotDecrypt):
        crypto.decrypt("tenant_a", "x", stored)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORN_SECRET_KEY", new)
        patch.setenv("TORN_SECRET_KEY_FORMER", former)
        get_settings.cache_clear()
        try:
            assert crypto.decrypt("tenant_a", "x", stored) == b"secret"
            again = crypto.encrypt("tenant_a", "x", b"secret")
        finally:
            patch.undo()
            get_settings.cache_clear()
    assert again[1:5].hex() == crypto.key_name(new) != crypto.key_name(former)

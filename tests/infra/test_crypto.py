"""Encryption at rest opens only with the same key, for the same company and place, unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from torn_app.infra import crypto
from torn_app.infra.crypto import CannotDecrypt

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

"""Access tokens: ours, unchanged, and not a second longer than they live."""

from datetime import timedelta

import jwt
import pytest
from sqlalchemy import Engine

from torn_app.auth import tokens
from torn_app.kernel import clock
from torn_app.kernel.errors import NotAuthenticated

pytestmark = pytest.mark.usefixtures("engine")


def test_a_token_names_whom_it_was_made_for() -> None:
    token = tokens.make_token("rosa@example.com", clock.now())
    assert [tokens.read_token(token) for _ in range(2)] == ["rosa@example.com"] * 2
    assert set(jwt.decode(token, options={"verify_signature": False})) == {"sub", "exp"}


def test_it_ends_after_twelve_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    made = clock.now()
    token = tokens.make_token("rosa@example.com", made)
    tokens.read_token(token)
    monkeypatch.setattr(clock, "now", lambda: made + tokens.LIFE - timedelta(seconds=2))
    assert tokens.read_token(token) == "rosa@example.com"
    monkeypatch.setattr(clock, "now", lambda: made + tokens.LIFE + timedelta(seconds=1))
    with pytest.raises(NotAuthenticated):
        tokens.read_token(token)


def test_what_is_not_ours_is_refused(engine: Engine) -> None:
    token = tokens.make_token("rosa@example.com", clock.now())
    head, body, signature = token.split(".")
    later = clock.now() + timedelta(hours=1)
    others = [
        "",
        "x",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-2]}AA",
        jwt.encode({"sub": "rosa@example.com", "exp": later}, "k" * 32, algorithm="HS256"),
        jwt.encode({"sub": "rosa@example.com", "exp": later}, None, algorithm="none"),
        jwt.encode({"sub": "rosa@example.com"}, tokens._key(), algorithm="HS256"),
        jwt.encode({"exp": later}, tokens._key(), algorithm="HS256"),
    ]
    for other in others:
        with pytest.raises(NotAuthenticated):
            tokens.read_token(other)

"""The environment, read once."""

from decimal import Decimal

import pytest

from torn_app.settings import DEFAULT_CORS_ORIGINS, Environment, Settings, SettingsError

SECRET = "s" * 48
LEAST = {"DATABASE_URL": "postgresql:///torn", "TORN_SECRET_KEY": SECRET}


def test_defaults() -> None:
    settings = Settings.load(LEAST)
    assert settings.environment is Environment.DEVELOPMENT
    assert (settings.port, settings.redis_url, settings.admin_password) == (8000, None, None)
    assert settings.cors_origins == DEFAULT_CORS_ORIGINS
    assert settings.demo


def test_production_refuses_without_secrets() -> None:
    with pytest.raises(SettingsError, match=r"TORN_SECRET_KEY is not set"):
        Settings.load({"DATABASE_URL": "postgresql:///torn", "TORN_ENV": "production"})
    with pytest.raises(SettingsError, match=r"TORN_ADMIN_PASSWORD is not set"):
        Settings.load(LEAST | {"TORN_ENV": "production"})


def test_production_with_secrets_starts_without_demo() -> None:
    settings = Settings.load(LEAST | {"TORN_ENV": "production", "TORN_ADMIN_PASSWORD": "a-good-one"})
    assert settings.in_production
    assert not settings.demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TORN_SECRET_KEY", "short"),
        ("TORN_PORT", "80a"),
        ("TORN_PORT", "0"),
        ("TORN_PORT", "70000"),
        ("TORN_ENV", "prod"),
        ("TORN_RATE_LIMIT", "-1"),
        ("TORN_UF_YEAR_END", "2026"),
        ("TORN_UF_YEAR_END", "2026=40.123,45"),
        ("TORN_UF_YEAR_END", "2026=-1"),
        ("TORN_UF_YEAR_END", "26=40123"),
        ("TORN_RATE_LIMIT", "lots"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.load(LEAST | {"TORN_ADMIN_PASSWORD": "x", name: value})


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SettingsError, match=r"DATABASE_URL.*TORN_SECRET_KEY.*TORN_PORT"):
        Settings.load({"TORN_PORT": "x"})


def test_demo_can_be_left_out() -> None:
    assert not Settings.load(LEAST | {"DEMO": "0"}).demo


def test_origins_are_a_list() -> None:
    settings = Settings.load(LEAST | {"TORN_CORS_ORIGINS": "https://a.example/, https://b.example"})
    assert settings.cors_origins == ("https://a.example", "https://b.example")


def test_secrets_stay_out_of_the_repr() -> None:
    given = {
        "TORN_ADMIN_PASSWORD": "hidden-password",
        "REDIS_URL": "redis://:pw@host",
        "TORN_SECRET_KEY_FORMER": "f" * 40,
    }
    settings = Settings.load(LEAST | given)
    assert settings.former_secret_key == "f" * 40
    assert not any(secret in repr(settings) for secret in (SECRET, "f" * 40, "hidden-password", "postgresql", ":pw@"))


def test_the_uf_of_years_to_come() -> None:
    assert Settings.load(LEAST).uf_year_end == {}
    text = "2026=40123.45, 2027 = 41000,"
    found = Settings.load(LEAST | {"TORN_UF_YEAR_END": text}).uf_year_end
    assert found == {2026: Decimal("40123.45"), 2027: Decimal(41000)}

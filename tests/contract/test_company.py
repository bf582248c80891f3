"""/issuer, /config and the reading half of /users over HTTP."""

import pytest

from tests.shop import Door, Platform, Shop, done

ADMIN_ONLY = "Acceso denegado: se requieren permisos de administrador de empresa."


@pytest.fixture(scope="module")
def shop(platform: Platform) -> Shop:
    """A company of its own: these tests change what others rely on."""
    return platform.company()


@pytest.fixture(scope="module")
def owner(shop: Shop) -> Door:
    return shop.person("ADMINISTRADOR")


@pytest.fixture(scope="module")
def seller(shop: Shop, owner: Door) -> Door:
    return shop.person("VENDEDOR")


@pytest.fixture(scope="module")
def keeper(shop: Shop, seller: Door) -> Door:
    return shop.person("BODEGUERO")


def test_issuer(owner: Door, seller: Door):
    issuer = done(seller.get("/issuer/"))
    assert {"id", "rut", "razon_social", "giro", "acteco", "website", "created_at", "updated_at"} <= issuer.keys()
    changed = done(owner.put("/issuer/", {"telefono": "+56 2 2345 6789", "resolucion_numero": 80}))
    assert changed == issuer | {
        "telefono": "+56 2 2345 6789",
        "resolucion_numero": 80,
        "updated_at": changed["updated_at"],
    }
    answer = owner.put("/issuer/", {"rut": "12345678-9"})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "rut"]


def test_taxes(owner: Door, seller: Door):
    taxes = done(seller.get("/config/taxes/"))
    assert [(tax["rate"], tax["is_default"]) for tax in taxes] == [(0.19, True), (0, False)]
    made = done(owner.post("/config/taxes/", {"name": "Otro", "rate": "0.1", "is_default": True}), 201)
    assert made == {"name": "Otro", "rate": 0.1, "is_active": True, "is_default": True, "id": made["id"]}
    assert [tax["is_default"] for tax in seller.get("/config/taxes/").json()] == [False, False, True]
    done(owner.put(f"/config/taxes/{taxes[0]['id']}", {"is_default": True}))
    assert [tax["is_default"] for tax in seller.get("/config/taxes/").json()] == [True, False, False]
    unknown = owner.put("/config/taxes/999999", {})
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "Impuesto no encontrado")


@pytest.mark.parametrize("rate", [-0.01, 1.01, 19, "x", None])
def test_wrong_rate(owner: Door, rate):
    assert owner.post("/config/taxes/", {"name": "X", "rate": rate}).status_code == 422


def test_settings(owner: Door, seller: Door):
    settings = done(seller.get("/config/settings/"))
    assert (settings["id"], settings["print_format"]) == (1, "80mm")
    changed = done(owner.put("/config/settings/", {"print_format": "carta"}))
    assert changed == settings | {"print_format": "carta"}
    for wrong in ({"print_format": "a4"}, {"iva_default_id": 999999}, {"descuento_maximo_pct": 101}):
        assert owner.put("/config/settings/", wrong).status_code == 422
    assert done(seller.get("/config/settings/")) == changed


def test_only_the_administrator_changes_it(keeper: Door):
    for method, url in (
        ("PUT", "/issuer/"),
        ("POST", "/config/taxes/"),
        ("PUT", "/config/taxes/1"),
        ("PUT", "/config/settings/"),
    ):
        answer = keeper.request(method, url, json={})
        assert (answer.status_code, answer.json()["detail"]) == (403, ADMIN_ONLY)


def test_people(seller: Door, keeper: Door):
    everybody = done(seller.get("/users/"))
    assert [person["role"] for person in everybody] == ["ADMINISTRADOR", "VENDEDOR", "BODEGUERO"]
    assert [person["is_owner"] for person in everybody] == [True, False, False]
    assert everybody[1]["role_obj"]["can_perform_sales"]
    assert not any("password" in key for person in everybody for key in person)
    assert seller.get("/users/sellers").json() == everybody[1:2]
    assert seller.get("/users/", params={"role": "BODEGUERO"}).json() == everybody[2:]

"""Keys of the company's programs: made once, used like a token, never more than their maker."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.contract.test_matrix import ADMIN_ONLY, BAD_TOKEN, FOREIGN, NOT_ALLOWED
from tests.shop import Door, Platform, Shop, bearer, done
from torn_app.infra.db import make_engine


@pytest.fixture(scope="module")
def shop(platform: Platform) -> Shop:
    return platform.company(name="Con tienda en línea")


@pytest.fixture(scope="module")
def owner(shop: Shop) -> Door:
    return shop.person("ADMINISTRADOR")


def make(maker: Door, *permissions: str) -> dict[str, Any]:
    return done(maker.post("/api-keys/", {"name": "Tienda en línea", "permissions": list(permissions)}), 201)


def door(shop: Shop, key: str) -> Door:
    return Door(shop.door.http, bearer(key) | {"X-Tenant-ID": str(shop.tenant_id)})


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["detail"]


def test_a_key_is_shown_once_and_listed_by_its_beginning(shop: Shop, owner: Door) -> None:
    made = make(owner, "can_perform_sales", "can_view_reports")
    assert made.keys() == {"id", "name", "prefix", "permissions", "created_at", "last_used_at", "key"}
    assert made["key"].startswith("torn_")
    assert made["key"].startswith(made["prefix"])
    assert len(made["key"]) > len(made["prefix"]) + 30
    listed = next(row for row in done(owner.get("/api-keys/")) if row["id"] == made["id"])
    assert listed == {name: value for name, value in made.items() if name != "key"}
    assert set(listed["permissions"]) == {"can_perform_sales", "can_view_reports"}


def test_a_key_sells_in_the_name_of_its_maker(shop: Shop, owner: Door) -> None:
    done(owner.post("/cash/open", {"start_amount": 0}))
    program = door(shop, make(owner, "can_perform_sales")["key"])
    product = shop.product(price=1000)
    sale = done(program.post("/sales/", shop.order((product, 1), pay=1190)), 201)
    found = done(program.get(f"/sales/{sale['id']}"))
    assert found["seller"]["name"] == "Persona Administrador"


def test_a_key_may_what_it_says_and_no_more(shop: Shop, owner: Door) -> None:
    program = door(shop, make(owner, "can_edit_products")["key"])
    assert program.post("/brands/", {"name": "Por clave"}).status_code == 201
    assert refusal(program.post("/sales/", {})) == (403, NOT_ALLOWED)
    assert refusal(program.get("/api-keys/")) == (403, ADMIN_ONLY)
    assert refusal(program.post("/api-keys/", {"name": "Otra"})) == (403, ADMIN_ONLY)
    reader = door(shop, make(owner)["key"])
    assert reader.get("/products/").status_code == 200
    assert refusal(reader.post("/brands/", {"name": "No"})) == (403, NOT_ALLOWED)


def test_a_key_belongs_to_one_company(shop: Shop, other_shop: Shop, owner: Door) -> None:
    key = make(owner)["key"]
    for company in (str(other_shop.tenant_id), "0", "999999999", str(10**30)):
        assert refusal(Door(shop.door.http, bearer(key) | {"X-Tenant-ID": company}).get("/products/")) == (403, FOREIGN)
    headless = Door(shop.door.http, bearer(key)).get("/products/")
    assert (headless.status_code, headless.json()["detail"][0]["loc"]) == (422, ["header", "x-tenant-id"])


def test_a_revoked_key_is_nobody(shop: Shop, owner: Door) -> None:
    made = make(owner, "can_edit_products")
    assert owner.delete(f"/api-keys/{made['id']}").status_code == 204
    assert refusal(door(shop, made["key"]).get("/products/")) == (401, BAD_TOKEN)
    assert refusal(door(shop, made["key"]).post("/products/", {})) == (401, BAD_TOKEN)
    assert made["id"] not in [row["id"] for row in done(owner.get("/api-keys/"))]
    again = owner.delete(f"/api-keys/{made['id']}")
    assert refusal(again) == (404, f"Clave de API con ID {made['id']} no encontrada")


def test_keys_that_are_none(shop: Shop, other_shop: Shop, owner: Door) -> None:
    key = make(owner)["key"]
    elsewhere = f"torn_{other_shop.tenant_id}_{key[-43:]}"
    for wrong in (
        "torn_",
        "torn_x",
        key[:-1],
        key + "x",
        "torn_999999999_" + "x" * 43,
        "torn_0_" + "x" * 43,
        elsewhere,
    ):
        answer = door(shop, wrong).get("/products/")
        assert refusal(answer) == (401, BAD_TOKEN)
        assert answer.headers["www-authenticate"] == "Bearer"
    assert refusal(Door(shop.door.http, bearer(key)).get("/auth/validate")) == (401, BAD_TOKEN)


def test_a_key_goes_with_its_maker(shop: Shop) -> None:
    maker, membership = shop.platform.person(shop.tenant_id, "ADMINISTRADOR")
    program = door(shop, make(maker, "can_edit_products")["key"])
    assert program.post("/brands/", {"name": "Mientras está"}).status_code == 201

    people = {row["email"]: row["id"] for row in done(shop.door.get("/users/"))}
    assert shop.door.delete(f"/users/{people[membership['user']['email']]}").status_code == 204

    assert refusal(program.get("/products/")) == (401, BAD_TOKEN)


def test_the_last_use_is_noted_and_not_at_every_request(shop: Shop, owner: Door) -> None:
    made = make(owner)

    def last_use() -> str | None:
        return next(row["last_used_at"] for row in done(owner.get("/api-keys/")) if row["id"] == made["id"])

    assert last_use() is None
    done(door(shop, made["key"]).get("/products/"))
    first = last_use()
    assert first is not None
    done(door(shop, made["key"]).get("/products/"))
    assert last_use() == first


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "x", "permissions": ["admin"]}, {"name": "x", "permissions": ["volar"]}]
)
def test_bodies_that_are_refused(owner: Door, body: dict[str, Any]) -> None:
    assert owner.post("/api-keys/", body).status_code == 422


def test_neither_the_key_nor_its_kept_answer_can_be_read_in_the_database(
    shop: Shop, owner: Door, live_server: Any
) -> None:
    answer = owner.post("/api-keys/", {"name": "Guardada"}, headers={"Idempotency-Key": "clave de clave"})
    key = done(answer, 201)["key"]
    again = owner.post("/api-keys/", {"name": "Guardada"}, headers={"Idempotency-Key": "clave de clave"})
    assert again.json()["key"] == key
    engine = make_engine(live_server.database_url)
    with engine.connect() as connection:
        schema = connection.execute(
            text("SELECT schema_name FROM public.tenant WHERE id = :id"), {"id": shop.tenant_id}
        ).scalar_one()
        rows = [
            bytes(value) if isinstance(value, memoryview) else value
            for table in ("api_key", "idempotency_key")
            for row in connection.execute(text(f'SELECT * FROM "{schema}".{table}'))
            for value in row
        ]
    engine.dispose()
    secret = key[len("torn_") + 10 :]
    assert rows
    assert not any(secret in value for value in rows if isinstance(value, str))
    assert not any(secret.encode() in value for value in rows if isinstance(value, bytes))

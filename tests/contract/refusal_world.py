"""Where documented refusals are provoked: companies made for it, one of them broken by hand."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
import psycopg
from psycopg import sql

from tests.factories import PASSWORD, new_rut
from tests.shop import Door, Platform, Shop, done


@dataclass
class World:
    """Two companies: one to ask things of, and one that may be broken by hand."""

    http: httpx.Client
    platform: Platform
    database_url: str

    @cached_property
    def shop(self) -> Shop:
        return self.platform.company()

    @cached_property
    def till(self) -> Door:
        return self.shop.till()

    @cached_property
    def seller(self) -> Door:
        return self.shop.person("VENDEDOR")

    @cached_property
    def ghost(self) -> Door:
        """An administrator whose staff row was lost."""
        door, membership = self.platform.person(self.shop.tenant_id, "ADMINISTRADOR")
        self.sql(self.shop, "DELETE FROM {schema}.staff WHERE email = %s", membership["user"]["email"])
        return door

    @cached_property
    def nameless(self) -> tuple[Shop, dict, dict]:
        """A company whose issuer was lost, with a sale and a purchase."""
        shop = self.platform.company(name="Sin emisor")
        product = shop.product()
        sale = done(shop.till().post("/sales/", shop.order((product, 1), pay=1190)), 201)
        bought = done(shop.door.post("/purchases/", purchase(shop, product)), 201)
        self.sql(shop, "DELETE FROM {schema}.issuer")
        return shop, sale, bought

    def support_id(self) -> int:
        """The staff id of the hidden support user."""
        return self.sql(self.shop, "SELECT id FROM {schema}.staff WHERE is_support")

    def sql(self, shop: Shop, statement: str, *values: object) -> Any:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            found = connection.execute(
                "SELECT schema_name FROM public.tenant WHERE id = %s", (shop.tenant_id,)
            ).fetchone()
            assert found
            cursor = connection.execute(sql.SQL(statement).format(schema=sql.Identifier(found[0])), values)
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def order(self, *items: tuple[dict, Any], pay: float = 1190, **more: Any) -> dict[str, Any]:
        return self.shop.order(*items, pay=pay, **more)

    def give_back(self, door: Door, **more: Any) -> httpx.Response:
        """Ask for the return of a sale of one product."""
        product = self.shop.product()
        sale = done(self.till.post("/sales/", self.order((product, 1))), 201)
        body = {
            "original_sale_id": sale["id"],
            "items": [{"product_id": product["id"], "cantidad": 1}],
            "reason": "Fallado",
            "return_method_id": self.shop.method("DEBITO"),
        }
        return door.post("/sales/return", body | more)


def purchase(shop: Shop, product: dict, **more: Any) -> dict[str, Any]:
    provider = done(shop.door.post("/providers/", {"rut": new_rut(), "razon_social": "Molino"}), 201)
    items = [{"product_id": product["id"], "cantidad": 1, "precio_costo_unitario": 100}]
    return {"provider_id": provider["id"], "items": items} | more


def person(**fields: Any) -> dict[str, Any]:
    return {"email": f"otro{new_rut()}@example.com", "password": PASSWORD, "role_name": "VENDEDOR"} | fields


def local(**fields: Any) -> dict[str, Any]:
    return {"full_name": "Nueva", "email": f"nueva{new_rut()}@example.com", "password": PASSWORD} | fields


def full(w: World) -> Shop:
    shop = w.platform.company(name="Llena")
    w.platform.person(shop.tenant_id, "ADMINISTRADOR")
    done(w.platform.door.patch(f"/saas/tenants/{shop.tenant_id}", {"max_users_override": 1}))
    return shop


def brand(w: World, name: str | None = None) -> Any:
    """A new brand, or the answer to one of that name."""
    answer = w.shop.door.post("/brands/", {"name": name or f"Marca {new_rut()}"})
    return answer if name else done(answer, 201)


def price_list(w: World) -> int:
    return done(w.shop.door.post("/price-lists/", {"name": "Mayorista"}), 201)["id"]


def inactive(w: World) -> dict:
    product = w.shop.product()
    return done(w.shop.door.put(f"/products/{product['id']}", {"is_active": False}))


def parent(w: World) -> dict:
    body = {"nombre": f"Polera {new_rut()}", "variants": [{"nombre": "M", "precio_neto": 1}]}
    return done(w.shop.door.post("/products/with-variants", body), 201)


def bought(w: World) -> int:
    return done(w.shop.door.post("/purchases/", purchase(w.shop, w.shop.product())), 201)["id"]


def owner(w: World) -> httpx.Response:
    shop = w.platform.company(name="Con dueña")
    w.platform.person(shop.tenant_id, "ADMINISTRADOR")
    (row,) = [row for row in done(shop.door.get("/users/")) if row["is_owner"]]
    return shop.door.delete(f"/users/{row['id']}")

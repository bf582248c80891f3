"""/products, /brands and /inventory over HTTP."""

import httpx
import pytest

from tests.shop import Door, done

NUMBER = int | float
FIELDS = {
    "id": int,
    "codigo_interno": str,
    "nombre": str,
    "descripcion": str | None,
    "precio_neto": NUMBER,
    "costo_unitario": NUMBER,
    "unidad_medida": str | None,
    "codigo_barras": str | None,
    "controla_stock": bool,
    "stock_actual": NUMBER,
    "stock_minimo": NUMBER,
    "is_active": bool,
    "is_deleted": bool,
    "updated_at": str | None,
    "full_name": str,
    "precio_bruto": NUMBER,
    "parent_id": int | None,
    "brand_id": int | None,
    "brand": dict | None,
    "tax_id": int | None,
    "tax": dict | None,
    "variants": list,
}


def create(client: Door, **fields) -> dict:
    return done(client.post("/products/", {"nombre": "Pan", "precio_neto": 1000} | fields), 201)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["detail"]


def test_answer_has_the_documented_shape(seller: Door, keeper: Door):
    brand = done(keeper.post("/brands/", {"name": "Forma"}), 201)
    tax = keeper.get("/config/taxes/").json()[0]
    made = create(keeper, precio_neto="831.932773", brand_id=brand["id"], tax_id=tax["id"], stock_actual=2.5)
    for name, kind in FIELDS.items():
        assert isinstance(made[name], kind), name
    assert made["precio_neto"] == 831.932773
    assert (made["precio_bruto"], made["stock_actual"], made["brand"], made["tax"]) == (990, 2.5, brand, tax)
    assert seller.get(f"/products/{made['codigo_interno']}").json() == made
    assert seller.get("/products/").json()[0] == made


@pytest.mark.parametrize(
    "fields",
    [
        {"precio_neto": -1},
        {"precio_neto": None},
        {"precio_neto": "mucho"},
        {"precio_neto": "NaN"},
        {"precio_neto": 0.0000001},
        {"stock_actual": -1},
        {"nombre": " "},
        {"brand_id": 99999},
        {"tax_id": 99999},
        {"parent_id": 99999},
        {"brand_id": 2**70},
    ],
)
def test_wrong_fields(keeper: Door, fields: dict):
    answer = keeper.post("/products/", {"nombre": "Pan", "precio_neto": 1000} | fields)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", next(iter(fields))]


def test_codes_are_unique(keeper: Door):
    create(keeper, codigo_interno="UNO", codigo_barras="780111")
    body = {"nombre": "Pan", "precio_neto": 1}
    answer = keeper.post("/products/", body | {"codigo_interno": "UNO"})
    assert refusal(answer) == (409, "Ya existe un producto con código UNO")
    answer = keeper.post("/products/", body | {"codigo_barras": "780111"})
    assert refusal(answer) == (409, "Ya existe un producto con código de barras 780111")


def test_variants(seller: Door, keeper: Door):
    body = {
        "nombre": "Polera",
        "codigo_interno": "POL",
        "controla_stock": True,
        "variants": [
            {"nombre": "Roja", "precio_neto": 5000, "stock_actual": 4},
            {"nombre": "Azul", "precio_neto": "5500.5", "codigo_interno": "AZ"},
        ],
    }
    parent = done(keeper.post("/products/with-variants", body), 201)
    assert (parent["controla_stock"], parent["precio_neto"]) == (False, 0)
    assert [(v["codigo_interno"], v["full_name"], v["stock_actual"]) for v in parent["variants"]] == [
        ("POL-V01", "Polera Roja", 4),
        ("AZ", "Polera Azul", 0),
    ]
    done(keeper.delete(f"/products/{parent['id']}"), 204)
    assert seller.get("/products/AZ").status_code == 404


def test_change_and_kardex(seller: Door, keeper: Door):
    made = create(keeper, controla_stock=True, stock_actual=10)
    url = f"/products/{made['id']}"
    changed = done(keeper.put(url, {"stock_actual": 7, "precio_neto": 10, "parent_id": 1}))
    assert (changed["stock_actual"], changed["precio_bruto"], changed["parent_id"]) == (7, 12, None)
    count = {"cantidad_contada": "6.5", "motivo": "Merma", "nota": "se cayó"}
    assert done(keeper.post(f"{url}/adjust-stock", count))["stock_actual"] == 6.5
    movements = done(seller.get(f"{url}/movements"))
    assert [(m["tipo"], m["motivo"], m["cantidad"], m["balance_after"]) for m in movements] == [
        ("SALIDA", "AJUSTE", 0.5, 6.5),
        ("SALIDA", "AJUSTE", 3, 7),
        ("ENTRADA", "INICIAL", 10, 10),
    ]
    assert movements[0].keys() == {
        *("id", "product_id", "tipo", "motivo", "cantidad", "balance_after"),
        *("description", "sale_id", "purchase_id", "user", "created_at"),
    }
    assert movements[0]["description"] == "Merma: se cayó"
    part = seller.get(f"{url}/movements", params={"limit": 1, "after": movements[0]["id"], "count": "true"})
    assert (part.json(), part.headers["X-Total-Count"]) == (movements[1:2], "3")


def test_not_found(seller: Door, keeper: Door):
    for answer in (
        keeper.put("/products/999999", {}),
        keeper.delete("/products/999999"),
        keeper.post("/products/999999/adjust-stock", {"cantidad_contada": 1, "motivo": "x"}),
        keeper.get("/products/999999/movements"),
    ):
        assert refusal(answer) == (404, "Producto no encontrado")
    made = create(keeper)
    for code in ("NADA", str(made["id"]), made["codigo_barras"], "%00"):
        assert seller.get(f"/products/{code}").status_code == 404
    assert refusal(seller.get("/products/NADA")) == (404, "No se encontró un producto con código NADA")


def test_list_pages_and_searches(seller: Door, keeper: Door):
    for _ in range(3):
        create(keeper, nombre="Ñoquis")
    everything = seller.get("/products/").json()
    part = seller.get("/products/", params={"skip": 1, "limit": 2, "count": True})
    assert (part.json(), part.headers["X-Total-Count"]) == (everything[1:3], str(len(everything)))
    assert seller.get("/products/", params={"after": everything[0]["id"], "limit": 2}).json() == everything[1:3]
    assert len(seller.get("/products/", params={"q": "noquis"}).json()) == 3
    assert seller.get("/products/", params={"q": "a\x00b"}).json() == []


def test_inventory_lists_active_products(seller: Door, keeper: Door):
    made = create(keeper, controla_stock=True, stock_actual=3)
    assert made in seller.get("/inventory/").json()
    done(keeper.put(f"/products/{made['id']}", {"is_active": False}))
    assert made["id"] not in [p["id"] for p in seller.get("/inventory/").json()]
    assert made["id"] in [p["id"] for p in seller.get("/products/").json()]


def test_a_seller_only_reads(seller: Door):
    forbidden = (403, "No tienes permisos para realizar esta acción.")
    for method, url in (
        ("POST", "/products/"),
        ("POST", "/products/with-variants"),
        ("PUT", "/products/999999"),
        ("DELETE", "/products/999999"),
        ("POST", "/products/999999/adjust-stock"),
        ("POST", "/brands/"),
        ("PUT", "/brands/999999"),
        ("DELETE", "/brands/999999"),
    ):
        assert refusal(seller.request(method, url, json={})) == forbidden


def test_brands(seller: Door, keeper: Door):
    made = done(keeper.post("/brands/", {"name": "Zeta"}), 201)
    assert made == {"name": "Zeta", "id": made["id"]}
    assert refusal(keeper.post("/brands/", {"name": "Zeta"})) == (
        409,
        "Ya existe una marca con nombre 'Zeta'",
    )
    assert keeper.post("/brands/", {"name": ""}).status_code == 422
    for name in (None, ""):
        assert done(keeper.put(f"/brands/{made['id']}", {"name": name})) == made
    names = [brand["name"] for brand in seller.get("/brands/").json()]
    assert names == sorted(names)
    product = create(keeper, brand_id=made["id"])
    done(keeper.delete(f"/brands/{made['id']}"), 204)
    assert seller.get(f"/products/{product['codigo_interno']}").json()["brand"] is None
    text = f"Marca con ID {made['id']} no encontrada"
    assert refusal(keeper.put(f"/brands/{made['id']}", {"name": "X"})) == (404, text)
    assert refusal(keeper.delete(f"/brands/{made['id']}")) == (404, text)

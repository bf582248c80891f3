"""/purchases and /providers over HTTP."""

import html

import pytest

from tests.factories import new_rut
from tests.shop import Door, Platform, Shop, done

PROVIDER = {
    "rut": str,
    "razon_social": str,
    "giro": str | None,
    "direccion": str | None,
    "email": str | None,
    "telefono": str | None,
    "ciudad": str | None,
    "id": int,
    "is_active": bool,
    "created_at": str,
    "updated_at": str | None,
}
PURCHASE = {
    "id": int,
    "provider_id": int,
    "folio": str | None,
    "tipo_documento": str,
    "fecha_compra": str,
    "monto_neto": int | float,
    "iva": int | float,
    "monto_total": int | float,
    "observacion": str | None,
    "created_at": str,
    "provider": dict,
    "details": list,
}
DETAIL = {
    "id": int,
    "product_id": int,
    "cantidad": int | float,
    "precio_costo_unitario": int | float,
    "subtotal": int | float,
    "product": dict,
}


def shaped(row: dict, shape: dict) -> None:
    for name, kind in shape.items():
        assert isinstance(row[name], kind), name


def provider(door: Door, **fields) -> dict:
    return done(door.post("/providers/", {"rut": new_rut(), "razon_social": "Distribuidora"} | fields), 201)


def order(provider: dict, *items: tuple[dict, object, object], **fields) -> dict:
    rows = [{"product_id": p["id"], "cantidad": q, "precio_costo_unitario": c} for p, q, c in items]
    return {"provider_id": provider["id"], "items": rows} | fields


def refused(answer, status: int, detail: str) -> None:
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)


def stock(shop: Shop, product: dict) -> tuple:
    now = done(shop.door.get(f"/products/{product['codigo_interno']}"))
    return now["stock_actual"], now["costo_unitario"]


def test_providers(keeper: Door, seller: Door):
    rut = new_rut()
    body, digit = rut.split("-")
    dotted = f"{int(body):,}".replace(",", ".") + f"-{digit.lower()}"
    made = provider(keeper, rut=dotted, telefono="+56 9 1234 5678", email="")
    shaped(made, PROVIDER)
    assert (made["rut"], made["email"], made["is_active"]) == (rut, None, True)
    assert done(seller.get(f"/providers/{made['id']}")) == made
    for q in (rut, dotted, body + digit):
        assert done(seller.get("/providers/search", params={"q": q})) == [made]
    assert done(seller.get("/providers/search")) == []
    assert made in done(seller.get("/providers/"))
    refused(keeper.post("/providers/", {"rut": rut, "razon_social": "X"}), 409, f"Ya existe un proveedor con RUT {rut}")
    taken = keeper.put(f"/providers/{provider(keeper)['id']}", {"rut": rut})
    refused(taken, 409, f"Ya existe un proveedor con RUT {rut}")
    assert done(keeper.delete(f"/providers/{made['id']}")) == {"detail": "Proveedor desactivado"}
    assert made["id"] not in [row["id"] for row in done(seller.get("/providers/"))]
    back = done(keeper.put(f"/providers/{made['id']}", {"is_active": True}))
    assert back | {"updated_at": None} == made
    assert back in done(seller.get("/providers/"))


def test_unknown_provider(keeper: Door):
    for method in ("GET", "PUT", "DELETE"):
        parts = {"json": {}} if method == "PUT" else {}
        refused(keeper.request(method, "/providers/999999", **parts), 404, "Proveedor no encontrado")


@pytest.mark.parametrize("fields", [{"rut": "12345678-9"}, {"rut": None}, {"razon_social": " "}, {"email": "nada"}])
def test_wrong_provider(keeper: Door, fields: dict):
    body = {"rut": new_rut(), "razon_social": "X"} | fields
    assert keeper.post("/providers/", body).status_code == 422


def test_a_purchase_from_entry_to_cancellation(shop: Shop, keeper: Door):
    seller, bread = provider(keeper), shop.product(stock=2, costo_unitario=50)
    body = order(seller, (bread, 10, "100.50"), (bread, 2, 99), folio="F-1", fecha_compra="2026-05-02T10:00:00-04:00")
    made = done(keeper.post("/purchases/", body), 201)
    shaped(made, PURCHASE)
    shaped(made["details"][0], DETAIL)
    assert (made["monto_neto"], made["iva"], made["monto_total"]) == (1203, 229, 1432)
    assert (made["tipo_documento"], made["fecha_compra"]) == ("FACTURA", "2026-05-02T14:00:00Z")
    assert made["provider"] == seller
    assert stock(shop, bread) == (14, 99)
    assert done(keeper.get(f"/purchases/{made['id']}")) == made
    assert done(keeper.get("/purchases/"))[0] == made
    assert done(keeper.get("/purchases/", params={"q": "F-1", "limit": 1})) == [made]

    edited = done(keeper.put(f"/purchases/{made['id']}", order(seller, (bread, 3, 120), tipo_documento="BOLETA")))
    assert (edited["id"], edited["folio"], edited["iva"], edited["monto_total"]) == (made["id"], None, 0, 360)
    assert edited["fecha_compra"] == made["fecha_compra"]
    assert stock(shop, bread) == (5, 120)

    assert keeper.delete(f"/purchases/{made['id']}").status_code == 204
    assert stock(shop, bread) == (2, 50)
    kardex = done(shop.door.get(f"/products/{bread['id']}/movements"))
    assert [row["description"] for row in kardex][:2] == [
        f"Eliminación Compra #{made['id']} (Folio S/N)",
        f"Ajuste por edición de Compra #{made['id']}",
    ]
    assert kardex[-2]["description"] == "Compra Folio F-1"


def test_refusals(shop: Shop, keeper: Door):
    seller, bread = provider(keeper), shop.product(stock=0)
    family = {"nombre": "Polera", "precio_neto": 1000, "variants": [{"nombre": "Chica", "precio_neto": 1000}]}
    parent = done(shop.door.post("/products/with-variants", family), 201)
    made = done(keeper.post("/purchases/", order(seller, (bread, 5, 100))), 201)
    for send in (
        lambda body: keeper.post("/purchases/", body),
        lambda body: keeper.put(f"/purchases/{made['id']}", body),
    ):
        refused(send(order({"id": 999_999}, (bread, 1, 1))), 404, "Proveedor no encontrado")
        refused(send(order(seller, ({"id": 999_999}, 1, 1))), 404, "Producto 999999 no encontrado")
        text = "El producto 'Polera' tiene variantes. Debe ingresar la compra a la variante específica."
        refused(send(order(seller, (parent, 1, 1))), 400, text)
        for wrong in (
            order(seller, (bread, 1, 1), tipo_documento="GUIA"),
            order(seller, (bread, 1, 1), fecha_compra="ayer"),
            order(seller, (bread, 1, 1), fecha_compra="0001-01-01T00:00:00+14:00"),
            order(seller, (bread, 0, 1)),
            order(seller, (bread, 1, -1)),
            order(seller, (bread, 10**9, 10**9)),
            order(seller),
        ):
            assert send(wrong).status_code == 422, wrong
    for method in ("GET", "DELETE"):
        refused(keeper.request(method, "/purchases/999999"), 404, "Compra no encontrada")
    refused(keeper.put("/purchases/999999", order(seller, (bread, 1, 1))), 404, "Compra no encontrada")
    refused(keeper.get("/purchases/999999/pdf"), 404, "Compra no encontrada")


def test_what_was_sold_is_not_taken_back(shop: Shop, keeper: Door):
    seller, bread = provider(keeper), shop.product(stock=0)
    made = done(keeper.post("/purchases/", order(seller, (bread, 5, 100))), 201)
    done(shop.till().post("/sales/", shop.order((bread, 4), pay=4760)), 201)
    answer = keeper.delete(f"/purchases/{made['id']}")
    assert (answer.status_code, answer.json()["error"]) == (409, "GoodsAlreadyLeft")
    assert f"Stock insuficiente para {bread['nombre']}. Disponible: 1, Solicitado: 5" in answer.json()["detail"]
    assert keeper.put(f"/purchases/{made['id']}", order(seller, (bread, 3, 100))).status_code == 409
    assert stock(shop, bread) == (1, 100)


def test_the_printed_page_shows_everything_and_runs_nothing(shop: Shop, keeper: Door):
    nasty = "<script>alert(1)</script>&\"'"
    seller = provider(keeper, razon_social=nasty, giro=nasty, direccion=nasty, ciudad="<b>")
    bread = shop.product(stock=0, nombre=nasty)
    body = order(seller, (bread, "2.5", "1234.5"), folio=nasty, observacion=nasty, fecha_compra="2026-07-01")
    made = done(keeper.post("/purchases/", body), 201)
    answer = keeper.get(f"/purchases/{made['id']}/pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<script" not in answer.text
    assert "<b>" not in answer.text
    text = html.unescape(answer.text)
    for shown in (nasty, "01-07-2026", "2,5", "$1.234,5", "$3.086", "$586", "$3.672", bread["codigo_interno"]):
        assert shown in text, shown


def test_average_cost_by_preference(platform: Platform):
    company = platform.company()
    assert done(company.door.get("/config/settings/"))["metodo_costo"] == "ULTIMO"
    assert done(company.door.put("/config/settings/", {"metodo_costo": "PROMEDIO"}))["metodo_costo"] == "PROMEDIO"
    assert company.door.put("/config/settings/", {"metodo_costo": "FIFO"}).status_code == 422
    bread = company.product(stock=10, costo_unitario=100)
    done(company.door.post("/purchases/", order(provider(company.door), (bread, 30, 200))), 201)
    assert stock(company, bread) == (40, 175)

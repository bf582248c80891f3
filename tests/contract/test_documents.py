"""GET /documents/: what was issued, what became of it, and its stamp."""

from io import BytesIO
from typing import Any

import httpx
import pytest
import zxingcpp
from PIL import Image

from tests.shop import Platform, Shop, done
from torn_app.dte.lectura import read_dte

FIELDS = {
    *("id", "sale_id", "tipo_dte", "folio", "estado", "ambiente", "fecha_emision", "receptor_rut", "monto_total"),
    *("track_id", "glosa", "created_at"),
}


@pytest.fixture(scope="module")
def shop(platform: Platform) -> Shop:
    return platform.company(name="Documentada")


@pytest.fixture(scope="module")
def sales(shop: Shop) -> list[dict]:
    """Three boletas and an invoice, oldest first."""
    product, till, customer = shop.product(price=1000), shop.till(), shop.customer(razon_social="Ñandú Peñaflor SpA")
    orders = [shop.order((product, quantity), pay=1190 * quantity) for quantity in (1, 2, 3)]
    orders.append(shop.order((product, 1), tipo=33, pay=1190) | {"rut_cliente": customer["rut"]})
    return [done(till.post("/sales/", order), 201) for order in orders]


def found(shop: Shop, **query: Any) -> list[int]:
    return [row["sale_id"] for row in done(shop.door.get("/documents/", params=query))]


def test_newest_first_with_the_documented_fields(shop: Shop, sales: list[dict]) -> None:
    rows = done(shop.person("BODEGUERO").get("/documents/"))
    assert [row["sale_id"] for row in rows] == [sale["id"] for sale in reversed(sales)]
    assert all(row.keys() == FIELDS for row in rows)
    boleta = rows[1]
    assert (boleta["tipo_dte"], boleta["folio"], boleta["monto_total"]) == (39, 3, 3570)
    assert (boleta["ambiente"], boleta["receptor_rut"]) == ("PRUEBA", "66666666-6")


def test_filters(shop: Shop, sales: list[dict]) -> None:
    ids = [sale["id"] for sale in sales]
    day = done(shop.door.get("/documents/"))[0]["fecha_emision"]
    assert found(shop, tipo_dte=33) == [ids[3]]
    assert found(shop, desde=day, hasta=day) == ids[::-1]
    assert found(shop, hasta="2020-01-01") == found(shop, desde="2999-01-01") == []
    assert found(shop, q="nandu penaflor") == [ids[3]]
    assert found(shop, q=sales[3]["customer"]["rut"].replace("-", "")) == [ids[3]]
    assert found(shop, q="nadie así") == found(shop, estado="RECHAZADO") == []
    assert set(found(shop, estado="FIRMADO") + found(shop, estado="SIMULADO")) == set(ids)


def test_pages_by_count_and_by_key(shop: Shop, sales: list[dict]) -> None:
    answer = shop.door.get("/documents/", params={"limit": 2, "count": True})
    first = done(answer)
    assert (len(first), answer.headers["x-total-count"]) == (2, "4")
    ids = [sale["id"] for sale in sales]
    assert found(shop, after=first[-1]["id"]) == found(shop, skip=2) == [ids[1], ids[0]]


def test_one_with_its_states(shop: Shop, sales: list[dict]) -> None:
    row = done(shop.door.get("/documents/", params={"tipo_dte": 33}))[0]
    document = done(shop.door.get(f"/documents/{row['id']}"))
    assert document.keys() == FIELDS | {"states"}
    assert document["states"][0].keys() == {"estado", "at", "detail"}
    assert document["states"][0]["estado"] == "FIRMADO"
    assert document["states"][-1]["estado"] == document["estado"]


def test_the_stamp_reads_back_as_the_signed_one(shop: Shop, sales: list[dict]) -> None:
    row = done(shop.door.get("/documents/", params={"tipo_dte": 33}))[0]
    answer = shop.door.get(f"/documents/{row['id']}/stamp.png")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(answer.content)), formats=zxingcpp.BarcodeFormat.PDF417)
    assert code.bytes == read_dte(shop.door.get(f"/sales/{row['sale_id']}/xml").content).ted


@pytest.mark.parametrize("path", ["/documents/999999", "/documents/999999/stamp.png"])
def test_one_that_is_not_there(shop: Shop, path: str) -> None:
    answer: httpx.Response = shop.door.get(path)
    assert (answer.status_code, answer.json()["detail"]) == (404, "Documento con ID 999999 no encontrado")

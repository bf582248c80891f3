"""Export sales over HTTP: the document in its currency, everything else in whole pesos, worked by hand."""

from typing import Any

import pytest

from tests import judges
from tests.shop import Door, Shop, done
from torn_app.dte.lectura import read_dte
from torn_app.dte.lectura_valores import DteLeido

ABROAD = "55555555-5"
BUYER = {
    "nombre": "Müller & Söhne GmbH",
    "pais": 563,
    "numero_id": "DE-129",
    "direccion": "Hafenstraße 7",
    "ciudad": "Hamburg",
}


@pytest.fixture
def clerk(shop: Shop) -> Door:
    """Somebody who sells and takes back, with an open drawer."""
    person = shop.person("ADMINISTRADOR")
    done(person.post("/cash/open", {"start_amount": 100_000}))
    return person


def order(shop: Shop, *items: tuple[dict, Any], pay: int, by: str = "TRANSFERENCIA", **more: Any) -> dict:
    body = {"rut_cliente": ABROAD, "exportacion": {**BUYER, "moneda": "EURO", "tipo_cambio": 1000}}
    return shop.order(*items, tipo=110, pay=pay, by=by, **(body | more))


def judged(door: Door, sale: dict) -> DteLeido:
    xml = door.get(f"/sales/{sale['id']}/xml").content
    judges.xsd_validate(xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(xml)
    judges.verify_ted(xml)
    read = read_dte(xml)
    paper = door.get(f"/sales/{sale['id']}/pdf", params={"formato": "carta"}).content
    assert judges.read_stamp(paper) == read.ted
    return read


def test_goods_in_euros(shop: Shop, clerk: Door) -> None:
    wine, oil = shop.product(price=5000, stock=50, costo_unitario=2000), shop.product(price="3333.333333", stock=50)
    terms = {**BUYER, "moneda": "EURO", "tipo_cambio": "1051.27", "aduana": {"puerto_embarque": 905, "flete": "12.5"}}
    # 5.000 / 1051,27 = 4,756152; x 12 = 57,07 (57,073824). 3.333,333333 / 1051,27 = 3,170768; x 7 = 22,20 (22,195376).
    # 79,27 euros are 83.334,17 pesos: 83.334.
    sold = done(clerk.post("/sales/", order(shop, (wine, 12), (oil, 7), pay=83_334, exportacion=terms)), 201)
    amounts = ("monto_neto", "monto_exento", "iva", "monto_total", "vuelto", "ajuste_redondeo")
    assert [sold[name] for name in amounts] == [0, 83_334, 0, 83_334, 0, 0]
    # 57,07 euros are 59.995,98: 59.996; both are 83.334, so the second line is 23.338.
    lines = [(row["precio_unitario"], row["descuento"], row["subtotal"]) for row in sold["details"]]
    assert lines == [(5000, 0, 59_996), (3333.333333, 0, 23_338)]
    assert (sold["customer"]["rut"], sold["exportacion"]["monto_total"]) == (ABROAD, 79.27)
    read = judged(clerk, sold)
    assert [str(row.precio) for row in read.lineas] == ["4.756152", "3.170768"]
    assert [str(row.monto_item) for row in read.lineas] == ["57.07", "22.2"]
    assert (read.receptor.rut, read.receptor.razon_social, read.receptor.ciudad) == (
        ABROAD,
        "Müller & Söhne GmbH",
        "Hamburg",
    )
    foreign = read.exportacion
    assert foreign is not None
    assert (foreign.moneda, foreign.total_pesos, foreign.forma_pago) == ("EURO", 83_334, 32)
    assert (foreign.nacionalidad, foreign.numero_id) == ("563", "DE-129")
    customs = {name: str(value) for name, value in foreign.aduana.items()}
    assert customs == {
        "modalidad_venta": "1",
        "clausula_venta": "5",
        "total_clausula": "79.27",
        "puerto_embarque": "905",
        "total_items": "2",
        "flete": "12.5",
        "pais_receptor": "563",
        "pais_destino": "563",
    }
    assert done(shop.door.get(f"/products/{wine['codigo_interno']}"))["stock_actual"] == 38
    assert clerk.get(f"/sales/{sold['id']}/pdf", params={"formato": "carta"}).content.startswith(b"%PDF")


def test_a_documented_request_is_a_sale_in_pesos(shop: Shop, clerk: Door) -> None:
    """Nothing but what the documented contract knows: the buyer is a customer, the currency the peso."""
    body = shop.order((shop.product(price="1333.5"), 3), tipo=110, pay=5000, rut_cliente="55.555.555-5")
    # 3 x 1.333,5 = 4.000,5: 4.001, in cash 4.000.
    sold = done(clerk.post("/sales/", body), 201)
    assert (sold["monto_total"], sold["ajuste_redondeo"], sold["vuelto"]) == (4_001, -1, 1_000)
    read = judged(clerk, sold)
    assert (read.receptor.razon_social, read.receptor.direccion) == ("Cliente extranjero", "Extranjero")
    assert read.exportacion is not None
    assert (read.exportacion.moneda, read.exportacion.tipo_cambio, str(read.totales.monto_total)) == (
        "PESO CL",
        None,
        "4001",
    )
    assert "nacionalidad" not in read.exportacion.aduana
    assert sold["exportacion"]["aduana"]["clausula_venta"] == 5


def test_services_pass_no_customs(shop: Shop, clerk: Door) -> None:
    terms = {"tipo_cambio": 950.5, "indicador_servicio": 4, "nombre": "Jane Doe", "pais": 225}
    sold = done(
        clerk.post("/sales/", order(shop, (shop.product(price=95_050), 2), pay=190_100, exportacion=terms)), 201
    )
    assert (sold["monto_total"], sold["exportacion"]["moneda"], sold["exportacion"]["monto_total"]) == (
        190_100,
        "DOLAR USA",
        200,
    )
    read = judged(clerk, sold)
    assert read.exportacion is not None
    assert (read.indicador_servicio, read.exportacion.aduana, read.exportacion.forma_pago) == (4, {}, None)
    both = order(shop, (shop.product(), 1), pay=1000, exportacion=terms | {"aduana": {}})
    answer = clerk.post("/sales/", both)
    assert (answer.status_code, answer.json()["error"]) == (400, "ServiceWithCustoms")


def test_discounts_are_in_the_price_and_on_the_whole(shop: Shop, clerk: Door) -> None:
    one, two = shop.product(price=1000), shop.product(price=2000)
    body = order(shop, pay=0, exportacion={**BUYER, "tipo_cambio": 800})
    body["items"] = [
        {"product_id": one["id"], "cantidad": 3, "descuento_pct": 10},
        {"product_id": two["id"], "cantidad": 1, "descuento_monto": 400},
    ]
    # 2.700 / 3 / 800 = 1,125 x 3 = 3,375: 3,38; 1.600 / 800 = 2,00. 5,38 less 5 % (0,27) is 5,11 dollars: 4.088 pesos.
    body |= {"descuento_global_pct": 5}
    body["payments"][0]["amount"] = 4_088
    sold = done(clerk.post("/sales/", body), 201)
    assert [(row["descuento"], row["subtotal"]) for row in sold["details"]] == [(300, 2_704), (400, 1_600)]
    assert (sold["monto_total"], sold["exportacion"]["monto_total"]) == (4_088, 5.11)
    read = judged(clerk, sold)
    assert [str(row.precio) for row in read.lineas] == ["1.125", "2"]
    assert [(row.es_porcentaje, str(row.valor)) for row in read.descuentos] == [(True, "5")]
    # 500 pesos are 0,63 dollars (0,625). 5,38 - 0,63 = 4,75: 3.800 pesos.
    by_amount = body | {"descuento_global_pct": None, "descuento_global_monto": 500}
    by_amount["payments"] = [{**body["payments"][0], "amount": 3_800}]
    sold = done(clerk.post("/sales/", by_amount), 201)
    assert (sold["monto_total"], [str(row.valor) for row in judged(clerk, sold).descuentos]) == (3_800, ["0.63"])
    too_much = body | {"descuento_global_pct": 90}
    assert shop.till().post("/sales/", too_much).json()["error"] == "DiscountTooHigh"


def test_credit_drawer_and_reports_are_in_pesos(shop: Shop, clerk: Door) -> None:
    product = shop.product(price=1000, costo_unitario=300)
    done(clerk.post("/sales/", order(shop, (product, 1), pay=1000)), 201)
    done(shop.door.put(f"/customers/{ABROAD}", {"dias_credito": 30, "limite_credito": 5_000}))
    terms = {**BUYER, "tipo_cambio": "933.33"}
    # 1.000 / 933,33 = 1,071432; x 4 = 4,29 (4,285728); 4.003,99: 4.004 pesos.
    body = order(shop, (product, 4), pay=4_004, by="CREDITO_INTERNO", exportacion=terms)
    sold = done(clerk.post("/sales/", body), 201)
    assert sold["monto_total"] == 4_004
    read = judged(clerk, sold)
    assert read.exportacion is not None
    assert (read.forma_pago, read.exportacion.forma_pago) == (2, 1)
    assert read.fecha_vencimiento is not None
    assert done(shop.door.get(f"/customers/{ABROAD}/account"))["balance"] == 4_004
    assert clerk.post("/sales/", body).json()["error"] == "CreditLimitExceeded"
    cash = done(clerk.post("/sales/", order(shop, (product, 1), pay=1000, by="EFECTIVO")), 201)
    assert cash["monto_total"] == 1_000
    report = done(shop.door.get("/stats/report", params={"period": "day"}))
    # 1.000 + 4.004 + 1.000; six units cost 1.800.
    assert (report["total_ventas"], report["total_utilidad"]) == (6_004, 4_204)
    assert [(row["cantidad"], row["monto_total"]) for row in report["items"]] == [(6, 6_004)]
    closed = done(clerk.post("/cash/close", {"final_cash_declared": 101_000}))
    assert closed["difference"] == 0


def test_what_is_refused(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000, stock=1), shop.customer()
    good = order(shop, (product, 1), pay=1000)

    def refused(**more: Any) -> tuple[int, str]:
        answer = clerk.post("/sales/", good | more)
        return answer.status_code, answer.json().get("error", "")

    assert refused(rut_cliente=customer["rut"]) == (400, "ExportCustomer")
    assert refused(exportacion={"moneda": "EURO"}) == (400, "ExchangeRateMissing")
    assert refused(exportacion={"moneda": "PESO CL", "tipo_cambio": 1}) == (400, "ExchangeRateMissing")
    assert refused(exportacion={"moneda": "PATACON", "tipo_cambio": 1})[0] == 422
    assert refused(exportacion={"tipo_cambio": 0})[0] == 422
    assert refused(payments=[]) == (400, "PaymentsShort")
    assert refused(items=[{"product_id": product["id"], "cantidad": 2}]) == (409, "StockShort")
    assert shop.person("VENDEDOR").post("/sales/", good).json()["error"] == "SellerWithoutShift"
    for tipo, rut in ((39, "66666666-6"), (33, customer["rut"]), (52, customer["rut"])):
        body = good | {"tipo_dte": tipo, "rut_cliente": rut}
        body |= {"payments": []} if tipo == 52 else {}
        assert clerk.post("/sales/", body).json()["error"] == "ExportFactsElsewhere", tipo
    done(clerk.post("/sales/", good), 201)
    done(shop.door.delete(f"/customers/{ABROAD}"), 204)
    assert refused() == (404, "CustomerNotFound")

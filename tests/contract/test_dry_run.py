"""POST /sales/preview says what a sale would come to and what would refuse it; the sale then does exactly that.
And the two small courtesies of the till's API: short answers, and counts that add up."""

import pytest

from tests.shop import Door, Platform, Shop, done


@pytest.fixture(scope="module")
def shop(platform: Platform) -> Shop:
    return platform.company(name="Ensayos")


@pytest.fixture(scope="module")
def till(shop: Shop) -> Door:
    return shop.till()


def warnings(door: Door, order: dict) -> list[str]:
    return done(door.post("/sales/preview", order))["warnings"]


def test_what_it_says_is_what_happens(shop: Shop, till: Door) -> None:
    """3 x 1.000 net less 10 % is 3.213 with VAT: 2.700 + 513."""
    product = shop.product(price=1000, stock=5)
    order = shop.order((product, 3), tipo=39, pay=5000, descuento_global_pct=10)
    before = done(till.post("/sales/preview", order))
    assert (before["monto_neto"], before["iva"], before["monto_total"]) == (2700, 513, 3213)
    assert before["warnings"] == []
    sold = done(till.post("/sales/", order), 201)
    assert {name: sold[name] for name in ("monto_neto", "iva", "monto_total")} == {
        name: before[name] for name in ("monto_neto", "iva", "monto_total")
    }
    after = done(till.post("/sales/preview", shop.order((product, 2), pay=5000)))
    assert after["folios"]["disponibles"] == before["folios"]["disponibles"] - 1
    assert before["folios"]["fecha_vencimiento"] is None  # boletas do not expire


def test_nothing_is_consumed(shop: Shop, till: Door) -> None:
    product = shop.product(price=1000, stock=5)
    for _ in range(3):
        done(till.post("/sales/preview", shop.order((product, 5), pay=5950)))
    assert done(till.get(f"/products/{product['codigo_interno']}"))["stock_actual"] == 5
    assert len(done(till.get(f"/products/{product['id']}/movements"))) == 1  # the opening one


def test_each_refusal_is_foretold_in_the_words_of_the_sale(shop: Shop, till: Door) -> None:
    product, bare = shop.product(price=1000, stock=1), shop.customer(giro=None, direccion=None)
    fiado = shop.customer(dias_credito=30, limite_credito=1000)
    no_shift = shop.person("VENDEDOR")
    loose = shop.product(price=1000)
    cases = [
        (till, shop.order((product, 2), pay=2380)),
        (no_shift, shop.order((loose, 1), pay=1190)),
        (till, shop.order((loose, 1), pay=1000)),
        (till, shop.order((loose, 1), pay=1500, by="DEBITO")),
        (till, shop.order((loose, 1), tipo=33, pay=1190, rut_cliente=bare["rut"])),
        (till, shop.order((loose, 1), pay=1190, by="CREDITO_INTERNO", rut_cliente=fiado["rut"])),
        (till, shop.order((loose, 1), pay=1190, by="CREDITO_INTERNO", rut_cliente=bare["rut"])),
        (till, shop.order((loose, 1), pay=600, descuento_global_pct=50)),
    ]
    for door, order in cases:
        foretold = warnings(door, order)
        refusal = door.post("/sales/", order)
        assert refusal.status_code in (400, 403, 409), refusal.text
        assert foretold == [refusal.json()["detail"]]


def test_several_at_once(shop: Shop, till: Door) -> None:
    product = shop.product(price=1000, stock=1)
    found = warnings(till, shop.order((product, 1), (product, 2), pay=10))
    assert found[0] == f"Stock insuficiente para {product['nombre']}. Disponible: 1, Solicitado: 3"
    assert len(found) == 2


def test_no_numbers_left_outside_prueba(platform: Platform) -> None:
    shop = platform.company(name="Sin folios")
    done(shop.door.put("/issuer/", {"ambiente": "CERTIFICACION"}))
    product, till = shop.product(price=1000), shop.till()
    answer = done(till.post("/sales/preview", shop.order((product, 1), pay=1190)))
    assert answer["folios"] == {"disponibles": 0, "fecha_vencimiento": None}
    refusal = till.post("/sales/", shop.order((product, 1), pay=1190))
    assert refusal.status_code == 409
    assert answer["warnings"] == [refusal.json()["detail"]]


def test_a_short_answer_when_asked_for(shop: Shop, till: Door) -> None:
    order = shop.order((shop.product(price=1000), 1), pay=1190)
    asked = {"Prefer": "return=minimal", "Idempotency-Key": "corta"}
    answer = till.post("/sales/", order, headers=asked)
    short = done(answer, 201)
    assert short.keys() == {"id", "folio", "tipo_dte", "monto_total"}
    assert (short["tipo_dte"], short["monto_total"]) == (39, 1190)
    assert answer.headers["preference-applied"] == "return=minimal"
    again = till.post("/sales/", order, headers=asked)
    assert again.json() == short
    assert again.headers["idempotent-replayed"] == "true"
    full = till.post("/sales/", order, headers={"Prefer": "respond-async"})
    assert "details" in done(full, 201)
    assert "preference-applied" not in full.headers


@pytest.mark.parametrize(
    ("count", "wrong"),
    [
        ({"20000": 1, "100": 5}, None),
        ({}, "El conteo suma 0 y se declararon 20500"),
        ({"20000": 1}, "El conteo suma 20000 y se declararon 20500"),
        ({"30000": 1}, "No hay billetes ni monedas de «30000» pesos"),
        ({"20000": 1, "100": 6, "10": -10}, "La cantidad de piezas de 10 debe estar entre 0 y 100000"),
    ],
)
def test_a_count_comes_to_what_is_declared(shop: Shop, count: dict[str, int], wrong: str | None) -> None:
    owner = shop.person("ADMINISTRADOR")
    shift = done(owner.post("/cash/open", {"start_amount": 20_000}))
    answer = owner.post("/cash/close", {"final_cash_declared": 20_500, "count": count})
    if wrong is None:
        assert done(answer)["difference"] == 500
        report = done(owner.get(f"/cash/sessions/{shift['id']}/report"))
        assert (report["count"], report["declared"]) == (count, 20_500)
    else:
        assert answer.status_code == 422
        assert wrong in answer.json()["detail"][0]["msg"]
        assert done(owner.get("/cash/status"))["status"] == "OPEN"

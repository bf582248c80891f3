"""Additional taxes of products over HTTP: the list, what a product may carry, what a person pays."""

import pytest

from tests.shop import Platform, Shop, done


@pytest.fixture
def shop(platform: Platform) -> Shop:
    return platform.company(name="Botillería")


def test_the_list_of_taxes_a_product_may_carry(shop: Shop):
    found = done(shop.person("VENDEDOR").get("/config/additional-taxes"))
    # Table of the format, those added to the total at a rate of the net amount, written again by hand.
    assert [(row["codigo"], row["tasa"]) for row in found] == [
        *((18, 5), (19, 12), (23, 15), (24, 31.5), (25, 20.5)),
        *((26, 20.5), (27, 10), (44, 15), (45, 50), (271, 18)),
    ]
    assert found[4]["nombre"] == "ILA vinos"


def test_a_product_carries_a_tax(shop: Shop):
    wine = shop.product(price="5734.767025", impuesto_adicional=25)
    # 5.734,767025 x (1 + 0,19 + 0,205) = 8.000,0
    assert (wine["impuesto_adicional"], wine["precio_bruto"]) == (25, 8000)
    beer = done(shop.door.put(f"/products/{wine['id']}", {"impuesto_adicional": 26, "precio_neto": 1000}))
    assert (beer["impuesto_adicional"], beer["precio_bruto"]) == (26, 1395)
    assert done(shop.door.put(f"/products/{wine['id']}", {"nombre": "Cerveza"}))["impuesto_adicional"] == 26
    plain = done(shop.door.put(f"/products/{wine['id']}", {"impuesto_adicional": None}))
    assert (plain["impuesto_adicional"], plain["precio_bruto"]) == (None, 1190)
    assert shop.product()["impuesto_adicional"] is None
    body = {
        "nombre": "Bebida",
        "impuesto_adicional": 27,
        "variants": [{"nombre": "Lata", "precio_neto": 1000}, {"nombre": "Litro", "precio_neto": 2000}],
    }
    drink = done(shop.door.post("/products/with-variants", body), 201)
    assert [(one["impuesto_adicional"], one["precio_bruto"]) for one in drink["variants"]] == [(27, 1290), (27, 2580)]


def test_what_a_product_cannot_carry(shop: Shop):
    exempt = shop.exempt_tax()
    plain, taxed = shop.product(), shop.product(impuesto_adicional=27)
    unknown = "Un producto no puede llevar el impuesto adicional {}: vea la lista en Configuración."
    bare = "Un producto exento no lleva impuesto adicional: quítelo, o elija IVA."
    # 15 withholds, 17 is of a value stated apart, 28 has no rate, 99 does not exist.
    for code in (15, 17, 28, 99, 2**40):
        answers = [
            shop.door.post("/products/", {"nombre": "X", "precio_neto": 1, "impuesto_adicional": code}),
            shop.door.post("/products/with-variants", {"nombre": "X", "impuesto_adicional": code}),
            shop.door.put(f"/products/{plain['id']}", {"impuesto_adicional": code}),
        ]
        for answer in answers:
            assert answer.status_code == 422
            assert answer.json()["detail"][0]["loc"] == ["body", "impuesto_adicional"]
            assert answer.json()["detail"][0]["msg"] == unknown.format(code)
    for answer in (
        shop.door.post("/products/", {"nombre": "X", "precio_neto": 1, "impuesto_adicional": 27, "tax_id": exempt}),
        shop.door.put(f"/products/{taxed['id']}", {"tax_id": exempt}),
    ):
        assert (answer.status_code, answer.json()["detail"][0]["msg"]) == (422, bare)
    both = {"tax_id": exempt, "impuesto_adicional": None}
    assert done(shop.door.put(f"/products/{taxed['id']}", both))["precio_bruto"] == 1000


def test_a_tax_in_a_sheet(shop: Shop):
    text = """codigo_interno;nombre;precio_con_iva;impuesto_adicional
CC-1;Bebida cola;1.290;27
PI-1;Pisco;5.990;ILA licores y destilados
PAN-1;Pan;1.190;
"""
    file = {"file": ("planilla.csv", text.encode())}
    assert done(shop.door.request("POST", "/products/import", files=file))["crear"] == 3

    def product(code: str) -> dict:
        return done(shop.door.get(f"/products/{code}"))

    # 5.990 / (1 + 0,19 + 0,315)
    facts = [(product(code)["impuesto_adicional"], product(code)["precio_neto"]) for code in ("CC-1", "PI-1", "PAN-1")]
    assert facts == [(27, 1000), (24, 3980.066445), (None, 1000)]
    exported = shop.door.get("/products/export").content
    again = done(shop.door.request("POST", "/products/import", files={"file": ("planilla.csv", exported)}))
    assert (again["iguales"], again["cambiar"], again["errores"]) == (3, 0, [])
    change = b"codigo_interno;nombre;impuesto_adicional\nCC-1;Bebida cola;ninguno\nPAN-1;Pan;15\n"
    found = done(shop.door.request("POST", "/products/import/preview", files={"file": ("planilla.csv", change)}))
    assert found["cambiar"] == 1
    assert [(row["fila"], row["columna"]) for row in found["errores"]] == [(3, "impuesto_adicional")]

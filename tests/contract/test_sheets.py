"""Catalogue and customers as spreadsheets, over HTTP: every bad row is named, none is lost, nothing by halves."""

import httpx
import pytest

from tests.factories import new_rut
from tests.shop import Door, Platform, Shop, done


@pytest.fixture
def shop(platform: Platform) -> Shop:
    return platform.company(name="Planillas")


def load(door: Door, path: str, text: str | bytes, **data: object) -> httpx.Response:
    content = text.encode() if isinstance(text, str) else text
    return door.request("POST", path, files={"file": ("planilla.csv", content)}, data=data)


def product(shop: Shop, code: str) -> dict:
    return done(shop.door.get(f"/products/{code}"))


GOOD = """Código;Nombre;Precio;Costo;Stock;Mínimo;Marca;Impuesto;EAN
PAN-1;Pan de molde;990;520;24;6;La Espiga;IVA 19%;7801234567890
DIA-1;Diario;1.000;;;;;Exento;
;Sin código;1.190;;;;la espiga;;
"""


def test_a_file_becomes_the_catalogue(shop: Shop) -> None:
    foreseen = done(load(shop.door, "/products/import/preview", GOOD))
    assert (foreseen["aplicado"], foreseen["crear"], foreseen["errores"]) == (False, 3, [])
    assert done(shop.door.get("/products/")) == []
    taken = done(load(shop.door, "/products/import", GOOD))
    assert taken == foreseen | {"aplicado": True}
    bread, paper = product(shop, "PAN-1"), product(shop, "DIA-1")
    assert (bread["precio_bruto"], bread["costo_unitario"], bread["stock_actual"]) == (990, 520, 24)
    assert (bread["stock_minimo"], bread["controla_stock"], bread["brand"]["name"]) == (6, True, "La Espiga")
    assert (paper["precio_neto"], paper["tax"]["rate"], paper["controla_stock"]) == (1000, 0, False)
    kardex = done(shop.door.get(f"/products/{bread['id']}/movements"))
    assert [(row["motivo"], row["cantidad"]) for row in kardex] == [("INICIAL", 24)]
    unnamed = next(row for row in done(shop.door.get("/products/")) if row["nombre"] == "Sin código")
    assert (unnamed["codigo_interno"], unnamed["brand"]["name"]) == ("PROD-00001", "La Espiga")


def test_every_bad_row_is_named(shop: Shop) -> None:
    shop.product(price=1, codigo_interno="VIEJO", codigo_barras="123")
    text = """codigo_interno;nombre;precio_con_iva;costo;impuesto;controla stock;codigo_barras
A;;990;;;;
B;Sin precio;;;;;
C;Precio malo;mil;;;;
D;Costo malo;990;-5;;;
E;Impuesto raro;990;;ILA;;
F;Duda;990;;;quizás;
G;Bueno;990;;;;
G;Repetido;990;;;;
H;Código de otro;990;;;;123
"""
    found = done(load(shop.door, "/products/import/preview", text))
    assert [(row["fila"], row["columna"], row["valor"], row["motivo"]) for row in found["errores"]] == [
        (2, "nombre", None, "Falta"),
        (3, "precio_neto", None, "Falta el precio: neto o con IVA"),
        (4, "precio_con_iva", "mil", "No es un número"),
        (5, "costo_unitario", "-5", "Debe ser 0 o más"),
        (6, "impuesto", "ILA", "No existe: hay IVA 19%, Exento"),
        (7, "controla_stock", "quizás", "Debe decir sí o no"),
        (9, None, None, "Repite la fila 8"),
        (10, None, None, "Ya existe un producto con código de barras 123"),
    ]
    assert (found["filas"], found["crear"], [row["fila"] for row in found["detalle"]]) == (9, 1, [8])
    refused = done(load(shop.door, "/products/import", text))
    assert (refused["aplicado"], refused["errores"]) == (False, found["errores"])
    assert len(done(shop.door.get("/products/"))) == 1
    taken = done(load(shop.door, "/products/import", text, solo_validas="true"))
    assert (taken["aplicado"], taken["errores"]) == (True, found["errores"])
    assert product(shop, "G")["precio_bruto"] == 990


def test_a_change_leaves_stock_and_empty_cells_alone(shop: Shop) -> None:
    old = shop.product(price=1000, stock=5, codigo_interno="X", categoria="Abarrotes", stock_minimo=2)
    text = "sku;nombre;precio;stock;categoria\nX;Nombre nuevo;2.380;99;\n"
    found = done(load(shop.door, "/products/import", text))
    assert (found["cambiar"], found["detalle"][0]["accion"]) == (1, "cambiar")
    now = product(shop, "X")
    assert (now["nombre"], now["precio_neto"], now["stock_actual"]) == ("Nombre nuevo", 2000, 5)
    assert (now["categoria"], now["id"], now["stock_minimo"]) == ("Abarrotes", old["id"], 2)


@pytest.mark.parametrize("formato", ["csv", "xlsx"])
def test_what_is_exported_changes_nothing_when_taken_back(shop: Shop, formato: str) -> None:
    done(load(shop.door, "/products/import", GOOD))
    shop.product(price="831.932773", codigo_interno="=1+1", nombre="-Oferta; \"x\" 'y'", tax_id=shop.exempt_tax())
    shop.customer(dias_credito=30, limite_credito=1000, razon_social="@Ñandú & Cía")
    for path in ("/products", "/customers"):
        before = done(shop.door.get(f"{path}/"))
        exported = shop.door.get(f"{path}/export", params={"formato": formato})
        assert exported.headers["content-disposition"].endswith(f'.{formato}"')
        found = done(load(shop.door, f"{path}/import", exported.content))
        assert [row for row in found["detalle"] if row["accion"] != "igual"] == found["errores"] == []
        assert (found["aplicado"], found["iguales"]) == (True, len(found["detalle"]))
        assert done(shop.door.get(f"{path}/")) == before


def test_the_template_is_a_good_file(shop: Shop) -> None:
    for path in ("/products", "/customers"):
        for formato in ("csv", "xlsx"):
            template = shop.door.get(f"{path}/import/template", params={"formato": formato})
            found = done(load(shop.door, f"{path}/import/preview", template.content))
            assert (found["crear"], found["errores"]) == (1, [])


def test_customers(shop: Shop) -> None:
    known, new = shop.customer(giro="Antes"), new_rut()
    text = f"""RUT;Nombre;Giro;Correo;Días de crédito
{new};Nueva;;nueva@example.com;30
{known["rut"]};{known["razon_social"]};Después;;
12345678-9;Dígito malo;;;
{new_rut()};Correo malo;;no es correo;
{new_rut()};Días malos;;;treinta
"""
    found = done(load(shop.door, "/customers/import", text, solo_validas="true"))
    assert (found["crear"], found["cambiar"]) == (1, 1)
    assert [(row["fila"], row["columna"]) for row in found["errores"]] == [
        (4, "rut"),
        (5, "email"),
        (6, "dias_credito"),
    ]
    assert found["errores"][0]["motivo"] == "RUT inválido: dígito verificador incorrecto (esperado '5', recibido '9')"
    assert done(shop.door.get(f"/customers/{new}"))["dias_credito"] == 30
    assert done(shop.door.get(f"/customers/{known['rut']}"))["giro"] == "Después"


def test_credit_is_not_given_through_a_file(shop: Shop) -> None:
    seller = shop.person("VENDEDOR")
    text = f"rut;nombre;dias_credito\n{new_rut()};Fiada;30\n"
    found = done(load(seller, "/customers/import/preview", text))
    assert [row["fila"] for row in found["errores"]] == [2]
    assert "administrador" in found["errores"][0]["motivo"]


def test_what_is_no_table_gets_a_clear_answer(shop: Shop) -> None:
    answer = load(shop.door, "/products/import", b"\x89PNG nada")
    assert answer.status_code == 400
    assert answer.json()["detail"] == "Falta la columna nombre"


def test_low_stock_most_urgent_first(shop: Shop) -> None:
    half = shop.product(stock=5, stock_minimo=10)
    nothing = shop.product(stock=0, stock_minimo=4)
    equal = shop.product(stock=3, stock_minimo=3)
    shop.product(stock=4, stock_minimo=3)
    shop.product(stock=0)
    shop.product()
    keys = [half["id"], nothing["id"], equal["id"]]
    expected = [keys[1], keys[0], keys[2]]
    assert [row["id"] for row in done(shop.door.get("/inventory/low-stock"))] == expected
    page = done(shop.door.get("/inventory/low-stock", params={"after": expected[0], "limit": 1}))
    assert [row["id"] for row in page] == [expected[1]]

"""/customers over HTTP."""

import pytest

from tests.factories import new_rut
from tests.shop import Door, Shop, done

FIELDS = {
    "id": int,
    "rut": str,
    "razon_social": str,
    "giro": str | None,
    "direccion": str | None,
    "comuna": str | None,
    "ciudad": str | None,
    "email": str | None,
    "current_balance": int,
    "is_active": bool,
    "created_at": str,
    "updated_at": str | None,
}


def create(client: Door, **fields) -> dict:
    body = {"rut": new_rut(), "razon_social": "Juana Pérez"} | fields
    return done(client.post("/customers/", body), 201)


def test_answer_has_the_documented_shape(seller: Door):
    made = create(seller, giro="Costura", email="juana@example.com")
    for name, kind in FIELDS.items():
        assert isinstance(made[name], kind), name
    assert made["created_at"].endswith("Z")
    assert made in seller.get("/customers/").json()


def test_rut_is_kept_normalised_and_found_in_any_spelling(seller: Door):
    rut = new_rut()
    body, digit = rut.split("-")
    dotted = f"{int(body):,}".replace(",", ".") + f"-{digit.lower()}"
    made = create(seller, rut=dotted)
    assert made["rut"] == rut
    for spelling in (rut, dotted, body + digit):
        assert seller.get(f"/customers/{spelling}").json() == made
        assert seller.get("/customers/search", params={"q": spelling}).json() == [made]


@pytest.mark.parametrize(
    ("rut", "message"),
    [
        ("5", "'5' es demasiado corto"),
        ("12a45678-5", "cuerpo '12A45678' no es numérico"),
        ("999999-9", "999999 fuera de rango (1.000.000 – 99.999.999)"),
        ("12345678-9", "dígito verificador incorrecto (esperado '5', recibido '9')"),
    ],
)
def test_wrong_rut(seller: Door, rut: str, message: str):
    answer = seller.post("/customers/", {"rut": rut, "razon_social": "X"})
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert (problem["type"], problem["loc"]) == ("value_error", ["body", "rut"])
    assert problem["msg"] == f"Value error, RUT inválido: {message}"


@pytest.mark.parametrize("fields", [{"razon_social": "  "}, {"razon_social": None}, {"email": "nada"}, {"rut": None}])
def test_wrong_fields(seller: Door, fields: dict):
    body = {"rut": new_rut(), "razon_social": "X"} | fields
    assert seller.post("/customers/", body).status_code == 422


def test_repeated_rut(seller: Door):
    made = create(seller)
    answer = seller.post("/customers/", {"rut": made["rut"], "razon_social": "Otra"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == f"Ya existe un cliente con RUT {made['rut']}"


def test_unknown(shop: Shop):
    rut = new_rut()
    reading, changing = f"No se encontró un cliente con RUT {rut}", f"Cliente con RUT {rut} no encontrado"
    url = f"/customers/{rut}"
    for answer, text in (
        (shop.door.get(url), reading),
        (shop.door.put(url, {}), changing),
        (shop.door.delete(url), changing),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (404, text)


def test_search_without_text_finds_nobody(seller: Door):
    create(seller)
    assert seller.get("/customers/search").json() == []
    assert seller.get("/customers/search", params={"q": ""}).json() == []


def test_change_is_partial_and_ignores_what_is_not_ours_to_set(seller: Door):
    made = create(seller, giro="Costura")
    body = {"comuna": "Ñuñoa", "current_balance": 999, "is_active": False, "nuevo": 1}
    changed = done(seller.put(f"/customers/{made['rut']}", body))
    assert changed == made | {"comuna": "Ñuñoa", "updated_at": changed["updated_at"]}
    cleared = done(seller.put(f"/customers/{made['rut']}", {"giro": None, "comuna": ""}))
    assert (cleared["giro"], cleared["comuna"]) == (None, None)
    for wrong in ({"rut": None}, {"razon_social": None}, {"razon_social": ""}):
        assert seller.put(f"/customers/{made['rut']}", wrong).status_code == 422


def test_delete(shop: Shop, seller: Door):
    made = create(seller)
    refused = seller.delete(f"/customers/{made['rut']}")
    assert refused.status_code == 403
    assert refused.json()["detail"] == "Acceso denegado: se requieren permisos de administrador de empresa."
    deleted = shop.door.delete(f"/customers/{made['rut']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert shop.door.get(f"/customers/{made['rut']}").status_code == 404


def test_list_pages(seller: Door):
    for _ in range(3):
        create(seller, razon_social="Página")
    everybody = seller.get("/customers/").json()
    part = seller.get("/customers/", params={"skip": 1, "limit": 2, "count": True})
    assert part.json() == everybody[1:3]
    assert part.headers["X-Total-Count"] == str(len(everybody))
    after = seller.get("/customers/", params={"after": everybody[0]["id"], "limit": 2})
    assert after.json() == everybody[1:3]
    assert len(seller.get("/customers/", params={"q": "pagina"}).json()) == 3
    assert seller.get("/customers/", params={"skip": -1}).status_code == 422


def test_who_may_not_create_learns_only_that(keeper: Door):
    answer = keeper.post("/customers/", {"rut": "malo"})
    assert (answer.status_code, answer.json()["detail"]) == (403, "No tienes permisos para realizar esta acción.")

"""Trying Torn out leaves nothing behind: neither goods, nor debts, nor shifts."""

import pytest

from tests.shop import Door, Shop, done


@pytest.fixture
def owner(shop: Shop) -> Door:
    return shop.person("ADMINISTRADOR")


def change_mode(door: Door, ambiente: str) -> dict:
    return done(door.put("/issuer/", {"ambiente": ambiente}))


def stock(door: Door, product: dict) -> float:
    return done(door.get(f"/products/{product['codigo_interno']}"))["stock_actual"]


def account(door: Door, customer: dict) -> dict:
    return done(door.get(f"/customers/{customer['rut']}/account"))


def test_leaving_prueba_takes_back_what_was_tried(shop: Shop, owner: Door) -> None:
    sold, counted = shop.product(price=1000, stock=10), shop.product(price=1000, stock=10)
    customer = shop.customer(dias_credito=30)
    shift = done(owner.post("/cash/open", {"start_amount": 1000}))
    fiado = shop.order((sold, 3), (counted, 3), tipo=33, pay=7140, by="CREDITO_INTERNO", rut_cliente=customer["rut"])
    sale = done(owner.post("/sales/", fiado), 201)
    back = {
        "original_sale_id": sale["id"],
        "items": [{"product_id": sold["id"], "cantidad": 1}],
        "reason": "Ensayo",
        "return_method_id": shop.method("CREDITO_INTERNO"),
    }
    done(owner.post("/sales/return", back), 201)
    abono = {"amount": 500, "payment_method_id": shop.method("TRANSFERENCIA")}
    done(owner.post(f"/customers/{customer['rut']}/payments", abono), 201)
    # Somebody counts one of the shelves: 10 are there, because nothing really left.
    done(owner.post(f"/products/{counted['id']}/adjust-stock", {"cantidad_contada": 10, "motivo": "CONTEO"}))
    assert (stock(owner, sold), account(owner, customer)["balance"]) == (8, 7140 - 1190 - 500)

    refused = owner.put("/issuer/", {"ambiente": "PRODUCCION"})
    assert refused.status_code == 409
    assert refused.json()["detail"] == "Hay turnos de caja abiertos (1). Ciérralos antes de cambiar de modo."
    assert stock(owner, sold) == 8  # nothing happened
    done(owner.post("/cash/close", {"final_cash_declared": 1000}))
    assert change_mode(owner, "PRODUCCION")["ambiente"] == "PRODUCCION"

    assert (stock(owner, sold), stock(owner, counted)) == (10, 10)
    newest = done(owner.get(f"/products/{sold['id']}/movements"))[0]
    assert (newest["motivo"], newest["tipo"], newest["cantidad"]) == ("AJUSTE", "ENTRADA", 2)
    assert newest["description"] == "Fin del modo PRUEBA"
    after = account(owner, customer)
    assert (after["balance"], after["movements"][0]["amount"]) == (0, -5450)
    assert sum(row["amount"] for row in after["movements"]) == 0
    assert shift["id"] not in [row["id"] for row in done(owner.get("/cash/sessions"))]


def test_each_trial_is_taken_back_once(shop: Shop, owner: Door) -> None:
    product = shop.product(price=1000, stock=10)
    for _ in range(2):
        done(owner.post("/cash/open", {"start_amount": 0}))
        done(owner.post("/sales/", shop.order((product, 4), pay=4760)), 201)
        assert stock(owner, product) == 6
        done(owner.post("/cash/close", {"final_cash_declared": 0}))
        change_mode(owner, "CERTIFICACION")
        assert stock(owner, product) == 10
        change_mode(owner, "PRUEBA")
        assert stock(owner, product) == 10


def test_what_production_moved_stays(shop: Shop, owner: Door) -> None:
    """Nothing can be sold there without numbers, so a purchase stands for what is real."""
    change_mode(owner, "PRODUCCION")
    product = shop.product(price=1000, stock=10)
    change_mode(owner, "PRUEBA")
    assert stock(owner, product) == 10
    assert change_mode(owner, "PRUEBA")["ambiente"] == "PRUEBA"  # no change takes nothing back


def test_the_same_mode_again_changes_nothing(shop: Shop, owner: Door) -> None:
    product = shop.product(price=1000, stock=10)
    done(owner.post("/cash/open", {"start_amount": 0}))
    done(owner.post("/sales/", shop.order((product, 4), pay=4760)), 201)
    assert change_mode(owner, "PRUEBA")["ambiente"] == "PRUEBA"
    assert stock(owner, product) == 6

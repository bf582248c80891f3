"""The money of a shift and of a customer's account, against sums made by hand."""

import pytest

from tests.crowd import at_once
from tests.shop import Door, Shop, done


@pytest.fixture
def clerk(shop: Shop) -> Door:
    """Somebody who may do everything, with 10.000 in the drawer."""
    person = shop.person("ADMINISTRADOR")
    done(person.post("/cash/open", {"start_amount": 10_000}))
    return person


def sell(shop: Shop, till: Door, customer: dict, product: dict, quantity: int, pay: int, by: str) -> dict:
    order = shop.order((product, quantity), tipo=33, pay=pay, by=by, rut_cliente=customer["rut"])
    return done(till.post("/sales/", order), 201)


def give_back(shop: Shop, till: Door, sale: dict, product: dict, by: str) -> dict:
    body = {
        "original_sale_id": sale["id"],
        "items": [{"product_id": product["id"], "cantidad": 1}],
        "reason": "Cambio de opinión",
        "return_method_id": shop.method(by),
    }
    return done(till.post("/sales/return", body), 201)


def pay_debt(shop: Shop, till: Door, customer: dict, amount: object, by: str = "EFECTIVO", **more):
    body = {"amount": amount, "payment_method_id": shop.method(by)} | more
    return till.post(f"/customers/{customer['rut']}/payments", body)


def test_a_day_at_the_till(shop: Shop, clerk: Door) -> None:
    """Float 10.000; sold 2.380 for 5.000 (change 2.620), 1.190 by card, 3.570 on credit; 1.190 given back in cash and
    1.190 on the card; 2.000 of the debt in cash and 500 by transfer; 700 in, 1.500 out.

    10.000 + 5.000 - 2.620 - 1.190 + 2.000 + 700 - 1.500 = 12.390.
    """
    product, customer = shop.product(price=1000), shop.customer(dias_credito=30)
    cash_sale = sell(shop, clerk, customer, product, 2, 5000, "EFECTIVO")
    card_sale = sell(shop, clerk, customer, product, 1, 1190, "DEBITO")
    sell(shop, clerk, customer, product, 3, 3570, "CREDITO_INTERNO")
    give_back(shop, clerk, cash_sale, product, "EFECTIVO")
    give_back(shop, clerk, card_sale, product, "DEBITO")
    assert pay_debt(shop, clerk, customer, 2000, note="a cuenta").status_code == 201
    assert pay_debt(shop, clerk, customer, 500, "TRANSFERENCIA").status_code == 201
    put = done(clerk.post("/cash/movements", {"tipo": "INGRESO", "amount": 700, "reason": "Sencillo"}), 201)
    assert (put["tipo"], put["amount"], put["reason"]) == ("INGRESO", 700, "Sencillo")
    done(clerk.post("/cash/movements", {"tipo": "EGRESO", "amount": 1500, "reason": "Flete"}), 201)
    shift = put["cash_session_id"]

    x = done(clerk.get(f"/cash/sessions/{shift}/report"))
    parts = {
        "start_amount": 10_000,
        "cash_sales": 5000,
        "change": 2620,
        "cash_refunds": 1190,
        "debt_payments": 2000,
        "money_in": 700,
        "money_out": 1500,
        "expected": 12_390,
    }
    assert {name: x[name] for name in parts} == parts
    assert (x["kind"], x["declared"], x["difference"], x["session"]["status"]) == ("X", None, None, "OPEN")
    columns = ("sales", "refunds", "debt_payments", "total")
    assert {row["code"]: tuple(row[column] for column in columns) for row in x["by_method"]} == {
        "EFECTIVO": (2380, 1190, 2000, 3190),
        "DEBITO": (1190, 1190, 0, 0),
        "TRANSFERENCIA": (0, 0, 500, 500),
        "CREDITO_INTERNO": (3570, 0, 0, 3570),
    }
    assert [(row["tipo_dte"], row["count"], row["total"]) for row in x["by_document"]] == [
        (33, 3, 7140),
        (61, 2, 2380),
    ]

    closed = done(clerk.post("/cash/close", {"final_cash_declared": 12_000}))
    assert (closed["final_cash_system"], closed["difference"]) == (12_390, -390)
    z = done(clerk.get(f"/cash/sessions/{shift}/report"))
    assert {name: z[name] for name in parts} == parts
    assert (z["kind"], z["declared"], z["difference"]) == ("Z", 12_000, -390)
    assert z["by_method"] == x["by_method"]


def test_who_sees_which_report(shop: Shop, clerk: Door) -> None:
    seller, keeper = shop.till(), shop.person("BODEGUERO")
    own = done(seller.get("/cash/status"))["id"]
    others = done(clerk.get("/cash/status"))["id"]
    assert seller.get(f"/cash/sessions/{own}/report").status_code == 403  # the count is blind
    assert seller.get(f"/cash/sessions/{others}/report").status_code == 404
    assert keeper.get(f"/cash/sessions/{own}/report").status_code == 403
    assert done(clerk.get(f"/cash/sessions/{own}/report"))["kind"] == "X"
    done(seller.post("/cash/close", {"final_cash_declared": 5}))
    z = done(seller.get(f"/cash/sessions/{own}/report"))
    assert (z["kind"], z["expected"], z["difference"]) == ("Z", 0, 5)
    missing = clerk.get("/cash/sessions/999999/report")
    assert (missing.status_code, missing.json()["detail"]) == (404, "Turno de caja 999999 no encontrado")


def test_a_forced_close_was_counted_by_nobody(shop: Shop, clerk: Door) -> None:
    first = done(clerk.get("/cash/status"))["id"]
    done(clerk.post("/cash/movements", {"tipo": "EGRESO", "amount": 300, "reason": "Pan"}), 201)
    done(clerk.post("/cash/open", {"start_amount": 0, "force_close_previous": True}))
    z = done(clerk.get(f"/cash/sessions/{first}/report"))
    assert (z["kind"], z["expected"], z["declared"], z["difference"]) == ("Z", 9_700, None, None)


def test_money_in_and_out_needs_a_drawer_and_a_reason(shop: Shop, clerk: Door) -> None:
    good = {"tipo": "EGRESO", "amount": 100, "reason": "Flete"}
    without = shop.person("VENDEDOR").post("/cash/movements", good)
    assert (without.status_code, without.json()["error"]) == (409, "SellerWithoutShift")
    for wrong in ({"tipo": "VENTA"}, {"amount": 0}, {"amount": -5}, {"amount": 1.5}, {"reason": " "}):
        assert clerk.post("/cash/movements", good | wrong).status_code == 422


def test_an_account_and_its_payments(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000), shop.customer(dias_credito=30, limite_credito=5000)
    sale = sell(shop, clerk, customer, product, 3, 3570, "CREDITO_INTERNO")
    paid = done(pay_debt(shop, clerk, customer, 1000, note="en la feria"), 201)
    give_back(shop, clerk, sale, product, "CREDITO_INTERNO")

    account = done(clerk.get(f"/customers/{customer['rut']}/account"))
    assert (account["rut"], account["balance"]) == (customer["rut"], 1380)
    assert (account["limite_credito"], account["dias_credito"]) == (5000, 30)
    assert account["aging"] == {"corriente": 1380, "d30": 0, "d60": 0, "d90": 0}
    rows = [(row["tipo"], row["amount"], row["balance_after"]) for row in account["movements"]]
    assert rows == [("DEVOLUCION", -1190, 1380), ("PAGO", -1000, 2570), ("VENTA", 3570, 3570)]
    assert account["movements"][1] == paid
    assert paid["descripcion"] == "Pago, efectivo: en la feria"
    assert account["movements"][2]["sale_id"] == sale["id"]
    assert (
        done(clerk.get(f"/customers/{customer['rut']}/account", params={"limit": 1}))["movements"]
        == account["movements"][:1]
    )

    more = pay_debt(shop, clerk, customer, 1381)
    assert more.status_code == 409
    assert more.json()["detail"] == f"{customer['razon_social']} debe $1.380: no se puede abonar $1.381."
    assert pay_debt(shop, clerk, customer, 1, "CREDITO_INTERNO").status_code == 400
    assert pay_debt(shop, clerk, customer, 1, payment_method_id=999).status_code == 400
    for wrong in (0, -1, "abc", 0.5, 10**30):
        assert pay_debt(shop, clerk, customer, wrong).status_code == 422
    without = shop.person("VENDEDOR")
    refused = pay_debt(shop, without, customer, 380)
    assert (refused.status_code, refused.json()["error"]) == (409, "SellerWithoutShift")
    assert pay_debt(shop, without, customer, 380, "DEBITO").status_code == 201
    assert pay_debt(shop, clerk, customer, 1000).status_code == 201
    assert done(clerk.get(f"/customers/{customer['rut']}"))["current_balance"] == 0


def test_eight_payments_of_one_debt(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000), shop.customer(dias_credito=30)
    sell(shop, clerk, customer, product, 3, 3570, "CREDITO_INTERNO")
    answers = at_once(lambda amount: pay_debt(shop, clerk, customer, amount), [1000] * 8)
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    account = done(clerk.get(f"/customers/{customer['rut']}/account"))
    assert account["balance"] == 570 == sum(row["amount"] for row in account["movements"])
    assert done(clerk.post("/cash/close", {"final_cash_declared": 0}))["final_cash_system"] == 13_000

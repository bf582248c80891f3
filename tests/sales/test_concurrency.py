"""Many tills at the same moment, over HTTP: no number twice, none lost, no stock below zero, no sale counted twice."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import httpx
import pytest

from tests.crowd import at_once
from tests.shop import Door, Shop, done

TILLS = 16


def folios_of(answers: Sequence[httpx.Response]) -> list[int]:
    return sorted(answer.json()["folio"] for answer in answers if answer.status_code == 201)


def stock_of(shop: Shop, product: dict) -> Decimal:
    return Decimal(str(done(shop.door.get(f"/products/{product['codigo_interno']}"))["stock_actual"]))


def kardex_of(shop: Shop, product: dict) -> list[dict]:
    return done(shop.door.get(f"/products/{product['id']}/movements"))


def assert_kardex_explains_stock(shop: Shop, product: dict) -> None:
    """The movements, oldest first, add up to what is on the shelf, and never pass below zero on the way."""
    balance = Decimal(0)
    for row in reversed(kardex_of(shop, product)):
        balance += Decimal(str(row["cantidad"])) * (1 if row["tipo"] == "ENTRADA" else -1)
        assert balance == Decimal(str(row["balance_after"]))
        assert balance >= 0
    assert balance == stock_of(shop, product)


def all_sales(shop: Shop) -> list[dict]:
    return done(shop.door.get("/sales/", params={"limit": 200}))


def assert_no_gap(shop: Shop, tipo: int = 39) -> None:
    folios = sorted(sale["folio"] for sale in all_sales(shop) if sale["tipo_dte"] == tipo)
    assert folios == list(range(1, len(folios) + 1))


def test_sixteen_tills_sell_the_same_thing_until_it_is_gone(shop: Shop) -> None:
    product = shop.product(price=1000, stock=50)
    tills = [shop.till() for _ in range(4)] * (TILLS // 4)
    order = shop.order((product, 2), pay=2380)

    answers = at_once(lambda till: [till.post("/sales/", order) for _ in range(3)], tills)

    flat = [answer for three in answers for answer in three]
    statuses = Counter(answer.status_code for answer in flat)
    assert statuses == {201: 25, 409: TILLS * 3 - 25}  # 50 on the shelf, two at a time
    refusals = {answer.json()["detail"] for answer in flat if answer.status_code == 409}
    assert refusals == {f"Stock insuficiente para {product['nombre']}. Disponible: 0, Solicitado: 2"}
    assert folios_of(flat) == list(range(1, 26))
    assert stock_of(shop, product) == 0
    assert_kardex_explains_stock(shop, product)
    sold = [row for row in kardex_of(shop, product) if row["motivo"] == "VENTA"]
    assert Counter(row["sale_id"] for row in sold) == Counter(sale["id"] for sale in all_sales(shop))


def test_products_in_any_order_do_not_block_each_other(shop: Shop) -> None:
    first, second, third = (shop.product(price=100, stock=1000) for _ in range(3))
    till = shop.till()
    baskets = [[(first, 1), (second, 1), (third, 1)], [(third, 1), (second, 1), (first, 1)]] * (TILLS // 2)
    orders = [shop.order(*basket, pay=357) for basket in baskets]

    answers = at_once(lambda order: till.post("/sales/", order), orders)

    assert {answer.status_code for answer in answers} == {201}
    assert folios_of(answers) == list(range(1, TILLS + 1))
    for product in (first, second, third):
        assert stock_of(shop, product) == 1000 - TILLS
        assert_kardex_explains_stock(shop, product)


def test_a_shelf_counted_while_it_is_sold_from(shop: Shop) -> None:
    """Counts, a stock set by hand and sales interleave: the kardex still explains the shelf, step by step."""
    product, till = shop.product(price=1000, stock=100), shop.till()
    order = shop.order((product, 1), pay=1190)
    count = {"motivo": "CONTEO", "cantidad_contada": 80}
    acts = [
        lambda: till.post("/sales/", order),
        lambda: shop.door.post(f"/products/{product['id']}/adjust-stock", count),
        lambda: till.post("/sales/", order),
        lambda: shop.door.put(f"/products/{product['id']}", {"stock_actual": 90}),
    ] * 4

    answers = at_once(lambda act: act(), acts)

    assert {answer.status_code for answer in answers} <= {200, 201}
    assert_kardex_explains_stock(shop, product)
    assert sum(row["motivo"] == "VENTA" for row in kardex_of(shop, product)) == 8
    assert_no_gap(shop)


def test_types_have_numbers_of_their_own(shop: Shop) -> None:
    product, customer, till = shop.product(price=1000), shop.customer(), shop.till()
    tipos = [33, 34, 39, 41] * 4
    totals = {33: 1190, 34: 1000, 39: 1190, 41: 1000}
    orders = [shop.order((product, 1), tipo=tipo, pay=totals[tipo], rut_cliente=customer["rut"]) for tipo in tipos]

    answers = at_once(lambda order: till.post("/sales/", order), orders)

    for tipo in (33, 34, 39, 41):
        assert folios_of([a for a in answers if a.json()["tipo_dte"] == tipo]) == [1, 2, 3, 4]


# --- keys of idempotency ---------------------------------------------------------------------------------------------


def keyed(till: Door, key: str, order: dict) -> httpx.Response:
    return till.post("/sales/", order, headers={"Idempotency-Key": key})


def test_one_key_in_eight_threads_is_one_sale(shop: Shop) -> None:
    product, till = shop.product(price=1000, stock=10), shop.till()
    order = shop.order((product, 1), pay=1190)

    answers = at_once(lambda key: keyed(till, key, order), ["la misma"] * 8)

    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.content for answer in answers}) == 1
    assert Counter(answer.headers.get("idempotent-replayed") for answer in answers) == {None: 1, "true": 7}
    assert [sale["folio"] for sale in all_sales(shop)] == [1]
    assert stock_of(shop, product) == 9
    assert_kardex_explains_stock(shop, product)
    (found,) = done(shop.door.get("/sales/", params={"idempotency_key": "la misma"}))
    assert found["id"] == answers[0].json()["id"]
    assert done(shop.door.get("/sales/", params={"idempotency_key": "otra"})) == []


def test_the_same_key_with_another_body_is_refused(shop: Shop) -> None:
    product, till = shop.product(price=1000, stock=10), shop.till()
    orders = [shop.order((product, quantity), pay=1190 * quantity) for quantity in (1, 2)] * 4

    answers = at_once(lambda order: keyed(till, "k", order), orders)

    bodies = {order["items"][0]["cantidad"]: [] for order in orders}
    for order, answer in zip(orders, answers, strict=True):
        bodies[order["items"][0]["cantidad"]].append(answer.status_code)
    assert sorted(bodies.values()) == [[201] * 4, [409] * 4]
    assert len(all_sales(shop)) == 1
    texts = {answer.json()["detail"] for answer in answers if answer.status_code == 409}
    assert texts == {"La clave de idempotencia ya se usó con un contenido distinto."}


def test_a_refused_sale_does_not_burn_its_key_or_a_number(shop: Shop) -> None:
    product, till = shop.product(price=1000, stock=1), shop.till()
    refused = keyed(till, "k", shop.order((product, 2), pay=2380))
    assert refused.status_code == 409
    assert done(shop.door.put(f"/products/{product['id']}", {"stock_actual": 5}))

    sold = keyed(till, "k", shop.order((product, 2), pay=2380))

    assert done(sold, 201)["folio"] == 1
    assert "idempotent-replayed" not in sold.headers
    assert stock_of(shop, product) == 3


def test_keys_belong_to_a_company(shop: Shop) -> None:
    neighbour = shop.platform.company(name="Vecina")
    for where in (shop, neighbour):
        answer = keyed(where.till(), "k", where.order((where.product(price=1000), 1), pay=1190))
        assert (answer.status_code, answer.headers.get("idempotent-replayed")) == (201, None)


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_keys_that_are_none(shop: Shop, key: str) -> None:
    order = shop.order((shop.product(price=1000), 1), pay=1190)
    assert keyed(shop.till(), key, order).status_code == 422


def test_the_longest_key(shop: Shop) -> None:
    till, order = shop.till(), shop.order((shop.product(price=1000), 1), pay=1190)
    first, second = (keyed(till, "x" * 255, order) for _ in range(2))
    assert (first.content, second.headers["idempotent-replayed"]) == (second.content, "true")


def test_refused_sales_leave_no_gap(shop: Shop) -> None:
    product, gone, till = shop.product(price=1000, stock=100), shop.product(price=1000, stock=0), shop.till()
    good = shop.order((product, 1), pay=1190)
    bad = [
        shop.order((gone, 1), pay=1190),  # after the till, before the number
        shop.order((product, 1), pay=1189),
        shop.order((product, 1), pay=1191, by="DEBITO"),
        shop.order((product, 1), pay=1190, tipo=33, rut_cliente="66666666-6"),  # refused by the fiscal core
        shop.order((product, 1), pay=1190, by="CREDITO_INTERNO"),
    ]

    answers = at_once(lambda order: till.post("/sales/", order), [good, *bad] * 3)

    accepted = [answer for answer in answers if answer.status_code == 201]
    assert len(accepted) == 3
    assert {answer.status_code for answer in answers} <= {201, 400, 409, 422}
    done(till.post("/sales/", good), 201)
    assert_no_gap(shop)
    assert stock_of(shop, product) == 96


# --- till and credit -------------------------------------------------------------------------------------------------


def test_every_sale_is_in_exactly_one_shift_while_tills_close(shop: Shop) -> None:
    product = shop.product(price=1000)
    sellers = [shop.till(start_amount=500) for _ in range(2)]
    order = shop.order((product, 1), pay=1190)

    def sell_until_closed(seller: Door) -> list[httpx.Response]:
        return [seller.post("/sales/", order) for _ in range(6)]

    def close_and_open(seller: Door) -> list[httpx.Response]:
        closed = [seller.post("/cash/close", {"final_cash_declared": 0})]
        opened = seller.post("/cash/open", {"start_amount": 500})
        assert opened.status_code == 200, opened.text
        return closed

    jobs = [(sell_until_closed, seller) for seller in sellers * 3] + [(close_and_open, seller) for seller in sellers]
    answers = at_once(lambda job: (job[0], job[0](job[1])), jobs)

    sold = [a for act, many in answers if act is sell_until_closed for a in many if a.status_code == 201]
    refused = [a for act, many in answers if act is sell_until_closed for a in many if a.status_code != 201]
    assert all(a.status_code == 409 and "no tiene turno de caja abierto." in a.json()["detail"] for a in refused)
    for seller in sellers:
        done(seller.post("/cash/close", {"final_cash_declared": 0}))

    shifts = done(shop.door.get("/cash/sessions"))
    assert len(shifts) == 4
    assert {shift["status"] for shift in shifts} == {"CLOSED"}
    assert sum(shift["final_cash_system"] - 500 for shift in shifts) == 1190 * len(sold)
    assert all(shift["difference"] == -shift["final_cash_system"] for shift in shifts)
    assert_no_gap(shop)
    assert len(all_sales(shop)) == len(sold)


def test_eight_threads_open_one_shift(shop: Shop) -> None:
    seller = shop.person("VENDEDOR")
    answers = at_once(lambda amount: seller.post("/cash/open", {"start_amount": amount}), range(8))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 7}
    assert len(done(seller.get("/cash/sessions"))) == 1


def test_eight_threads_close_once(shop: Shop) -> None:
    seller = shop.till()
    answers = at_once(lambda amount: seller.post("/cash/close", {"final_cash_declared": amount}), range(8))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 404: 7}


def test_a_credit_limit_holds_under_eight_threads(shop: Shop) -> None:
    product, till = shop.product(price=1000), shop.till()
    customer = shop.customer(limite_credito=5000, dias_credito=30)
    order = shop.order((product, 1), tipo=33, pay=1190, by="CREDITO_INTERNO", rut_cliente=customer["rut"])

    answers = at_once(lambda _: till.post("/sales/", order), range(8))

    assert Counter(answer.status_code for answer in answers) == {201: 4, 409: 4}
    texts = {answer.json()["detail"] for answer in answers if answer.status_code == 409}
    assert texts == {f"{customer['razon_social']} supera su límite de crédito. Disponible: $240."}
    owed = done(shop.door.get(f"/customers/{customer['rut']}"))["current_balance"]
    assert owed == 4 * 1190
    assert_no_gap(shop, 33)


def test_buying_on_credit_and_paying_at_once(shop: Shop) -> None:
    """The account is the sum of its movements, each balance following from the one before, and the limit held."""
    product, till = shop.product(price=1000), shop.till()
    customer = shop.customer(limite_credito=6000, dias_credito=30)
    order = shop.order((product, 1), tipo=33, pay=1190, by="CREDITO_INTERNO", rut_cliente=customer["rut"])
    payment = {"amount": 700, "payment_method_id": shop.method("EFECTIVO")}
    acts = [
        lambda: till.post("/sales/", order),
        lambda: till.post(f"/customers/{customer['rut']}/payments", payment),
    ] * 8

    answers = at_once(lambda act: act(), acts)

    assert {answer.status_code for answer in answers} <= {201, 400, 409}
    account = done(shop.door.get(f"/customers/{customer['rut']}/account"))
    balance = 0
    for row in reversed(account["movements"]):
        balance += row["amount"]
        assert balance == row["balance_after"]
        assert 0 <= balance <= 6000
    assert balance == account["balance"]
    done_by = [answer.request.url.path for answer in answers if answer.status_code == 201]
    assert balance == 1190 * done_by.count("/sales/") - 700 * (len(done_by) - done_by.count("/sales/"))
    paid = len(done_by) - done_by.count("/sales/")
    assert done(till.post("/cash/close", {"final_cash_declared": 0}))["final_cash_system"] == 700 * paid


def test_a_double_click_makes_one_customer(shop: Shop) -> None:
    body = {"rut": "76192083-9", "razon_social": "Apurado"}
    answers = at_once(lambda _: shop.door.post("/customers/", body), range(8))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 7}
    assert {a.json()["detail"] for a in answers if a.status_code == 409} == {"Ya existe un cliente con RUT 76192083-9"}


def test_automatic_codes_are_unique_in_eight_threads(shop: Shop) -> None:
    answers = at_once(lambda n: shop.door.post("/products/", {"nombre": f"Té {n}", "precio_neto": 100}), range(8))
    assert [answer.status_code for answer in answers] == [201] * 8
    for name in ("codigo_interno", "codigo_barras"):
        assert len({answer.json()[name] for answer in answers}) == 8


def test_one_company_per_rut_in_four_threads(shop: Shop) -> None:
    body = {"name": "Doble", "rut": "76086428-5"}
    answers = at_once(lambda _: shop.platform.door.post("/saas/tenants", body), range(4))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 400: 3}, [a.text for a in answers]
    text = "Error creando el inquilino: Ya existe un inquilino registrado para el RUT: 76086428-5"
    assert {a.json()["detail"] for a in answers if a.status_code == 400} == {text}

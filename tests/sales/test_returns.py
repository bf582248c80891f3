"""Returns over HTTP: the note, its document, the stock and the money."""

from decimal import Decimal

import pytest

from tests import judges
from tests.crowd import at_once
from tests.shop import GENERIC, Door, Shop, done


@pytest.fixture
def clerk(shop: Shop) -> Door:
    """Somebody who sells and takes back, with 10.000 in the drawer."""
    return clerk_of(shop)


def clerk_of(shop: Shop) -> Door:
    person = shop.person("ADMINISTRADOR")
    done(person.post("/cash/open", {"start_amount": 10_000}))
    return person


def sell(shop: Shop, till: Door, *items, pay: int, **order) -> dict:
    return done(till.post("/sales/", shop.order(*items, pay=pay, **order)), 201)


def body(shop: Shop, sale: dict, *items, by: str = "EFECTIVO", reason: str = "Venía roto", **more) -> dict:
    return {
        "original_sale_id": sale["id"],
        "items": [{"product_id": product["id"], "cantidad": quantity} for product, quantity in items],
        "reason": reason,
        "return_method_id": shop.method(by),
        **more,
    }


def give_back(shop: Shop, till: Door, sale: dict, *items, **more) -> dict:
    return done(till.post("/sales/return", body(shop, sale, *items, **more)), 201)


def stock_of(shop: Shop, product: dict) -> float:
    return done(shop.door.get(f"/products/{product['codigo_interno']}"))["stock_actual"]


def expected_cash(till: Door) -> int:
    return done(till.post("/cash/close", {"final_cash_declared": 0}))["final_cash_system"]


def judged(till: Door, sale: dict) -> tuple[bytes, dict]:
    """Return the XML of a note after the judges had it, and the note as the list of sales shows it."""
    xml = till.get(f"/sales/{sale['id']}/xml").content
    judges.xsd_validate(xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(xml)
    judges.verify_ted(xml)
    assert judges.read_with_cl_sii(xml).monto_total == sale["monto_total"]
    return xml, done(till.get(f"/sales/{sale['id']}"))


def test_a_whole_boleta_comes_back(shop: Shop, clerk: Door) -> None:
    product = shop.product(price=1000, stock=10)
    sale = sell(shop, clerk, (product, 3), pay=3570)

    note = give_back(shop, clerk, sale, (product, 3))

    assert (note["tipo_dte"], note["folio"], note["monto_total"]) == (61, 1, 3570)
    assert (note["monto_neto"], note["iva"]) == (sale["monto_neto"], sale["iva"])
    assert note["related_sale_id"] == sale["id"]
    assert note["descripcion"] == f"Ajuste Venta #{sale['folio']}: Venía roto"
    (reference,) = note["referencias"]
    assert reference == {
        "tipo_documento": "39",
        "folio": str(sale["folio"]),
        "fecha": reference["fecha"],
        "sii_reason_code": 1,
    }
    (line,) = note["details"]
    assert (line["precio_unitario"], line["cantidad"], line["subtotal"]) == (1000, 3, 3570)
    assert line["product"]["stock_actual"] == 10

    xml, full = judged(clerk, note)
    assert [(p["code"], p["amount"], p["transaction_code"]) for p in full["payments"]] == [
        ("EFECTIVO", 3570, "DEVOLUCION")
    ]
    assert b"<MntBruto>1</MntBruto>" in xml
    assert f"<RUTRecep>{shop.rut}</RUTRecep>".encode() in xml  # nobody's boleta: the issuer stands for the buyer
    assert b"<CodRef>1</CodRef>" in xml
    assert "<RazonRef>Venía roto</RazonRef>".encode("iso-8859-1") in xml
    newest = done(shop.door.get(f"/products/{product['id']}/movements"))[0]
    assert (newest["tipo"], newest["motivo"], newest["cantidad"], newest["sale_id"]) == (
        "ENTRADA",
        "DEVOLUCION",
        3,
        note["id"],
    )
    assert newest["description"] == f"Devolución venta f.{sale['folio']}: Venía roto"
    assert stock_of(shop, product) == 10
    assert clerk.get(f"/sales/{note['id']}/pdf").status_code == 200
    assert expected_cash(clerk) == 10_000


def test_an_invoice_comes_back_in_parts(shop: Shop, clerk: Door) -> None:
    product, exempt = shop.product(price="333.33", stock=10), shop.product(price=777, tax_id=shop.exempt_tax())
    customer = shop.customer()
    order = shop.order((product, 3), (exempt, 2), tipo=33, pay=100_000, rut_cliente=customer["rut"])
    order["items"][0]["descuento_pct"] = 10
    order["descuento_global_monto"] = 50
    sale = done(clerk.post("/sales/", order), 201)

    notes = [
        give_back(shop, clerk, sale, (product, 1), by="TRANSFERENCIA"),
        give_back(shop, clerk, sale, (product, 1), (exempt, 1), by="TRANSFERENCIA"),
        give_back(shop, clerk, sale, (product, "1.0"), (exempt, 1), by="TRANSFERENCIA"),
    ]

    assert sum(note["monto_total"] for note in notes) == sale["monto_total"]
    assert sum(note["monto_exento"] for note in notes) == sale["monto_exento"] == 1554
    for note in notes:
        xml, full = judged(clerk, note)
        assert b"<CodRef>3</CodRef>" in xml
        assert full["customer"]["rut"] == customer["rut"]
        assert full["referencias"][0]["sii_reason_code"] == 3
    assert stock_of(shop, product) == 10
    refused = clerk.post("/sales/return", body(shop, sale, (product, 1)))
    assert (refused.status_code, refused.json()["error"]) == (400, "ReturnExceeds")


@pytest.mark.parametrize(("tipo", "total"), [(34, 2000), (41, 2000), (33, 2380)])
def test_the_vat_of_the_original_is_inherited(shop: Shop, clerk: Door, tipo: int, total: int) -> None:
    product, customer = shop.product(price=1000), shop.customer()
    sale = sell(shop, clerk, (product, 2), tipo=tipo, pay=total, rut_cliente=customer["rut"])
    note = give_back(shop, clerk, sale, (product, 2), by="DEBITO")
    assert note["monto_total"] == total
    assert note["iva"] == sale["iva"]
    judged(clerk, note)


def test_the_price_of_the_day_of_the_sale_not_of_today(shop: Shop, clerk: Door) -> None:
    product = shop.product(price=1000, costo_unitario=600)
    sale = sell(shop, clerk, (product, 2), pay=2380)
    done(shop.door.put(f"/products/{product['id']}", {"precio_neto": 9000, "costo_unitario": 1}))
    assert give_back(shop, clerk, sale, (product, 1))["monto_total"] == 1190
    assert done(shop.door.delete(f"/products/{product['id']}"), 204) is None
    assert give_back(shop, clerk, sale, (product, 1))["monto_total"] == 1190


def test_a_product_on_two_lines(shop: Shop, clerk: Door) -> None:
    product = shop.product(price=1000, stock=10)
    order = shop.order((product, 1), (product, 1), pay=1_785)
    order["items"][1]["descuento_pct"] = 50
    sale = done(clerk.post("/sales/", order), 201)
    assert sale["monto_total"] == 1_785
    assert [give_back(shop, clerk, sale, (product, 1))["monto_total"] for _ in range(2)] == [1_190, 595]
    assert clerk.post("/sales/return", body(shop, sale, (product, 1))).status_code == 400
    assert stock_of(shop, product) == 10


def test_refusals(shop: Shop, clerk: Door) -> None:
    product, other = shop.product(price=1000, stock=9), shop.product(price=1000)
    sale = sell(shop, clerk, (product, 2), pay=2380)
    good = body(shop, sale, (product, 1))

    def refused(status: int, text: str | None = None, **changes) -> None:
        answer = clerk.post("/sales/return", good | changes)
        assert answer.status_code == status, answer.text
        assert text is None or answer.json()["detail"] == text

    line = {"product_id": product["id"], "cantidad": 1}
    refused(404, "Venta original no encontrada", original_sale_id=999_999)
    refused(404, "Producto 999999 no encontrado", items=[{"product_id": 999_999, "cantidad": 1}])
    for tipo in (33, 39, 52, 7, -1):
        refused(400, "El tipo de DTE para ajuste debe ser 56, 61, 111 o 112.", tipo_dte=tipo)
    for tipo in (56, 111, 112):
        refused(400, tipo_dte=tipo)
    refused(400, "Medio de devolución invalido", return_method_id=999)
    refused(400, f"El producto {product['id']} viene repetido en la devolución.", items=[line, line])
    refused(
        400, f"{other['nombre']} no es parte de la venta original.", items=[{"product_id": other["id"], "cantidad": 1}]
    )
    refused(400, f"De {product['nombre']} quedan 2 por devolver y se pidieron 2.5.", items=[line | {"cantidad": 2.5}])
    for nothing in (0, -1, "abc"):
        refused(422, items=[line | {"cantidad": nothing}])
    refused(422, items=[])
    refused(422, reason="  ")
    refused(422, sii_reason_code=4)
    refused(400, sii_reason_code=2)
    assert stock_of(shop, product) == 7
    note = give_back(shop, clerk, sale, (product, 1))
    refused(
        400,
        f"El documento {note['folio']} no es una venta: no se puede devolver ni corregir.",
        original_sale_id=note["id"],
    )


def test_who_may_and_cash_from_an_open_shift(shop: Shop, clerk: Door) -> None:
    product = shop.product(price=1000)
    sale = sell(shop, clerk, (product, 2), pay=2380)
    seller = shop.till()
    assert seller.post("/sales/return", body(shop, sale, (product, 1))).status_code == 403
    without_shift = shop.person("ADMINISTRADOR")
    refused = without_shift.post("/sales/return", body(shop, sale, (product, 1)))
    assert refused.status_code == 409
    assert refused.json()["error"] == "SellerWithoutShift"
    give_back(shop, without_shift, sale, (product, 1), by="TRANSFERENCIA")  # takes nothing from a drawer
    give_back(shop, clerk, sale, (product, 1))
    assert expected_cash(clerk) == 10_000 + 2380 - 1190


def test_cash_is_given_back_in_tens(shop: Shop, clerk: Door) -> None:
    product = shop.product(price=1005)  # 1.196 with VAT: 1.200 in cash
    sale = sell(shop, clerk, (product, 1), pay=1200)
    note = give_back(shop, clerk, sale, (product, 1))
    assert (note["monto_total"], note["ajuste_redondeo"]) == (1196, 4)
    assert expected_cash(clerk) == 10_000


def test_credit_lowers_the_debt_and_not_below_zero_unless_asked(shop: Shop, clerk: Door) -> None:
    product, customer = shop.product(price=1000), shop.customer(dias_credito=30)
    sale = sell(shop, clerk, (product, 2), tipo=33, pay=2380, by="CREDITO_INTERNO", rut_cliente=customer["rut"])
    paid = sell(shop, clerk, (product, 2), tipo=33, pay=2380, rut_cliente=customer["rut"])

    def balance() -> int:
        return done(clerk.get(f"/customers/{customer['rut']}"))["current_balance"]

    give_back(shop, clerk, sale, (product, 1), by="CREDITO_INTERNO")
    assert balance() == 1190
    refused = clerk.post("/sales/return", body(shop, paid, (product, 2), by="CREDITO_INTERNO"))
    assert (refused.status_code, refused.json()["error"]) == (409, "DebtExceeded")
    assert refused.json()["detail"] == f"{customer['razon_social']} debe $1.190: no se puede abonar $2.380."
    give_back(shop, clerk, paid, (product, 2), by="CREDITO_INTERNO", saldo_a_favor=True)
    assert balance() == -1190
    nobody = sell(shop, clerk, (product, 1), pay=1190)
    assert nobody["customer"]["rut"] == GENERIC
    assert clerk.post("/sales/return", body(shop, nobody, (product, 1), by="CREDITO_INTERNO")).status_code == 400


def test_eight_people_return_the_same_line(shop: Shop) -> None:
    product = shop.product(price=1000, stock=5)
    clerks = [clerk_of(shop) for _ in range(8)]
    sale = sell(shop, clerks[0], (product, 5), pay=5950)

    answers = at_once(lambda clerk: clerk.post("/sales/return", body(shop, sale, (product, 1))), clerks)

    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [400] * 3
    assert sorted(answer.json()["folio"] for answer in answers if answer.status_code == 201) == [1, 2, 3, 4, 5]
    assert sum(answer.json()["monto_total"] for answer in answers if answer.status_code == 201) == 5950
    assert stock_of(shop, product) == 5


def test_one_key_is_one_return(shop: Shop, clerk: Door) -> None:
    product = shop.product(price=1000, stock=5)
    sale = sell(shop, clerk, (product, 5), pay=5950)
    wanted = body(shop, sale, (product, 1))
    answers = [clerk.post("/sales/return", wanted, headers={"Idempotency-Key": "una"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert Decimal(str(stock_of(shop, product))) == 1


def test_a_boleta_of_more_lines_than_a_note_takes_comes_back_in_two(shop: Shop, clerk: Door) -> None:
    product, other = shop.product(price=100), shop.product(price=50)
    sale = sell(shop, clerk, *[(product, 1)] * 59, *[(other, 1)] * 2, pay=59 * 119 + 2 * 60)
    refused = clerk.post("/sales/return", body(shop, sale, (product, 59), (other, 2)))
    assert (refused.status_code, refused.json()["detail"]) == (400, "El documento admite hasta 60 líneas")
    notes = [give_back(shop, clerk, sale, (product, 59)), give_back(shop, clerk, sale, (other, 2))]
    assert sum(note["monto_total"] for note in notes) == sale["monto_total"] == 59 * 119 + 2 * 60

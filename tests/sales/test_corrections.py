"""A wrong text of an invoice is corrected by a note of nothing."""

import pytest

from tests import judges
from tests.shop import Shop, done


@pytest.mark.parametrize(("tipo", "total"), [(33, 1190), (34, 1000)])
def test_a_text_is_corrected(shop: Shop, tipo: int, total: int) -> None:
    product, customer, till = shop.product(price=1000, stock=5), shop.customer(), shop.till(start_amount=500)
    order = shop.order((product, 1), tipo=tipo, pay=total, rut_cliente=customer["rut"])
    sale = done(till.post("/sales/", order), 201)
    text = {"donde_dice": "Av. Grecia 100", "debe_decir": "Av. Grecia 1000 & Cía"}
    address = f"/sales/{sale['id']}/correct"

    note = done(shop.door.post(address, text), 201)

    assert (note["tipo_dte"], note["monto_total"], note["details"]) == (61, 0, [])
    assert note["related_sale_id"] == sale["id"]
    assert note["descripcion"] == f"Ajuste Venta #{sale['folio']}: corrige texto"
    assert note["referencias"][0]["sii_reason_code"] == 2
    xml = till.get(f"/sales/{note['id']}/xml").content
    judges.xsd_validate(xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(xml)
    judges.verify_ted(xml)
    assert judges.read_with_cl_sii(xml).monto_total == 0
    wording = "Donde dice: Av. Grecia 100. Debe decir: Av. Grecia 1000 &amp; Cía"
    assert wording.encode("iso-8859-1") in xml
    assert b"<CodRef>2</CodRef>" in xml
    assert till.get(f"/sales/{note['id']}/pdf").status_code == 200
    assert done(shop.door.get(f"/products/{product['codigo_interno']}"))["stock_actual"] == 4
    assert done(till.post("/cash/close", {"final_cash_declared": 0}))["final_cash_system"] == 500 + total

    assert till.post(address, text).status_code == 403
    for wrong in ({}, {"donde_dice": "x"}, {"donde_dice": " ", "debe_decir": "y"}):
        assert shop.door.post(address, wrong).status_code == 422
    again = shop.door.post(f"/sales/{note['id']}/correct", text)
    assert (again.status_code, again.json()["error"]) == (400, "NotReturnable")


def test_a_boleta_has_no_text_to_correct(shop: Shop) -> None:
    product, till = shop.product(price=1000), shop.till()
    sale = done(till.post("/sales/", shop.order((product, 1), pay=1190)), 201)
    answer = shop.door.post(f"/sales/{sale['id']}/correct", {"donde_dice": "A", "debe_decir": "B"})
    assert (answer.status_code, answer.json()["error"]) == (400, "CorrectionNeedsInvoice")

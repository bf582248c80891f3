"""Purchase invoices (46) over HTTP: what is withheld, once for each purchase, cancelled, issued again, and the VAT."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests import judges
from tests.contract.test_purchases import order, provider
from tests.crowd import at_once
from tests.purchases.conftest import Buyer
from tests.shop import Door, Shop, done
from torn_app.documents.printing import signed_xml
from torn_app.documents.replacing import folios_to_void
from torn_app.documents.service import advance
from torn_app.dte.lectura import read_dte
from torn_app.dte.lectura_valores import DteLeido
from torn_app.folios.models import CafRange
from torn_app.infra.work import Work
from torn_app.purchases import invoices, providers
from torn_app.purchases.errors import NothingRejected
from torn_app.purchases.schemas import FacturaCompraIn, ProviderPatch, PurchaseNoteIn
from torn_app.reports.service import vat as vat_of_month

SELLER = {"giro": "Agricultor", "direccion": "Fundo El Peral s/n", "comuna": "Chillán", "ciudad": "Chillán"}


@pytest.fixture
def keeper(shop: Shop) -> Door:
    return shop.person("BODEGUERO")


def buy(shop: Shop, door: Door, *items: tuple[dict, object, object], seller: dict | None = None, **fields: Any) -> dict:
    seller = seller or provider(shop.door, razon_social="Agrícola Ñuble Ltda.", **SELLER)
    return done(door.post("/purchases/", order(seller, *items, tipo_documento="SIN_DOCUMENTO", **fields)), 201)


def invoice(door: Door, purchase: dict, **body: Any) -> dict:
    return done(door.post(f"/purchases/{purchase['id']}/factura-compra", body), 201)


def judged(door: Door, document_id: int) -> DteLeido:
    """Fetch a document, let it be judged, and read it; its printed stamp decodes to the very bytes."""
    xml = door.get(f"/documents/{document_id}/xml").content
    judges.xsd_validate(xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(xml)
    judges.verify_ted(xml)
    read = read_dte(xml)
    pdf = door.get(f"/documents/{document_id}/pdf", params={"formato": "carta"}).content
    assert judges.read_stamp(pdf) == read.ted
    return read


def test_all_the_vat_is_withheld_and_no_goods_move_again(shop: Shop, keeper: Door) -> None:
    wheat, book = shop.product(stock=0), shop.product(stock=0, tax_id=shop.exempt_tax())
    bought = buy(shop, keeper, (wheat, 100, 250), (book, 2, 1500))
    assert (bought["monto_neto"], bought["monto_exento"], bought["iva"]) == (28_000, 3_000, 0)
    assert bought["factura_compra"] is None
    made = invoice(keeper, bought)
    # 100 x 250 = 25.000; VAT 4.750, all of it withheld; the book has none. The seller is paid 28.000.
    amounts = ("monto_neto", "monto_exento", "iva", "iva_retenido", "monto_total")
    assert [made[name] for name in amounts] == [25_000, 3_000, 4_750, 4_750, 28_000]
    read = judged(keeper, made["document_id"])
    assert (read.tipo, read.folio, read.receptor.rut) == (46, made["folio"], bought["provider"]["rut"])
    assert (read.receptor.giro, read.receptor.comuna) == ("Agricultor", "Chillán")
    assert [(row.codigo, row.monto) for row in read.totales.impuestos] == [("15", 4_750)]
    assert [row.codigos_impuesto for row in read.lineas] == [(15,), ()]
    assert done(shop.door.get(f"/products/{wheat['codigo_interno']}"))["stock_actual"] == 100
    (listed,) = done(keeper.get("/purchases/"))
    assert listed["factura_compra"] == made | {"estado": listed["factura_compra"]["estado"]}
    assert done(keeper.get(f"/documents/{made['document_id']}"))["sale_id"] is None
    assert done(keeper.get(f"/purchases/{bought['id']}"))["factura_compra"]["folio"] == made["folio"]


def test_a_part_is_withheld_by_the_code_of_the_product(shop: Shop, keeper: Door) -> None:
    wheat, peas = shop.product(), shop.product()
    bought = buy(shop, keeper, (wheat, 1, 10_000), (peas, 1, 10_000))
    made = invoice(
        keeper, bought, retencion="PARCIAL", codigo=34, items=[{"product_id": peas["id"], "codigo": 30}], forma_pago=2
    )
    # Wheat 4 % = 400, legumes 10 % = 1.000; VAT 3.800, of which 2.400 are the seller's.
    assert (made["iva"], made["iva_retenido"], made["monto_total"]) == (3_800, 1_400, 22_400)
    read = judged(keeper, made["document_id"])
    assert {row.codigo: row.monto for row in read.totales.impuestos} == {"34": 400, "30": 1_000}
    assert (read.totales.iva_no_retenido, read.forma_pago) == (2_400, 2)


def test_withheld_in_full_with_the_code_of_the_product(shop: Shop, keeper: Door) -> None:
    bought = buy(shop, keeper, (shop.product(), 1, 10_000))
    made = invoice(keeper, bought, codigo=34)
    read = judged(keeper, made["document_id"])
    assert [(row.codigo, row.monto) for row in read.totales.impuestos] == [("341", 1_900)]
    assert made["monto_total"] == 10_000


def test_what_is_missing_is_named(shop: Shop, keeper: Door) -> None:
    bare = provider(shop.door, razon_social="Juan Soto", giro="Agricultor")
    bread = shop.product()
    bought = buy(shop, keeper, (bread, 1, 1000), seller=bare)

    def refused(**body: Any) -> tuple[int, str]:
        answer = keeper.post(f"/purchases/{bought['id']}/factura-compra", body)
        return answer.status_code, answer.json()["detail"]

    assert refused() == (
        400,
        "A Juan Soto le falta la dirección y la comuna, que la factura de compra exige: complete el proveedor.",
    )
    done(shop.door.put(f"/providers/{bare['id']}", {"direccion": "Uno 1", "comuna": "Lota"}))
    assert refused(retencion="PARCIAL") == (
        400,
        f"Falta el código de retención de {bread['nombre']}: indíquelo en `items` o uno para todos en `codigo`.",
    )
    assert refused(codigo=27) == (400, "El código 27 no es de una retención de IVA.")
    assert refused(codigo=999)[0] == 400
    assert refused(items=[{"product_id": 999_999, "codigo": 34}])[0] == 400
    boleta = done(keeper.post("/purchases/", order(bare, (bread, 1, 1000), tipo_documento="BOLETA")), 201)
    assert keeper.post(f"/purchases/{boleta['id']}/factura-compra", {}).status_code == 400
    assert keeper.post("/purchases/999999/factura-compra", {}).status_code == 404
    assert shop.person("VENDEDOR").post(f"/purchases/{bought['id']}/factura-compra", {}).status_code == 403
    assert invoice(keeper, bought)["folio"] == 1, "no number was lost to a refusal"


def test_many_press_at_once_and_one_is_issued(shop: Shop) -> None:
    keepers = [shop.person("BODEGUERO") for _ in range(4)]
    bought = buy(shop, keepers[0], (shop.product(), 1, 1000))
    address = f"/purchases/{bought['id']}/factura-compra"

    def pressed(path: str, body: dict) -> list[int]:
        return sorted(a.status_code for a in at_once(lambda n: keepers[n % 4].post(path, body), list(range(8))))

    assert pressed(address, {}) == [201] + [409] * 7
    assert pressed(f"{address}/cancel", {"reason": "Error"}) == [201] + [404] * 7
    assert pressed(f"{address}/restore", {"reason": "Error"}) == [201] + [409] * 7
    issued = done(shop.door.get("/documents/"))
    assert [(row["tipo_dte"], row["folio"]) for row in issued] == [(56, 1), (61, 1), (46, 1)]


def test_a_purchase_with_its_invoice_is_left_alone(shop: Shop, keeper: Door) -> None:
    bread = shop.product(stock=0)
    bought = buy(shop, keeper, (bread, 10, 1000))
    address = f"/purchases/{bought['id']}"
    made = invoice(keeper, bought)
    body = order(bought["provider"], (bread, 5, 1000), tipo_documento="SIN_DOCUMENTO")

    def texts() -> list[tuple[int, str]]:
        answers = [keeper.put(address, body), keeper.delete(address)]
        return [(answer.status_code, answer.json()["detail"]) for answer in answers]

    tail = f" la compra: tiene la factura de compra {made['folio']}. Anúlela antes con una nota de crédito."
    assert texts() == [(409, f"No se puede cambiar{tail}"), (409, f"No se puede eliminar{tail}")]
    again = keeper.post(f"{address}/factura-compra", {})
    assert (again.status_code, again.json()["detail"]) == (409, "La compra ya tiene la factura de compra 1.")

    cancelled = done(keeper.post(f"{address}/factura-compra/cancel", {"reason": "Cantidad equivocada"}), 201)
    assert (cancelled["anulada"], [(n["tipo_dte"], n["folio"]) for n in cancelled["notas"]]) == (True, [(61, 1)])
    done(keeper.put(address, body))
    changed = keeper.post(f"{address}/factura-compra/restore", {"reason": "No"})
    assert (changed.status_code, changed.json()["error"]) == (409, "PurchaseChanged")
    second = invoice(keeper, bought)
    assert (second["folio"], second["monto_total"], second["notas"]) == (2, 5_000, [])
    done(keeper.post(f"{address}/factura-compra/cancel", {"reason": "Otra vez"}), 201)
    assert keeper.delete(address).status_code == 204
    assert len(done(keeper.get("/documents/"))) == 4, "what was issued stays"


def test_a_note_repeats_the_withholding_and_another_takes_it_back(shop: Shop, keeper: Door) -> None:
    bought = buy(shop, keeper, (shop.product(), 1, 10_000))
    made = invoice(keeper, bought, retencion="PARCIAL", codigo=34)
    address = f"/purchases/{bought['id']}/factura-compra"
    assert keeper.post(f"{address}/restore", {"reason": "Nada que anular"}).status_code == 409
    cancelled = done(keeper.post(f"{address}/cancel", {"reason": "Precio equivocado"}), 201)
    restored = done(keeper.post(f"{address}/restore", {"reason": "Estaba bien"}), 201)
    assert (restored["anulada"], restored["monto_total"]) == (False, made["monto_total"])
    original = judged(keeper, made["document_id"])
    note, debit = (judged(keeper, row["document_id"]) for row in restored["notas"])
    assert (note.tipo, debit.tipo, note.totales, debit.totales) == (61, 56, original.totales, original.totales)
    spoken_of = [(r.tipo, r.folio, r.codigo, r.razon) for r in (*note.referencias, *debit.referencias)]
    assert spoken_of == [
        ("46", str(made["folio"]), "1", "Precio equivocado"),
        ("61", str(cancelled["notas"][0]["folio"]), "1", "Estaba bien"),
    ]
    assert keeper.delete(f"/purchases/{bought['id']}").status_code == 409, "it stands again"


def test_what_the_provider_corrected_is_not_documented_again(shop: Shop, keeper: Door) -> None:
    bread = shop.product(stock=0)
    entered = done(keeper.post("/purchases/", order(provider(shop.door, **SELLER), (bread, 2, 1000))), 201)
    done(keeper.post(f"/purchases/{entered['id']}/notas-credito", {"monto_neto": 100}), 201)
    answer = keeper.post(f"/purchases/{entered['id']}/factura-compra", {})
    assert (answer.status_code, answer.json()["error"]) == (409, "PurchaseNoted")


def vat(shop: Shop) -> dict:
    return done(shop.door.get("/reports/vat"))


def test_the_vat_preview_tells_credit_from_what_was_withheld(shop: Shop, keeper: Door) -> None:
    bread, book = shop.product(price=1000), shop.product(tax_id=shop.exempt_tax())
    seller = provider(shop.door, **SELLER)
    # A provider's invoice: 1.000 + 190, 500 exempt. The second line's bread was bought without VAT.
    lines = [(bread, 1, 1000), (book, 1, 500)]
    body = order(seller, *lines)
    body["items"].append({"product_id": bread["id"], "cantidad": 1, "precio_costo_unitario": 300, "exento": True})
    entered = done(keeper.post("/purchases/", body), 201)
    assert [entered[name] for name in ("monto_neto", "monto_exento", "iva")] == [1800, 800, 190]
    # The same purchase twice over: entered as an invoice by mistake and documented by a 46.
    both = done(keeper.post("/purchases/", order(seller, (bread, 1, 10_000))), 201)
    assert vat(shop)["credito"] == 190 + 1_900
    invoice(keeper, both)
    done(shop.till().post("/sales/", shop.order((bread, 20), pay=23_800)), 201)
    found = vat(shop)
    # Debit 3.800; credit 190 + 1.900 once; 1.900 withheld is paid besides.
    assert [found[name] for name in ("debito", "credito", "iva_estimado", "remanente", "retenido", "a_pagar")] == [
        3_800,
        2_090,
        1_710,
        0,
        1_900,
        3_610,
    ]
    columns = ("tipo_dte", "signo", "cantidad", "neto", "exento", "iva", "retenido", "total")
    assert [[row[name] for name in columns] for row in found["compras"]] == [
        [None, 1, 1, 1_000, 800, 190, 0, 1_990],
        [46, 1, 1, 10_000, 0, 1_900, 1_900, 10_000],
    ]
    assert [row["tipo_dte"] for row in found["documentos"]] == [39], "a 46 is no sale"
    assert "DL 825, art. 3" in found["nota"]
    address = f"/purchases/{both['id']}/factura-compra"
    done(keeper.post(f"{address}/cancel", {"reason": "Era con factura"}), 201)
    found = vat(shop)
    # 46 and 61 undo each other; the provider's invoice counts by itself again.
    assert (found["credito"], found["retenido"], found["a_pagar"]) == (2_090, 0, 1_710)
    done(keeper.post(f"{address}/restore", {"reason": "Era sin factura"}), 201)
    found = vat(shop)
    assert (found["credito"], found["retenido"], len(found["compras"])) == (2_090, 1_900, 4)


def test_a_rejected_one_is_issued_again_as_the_purchase_is_now(shop: Shop, keeper: Door) -> None:
    bread = shop.product(stock=0)
    seller = provider(shop.door, **SELLER)
    # In mode PRUEBA a total that ends in 001 is rejected.
    bought = buy(shop, keeper, (bread, 1, 9001), seller=seller)
    address = f"/purchases/{bought['id']}"
    made = invoice(keeper, bought, codigo=34)
    assert shop.answered(made["document_id"]) == "RECHAZADO"
    assert (vat(shop)["credito"], vat(shop)["retenido"]) == (0, 0), "it counts as not issued"
    refused = keeper.post(f"{address}/factura-compra/cancel", {"reason": "Nada"})
    assert (refused.status_code, refused.json()["error"]) == (409, "InvoiceRejected")
    assert keeper.post(f"{address}/factura-compra", {}).status_code == 409
    done(keeper.put(address, order(seller, (bread, 1, 9000), tipo_documento="SIN_DOCUMENTO")))
    done(shop.door.put(f"/providers/{seller['id']}", {"direccion": "Camino Nuevo 9"}))
    keepers = [shop.person("BODEGUERO") for _ in range(4)]
    answers = at_once(lambda door: door.post(f"{address}/factura-compra/reissue"), keepers)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409], [a.text for a in answers]
    (again,) = [answer.json() for answer in answers if answer.status_code == 201]
    assert (again["folio"], again["monto_total"], again["iva_retenido"]) == (made["folio"], 9_000, 1_710)
    read = judged(keeper, again["document_id"])
    assert (read.receptor.direccion, read.totales.impuestos[0].codigo) == ("Camino Nuevo 9", "341")
    assert shop.answered(again["document_id"]) == "SIMULADO"
    assert (vat(shop)["credito"], vat(shop)["retenido"]) == (1_710, 1_710)


def test_the_number_of_a_rejected_one_is_to_void_when_its_purchase_goes(shop: Shop, keeper: Door) -> None:
    bought = buy(shop, keeper, (shop.product(), 1, 9001))
    made = invoice(keeper, bought)
    assert shop.answered(made["document_id"]) == "RECHAZADO"
    assert keeper.delete(f"/purchases/{bought['id']}").status_code == 204
    (waiting,) = done(shop.door.get("/folios/to-void"))
    assert (waiting["tipo_dte"], waiting["folio"]) == (46, made["folio"])


def test_each_rejected_document_again_oldest_first(buyer: Buyer) -> None:
    complete = ProviderPatch(giro="Molino", direccion="Uno 1", comuna="Lota")
    buyer.member.run(providers.update_provider, buyer.provider.id, complete)
    bought = buyer.buy((buyer.product().id, 1, 10_000), tipo_documento="SIN_DOCUMENTO")
    run, reason = buyer.member.run, PurchaseNoteIn(reason="Precio")
    run(invoices.issue_purchase_invoice, bought.id, FacturaCompraIn(codigo=34, retencion="PARCIAL"))
    run(invoices.cancel_purchase_invoice, bought.id, reason)
    shown = run(invoices.restore_purchase_invoice, bought.id, reason)
    first = [shown.document_id, *(note.document_id for note in shown.notas)]

    def reject(work: Work) -> None:
        advance(work, first, expected="FIRMADO", estado="RECHAZADO", detail="Firma no válida")
        # The range of the debit notes dies meanwhile.
        dead = {"fecha_vencimiento": work.today - timedelta(days=1)}
        work.session.execute(update(CafRange).where(col(CafRange.dte_type) == 56).values(**dead))

    run(reject)
    assert run(vat_of_month, None).retenido == 0
    for retenido in (400, 0, 400):
        shown = run(invoices.reissue_purchase_document, bought.id)
        assert run(vat_of_month, None).retenido == retenido
    with pytest.raises(NothingRejected):
        run(invoices.reissue_purchase_document, bought.id)
    assert [shown.folio, *(note.folio for note in shown.notas)] == [1, 1, 100_001]
    assert [row.folio for row in run(folios_to_void)] == [1]
    for document_id in (shown.document_id, *(note.document_id for note in shown.notas)):
        _name, xml = run(signed_xml, document_id)
        judges.xsd_validate(xml, "DTE_v10.xsd")
        judges.verify_ted(xml)
        assert read_dte(xml).totales.monto_total == 11_500

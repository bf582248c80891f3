"""Credit notes of providers: goods go back at what they were bought for, money is taken off, VAT is credit no more."""

from datetime import date
from decimal import Decimal

import pytest

from tests.crowd import at_once
from tests.factories import create_member, new_rut
from tests.purchases.conftest import Buyer
from tests.shop import Shop, done
from torn_app.company.schemas import TaxIn
from torn_app.company.service import create_tax
from torn_app.kernel.errors import NotAllowed, TornError
from torn_app.kernel.permissions import VENDEDOR
from torn_app.purchases import provider_notes
from torn_app.purchases.errors import (
    GoodsAlreadyLeft,
    NoteExceedsAmount,
    NoteExceedsBought,
    NoteForeign,
    NoteOfNothing,
    NoteWithoutDocument,
    ProviderNoteNotFound,
    PurchaseNoted,
    PurchaseNotFound,
)
from torn_app.purchases.schemas import ProviderNoteIn, ProviderNoteOut, PurchaseOut

D = Decimal


def note(buyer: Buyer, purchase: PurchaseOut, *items: tuple[int, str | int], **more) -> ProviderNoteOut:
    rows = [{"product_id": product, "cantidad": D(quantity)} for product, quantity in items]
    data = ProviderNoteIn.model_validate({"items": rows} | more)
    return buyer.member.run(provider_notes.create_provider_note, purchase.id, data)


def take_back(buyer: Buyer, purchase: PurchaseOut, written: ProviderNoteOut) -> None:
    buyer.member.run(provider_notes.delete_provider_note, purchase.id, written.id)


def amounts(written: ProviderNoteOut) -> tuple[int, int, int, int]:
    return written.monto_neto, written.monto_exento, written.iva, written.monto_total


def test_goods_go_back_at_what_they_were_bought_for(buyer: Buyer) -> None:
    product = buyer.product(stock=2)
    purchase = buyer.buy((product.id, 10, "333.5"))
    written = note(buyer, purchase, (product.id, 4), folio="77", fecha=date(2026, 11, 3), motivo="Rotos")
    # 4 x 333,5 = 1.334; VAT 253,46
    assert amounts(written) == (1_334, 0, 253, 1_587)
    assert (written.folio, written.fecha, written.motivo) == ("77", date(2026, 11, 3), "Rotos")
    assert buyer.stock(product) == 8
    last = buyer.kardex(product)[-1]
    assert (last.tipo, last.motivo, last.cantidad, last.balance_after) == ("SALIDA", "DEVOLUCION", 4, 8)
    assert (last.description, last.purchase_id) == ("Devolución con nota de crédito 77 de proveedor", purchase.id)
    assert buyer.member.run(provider_notes.list_provider_notes, purchase.id) == [written]

    take_back(buyer, purchase, written)
    assert buyer.stock(product) == 12
    assert buyer.member.run(provider_notes.list_provider_notes, purchase.id) == []


def test_notes_of_a_whole_purchase_come_to_it_exactly(buyer: Buyer) -> None:
    exempt = buyer.member.run(create_tax, TaxIn(name="Exento", rate=D(0)))
    product, book = buyer.product(), buyer.product(tax_id=exempt.id)
    purchase = buyer.buy((product.id, 3, "100.5"), (product.id, 2, 77), (book.id, 1, 501))
    written = [note(buyer, purchase, (product.id, 1)) for _ in range(5)] + [note(buyer, purchase, (book.id, 1))]
    # 100,5 -> 101, then up to 201, then up to 302 (301,5); 77 each
    assert [one.monto_neto for one in written] == [101, 100, 101, 77, 77, 0]
    assert [one.monto_exento for one in written] == [0, 0, 0, 0, 0, 501]
    assert sum(one.monto_neto + one.monto_exento for one in written) == purchase.monto_neto
    assert sum(one.iva for one in written) == purchase.iva
    assert sum(one.monto_total for one in written) == purchase.monto_total
    assert (buyer.stock(product), buyer.stock(book)) == (0, 0)


def test_an_amount_moves_nothing(buyer: Buyer) -> None:
    product = buyer.product()
    purchase = buyer.buy((product.id, 10, 100))
    assert amounts(note(buyer, purchase, monto_neto=250)) == (250, 0, 48, 298)
    assert (buyer.stock(product), buyer.cost(product)) == (10, 100)


def test_without_vat_in_the_purchase_there_is_none_in_the_note(buyer: Buyer) -> None:
    product = buyer.product()
    assert amounts(note(buyer, buyer.buy((product.id, 2, 100), tipo_documento="BOLETA"), (product.id, 1))) == (
        100,
        0,
        0,
        100,
    )


def test_the_average_lets_the_value_go_and_takes_it_back(buyer: Buyer) -> None:
    buyer.method("PROMEDIO")
    product = buyer.product(stock=10, costo_unitario=D(100))
    purchase = buyer.buy((product.id, 10, 200))
    assert buyer.cost(product) == 150
    written = note(buyer, purchase, (product.id, 5))
    # 20 x 150 = 3.000, less 5 x 200: 2.000 / 15
    assert buyer.cost(product) == D("133.333333")
    take_back(buyer, purchase, written)
    assert (buyer.cost(product), buyer.stock(product)) == (D(150), 20)


def test_the_last_cost_stays(buyer: Buyer) -> None:
    product = buyer.product(stock=10, costo_unitario=D(100))
    note(buyer, buyer.buy((product.id, 10, 200)), (product.id, 5))
    assert buyer.cost(product) == 200


def test_what_is_refused_leaves_no_trace(buyer: Buyer) -> None:
    product, other = buyer.product(), buyer.product()
    purchase = buyer.buy((product.id, 3, 100))
    undocumented = buyer.buy((other.id, 1, 100), tipo_documento="SIN_DOCUMENTO")
    before = note(buyer, purchase, (product.id, 1))
    buyer.take(product, 1)
    refused = [
        (NoteOfNothing, purchase, (), {}),
        (NoteOfNothing, purchase, (), {"monto_neto": 0}),
        (NoteOfNothing, purchase, ((product.id, 1),), {"monto_neto": 10}),
        (NoteForeign, purchase, ((other.id, 1),), {}),
        (NoteForeign, purchase, ((999_999, 1),), {}),
        (NoteExceedsBought, purchase, ((product.id, 2), (product.id, 1)), {}),
        (NoteExceedsAmount, purchase, (), {"monto_neto": 201}),
        (NoteExceedsAmount, purchase, (), {"monto_exento": 1}),
        (NoteWithoutDocument, undocumented, ((other.id, 1),), {}),
        (GoodsAlreadyLeft, purchase, ((product.id, 2),), {}),
    ]
    for refusal, about, items, more in refused:
        with pytest.raises(refusal):
            note(buyer, about, *items, **more)
    assert buyer.member.run(provider_notes.list_provider_notes, purchase.id) == [before]
    assert buyer.stock(product) == 1
    with pytest.raises(PurchaseNotFound):
        buyer.member.run(provider_notes.list_provider_notes, 999_999)
    with pytest.raises(ProviderNoteNotFound):
        buyer.member.run(provider_notes.delete_provider_note, undocumented.id, before.id)


def test_a_purchase_with_notes_stays_as_it_is(buyer: Buyer) -> None:
    product = buyer.product()
    purchase = buyer.buy((product.id, 3, 100))
    written = note(buyer, purchase, monto_neto=1)
    with pytest.raises(PurchaseNoted, match="No se puede cambiar la compra"):
        buyer.edit(purchase, (product.id, 4, 100))
    with pytest.raises(PurchaseNoted, match="No se puede eliminar la compra"):
        buyer.cancel(purchase)
    take_back(buyer, purchase, written)
    buyer.cancel(purchase)
    assert buyer.stock(product) == 0


def test_who_sells_does_not_write_them(engine, buyer: Buyer) -> None:
    purchase = buyer.buy((buyer.product().id, 1, 100))
    seller = create_member(engine, buyer.member.company, role=VENDEDOR)
    with pytest.raises(NotAllowed):
        seller.run(provider_notes.create_provider_note, purchase.id, ProviderNoteIn(monto_neto=1))


def test_eight_people_send_the_same_goods_back(buyer: Buyer) -> None:
    product = buyer.product(stock=50)
    purchase = buyer.buy((product.id, 10, 100))

    def send(_: int) -> ProviderNoteOut | None:
        try:
            return note(buyer, purchase, (product.id, 3))
        except NoteExceedsBought:
            return None

    written = [one for one in at_once(send, range(8)) if one]
    assert len(written) == 3
    assert buyer.stock(product) == 51
    assert [row.balance_after for row in buyer.kardex(product)][-3:] == [57, 54, 51]


def test_a_note_and_a_change_of_its_purchase_at_once(buyer: Buyer) -> None:
    """Whoever comes first wins, and the shelf is always what the two of them say."""
    product = buyer.product()
    for _ in range(4):
        purchase = buyer.buy((product.id, 10, 100))

        def go(act: str, purchase: PurchaseOut = purchase) -> str:
            try:
                if act == "note":
                    note(buyer, purchase, (product.id, 4))
                else:
                    buyer.edit(purchase, (product.id, 2, 100))
            except TornError as refusal:
                return refusal.code
            return act

        done_by = sorted(at_once(go, ["note", "edit"]))
        assert done_by in (["PurchaseNoted", "note"], ["NoteExceedsBought", "edit"])
        left = 6 if "note" in done_by else 2
        assert buyer.stock(product) == left
        buyer.take(product, left)


# --- over HTTP, and in the VAT of the month --------------------------------------------------------------------------


def test_notes_lower_the_credit_of_their_month(shop: Shop) -> None:
    product = shop.product(stock=0)
    provider = done(shop.door.post("/providers/", {"rut": new_rut(), "razon_social": "Molino"}), 201)
    order = {
        "provider_id": provider["id"],
        "items": [{"product_id": product["id"], "cantidad": 10, "precio_costo_unitario": 1000}],
        "fecha_compra": "2026-05-31T23:59:00-04:00",
    }
    done(shop.door.post("/purchases/", {**order, "tipo_documento": "BOLETA"}), 201)  # so that no two ids are equal
    purchase = done(shop.door.post("/purchases/", order), 201)
    address = f"/purchases/{purchase['id']}/notas-credito"
    body = {"folio": "5", "fecha": "2026-06-01", "items": [{"product_id": product["id"], "cantidad": 4}]}
    written = done(shop.door.post(address, body), 201)
    assert written["id"] != purchase["id"]
    assert done(shop.door.get(address)) == [written]

    def vat(month: str, **more: int) -> dict:
        return done(shop.door.get("/reports/vat", params={"month": month, **more}))

    may, june = vat("2026-05"), vat("2026-06")
    assert (may["credito"], may["remanente"]) == (1_900, 1_900)
    assert (june["credito"], june["iva_estimado"], june["a_pagar"]) == (-760, 760, 760)
    assert [(row["nombre"], row["signo"], row["cantidad"], row["iva"]) for row in june["compras"]] == [
        ("Notas de crédito de proveedores", -1, 1, 760)
    ]
    # What was left of May pays for June.
    carried = vat("2026-06", remanente_anterior=may["remanente"])
    assert (carried["remanente_anterior"], carried["iva_estimado"], carried["remanente"]) == (1_900, 0, 1_140)
    assert "remanente" in carried["nota"]
    assert shop.door.get("/reports/vat", params={"remanente_anterior": -1}).status_code == 422

    assert shop.door.delete(f"{address}/{written['id']}").status_code == 204
    assert vat("2026-06")["credito"] == 0
    # What a documented client reads of the purchase never changed.
    assert done(shop.door.get(f"/purchases/{purchase['id']}"))["monto_total"] == purchase["monto_total"]

"""Purchases: what they do to the shelf, what they refuse, and many at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from torn_app.company import service as company
from torn_app.company.schemas import TaxIn
from torn_app.inventory.errors import StockTooLarge
from torn_app.kernel.paging import Page
from torn_app.products import service as products
from torn_app.products.schemas import ProductPatch, ProductWithVariantsIn
from torn_app.purchases import service
from torn_app.purchases.errors import (
    GoodsAlreadyLeft,
    ProductHasVariants,
    ProviderNotFound,
    PurchasedProductUnknown,
    PurchaseNotFound,
    PurchaseTooLarge,
)
from torn_app.reports import service as reports

D = Decimal


def rows(buyer, product) -> list[tuple]:
    return [(m.tipo, m.motivo, m.cantidad, m.balance_after, m.description) for m in buyer.kardex(product)]


def test_goods_come_in(buyer):
    bread, bag = buyer.product(), buyer.product(stock=None)
    made = buyer.buy((bread.id, 10, "100.5"), (bag.id, 3, 7), folio=" F-77 ", observacion="")
    assert (made.monto_neto, made.iva, made.monto_total) == (1026, 195, 1221)
    assert (made.folio, made.observacion, made.tipo_documento) == ("F-77", None, "FACTURA")
    assert made.provider == buyer.provider
    assert [(d.product_id, d.cantidad, d.subtotal) for d in made.details] == [(bread.id, 10, 1005), (bag.id, 3, 21)]
    assert made.details[0].product.stock_actual == 10
    assert rows(buyer, bread) == [("ENTRADA", "COMPRA", D(10), D(10), "Compra Folio F-77")]
    assert buyer.kardex(bread)[0].purchase_id == made.id
    assert rows(buyer, bag) == []
    assert buyer.member.run(service.get_purchase, made.id) == made


def test_what_is_exempt_bears_no_vat(buyer):
    exempt = buyer.member.run(company.create_tax, TaxIn(name="Exento", rate=D(0)))
    book, bread = buyer.product(nombre="Libro", tax_id=exempt.id), buyer.product()
    made = buyer.buy((book.id, 1, 1000), (bread.id, 1, 1000))
    assert (made.monto_neto, made.iva, made.monto_total) == (2000, 190, 2190)


def test_dates_without_offset_are_chilean(buyer):
    bread = buyer.product()
    made = buyer.buy((bread.id, 1, 1), fecha_compra="2026-07-01")
    assert made.fecha_compra == datetime(2026, 7, 1, 4, tzinfo=UTC)
    kept = buyer.edit(made, (bread.id, 1, 1), observacion="Nota")
    assert (kept.fecha_compra, kept.observacion) == (made.fecha_compra, "Nota")


def test_invoices_of_a_chilean_month_are_its_vat_credit(buyer):
    bread = buyer.product()
    for moment, tipo, cost in (
        ("2026-05-01T00:00:00", "FACTURA", 100),
        ("2026-05-31T23:59:59", "FACTURA", 1000),
        ("2026-05-31T12:00:00", "BOLETA", 10_000),
        ("2026-04-30T23:59:59", "FACTURA", 100_000),
        ("2026-06-01T00:00:00", "FACTURA", 1_000_000),
    ):
        buyer.buy((bread.id, 1, cost), fecha_compra=moment, tipo_documento=tipo)
    found = buyer.member.run(reports.vat, date(2026, 5, 17))
    assert (found.debito, found.credito, found.iva_estimado, found.remanente) == (0, 19 + 190, 0, 209)


def test_editing_takes_the_old_lines_back_and_puts_the_new_ones(buyer):
    bread = buyer.product()
    made = buyer.buy((bread.id, 10, 100), (bread.id, 5, 120))
    edited = buyer.edit(made, (bread.id, 4, 100), (bread.id, 3, 110), folio="9", tipo_documento="BOLETA")
    assert (edited.id, edited.monto_neto, edited.iva, edited.folio) == (made.id, 730, 0, "9")
    assert buyer.stock(bread) == 7
    reversal = f"Ajuste por edición de Compra #{made.id}"
    assert rows(buyer, bread)[2:] == [
        ("ENTRADA", "COMPRA", D(4), D(19), "Compra Folio 9"),
        ("ENTRADA", "COMPRA", D(3), D(22), "Compra Folio 9"),
        ("SALIDA", "AJUSTE", D(10), D(12), reversal),
        ("SALIDA", "AJUSTE", D(5), D(7), reversal),
    ]
    assert buyer.member.run(service.get_purchase, made.id) == edited


def test_the_same_lines_move_nothing(buyer):
    bread = buyer.product()
    made = buyer.buy((bread.id, 10, 100))
    buyer.take(bread, 10)
    edited = buyer.edit(made, (bread.id, "10.000", "100.0"), folio="55")
    assert (edited.folio, len(buyer.kardex(bread))) == ("55", 2)


def test_deleting_takes_everything_back(buyer):
    bread = buyer.product()
    made = buyer.buy((bread.id, 10, 100), folio="8")
    buyer.cancel(made)
    assert rows(buyer, bread)[1:] == [("SALIDA", "AJUSTE", D(10), D(0), f"Eliminación Compra #{made.id} (Folio 8)")]
    for use_case, arguments in (
        (service.get_purchase, ()),
        (service.delete_purchase, ()),
        (service.update_purchase, (buyer.order([(bread.id, 1, 1)]),)),
    ):
        with pytest.raises(PurchaseNotFound, match="Compra no encontrada"):
            buyer.member.run(use_case, made.id, *arguments)


def test_what_left_cannot_be_taken_back(buyer):
    bread = buyer.product(nombre="Marraqueta {kg}")
    made = buyer.buy((bread.id, 10, 100))
    buyer.take(bread, 8)
    with pytest.raises(GoodsAlreadyLeft, match=r"No se puede eliminar la compra: .* Marraqueta \{kg\}. Disponible: 2"):
        buyer.cancel(made)
    with pytest.raises(GoodsAlreadyLeft, match="No se puede cambiar la compra"):
        buyer.edit(made, (bread.id, 7, 100))
    assert (buyer.stock(bread), len(buyer.kardex(bread))) == (2, 2)
    assert buyer.member.run(service.get_purchase, made.id).monto_neto == 1000
    assert buyer.edit(made, (bread.id, 8, 100)).details[0].cantidad == 8
    assert buyer.stock(bread) == 0


def test_only_what_went_to_the_shelf_leaves_it(buyer):
    """The product was not counted when it was bought and is now, or the other way round."""
    loose, counted = buyer.product(stock=None), buyer.product()
    made = buyer.buy((loose.id, 5, 10), (counted.id, 5, 10))
    change = buyer.member.run
    change(products.update_product, loose.id, ProductPatch(controla_stock=True))
    change(products.update_product, counted.id, ProductPatch(controla_stock=False))
    buyer.cancel(made)
    assert (buyer.stock(loose), buyer.stock(counted)) == (0, 0)


def test_what_cannot_be_bought(buyer):
    bread = buyer.product()
    variants = [{"nombre": "Chica", "precio_neto": 1000}]
    family = buyer.member.run(
        products.create_with_variants,
        ProductWithVariantsIn(nombre="Polera", precio_neto=D(1000), controla_stock=True, variants=variants),
    )
    made = buyer.buy((bread.id, 1, 1))
    text = "El producto 'Polera' tiene variantes. Debe ingresar la compra a la variante específica"
    for act in (buyer.buy, lambda *items, **fields: buyer.edit(made, *items, **fields)):
        with pytest.raises(ProviderNotFound, match="Proveedor no encontrado"):
            act((bread.id, 1, 1), provider_id=999)
        with pytest.raises(PurchasedProductUnknown, match="Producto 999 no encontrado"):
            act((999, 1, 1))
        with pytest.raises(ProductHasVariants, match=text):
            act((family.id, 1, 1))
        with pytest.raises(PurchaseTooLarge):
            act((bread.id, 10**9, 10**9))
    with pytest.raises(StockTooLarge):
        buyer.buy(*[(bread.id, 10**9, 0)] * 101)
    assert buyer.buy((family.variants[0].id, 2, 500)).details[0].product.full_name == "Polera Chica"
    assert buyer.stock(bread) == 1


def test_a_deleted_product_stays_only_where_it_was(buyer):
    bread = buyer.product()
    made = buyer.buy((bread.id, 5, 10))
    buyer.member.run(products.delete_product, bread.id)
    with pytest.raises(PurchasedProductUnknown):
        buyer.buy((bread.id, 5, 10))
    assert buyer.edit(made, (bread.id, 4, 10)).details[0].cantidad == 4
    buyer.cancel(made)


def test_list_is_newest_first_and_is_searched(buyer):
    bread = buyer.product()
    made = [buyer.buy((bread.id, 1, 1), folio=folio) for folio in ("A-1", "B_2", None)]

    def ids(page=None, q=None):
        return [row.id for row in buyer.member.run(service.list_purchases, page or Page(), q).rows]

    newest = [row.id for row in reversed(made)]
    assert ids() == newest
    assert ids(Page(limit=1)) == newest[:1]
    assert ids(Page(after=newest[0])) == ids(Page(skip=1)) == newest[1:]
    assert ids(q="b_") == [made[1].id]
    assert ids(q="ñandu") == ids(q=buyer.provider.rut) == newest
    assert buyer.member.run(service.list_purchases, Page(limit=1, count=True), "1").total == len(ids(q="1"))
    assert ids(q="nada de eso") == []


def test_many_edits_of_one_purchase_at_once(buyer):
    bread, cheese = buyer.product(), buyer.product()
    made = buyer.buy((bread.id, 10, 100))
    together = threading.Barrier(8)

    def one(number: int) -> None:
        items = [(bread.id, number + 1, 100 + number), (cheese.id, number + 1, 50)]
        together.wait()
        buyer.edit(made, *(items if number % 2 else items[::-1]))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    left = buyer.member.run(service.get_purchase, made.id)
    quantities = {line.product_id: line.cantidad for line in left.details}
    costs = {line.product_id: line.precio_costo_unitario for line in left.details}
    for product in (bread, cheese):
        assert buyer.stock(product) == quantities[product.id] == on_kardex(buyer, product)
        assert buyer.cost(product) == costs[product.id]


def test_edit_and_delete_at_once(buyer):
    bread = buyer.product()
    made = [buyer.buy((bread.id, 10, 100)) for _ in range(6)]
    together = threading.Barrier(12)

    def one(number: int) -> None:
        together.wait()
        try:
            if number % 2:
                buyer.cancel(made[number // 2])
            else:
                buyer.edit(made[number // 2], (bread.id, 3, 90))
        except PurchaseNotFound:
            pass

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(one, range(12)))
    assert buyer.stock(bread) == on_kardex(buyer, bread) == 0
    assert buyer.cost(bread) == 0


def test_purchases_of_the_same_products_at_once(buyer):
    pair = [buyer.product(), buyer.product()]
    buyer.method("PROMEDIO")
    together = threading.Barrier(8)

    def one(number: int) -> None:
        items = [(product.id, 1, 100 * (number + 1)) for product in pair]
        together.wait()
        buyer.buy(*(items if number % 2 else items[::-1]))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    for product in pair:
        assert buyer.stock(product) == on_kardex(buyer, product) == 8
        assert abs(buyer.cost(product) - 450) < D("0.0001")


def on_kardex(buyer, product) -> Decimal:
    """The sum of the kardex, every running balance checked."""
    running = D(0)
    for entry in buyer.kardex(product):
        running += entry.cantidad if entry.tipo == "ENTRADA" else -entry.cantidad
        assert entry.balance_after == running >= 0
    return running


line = st.tuples(st.integers(0, 1), st.integers(1, 9), st.integers(0, 500))
lines = st.lists(line, min_size=1, max_size=3)
step = st.one_of(
    st.tuples(st.just("buy"), lines),
    st.tuples(st.just("edit"), st.integers(0, 5), lines),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.just("take"), st.integers(0, 1), st.integers(1, 9)),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, max_size=8), average=st.booleans())
def test_the_shelf_is_its_kardex_and_no_trace_of_cost_stays(buyer, steps, average):
    buyer.method("PROMEDIO" if average else "ULTIMO")
    pair = [buyer.product(nombre=f"Producto {n}", costo_unitario=D(77)) for n in range(2)]
    living, taken = [], {0: D(0), 1: D(0)}

    def items(wanted):
        return [(pair[which].id, quantity, cost) for which, quantity, cost in wanted]

    for action, *what in steps:
        if action == "buy":
            living.append(buyer.buy(*items(what[0])))
        elif action == "take":
            if buyer.stock(pair[what[0]]) >= what[1]:
                buyer.take(pair[what[0]], what[1])
                taken[what[0]] += what[1]
        elif living:
            at = what[0] % len(living)
            try:
                if action == "edit":
                    living[at] = buyer.edit(living[at], *items(what[1]))
                else:
                    buyer.cancel(living[at])
                    del living[at]
            except GoodsAlreadyLeft:
                continue
    for which, product in enumerate(pair):
        bought = sum(d.cantidad for p in living for d in p.details if d.product_id == product.id)
        assert buyer.stock(product) == on_kardex(buyer, product) == bought - taken[which]
        assert buyer.cost(product) >= 0
        last = [d.precio_costo_unitario for p in living for d in p.details if d.product_id == product.id]
        if not average:
            assert buyer.cost(product) == (last[-1] if last else 77)
        if average and not any(taken.values()) and last:
            # Nothing left the shelf: its value is what was paid, to what six decimals of a unit cost can tell.
            paid = sum(
                d.cantidad * d.precio_costo_unitario for p in living for d in p.details if d.product_id == product.id
            )
            assert abs(buyer.cost(product) * bought - paid) < D("0.01")

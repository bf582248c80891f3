"""What the notes of a sale come to: always the sale, to the peso, whatever the steps."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torn_app.dte.documento import DescuentoGlobal, Detalle
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, totals_of
from torn_app.kernel.money import Pesos
from torn_app.sales.errors import ReturnExceeds
from torn_app.sales.return_rules import Sold, SoldLine, choose_lines, note_parts
from torn_app.sales.rules import document_price

D = Decimal


def sell(tipo: TipoDte, rows: list[dict], globales: tuple[DescuentoGlobal, ...] = ()) -> tuple[Sold, Totales]:
    """Sell as the till does. A row is net price, quantity, exempt, and a discount in percent or pesos."""
    gross = tipo.precios_brutos
    detalles = [
        Detalle(
            nombre=f"Producto {number}",
            cantidad=row["cantidad"],
            precio=document_price(row["neto"], gross=gross, exempt=row["exento"] or tipo.es_exento),
            exento=row["exento"] and not tipo.es_exento,
            descuento_pct=row.get("pct"),
        )
        for number, row in enumerate(rows)
    ]
    totales = totals_of(tipo, detalles, globales)
    lines = [
        SoldLine(
            id=line.numero,
            product_id=row.get("product_id", line.numero),
            nombre=line.detalle.nombre,
            cantidad=line.detalle.cantidad,
            precio_neto=row["neto"],
            exento=line.exento,
            descuento=line.descuento_monto,
            monto=line.monto_item,
        )
        for line, row in zip(totales.lineas, rows, strict=True)
    ]
    afecto = totales.monto_neto + (totales.iva if gross else 0)
    return Sold(lines, gross, afecto, totales.monto_exento), totales


def give_back(sold: Sold, before: dict[int, Decimal], taking: dict[int, Decimal]) -> Totales:
    parts = note_parts(sold, before, taking)
    detalles = [detalle for _, detalle in parts.detalles]
    return totals_of(TipoDte.NOTA_CREDITO, detalles, parts.descuentos, montos_brutos=parts.montos_brutos)


def parts_of(totales: Totales) -> tuple[int, ...]:
    return (totales.monto_neto, totales.monto_exento, totales.iva, totales.monto_total)


rows = st.fixed_dictionaries(
    {
        "neto": st.decimals(min_value=0, max_value=50_000, places=6) | st.integers(0, 50_000).map(D),
        "cantidad": st.decimals(min_value=D("0.001"), max_value=40, places=3) | st.integers(1, 40).map(D),
        "exento": st.booleans(),
        "pct": st.none() | st.decimals(min_value=0, max_value=100, places=2),
    }
)
tipos = st.sampled_from([TipoDte.FACTURA, TipoDte.FACTURA_EXENTA, TipoDte.BOLETA, TipoDte.BOLETA_EXENTA])


@st.composite
def discounted(draw: st.DrawFn) -> tuple[Sold, Totales]:
    tipo = draw(tipos)
    lines = draw(st.lists(rows, min_size=1, max_size=5))
    _, plain = sell(tipo, lines)
    globales = []
    for exempt in (False, True):
        whole = sum(line.monto_item for line in plain.lineas if line.exento == exempt)
        if whole and draw(st.booleans()):
            globales.append(DescuentoGlobal(monto=Pesos(draw(st.integers(1, whole))), sobre_exento=exempt))
    return sell(tipo, lines, tuple(globales))


@given(discounted())
def test_all_at_once_is_the_sale(sale: tuple[Sold, Totales]) -> None:
    sold, totales = sale
    everything = {line.id: line.cantidad for line in sold.lines}
    note = give_back(sold, {}, everything)
    assert parts_of(note) == parts_of(totales)
    assert [line.monto_item for line in note.lineas] == [line.monto_item for line in totales.lineas]


@given(discounted(), st.data())
def test_in_any_steps_the_notes_add_up_to_the_sale_and_never_to_more(
    sale: tuple[Sold, Totales], data: st.DataObject
) -> None:
    sold, totales = sale
    before: dict[int, Decimal] = {}
    total = exempt = 0
    left = {line.id: line.cantidad for line in sold.lines}
    while left:
        taking = {}
        for line_id, quantity in left.items():
            thousandths = int(quantity * 1000)
            some = D(data.draw(st.integers(0, thousandths))) / 1000
            if some:
                taking[line_id] = some
        if not taking or len(before) > 40 or data.draw(st.booleans()):
            taking = dict(left)
        note = give_back(sold, before, taking)
        total += note.monto_total
        exempt += note.monto_exento
        assert 0 <= total <= totales.monto_total
        before = {key: before.get(key, D(0)) + taking.get(key, D(0)) for key in {*before, *taking}}
        left = {key: value - taking.get(key, D(0)) for key, value in left.items() if value != taking.get(key)}
    assert (total, exempt) == (totales.monto_total, totales.monto_exento)


def test_where_net_prices_cannot_reach_the_total_the_note_has_vat_in_its_prices() -> None:
    """Three units at 1 net are 3 + 1 of VAT: 4. One by one: 1, 1 (of 2, with 0.38 of VAT), and 2."""
    sold, totales = sell(TipoDte.FACTURA, [{"neto": D(1), "cantidad": D(3), "exento": False}])
    assert parts_of(totales) == (3, 0, 1, 4)
    first = note_parts(sold, {}, {1: D(1)})
    second = note_parts(sold, {1: D(1)}, {1: D(1)})
    third = note_parts(sold, {1: D(2)}, {1: D(1)})
    assert [part.montos_brutos for part in (first, second, third)] == [False, False, True]
    assert parts_of(give_back(sold, {1: D(2)}, {1: D(1)})) == (2, 0, 0, 2)


def test_a_discount_in_pesos_comes_back_in_proportion() -> None:
    """10 x 1.000 less 1.000 on the whole sale: 9.000 net, 1.710 of VAT. Three units: 2.700 and 513."""
    row = {"neto": D(1000), "cantidad": D(10), "exento": False}
    sold, totales = sell(TipoDte.FACTURA, [row], (DescuentoGlobal(monto=Pesos(1000)),))
    assert totales.monto_total == 10_710
    assert parts_of(give_back(sold, {}, {1: D(3)})) == (2_700, 0, 513, 3_213)


def test_a_product_on_two_lines_comes_back_line_by_line() -> None:
    two = [
        {"neto": D(1000), "cantidad": D(2), "exento": False, "product_id": 7},
        {"neto": D(500), "cantidad": D(2), "exento": False, "product_id": 7},
    ]
    sold, _ = sell(TipoDte.BOLETA, two)
    assert choose_lines(sold.lines, {}, 7, D(3)) == {1: D(2), 2: D(1)}
    assert choose_lines(sold.lines, {1: D(2), 2: D(1)}, 7, D(1)) == {2: D(1)}
    assert give_back(sold, {}, {1: D(2), 2: D(1)}).monto_total == 2_380 + 595
    with pytest.raises(ReturnExceeds, match=r"^De Producto 0 quedan 1 por devolver y se pidieron 2\.$"):
        choose_lines(sold.lines, {1: D(2), 2: D(1)}, 7, D(2))

"""Additional and withheld taxes: the table, its dates, and amounts computed by hand."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from tests.fiscal_material import TODAY, documento, line
from tests.shared_material import shared_path
from torn_app.dte.documento import (
    DescuentoGlobal,
    Detalle,
    Documento,
    ImpuestoInformado,
    IndicadorLinea,
    Movimiento,
    Referencia,
)
from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.impuestos import (
    IMPUESTOS,
    Base,
    codigo_retencion_total,
    impuesto,
    nombre_impuesto,
    resta_del_total,
)
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, add_taxes, add_vat, compute_totals, remove_taxes, totals_of
from torn_app.kernel.money import Pesos

T = TipoDte
XS = "{http://www.w3.org/2001/XMLSchema}"
# Table of the format, written again by hand: code, rate, sign. The stated ones have no rate.
TABLE = """14 19 +|15 19 -|17 5 +|18 5 +|19 12 +|23 15 +|24 31.5 +|25 20.5 +|26 20.5 +|27 10 +|271 18 +|28 0 +|30 10 -
31 19 -|32 8 -|33 8 -|34 4 -|35 0 +|36 10 -|37 10 -|38 19 -|39 19 -|41 19 -|44 15 +|45 50 +|46 19 -|47 19 -|48 14 -
49 0 -|50 19 +|51 0 +|52 0 +|53 0.5 -|301 19 -|321 19 -|331 19 -|341 19 -|361 19 -|371 19 -|481 19 -"""
ROWS = [row.split() for row in TABLE.replace("\n", "|").split("|")]


def test_the_table_is_the_one_of_the_format() -> None:
    found = {code: (row.tasa(TODAY), row.efecto.value) for code, row in IMPUESTOS.items()}
    assert found == {int(code): (Decimal(rate), sign) for code, rate, sign in ROWS}
    assert all(row.nombre for row in IMPUESTOS.values())


def test_every_code_is_one_of_the_schema() -> None:
    tree = etree.parse(shared_path("sii", "xsd", "SiiTypes_v10.xsd"))
    kind = tree.find(f".//{XS}simpleType[@name='ImpAdicDTEType']")
    assert kind is not None
    accepted = {int(row.get("value") or 0) for row in kind.iter(f"{XS}enumeration")}
    assert set(IMPUESTOS) <= accepted
    # In the schema, and in no table of the format.
    assert accepted - set(IMPUESTOS) == {16, 40, 54, 55}


@pytest.mark.parametrize(
    ("code", "day", "rate"),
    [
        (27, date(2014, 9, 30), "13"),
        (27, date(2014, 10, 1), "10"),
        (24, date(2014, 9, 30), "27"),
        (25, date(2014, 9, 30), "15"),
        (26, date(2014, 10, 1), "20.5"),
        (34, date(2011, 12, 31), "11"),
        (34, date(2012, 1, 1), "4"),
        (34, None, "4"),
    ],
)
def test_rates_by_date(code: int, day: date | None, rate: str) -> None:
    assert impuesto(code).tasa(day) == Decimal(rate)


def test_rates_never_overlap_and_leave_no_gap() -> None:
    for row in IMPUESTOS.values():
        for before, after in zip(row.tasas, row.tasas[1:], strict=False):
            assert before.hasta is not None
            assert (after.desde - before.hasta).days == 1
        assert not row.tasas or row.tasas[-1].hasta is None


def test_a_tax_before_its_law_is_refused() -> None:
    with pytest.raises(DocumentoInvalido, match="no regía el 30-09-2014"):
        documento(T.FACTURA, line(codigos_impuesto=(271,)), fecha_emision=date(2014, 9, 30))


def test_the_code_of_a_full_withholding() -> None:
    found = {code: codigo_retencion_total(code) for code in (30, 32, 33, 34, 36, 37, 38, 48, 15)}
    assert found == {30: 301, 32: 321, 33: 331, 34: 341, 36: 361, 37: 371, 38: 38, 48: 481, 15: 15}
    assert (nombre_impuesto("27"), nombre_impuesto("99")) == ("IABA bebidas analcohólicas", "Impuesto 99")
    assert (resta_del_total("15"), resta_del_total("27"), resta_del_total("99")) == (True, False, False)


def rows_of(totales: Totales) -> dict[int, int]:
    return {row.impuesto.codigo: row.monto for row in totales.impuestos}


def taxed(price: str, *codes: int, **more: Any) -> Detalle:
    return line("Cosa", price, codigos_impuesto=codes, **more)


PCT10 = DescuentoGlobal(pct=Decimal(10))
# lines, global rows, (net, VAT, taxes, total)
BY_HAND = [
    ([taxed("1000", 24)], [], (1000, 190, {24: 315}, 1505)),  # pisco: sample 33_008
    ([taxed("700000", 19)], [], (700000, 133000, {19: 84000}, 917000)),  # flour: sample 33_003
    ([taxed("10000", 25)], [], (10000, 1900, {25: 2050}, 13950)),
    ([taxed("10000", 26)], [], (10000, 1900, {26: 2050}, 13950)),
    ([taxed("10000", 27)], [], (10000, 1900, {27: 1000}, 12900)),
    ([taxed("10000", 271)], [], (10000, 1900, {271: 1800}, 13700)),
    ([taxed("10000", 18)], [], (10000, 1900, {18: 500}, 12400)),
    ([taxed("10000", 17, base_faena=4000)], [], (10000, 1900, {17: 200}, 12100)),
    ([taxed("10000", 14, margen=2000)], [], (10000, 1900, {14: 380}, 12280)),
    ([taxed("10000", 50, margen=2000)], [], (10000, 1900, {50: 380}, 12280)),
    ([taxed("10000", 23)], [], (10000, 1900, {23: 1500}, 13400)),
    ([taxed("10000", 44)], [], (10000, 1900, {44: 1500}, 13400)),
    ([taxed("10000", 45)], [], (10000, 1900, {45: 5000}, 16900)),
    ([taxed("10000", 23, 45)], [], (10000, 1900, {23: 1500, 45: 5000}, 18400)),  # two on one line
    # Half a peso goes up: 5 x 10 % = 0.5, and once over the sum, not line by line: 15 x 10 % = 1.5.
    ([taxed("5", 27)], [], (5, 1, {27: 1}, 7)),
    ([taxed("5", 27)] * 3, [], (15, 3, {27: 2}, 20)),
    # The discount of 10 % takes its share of each tax: 10000 + 20000 + 5000 - 3500 = 31500.
    (
        [taxed("10000", 27), taxed("20000", 24), taxed("5000")],
        [PCT10],
        (31500, 5985, {24: 5670, 27: 900}, 44055),
    ),
    # A surcharge works the other way, and an amount is allowed where all lines bear the same tax.
    (
        [taxed("10000", 27), taxed("5000")],
        [DescuentoGlobal(pct=Decimal(10), movimiento=Movimiento.RECARGO)],
        (16500, 3135, {27: 1100}, 20735),
    ),
    ([taxed("10000", 27), taxed("5000", 27)], [DescuentoGlobal(monto=Pesos(1000))], (14000, 2660, {27: 1400}, 18060)),
    # Exempt and deposit lines stay out of the base; the deposit is in the total.
    (
        [
            taxed("10000", 27),
            line("Libro", "3000", exento=True),
            line("Envase", "500", indicador=IndicadorLinea.GARANTIA_DEPOSITO),
        ],
        [],
        (10000, 1900, {27: 1000}, 16400),
    ),
]


@pytest.mark.parametrize(("lines", "rows", "expected"), BY_HAND)
def test_invoices_by_hand(
    lines: list[Detalle], rows: list[DescuentoGlobal], expected: tuple[int, int, dict[int, int], int]
) -> None:
    totales = compute_totals(documento(T.FACTURA, *lines, descuentos=rows))
    assert (totales.monto_neto, totales.iva, rows_of(totales), totales.monto_total) == expected


def test_rates_are_those_of_the_day_of_the_document() -> None:
    old = documento(T.FACTURA, taxed("10000", 27), fecha_emision=date(2014, 9, 30))
    assert compute_totals(old).monto_total == 13200
    assert totals_of(T.FACTURA, [taxed("10000", 27)]).monto_total == 12900


def test_a_stated_tax_on_fuel() -> None:
    diesel = documento(T.FACTURA, taxed("10000", 28), line(), impuestos_informados=[ImpuestoInformado(28, Pesos(1234))])
    totales = compute_totals(diesel)
    assert (rows_of(totales), totales.monto_total) == ({28: 1234}, 11190 + 2126 + 1234)
    assert totales.impuestos[0].tasa is None


# gross lines with their code, then (net, VAT, taxes)
BOLETAS = [
    ([("1290", 27)], (1000, 190, {27: 100})),
    ([("1505", 24)], (1000, 190, {24: 315})),
    ([("1395", 25)], (1000, 190, {25: 205})),
    ([("1370", 271)], (1000, 190, {271: 180})),
    ([("1290", 27), ("1190", 0)], (2000, 380, {27: 100})),
    # 990 / 1.29 = 767.44; 10 % = 76.7, and VAT takes what is left: 990 - 767 - 77.
    ([("990", 27)], (767, 146, {27: 77})),
]


@pytest.mark.parametrize(("goods", "expected"), BOLETAS)
def test_boletas_by_hand(goods: list[tuple[str, int]], expected: tuple[int, int, dict[int, int]]) -> None:
    lines = [taxed(price, *([code] if code else [])) for price, code in goods]
    totales = compute_totals(documento(T.BOLETA, *lines))
    assert (totales.monto_neto, totales.iva, rows_of(totales)) == expected
    assert totales.monto_total == sum(int(price) for price, _ in goods)


@pytest.mark.parametrize("codes", [(), (27,), (24,), (45,), (23, 45)])
def test_small_boletas_always_add_up(codes: tuple[int, ...]) -> None:
    for gross in range(1, 300):
        totales = compute_totals(documento(T.BOLETA, taxed(str(gross), *codes)))
        parts = [totales.monto_neto, totales.iva, *rows_of(totales).values()]
        assert (sum(parts), totales.monto_total) == (gross, gross)
        assert min(parts) >= 0
        assert abs(totales.iva - totales.monto_neto * Decimal("0.19")) <= 2


def test_a_net_price_without_its_taxes() -> None:
    assert remove_taxes(Decimal(1290), [27]) == 1000
    assert remove_taxes(Decimal(1190), []) == 1000
    assert remove_taxes(Decimal(1320), [27], date(2014, 9, 30)) == 1000


REFERS = Referencia(tipo="33", folio="1", fecha=TODAY, codigo="3")
NETS = [code for code, row in IMPUESTOS.items() if row.base is Base.NETO]
REFUSED: list[tuple[Callable[[], Documento | Detalle], str, str]] = [
    (lambda: taxed("1", 99), "codigos_impuesto", "No existe"),
    (lambda: taxed("1", 27, 24, 25), "codigos_impuesto", "hasta dos"),
    (lambda: taxed("1", 27, 27), "codigos_impuesto", "distintos"),
    (lambda: taxed("1", 15, 34), "codigos_impuesto", "una sola retención"),
    (lambda: taxed("1", 27, exento=True), "codigos_impuesto", "no es afecta"),
    (lambda: taxed("1", 27, indicador=2), "codigos_impuesto", "no es afecta"),
    (lambda: taxed("1", 17), "base_faena", "faenamiento"),
    (lambda: taxed("1", 18, base_faena=1), "base_faena", "faenamiento"),
    (lambda: taxed("1", 14), "margen", "margen"),
    (lambda: taxed("1", 14, margen=-1), "margen", "negativo"),
    (lambda: documento(T.FACTURA_EXENTA, taxed("1", 27)), "codigos_impuesto", "exento"),
    (lambda: documento(T.FACTURA, taxed("1", 27), montos_brutos=True), "montos_brutos", "netos"),
    (lambda: documento(T.FACTURA, taxed("1", 15)), "codigos_impuesto", "factura de compra"),
    (lambda: documento(T.NOTA_CREDITO, taxed("1", 15), referencias=[REFERS]), "codigos_impuesto", "factura de compra"),
    (lambda: documento(T.BOLETA, taxed("1", 15)), "codigos_impuesto", "boleta"),
    (lambda: documento(T.BOLETA, taxed("1", 17, base_faena=1)), "codigos_impuesto", "boleta"),
    (lambda: documento(T.FACTURA, taxed("1", 28)), "impuestos_informados", "combustibles"),
    (
        lambda: documento(T.FACTURA, line(), impuestos_informados=[ImpuestoInformado(28, Pesos(1))]),
        "impuestos_informados",
        "combustibles",
    ),
    (
        lambda: documento(T.FACTURA, impuestos_informados=[ImpuestoInformado(27, Pesos(1))]),
        "impuestos_informados",
        "se calcula",
    ),
    (
        lambda: documento(T.FACTURA, impuestos_informados=[ImpuestoInformado(28, Pesos(-1))]),
        "impuestos_informados",
        "negativo",
    ),
    (
        lambda: documento(T.GUIA_DESPACHO, indicador_traslado=1, credito_constructoras=1),
        "credito_constructoras",
        "facturas y notas",
    ),
    (
        lambda: documento(T.FACTURA_COMPRA, *[taxed("1", code) for code in NETS[:21]]),
        "codigos_impuesto",
        "hasta 20",
    ),
]


@pytest.mark.parametrize(("build", "campo", "text"), REFUSED, ids=[f"{row[1]}-{row[2]}" for row in REFUSED])
def test_refused(build: Callable[[], Documento | Detalle], campo: str, text: str) -> None:
    with pytest.raises(DocumentoInvalido, match=text) as caught:
        build()
    assert caught.value.campo == campo


def test_an_amount_off_lines_of_different_taxes_is_refused() -> None:
    off = DescuentoGlobal(monto=Pesos(10))
    with pytest.raises(DocumentoInvalido, match="va en %"):
        totals_of(T.FACTURA, [taxed("100", 27), line()], [off])
    with pytest.raises(DocumentoInvalido, match="va en %"):
        totals_of(T.BOLETA, [taxed("100", 27), line()], [off])
    exempt = DescuentoGlobal(monto=Pesos(10), sobre_exento=True)
    lines = [taxed("100", 27), taxed("100"), line(exento=True)]
    assert totals_of(T.FACTURA, lines, [exempt]).monto_exento == 1180


def test_credit_of_building_companies() -> None:
    assert compute_totals(documento(T.FACTURA, line(precio="1000"), credito_constructoras=124)).monto_total == 1066
    with pytest.raises(DocumentoInvalido, match="mayor que el IVA"):
        compute_totals(documento(T.FACTURA, line(precio="1000"), credito_constructoras=191))


def test_only_stated_taxes_have_no_rate() -> None:
    assert {code for code, row in IMPUESTOS.items() if row.base is Base.INFORMADO} == {28, 35, 51, 52}
    assert all(bool(row.tasas) != (row.base is Base.INFORMADO) for row in IMPUESTOS.values())


@pytest.mark.parametrize(
    ("net", "codes", "gross"),
    [("1000", (27,), "1290"), ("1000", (24,), "1505"), ("13", (27,), "16.77"), ("1000", (), "1190")],
)
def test_a_price_with_its_taxes(net: str, codes: tuple[int, ...], gross: str) -> None:
    assert add_taxes(Decimal(net), codes) == Decimal(gross)


def test_a_price_typed_with_its_taxes_comes_back_exactly() -> None:
    for gross in (*range(1, 3000), 8_990, 149_990):
        for code in (27, 24, 25, 45):
            assert add_taxes(remove_taxes(Decimal(gross), (code,)), (code,)) == gross
    assert add_taxes(Decimal("831.932773"), ()) == add_vat(Decimal("831.932773")) == 990

"""Random baskets over every type and tax: they add up, survive the schema, and are read back as they were."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests import judges
from tests.fiscal_material import TODAY, documento, issue
from torn_app.dte.documento import DescuentoGlobal, Detalle, Documento, IndicadorLinea, Movimiento, Referencia
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import compute_totals
from torn_app.kernel.money import Pesos
from torn_app.sales.stored import stored_parts

T = TipoDte
ADDED = (18, 19, 23, 24, 25, 26, 27, 271, 44, 45)
WITHHELD = (15, 30, 31, 32, 33, 34, 36, 37, 38, 39, 41, 46, 47, 48, 49, 301, 321, 331, 341, 361, 371, 481)
RATES = {18: "5", 19: "12", 23: "15", 24: "31.5", 25: "20.5", 26: "20.5", 27: "10", 271: "18", 44: "15", 45: "50"}
RATES |= {17: "5", 14: "19"}
NET = (T.FACTURA, T.GUIA_DESPACHO, T.NOTA_DEBITO, T.NOTA_CREDITO)
TYPES = (*NET, T.FACTURA_EXENTA, T.BOLETA, T.BOLETA_EXENTA, T.FACTURA_COMPRA)
pct = st.decimals(min_value="0.01", max_value=50, places=2)


@st.composite
def lines(draw: st.DrawFn, codes: tuple[int, ...], *, special: bool) -> Detalle:
    values: dict[str, Any] = {
        "nombre": draw(st.sampled_from(["Cosa", "Ñandú & <Cía>", "Te \"a\" 'b'"])),
        "cantidad": draw(st.decimals(min_value="0.000001", max_value=9_999, places=6)),
        "precio": draw(st.decimals(min_value=0, max_value=99_999, places=6)),
        "descuento_pct": draw(st.none() | st.decimals(min_value=0, max_value=100, places=2)),
        "recargo_pct": draw(st.none() | st.decimals(min_value=0, max_value=100, places=2)),
    }
    kind = draw(st.sampled_from(["afecto", "afecto", "exento", "especial"] if special else ["afecto", "exento"]))
    if kind == "exento":
        values["exento"] = True
    elif kind == "especial":
        values["indicador"] = draw(st.sampled_from([IndicadorLinea.NO_FACTURABLE]))
    elif codes:
        chosen = draw(st.lists(st.sampled_from(codes), max_size=2, unique=True))
        if len([code for code in chosen if code in WITHHELD]) > 1:
            chosen = chosen[:1]
        values["codigos_impuesto"] = tuple(chosen)
        for code, field in ((17, "base_faena"), (14, "margen")):
            if code in chosen:
                values[field] = Pesos(draw(st.integers(0, 10**7)))
    return Detalle(**values)


@st.composite
def documents(draw: st.DrawFn) -> Documento:
    tipo = draw(st.sampled_from(TYPES))
    more: dict[str, Any] = {}
    purchase = tipo is T.FACTURA_COMPRA or (tipo.es_nota and draw(st.booleans()))
    gross = not purchase and not tipo.es_boleta and not tipo.es_exento and not tipo.es_guia and draw(st.booleans())
    codes: tuple[int, ...] = ()
    if not tipo.es_exento and not gross:
        codes = ADDED if tipo.es_boleta else (*ADDED, 14, 17)
        codes = WITHHELD if purchase else codes
    rows = draw(st.lists(lines(codes, special=not tipo.es_guia), min_size=1, max_size=6))
    if not any(not row.exento and row.indicador is None for row in rows) or tipo is T.FACTURA_EXENTA:
        rows.append(Detalle(nombre="Afecto", precio=Decimal(1000)))
    if tipo.es_nota:
        more["referencias"] = [Referencia(tipo="46" if purchase else "33", folio="1", fecha=TODAY, codigo="3")]
    if tipo.es_guia:
        more["indicador_traslado"] = 1
    else:
        classes: list[dict[str, Any]] = [{}, {"sobre_exento": True}]
        if sum(row.cantidad * row.precio for row in rows if row.indicador and not row.descuento_pct) > 1:
            classes.append({"sobre_no_facturable": True})
        more["descuentos"] = [
            DescuentoGlobal(
                pct=draw(pct), movimiento=draw(st.sampled_from(Movimiento)), **draw(st.sampled_from(classes))
            )
            for _ in range(draw(st.integers(0, 2)))
        ]
    return documento(tipo, *rows, montos_brutos=gross, **more)


def half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def check_xml(xml: bytes, document: Documento) -> None:
    """Recompute every figure from the XML alone, by the rules of the format."""
    root = etree.fromstring(re.sub(rb' xmlns="[^"]+"', b"", xml))
    totals = root.find(".//Totales")
    assert totals is not None

    def number(node: etree._Element, name: str) -> Decimal:
        return Decimal(node.findtext(name) or 0)

    for row in root.iter("Detalle"):
        subtotal = half_up(number(row, "QtyItem") * number(row, "PrcItem"))
        changes = number(row, "RecargoMonto") - number(row, "DescuentoMonto")
        assert number(row, "MontoItem") == subtotal + changes
        for name in ("Descuento", "Recargo"):
            if (rate := number(row, f"{name}Pct")) != 0:
                assert number(row, f"{name}Monto") == half_up(subtotal * rate / 100)
    taxes = {row.findtext("TipoImp"): number(row, "MontoImp") for row in totals.iter("ImptoReten")}
    inside = sum(number(row, "SubTotAdicSTI") for row in root.iter("SubTotInfo"))
    signed = sum(-amount if int(code or 0) in WITHHELD else amount for code, amount in taxes.items())
    net, exempt, vat, total = (number(totals, name) for name in ("MntNeto", "MntExe", "IVA", "MntTotal"))
    assert net + exempt + vat + signed + inside == total
    assert min(net, exempt, vat, total, inside) >= 0
    withheld = sum(amount for code, amount in taxes.items() if int(code or 0) in WITHHELD)
    assert withheld <= vat
    if totals.find("IVANoRet") is not None:
        assert number(totals, "IVANoRet") == vat - withheld
    if not document.tipo.precios_brutos and not document.montos_brutos:
        assert vat == half_up(net * 19 / 100)
    if totals.find("MontoNF") is not None:
        period = "TotalPeriodo" if document.tipo.es_boleta else "MontoPeriodo"
        assert number(totals, period) == total + number(totals, "MontoNF")
    factor = Decimal(1)
    for row in root.iter("DscRcgGlobal"):
        if row.find("IndExeDR") is None:
            factor += (-1 if row.findtext("TpoMov") == "D" else 1) * number(row, "ValorDR") / 100
    for code, amount in taxes.items():
        if code in ("14", "17"):
            base = number(totals, "MntBase" if code == "17" else "MntMargenCom")
            assert amount == half_up(base * Decimal(RATES[int(code)]) / 100)
        elif int(code or 0) in RATES:
            items = (row for row in root.iter("Detalle") if code in [c.text for c in row.iter("CodImpAdic")])
            exact = sum(number(row, "MontoItem") for row in items) * factor * Decimal(RATES[int(code or 0)]) / 100
            assert abs(amount - exact) <= 6  # discounts are rounded once, over all the lines


@settings(max_examples=60)
@given(documents())
def test_random_documents_add_up_and_come_back(document: Documento) -> None:
    signed = issue(document)
    judges.xsd_validate(signed.xml, "boleta" if document.tipo.es_boleta else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    judges.verify_ted(signed.xml)
    check_xml(signed.xml, document)
    read = read_dte(signed.xml)
    t = signed.totales
    assert read.totales.monto_total == t.monto_total
    assert (read.totales.iva_no_retenido, read.totales.monto_periodo) == (t.iva_no_retenido, t.monto_periodo)
    assert (read.totales.base_faena, read.totales.margen) == (t.base_faena, t.margen)
    for row, was in zip(read.lineas, t.lineas, strict=True):
        item = was.detalle
        assert (row.monto_item, row.recargo_monto) == (was.monto_item, was.recargo_monto)
        assert row.codigos_impuesto == (() if document.tipo.es_boleta else item.codigos_impuesto)
        assert (row.base_faena, row.margen) == (item.base_faena, item.margen)
        assert row.indicador_exencion == (item.indicador or (1 if was.exento and not document.tipo.es_exento else None))


@settings(max_examples=60)
@given(documents())
def test_a_document_made_of_what_was_read_is_the_same(document: Documento) -> None:
    signed = issue(document)
    read = stored_parts(read_dte(signed.xml))
    again = documento(
        document.tipo,
        *read.detalles,
        descuentos=read.descuentos,
        referencias=read.referencias,
        montos_brutos=document.montos_brutos,
        indicador_traslado=document.indicador_traslado,
    )
    # A boleta keeps no tax codes: only its gross amounts come back.
    if any(row.detalle.codigos_impuesto for row in signed.totales.lineas) and document.tipo.es_boleta:
        assert compute_totals(again).monto_total == signed.totales.monto_total
    else:
        assert issue(again).xml == signed.xml

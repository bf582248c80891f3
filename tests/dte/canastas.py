"""Random documents: every type that is issued, every tax, every kind of line and of global row."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.fiscal_material import TODAY, documento
from torn_app.dte import aduanas
from torn_app.dte.documento import (
    DescuentoGlobal,
    Detalle,
    Documento,
    Exportacion,
    ImpuestoInformado,
    IndicadorLinea,
    Movimiento,
    Receptor,
    Referencia,
)
from torn_app.dte.tipos import EMITIBLES, TipoDte
from torn_app.dte.totales import totals_of
from torn_app.dte.totales_exportacion import export_totals_of
from torn_app.kernel.money import Pesos

T = TipoDte
ADDED = (18, 19, 23, 24, 25, 26, 27, 271, 44, 45)
WITHHELD = (15, 30, 31, 32, 33, 34, 36, 37, 38, 39, 41, 46, 47, 48, 49, 301, 321, 331, 341, 361, 371, 481)
NEWSPAPERS = 53
"""Withholds income tax, not VAT."""
FUELS = (28, 35, 51, 52)
STATED = {17: "base_faena", 14: "margen", 50: "margen"}
CHILEAN_PESO = "PESO CL"
CREDITED = (T.FACTURA, T.NOTA_DEBITO, T.NOTA_CREDITO)

_pct = st.decimals(min_value="0.01", max_value=50, places=2)
_prices = st.decimals(min_value=0, max_value=99_999, places=6)
# Halves as well: a quantity of 0.5 and an odd price, or 2.5 % of 20, stand exactly between two pesos.
_quantities = st.decimals(min_value="0.000001", max_value=9_999, places=6) | st.sampled_from(
    [Decimal("0.5"), Decimal(1), Decimal("2.5"), Decimal(7)]
)
_round_prices = st.integers(0, 9_999).map(Decimal)


@st.composite
def lines(draw: st.DrawFn, tipo: TipoDte, codes: tuple[int, ...]) -> Detalle:
    """A line of a type, with up to two of the given taxes."""
    values: dict[str, Any] = {
        "nombre": draw(st.sampled_from(["Cosa", "Ñandú & <Cía>", "Te \"a\" 'b'", "x" * 41])),
        "cantidad": draw(_quantities),
        "precio": draw(_prices | _round_prices),
    }
    kind = draw(st.sampled_from(_kinds(tipo)))
    if kind == "exento":
        values["exento"] = True
    elif kind is not None:
        values["indicador"] = kind
    if kind not in (IndicadorLinea.NO_VENTA, IndicadorLinea.A_REBAJAR):
        _adjust(draw, values)
    if kind is None and codes:
        chosen = draw(st.lists(st.sampled_from(codes), max_size=2, unique=True))
        if len([code for code in chosen if code in WITHHELD or code == NEWSPAPERS]) > 1 or {14, 50} <= set(chosen):
            chosen = chosen[:1]
        values["codigos_impuesto"] = tuple(chosen)
        for code in chosen:
            if code in STATED:
                values[STATED[code]] = Pesos(draw(st.integers(0, 10**7)))
    return Detalle(**values)


def _kinds(tipo: TipoDte) -> list[Any]:
    """What a line of a type may be: None is affected."""
    if tipo.es_exportacion:
        return ["exento"]
    kinds: list[Any] = [None, None, "exento", IndicadorLinea.NO_FACTURABLE, IndicadorLinea.NO_FACTURABLE_NEGATIVO]
    if not tipo.es_boleta:
        kinds.append(IndicadorLinea.GARANTIA_DEPOSITO)
    if tipo in (T.FACTURA, T.FACTURA_EXENTA, T.GUIA_DESPACHO):
        kinds.append(IndicadorLinea.NO_VENTA)
    return kinds


def _adjust(draw: st.DrawFn, values: dict[str, Any]) -> None:
    """Discount and surcharge of a line, each in % or in pesos, none or both."""
    subtotal = int(values["cantidad"] * values["precio"])
    way = draw(st.sampled_from(["", "%", "$"]))
    if way == "%":
        values["descuento_pct"] = draw(st.decimals(min_value=0, max_value=100, places=2))
    elif way == "$":
        values["descuento_monto"] = Pesos(draw(st.integers(0, subtotal)))
    way = draw(st.sampled_from(["", "", "%", "$"]))
    if way == "%":
        values["recargo_pct"] = draw(st.decimals(min_value=0, max_value=100, places=2))
    elif way == "$":
        values["recargo_monto"] = Pesos(draw(st.integers(0, 99_999)))


@st.composite
def documents(draw: st.DrawFn) -> Documento:
    """A document of any type in Chilean pesos."""
    tipo = draw(st.sampled_from(sorted(one for one in EMITIBLES if not one.es_exportacion)))
    more: dict[str, Any] = {}
    purchase = tipo is T.FACTURA_COMPRA or (tipo.es_nota and draw(st.booleans()))
    gross = not purchase and not tipo.es_boleta and not tipo.es_exento and not tipo.es_guia and draw(st.booleans())
    codes: tuple[int, ...] = ()
    if not tipo.es_exento and not gross:
        codes = ADDED if tipo.es_boleta else (*ADDED, *STATED, *FUELS)
        codes = (*WITHHELD, NEWSPAPERS) if purchase else codes
    rows = draw(st.lists(lines(tipo, codes), min_size=1, max_size=6))
    if not any(not row.exento and row.indicador is None for row in rows) or tipo is T.FACTURA_EXENTA:
        rows.append(Detalle(nombre="Afecto", precio=Decimal(1000)))
    if tipo in CREDITED and not purchase and draw(st.booleans()):
        more["credito_constructoras"] = Pesos(1)
        rows.append(Detalle(nombre="Casa", precio=Decimal(1_000_000)))
    fuels = sorted({code for row in rows for code in row.codigos_impuesto if code in FUELS})
    more["impuestos_informados"] = [ImpuestoInformado(code, Pesos(draw(st.integers(0, 10**6)))) for code in fuels]
    if tipo.es_nota:
        more["referencias"] = [Referencia(tipo="46" if purchase else "33", folio="1", fecha=TODAY, codigo="3")]
    if tipo.es_guia:
        more["indicador_traslado"] = 1
    else:
        more["descuentos"] = _globals(draw, tipo, rows)
    return documento(tipo, *rows, montos_brutos=gross, **more)


def _globals(draw: st.DrawFn, tipo: TipoDte, rows: list[Detalle]) -> list[DescuentoGlobal]:
    """Up to three global rows over the classes of lines there are, in % or in pesos."""
    plain = totals_of(
        tipo,
        [Detalle(nombre="x", precio=row.precio, cantidad=row.cantidad, **_kept(row)) for row in rows],
    )
    sums = {
        "sobre_afecto": sum(row.monto_item for row in plain.lineas if row.afecto),
        "sobre_exento": sum(row.monto_item for row in plain.lineas if row.exento),
        "sobre_no_facturable": plain.monto_no_facturable or 0,
    }
    one_tax = len({tuple(sorted(row.codigos_impuesto)) for row in rows if not row.exento and not row.indicador}) < 2
    found = []
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from([name for name, amount in sums.items() if amount > 1 or name == "sobre_afecto"]))
        way: dict[str, Any] = {} if name == "sobre_afecto" else {name: True}
        movement = draw(st.sampled_from(Movimiento))
        # At most a third of its class each, so that three of them never exceed it.
        if sums[name] >= 3 and (name != "sobre_afecto" or one_tax) and draw(st.booleans()):
            way["monto"] = Pesos(draw(st.integers(1, sums[name] // 3)))
        else:
            way["pct"] = draw(st.decimals(min_value="0.01", max_value=33, places=2))
        found.append(DescuentoGlobal(movimiento=movement, **way))
    return found


def _kept(row: Detalle) -> dict[str, Any]:
    names = ("exento", "indicador", "descuento_pct", "descuento_monto", "recargo_pct", "recargo_monto")
    return {name: getattr(row, name) for name in names}


@st.composite
def exports(draw: st.DrawFn) -> Documento:
    """An export document in any currency."""
    tipo = draw(st.sampled_from(sorted(one for one in EMITIBLES if one.es_exportacion)))
    moneda = draw(st.sampled_from(sorted(aduanas.MONEDAS)))
    rate = None if moneda == CHILEAN_PESO else draw(st.none() | st.decimals("0.0001", "9999", places=4))
    rows = []
    for _ in range(draw(st.integers(1, 5))):
        price = draw(st.decimals("0.01", "99999.999999", places=6) | _round_prices)
        quantity = draw(_quantities)
        values: dict[str, Any] = {"precio": price, "cantidad": quantity}
        gross = quantity * price
        way = draw(st.sampled_from(["", "$", "%"] if gross >= 1 else [""]))
        if way == "$":
            values["descuento_monto"] = Pesos(draw(st.integers(0, int(gross))))
        elif way == "%":
            # At most the half: the amount is rounded to whole units of the currency, and must not exceed the line.
            values["descuento_pct"] = draw(st.decimals(min_value=0, max_value=50, places=2))
        way = draw(st.sampled_from(["", "$", "%"]))
        if way == "$":
            values["recargo_monto"] = Pesos(draw(st.integers(0, 9_999)))
        elif way == "%":
            values["recargo_pct"] = draw(st.decimals(min_value=0, max_value=100, places=2))
        rows.append(Detalle(nombre=draw(st.sampled_from(["Cosa", "Ñandú & <Cía>"])), **values))
    foreign = Exportacion(moneda=moneda, tipo_cambio=rate)
    base = int(export_totals_of(foreign, rows, ()).monto_total)
    discounts = []
    for _ in range(draw(st.integers(0, 3))):
        movement = draw(st.sampled_from(Movimiento))
        if base >= 3 and draw(st.booleans()):
            whole = Decimal(draw(st.integers(1, base // 3)))
            cents = Decimal(0) if moneda == CHILEAN_PESO else draw(st.sampled_from([Decimal(0), Decimal("0.25")]))
            discounts.append(DescuentoGlobal(monto_moneda=whole - cents, movimiento=movement))
        else:
            pct = draw(st.decimals(min_value="0.01", max_value=33, places=2))
            discounts.append(DescuentoGlobal(pct=pct, movimiento=movement))
    return documento(
        tipo,
        *rows,
        receptor=Receptor(rut="55555555-5", razon_social="Jackie & Co", direccion="Calle 123", nacionalidad=225),
        exportacion=foreign,
        descuentos=discounts,
        referencias=(Referencia(tipo="110", folio="1", fecha=TODAY, codigo="3"),) if tipo.es_nota else (),
    )

"""What cannot be a document does not exist: every refusal, next to what is accepted."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal

import pytest

from tests.fiscal_material import TODAY, documento, emisor, line, receptor
from torn_app.dte.documento import (
    CodigoReferencia,
    DescuentoGlobal,
    Documento,
    Emisor,
    Receptor,
    Referencia,
    Transporte,
)
from torn_app.dte.errores import DocumentoInvalido, DteError
from torn_app.dte.tipos import EMITIBLES, TipoDte
from torn_app.kernel.money import Pesos

T = TipoDte
CANCELS = Referencia(tipo=T.FACTURA, folio="1", fecha=TODAY, codigo=CodigoReferencia.ANULA)
ORDER = Referencia(tipo="801", folio="77", fecha=TODAY)


def note(*references: Referencia) -> Documento:
    return documento(T.NOTA_CREDITO, referencias=references)


REFUSED: list[tuple[Callable[[], object], str, str]] = [
    (lambda: documento(T.LIQUIDACION_FACTURA), "tipo", "no emite"),
    (lambda: documento(T.BOLETA, folio=0), "folio", "folio"),
    (lambda: documento(T.BOLETA, folio=10**10), "folio", "folio"),
    (lambda: documento(T.BOLETA, fecha_emision=date(1999, 12, 31)), "fecha_emision", "2000"),
    (lambda: replace(documento(T.BOLETA), detalles=()), "detalles", "no tiene líneas"),
    (lambda: documento(T.FACTURA, *[line()] * 61), "detalles", "60"),
    (lambda: documento(T.BOLETA, *[line()] * 1001), "detalles", "1000"),
    (lambda: documento(T.FACTURA, line(exento=True)), "detalles", "factura exenta"),
    (lambda: documento(T.FACTURA, receptor=Receptor()), "razon_social", "razón social"),
    (lambda: documento(T.FACTURA, receptor=replace(receptor(), giro=" ")), "giro", "giro"),
    (lambda: documento(T.FACTURA, receptor=replace(receptor(), direccion=None)), "direccion", "dirección"),
    (lambda: documento(T.FACTURA, receptor=replace(receptor(), comuna=None)), "comuna", "comuna"),
    (lambda: documento(T.FACTURA, emisor=replace(emisor(), actecos=())), "actecos", "actividad"),
    (lambda: documento(T.FACTURA, emisor=replace(emisor(), comuna=None)), "direccion", "emisor"),
    (lambda: documento(T.FACTURA, forma_pago=4), "forma_pago", "forma de pago"),
    (lambda: documento(T.BOLETA, forma_pago=1), "forma_pago", "forma de pago"),
    (lambda: documento(T.BOLETA, medio_pago="EF"), "medio_pago", "medio de pago"),
    (lambda: documento(T.FACTURA, medio_pago="1"), "medio_pago", "medio de pago"),
    (lambda: documento(T.FACTURA, indicador_servicio=4), "indicador_servicio", "1 a 3"),
    (lambda: documento(T.GUIA_DESPACHO), "indicador_traslado", "traslado"),
    (lambda: documento(T.GUIA_DESPACHO, indicador_traslado=10), "indicador_traslado", "1 a 9"),
    (lambda: documento(T.FACTURA, indicador_traslado=1), "indicador_traslado", "solo ellas"),
    (lambda: documento(T.BOLETA, tipo_despacho=1), "tipo_despacho", "despacho"),
    (lambda: documento(T.BOLETA, transporte=Transporte()), "transporte", "transporte"),
    (
        lambda: documento(T.GUIA_DESPACHO, indicador_traslado=1, descuentos=[DescuentoGlobal(monto=Pesos(1))]),
        "descuentos",
        "guía",
    ),
    (lambda: documento(T.BOLETA, descuentos=[DescuentoGlobal(monto=Pesos(1))] * 21), "descuentos", "20"),
    (lambda: documento(T.BOLETA, montos_brutos=True), "montos_brutos", "brutos"),
    (lambda: documento(T.FACTURA, referencias=[ORDER] * 41), "referencias", "40"),
    (lambda: documento(T.FACTURA, referencias=[Referencia(tipo="801")]), "referencias", "folio y fecha"),
    (lambda: documento(T.FACTURA, referencias=[replace(ORDER, codigo="4")]), "referencias", "1, 2 o 3"),
    (lambda: note(), "referencias", "necesita la referencia"),
    (lambda: note(ORDER), "referencias", "necesita la referencia"),
    (lambda: note(CANCELS, replace(CANCELS, folio="2")), "referencias", "un solo documento"),
    (lambda: Referencia(tipo="ABCD"), "tipo", "3 caracteres"),
    (lambda: replace(ORDER, rut_otro="1-1"), "rut_otro", "RUT"),
    (lambda: line(" "), "nombre", "nombre"),
    (lambda: line("日本"), "nombre", "nombre"),
    (lambda: line(cantidad="0"), "cantidad", "mayor que cero"),
    (lambda: line(cantidad="0.0000004"), "cantidad", "mayor que cero"),
    (lambda: line(cantidad="-1"), "cantidad", "mayor que cero"),
    (lambda: line(precio="-1"), "precio", "negativo"),
    (lambda: line(precio="NaN"), "precio", "rango"),
    (lambda: line(precio="1E13"), "precio", "rango"),
    (lambda: line(descuento_pct=Decimal("100.01")), "descuento_pct", "0 a 100"),
    (lambda: line(descuento_pct=Decimal("-1")), "descuento_pct", "0 a 100"),
    (lambda: line(descuento_pct=Decimal("1.005")), "descuento_pct", "dos decimales"),
    (lambda: line(descuento_monto=Pesos(-1)), "descuento_monto", "negativo"),
    (lambda: line(descuento_pct=Decimal(1), descuento_monto=Pesos(1)), "descuento_monto", "no en ambos"),
    (lambda: DescuentoGlobal(), "descuentos", "uno de los dos"),
    (lambda: DescuentoGlobal(pct=Decimal(1), monto=Pesos(1)), "descuentos", "uno de los dos"),
    (lambda: DescuentoGlobal(pct=Decimal(0)), "descuentos", "mayor que cero"),
    (lambda: DescuentoGlobal(monto=Pesos(0)), "descuentos", "mayor que cero"),
    (lambda: replace(emisor(), rut="76192083-1"), "rut", "dígito verificador"),
    (lambda: replace(emisor(), razon_social=""), "razon_social", "razón social"),
    (lambda: replace(emisor(), giro=""), "giro", "giro"),
    (lambda: replace(emisor(), actecos=(1, 2, 3, 4, 5)), "actecos", "1 a 4"),
    (lambda: replace(emisor(), codigo_sii_sucursal=10**9), "codigo_sii_sucursal", "9 dígitos"),
    (lambda: Receptor(rut="abc"), "rut", "RUT"),
    (lambda: Transporte(nombre_chofer="Pedro"), "chofer", "RUT y nombre"),
]


@pytest.mark.parametrize(("build", "campo", "text"), REFUSED, ids=[f"{row[1]}-{row[2]}" for row in REFUSED])
def test_refused(build: Callable[[], object], campo: str, text: str) -> None:
    with pytest.raises(DocumentoInvalido, match=text) as caught:
        build()
    assert caught.value.campo == campo
    assert isinstance(caught.value, DteError)


def test_accepted() -> None:
    assert len(documento(T.FACTURA, *[line()] * 60).detalles) == 60
    assert len(documento(T.BOLETA, *[line()] * 1000).detalles) == 1000
    assert note(ORDER, CANCELS).referencias[1].tipo == "33"
    by_amount = replace(CANCELS, codigo=CodigoReferencia.CORRIGE_MONTO)
    assert len(note(by_amount, replace(by_amount, folio="2")).referencias) == 2


def test_values_are_normalised_when_built() -> None:
    who = Emisor(rut="76.192.083-9", razon_social="  Ñandú  “Sur” ", giro="x" * 90, telefono=" ")
    assert (who.rut, who.razon_social, len(who.giro), who.telefono) == ("76192083-9", 'Ñandú "Sur"', 80, None)
    assert line(precio="1.23456789", cantidad="3").precio == Decimal("1.234568")
    assert Receptor().rut == "66666666-6"


def test_values_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        documento(T.BOLETA).folio = 2  # type: ignore[misc]


def test_questions_about_types() -> None:
    assert {t for t in T if t.es_boleta} == {39, 41}
    assert {t for t in T if t.es_nota} == {56, 61, 111, 112}
    assert {t for t in T if t.es_exento} == {34, 41, 110, 111, 112}
    assert {t for t in T if t.caf_vence} == {33, 43, 46, 56, 61}
    assert {t for t in T if t.precios_brutos} == {39, 41}
    assert {33, 34, 39, 41, 46, 52, 56, 61, 110, 111, 112} == EMITIBLES
    assert all(t.nombre for t in T)

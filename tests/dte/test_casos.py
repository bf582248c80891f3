"""The cases of others, issued whole: every type Torn issues, valid, signed, with the totals they expect."""

from decimal import Decimal
from typing import Any

import pytest

from tests import judges
from tests.dte.casos import as_documento, case_files, expected, read_case
from tests.dte.test_exportacion import export
from tests.fiscal_material import TODAY, documento, issue
from torn_app.dte.documento import CodigoReferencia, DescuentoGlobal, Detalle, Documento, Exportacion, Referencia
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import EMITIBLES, TipoDte
from torn_app.dte.totales import compute_totals
from torn_app.kernel.money import Pesos

T = TipoDte


def check(document: Documento, wanted: dict[str, Any]) -> None:
    signed = issue(document)
    judges.xsd_validate(signed.xml, "boleta" if document.tipo.es_boleta else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    judges.verify_ted(signed.xml)
    read = read_dte(signed.xml).totales
    found: dict[str, Any] = {
        "MntNeto": read.monto_neto,
        "MntExe": read.monto_exento,
        "IVA": read.iva,
        "IVANoRet": read.iva_no_retenido,
        "MntTotal": read.monto_total,
    }
    if read.impuestos:
        (row,) = read.impuestos
        found["ImptoReten"] = {"TipoImp": int(row.codigo), "TasaImp": row.tasa, "MontoImp": row.monto}
    # What they do not state about a tax (33_008) is not compared; all the rest must be there and equal.
    optional = set() if "ImptoReten" in wanted else {"ImptoReten"}
    assert {k: v for k, v in found.items() if v is not None and k not in optional} == wanted


@pytest.mark.parametrize("name", case_files())
def test_case_of_others(name: str) -> None:
    """46_001 withholds nothing, so that its expected total keeps the VAT: right for what the case says.

    It is not how a purchase invoice usually is: see the next test. 56_001 states totals of 0 as places to fill in.
    """
    document = as_documento(read_case(name))
    check(document, expected()[name.split("/")[1]])
    again = read_dte(issue(document).xml)
    assert again.exportacion is None or again.exportacion.moneda == "DOLAR USA"
    assert [row.nombre for row in again.lineas] == [row.nombre for row in document.detalles]
    assert [(row.tipo, row.folio, row.codigo) for row in again.referencias] == [
        (row.tipo, row.folio, row.codigo) for row in document.referencias
    ]


def test_the_purchase_case_as_a_buyer_that_withholds() -> None:
    """The same gold with its own code (46): all the VAT is withheld and the seller is paid the net amount."""
    data = read_case("46/46_001_afecta")
    data["Detalle"]["CodImpAdic"] = 46
    tax = {"TipoImp": 46, "TasaImp": 19, "MontoImp": 8550}
    check(as_documento(data), {"MntNeto": 45000, "IVA": 8550, "ImptoReten": tax, "MntTotal": 45000})


def item(price: str, cantidad: str = "1", **more: Any) -> Detalle:
    return Detalle(nombre="Producto", precio=Decimal(price), cantidad=Decimal(cantidad), **more)


def refers(tipo: str, code: str) -> Referencia:
    return Referencia(tipo=tipo, folio="1", fecha=TODAY, codigo=CodigoReferencia(code))


TEN = DescuentoGlobal(pct=Decimal(10))
# Expected amounts without an input file: the input that their names tell.
WITHOUT_FILE: dict[str, Documento] = {
    "33_003_iva_anticipado": documento(T.FACTURA, item("700000", codigos_impuesto=(19,))),
    "33_005_descuento_item_monto": documento(T.FACTURA, item("104090", descuento_monto=Pesos(9993))),
    "33_007_contado_observacion": documento(T.FACTURA, item("70", "450"), forma_pago=1),
    "39_002_descuento_global": documento(T.BOLETA, item("1190"), descuentos=[TEN]),
    "41_002_descuento_global": documento(T.BOLETA_EXENTA, item("1000"), descuentos=[TEN]),
    "46_002_exenta": documento(T.FACTURA_COMPRA, item("45000", exento=True)),
    "46_003_iva_retenido_total": documento(T.FACTURA_COMPRA, item("100000", codigos_impuesto=(15,))),
    "46_004_iva_retenido_parcial": documento(T.FACTURA_COMPRA, item("10000", codigos_impuesto=(34,))),
    "52_002_traslado_interno": documento(T.GUIA_DESPACHO, item("0", "450"), indicador_traslado=5),
    "61_002_corrige_texto_factura": documento(T.NOTA_CREDITO, item("0"), referencias=[refers("33", "2")]),
    "110_002_otra_moneda": export(T.FACTURA_EXPORTACION, item("50"), exportacion=Exportacion(moneda="EURO")),
    "61_003_corrige_monto_factura": documento(T.NOTA_CREDITO, item("9000"), referencias=[refers("33", "3")]),
}


@pytest.mark.parametrize("name", WITHOUT_FILE)
def test_expected_amounts(name: str) -> None:
    check(WITHOUT_FILE[name], expected()[name])


def test_no_expected_amount_is_left_out() -> None:
    known = {name.split("/")[1] for name in case_files()} | set(WITHOUT_FILE)
    assert set(expected()) == known
    assert {int(name.split("/")[0]) for name in case_files()} == {int(tipo) for tipo in EMITIBLES}


@pytest.mark.parametrize("referido", ["39", "41", "33"])
def test_credit_notes_of_boletas_and_invoices(referido: str) -> None:
    """A boleta is cancelled by a 61 with its own amounts (MntBruto): FAQ 001.380.5352."""
    lines = [item("990", "3"), item("2990")]
    note = documento(T.NOTA_CREDITO, *lines, referencias=[refers(referido, "1")], montos_brutos=referido == "39")
    check(note, read_amounts(note))
    if referido == "39":
        assert compute_totals(note).monto_total == 5960


def read_amounts(document: Documento) -> dict[str, Any]:
    t = compute_totals(document)
    return {"MntNeto": t.monto_neto, "IVA": t.iva, "MntTotal": t.monto_total}

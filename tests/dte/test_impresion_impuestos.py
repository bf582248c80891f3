"""What a copy says of additional and withheld taxes, deposits and what is not billed."""

from datetime import date

from tests.fiscal_material import TODAY, documento, issue, line
from torn_app.dte.documento import Documento, IndicadorLinea, Referencia
from torn_app.dte.impresion import Fila, Impresion, printed_copy
from torn_app.dte.tipos import TipoDte

T = TipoDte


def copy(document: Documento) -> Impresion:
    return printed_copy(
        issue(document).xml, resolucion_numero=0, resolucion_fecha=date(2026, 1, 15), sucursal_sii="Ñuñoa"
    )


def test_added_taxes_have_their_names_and_rates() -> None:
    lines = (line("Pisco", "10000", codigos_impuesto=(24,)), line("Bebida", "1000", codigos_impuesto=(27,)))
    printed = copy(documento(T.FACTURA, *lines))
    assert printed.totales == (
        Fila("Neto", "$11.000"),
        Fila("IVA 19 %", "$2.090"),
        Fila("ILA licores y destilados 31,5 %", "$3.150"),
        Fila("IABA bebidas analcohólicas 10 %", "$100"),
    )
    assert printed.total.valor == "$16.340"


def test_a_purchase_and_its_note_say_what_is_withheld() -> None:
    wheat = line("Trigo", "10000", codigos_impuesto=(34,))
    of_46 = Referencia(tipo="46", folio="9", fecha=TODAY, codigo="1")
    for document in (documento(T.FACTURA_COMPRA, wheat), documento(T.NOTA_CREDITO, wheat, referencias=[of_46])):
        printed = copy(document)
        assert printed.totales[2:] == (Fila("IVA retenido trigo 4 %", "-$400"), Fila("IVA no retenido", "$1.500"))
        assert printed.total.valor == "$11.500"


def test_deposits_and_what_is_not_billed() -> None:
    lines = (
        line(precio="1000"),
        line("Envase", "500", indicador=IndicadorLinea.GARANTIA_DEPOSITO),
        line("Cuota", "700", indicador=IndicadorLinea.NO_FACTURABLE),
    )
    printed = copy(documento(T.FACTURA, *lines))
    assert printed.totales[2:] == (
        Fila("Garantía de depósito", "$500"),
        Fila("No facturable", "$700"),
        Fila("Total con lo no facturable", "$2.390"),
    )
    assert [row.marca for row in printed.lineas] == [None, "Garantía de depósito", "No facturable"]
    assert printed.total.valor == "$1.690"


def test_a_boleta_says_the_taxes_inside_its_prices() -> None:
    printed = copy(documento(T.BOLETA, line("Bebida", "1290", codigos_impuesto=(27,)), line("Pan", "1190")))
    assert printed.totales == (
        Fila("Neto", "$2.000"),
        Fila("El IVA (19 %) de esta boleta es", "$380"),
        Fila("IABA bebidas analcohólicas 10 %", "$100"),
    )
    assert printed.total.valor == "$2.480"

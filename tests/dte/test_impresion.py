"""What a printed copy shows, against documents written by hand and by another program."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.printing.papers import ITEM, RESOLUCION, Papel, boleta, line, sample, ted
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.impresion import CopiaNoPermitida, Fila, FilaPago, printed_copy
from torn_app.dte.impresion_textos import fecha_larga, numero

FACTURA = Papel(tipo=33)


def test_box_carries_rut_with_dots_name_folio_and_office() -> None:
    caja = FACTURA.copy().caja
    assert caja.rut == "76.418.932-9"
    assert caja.documento == "FACTURA ELECTRÓNICA"
    assert caja.folio == "N° 10482"
    assert caja.unidad_sii == "S.I.I. - SANTIAGO CENTRO"


@pytest.mark.parametrize(
    ("tipo", "caption"),
    [
        (33, "FACTURA ELECTRÓNICA"),
        (34, "FACTURA NO AFECTA O EXENTA ELECTRÓNICA"),
        (39, "BOLETA ELECTRÓNICA"),
        (43, "LIQUIDACIÓN FACTURA ELECTRÓNICA"),
        (46, "FACTURA DE COMPRA ELECTRÓNICA"),
        (52, "GUÍA DE DESPACHO ELECTRÓNICA"),
        (56, "NOTA DE DÉBITO ELECTRÓNICA"),
        (61, "NOTA DE CRÉDITO ELECTRÓNICA"),
        (110, "FACTURA DE EXPORTACIÓN ELECTRÓNICA"),
    ],
)
def test_caption_of_each_type(tipo: int, caption: str) -> None:
    """Captions of the Manual de Muestras Impresas v4.0."""
    assert Papel(tipo=tipo).copy().caja.documento == caption


def test_stamp_is_the_flattened_ted_byte_for_byte() -> None:
    copy = FACTURA.copy()
    assert copy.timbre == ted(33, 10482, "77123456-9", 11900).encode("latin-1")
    assert "Ñandú &amp; cóndor &lt;grande&gt;".encode("latin-1") in copy.timbre


def test_captions_under_the_stamp() -> None:
    assert FACTURA.copy().pie_timbre == (
        "Timbre Electrónico SII",
        "Res. 80 de 2014",
        "Verifique documento: www.sii.cl",
    )
    assert boleta().copy(sitio_consulta="www.elmaiten.cl/boleta").pie_timbre[2].endswith("www.elmaiten.cl/boleta")


def test_boleta_names_its_buyer_only_when_there_is_one() -> None:
    assert boleta().copy().receptor == ()
    named = boleta(receptor="<RUTRecep>12345678-5</RUTRecep><RznSocRecep>Ana Ñu</RznSocRecep>").copy()
    assert named.receptor == (Fila("Señor(es)", "Ana Ñu"), Fila("R.U.T.", "12.345.678-5"))


def test_boleta_totals_say_net_and_iva_with_its_rate() -> None:
    copy = boleta().copy()
    assert copy.total == Fila("TOTAL", "$6.560")
    assert copy.totales == (Fila("Neto", "$5.513"), Fila("El IVA (19 %) de esta boleta es", "$1.047"))


def test_invoice_totals_with_exempt_part_and_other_taxes() -> None:
    totales = (
        "<MntNeto>100000</MntNeto><MntExe>5000</MntExe><TasaIVA>19</TasaIVA><IVA>19000</IVA>"
        "<ImptoReten><TipoImp>24</TipoImp><TasaImp>31.5</TasaImp><MontoImp>31500</MontoImp></ImptoReten>"
        "<ImptoReten><TipoImp>15</TipoImp><TasaImp>19</TasaImp><MontoImp>19000</MontoImp></ImptoReten>"
        "<MntTotal>136500</MntTotal>"
    )
    assert replace(FACTURA, totales=totales).copy().totales == (
        Fila("Neto", "$100.000"),
        Fila("Exento", "$5.000"),
        Fila("IVA 19 %", "$19.000"),
        Fila("ILA licores y destilados 31,5 %", "$31.500"),
        Fila("IVA retenido total 19 %", "-$19.000"),
    )


def test_exempt_invoice_shows_neither_net_nor_iva() -> None:
    copy = Papel(tipo=34, totales="<MntExe>125000</MntExe><MntTotal>125000</MntTotal>").copy()
    assert copy.totales == (Fila("Exento", "$125.000"),)


def test_a_note_that_only_corrects_text_has_zero_totals() -> None:
    totales = "<MntNeto>0</MntNeto><TasaIVA>19</TasaIVA><IVA>0</IVA><MntTotal>0</MntTotal>"
    copy = Papel(tipo=61, totales=totales).copy()
    assert copy.totales == (Fila("Neto", "$0"), Fila("IVA 19 %", "$0"))
    assert copy.total.valor == "$0"


def test_line_with_discount_shows_the_amount_before_and_after() -> None:
    extra = "<DescuentoPct>10</DescuentoPct><DescuentoMonto>399</DescuentoMonto>"
    (printed,) = replace(FACTURA, lineas=[line(1, ITEM, "1", "3990", 3591, extra)]).copy().lineas
    assert (printed.nombre, printed.cantidad, printed.precio) == (ITEM, "1", "$3.990")
    assert (printed.bruto, printed.monto) == ("$3.990", "$3.591")
    assert printed.ajustes == (Fila("Descuento 10 %", "-$399"),)


def test_quantities_and_prices_keep_their_decimals() -> None:
    extra = "<UnmdItem>kg</UnmdItem>"
    (printed,) = replace(FACTURA, lineas=[line(1, "Clavo", "1250.651000", "12.5", 15633, extra)]).copy().lineas
    assert printed.cantidad == "1.250,651 kg"
    assert printed.precio == "$12,5"


def test_exempt_line_is_marked_in_an_affected_document_only() -> None:
    lineas = [line(1, "Libro", "1", "5000", 5000, before="<IndExe>1</IndExe>")]
    assert replace(FACTURA, lineas=lineas).copy().lineas[0].marca == "Exento"
    assert Papel(tipo=34, lineas=lineas).copy().lineas[0].marca is None


def test_global_discounts_as_text() -> None:
    resto = (
        "<DscRcgGlobal><NroLinDR>1</NroLinDR><TpoMov>D</TpoMov><GlosaDR>Socio</GlosaDR><TpoValor>%</TpoValor>"
        "<ValorDR>5.5</ValorDR></DscRcgGlobal>"
        "<DscRcgGlobal><NroLinDR>2</NroLinDR><TpoMov>R</TpoMov><TpoValor>$</TpoValor><ValorDR>1500</ValorDR>"
        "<IndExeDR>1</IndExeDR></DscRcgGlobal>"
    )
    assert replace(FACTURA, resto=resto).copy().ajustes == (
        Fila("Descuento global: Socio", "-5,5 %"),
        Fila("Recargo global a exentos", "$1.500"),
    )


def test_references_in_words() -> None:
    resto = (
        "<Referencia><NroLinRef>1</NroLinRef><TpoDocRef>33</TpoDocRef><FolioRef>77</FolioRef>"
        "<FchRef>2026-11-01</FchRef><CodRef>1</CodRef><RazonRef>Devolución</RazonRef></Referencia>"
        "<Referencia><NroLinRef>2</NroLinRef><TpoDocRef>801</TpoDocRef><FolioRef>OC-9</FolioRef>"
        "<FchRef>2026-11-02</FchRef></Referencia>"
    )
    assert Papel(tipo=61, resto=resto).copy().referencias == (
        "Factura electrónica N° 77 del 01-11-2026, anula el documento. Devolución",
        "Orden de compra N° OC-9 del 02-11-2026",
    )


def test_payment_form_and_due_date() -> None:
    iddoc = "<FmaPago>2</FmaPago><FchVenc>2026-12-20</FchVenc>"
    assert replace(FACTURA, iddoc=iddoc).copy().condiciones == (
        Fila("Forma de pago", "Crédito"),
        Fila("Vencimiento", "20-12-2026"),
    )


def test_guide_says_the_kind_of_transfer_and_who_carries() -> None:
    transporte = (
        "<Patente>ABCD12</Patente><RUTTrans>77123456-9</RUTTrans><Chofer><RUTChofer>12345678-5</RUTChofer>"
        "<NombreChofer>Ana Ñu</NombreChofer></Chofer><DirDest>Calle 1</DirDest><CmnaDest>Buin</CmnaDest>"
    )
    copy = Papel(tipo=52, iddoc="<IndTraslado>5</IndTraslado>", transporte=transporte).copy()
    assert copy.traslado == (
        Fila("Tipo de traslado", "Traslado interno"),
        Fila("Destino", "Calle 1, Buin"),
        Fila("Patente", "ABCD12"),
        Fila("Transportista", "77.123.456-9"),
        Fila("Chofer", "Ana Ñu 12.345.678-5"),
    )


@pytest.mark.parametrize("tipo", [33, 34, 43, 46])
def test_cedible_copy(tipo: int) -> None:
    acuse = Papel(tipo=tipo).copy(cedible=True).acuse
    assert acuse is not None
    assert acuse.leyenda == "CEDIBLE"
    assert acuse.campos == ("Nombre", "RUT", "Fecha", "Recinto", "Firma")
    assert "Ley 19.983" in acuse.declaracion
    assert Papel(tipo=tipo).copy().acuse is None


def test_cedible_guide_only_when_it_is_a_sale() -> None:
    sale = Papel(tipo=52, iddoc="<IndTraslado>1</IndTraslado>").copy(cedible=True).acuse
    assert sale is not None
    assert sale.leyenda == "CEDIBLE CON SU FACTURA"
    with pytest.raises(CopiaNoPermitida):
        Papel(tipo=52, iddoc="<IndTraslado>5</IndTraslado>").copy(cedible=True)


@pytest.mark.parametrize("tipo", [39, 41, 56, 61, 110, 111, 112])
def test_no_cedible_copy_of_boletas_notes_and_exports(tipo: int) -> None:
    with pytest.raises(CopiaNoPermitida):
        Papel(tipo=tipo).copy(cedible=True)


def test_rows_of_the_till() -> None:
    pagos = [FilaPago("Redondeo", 3, con_signo=True), ("Efectivo", 20000), FilaPago("Vuelto", 13437, destacada=True)]
    assert [(p.etiqueta, p.valor) for p in boleta().copy(pagos=pagos).pagos] == [
        ("Redondeo", "+$3"),
        ("Efectivo", "$20.000"),
        ("Vuelto", "$13.437"),
    ]


def test_hour_is_that_of_the_signature_on_the_day_of_issue() -> None:
    assert boleta().copy().hora == "14:05"
    late = boleta().xml().replace(b"<TmstFirma>2026-11-20", b"<TmstFirma>2026-11-22")
    assert printed_copy(late, **RESOLUCION).hora is None


def test_export_amounts_in_foreign_currency() -> None:
    totales = "<TpoMoneda>DOLAR USA</TpoMoneda><MntExe>1234.5</MntExe><MntTotal>1234.5</MntTotal>"
    copy = Papel(tipo=110, totales=totales).copy()
    assert copy.total.valor == "1.234,50"
    assert Fila("Moneda", "DOLAR USA") in copy.totales


def test_bytes_without_declaration_are_latin_1() -> None:
    xml = FACTURA.xml()
    assert printed_copy(xml[xml.index(b"<DTE") :], **RESOLUCION).emisor == "Comercial El Maitén Ltda."


@pytest.mark.parametrize("xml", [b"", b"no es xml", b"<a/>", b"<DTE><Documento/></DTE>"])
def test_what_is_not_a_document_is_refused(xml: bytes) -> None:
    with pytest.raises(EsquemaInvalido):
        printed_copy(xml, **RESOLUCION)


@pytest.mark.parametrize(
    ("name", "documento", "total"),
    [
        ("EnvioBOLETA_39.xml", "BOLETA ELECTRÓNICA", "$6.560"),
        ("EnvioDTE_33.xml", "FACTURA ELECTRÓNICA", "$91.754"),
        ("EnvioDTE_34.xml", "FACTURA NO AFECTA O EXENTA ELECTRÓNICA", "$125.000"),
    ],
)
def test_documents_of_another_program(name: str, documento: str, total: str) -> None:
    copy = printed_copy(sample(name), **RESOLUCION)
    assert copy.caja.rut == "97.975.000-5"
    assert copy.caja.documento == documento
    assert copy.total.valor == total
    assert copy.timbre.startswith(b'<TED version="1.0"><DD><RE>97975000-5</RE>')
    assert b"\n" not in copy.timbre
    assert copy.timbre.endswith(b"</FRMT></TED>")


def test_numbers_and_dates_as_read_in_chile() -> None:
    assert numero(Decimal("1234567.500")) == "1.234.567,5"
    assert numero(Decimal("-0.25")) == "-0,25"
    assert numero(Decimal("1E+3")) == "1.000"
    assert fecha_larga("2026-01-05") == "5 de enero de 2026"

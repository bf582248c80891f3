"""Export documents: cases of others, customs block, currency, reading, refusals."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import judges
from tests.fiscal_material import TODAY, documento, issue, line
from tests.shared_material import shared_path
from torn_app.dte import aduanas
from torn_app.dte.documento import (
    Aduana,
    Bulto,
    DescuentoGlobal,
    Documento,
    Exportacion,
    IndicadorLinea,
    Movimiento,
    Receptor,
    Referencia,
)
from torn_app.dte.errores import DocumentoInvalido, DteError, MontoInvalido
from torn_app.dte.impresion import printed_copy
from torn_app.dte.lectura import read_dte
from torn_app.dte.timbre import verify_ted
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import compute_totals
from torn_app.dte.totales_exportacion import compute_export_totals
from torn_app.dte.xml import DteFirmado
from torn_app.kernel.money import Pesos

T = TipoDte
ABROAD = Receptor(rut="55555555-5", razon_social="Jackie & Co", direccion="Calle 123", nacionalidad=225, numero_id="E1")
CANCELS = Referencia(tipo="110", folio="1", fecha=TODAY, codigo="1", razon="Anula factura")
CUSTOMS = Aduana(
    modalidad_venta=2,
    clausula_venta=1,
    total_clausula=Decimal("1662.39"),
    via_transporte=7,
    puerto_embarque=901,
    unidad_tara=10,
    peso_bruto=Decimal("120.5"),
    unidad_peso_bruto=6,
    unidad_peso_neto=6,
    total_items=1,
    total_bultos=38,
    bultos=(Bulto(codigo=80, cantidad=38),),
    flete=Decimal("460.59"),
    seguro=Decimal("127.61"),
    pais_receptor=406,
    pais_destino=406,
)


def export(tipo: TipoDte = T.FACTURA_EXPORTACION, *lines: object, **more: object) -> Documento:
    values: dict[str, object] = {
        "receptor": ABROAD,
        "exportacion": Exportacion(),
        "referencias": (CANCELS,) if tipo.es_nota else (),
        **more,
    }
    return documento(tipo, *lines, **values)  # type: ignore[arg-type]


def judged(document: Documento) -> DteFirmado:
    """Issue it and let the schema, the signature and the stamp be judged."""
    signed = issue(document)
    judges.xsd_validate(signed.xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    judges.verify_ted(signed.xml)
    return signed


def test_a_document_of_the_certification_set() -> None:
    document = export(
        T.FACTURA_EXPORTACION,
        line("Chatarra de aluminio", "128.333", "377", unidad="KN", descuento_monto=Pesos(7)),
        descuentos=(DescuentoGlobal(pct=Decimal("2.5")),),
        exportacion=Exportacion(moneda="EURO", tipo_cambio=Decimal("1050.5"), forma_pago=1, aduana=CUSTOMS),
        referencias=(Referencia(tipo="810", folio="MIC", fecha=TODAY),),
        forma_pago=2,
        tipo_despacho=2,
    )
    signed = judged(document)
    read = read_dte(signed.xml)
    # 377 x 128.333 = 48381.54 - 7 = 48374.54; less 2.5 % (1209.36) = 47165.18; x 1050.5 = 49547021.59.
    assert read.totales.monto_total == Decimal("47165.18")
    assert signed.totales.monto_total == 49_547_022
    assert b"<MNT>47165.18</MNT>" in signed.ted
    foreign = read.exportacion
    assert foreign is not None
    assert (foreign.moneda, foreign.tipo_cambio, foreign.total_pesos) == ("EURO", Decimal("1050.5"), 49_547_022)
    assert (foreign.forma_pago, foreign.bultos, foreign.numero_id) == (1, ((80, 38),), "E1")
    for field, value in foreign.aduana.items():
        assert getattr(CUSTOMS, field) == value
    assert len(foreign.aduana) == 15


def test_a_signed_document_of_others() -> None:
    xml = shared_path("sii", "samples", "signed", "EXPORTACION1_762352915.xml").read_bytes()
    read = read_dte(xml)
    foreign = read.exportacion
    assert foreign is not None
    assert (read.totales.monto_total, foreign.moneda, foreign.tipo_cambio) == (30276, "DOLAR USA", Decimal("927.87"))
    assert (foreign.total_pesos, foreign.nacionalidad) == (28_092_192, "224")
    assert foreign.aduana["flete"] == Decimal("154.78")
    assert foreign.aduana["puerto_desembarque"] == 262
    verify_ted(read.ted)
    # The same figures come out of the same values.
    again = export(
        T.FACTURA_EXPORTACION, line("C", "116", "261"), exportacion=Exportacion(tipo_cambio=foreign.tipo_cambio)
    )
    assert compute_totals(again).monto_total == foreign.total_pesos


PRICES = st.decimals("0.01", "99999.999999", places=6)


@settings(max_examples=25)
@given(
    tipo=st.sampled_from(sorted(t for t in T if t.es_exportacion)),
    rows=st.lists(st.tuples(PRICES, st.decimals("0.001", "999", places=3)), min_size=1, max_size=4),
    moneda=st.sampled_from(sorted(aduanas.MONEDAS - {"PESO CL"})),
    rate=st.none() | st.decimals("0.0001", "9999", places=4),
    customs=st.sampled_from([None, CUSTOMS, Aduana(pais_destino=224)]),
)
def test_any_export_reads_back(
    tipo: TipoDte, rows: list[tuple[Decimal, Decimal]], moneda: str, rate: Decimal | None, customs: Aduana | None
) -> None:
    lines = [line("Cosa", str(price), str(quantity)) for price, quantity in rows]
    document = export(tipo, *lines, exportacion=Exportacion(moneda=moneda, tipo_cambio=rate, aduana=customs))
    signed = issue(document)
    judges.xsd_validate(signed.xml, "DTE_v10.xsd")
    read, totals = read_dte(signed.xml), compute_export_totals(document)
    assert read.exportacion is not None
    assert read.totales.monto_total == totals.monto_total == sum(row.monto_item for row in read.lineas)
    assert [(row.precio, row.cantidad) for row in read.lineas] == [(row.precio, row.cantidad) for row in lines]
    assert (read.exportacion.moneda, read.exportacion.tipo_cambio) == (moneda, rate)
    assert read.exportacion.total_pesos == totals.total_pesos


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: export(exportacion=None), "lleva su moneda"),
    (lambda: documento(T.FACTURA, exportacion=Exportacion()), "Solo los documentos de exportación"),
    (lambda: export(receptor=replace(ABROAD, rut="77447842-6")), "55.555.555-5"),
    (lambda: export(receptor=replace(ABROAD, direccion=None)), "dirección del cliente"),
    (lambda: export(T.NOTA_CREDITO_EXPORTACION, tipo_despacho=1), "no lleva tipo de despacho"),
    (lambda: export(T.NOTA_CREDITO_EXPORTACION, referencias=()), "necesita la referencia"),
    (lambda: export(indicador_servicio=1), "de 3 a 6"),
    (lambda: documento(T.FACTURA, descuentos=(DescuentoGlobal(monto_moneda=Decimal(1)),)), "otra moneda"),
    (lambda: export(T.FACTURA_EXPORTACION, line(indicador=IndicadorLinea.NO_FACTURABLE)), "todas exentas"),
    (
        lambda: export(
            exportacion=Exportacion(moneda="PESO CL"), descuentos=(DescuentoGlobal(monto_moneda=Decimal("0.5")),)
        ),
        "sin decimales",
    ),
    (lambda: Exportacion(moneda="DOLAR"), "no está entre"),
    (lambda: Exportacion(moneda="PESO CL", tipo_cambio=Decimal(1)), "no lleva tipo de cambio"),
    (lambda: Exportacion(tipo_cambio=Decimal(0)), "mayor que cero"),
    (lambda: Exportacion(tipo_cambio=Decimal("1.00001")), "cuatro decimales"),
    (lambda: Exportacion(forma_pago=0), "código de 1 a 99"),
    (lambda: Exportacion(total_pesos=Pesos(1)), "va con su tipo de cambio"),
    (lambda: documento(T.FACTURA, descuentos=(DescuentoGlobal(monto_moneda=Decimal(1)),)), "montos en otra moneda"),
    (lambda: Aduana(pais_destino=1000), "pais destino"),
    (lambda: Aduana(flete=Decimal("0.00001")), "flete"),
    (lambda: Aduana(bultos=(Bulto(codigo=1, cantidad=1),) * 11), "10 tipos"),
    (lambda: Bulto(codigo=80, cantidad=0), "tipo de bulto"),
    (lambda: Receptor(nacionalidad=1000), "código de país"),
]


@pytest.mark.parametrize(("build", "text"), REFUSED, ids=[row[1] for row in REFUSED])
def test_refused(build: Callable[[], object], text: str) -> None:
    with pytest.raises(DocumentoInvalido, match=text) as caught:
        build()
    assert isinstance(caught.value, DteError)


def test_percentages_of_lines_and_surcharges_in_the_currency() -> None:
    document = export(
        T.FACTURA_EXPORTACION,
        # 428 x 133 = 56924 less 5 % (2846.2, whole units: 2846); 71 plus 10 % (7.1: 7).
        line("Ciruelas", "133", "428", descuento_pct=Decimal(5)),
        line("Asesoría", "71", recargo_pct=Decimal(10)),
        descuentos=(
            DescuentoGlobal(monto_moneda=Decimal("460.59"), movimiento=Movimiento.RECARGO, glosa="FLETE"),
            DescuentoGlobal(monto_moneda=Decimal("127.6"), movimiento=Movimiento.RECARGO, glosa="SEGURO"),
        ),
        exportacion=Exportacion(
            forma_pago=32,
            aduana=Aduana(bultos=(Bulto(codigo=75, cantidad=2, contenedor="TCLU1234567", sello="SL-1"),)),
        ),
    )
    signed = judged(document)
    read = read_dte(signed.xml)
    assert [row.monto_item for row in read.lineas] == [54078, 78]
    assert [(row.descuento_monto, row.recargo_monto) for row in read.lineas] == [(2846, 0), (0, 7)]
    # 54078 + 78 + 460.59 + 127.6
    assert read.totales.monto_total == Decimal("54744.19")
    assert b"<ValorDR>460.59</ValorDR>" in signed.xml
    assert f"<FmaPagExp>32</FmaPagExp>\n<FchCancel>{TODAY}</FchCancel>".encode() in signed.xml
    assert b"<IdContainer>TCLU1234567</IdContainer>\n<Sello>SL-1</Sello>" in signed.xml


def test_discounts_larger_than_their_amount() -> None:
    with pytest.raises(MontoInvalido, match="mayor que su monto"):
        issue(export(T.FACTURA_EXPORTACION, line(precio="5.5", descuento_monto=Pesos(6))))
    with pytest.raises(MontoInvalido, match="descuento global"):
        issue(export(T.FACTURA_EXPORTACION, line(precio="5"), descuentos=(DescuentoGlobal(monto=Pesos(6)),)))
    with pytest.raises(MontoInvalido, match="dos decimales"):
        DescuentoGlobal(monto_moneda=Decimal("0.001"))


def test_cents_off_the_whole_and_a_total_in_pesos_of_its_own() -> None:
    """10 - 0,37 = 9,63 euros; at 1.000,05 they are 9.630,4815 pesos: 9.630, or 9.631 where other notes left one."""
    row = DescuentoGlobal(monto_moneda=Decimal("0.37"))
    for stated, pesos in ((None, 9630), (9631, 9631), (9630, 9630)):
        terms = Exportacion(
            moneda="EURO", tipo_cambio=Decimal("1000.05"), total_pesos=None if stated is None else Pesos(stated)
        )
        signed = judged(export(T.NOTA_CREDITO_EXPORTACION, line(precio="10"), descuentos=(row,), exportacion=terms))
        read = read_dte(signed.xml)
        assert (read.totales.monto_total, read.descuentos[0].valor) == (Decimal("9.63"), Decimal("0.37"))
        assert read.exportacion is not None
        assert (read.exportacion.total_pesos, signed.totales.monto_total) == (pesos, pesos)
    off = Exportacion(moneda="EURO", tipo_cambio=Decimal("1000.05"), total_pesos=Pesos(9632))
    with pytest.raises(MontoInvalido, match="no corresponde"):
        issue(export(T.NOTA_CREDITO_EXPORTACION, line(precio="10"), descuentos=(row,), exportacion=off))


def test_codes_by_name() -> None:
    assert aduanas.find_code(aduanas.MODALIDADES_VENTA, "BAJO CONDICION") == 2
    assert aduanas.find_code(aduanas.CLAUSULAS_VENTA, "cif") == 1
    assert aduanas.find_code(aduanas.VIAS_TRANSPORTE, "CARRETERO/TERRESTRE") == 7
    assert aduanas.find_code(aduanas.FORMAS_PAGO_EXPORTACION, "COBRANZA") == 1
    assert aduanas.find_code(aduanas.UNIDADES, "U") == 10
    assert aduanas.find_code(aduanas.UNIDADES, "KN") == 6
    assert aduanas.find_code(aduanas.BULTOS, "PALLETS") == 80
    assert aduanas.find_code(aduanas.PAISES, "AUSTRALIA") == 406
    assert aduanas.find_code(aduanas.PUERTOS, "Valparaiso") == 905
    assert aduanas.find_code(aduanas.PAISES, "Atlantis") is None
    assert aduanas.named(aduanas.PUERTOS, "AEROP.A.M.BENITEZ") == (992,)
    assert aduanas.named(aduanas.PUERTOS, "SAN FRANCISCO") == (173, 964)
    assert aduanas.named(aduanas.PUERTOS, "SAN") == aduanas.named(aduanas.PUERTOS, ".") == ()
    assert aduanas.find_code(aduanas.PAISES, " ") is None


def test_the_printed_copy_tells_exchange_and_customs_in_words() -> None:
    foreign = Exportacion(moneda="EURO", tipo_cambio=Decimal("1050.5"), forma_pago=1, aduana=CUSTOMS)
    signed = issue(export(T.FACTURA_EXPORTACION, line(precio="100"), exportacion=foreign))
    copy = printed_copy(
        signed.xml, resolucion_numero=0, resolucion_fecha=date(2026, 1, 15), sucursal_sii="Arica", cedible=False
    )
    rows = dict(copy.condiciones)
    assert rows["Tipo de cambio"] == "1.050,5"
    assert rows["Total en pesos"] == "$105.050"
    assert rows["Forma de pago exportación"] == "Cobranza hasta 1 año"
    assert (rows["Cláusula de venta"], rows["Total cláusula"]) == ("CIF", "1.662,39")
    assert (rows["Puerto de embarque"], rows["País de destino"]) == ("Arica", "Australia")
    assert (rows["Flete"], rows["Total de bultos"]) == ("460,59", "38")
    assert copy.total.valor == "100,00"

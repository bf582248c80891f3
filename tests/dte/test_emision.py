"""From values to a signed document, judged by the official schemas, xmlsec and cl-sii."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import judges
from tests.fiscal_material import (
    NOW,
    RUT_EMISOR,
    RUT_FIRMANTE,
    TODAY,
    caf_file,
    certificado,
    documento,
    folio_range,
    issue,
    line,
)
from torn_app.dte import errores
from torn_app.dte.caf import load_caf_key, parse_caf
from torn_app.dte.documento import (
    CodigoReferencia,
    DescuentoGlobal,
    Detalle,
    Documento,
    Receptor,
    Referencia,
    Transporte,
)
from torn_app.dte.lectura import read_dte
from torn_app.dte.sobre import Caratula, build_envio_boleta, build_envio_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml import issue_dte
from torn_app.kernel.money import Pesos, round_pesos

T = TipoDte
CARATULA = Caratula(
    rut_emisor=RUT_EMISOR, rut_envia=RUT_FIRMANTE, fecha_resolucion=date(2026, 1, 15), numero_resolucion=0
)
REFERENCE = Referencia(
    tipo="33", folio="12", fecha=date(2026, 11, 1), codigo=CodigoReferencia.ANULA, razon="Anula factura"
)


def examples() -> list[Documento]:
    """Return one rich document per type that is issued."""
    mixed = (
        line("Ñandú & <Cía> \"x\" 'y'", "3490", "168", codigo="A-1", unidad="UN", descripcion="Detalle; largo"),
        line("Libro", "5813.25", "71.5", exento=True, descuento_pct=Decimal("12.5")),
        line("Caja", "999.123456", "0.333333", descuento_monto=Pesos(33)),
        line("Regalo", "0"),
    )
    discounts = (
        DescuentoGlobal(pct=Decimal("7.5"), glosa="Promoción"),
        DescuentoGlobal(monto=Pesos(1000), sobre_exento=True),
    )
    order = Referencia(tipo="801", folio="OC-77", fecha=date(2026, 11, 1), razon="Orden de compra")
    documents = [
        documento(
            T.FACTURA,
            *mixed,
            descuentos=discounts,
            referencias=(order,),
            forma_pago=2,
            medio_pago="OT",
            fecha_vencimiento=date(2026, 12, 22),
        ),
        documento(T.FACTURA_EXENTA, *mixed, descuentos=discounts[:1], forma_pago=1),
        documento(
            T.BOLETA, *mixed, descuentos=discounts, medio_pago="1", referencias=(Referencia(codigo="SET", razon="1"),)
        ),
        documento(T.BOLETA, line(exento=True), receptor=Receptor(rut="77447842-6", razon_social="Ana", telefono="9")),
        documento(T.BOLETA_EXENTA, *mixed, descuentos=discounts[:1]),
        documento(
            T.GUIA_DESPACHO,
            *mixed,
            indicador_traslado=1,
            tipo_despacho=2,
            transporte=Transporte(
                patente="ABCD12",
                rut_transportista="77447842-6",
                rut_chofer=RUT_FIRMANTE,
                nombre_chofer="Pedro",
                direccion_destino="Calle 123",
                comuna_destino="Arica",
                fecha_salida=TODAY,
                hora_salida=time(8, 30),
            ),
        ),
        documento(T.GUIA_DESPACHO, line(precio="0", cantidad="4"), indicador_traslado=5),
        documento(T.NOTA_CREDITO, *mixed, referencias=(REFERENCE,), montos_brutos=True),
        documento(
            T.NOTA_CREDITO,
            line("Donde dice: a, debe decir: b", "0"),
            referencias=(Referencia(tipo="33", folio="1", fecha=TODAY, codigo="2", razon="Corrige giro"),),
        ),
        documento(T.NOTA_DEBITO, *mixed, referencias=(REFERENCE,)),
    ]
    return [replace(document, folio=folio) for folio, document in enumerate(documents, 1)]


@pytest.mark.parametrize("document", examples(), ids=lambda d: f"{d.tipo.name}-{len(d.detalles)}")
def test_every_type_is_valid_and_signed(document: Documento) -> None:
    signed = issue(document)

    judges.xsd_validate(signed.xml, "boleta" if document.tipo.es_boleta else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    judges.verify_ted(signed.xml)
    assert signed.ted in signed.xml
    assert max(len(row) for row in signed.xml.splitlines() if b"<TED" not in row) < 1100
    assert not re.search(rb"<(\w+)[^>]*>\s*</\1>|/>", signed.xml.split(b"<Signature")[0])  # no empty element


@pytest.mark.parametrize("document", [d for d in examples() if not d.tipo.es_boleta], ids=lambda d: d.tipo.name)
def test_an_independent_reader_agrees(document: Documento) -> None:
    if document.transporte:
        # Its schema is of 2017, before the fields of Res. Ex. SII 154 of 2025.
        document = replace(document, transporte=replace(document.transporte, fecha_salida=None, hora_salida=None))
    signed = issue(document)
    data = judges.read_with_cl_sii(signed.xml)

    assert data.emisor_rut.canonical == RUT_EMISOR
    assert (data.tipo_dte.value, data.folio, data.fecha_emision_date) == (int(document.tipo), document.folio, TODAY)
    assert data.monto_total == signed.totales.monto_total
    assert data.receptor_razon_social == document.receptor.razon_social


def test_an_invoice_envelope_is_valid_and_verifies_both_ways() -> None:
    documents = [d for d in examples() if not d.tipo.es_boleta]
    signed = [issue(d).xml for d in documents]
    envelope = build_envio_dte(signed, CARATULA, certificado(), NOW)

    judges.xsd_validate(envelope, "EnvioDTE_v10.xsd")
    judges.verify_in_place(envelope)
    cut = judges.cut_out_dtes(envelope)
    assert len(cut) == len(signed)
    for one, original in zip(cut, signed, strict=True):
        assert one.strip() == original.strip()
        judges.verify_dte_signature_cut_out(one)
    head = envelope.split(b"\n")
    assert head[0] == b'<?xml version="1.0" encoding="ISO-8859-1"?>'
    assert b'xsi:schemaLocation="http://www.sii.cl/SiiDte EnvioDTE_v10.xsd" version="1.0">' in head[1]


def test_a_boleta_envelope_is_valid_and_verifies_both_ways() -> None:
    signed = [issue(documento(T.BOLETA, line(), folio=n)).xml for n in range(1, 4)]
    signed.append(issue(documento(T.BOLETA_EXENTA, line())).xml)
    envelope = build_envio_boleta(signed, CARATULA, certificado(), NOW)

    judges.xsd_validate(envelope, "EnvioBOLETA_v11.xsd")
    judges.verify_in_place(envelope)
    for one in judges.cut_out_dtes(envelope):
        judges.verify_dte_signature_cut_out(one)
        judges.verify_ted(one)
    assert b"<TpoDTE>39</TpoDTE>\n<NroDTE>3</NroDTE>" in envelope


def test_one_changed_byte_breaks_the_signature() -> None:
    xml = issue(documento(T.BOLETA)).xml
    for target in (b"<MntTotal>1190<", b"<NmbItem>Caj\xf3n<", b"<TmstFirma>2026-"):
        assert xml.count(target) == 1
        changed = xml.replace(target, target[:-2] + b"9" + target[-1:])
        with pytest.raises(judges.SignatureFails):
            judges.verify_dte_signature_cut_out(changed)
    with pytest.raises(judges.SignatureFails):
        judges.verify_ted(xml.replace(b"<MNT>1190<", b"<MNT>1191<"))


def test_a_changed_document_breaks_the_set() -> None:
    envelope = build_envio_boleta([issue(documento(T.BOLETA)).xml], CARATULA, certificado(), NOW)
    judges.verify_set(envelope)
    with pytest.raises(judges.SignatureFails):
        judges.verify_set(envelope.replace(b"<NroResol>0<", b"<NroResol>80<"))


def test_timestamps_are_santiago_wall_time() -> None:
    numbers = folio_range(T.BOLETA)
    late = datetime(2026, 11, 23, 2, 59, 59, 999, tzinfo=UTC)  # 23:59:59 of the 22nd in Chile
    xml = issue_dte(documento(T.BOLETA), numbers.caf, numbers.key, certificado(), late).xml
    assert b"<TmstFirma>2026-11-22T23:59:59</TmstFirma>" in xml
    assert b"<TSTED>2026-11-22T23:59:59</TSTED>" in xml


def test_what_is_read_is_what_was_built() -> None:
    for document in examples():
        signed = issue(document)
        read = read_dte(signed.xml)

        assert (read.tipo, read.folio, read.fecha_emision) == (document.tipo, document.folio, TODAY)
        assert read.ted == signed.ted
        assert read.emisor.razon_social == document.emisor.razon_social
        assert read.receptor.rut == document.receptor.rut
        assert [row.nombre for row in read.lineas] == [row.nombre for row in document.detalles]
        assert [row.monto_item for row in read.lineas] == [row.monto_item for row in signed.totales.lineas]
        assert read.totales.monto_total == signed.totales.monto_total
        assert [row.folio for row in read.referencias] == [row.folio for row in document.referencias]
        assert len(read.descuentos) == len(document.descuentos)
        assert read.timestamp_firma == datetime(2026, 11, 22, 12, 30)  # noqa: DTZ001


def test_boletas_use_their_own_names() -> None:
    names = set(re.findall(rb"<(\w+)", issue(documento(T.BOLETA)).xml))
    assert {b"RznSocEmisor", b"GiroEmisor", b"IndServicio", b"MntNeto", b"IVA"} <= names
    assert not names & {b"RznSoc", b"GiroEmis", b"Acteco", b"TasaIVA", b"Telefono", b"FmaPago"}


def test_exempt_types_carry_no_vat() -> None:
    for tipo in (T.FACTURA_EXENTA, T.BOLETA_EXENTA):
        names = set(re.findall(rb"<(\w+)", issue(documento(tipo, descuentos=[DescuentoGlobal(monto=Pesos(90))])).xml))
        assert b"MntExe" in names
        assert not names & {b"MntNeto", b"TasaIVA", b"IVA", b"IndExe", b"IndExeDR"}


@pytest.mark.parametrize(
    ("changes", "refusal", "text"),
    [
        ({"folio": None}, errores.DocumentoInvalido, "no tiene folio"),
        ({"folio": 100_001}, errores.CafInvalido, "no está en el rango"),
        ({"fecha_emision": date(2026, 11, 23)}, errores.DocumentoInvalido, "posterior"),
    ],
)
def test_refused_to_issue(changes: dict[str, object], refusal: type[Exception], text: str) -> None:
    with pytest.raises(refusal, match=text):
        issue(documento(T.BOLETA, **changes))  # type: ignore[arg-type]


def test_folios_of_another_type_or_company_are_refused() -> None:
    numbers = folio_range(T.FACTURA)
    with pytest.raises(errores.CafInvalido, match="otro tipo"):
        issue_dte(documento(T.BOLETA), numbers.caf, numbers.key, certificado(), NOW)


def test_folios_of_another_company_are_refused() -> None:
    file = caf_file(T.BOLETA, rut="77447842-6")
    with pytest.raises(errores.CafInvalido, match="otra empresa"):
        issue_dte(documento(T.BOLETA), parse_caf(file), load_caf_key(file), certificado(), NOW)


def test_the_key_of_other_folios_is_refused() -> None:
    with pytest.raises(errores.CafInvalido, match="no corresponde"):
        issue_dte(documento(T.BOLETA), folio_range(T.BOLETA).caf, folio_range(T.FACTURA).key, certificado(), NOW)


@given(
    st.sampled_from([T.BOLETA, T.BOLETA_EXENTA, T.NOTA_CREDITO, T.NOTA_DEBITO]),
    st.lists(
        st.builds(
            Detalle,
            nombre=st.just("Cosa"),
            cantidad=st.decimals(min_value="0.000001", max_value=99_999, places=6),
            precio=st.decimals(min_value=0, max_value=999_999, places=6),
            exento=st.booleans(),
            descuento_pct=st.none() | st.decimals(min_value=0, max_value=100, places=2),
        ),
        min_size=1,
        max_size=8,
    ),
    st.lists(st.builds(DescuentoGlobal, pct=st.decimals(min_value="0.01", max_value=99, places=2)), max_size=1),
)
def test_random_baskets_are_valid_and_come_back(
    tipo: TipoDte, detalles: list[Detalle], descuentos: list[DescuentoGlobal]
) -> None:
    notes = (REFERENCE,) if tipo.es_nota else ()
    signed = issue(documento(tipo, *detalles, descuentos=descuentos, referencias=notes))

    judges.xsd_validate(signed.xml, "boleta" if tipo.es_boleta else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    read = read_dte(signed.xml)
    assert read.totales.monto_total == signed.totales.monto_total
    assert (read.totales.monto_neto or 0) == signed.totales.monto_neto
    assert (read.totales.monto_exento or 0) == signed.totales.monto_exento
    assert (read.totales.iva or 0) == signed.totales.iva
    for row, line_read in zip(signed.totales.lineas, read.lineas, strict=True):
        assert line_read.monto_item == row.monto_item
        assert line_read.descuento_monto == row.descuento_monto
        assert (line_read.precio or 0) == row.detalle.precio
        assert line_read.cantidad in (None, row.detalle.cantidad)
        # What the document says about a line adds up for whoever reads it.
        if line_read.precio and line_read.cantidad:
            assert (
                round_pesos(line_read.precio * line_read.cantidad) - line_read.descuento_monto == line_read.monto_item
            )


def test_a_boleta_of_a_thousand_lines() -> None:
    signed = issue(documento(T.BOLETA, *[line(f"Cosa {n}", "990", "2") for n in range(1000)]))
    judges.xsd_validate(signed.xml, "boleta")
    judges.verify_dte_signature_cut_out(signed.xml)
    assert len(read_dte(signed.xml).lineas) == 1000


def test_expired_folios_are_refused() -> None:
    file = caf_file(T.FACTURA, fecha_autorizacion=date(2026, 5, 21))
    with pytest.raises(errores.CafInvalido, match="vencieron el 21-11-2026"):
        issue_dte(documento(T.FACTURA), parse_caf(file), load_caf_key(file), certificado(), NOW)


def test_an_expired_certificate_does_not_sign() -> None:
    numbers = folio_range(T.BOLETA)
    with pytest.raises(errores.FirmaInvalida, match="venció"):
        issue_dte(documento(T.BOLETA), numbers.caf, numbers.key, certificado(), datetime(2040, 1, 1, tzinfo=UTC))
    with pytest.raises(errores.FirmaInvalida, match="venció"):
        build_envio_boleta([issue(documento(T.BOLETA)).xml], CARATULA, certificado(), datetime(2040, 1, 1))  # noqa: DTZ001


def test_envelopes_refuse_what_does_not_belong() -> None:
    boleta, factura = issue(documento(T.BOLETA)).xml, issue(documento(T.FACTURA)).xml
    other = Caratula(
        rut_emisor="97975000-5", rut_envia=RUT_FIRMANTE, fecha_resolucion=date(2026, 1, 15), numero_resolucion=0
    )
    with pytest.raises(errores.DocumentoInvalido, match="propio envío"):
        build_envio_dte([factura, boleta], CARATULA, certificado(), NOW)
    with pytest.raises(errores.DocumentoInvalido, match="propio envío"):
        build_envio_boleta([factura], CARATULA, certificado(), NOW)
    with pytest.raises(errores.DocumentoInvalido, match="un solo emisor"):
        build_envio_dte([factura], other, certificado(), NOW)
    with pytest.raises(errores.DocumentoInvalido, match="1 a 500"):
        build_envio_boleta([boleta] * 501, CARATULA, certificado(), NOW)
    with pytest.raises(errores.DocumentoInvalido, match="1 a 2000"):
        build_envio_dte([], CARATULA, certificado(), NOW)
    with pytest.raises(errores.EsquemaInvalido):
        build_envio_dte([b"<x/>"], CARATULA, certificado(), NOW)

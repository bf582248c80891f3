"""Cessions: valid by the official schema, judged by xmlsec and cl-sii, documents kept byte for byte, tampering seen."""

import functools
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import judges
from tests.dte.test_canonico_recibido import TEMPLATE, pem
from tests.fiscal_material import (
    NOW,
    RUT_EMISOR,
    RUT_FIRMANTE,
    TODAY,
    certificado,
    documento,
    issue,
    line,
    receptor,
)
from tests.shared_material import shared_path
from torn_app.dte.cesion import add_cession, build_aec
from torn_app.dte.cesion_recibida import read_aec
from torn_app.dte.cesion_valores import Autorizado, Cesion, ParteCesion, sworn_statement
from torn_app.dte.errores import DocumentoInvalido, EsquemaInvalido, FirmaInvalida
from torn_app.dte.firma import IN_SCOPE
from torn_app.dte.intercambio import CaratulaIntercambio, IdentificacionDte, Recibo
from torn_app.dte.marco import signed_part
from torn_app.dte.recibidos import read_received
from torn_app.dte.recibos import build_receipts
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml_seguro import strip_declaration

DEUDOR = receptor().rut
LATIN = "".join(chr(c) for c in (*range(0x20, 0x7F), *range(0xA1, 0x100)) if c != 0xAD)


def party(rut: str, name: str = "Factoring Ñandú & Compañía <SpA>") -> ParteCesion:
    return ParteCesion(rut=rut, razon_social=name, direccion="Avenida O'Higgins 1234", correo="cesiones@example.com")


FACTORING, FONDO = party("76418932-9"), party("76885410-6", 'Fondo "Dos"')


def cesion(cedente: str = RUT_EMISOR, cesionario: ParteCesion = FACTORING, **more: object) -> Cesion:
    values: dict[str, object] = {
        "cedente": party(cedente, "Almacén Ñandú & Compañía SpA"),
        "autorizados": (Autorizado(rut=RUT_FIRMANTE, nombre="Juana Pérez"),),
        "cesionario": cesionario,
        "monto": 1000,
        "ultimo_vencimiento": TODAY + timedelta(days=30),
        **more,
    }
    return Cesion(**values)  # type: ignore[arg-type]


@functools.cache
def dte(tipo: TipoDte = TipoDte.FACTURA) -> bytes:
    return issue(documento(tipo, line('Té "Ñandú" & más'))).xml


def settlement() -> bytes:
    """A liquidación-factura (43), which Torn does not issue: the content of a factura under its name, signed anew."""
    body = re.search(rb"<Documento [^>]*>\n(.*)</Documento>", dte(), re.DOTALL)
    assert body is not None
    content = body.group(1).decode("latin-1").replace("<TipoDTE>33<", "<TipoDTE>43<").replace("<TD>33<", "<TD>43<")
    content = content.replace("<NmbItem>", "<TpoDocLiq>33</TpoDocLiq>\n<NmbItem>")
    return signed_part("DTE", "Liquidacion", "F1T43", content, certificado()).encode("latin-1")


@functools.cache
def aec() -> bytes:
    return build_aec(dte(), cesion(), certificado(), NOW)


@functools.cache
def second() -> bytes:
    return add_cession(aec(), cesion(FACTORING.rut, FONDO), certificado(), NOW)


def judged(xml: bytes, sequence: int, document: bytes) -> None:
    """Valid, every signature good both in place and cut out, the document in it byte for byte, read by cl-sii."""
    judges.xsd_validate(xml, "AEC_v10.xsd")
    # The outer one, the ceded document's, the document's own and one of each cession.
    assert judges.verify_all_in_place(xml) == 3 + sequence
    assert strip_declaration(document).strip() in xml
    (alone,) = judges.cut_out(xml, "DTE")
    judges.verify_dte_signature_cut_out(alone)
    cessions = judges.cut_out(xml, "Cesion")
    assert len(cessions) == sequence
    for part in (*judges.cut_out(xml, "DTECedido"), *cessions):
        judges.verify_set(part)


@pytest.mark.parametrize("tipo", [TipoDte.FACTURA, TipoDte.FACTURA_EXENTA])
def test_a_first_cession(tipo: TipoDte) -> None:
    said = cesion(
        declaracion_jurada=sworn_statement(cesion().cedente, FACTORING, DEUDOR, receptor().razon_social or ""),
        otras_condiciones="Sin responsabilidad del cedente <salvo> & 'dolo'",
        correo_deudor="pagos@example.com",
    )
    xml = build_aec(dte(tipo), said, certificado(), NOW)
    judged(xml, 1, dte(tipo))
    read = read_aec(xml)
    assert read.verificado
    assert read.problemas == ()
    assert (read.rut_cedente, read.rut_cesionario) == (RUT_EMISOR, FACTORING.rut)
    assert read.firmado == datetime(2026, 11, 22, 12, 30)  # noqa: DTZ001 (15:30 UTC in Santiago)
    (row,) = read.cesiones
    assert (row.cesion, row.secuencia, row.firmada) == (said, 1, read.firmado)
    total = 1416 if tipo is TipoDte.FACTURA else 1190
    assert (row.documento.monto_total, row.documento.rut_deudor) == (total, DEUDOR)
    assert read.dte.timbre_valido
    other = judges.read_aec_with_cl_sii(xml)
    assert (other.seq, other.monto_cesion, str(other.cesionario_rut)) == (1, 1000, FACTORING.rut)
    assert (other.dte.folio, other.dte.monto_total) == (1, total)
    assert other.cedente_declaracion_jurada == said.declaracion_jurada
    assert other.dte_deudor_email == "pagos@example.com"


def test_a_purchase_invoice_is_ceded_by_its_seller() -> None:
    document = dte(TipoDte.FACTURA_COMPRA)
    with pytest.raises(DocumentoInvalido, match="lo cede quien vendió"):
        build_aec(document, cesion(), certificado(), NOW)
    xml = build_aec(document, cesion(DEUDOR), certificado(), NOW)
    judged(xml, 1, document)
    assert read_aec(xml).cesiones[0].documento.rut_deudor == RUT_EMISOR
    assert str(judges.read_aec_with_cl_sii(xml).cedente_rut) == DEUDOR


def test_a_settlement_of_others_is_ceded() -> None:
    xml = build_aec(settlement(), cesion(), certificado(), NOW)
    judged(xml, 1, settlement())
    assert read_aec(xml).cesiones[0].documento.tipo == 43


def test_later_cessions_keep_what_was_there() -> None:
    judged(second(), 2, dte())
    third = add_cession(second(), cesion(FONDO.rut, FACTORING, monto=1416), certificado(), NOW)
    judged(third, 3, dte())
    for before, after in ((aec(), second()), (second(), third)):
        for part in (*judges.cut_out(before, "DTECedido"), *judges.cut_out(before, "Cesion")):
            assert part.split(b"?>\n", 1)[1] in after
    read = read_aec(third)
    assert read.verificado
    assert [row.cesion.cesionario.rut for row in read.cesiones] == [FACTORING.rut, FONDO.rut, FACTORING.rut]
    other = judges.read_aec_with_cl_sii(third)
    assert (other.seq, other.monto_cesion, len(other.cesiones)) == (3, 1416, 3)


def test_a_document_of_others_out_of_its_envelope_is_ceded_as_it_came() -> None:
    """It leans on the envelope for its namespace, and its signature holds only cut out."""
    envelope = shared_path("sii", "samples", "signed", "F000013T33.xml").read_bytes()
    (parte,) = read_received(envelope).dtes
    assert parte.xml is not None
    assert parte.documento is not None
    said = cesion(parte.documento.emisor.rut, FACTORING, monto=1)
    xml = build_aec(parte.xml, said, certificado(), NOW)
    judges.xsd_validate(xml, "AEC_v10.xsd")
    assert parte.xml in xml
    (alone,) = judges.cut_out_dtes(xml)
    judges.verify_dte_signature_cut_out(alone)
    assert judges.verify_all_in_place(xml, besides="Documento") == 3
    assert read_aec(xml).verificado


def test_with_the_receipts_of_the_debtor() -> None:
    named = IdentificacionDte(
        tipo=33, folio=1, fecha_emision=TODAY, rut_emisor=RUT_EMISOR, rut_receptor=DEUDOR, monto_total=1416
    )
    cover = CaratulaIntercambio(rut_responde=DEUDOR, rut_recibe=RUT_EMISOR)

    def receipt(document: IdentificacionDte) -> bytes:
        xml = build_receipts(cover, [Recibo(documento=document, recinto="Bodega Ñuñoa")], certificado(), NOW)
        return judges.cut_out(xml, "Recibo")[0].split(b"?>\n", 1)[1]

    xml = build_aec(dte(), cesion(), certificado(), NOW, recibos=[receipt(named)])
    judges.xsd_validate(xml, "AEC_v10.xsd")
    assert judges.verify_all_in_place(xml) == 5
    assert receipt(named) in xml
    assert [row.recinto for row in read_aec(xml).recibos] == ["Bodega Ñuñoa"]
    assert read_aec(add_cession(xml, cesion(FACTORING.rut, FONDO), certificado(), NOW)).verificado
    for wrong in (receipt(replace(named, folio=2)), receipt(named).replace(b"Bodega", b"Bodego")):
        with pytest.raises(EsquemaInvalido, match="recibos"):
            build_aec(dte(), cesion(), certificado(), NOW, recibos=[wrong])


def test_what_would_lose_its_signature_is_not_continued() -> None:
    """Signed by others where it stood, under a prefix of the root: in another file its signature would not hold."""
    by_others = aec().replace(b"<AEC ", b'<AEC xmlns:x="urn:x" ').replace(b"<Cesion " + IN_SCOPE.encode(), b"<Cesion")
    for element_id in ("Cesion_F1T33_1", "AEC_F1T33_1"):
        unsigned = TEMPLATE.replace("#SetDoc", f"#{element_id}").format(certificado().key_info)
        own = rf'<Signature xmlns="[^"]*">\s*<SignedInfo>(?:(?!</Signature>).)*?URI="#{element_id}".*?</Signature>'
        by_others = re.sub(own.encode(), unsigned.encode(), by_others, flags=re.DOTALL)
    by_others = judges.sign(judges.sign(by_others, pem()), pem())
    before = read_aec(by_others)
    assert (before.firma.valida, [row.verificado for row in before.cesiones]) == (True, [True])
    with pytest.raises(EsquemaInvalido, match="sin romper sus firmas"):
        add_cession(by_others, cesion(FACTORING.rut, FONDO), certificado(), NOW)


def test_what_is_not_ceded() -> None:
    stranger, tampered = cesion(FONDO.rut, FACTORING), aec().replace(b"<MontoCesion>1000<", b"<MontoCesion>1001<")
    for error, call in (
        (DocumentoInvalido, lambda: build_aec(dte(TipoDte.GUIA_DESPACHO), cesion(), certificado(), NOW)),
        (DocumentoInvalido, lambda: build_aec(dte(), cesion(monto=1417), certificado(), NOW)),
        (DocumentoInvalido, lambda: build_aec(dte(), cesion(cesionario=party(RUT_EMISOR)), certificado(), NOW)),
        (DocumentoInvalido, lambda: build_aec(dte(), stranger, certificado(), NOW)),
        (
            DocumentoInvalido,
            lambda: build_aec(dte(), cesion(ultimo_vencimiento=date(2026, 11, 21)), certificado(), NOW),
        ),
        (DocumentoInvalido, lambda: build_aec(dte(), cesion(), certificado(), NOW - timedelta(days=2))),
        (FirmaInvalida, lambda: build_aec(dte().replace(b"1190", b"1191"), cesion(), certificado(), NOW)),
        (FirmaInvalida, lambda: build_aec(dte(), cesion(), certificado(), NOW + timedelta(days=4000))),
        (EsquemaInvalido, lambda: build_aec(aec(), cesion(), certificado(), NOW)),
        (EsquemaInvalido, lambda: build_aec(b"<DTE", cesion(), certificado(), NOW)),
        (DocumentoInvalido, lambda: add_cession(aec(), stranger, certificado(), NOW)),
        (FirmaInvalida, lambda: add_cession(tampered, cesion(FACTORING.rut, FONDO), certificado(), NOW)),
        (EsquemaInvalido, lambda: add_cession(dte(), cesion(), certificado(), NOW)),
        (DocumentoInvalido, lambda: cesion(monto=0)),
        (DocumentoInvalido, lambda: cesion(autorizados=())),
        (DocumentoInvalido, lambda: replace(FACTORING, correo="a@b")),
        (DocumentoInvalido, lambda: replace(FACTORING, direccion="Uno")),
    ):
        with pytest.raises(error):
            call()


@settings(max_examples=15)
@given(st.text(st.sampled_from(LATIN), max_size=90), st.text(st.sampled_from(LATIN), max_size=600))
def test_any_text_comes_back_as_it_was(name: str, text: str) -> None:
    said = cesion(
        cesionario=party(FACTORING.rut, f"a{name}"),
        declaracion_jurada=text,
        otras_condiciones=text[::-1],
        autorizados=(Autorizado(rut=RUT_FIRMANTE, nombre=name),) * 3,
    )
    xml = build_aec(dte(), said, certificado(), NOW)
    judged(xml, 1, dte())
    assert read_aec(xml).cesiones[0].cesion == said


def test_the_sworn_statement_fits() -> None:
    long = party(FACTORING.rut, "Ñ" * 100)
    text = sworn_statement(long, long, DEUDOR, "Ñ" * 100)
    assert len(text) <= 512
    assert cesion(declaracion_jurada=text).declaracion_jurada == text

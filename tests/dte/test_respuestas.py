"""Replies and receipts: decided case by case, valid by the official schemas, judged by xmlsec, read back equal."""

import base64
import functools
import hashlib
import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests import judges
from tests.fiscal_material import NOW, RUT_EMISOR, RUT_FIRMANTE, TODAY, certificado, documento, issue, line, receptor
from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.intercambio import (
    DECLARACION,
    CaratulaIntercambio,
    EstadoComercial,
    EstadoEnvio,
    EstadoRecepcion,
    IdentificacionDte,
    RecepcionDte,
    RecepcionEnvio,
    Recibo,
    ResultadoDte,
)
from torn_app.dte.recibidos import read_received
from torn_app.dte.recibos import build_receipts
from torn_app.dte.respuestas import (
    build_commercial_reply,
    build_reception_reply,
    decide_reception,
    unreadable_reception,
)
from torn_app.dte.respuestas_recibidas import read_receipts, read_reply
from torn_app.dte.sobre import Caratula, build_envio_boleta, build_envio_dte
from torn_app.dte.tipos import TipoDte

CLIENTE = receptor().rut
LATIN = "".join(chr(c) for c in (*range(0x20, 0x7F), *range(0xA1, 0x100)) if c != 0xAD)
RECIBIDO = datetime(2026, 11, 22, 13, 5, 7)  # noqa: DTZ001 (Santiago wall time)
REPLY, RECEIPTS = "RespuestaEnvioDTE_v10.xsd", "EnvioRecibos_v10.xsd"


def cover(**more: str) -> CaratulaIntercambio:
    return CaratulaIntercambio(rut_responde=CLIENTE, rut_recibe=RUT_EMISOR, **more)


@functools.cache
def envelope(rut_receptor: str = CLIENTE, folios: tuple[int, ...] = (1, 2)) -> bytes:
    caratula = Caratula(
        rut_emisor=RUT_EMISOR,
        rut_envia=RUT_FIRMANTE,
        rut_receptor=rut_receptor,
        fecha_resolucion=TODAY,
        numero_resolucion=0,
    )
    dtes = [issue(documento(TipoDte.FACTURA, line('Té "Ñandú" & más'), folio=folio)).xml for folio in folios]
    return build_envio_dte(dtes, caratula, certificado(), NOW)


def decide(xml: bytes, **more: object) -> RecepcionEnvio:
    values: dict[str, object] = {
        "rut_propio": CLIENTE,
        "ya_recibidos": (),
        "nombre_archivo": "envio.xml",
        "codigo_envio": 77,
        "recibido": RECIBIDO,
        **more,
    }
    return decide_reception(read_received(xml), **values)  # type: ignore[arg-type]


def states(found: RecepcionEnvio) -> tuple[int, list[int]]:
    return int(found.estado), [int(row.estado) for row in found.documentos]


def identification(folio: int = 1, **more: object) -> IdentificacionDte:
    values: dict[str, object] = {
        "tipo": 33,
        "folio": folio,
        "fecha_emision": TODAY,
        "rut_emisor": RUT_EMISOR,
        "rut_receptor": CLIENTE,
        "monto_total": 1416,
        **more,
    }
    return IdentificacionDte(**values)  # type: ignore[arg-type]


def test_an_envelope_received_well() -> None:
    found = decide(envelope())
    assert states(found) == (0, [0, 0])
    # One line of 1190 net: VAT 226, total 1416.
    assert [row.documento for row in found.documentos] == [identification(1), identification(2)]
    assert (found.envio_id, found.rut_emisor, found.rut_receptor) == ("SetDoc", RUT_EMISOR, CLIENTE)
    signed = read_received(envelope()).firma_set
    assert signed is not None
    assert found.digest == base64.b64encode(hashlib.sha1(signed.canonico, usedforsecurity=False).digest()).decode()
    xml = build_reception_reply(cover(), 5, [found], certificado(), NOW)
    judges.xsd_validate(xml, REPLY)
    judges.verify_set(xml)
    assert f"<Digest>{found.digest}</Digest>".encode() in xml
    read = read_reply(xml)
    assert read.firma.valida
    assert (read.caratula, read.id_respuesta, read.recepciones, read.resultados) == (cover(), 5, (found,), ())
    assert read.firmada == datetime(2026, 11, 22, 12, 30)  # noqa: DTZ001 (15:30 UTC in Santiago)


def test_what_is_wrong_with_a_document() -> None:
    other = "76418932-9"
    swapped = envelope().replace(b"<RutEmisor>76192083-9<", b"<RutEmisor>76418932-9<")
    assert states(decide(envelope(), ya_recibidos={(RUT_EMISOR, 33, 2)})) == (0, [0, 4])
    assert states(decide(envelope(CLIENTE), rut_propio=other)) == (3, [3, 3])
    assert states(decide(swapped)) == (2, [2, 2])
    assert states(decide(envelope().replace(b"<Folio>2<", b"<Folio>3<"))) == (2, [99, 1])
    stamp = re.sub(rb"<FRMT([^>]*)>....", rb"<FRMT\1>AAAA", envelope(), count=1)
    assert states(decide(stamp)) == (2, [1, 99])


def test_what_is_known_of_a_certificate_and_a_stamp_counts() -> None:
    read = read_received(envelope())
    changes: list[dict[str, object]] = [
        {"vigente_al_firmar": False},
        {"timbre_valido": False},
        {"caf_verificado": False},
    ]
    found = [
        decide_reception(
            replace(read, dtes=(replace(read.dtes[0], **change), read.dtes[1])),  # type: ignore[arg-type]
            rut_propio=CLIENTE,
            ya_recibidos=(),
            nombre_archivo="e.xml",
            codigo_envio=1,
            recibido=RECIBIDO,
        )
        for change in changes
    ]
    assert [states(one) for one in found] == [(0, [1, 0]), (0, [99, 0]), (0, [99, 0])]


def test_a_document_twice_in_a_file_is_received_once() -> None:
    read = read_received(envelope())
    twice = replace(read, dtes=(read.dtes[0], read.dtes[0]))
    found = decide_reception(
        twice, rut_propio=CLIENTE, ya_recibidos=(), nombre_archivo="e.xml", codigo_envio=1, recibido=RECIBIDO
    )
    assert states(found) == (0, [0, 4])


def test_a_document_indented_after_signing_may_be_taken_in_a_set_that_holds() -> None:
    dte = issue(documento(TipoDte.FACTURA)).xml.replace(b"<Encabezado>", b"  <Encabezado>")
    caratula = Caratula(
        rut_emisor=RUT_EMISOR, rut_envia=RUT_FIRMANTE, rut_receptor=CLIENTE, fecha_resolucion=TODAY, numero_resolucion=0
    )
    xml = build_envio_dte([dte], caratula, certificado(), NOW)
    assert states(decide(xml)) == (0, [1])
    assert states(decide(xml, firma_de_envio_basta=True)) == (0, [0])
    assert states(decide(xml.replace(b"<NroResol>0<", b"<NroResol>1<"), firma_de_envio_basta=True)) == (2, [1])


def test_what_is_wrong_with_an_envelope() -> None:
    assert states(decide(envelope(), envio_repetido=True)) == (90, [99, 99])
    assert states(decide(envelope("60803000-K"))) == (3, [99, 99])
    boletas = build_envio_boleta(
        [issue(documento(TipoDte.BOLETA)).xml],
        Caratula(rut_emisor=RUT_EMISOR, rut_envia=RUT_FIRMANTE, fecha_resolucion=TODAY, numero_resolucion=0),
        certificado(),
        NOW,
    )
    assert states(decide(boletas)) == (1, [])
    alone = decide(issue(documento(TipoDte.FACTURA)).xml)
    assert (states(alone), alone.envio_id, alone.digest) == ((1, [99]), "", None)
    wrong_count = read_received(envelope())
    counted = decide_reception(
        replace(wrong_count, conteo_correcto=False),
        rut_propio=CLIENTE,
        ya_recibidos=(),
        nombre_archivo="e.xml",
        codigo_envio=1,
        recibido=NOW,
    )
    assert (counted.estado, counted.recibido) == (EstadoEnvio.OTRO, datetime(2026, 11, 22, 12, 30))  # noqa: DTZ001
    unreadable = unreadable_reception(nombre_archivo="virus.exe", codigo_envio=8, recibido=RECIBIDO)
    for found in (decide(envelope(), envio_repetido=True), decide(boletas), alone, unreadable):
        xml = build_reception_reply(cover(), 1, [found], certificado(), NOW)
        judges.xsd_validate(xml, REPLY)
        assert read_reply(xml).recepciones == (found,)


def test_an_envelope_of_odd_parties_still_gets_an_answer() -> None:
    odd = envelope().replace(b"<RutReceptor>" + CLIENTE.encode(), b"<RutReceptor>x", 1)
    odd = odd.replace(b"DigestValue>", b"DigestValue>?", 1)
    found = decide(re.sub(rb"(.*<DigestValue>)", rb"\1?", odd, flags=re.DOTALL))
    assert (found.estado, found.rut_receptor, found.digest) == (EstadoEnvio.FIRMA, None, None)
    judges.xsd_validate(build_reception_reply(cover(), 1, [found], certificado(), NOW), REPLY)


def test_documents_accepted_and_refused() -> None:
    rows = [
        ResultadoDte(documento=identification(1), codigo_envio=77, estado=EstadoComercial.ACEPTADO, glosa=""),
        ResultadoDte(
            documento=identification(2), codigo_envio=77, estado=EstadoComercial.RECHAZADO, glosa="No", codigo_motivo=-3
        ),
        ResultadoDte(
            documento=identification(3), codigo_envio=77, estado=EstadoComercial.DISCREPANCIAS, glosa="Faltó 1"
        ),
    ]
    xml = build_commercial_reply(cover(correo="a@b.cl"), 9_999_999_999, rows, certificado(), NOW)
    judges.xsd_validate(xml, REPLY)
    judges.verify_set(xml)
    assert read_reply(xml).resultados == tuple(rows)
    with pytest.raises(DocumentoInvalido):
        build_commercial_reply(cover(), 1, [replace(rows[1], glosa=" ")], certificado(), NOW)


def test_receipts_each_signed_and_the_set_too() -> None:
    recibos = [
        Recibo(documento=identification(folio, tipo=tipo), recinto="Bodega Ñuñoa") for folio, tipo in ((1, 33), (1, 52))
    ]
    xml = build_receipts(cover(telefono="+56 2 2345"), recibos, certificado(), NOW)
    judges.xsd_validate(xml, RECEIPTS)
    assert judges.verify_all_in_place(xml) == 3
    alone = judges.cut_out(xml, "Recibo")
    for one in alone:
        judges.xsd_validate(one, "Recibos_v10.xsd")
        judges.verify_set(one)
    read = read_receipts(xml)
    assert (read.firma.valida, read.caratula) == (True, cover(telefono="+56 2 2345"))
    assert [(row.documento, row.recinto) for row in read.recibos] == [(row.documento, row.recinto) for row in recibos]
    for row in read.recibos:
        assert (row.verificado, row.declaracion_correcta, row.rut_firma) == (True, True, RUT_FIRMANTE)
        assert row.firma.certificado is not None
        assert row.firma.certificado.rut == RUT_FIRMANTE
    changed = read_receipts(xml.replace(b"Bodega", b"Bodego", 1))
    assert (changed.firma.valida, [row.verificado for row in changed.recibos]) == (False, [False, True])
    assert [
        row.declaracion_correcta for row in read_receipts(xml.replace(b"acredita que", b"acredita que no")).recibos
    ] == [False, False]
    assert DECLARACION.encode() in xml


def test_what_is_refused() -> None:
    receipt = Recibo(documento=identification(), recinto="x")
    for call in (
        lambda: identification(tipo=39),
        lambda: identification(folio=0),
        lambda: identification(monto_total=-1),
        lambda: identification(rut_emisor="76192083-8"),
        lambda: Recibo(documento=identification(), recinto=" "),
        lambda: build_receipts(cover(), [], certificado(), NOW),
        lambda: build_receipts(cover(), [receipt, receipt], certificado(), NOW),
        lambda: build_receipts(
            cover(), [replace(receipt, documento=identification(rut_emisor=CLIENTE))], certificado(), NOW
        ),
        lambda: build_reception_reply(cover(), 1, [], certificado(), NOW),
        lambda: build_reception_reply(cover(), 0, [decide(envelope())], certificado(), NOW),
        lambda: decide(envelope(), codigo_envio=10_000_000_000),
        lambda: ResultadoDte(
            documento=identification(), codigo_envio=1, estado=EstadoComercial.RECHAZADO, glosa="x", codigo_motivo=3
        ),
    ):
        with pytest.raises(DocumentoInvalido):
            call()


TEXT = st.text(st.sampled_from(LATIN), max_size=300)


@settings(max_examples=25)
@given(TEXT, TEXT, TEXT, st.sampled_from(EstadoEnvio), st.sampled_from(EstadoRecepcion), st.integers(0, 10**18 - 1))
def test_any_text_comes_back_as_it_was(
    name: str, glosa: str, place: str, envio: EstadoEnvio, dte: EstadoRecepcion, total: int
) -> None:
    reception = RecepcionEnvio(
        nombre_archivo=name,
        recibido=RECIBIDO,
        codigo_envio=1,
        envio_id=name,
        digest="AAAA",
        rut_emisor=RUT_EMISOR,
        rut_receptor=CLIENTE,
        estado=envio,
        glosa=glosa,
        documentos=(RecepcionDte(documento=identification(monto_total=total), estado=dte, glosa=place),),
    )
    xml = build_reception_reply(cover(nombre_contacto=name, telefono=glosa), 1, [reception], certificado(), NOW)
    judges.xsd_validate(xml, REPLY)
    judges.verify_set(xml)
    read = read_reply(xml)
    assert (read.recepciones, read.caratula) == ((reception,), cover(nombre_contacto=name, telefono=glosa))
    recibo = Recibo(documento=identification(), recinto=f"x{place}")
    receipts = build_receipts(cover(), [recibo], certificado(), NOW)
    judges.xsd_validate(receipts, RECEIPTS)
    assert judges.verify_all_in_place(receipts) == 2
    assert read_receipts(receipts).recibos[0].recinto == recibo.recinto


def test_all_printable_latin_text() -> None:
    for start in range(0, len(LATIN), 70):
        piece = f"a{LATIN[start : start + 70]}z"
        recibo = Recibo(documento=identification(), recinto=piece)
        assert recibo.recinto == " ".join(piece.split())
        xml = build_receipts(cover(), [recibo], certificado(), NOW)
        assert judges.verify_all_in_place(xml) == 2
        assert etree.fromstring(xml).findtext(".//{*}Recinto") == recibo.recinto


def test_dates_of_documents_are_those_of_the_document() -> None:
    assert decide(envelope()).documentos[0].documento.fecha_emision == date(2026, 11, 22)

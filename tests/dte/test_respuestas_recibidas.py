"""Replies and receipts of customers: read as they were signed, whatever program made them; tampering seen."""

import functools
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests import judges
from tests.dte.test_canonico_recibido import TEMPLATE, pem
from tests.dte.test_respuestas import cover, decide, envelope, identification
from tests.fiscal_material import NOW, certificado
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.firma import IN_SCOPE
from torn_app.dte.intercambio import (
    Recibo,
)
from torn_app.dte.recibos import build_receipts
from torn_app.dte.respuestas import (
    build_reception_reply,
)
from torn_app.dte.respuestas_recibidas import read_receipts, read_reply


@functools.cache
def reply() -> bytes:
    return build_reception_reply(cover(), 1, [decide(envelope())], certificado(), NOW)


@functools.cache
def receipts() -> bytes:
    return build_receipts(cover(), [Recibo(documento=identification(), recinto="Bodega")], certificado(), NOW)


COVERED = re.compile(
    rb"<(Resultado|SetRecibos) .*</\1>|<SignedInfo.*?</SignedInfo>|<SignatureValue>.*?</SignatureValue>", re.DOTALL
)


@settings(max_examples=200, database=None)
@given(st.booleans(), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_no_covered_byte_changes_unseen(is_reply: bool, where: float, mask: int) -> None:
    original = reply() if is_reply else receipts()
    places = [place for found in COVERED.finditer(original) for place in range(*found.span())]
    place = places[int(where * len(places))]
    changed = bytearray(original)
    changed[place] ^= mask
    try:
        found = read_reply(bytes(changed)) if is_reply else read_receipts(bytes(changed))
    except EsquemaInvalido:
        return
    assume(not (original[place : place + 1].isspace() and changed[place : place + 1].isspace()))
    canonical = [etree.tostring(etree.fromstring(bytes(xml)), method="c14n") for xml in (original, changed)]
    assume(canonical[0] != canonical[1])
    holds = [found.firma.valida, *(row.verificado for row in getattr(found, "recibos", ()))]
    assert not all(holds)


@pytest.mark.parametrize(
    "change",
    [
        (b"<EstadoRecepEnv>0<", b"<EstadoRecepEnv>7<"),
        (b"<Folio>1<", b"<Folio>uno<"),
        (b"<FchRecep>2026", b"<FchRecep>hoy"),
        (b"<IdRespuesta>1</IdRespuesta>", b""),
        (b"<Resultado ", b'<Resultado ID="x"/><Resultado '),
        (b"<RutRecibe>", b"<RutRecibe><!-- -->9"),
        (b"<Caratula ", b"<?x?><Caratula "),
        (b"?>", b"?><!DOCTYPE RespuestaDTE>"),
    ],
)
def test_replies_that_are_not_read(change: tuple[bytes, bytes]) -> None:
    assert read_reply(reply()).firma.valida
    with pytest.raises(EsquemaInvalido):
        read_reply(reply().replace(*change, 1))


def test_a_comment_does_not_change_what_is_read() -> None:
    read = read_reply(reply().replace(b"<RecepEnvGlosa>En", b"<RecepEnvGlosa>En<!-- x -->"))
    assert read.firma.valida
    assert read.recepciones == read_reply(reply()).recepciones


def signed_by_others(xml: bytes, *element_ids: str) -> bytes:
    """The same content, indented and in another order of namespaces, each part signed where it stands by xmlsec."""
    xml = xml.replace(b"\n<", b"\r\n\t <").replace(b"<Recibo " + IN_SCOPE.encode(), b"<Recibo")
    for element_id in element_ids:
        unsigned = TEMPLATE.replace("#SetDoc", f"#{element_id}").format(certificado().key_info)
        own = rf'<Signature xmlns="[^"]*">\s*<SignedInfo>(?:(?!</Signature>).)*?URI="#{element_id}".*?</Signature>'
        xml = re.sub(own.encode(), unsigned.encode(), xml, flags=re.DOTALL)
    for _ in element_ids:
        xml = judges.sign(xml, pem())
    return xml


def test_files_signed_by_another_program_are_read() -> None:
    read = read_reply(signed_by_others(reply(), "R1"))
    assert read.firma.valida
    assert read.recepciones == read_reply(reply()).recepciones
    found = read_receipts(signed_by_others(receipts(), "R1T33", "SetRecibos"))
    assert (found.firma.valida, [row.verificado for row in found.recibos]) == (True, [True])
    (row,) = found.recibos
    assert row.en_sitio is not None
    assert row.en_sitio.valida
    assert (row.documento, row.recinto) == (identification(), "Bodega")
    assert not read_reply(signed_by_others(reply(), "R1").replace(b"<CodEnvio>77<", b"<CodEnvio>78<")).firma.valida


def test_a_receipt_hidden_elsewhere_is_refused() -> None:
    (one,) = judges.cut_out(receipts(), "Recibo")
    body = one.split(b"?>\n", 1)[1].replace(b"R1T33", b"R2T33")
    with pytest.raises(EsquemaInvalido):
        read_receipts(receipts().replace(b"</SetRecibos>", b"</SetRecibos><Otro>" + body + b"</Otro>"))
    with pytest.raises(EsquemaInvalido):
        read_receipts(receipts().replace(b"</Recibo>", b"</Recibo>" + body.replace(b"R2T33", b"R1T33"), 1))

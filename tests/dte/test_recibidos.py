"""Received files: good samples verify, tampered ones do not, no covered byte changes unseen, no wrapping."""

import functools
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.fiscal_material import NOW, RUT_EMISOR, TODAY, certificado, documento, issue, line
from tests.shared_material import shared_path
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.recibidos import ArchivoRecibido, read_received
from torn_app.dte.sobre import Caratula, build_envio_boleta, build_envio_dte
from torn_app.dte.tipos import TipoDte

SAMPLE = "DTE--76354771-K--33--170--cleaned.xml"
COVERED = re.compile(
    rb"<(?:Documento|SetDTE) .*</(?:Documento|SetDTE)>"
    rb"|<SignedInfo.*?</SignedInfo>|<SignatureValue>.*?</SignatureValue>",
    re.DOTALL,
)
"""What the signatures cover: the signed element, and of the signature all but KeyInfo."""


def sample(name: str) -> bytes:
    return shared_path("sii", "samples", "signed", name).read_bytes()


@functools.cache
def envelope() -> bytes:
    cover = Caratula(rut_emisor=RUT_EMISOR, rut_envia=certificado().rut, fecha_resolucion=TODAY, numero_resolucion=0)
    dtes = [issue(documento(TipoDte.FACTURA, line('Té "Ñandú" & más'), folio=n)).xml for n in (1, 2)]
    return build_envio_dte(dtes, cover, certificado(), NOW)


@functools.cache
def own() -> bytes:
    return issue(documento(TipoDte.FACTURA, line('Té "Ñandú" & más'))).xml


def holds(found: ArchivoRecibido) -> bool:
    set_holds = found.firma_set is None or found.firma_set.valida
    return set_holds and found.conteo_correcto and all(dte.verificado and dte.timbre_valido for dte in found.dtes)


def test_an_own_envelope_verifies_in_both_forms() -> None:
    found = read_received(envelope())
    assert holds(found)
    assert (found.raiz, found.set_id) == ("EnvioDTE", "SetDoc")
    assert found.caratula is not None
    assert found.caratula.rut_emisor == RUT_EMISOR
    for folio, dte in enumerate(found.dtes, 1):
        assert dte.en_sitio.valida
        assert dte.aparte is not None
        assert dte.aparte.valida
        assert dte.caf_verificado is None
        assert dte.vigente_al_firmar is True
        assert dte.documento is not None
        assert dte.documento.folio == folio
        assert dte.documento.lineas[0].nombre == 'Té "Ñandú" & más'
        assert dte.firma.certificado is not None
        assert dte.firma.certificado.rut == certificado().rut


def test_boletas_are_read_too() -> None:
    cover = Caratula(rut_emisor=RUT_EMISOR, rut_envia=certificado().rut, fecha_resolucion=TODAY, numero_resolucion=0)
    xml = build_envio_boleta([issue(documento(TipoDte.BOLETA)).xml], cover, certificado(), NOW)
    assert holds(read_received(xml))


@pytest.mark.parametrize(
    ("name", "counts", "in_place", "alone"),
    [
        ("F000013T33.xml", True, False, True),
        ("GUIAS_762352915.xml", False, False, True),
        ("EXPORTACION1_762352915.xml", False, False, True),
        (SAMPLE, True, True, True),
    ],
)
def test_good_samples_verify(name: str, counts: bool, in_place: bool, alone: bool) -> None:
    found = read_received(sample(name))
    assert found.firma_set is None or found.firma_set.valida
    assert found.conteo_correcto is counts
    for dte in found.dtes:
        assert dte.documento is not None
        assert (dte.en_sitio.valida, dte.aparte is not None and dte.aparte.valida) == (in_place, alone)
        assert dte.timbre_valido
        assert dte.caf_verificado is True


@pytest.mark.parametrize(
    ("name", "stamp"),
    [
        ("DTE--76354771-K--33--170--cleaned-mod-changed-monto.xml", False),
        ("DTE--76354771-K--33--170--cleaned-mod-replaced-cert.xml", True),
        ("DTE--76354771-K--33--170--cleaned-mod-removed-signature.xml", True),
        ("F60T33-ejemplo-oficial-SII.xml", True),
    ],
)
def test_tampered_samples_are_read_but_not_verified(name: str, stamp: bool) -> None:
    (dte,) = read_received(sample(name)).dtes
    assert dte.documento is not None
    assert not dte.verificado
    assert dte.firma.motivo
    assert (dte.timbre_valido, dte.caf_verificado) == (stamp, True)


def test_no_covered_byte_of_own_files_changes_unseen() -> None:
    for original in (own(), envelope()):
        _flip(original)


def test_no_covered_byte_of_a_sample_changes_unseen() -> None:
    _flip(sample(SAMPLE))


def _flip(original: bytes) -> None:
    places = [place for found in COVERED.finditer(original) for place in range(*found.span())]
    same = etree.tostring(etree.fromstring(original), method="c14n")
    assert len(places) > 1000
    assert holds(read_received(original))

    @settings(max_examples=150, deadline=None, database=None)
    @given(st.sampled_from(places), st.integers(1, 255))
    def one_byte(place: int, mask: int) -> None:
        changed = bytearray(original)
        changed[place] ^= mask
        try:
            found = read_received(bytes(changed))
        except EsquemaInvalido:
            return
        # Another spelling of the same content (a line end, white space inside a tag) is the same content; line breaks
        # inside the Base64 of SignatureValue are not part of it.
        assume(etree.tostring(etree.fromstring(bytes(changed)), method="c14n") != same)
        assume(not (original[place : place + 1].isspace() and changed[place : place + 1].isspace()))
        assert not holds(found)

    one_byte()


def test_a_comment_does_not_change_what_is_read() -> None:
    (dte,) = read_received(own().replace(b"<MntTotal>11", b"<MntTotal>11<!-- -->")).dtes
    assert dte.documento is not None
    assert dte.verificado
    (plain,) = read_received(own()).dtes
    assert plain.documento is not None
    assert dte.documento.totales == plain.documento.totales


def test_wrapping_is_refused() -> None:
    xml = own()
    body = re.search(rb"<Documento .*</Documento>", xml, re.DOTALL)
    assert body is not None
    forged = body.group().replace(b"<Folio>1<", b"<Folio>2<")
    with pytest.raises(EsquemaInvalido):
        read_received(xml.replace(b"<Documento ", forged + b"<Documento ", 1))
    other = forged.replace(b'ID="F1T33"', b'ID="X"')
    with pytest.raises(EsquemaInvalido):
        read_received(xml.replace(b"<Documento ", other + b"<Documento ", 1))
    # The signed element hidden elsewhere: the one in its place is the one judged.
    hidden = xml.replace(body.group(), other, 1).replace(
        b"</Signature>", b"<Object>" + body.group() + b"</Object></Signature>"
    )
    (dte,) = read_received(hidden).dtes
    assert not dte.verificado


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a/>",
        b'<!DOCTYPE DTE [<!ENTITY a "b">]><DTE xmlns="http://www.sii.cl/SiiDte"/>',
        b'<DTE xmlns="http://www.sii.cl/SiiDte"/>',
        b'<EnvioDTE xmlns="http://www.sii.cl/SiiDte"/>',
        b"<a>" * 300 + b"</a>" * 300,
        b" " * 10_000_001,
    ],
)
def test_what_is_not_read(data: bytes) -> None:
    with pytest.raises(EsquemaInvalido):
        read_received(data)

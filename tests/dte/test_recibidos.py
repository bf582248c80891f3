"""Received files: good samples verify, tampered ones do not, no covered byte changes unseen, no wrapping."""

import base64
import functools
import re
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key, pkcs12
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.fiscal_material import (
    NOW,
    RUT_EMISOR,
    TODAY,
    certificado,
    certificate_file,
    documento,
    issue,
    line,
)
from tests.shared_material import shared_path
from torn_app.dte.archivos import open_file
from torn_app.dte.canonico_recibido import canonical_of
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.firma import sign_element
from torn_app.dte.llaves_sii import LLAVES_SII
from torn_app.dte.recibidos import ArchivoRecibido, read_received, verify_received
from torn_app.dte.sobre import Caratula, build_envio_boleta, build_envio_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.verificacion import verify_beside

SAMPLE = "DTE--76354771-K--33--170--cleaned.xml"
COVERED = re.compile(
    rb"<(?:Documento|SetDTE) .*</(?:Documento|SetDTE)>"
    rb"|<SignedInfo.*?</SignedInfo>|<SignatureValue>.*?</SignatureValue>",
    re.DOTALL,
)
"""What the signatures cover: the signed element, and of the signature all but KeyInfo."""
KEY_INFO = re.compile(rb"<(X509Certificate|Modulus|Exponent)>.*?</\1>", re.DOTALL)
"""What a known issuer and the signature itself vouch for."""


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


def issuer() -> x509.Certificate:
    """The certificate of these tests, which issued itself."""
    text = re.search(rb"<X509Certificate>(.*?)</X509Certificate>", own(), re.DOTALL)
    assert text is not None
    return x509.load_der_x509_certificate(base64.b64decode(text.group(1)))


def test_an_own_envelope_verifies_in_both_forms() -> None:
    found = read_received(envelope(), both_forms=True)
    assert holds(found)
    assert (found.raiz, found.set_id) == ("EnvioDTE", "SetDoc")
    assert found.caratula is not None
    assert found.caratula.rut_emisor == RUT_EMISOR
    for folio, dte in enumerate(found.dtes, 1):
        assert dte.en_sitio is not None
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
    found = read_received(sample(name), both_forms=True)
    assert found.firma_set is None or found.firma_set.valida
    assert found.conteo_correcto is counts
    for dte in found.dtes:
        assert dte.documento is not None
        assert dte.en_sitio is not None
        assert (dte.en_sitio.valida, dte.aparte is not None and dte.aparte.valida) == (in_place, alone)
        assert dte.timbre_valido
        assert dte.caf_verificado is True


@pytest.mark.parametrize("name", ["EnvioBOLETA_39.xml", "EnvioDTE_33.xml", "EnvioDTE_34.xml"])
def test_files_of_another_program_verify(name: str) -> None:
    folder = shared_path("sii", "samples", "tool")
    authority = load_pem_public_key((folder / "sii-simulado.pub.pem").read_bytes())
    assert isinstance(authority, RSAPublicKey)
    for keys, caf in (({100: authority}, True), (LLAVES_SII, False), ({}, None)):
        found = read_received((folder / name).read_bytes(), authorities=keys)
        assert holds(found)
        assert [dte.caf_verificado for dte in found.dtes] == [caf] * len(found.dtes)


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


def test_the_second_form_is_tried_only_when_the_first_fails() -> None:
    (dte,) = read_received(own()).dtes
    assert (dte.aparte is not None, dte.en_sitio) == (True, None)
    (dte,) = read_received(own().replace(b"<Folio>1<", b"<Folio>2<")).dtes
    assert dte.aparte is not None
    assert dte.en_sitio is not None
    assert dte.firma is dte.en_sitio


def test_the_documents_are_those_of_the_verified_bytes() -> None:
    found = verify_received(envelope())
    assert found.firma_set is not None
    for folio, parte in enumerate(found.partes, 1):
        assert f"<Folio>{folio}</Folio>".encode() in parte.firma.canonico
        assert parte.firma.canonico.split(b">", 1)[1] in found.firma_set.canonico
        assert parte.xml is not None
        assert parte.xml in envelope()


def test_no_covered_byte_of_own_files_changes_unseen() -> None:
    for original in (own(), envelope()):
        _flip(original, COVERED, holds)


def test_no_covered_byte_of_a_sample_changes_unseen() -> None:
    _flip(sample(SAMPLE), COVERED, holds)


def test_no_byte_of_the_certificate_of_a_known_issuer_changes_unseen() -> None:
    known = (issuer(),)
    assert holds(read_received(envelope(), issuers=known))
    other = pkcs12.load_pkcs12(certificate_file(None), None).cert
    assert other is not None
    (dte,) = read_received(own(), issuers=(other.certificate,)).dtes
    assert dte.firma.motivo == "El certificado de la firma no es de un emisor conocido"
    for original in (own(), envelope()):
        _flip(original, KEY_INFO, holds, known)


def _flip(
    original: bytes,
    covered: re.Pattern[bytes],
    good: Callable[[ArchivoRecibido], bool],
    issuers: tuple[x509.Certificate, ...] = (),
) -> None:
    places = [place for found in covered.finditer(original) for place in range(*found.span())]
    same = etree.tostring(etree.fromstring(original), method="c14n")
    assert len(places) > 1000
    assert good(read_received(original, issuers=issuers))

    @settings(max_examples=100, deadline=None, database=None)
    @given(st.sampled_from(places), st.integers(1, 255))
    def one_byte(place: int, mask: int) -> None:
        changed = bytearray(original)
        changed[place] ^= mask
        try:
            found = read_received(bytes(changed), issuers=issuers)
        except EsquemaInvalido:
            return
        # Another spelling of the same content (a line end, white space inside a tag) is the same content; line breaks
        # inside Base64 are not part of it.
        assume(etree.tostring(etree.fromstring(bytes(changed)), method="c14n") != same)
        assume(not (original[place : place + 1].isspace() and changed[place : place + 1].isspace()))
        assert not good(found)

    one_byte()


def test_a_comment_does_not_change_what_is_read() -> None:
    (dte,) = read_received(own().replace(b"<MntTotal>11", b"<MntTotal>11<!-- -->")).dtes
    assert dte.documento is not None
    assert dte.verificado
    (plain,) = read_received(own()).dtes
    assert plain.documento is not None
    assert dte.documento.totales == plain.documento.totales


def test_a_comment_does_not_hide_whom_an_envelope_is_for() -> None:
    found = read_received(envelope().replace(b"<RutReceptor>608", b"<RutReceptor>608<!-- -->"))
    assert found.caratula is not None
    assert found.caratula.rut_receptor == "60803000-K"
    assert holds(found)


@pytest.mark.parametrize("most", [1, 2])
def test_two_signatures_where_one_belongs(most: int) -> None:
    signature = re.search(rb"<Signature .*?</Signature>", own(), re.DOTALL)
    assert signature is not None
    twice = own().replace(signature.group(), signature.group() + signature.group())
    (dte,) = read_received(twice).dtes
    assert dte.firma.motivo == "No trae la firma, o trae más de una"
    root = open_file(twice, ["DTE"]).root
    assert verify_beside(root[0], root, most=most).valida is (most == 2)
    # All must hold, not only the first.
    broken = signature.group().replace(b"<SignatureValue>\n", b"<SignatureValue>\nAAAA")
    root = open_file(own().replace(signature.group(), signature.group() + broken), ["DTE"]).root
    assert not verify_beside(root[0], root, most=most).valida


def test_a_signature_of_another_document_is_not_this_one_s() -> None:
    body = re.search(rb"<Documento .*</Documento>", own(), re.DOTALL)
    assert body is not None
    root = open_file(own(), ["DTE"]).root
    signature = sign_element(canonical_of(root[0]), "Otro", certificado()).encode()
    (dte,) = read_received(re.sub(rb"<Signature .*</Signature>", signature, own(), flags=re.DOTALL)).dtes
    assert dte.firma.motivo == "La firma no es del documento que acompaña"


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
    with pytest.raises(EsquemaInvalido, match="repite un identificador"):
        read_received(xml.replace(b"<Detalle>", b'<Detalle id="F1T33">'))
    # The signed element hidden elsewhere: the one in its place is the one judged.
    hidden = xml.replace(body.group(), other, 1).replace(
        b"</Signature>", b"<Object>" + body.group() + b"</Object></Signature>"
    )
    (dte,) = read_received(hidden).dtes
    assert not dte.verificado


def in_utf8() -> bytes:
    return envelope().split(b"?>", 1)[1].decode("latin-1").encode()


def test_a_document_in_a_comment_is_not_the_document_of_the_set() -> None:
    first, second = (match.group() for match in re.finditer(rb"<DTE .*?</DTE>", envelope(), re.DOTALL))
    swapped = envelope().replace(b"<SetDTE", b"<!--" + second + b"--><SetDTE").replace(second, b"", 2)
    found = verify_received(swapped.replace(b"<SetDTE", b"<!--" + second + b"--><SetDTE"))
    assert [parte.xml for parte in found.partes] == [first]
    for hidden in (envelope().replace(b"?>", b"?><?x <DTE ?>", 1), b"<?x <DTE ?>" + in_utf8()):
        cuts = [parte.xml or b"" for parte in verify_received(hidden).partes]
        assert [cut.startswith(b"<DTE xmlns") for cut in cuts] == [True, True]
    inside = (
        envelope().replace(b"<DTE ", b"<!-- <DTE> --><DTE ").replace(b"</Caratula>", b"</Caratula><![CDATA[</DTE>]]>")
    )
    assert [parte.verificado for parte in verify_received(inside).partes] == [True, True]


def test_what_a_certificate_cannot_say_is_no_exception() -> None:
    huge = re.sub(rb"(<X509Certificate>).*?(</)", rb"\1" + b"QUFB" * 10_000 + rb"\2", own(), flags=re.DOTALL)
    (dte,) = read_received(huge).dtes
    assert dte.firma.motivo == "El certificado de la firma no se puede leer"
    padded = own().replace(b"</X509Certificate>", b"\n" * 20_000 + b"</X509Certificate>")
    (dte,) = read_received(padded).dtes
    assert dte.firma.motivo == "El certificado de la firma no se puede leer"
    (dte,) = read_received(own().replace(b"<DTE ", b'<DTE xmlns:a="relative" ')).dtes
    assert (dte.verificado, dte.documento, dte.error) == (False, None, "El archivo no es un XML bien formado")
    (dte,) = read_received(re.sub(rb"<X509Data>.*</X509Data>", b"", own(), flags=re.DOTALL)).dtes
    assert dte.firma.motivo == "La firma no trae su certificado"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a/>",
        b'<!DOCTYPE DTE [<!ENTITY a "b">]><DTE xmlns="http://www.sii.cl/SiiDte"/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE DTE><DTE xmlns="http://www.sii.cl/SiiDte"/>'.encode("utf-16"),
        b'<DTE xmlns="http://www.sii.cl/SiiDte">&a;</DTE>',
        b'<DTE xmlns="http://www.sii.cl/SiiDte"><Documento ID="a"><?a b?></Documento></DTE>',
        b'<DTE xmlns="http://www.sii.cl/SiiDte"><DTE xmlns="urn:other"/><Documento ID="a"/></DTE>',
        b'<DTE xmlns="http://www.sii.cl/SiiDte"/>',
        b'<EnvioDTE xmlns="http://www.sii.cl/SiiDte"/>',
        b"<a>" * 300 + b"</a>" * 300,
        b" " * 10_000_001,
    ],
)
def test_what_is_not_read(data: bytes) -> None:
    with pytest.raises(EsquemaInvalido):
        read_received(data)

"""What is signed without parsing is what a parser would have canonicalised, and odd bytes take the parser's way."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests import judges
from tests.dte.test_emision import CARATULA, examples
from tests.fiscal_material import NOW, certificado, documento, folio_range, issue, line
from torn_app.dte.canonico import canonical_inside_set, canonicalize_own, is_written_as_ours
from torn_app.dte.documento import Documento
from torn_app.dte.firma import IN_SCOPE, canonicalize
from torn_app.dte.sobre import build_envio_boleta, build_envio_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml import issue_dte
from torn_app.dte.xml_seguro import strip_declaration

T = TipoDte
LATIN = "".join(chr(c) for c in (*range(0x20, 0x7F), *range(0xA0, 0x100)))


def bare(xml: bytes) -> bytes:
    return strip_declaration(xml).strip()


def canonical_in_place(dte: bytes) -> bytes:
    """What the C14N of lxml makes of a DTE inside a set."""
    whole = canonicalize(f"<SetDTE {IN_SCOPE}>".encode() + dte + b"</SetDTE>")
    return whole[whole.index(b"<DTE") : whole.rindex(b"</SetDTE>")]


@pytest.mark.parametrize("document", examples(), ids=lambda d: f"{d.tipo.name}-{len(d.detalles)}")
def test_the_digest_is_that_of_the_canonical_form_of_lxml(document: Documento) -> None:
    """Made again here from the finished bytes: parsed, cut out, canonicalised, hashed."""
    xml = issue(document).xml
    node = etree.fromstring(xml)[0]
    alone = etree.fromstring(etree.tostring(node, encoding="ISO-8859-1"))
    digest = base64.b64encode(hashlib.sha1(etree.tostring(alone, method="c14n"), usedforsecurity=False).digest())
    assert b"<DigestValue>" + digest + b"</DigestValue>" in xml
    assert canonical_inside_set(bare(xml)) == canonical_in_place(bare(xml))


@given(st.text(LATIN, min_size=1, max_size=80), st.text(LATIN, min_size=1, max_size=60))
def test_any_text_is_canonicalised_as_lxml_does(name: str, issuer: str) -> None:
    document = documento(T.FACTURA, line("a" + name), emisor=replace(documento(T.FACTURA).emisor, giro="b" + issuer))
    xml = issue(document).xml
    judges.verify_dte_signature_cut_out(xml)
    assert canonical_inside_set(bare(xml)) == canonical_in_place(bare(xml))


def test_the_same_values_give_the_same_bytes() -> None:
    """Stamp and signature are deterministic: nothing of a cache or of an earlier document shows."""
    for document in examples():
        first = issue(document)
        issue(replace(document, folio=99))
        again = issue(replace(document))
        assert (again.xml, again.ted) == (first.xml, first.ted)


ODD = {
    "a comment": (b"<Encabezado>", b"<Encabezado><!-- x -->"),
    "an empty tag": (b"<TmstFirma>", b"<X/><TmstFirma>"),
    "a character by number": (b"<NmbItem>Caj", b"<NmbItem>&#67;aj"),
    "white space in a tag": (b"</NmbItem>", b"</NmbItem >"),
    "a namespace declared again": (b"<Encabezado>", b'<Encabezado xmlns="http://www.sii.cl/SiiDte">'),
    "another word": (b"<NmbItem>Caj", b"<NmbItem>Gaj"),
    "a certificate with an entity": (b"<X509Certificate>", b"<X509Certificate>&#32;"),
    "another attribute": (b"<SignatureValue>", b'<SignatureValue Id="a">'),
    "another prefix": (b'<DTE xmlns="', b'<DTE  xmlns="'),
}


@pytest.mark.parametrize("what", ODD)
def test_what_is_written_in_another_way_goes_through_the_parser(what: str) -> None:
    """The set's own signature holds over whatever was put in it, for whoever canonicalises it whole."""
    old, new = ODD[what]
    good = issue(documento(T.FACTURA)).xml
    odd = bare(good).replace(old, new, 1)
    assert odd != bare(good)
    assert canonical_inside_set(odd) is None
    if odd.startswith(b"<DTE "):
        judges.verify_set(build_envio_dte([good, odd], CARATULA, certificado(), NOW))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (rb'<CAF version="1.0">', b"<CAF version='1.0'>"),
        (rb"<TD>", b"<TD><!-- de prueba -->"),
        (rb"&lt;de prueba&gt;", b"<![CDATA[<de prueba>]]>"),
        (rb"&amp;", b"&#38;"),
        (rb"<IDK>", b"<X/><IDK>"),
    ],
)
def test_a_folio_file_written_in_another_way(old: bytes, new: bytes) -> None:
    """Its bytes are signed by the tax service and stand in the document as they are, however they are written."""
    numbers = folio_range(T.BOLETA)
    caf = replace(numbers.caf, caf_plano=re.sub(old, new, numbers.caf.caf_plano, count=1))
    assert caf.caf_plano != numbers.caf.caf_plano
    assert not is_written_as_ours(caf.caf_plano)
    assert is_written_as_ours(numbers.caf.caf_plano)
    signed = issue_dte(documento(T.BOLETA), caf, numbers.key, certificado(), NOW)
    assert caf.caf_plano in signed.xml
    judges.verify_dte_signature_cut_out(signed.xml)
    judges.verify_in_place(build_envio_boleta([signed.xml], CARATULA, certificado(), NOW))


def test_what_is_no_xml_is_not_ours() -> None:
    assert not is_written_as_ours(b"<CAF>")
    assert canonicalize_own("<a>&quot;&amp;&apos;ñ</a>") == "<a>\"&amp;'ñ</a>".encode()

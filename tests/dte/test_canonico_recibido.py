"""Canonical forms: cut out of the whole as made alone, and the same that xmlsec signs, whatever the namespaces."""

import functools

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests import judges
from tests.fiscal_material import certificado
from tests.shared_material import shared_path
from torn_app.dte.archivos import open_file
from torn_app.dte.canonico_recibido import canonical_document, canonical_of
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.verificacion import verify_beside
from torn_app.dte.xml_seguro import DSIG, SII, XSI, decode_base64

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
TEMPLATE = (
    f'<Signature xmlns="{DSIG}"><SignedInfo><CanonicalizationMethod Algorithm="{C14N}"/>'
    f'<SignatureMethod Algorithm="{DSIG}rsa-sha1"/><Reference URI="#SetDoc">'
    f'<Transforms><Transform Algorithm="{C14N}"/></Transforms><DigestMethod Algorithm="{DSIG}sha1"/>'
    "<DigestValue/></Reference></SignedInfo><SignatureValue/>{}</Signature>"
)

TEXT = st.text(st.sampled_from("aé ñÿ \t\n0&<>\"'"), max_size=6)
ATTRIBUTES = st.lists(st.sampled_from(["a", "b", "xsi:a", "p:b"]), unique=True, max_size=3)
DECLARED = st.lists(
    st.sampled_from([f'xmlns="{SII}"', 'xmlns=""', f'xmlns:xsi="{XSI}"', 'xmlns:p="urn:other"', 'xmlns:q="urn:q"']),
    unique_by=lambda text: text.split("=")[0],
    max_size=3,
)


def escaped(text: str, *, attribute: bool = False) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#xA;") if attribute else text


@st.composite
def elements(draw: st.DrawFn, depth: int = 3) -> str:
    name = draw(st.sampled_from(["Uno", "Dos", "p:Uno", "Documento"]))
    attributes = "".join(f' {key}="{escaped(draw(TEXT), attribute=True)}"' for key in draw(ATTRIBUTES))
    declared = "".join(f" {text}" for text in draw(DECLARED))
    content = escaped(draw(TEXT)) + draw(st.sampled_from(["", "<!-- </Uno> -->", "<![CDATA[<Dos>&]]>"]))
    if depth:
        content += "".join(draw(st.lists(elements(depth=depth - 1), max_size=2)))
    return f"<{name}{declared}{attributes}>{content}</{name}>"


def envelope(content: str, signature: str = "") -> bytes:
    root = f'<EnvioDTE xmlns:p="urn:p" xmlns="{SII}" xmlns:xsi="{XSI}" version="1.0">'
    return f'{root}\n<SetDTE ID="SetDoc">{content}</SetDTE>\n{signature}</EnvioDTE>'.encode()


@functools.cache
def pem() -> bytes:
    return certificado().key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@settings(max_examples=60)
@given(elements())
def test_cut_out_of_the_whole_as_made_alone(content: str) -> None:
    root = open_file(envelope(content), ["EnvioDTE"]).root
    whole = canonical_document(root)
    for element in root.iter("{*}*"):
        assert canonical_of(element, whole) == canonical_of(element)


@settings(max_examples=60)
@given(elements())
def test_what_xmlsec_signs_verifies(content: str) -> None:
    signed = judges.sign(envelope(content, TEMPLATE.format(certificado().key_info)), pem())
    root = open_file(signed, ["EnvioDTE"]).root
    for whole in (b"", canonical_document(root)):
        found = verify_beside(root[0], root, whole=whole)
        assert found.valida, found.motivo
        assert canonical_document(etree.fromstring(found.canonico)) == found.canonico
    tampered = open_file(signed.replace(b"</SetDTE>", b".</SetDTE>"), ["EnvioDTE"]).root
    assert verify_beside(tampered[0], tampered).motivo == "El contenido no es el que se firmó"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (f'<CanonicalizationMethod Algorithm="{C14N}"/>', '<CanonicalizationMethod Algorithm="{exclusive}"/>'),
        (f'<Transform Algorithm="{C14N}"/>', '<Transform Algorithm="{exclusive}"/>'),
        (f"{DSIG}rsa-sha1", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
        (f"{DSIG}sha1", "http://www.w3.org/2001/04/xmlenc#sha256"),
    ],
)
def test_other_algorithms_are_not_taken(ours: str, theirs: str) -> None:
    template = TEMPLATE.replace(ours, theirs.replace("{exclusive}", "http://www.w3.org/2001/10/xml-exc-c14n#"))
    assert template != TEMPLATE
    root = open_file(judges.sign(envelope("", template.format(certificado().key_info)), pem()), ["EnvioDTE"]).root
    assert verify_beside(root[0], root).motivo == "La firma usa algoritmos que el SII no acepta"


@pytest.mark.parametrize(
    ("text", "data"), [("QQ==", b"A"), (" Q\tQ\r\n= =", b"A"), (b"QUI=", b"AB"), ("", b""), (None, b"")]
)
def test_base64_of_others(text: str | bytes | None, data: bytes) -> None:
    assert decode_base64(text) == data


@pytest.mark.parametrize("text", ["QR==", "QQ", "QQ=", "Q\u00a0Q==", "Q*Q==", "ñ", b"QQ==\xa0", "QQ==QQ=="])
def test_base64_has_one_spelling(text: str | bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (binascii says several things)
        decode_base64(text)


def test_every_element_of_the_samples() -> None:
    for folder in ("signed", "tool"):
        for file in shared_path("sii", "samples", folder).glob("*.xml"):
            root = etree.fromstring(file.read_bytes())
            whole = canonical_document(root)
            for element in root.iter("{*}*"):
                assert canonical_of(element, whole) == canonical_of(element)


def test_what_has_no_canonical_form() -> None:
    with pytest.raises(EsquemaInvalido):
        canonical_document(etree.fromstring(b'<a xmlns="relative"/>'))

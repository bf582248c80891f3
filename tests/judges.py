"""Independent judges of what the fiscal core produces: official schemas, xmlsec, plain cryptography.

lxml is imported before xmlsec on purpose: both wheels carry libxml2, and the other order crashes.
"""

import base64
import functools
import importlib.util
import re
import warnings
from pathlib import Path

from lxml import etree  # isort: split

import pypdfium2
import xmlsec
import zxingcpp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.shared_material import shared_path

with warnings.catch_warnings():
    # cl-sii 0.79 still imports defusedxml.lxml, which says of itself that it is old.
    warnings.simplefilter("ignore", DeprecationWarning)
    from cl_sii.dte.data_models import DteXmlData
    from cl_sii.dte.parse import parse_dte_xml, validate_dte_xml
    from cl_sii.libs.xml_utils import parse_untrusted_xml
    from cl_sii.rtc.data_models_aec import AecXml
    from cl_sii.rtc.parse_aec import parse_aec_xml, validate_aec_xml

SII = "http://www.sii.cl/SiiDte"
_NS = {"s": SII, "ds": "http://www.w3.org/2000/09/xmldsig#"}
_DTE = re.compile(rb"<DTE[\s>].*?</DTE>", re.DOTALL)
_DECLARATION = b'<?xml version="1.0" encoding="ISO-8859-1"?>\n'


class SignatureFails(AssertionError):
    """A signature does not hold."""


def xsd_validate(xml: bytes, schema: str) -> None:
    """Raise lxml.etree.DocumentInvalid unless `xml` is valid under a schema file such as `EnvioDTE_v10.xsd`.

    A bare `<DTE>` is judged by `DTE_v10.xsd`; a bare boleta by `boleta` (the DTE type inside EnvioBOLETA_v11).
    """
    _schema(schema).assertValid(etree.fromstring(xml))


def cut_out_dtes(envelope: bytes) -> list[bytes]:
    """Return each `<DTE>` of an envelope byte for byte, as a document of its own: how the tax service takes them.

    One that leaned on the envelope for its namespace gets it written.
    """
    bare, full = b"<DTE version=", f'<DTE xmlns="{SII}" version='.encode("ascii")
    return [_DECLARATION + found.replace(bare, full, 1) for found in _DTE.findall(envelope)]


def sign(xml: bytes, pem: bytes) -> bytes:
    """Fill in the first empty signature of a document, with a private key, as xmlsec signs."""
    root = etree.fromstring(xml)
    signature = next(one for one in root.iter("{*}Signature") if not one.findtext("ds:SignatureValue", "", _NS))
    for element in root.iter("{*}*"):
        if "ID" in element.attrib:
            xmlsec.tree.add_ids(element, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pem, xmlsec.KeyFormat.PEM)
    context.sign(signature)
    return etree.tostring(root, encoding="ISO-8859-1")


def cut_out(xml: bytes, name: str) -> list[bytes]:
    """Return each element of a name byte for byte, as a document of its own; it must declare its namespaces."""
    pattern = rb"<" + name.encode() + rb"[\s>].*?</" + name.encode() + rb">"
    return [_DECLARATION + found for found in re.findall(pattern, xml, re.DOTALL)]


def verify_dte_signature_cut_out(xml: bytes) -> None:
    """Verify a `<DTE>` standing alone. Raises SignatureFails."""
    root = etree.fromstring(xml)
    assert etree.QName(root).localname == "DTE"
    _verify(root, root.find("ds:Signature", _NS))


def verify_in_place(envelope: bytes) -> None:
    """Verify the set's signature and every DTE's inside the whole envelope. Raises SignatureFails."""
    root = etree.fromstring(envelope)
    signatures = root.findall(".//ds:Signature", _NS)
    assert len(signatures) == 1 + len(root.findall(".//s:DTE", _NS))
    for signature in signatures:
        _verify(root, signature)


def verify_all_in_place(xml: bytes, *, besides: str = "none") -> int:
    """Verify every signature inside a file but those beside an element of that name; return how many there were."""
    root = etree.fromstring(xml)
    found = [one for one in root.iter("{*}Signature") if one.getparent().find(f"s:{besides}", _NS) is None]
    for signature in found:
        _verify(root, signature)
    return len(found)


def verify_set(envelope: bytes) -> None:
    """Verify only the signature of the set. Raises SignatureFails."""
    root = etree.fromstring(envelope)
    _verify(root, root.find("ds:Signature", _NS))


def verify_enveloped(xml: bytes) -> None:
    """Verify an enveloped signature (getToken). Raises SignatureFails."""
    root = etree.fromstring(xml)
    _verify(root, root.find("ds:Signature", _NS))


def verify_ted(xml: bytes) -> None:
    """Verify the stamp of a `<DTE>` (or a bare `<TED>`) with the key inside its CAF. Raises SignatureFails."""
    ted = re.search(rb"<TED[\s>].*?</TED>", xml, re.DOTALL)
    assert ted is not None
    flat = re.sub(rb">\s+<", b"><", ted.group())
    dd = flat[flat.index(b"<DD>") : flat.index(b"</DD>") + 5]
    node = etree.fromstring(_DECLARATION + flat)
    modulus, exponent = (
        int.from_bytes(base64.b64decode(node.findtext(f".//RSAPK/{part}") or "")) for part in ("M", "E")
    )
    public = RSAPublicNumbers(exponent, modulus).public_key()
    try:
        public.verify(base64.b64decode(node.findtext("FRMT") or ""), dd, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    except InvalidSignature as error:
        raise SignatureFails("stamp") from error


def read_stamp(pdf: bytes) -> bytes:
    """Return what a scanner reads of the stamp on the first page of a letter copy."""
    opened = pypdfium2.PdfDocument(pdf)
    page = opened[0]
    image = page.render(scale=300 / 72).to_pil()
    page.close()
    opened.close()
    (code,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)
    return bytes(code.bytes)


def read_with_cl_sii(xml: bytes) -> DteXmlData:
    """Read a `<DTE>` (not a boleta, not an envelope) with an independent library, after its own schema check."""
    document = parse_untrusted_xml(xml)
    validate_dte_xml(document)
    return parse_dte_xml(document)


def read_aec_with_cl_sii(xml: bytes) -> AecXml:
    """Read a file of cession (not of a 43) with an independent library, after its own schema check."""
    document = parse_untrusted_xml(xml)
    validate_aec_xml(document)
    return parse_aec_xml(document)


def _verify(root: etree._Element, signature: etree._Element | None) -> None:
    if signature is None:
        raise SignatureFails("no signature")
    for element in root.iter():
        if isinstance(element.tag, str) and "ID" in element.attrib:
            xmlsec.tree.add_ids(element, ["ID"])
    der = base64.b64decode(signature.findtext(".//ds:X509Certificate", "", _NS))
    certificate = x509.load_der_x509_certificate(der)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(_public_pem(certificate), xmlsec.KeyFormat.PEM)
    try:
        context.verify(signature)
    except xmlsec.Error as error:
        raise SignatureFails(str(error)) from error


def _public_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def schema_folder() -> Path:
    """Return the folder of official schemas: the data of the wheel facturacion-electronica, else the shared ones."""
    spec = importlib.util.find_spec("facturacion_electronica")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "xsd"
        if (folder / "EnvioBOLETA_v11.xsd").exists():
            return folder
    return shared_path("sii", "xsd")


@functools.cache
def _schema(name: str) -> etree.XMLSchema:
    folder = schema_folder()
    if name != "boleta":
        return etree.XMLSchema(etree.parse(folder / name))
    # A boleta stands alone nowhere in the official schemas: declare its type as a root.
    wrapper = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{SII}" targetNamespace="{SII}" '
        'elementFormDefault="qualified"><xs:include schemaLocation="EnvioBOLETA_v11.xsd"/>'
        '<xs:element name="DTE" type="BOLETADefType"/></xs:schema>'
    )
    return etree.XMLSchema(etree.fromstring(wrapper.encode(), base_url=str(folder / "wrapper.xsd")))

"""Certificates and signatures: opening, refusing, signing what xmlsec accepts, and what it must not accept."""

import zipfile
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from tests import judges
from tests.fiscal_material import RUT_FIRMANTE, certificado, certificate_file
from tests.shared_material import shared_path
from torn_app.dte.errores import EsquemaInvalido, FirmaInvalida
from torn_app.dte.firma import load_certificado, sign_root

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
SEED = b"<getToken>\n<item>\n<Semilla>012345678901</Semilla>\n</item>\n</getToken>"


def pkcs12_with(subject: list[x509.NameAttribute], *, san: str | None = None, curve: bool = False) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    name = x509.Name(subject)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(77)
        .not_valid_before(START)
        .not_valid_after(END)
    )
    if san is not None:
        value = bytes([0x16, len(san)]) + san.encode("ascii")  # IA5String
        other = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.8321.1"), value)
        builder = builder.add_extension(x509.SubjectAlternativeName([other]), critical=False)
    return pkcs12.serialize_key_and_certificates(None, key, builder.sign(key, hashes.SHA256()), None, NoEncryption())


def attribute(oid: x509.ObjectIdentifier, text: str) -> x509.NameAttribute:
    return x509.NameAttribute(oid, text)


NAME = attribute(NameOID.COMMON_NAME, "JUAN PEREZ")


def test_a_certificate_is_opened() -> None:
    opened = certificado()
    assert (opened.rut, opened.titular, opened.emisor) == (RUT_FIRMANTE, "Juana Pérez", "Juana Pérez")
    assert opened.valido_desde == START
    opened.check_valid_at(datetime(2026, 6, 1, tzinfo=UTC))
    assert "key" not in repr(opened)


def test_the_sample_certificate_is_opened() -> None:
    with zipfile.ZipFile(shared_path("sii", "samples", "caf.zip")) as archive:
        file = archive.read("caf/firmante.p12")
    assert load_certificado(file, "prueba").rut == "11111111-1"


@pytest.mark.parametrize("written", ["11.111.111-1", "11111111-1", "76192083-9"])
def test_the_rut_in_the_alternative_name(written: str) -> None:
    assert load_certificado(pkcs12_with([NAME], san=written), None).rut == written.replace(".", "")


def test_the_alternative_name_wins_over_the_serial_number() -> None:
    subject = [NAME, attribute(NameOID.SERIAL_NUMBER, "76192083-9")]
    assert load_certificado(pkcs12_with(subject, san="11111111-1"), None).rut == "11111111-1"


@pytest.mark.parametrize(
    ("file", "password", "text"),
    [
        (lambda: certificate_file("clave"), "otra", "contraseña"),
        (lambda: certificate_file("clave"), None, "contraseña"),
        (lambda: b"nothing", "clave", "no es un certificado"),
        (lambda: certificate_file("clave")[:-20], "clave", "dañado"),
        (lambda: pkcs12_with([NAME]), None, "RUT de su titular"),
        (lambda: pkcs12_with([NAME, attribute(NameOID.SERIAL_NUMBER, "123")]), None, "RUT de su titular"),
        (lambda: pkcs12_with([NAME], curve=True), None, "RSA"),
    ],
)
def test_refused(file, password: str | None, text: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FirmaInvalida, match=text):
        load_certificado(file(), password)


def test_outside_its_life_it_is_refused() -> None:
    opened = load_certificado(pkcs12_with([NAME], san="11111111-1"), None)
    with pytest.raises(FirmaInvalida, match="venció el 01-01-2027"):
        opened.check_valid_at(datetime(2027, 1, 2, tzinfo=UTC))
    with pytest.raises(FirmaInvalida, match="recién desde el 01-01-2026"):
        opened.check_valid_at(datetime(2025, 12, 31, tzinfo=UTC))


def test_the_token_request_verifies() -> None:
    signed = sign_root(SEED, certificado())
    judges.verify_enveloped(signed)
    assert signed.startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>\n<getToken>')
    assert b'URI=""' in signed
    assert max(len(row) for row in signed.splitlines() if b"Algorithm" not in row) <= 76
    with pytest.raises(judges.SignatureFails):
        judges.verify_enveloped(signed.replace(b"012345678901", b"012345678902"))


@pytest.mark.parametrize("xml", [b'<getToken xmlns="x"></getToken>', b"<getToken/>"])
def test_roots_it_cannot_sign_are_refused(xml: bytes) -> None:
    with pytest.raises(FirmaInvalida):
        sign_root(xml, certificado())


def test_broken_xml_is_not_signed() -> None:
    with pytest.raises(EsquemaInvalido):
        sign_root(b"<getToken>", certificado())


def test_signed_samples_of_others_verify() -> None:
    """The judge itself: it accepts what is known good and refuses what is known tampered."""
    folder = shared_path("sii", "samples", "signed")
    good = "DTE--76354771-K--33--170--cleaned"
    judges.verify_dte_signature_cut_out((folder / f"{good}.xml").read_bytes())
    for name in ("F000013T33.xml", "GUIAS_762352915.xml"):
        envelope = (folder / name).read_bytes()
        judges.verify_set(envelope)
        for one in judges.cut_out_dtes(envelope):
            judges.verify_dte_signature_cut_out(one)
    for bad in ("changed-monto", "replaced-cert", "removed-signature"):
        with pytest.raises(judges.SignatureFails):
            judges.verify_dte_signature_cut_out((folder / f"{good}-mod-{bad}.xml").read_bytes())

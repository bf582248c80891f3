"""Folio files: those of the tax service, simulated ones, our own test ranges, and damaged ones."""

import zipfile
from collections.abc import Mapping
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from tests.fiscal_material import caf_file
from tests.shared_material import shared_path
from torn_app.dte.caf import add_months, build_caf, load_caf_key, parse_caf
from torn_app.dte.errores import CafInvalido
from torn_app.dte.llaves_sii import LLAVES_SII
from torn_app.dte.tipos import TipoDte
from torn_app.folios.test_authority import IDK_PRUEBA, make_stamp_key

OFFICIAL = "caf/CAF-oficial-SII-97975000-5-33.xml"


def sample(name: str) -> bytes:
    with zipfile.ZipFile(shared_path("sii", "samples", "caf.zip")) as archive:
        return archive.read(name)


def simulated_authority() -> Mapping[int, RSAPublicKey]:
    key = load_pem_public_key(shared_path("sii", "samples", "tool", "sii-simulado.pub.pem").read_bytes())
    assert isinstance(key, RSAPublicKey)
    return {100: key}


def test_the_genuine_file_is_read_and_verified() -> None:
    caf = parse_caf(sample(OFFICIAL))

    assert (caf.rut_emisor, caf.razon_social, caf.tipo) == ("97975000-5", "RUT DE PRUEBA", TipoDte.FACTURA)
    assert (caf.desde, caf.hasta, caf.cantidad, caf.idk) == (1, 200, 200, 100)
    assert caf.fecha_autorizacion == date(2003, 9, 4)
    assert caf.vence == date(2004, 3, 4)
    assert caf.firma_verificada
    assert caf.caf_xml in sample(OFFICIAL)
    assert 200 in caf
    assert 201 not in caf


@pytest.mark.parametrize("code", [33, 34, 39, 41, 46, 52, 56, 61])
def test_simulated_files_are_read(code: int) -> None:
    file = sample(f"caf/CAF-simulado-{code}.xml")
    caf = parse_caf(file, authorities=simulated_authority())

    assert (caf.tipo, caf.desde, caf.hasta) == (code, 1, 100)
    assert caf.firma_verificada
    assert (caf.vence == date(2027, 4, 1)) is (code in (33, 46, 56, 61))
    with pytest.raises(CafInvalido, match="firma del SII"):
        parse_caf(file)  # says key 100, but the tax service did not sign it


@pytest.mark.parametrize(("idk", "name"), [(100, "sii_idk_100_certificacion"), (300, "sii_idk_300_produccion")])
def test_embedded_keys_are_the_published_ones(idk: int, name: str) -> None:
    published = shared_path("sii", "samples", "vectors", f"{name}.pub.pem").read_bytes()
    assert LLAVES_SII[idk].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) == published


def test_our_test_ranges_are_read() -> None:
    caf = parse_caf(caf_file(TipoDte.BOLETA, desde=5, hasta=9))

    assert (caf.desde, caf.hasta, caf.idk, caf.vence) == (5, 9, IDK_PRUEBA, None)
    assert caf.razon_social == "Ñandú & Compañía <de prueba>"
    assert not caf.firma_verificada
    assert caf.llave_publica.key_size == 512


def test_their_signature_holds_under_their_own_authority() -> None:
    authority, key = make_stamp_key(), make_stamp_key()
    file = build_caf(
        rut_emisor="76192083-9",
        razon_social="Ñuble",
        tipo=TipoDte.BOLETA,
        desde=1,
        hasta=2,
        fecha_autorizacion=date(2026, 1, 1),
        idk=IDK_PRUEBA,
        llave=key,
        llave_autoridad=authority,
    )
    assert parse_caf(file, authorities={IDK_PRUEBA: authority.public_key()}).firma_verificada
    with pytest.raises(CafInvalido, match="firma del SII"):
        parse_caf(file.replace(b"<H>2</H>", b"<H>3</H>"), authorities={IDK_PRUEBA: authority.public_key()})


def test_bytes_are_latin1_whatever_is_declared() -> None:
    file = caf_file(TipoDte.BOLETA)
    assert file.startswith(b'<?xml version="1.0"?>')
    for declaration in (b'<?xml version="1.0" encoding="UTF-8"?>', b'<?xml version="1.0" encoding="ISO-8859-1"?>', b""):
        changed = file.replace(b'<?xml version="1.0"?>', declaration)
        assert parse_caf(changed).razon_social == "Ñandú & Compañía <de prueba>"


def test_windows_line_ends_do_not_matter() -> None:
    file = caf_file(TipoDte.BOLETA)
    assert parse_caf(file.replace(b"\n", b"\r\n")).caf_plano == parse_caf(file).caf_plano


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (b"AUTORIZACION>", b"OTRA>", "no es un CAF"),
        (b"<TD>39</TD>", b"<TD>77</TD>", "desconocido"),
        (b"<D>1</D>", b"<D>100001</D>", "rango"),
        (b"<D>1</D>", b"<D>0</D>", "rango"),
        (b"<D>1</D>", b"<D>uno</D>", "no es un n"),
        (b"<FA>2026-10-01</FA>", b"<FA>ayer</FA>", "no es una fecha"),
        (b"<FA>2026-10-01</FA>", b"", "falta el dato FA"),
        (b"<RE>76192083-9</RE>", b"<RE>76192083-1</RE>", "RUT"),
        (b"<M>", b"<M>BBBB", "no corresponde"),
        (b"BEGIN RSA PRIVATE", b"BEGIN DSA PRIVATE", "dañada"),
        (b"RSASK>", b"OTRA>", "no trae la llave"),
        (b"</AUTORIZACION>", b"", "no es un CAF"),
        (b"<AUTORIZACION>", b'<!DOCTYPE x [<!ENTITY a "b">]><AUTORIZACION>', "no es un CAF"),
    ],
)
def test_damaged_files_are_refused(old: bytes, new: bytes, text: str) -> None:
    file = caf_file(TipoDte.BOLETA)
    assert old in file
    with pytest.raises(CafInvalido, match=text):
        parse_caf(file.replace(old, new))


def test_the_key_of_another_range_is_refused() -> None:
    one, other = caf_file(TipoDte.BOLETA), caf_file(TipoDte.BOLETA)
    mixed = one.split(b"<RSASK>")[0] + b"<RSASK>" + other.split(b"<RSASK>")[1]
    with pytest.raises(CafInvalido, match="no corresponde"):
        parse_caf(mixed)
    mixed = one.split(b"<RSAPUBK>")[0] + b"<RSAPUBK>" + other.split(b"<RSAPUBK>")[1]
    with pytest.raises(CafInvalido, match="no coinciden"):
        parse_caf(mixed)


def test_the_private_key_is_never_shown() -> None:
    file = caf_file(TipoDte.BOLETA)
    secret = file.split(b"PRIVATE KEY-----\n")[1][:40].decode()
    assert secret not in repr(parse_caf(file))
    assert secret.encode() not in parse_caf(file).caf_xml
    assert load_caf_key(file).key_size == 512


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 1, 15), date(2026, 7, 15)),
        (date(2027, 8, 30), date(2028, 2, 29)),
    ],
)
def test_six_months_later(day: date, expected: date) -> None:
    assert add_months(day, 6) == expected

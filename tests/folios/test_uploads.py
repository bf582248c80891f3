"""Every reason a folio file or a certificate is refused, as the person who hands it in reads it; and what is kept."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from sqlalchemy import Engine, text

from tests.factories import Member, create_company, create_member, new_rut
from tests.folios.material import (
    Uploads,
    caf_of,
    certificate_of,
    issue_boleta,
    refusal,
    set_ambiente,
    standing_for_the_tax_service,
)
from torn_app.dte.caf import add_months
from torn_app.dte.llaves_sii import IDK_CERTIFICACION, IDK_PRODUCCION
from torn_app.dte.tipos import TipoDte
from torn_app.folios.errors import FolioExhausted
from torn_app.folios.models import caf_place
from torn_app.folios.test_authority import IDK_PRUEBA, make_stamp_key
from torn_app.infra import crypto
from torn_app.kernel import clock

TODAY = clock.santiago_date(clock.now())


@pytest.fixture(scope="module")
def authority() -> Iterator[rsa.RSAPrivateKey]:
    with standing_for_the_tax_service(IDK_CERTIFICACION, IDK_PRODUCCION) as key:
        yield key


@pytest.fixture
def owner(engine: Engine) -> Member:
    person = create_member(engine, create_company(engine))
    person.run(set_ambiente, "CERTIFICACION")
    return person


@pytest.fixture
def door(owner: Member) -> Uploads:
    return Uploads(owner)


# --- folio files -----------------------------------------------------------------------------------------------------


def test_a_good_range_is_kept_byte_for_byte(
    engine: Engine, door: Uploads, owner: Member, authority: rsa.RSAPrivateKey
) -> None:
    archivo = caf_of(owner, authority, 5, 14)
    assert "Ñandú & Cía".encode("latin-1").replace(b"&", b"&amp;") in archivo
    answer = door.caf(archivo)
    assert answer.status_code == 201
    assert answer.json() == {
        "id": answer.json()["id"],
        "dte_type": 39,
        "folio_desde": 5,
        "folio_hasta": 14,
        "fecha_autorizacion": TODAY.isoformat(),
        "fecha_vencimiento": None,
        "ambiente": "CERTIFICACION",
        "disponibles": 10,
    }
    with engine.connect() as connection:
        stored = connection.execute(
            text(f"SELECT caf_encrypted FROM {owner.company.schema}.caf_range WHERE id = :id"), answer.json()
        ).scalar_one()
    assert crypto.decrypt(owner.company.schema, caf_place("CERTIFICACION", 39, 5), bytes(stored)) == archivo


def test_whose_range_it_is(door: Uploads, owner: Member, authority: rsa.RSAPrivateKey) -> None:
    other = new_rut()
    assert refusal(door.caf(caf_of(owner, authority, rut_emisor=other))) == f"El CAF es de otra empresa ({other})."


def test_only_the_tax_service_signs_real_ranges(door: Uploads, owner: Member, authority: rsa.RSAPrivateKey) -> None:
    assert "La firma del SII en el CAF no es válida" in refusal(door.caf(caf_of(owner, make_stamp_key())))
    changed = caf_of(owner, authority).replace(b"<H>9</H>", b"<H>90</H>")
    assert "el archivo fue modificado" in refusal(door.caf(changed))
    unsigned = caf_of(owner, authority).replace(b"SHA1withRSA", b"none")
    assert "no trae la firma del SII" in refusal(door.caf(unsigned))
    for idk in (IDK_PRUEBA, 77):
        assert refusal(door.caf(caf_of(owner, authority, idk=idk))) == "El CAF no está firmado por el SII."


def test_a_signed_range_hidden_beside_another_does_not_lend_its_signature(
    door: Uploads, owner: Member, authority: rsa.RSAPrivateKey
) -> None:
    good = caf_of(owner, authority)
    caf = good[good.index(b"<CAF ") : good.index(b"</CAF>") + len(b"</CAF>")]
    forged = good.replace(b"<H>9</H>", b"<H>900</H>")
    for disguise in (b"<!--%s-->", b"<x><![CDATA[%s]]></x>", b"<x>%s</x>", b"<?x %s?>"):
        hidden = forged.replace(b"<AUTORIZACION>", b"<AUTORIZACION>" + disguise % caf)
        assert refusal(door.caf(hidden)) == "El archivo no es un CAF del SII"
    named = caf.replace(b"<CAF ", b'<CAF xmlns="urn:x" ')
    assert refusal(door.caf(forged.replace(b"<AUTORIZACION>", b"<AUTORIZACION>" + named))) == (
        "El archivo no es un CAF del SII"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<TD>39</TD>", b"<TD>38</TD>", "tipo de documento desconocido"),
        (b"<D>1</D>", b"<D>10</D>", "rango de folios del CAF no es válido"),
        (b"<D>1</D>", b"<D>0</D>", "rango de folios del CAF no es válido"),
        (b"<M>", b"<M>BBBB", "no corresponde a su llave pública"),
        (b"BEGIN RSA PRIVATE", b"BEGIN DSA PRIVATE", "llave privada del CAF está dañada"),
        (b"RSASK>", b"OTRA>", "no trae la llave privada"),
        (b"BEGIN PUBLIC", b"BEGIN PUBLICO", "llave pública del CAF está dañada"),
        (b"</AUTORIZACION>", b"", "no es un CAF"),
        (b"<AUTORIZACION>", b'<!DOCTYPE x [<!ENTITY a "b">]><AUTORIZACION>', "no es un CAF"),
        (b"</AUTORIZACION>", b" " * 20_000 + b"</AUTORIZACION>", "demasiado grande para ser un CAF"),
        (b"</AUTORIZACION>", b" " * 100_000 + b"</AUTORIZACION>", "El archivo es demasiado grande."),
    ],
)
def test_damaged_files(
    door: Uploads, owner: Member, authority: rsa.RSAPrivateKey, old: bytes, new: bytes, said: str
) -> None:
    archivo = caf_of(owner, authority)
    assert old in archivo
    assert said in refusal(door.caf(archivo.replace(old, new)))


def test_keys_that_do_not_belong_together(door: Uploads, owner: Member, authority: rsa.RSAPrivateKey) -> None:
    one, other = caf_of(owner, authority), caf_of(owner, authority)
    private = one.split(b"<RSASK>")[0] + b"<RSASK>" + other.split(b"<RSASK>")[1]
    assert "La llave privada del CAF no corresponde" in refusal(door.caf(private))
    public = one.split(b"<RSAPUBK>")[0] + b"<RSAPUBK>" + other.split(b"<RSAPUBK>")[1]
    assert refusal(door.caf(public)) == "Las llaves públicas del CAF no coinciden"


def test_ranges_never_overlap(door: Uploads, owner: Member, authority: rsa.RSAPrivateKey) -> None:
    assert door.caf(caf_of(owner, authority, 10, 20)).status_code == 201
    for desde, hasta in ((10, 20), (1, 10), (20, 30), (12, 13), (5, 50)):
        said = refusal(door.caf(caf_of(owner, authority, desde, hasta)), 409)
        assert said == f"El rango {desde}-{hasta} se cruza con uno ya cargado (10-20)."
    assert door.caf(caf_of(owner, authority, 10, 20, tipo=TipoDte.BOLETA_EXENTA)).status_code == 201
    assert door.caf(caf_of(owner, authority, 21, 21)).status_code == 201


def test_each_key_number_belongs_to_one_mode(door: Uploads, owner: Member, authority: rsa.RSAPrivateKey) -> None:
    certification, production = (caf_of(owner, authority, idk=idk) for idk in (IDK_CERTIFICACION, IDK_PRODUCCION))
    assert refusal(door.caf(production)) == "El CAF es de produccion y la empresa está en certificacion."
    owner.run(set_ambiente, "PRODUCCION")
    assert refusal(door.caf(certification)) == "El CAF es de certificacion y la empresa está en produccion."
    assert refusal(door.caf(caf_of(owner, authority, idk=77))) == "El CAF no está firmado por el SII."
    assert door.caf(production).json()["ambiente"] == "PRODUCCION"
    owner.run(set_ambiente, "PRUEBA")
    assert door.caf(certification).json()["ambiente"] == "CERTIFICACION"
    assert door.caf(caf_of(owner, authority, 500_001, 500_009, idk=77)).json()["ambiente"] == "PRUEBA"


@pytest.mark.parametrize("tipo", sorted(TipoDte))
def test_six_months_for_the_types_that_give_credit(
    door: Uploads, owner: Member, authority: rsa.RSAPrivateKey, tipo: TipoDte
) -> None:
    """SII, Res. Ex. 58 of 2017 and FAQ .6969: 33, 43, 46, 56 and 61 expire; the others do not."""
    expires = int(tipo) in (33, 43, 46, 56, 61)
    # The oldest authorisation whose sixth month is not over yet, and the day before it.
    oldest = next(
        day for day in (TODAY - timedelta(days=n) for n in range(190, 170, -1)) if add_months(day, 6) >= TODAY
    )
    too_old = door.caf(caf_of(owner, authority, tipo=tipo, fecha_autorizacion=oldest - timedelta(days=1)))
    last_day = door.caf(caf_of(owner, authority, 11, 19, tipo=tipo, fecha_autorizacion=oldest))
    assert last_day.status_code == 201
    if expires:
        assert refusal(too_old).startswith("El CAF venció el ")
        assert date.fromisoformat(last_day.json()["fecha_vencimiento"]) >= TODAY
    else:
        assert too_old.status_code == 201
        assert last_day.json()["fecha_vencimiento"] is None


def test_a_range_of_tomorrow(door: Uploads, owner: Member, authority: rsa.RSAPrivateKey) -> None:
    tomorrow = TODAY + timedelta(days=1)
    said = refusal(door.caf(caf_of(owner, authority, fecha_autorizacion=tomorrow)))
    assert said == f"El CAF rige recién desde el {tomorrow:%d-%m-%Y}."


# --- certificates ----------------------------------------------------------------------------------------------------


def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the least that is taken


def pkcs12_of(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None,
    *,
    rut: str | None = "11111111-1",
    of_key: rsa.RSAPrivateKey | None = None,
    with_certificate: bool = True,
) -> bytes:
    """Return a PKCS#12 without password, of parts that may be missing or not belong together."""
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, "Ana Firma")]
    if rut:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, rut))
    signer = of_key or key or _rsa_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(parts))
        .issuer_name(x509.Name(parts))
        .public_key(signer.public_key())
        .serial_number(7)
        .not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=9))
        .sign(signer, hashes.SHA256())
    )
    if key is None:
        return pkcs12.serialize_key_and_certificates(None, None, certificate, None, NoEncryption())
    if of_key is not None:
        return pkcs12.serialize_key_and_certificates(None, key, None, [certificate], NoEncryption())
    return pkcs12.serialize_key_and_certificates(
        None, key, certificate if with_certificate else None, None, NoEncryption()
    )


def test_a_good_certificate(door: Uploads, owner: Member) -> None:
    answer = door.certificate(certificate_of(owner))
    assert answer.status_code == 201
    shown = answer.json()
    assert set(shown) == {"subject", "rut", "issuer", "serial", "valid_from", "valid_to"}
    assert (shown["rut"], shown["subject"]) == (owner.company.rut, "Ana Firma")
    assert door.get("/issuer/certificate").json() == shown


def test_certificates_that_cannot_sign(door: Uploads, owner: Member) -> None:
    small = make_stamp_key()
    large = _rsa_key()
    now = clock.now()
    over, ahead = certificate_of(owner, days=1), certificate_of(owner, start=now + timedelta(days=3))
    cases = {
        "la contraseña es incorrecta": (certificate_of(owner), "otra"),
        "no es un certificado .p12 o .pfx": (b"-----BEGIN CERTIFICATE-----", "clave"),
        "está dañado": (certificate_of(owner)[:-30], "clave"),
        "no trae la llave privada": (pkcs12_of(None), ""),
        "no su certificado": (pkcs12_of(large, with_certificate=False), ""),
        "llave privada, pero no su certificado": (pkcs12_of(large, of_key=_rsa_key()), ""),
        "no es RSA": (pkcs12_of(ec.generate_private_key(ec.SECP256R1())), ""),
        "tiene 512 bits: se necesitan 1024 o más": (pkcs12_of(small), ""),
        "no trae el RUT de su titular": (pkcs12_of(large, rut=None), ""),
        f"venció el {now - timedelta(days=1):%d-%m-%Y}": (over, "clave"),
        f"rige recién desde el {now + timedelta(days=3):%d-%m-%Y}": (ahead, "clave"),
        "El archivo es demasiado grande.": (b"\x30" * 100_001, ""),
    }
    for said, (archivo, password) in cases.items():
        assert said in refusal(door.certificate(archivo, password))
    assert refusal(door.get("/issuer/certificate"), 404) == "La empresa aún no tiene un certificado digital cargado."
    assert door.certificate(pkcs12_of(large), "").status_code == 201


def test_a_lost_range_goes_on_where_it_was_when_its_file_comes_again(
    engine: Engine, door: Uploads, owner: Member, authority: rsa.RSAPrivateKey
) -> None:
    archivo = caf_of(owner, authority, 1, 9)
    first = door.caf(archivo).json()
    assert door.certificate(certificate_of(owner)).status_code == 201
    assert [owner.run(issue_boleta).folio for _ in range(2)] == [1, 2]
    with engine.begin() as connection:
        # What `rotate-key --lost` does with a value whose key is lost.
        connection.execute(
            text(
                f"UPDATE {owner.company.schema}.caf_range SET caf_encrypted = '\\x00' || caf_encrypted WHERE id = :id"
            ),
            first,
        )
    with pytest.raises(FolioExhausted):
        owner.run(issue_boleta)
    assert door.get("/folios/caf").json() == []
    other_key = caf_of(owner, authority, 1, 8)
    assert "se cruza con uno ya cargado" in refusal(door.caf(other_key), 409)
    again = door.caf(archivo)
    assert again.json() == first | {"disponibles": 7}
    assert owner.run(issue_boleta).folio == 3
    assert "se cruza con uno ya cargado" in refusal(door.caf(archivo), 409)

"""What Torn makes for itself in mode PRUEBA."""

from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from torn_app.dte.firma import load_certificado
from torn_app.folios.test_authority import make_stamp_key, make_test_certificate


def test_stamp_keys_are_sound_and_never_the_same() -> None:
    moduli = set()
    for _ in range(5):
        key = make_stamp_key()
        assert key.key_size == 512
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        again = load_pem_private_key(pem, None)  # the library checks that the numbers belong together
        signature = again.sign(b"x", padding.PKCS1v15(), hashes.SHA1())  # type: ignore[union-attr,call-arg,arg-type] # noqa: S303
        key.public_key().verify(signature, b"x", padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
        moduli.add(key.public_key().public_numbers().n)
    assert len(moduli) == 5


def test_a_certificate_without_password_opens() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    file = make_test_certificate(rut="11111111-1", nombre="Ñ" * 100, valid_from=start, password=None, days=10)
    opened = load_certificado(file, None)
    assert opened.rut == "11111111-1"
    assert opened.titular == "Ñ" * 32
    assert (opened.valido_hasta - opened.valido_desde).days == 10

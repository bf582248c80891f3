"""P3: one boleta in its envelope, keys in memory, against the two RSA signatures nobody can do without."""

from datetime import date, timedelta
from decimal import Decimal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bench.report import side_by_side, tell
from torn_app.dte.caf import Caf, build_caf, load_caf_key, parse_caf
from torn_app.dte.documento import Detalle, Documento, Emisor, Receptor
from torn_app.dte.firma import Certificado, load_certificado
from torn_app.dte.sobre import Caratula, build_envio_boleta
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml import issue_dte
from torn_app.folios.test_authority import IDK_PRUEBA, make_stamp_key, make_test_certificate
from torn_app.kernel import clock

RUT = "76418932-9"


def run() -> None:
    """Measure P3."""
    now = clock.now()
    boleta, caf, caf_key, certificado = material()
    caratula = _caratula(certificado.rut, boleta.fecha_emision)

    def emit() -> bytes:
        signed = issue_dte(boleta, caf, caf_key, certificado, now)
        return build_envio_boleta([signed.xml], caratula, certificado, now)

    message = b"x" * 600

    def floor() -> None:
        certificado.key.sign(message, padding.PKCS1v15(), hashes.SHA1())
        caf_key.sign(message, padding.PKCS1v15(), hashes.SHA1())

    tell("P3", "one boleta signed in its envelope", *side_by_side(emit, floor), 0.30)


def material() -> tuple[Documento, Caf, RSAPrivateKey, Certificado]:
    """Return a boleta of three lines and what is needed to sign it, freshly made."""
    now = clock.now()
    today = clock.santiago_date(now)
    archivo = build_caf(
        rut_emisor=RUT,
        razon_social="Ferretería de prueba",
        tipo=TipoDte.BOLETA,
        desde=1,
        hasta=100_000,
        fecha_autorizacion=today,
        idk=IDK_PRUEBA,
        llave=make_stamp_key(),
        llave_autoridad=make_stamp_key(),
    )
    pfx = make_test_certificate(rut=RUT, nombre="Prueba", valid_from=now - timedelta(days=1), password=None)
    boleta = Documento(
        tipo=TipoDte.BOLETA,
        folio=1,
        fecha_emision=today,
        emisor=Emisor(rut=RUT, razon_social="Ferretería de prueba", giro="Ferretería", direccion="Calle 1"),
        receptor=Receptor(),
        detalles=tuple(Detalle(nombre=f"Producto {n}", cantidad=Decimal(n), precio=Decimal(990)) for n in (1, 2, 3)),
    )
    return boleta, parse_caf(archivo), load_caf_key(archivo), load_certificado(pfx, None)


def _caratula(rut_envia: str, today: date) -> Caratula:
    return Caratula(rut_emisor=RUT, rut_envia=rut_envia, fecha_resolucion=today, numero_resolucion=0)

"""What the benches of the fiscal core emit: plain values as a shop has them, and fresh keys to sign with."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from torn_app.dte.caf import Caf, build_caf, load_caf_key, parse_caf
from torn_app.dte.documento import Detalle, Documento, Emisor, Receptor
from torn_app.dte.firma import Certificado, load_certificado
from torn_app.dte.sobre import Caratula
from torn_app.dte.tipos import TipoDte
from torn_app.folios.test_authority import IDK_PRUEBA, make_stamp_key, make_test_certificate
from torn_app.kernel import clock

RUT = "76418932-9"
SIGNER = "11111111-1"
LINES = (("Clavo 2 1/2 pulgadas", "3", "990"), ("Martillo carpintero", "1", "7490"), ("Cinta métrica 5 m", "2", "3290"))
"""Name, quantity and price."""


@dataclass(frozen=True, slots=True)
class Material:
    """Keys and cover of one company, opened once as a running server has them."""

    caf_file: bytes
    pfx: bytes
    caf: Caf
    caf_key: RSAPrivateKey
    certificado: Certificado
    caratula: Caratula
    today: date

    def floor(self, documents: int) -> None:
        """Sign as often as nobody can do without: a 2048 and a 512 bit signature per document."""
        message = b"x" * 600
        for _ in range(documents):
            self.certificado.key.sign(message, padding.PKCS1v15(), hashes.SHA1())
            self.caf_key.sign(message, padding.PKCS1v15(), hashes.SHA1())


def material(tipo: TipoDte) -> Material:
    """Make keys for a company that issues a type."""
    now = clock.now()
    today = clock.santiago_date(now)
    caf_file = build_caf(
        rut_emisor=RUT,
        razon_social="Ferretería de prueba",
        tipo=tipo,
        desde=1,
        hasta=100_000,
        fecha_autorizacion=today,
        idk=IDK_PRUEBA,
        llave=make_stamp_key(),
        llave_autoridad=make_stamp_key(),
    )
    pfx = make_test_certificate(rut=SIGNER, nombre="Prueba", valid_from=now - timedelta(days=1), password="clave")
    certificado = load_certificado(pfx, "clave")
    caratula = Caratula(
        rut_emisor=RUT, rut_envia=certificado.rut, fecha_resolucion=date(2014, 8, 22), numero_resolucion=0
    )
    return Material(caf_file, pfx, parse_caf(caf_file), load_caf_key(caf_file), certificado, caratula, today)


def issuer() -> Emisor:
    """Build the issuer out of plain values, as a service does once per batch."""
    return Emisor(
        rut=RUT,
        razon_social="Ferretería de prueba",
        giro="Ferretería y materiales de construcción",
        actecos=(475201,),
        direccion="Av. Los Maitenes 1450",
        comuna="Ñuñoa",
    )


def document(tipo: TipoDte, folio: int, today: date, emisor: Emisor) -> Documento:
    """Build a document of three lines out of plain values, as a sale does each time."""
    return Documento(
        tipo=tipo,
        folio=folio,
        fecha_emision=today,
        emisor=emisor,
        receptor=Receptor()
        if tipo.es_boleta
        else Receptor(
            rut="77447842-6",
            razon_social="Constructora El Patio Ltda.",
            giro="Construcción",
            direccion="Cillero 11",
            comuna="Rancagua",
        ),
        detalles=tuple(
            Detalle(nombre=name, cantidad=Decimal(quantity), precio=Decimal(price)) for name, quantity, price in LINES
        ),
    )

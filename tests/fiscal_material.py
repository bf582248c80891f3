"""Keys, certificates, folio ranges and example values, made at run time. Nothing of it is committed."""

import functools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from torn_app.dte.caf import Caf, build_caf, load_caf_key, parse_caf
from torn_app.dte.documento import Detalle, Documento, Emisor, Receptor
from torn_app.dte.firma import Certificado, load_certificado
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml import DteFirmado, issue_dte
from torn_app.folios.test_authority import IDK_PRUEBA, make_stamp_key, make_test_certificate

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)
RUT_EMISOR = "76192083-9"
RUT_FIRMANTE = "11111111-1"


@dataclass(frozen=True)
class Range:
    """A folio range with its key."""

    caf: Caf
    key: RSAPrivateKey


@functools.cache
def certificado() -> Certificado:
    """Return one fresh certificate per test run."""
    return load_certificado(certificate_file("clave ñ"), "clave ñ")


def certificate_file(password: str | None, rut: str = RUT_FIRMANTE) -> bytes:
    """Return a fresh PKCS#12 file."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return make_test_certificate(rut=rut, nombre="Juana Pérez", valid_from=start, password=password)


def caf_file(
    tipo: TipoDte,
    *,
    desde: int = 1,
    hasta: int = 100_000,
    rut: str = RUT_EMISOR,
    fecha_autorizacion: date = date(2026, 10, 1),
) -> bytes:
    """Return a fresh folio file, with keys of its own."""
    return build_caf(
        rut_emisor=rut,
        razon_social="Ñandú & Compañía <de prueba>",
        tipo=tipo,
        desde=desde,
        hasta=hasta,
        fecha_autorizacion=fecha_autorizacion,
        idk=IDK_PRUEBA,
        llave=make_stamp_key(),
        llave_autoridad=make_stamp_key(),
    )


@functools.cache
def folio_range(tipo: TipoDte) -> Range:
    """Return one fresh range per type and test run."""
    file = caf_file(tipo)
    return Range(parse_caf(file), load_caf_key(file))


def emisor() -> Emisor:
    """Return a complete issuer."""
    return Emisor(
        rut=RUT_EMISOR,
        razon_social="Almacén Ñandú & Compañía SpA",
        giro="Venta al por menor de artículos de prueba",
        actecos=(471100,),
        direccion="Avenida O'Higgins 1234",
        comuna="Ñuñoa",
        ciudad="Santiago",
        telefono="+56 2 2345 6789",
        correo="ventas@example.com",
    )


def receptor() -> Receptor:
    """Return a complete receiver."""
    return Receptor(
        rut="77447842-6",
        razon_social="Juegos & Accesorios <Baca> SpA",
        giro="Venta de juegos",
        direccion="Cillero 11",
        comuna="Rancagua",
        ciudad="Rancagua",
        correo="compras@example.com",
    )


def line(nombre: str = "Cajón", precio: str = "1190", cantidad: str = "1", **more: object) -> Detalle:
    """Return a line; numbers as text."""
    return Detalle(nombre=nombre, precio=Decimal(precio), cantidad=Decimal(cantidad), **more)  # type: ignore[arg-type]


def documento(tipo: TipoDte, *lines: Detalle, folio: int | None = 1, **more: object) -> Documento:
    """Return a document of a type with the usual parties."""
    values: dict[str, object] = {
        "emisor": emisor(),
        "receptor": Receptor() if tipo.es_boleta else receptor(),
        "fecha_emision": TODAY,
        **more,
    }
    return Documento(tipo=tipo, folio=folio, detalles=lines or (line(),), **values)  # type: ignore[arg-type]


def issue(document: Documento) -> DteFirmado:
    """Stamp and sign with this run's keys."""
    numbers = folio_range(document.tipo)
    return issue_dte(document, numbers.caf, numbers.key, certificado(), NOW)

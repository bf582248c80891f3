"""What the businesses of a sale tell each other about its documents: values of replies and receipts.

Source: schemas RespuestaEnvioDTE_v10 and Recibos_v10; Ley 19.983, arts. 4 b and 5 c. Values are valid or do not exist;
texts are cleaned and cut.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.partes import set_field, set_rut, set_texts
from torn_app.dte.textos import clean_text
from torn_app.kernel.clock import to_santiago

TIPOS = frozenset({33, 34, 46, 52, 56, 61})
"""Types that may be named in a reply or receipt (SiiTypes_v10, DTEType and DocType)."""
DECLARACION = (
    "El acuse de recibo que se declara en este acto, de acuerdo a lo dispuesto en la letra b) del Art. 4, y la letra "
    "c) del Art. 5 de la Ley 19.983, acredita que la entrega de mercaderias o servicio(s) prestado(s) ha(n) sido "
    "recibido(s)."
)
"""The fixed text of every receipt (Recibos_v10)."""
_MAX_ID = 9_999_999_999


class EstadoEnvio(IntEnum):
    """What became of a received envelope (EstadoRecepEnv)."""

    CONFORME = 0
    ESQUEMA = 1
    FIRMA = 2
    RUT_RECEPTOR = 3
    REPETIDO = 90
    ILEGIBLE = 91
    OTRO = 99


class EstadoRecepcion(IntEnum):
    """What became of one document of an envelope (EstadoRecepDTE)."""

    CONFORME = 0
    FIRMA = 1
    RUT_EMISOR = 2
    RUT_RECEPTOR = 3
    REPETIDO = 4
    OTRO = 99


class EstadoComercial(IntEnum):
    """What the customer says of a document (EstadoDTE)."""

    ACEPTADO = 0
    DISCREPANCIAS = 1
    RECHAZADO = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentificacionDte:
    """A document, as replies and receipts name it. `monto_total` in whole pesos."""

    tipo: int
    folio: int
    fecha_emision: date
    rut_emisor: str
    rut_receptor: str
    monto_total: int

    def __post_init__(self) -> None:
        set_rut(self, "rut_emisor", self.rut_emisor)
        set_rut(self, "rut_receptor", self.rut_receptor)
        if self.tipo not in TIPOS:
            raise DocumentoInvalido("tipo", f"Los documentos de tipo {self.tipo} no se intercambian")
        if not 1 <= self.folio <= _MAX_ID:
            raise DocumentoInvalido("folio", "El folio tiene de 1 a 10 dígitos")
        if not 0 <= self.monto_total < 10**18:
            raise DocumentoInvalido("monto_total", "El monto total no es válido")

    @classmethod
    def of(cls, documento: DteLeido) -> "IdentificacionDte":
        """Name a document that was read. Raises DocumentoInvalido when it cannot be named."""
        total = documento.totales.monto_total
        if total != total.to_integral_value():
            raise DocumentoInvalido("monto_total", "El monto total no es válido")
        return cls(
            tipo=int(documento.tipo),
            folio=documento.folio,
            fecha_emision=documento.fecha_emision,
            rut_emisor=documento.emisor.rut,
            rut_receptor=documento.receptor.rut,
            monto_total=int(total),
        )

    @property
    def clave(self) -> tuple[str, int, int]:
        """Issuer, type and folio: what no two documents share."""
        return self.rut_emisor, self.tipo, self.folio


@dataclass(frozen=True, slots=True, kw_only=True)
class CaratulaIntercambio:
    """Who answers whom, and whom to ask."""

    rut_responde: str
    """The customer, receiver of the documents."""
    rut_recibe: str
    """The supplier, issuer of the documents."""
    nombre_contacto: str | None = None
    telefono: str | None = None
    correo: str | None = None

    def __post_init__(self) -> None:
        set_rut(self, "rut_responde", self.rut_responde)
        set_rut(self, "rut_recibe", self.rut_recibe)
        set_texts(self, {"nombre_contacto": "nombre_persona", "telefono": "fono_persona", "correo": "correo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecepcionDte:
    """One document of a received envelope and its state."""

    documento: IdentificacionDte
    estado: EstadoRecepcion
    glosa: str

    def __post_init__(self) -> None:
        set_field(self, "glosa", clean_text(self.glosa, "glosa_respuesta"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecepcionEnvio:
    """A received envelope and its state."""

    nombre_archivo: str
    recibido: datetime
    """Aware, or naive Santiago wall time, which it becomes."""
    codigo_envio: int
    """The receiver's own number for it, 1 to 10 digits."""
    envio_id: str
    """ID of its SetDTE; empty when it has none."""
    digest: str | None
    """DigestValue of the set's signature, Base64."""
    rut_emisor: str | None
    """As its cover says."""
    rut_receptor: str | None
    estado: EstadoEnvio
    glosa: str
    documentos: tuple[RecepcionDte, ...] = ()

    def __post_init__(self) -> None:
        for field in ("rut_emisor", "rut_receptor"):
            if getattr(self, field) is not None:
                set_rut(self, field, getattr(self, field))
        set_field(self, "nombre_archivo", clean_text(self.nombre_archivo, "nombre_archivo"))
        set_field(self, "envio_id", clean_text(self.envio_id, "nombre_archivo"))
        set_field(self, "glosa", clean_text(self.glosa, "glosa_respuesta"))
        moment = to_santiago(self.recibido) if self.recibido.tzinfo else self.recibido
        set_field(self, "recibido", moment.replace(microsecond=0, tzinfo=None))
        check_number(self.codigo_envio, "codigo_envio")
        if len(self.documentos) > 9999:
            raise DocumentoInvalido("documentos", "Una respuesta nombra hasta 9999 documentos")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultadoDte:
    """What the customer says of a document."""

    documento: IdentificacionDte
    codigo_envio: int
    """The number under which its envelope was received."""
    estado: EstadoComercial
    glosa: str
    codigo_motivo: int | None = None
    """Of a discrepancy or refusal: -1 to -999, an own code of who answers."""

    def __post_init__(self) -> None:
        set_field(self, "glosa", clean_text(self.glosa, "glosa_respuesta"))
        check_number(self.codigo_envio, "codigo_envio")
        if self.codigo_motivo is not None and not -999 <= self.codigo_motivo <= -1:
            raise DocumentoInvalido("codigo_motivo", "El código de motivo va de -1 a -999")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recibo:
    """Goods or services of a document were received, at a place (Ley 19.983)."""

    documento: IdentificacionDte
    recinto: str

    def __post_init__(self) -> None:
        set_field(self, "recinto", clean_text(self.recinto, "nombre_archivo"))
        if not self.recinto:
            raise DocumentoInvalido("recinto", "Falta el recinto donde se recibió")


def check_number(number: int, field: str) -> None:
    """Raise DocumentoInvalido unless a number has 1 to 10 digits and is above zero."""
    if not 1 <= number <= _MAX_ID:
        raise DocumentoInvalido(field, "El número tiene de 1 a 10 dígitos")

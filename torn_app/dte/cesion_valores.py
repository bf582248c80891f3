"""What a cession says: who cedes what to whom. Valid when built, or it does not exist; texts are cleaned and cut.

Source: schema Cesion_v10; Ley 19.983.
"""

from dataclasses import dataclass
from datetime import date

from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.partes import set_field, set_rut, set_texts
from torn_app.dte.textos import clean_text

TIPOS_CEDIBLES = frozenset({33, 34, 43, 46})
"""Types whose credit can be ceded (SiiTypes_v10, DTEFacturasType)."""
_FACTURA_DE_COMPRA = 46
_NAMES = {"razon_social": "la razón social", "direccion": "la dirección", "correo": "el correo"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParteCesion:
    """Who cedes, or to whom."""

    rut: str
    razon_social: str
    direccion: str
    """5 to 80 characters."""
    correo: str
    """6 to 80 characters."""

    def __post_init__(self) -> None:
        set_rut(self, "rut", self.rut)
        for field, kind, shortest in (
            ("razon_social", "razon_social", 1),
            ("direccion", "direccion_persona", 5),
            ("correo", "correo", 6),
        ):
            text = clean_text(getattr(self, field), kind)
            if len(text) < shortest:
                raise DocumentoInvalido(field, f"En la cesión, {_NAMES[field]} lleva {shortest} letras o más")
            set_field(self, field, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Autorizado:
    """A person whom the ceding party lets sign."""

    rut: str
    nombre: str

    def __post_init__(self) -> None:
        set_rut(self, "rut", self.rut)
        set_field(self, "nombre", clean_text(self.nombre, "nombre_persona"))


@dataclass(frozen=True, slots=True, kw_only=True)
class IdCedido:
    """The document whose credit is ceded. `monto_total` in whole pesos."""

    tipo: int
    rut_emisor: str
    rut_receptor: str
    folio: int
    fecha_emision: date
    monto_total: int

    def __post_init__(self) -> None:
        set_rut(self, "rut_emisor", self.rut_emisor)
        set_rut(self, "rut_receptor", self.rut_receptor)

    @classmethod
    def of(cls, documento: DteLeido) -> "IdCedido":
        """Name a document that was read. Raises DocumentoInvalido when it cannot be ceded."""
        total = documento.totales.monto_total
        if int(documento.tipo) not in TIPOS_CEDIBLES:
            raise DocumentoInvalido("tipo", f"Los documentos de tipo {int(documento.tipo)} no se pueden ceder")
        if total < 1 or total != total.to_integral_value():
            raise DocumentoInvalido("monto_total", "El documento no tiene un monto que ceder")
        return cls(
            tipo=int(documento.tipo),
            rut_emisor=documento.emisor.rut,
            rut_receptor=documento.receptor.rut,
            folio=documento.folio,
            fecha_emision=documento.fecha_emision,
            monto_total=int(total),
        )

    @property
    def clave(self) -> tuple[str, int, int]:
        """Issuer, type and folio: what no two documents share."""
        return self.rut_emisor, self.tipo, self.folio

    @property
    def rut_acreedor(self) -> str:
        """Who has the credit before any cession: who sold, that is the receiver of a purchase invoice."""
        return self.rut_receptor if self.tipo == _FACTURA_DE_COMPRA else self.rut_emisor

    @property
    def rut_deudor(self) -> str:
        """Who has to pay."""
        return self.rut_emisor if self.tipo == _FACTURA_DE_COMPRA else self.rut_receptor


@dataclass(frozen=True, slots=True, kw_only=True)
class Cesion:
    """One cession of a document's credit."""

    cedente: ParteCesion
    autorizados: tuple[Autorizado, ...]
    """1 to 3."""
    cesionario: ParteCesion
    monto: int
    """Whole pesos, at most the total of the document."""
    ultimo_vencimiento: date
    declaracion_jurada: str | None = None
    """That the paper receipts of goods were handed to the other party; see `sworn_statement`."""
    otras_condiciones: str | None = None
    correo_deudor: str | None = None

    def __post_init__(self) -> None:
        set_texts(
            self,
            {"declaracion_jurada": "condiciones", "otras_condiciones": "condiciones", "correo_deudor": "correo"},
        )
        if not 1 <= len(self.autorizados) <= 3:
            raise DocumentoInvalido("autorizados", "Una cesión nombra de 1 a 3 personas autorizadas a firmarla")
        if self.monto < 1:
            raise DocumentoInvalido("monto", "El monto cedido debe ser mayor que cero")


def sworn_statement(cedente: ParteCesion, cesionario: ParteCesion, rut_deudor: str, nombre_deudor: str) -> str:
    """Return the sworn statement of a cession whose receipts of goods are on paper (Ley 19.983), in 512 characters."""
    parties = (cedente.razon_social, cesionario.razon_social, nombre_deudor)
    names = [clean_text(name, "razon_social")[:75].rstrip() for name in parties]
    return (
        f"Se declara bajo juramento que {names[0]}, RUT {cedente.rut}, ha puesto a disposición del cesionario "
        f"{names[1]}, RUT {cesionario.rut}, los documentos donde constan los recibos de las mercaderías entregadas o "
        f"de los servicios prestados, firmados por el deudor {names[2]}, RUT {rut_deudor}, de acuerdo con la "
        "Ley N° 19.983."
    )

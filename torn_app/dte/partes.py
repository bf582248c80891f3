"""Who issues and who receives a document, and how the goods travel. Valid when built, or they do not exist."""

from dataclasses import dataclass
from datetime import date, time

from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.textos import clean_text, optional_text
from torn_app.kernel.rut import GENERIC_CUSTOMER, RutInvalido, normalize_rut


def set_field(value: object, field: str, content: object) -> None:
    """Set a field of a frozen value while it is being built."""
    object.__setattr__(value, field, content)


def set_rut(value: object, field: str, text: str) -> None:
    """Normalise a RUT field. Raises DocumentoInvalido naming it."""
    try:
        set_field(value, field, normalize_rut(text))
    except RutInvalido as error:
        raise DocumentoInvalido(field, str(error)) from error


def set_texts(value: object, kinds: dict[str, str]) -> None:
    """Clean and cut optional text fields; blank becomes None."""
    for field, kind in kinds.items():
        text = getattr(value, field)
        if text is not None:
            set_field(value, field, optional_text(text, kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Emisor:
    """The issuer (Formato DTE v2.4.2, Encabezado, area Emisor). RUT in any spelling; texts are cleaned and cut."""

    rut: str
    razon_social: str
    giro: str
    actecos: tuple[int, ...] = ()
    """Activity codes registered with the tax service, 1 to 4; boletas do not carry them."""
    direccion: str | None = None
    comuna: str | None = None
    ciudad: str | None = None
    telefono: str | None = None
    correo: str | None = None
    sucursal: str | None = None
    codigo_sii_sucursal: int | None = None
    codigo_vendedor: str | None = None

    def __post_init__(self) -> None:
        set_rut(self, "rut", self.rut)
        set_field(self, "razon_social", clean_text(self.razon_social, "razon_social"))
        set_field(self, "giro", clean_text(self.giro, "giro_emisor"))
        set_texts(
            self,
            {
                "direccion": "direccion_emisor",
                "comuna": "comuna",
                "ciudad": "ciudad",
                "telefono": "telefono",
                "correo": "correo",
                "sucursal": "sucursal",
                "codigo_vendedor": "codigo_vendedor",
            },
        )
        if not self.razon_social:
            raise DocumentoInvalido("razon_social", "Falta la razón social del emisor")
        if not self.giro:
            raise DocumentoInvalido("giro", "Falta el giro del emisor")
        if len(self.actecos) > 4 or not all(0 < code <= 999_999 for code in self.actecos):
            raise DocumentoInvalido("actecos", "El emisor lleva de 1 a 4 códigos de actividad, de hasta 6 dígitos")
        if self.codigo_sii_sucursal is not None and not 0 < self.codigo_sii_sucursal <= 999_999_999:
            raise DocumentoInvalido("codigo_sii_sucursal", "El código de sucursal del SII tiene hasta 9 dígitos")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receptor:
    """The receiver (Formato DTE v2.4.2, area Receptor). Without arguments: a boleta's unknown buyer."""

    rut: str = GENERIC_CUSTOMER
    razon_social: str | None = None
    giro: str | None = None
    direccion: str | None = None
    comuna: str | None = None
    ciudad: str | None = None
    contacto: str | None = None
    correo: str | None = None
    telefono: str | None = None
    """Only boletas have a field for it."""
    codigo_interno: str | None = None
    nacionalidad: int | None = None
    """Country code of the customs service (`aduanas.PAISES`) of a receiver from abroad."""
    numero_id: str | None = None
    """Passport or other number of a receiver from abroad."""

    def __post_init__(self) -> None:
        set_rut(self, "rut", self.rut)
        set_texts(
            self,
            {
                "razon_social": "razon_social",
                "giro": "giro_receptor",
                "direccion": "direccion",
                "comuna": "comuna",
                "ciudad": "ciudad",
                "contacto": "contacto",
                "correo": "correo",
                "telefono": "telefono",
                "codigo_interno": "codigo_interno",
                "numero_id": "codigo_interno",
            },
        )
        if self.nacionalidad is not None and not 0 < self.nacionalidad <= 999:
            raise DocumentoInvalido("nacionalidad", "La nacionalidad es un código de país de hasta 3 dígitos")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transporte:
    """How goods travel (Formato DTE v2.4.2, area Transporte; fields of Res. Ex. SII 154 of 2025 included)."""

    patente: str | None = None
    patente_carro: str | None = None
    rut_transportista: str | None = None
    rut_chofer: str | None = None
    nombre_chofer: str | None = None
    direccion_destino: str | None = None
    comuna_destino: str | None = None
    ciudad_destino: str | None = None
    fecha_salida: date | None = None
    hora_salida: time | None = None
    fecha_llegada: date | None = None

    def __post_init__(self) -> None:
        for field in ("rut_transportista", "rut_chofer"):
            if getattr(self, field) is not None:
                set_rut(self, field, getattr(self, field))
        set_texts(
            self,
            {
                "patente": "patente",
                "patente_carro": "patente",
                "nombre_chofer": "chofer",
                "direccion_destino": "direccion",
                "comuna_destino": "comuna",
                "ciudad_destino": "ciudad",
            },
        )
        if (self.rut_chofer is None) != (self.nombre_chofer is None):
            raise DocumentoInvalido("chofer", "El chofer lleva RUT y nombre")

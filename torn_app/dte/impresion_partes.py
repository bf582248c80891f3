"""The parts of a printed copy: frozen texts in the order of the paper. Built by impresion.py, drawn by printing/."""

from dataclasses import dataclass
from typing import NamedTuple

from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import format_pesos


class Fila(NamedTuple):
    """A label and its value, both as printed."""

    etiqueta: str
    valor: str


class FilaPago(NamedTuple):
    """A row of the payment as the till knows it (cash given, change, rounding): it is not in the XML.

    `monto` in pesos; `destacada` prints it larger (the change); `con_signo` writes the plus of a rounding up.
    """

    etiqueta: str
    monto: int
    destacada: bool = False
    con_signo: bool = False

    @property
    def valor(self) -> str:
        """The amount as printed."""
        return ("+" if self.con_signo and self.monto > 0 else "") + format_pesos(self.monto)


@dataclass(frozen=True, slots=True)
class Caja:
    """The box every document carries, and the office of the tax service under it (None: not printed)."""

    rut: str
    documento: str
    folio: str
    unidad_sii: str | None


@dataclass(frozen=True, slots=True)
class LineaImpresa:
    """One line of the detail. `bruto` is the amount before its discount, `monto` the one that adds up."""

    codigo: str | None
    nombre: str
    descripcion: str | None
    cantidad: str | None
    precio: str | None
    bruto: str
    ajustes: tuple[Fila, ...]
    marca: str | None
    monto: str


@dataclass(frozen=True, slots=True)
class Acuse:
    """The receipt box of a cedible copy."""

    leyenda: str
    campos: tuple[str, ...]
    declaracion: str


@dataclass(frozen=True, slots=True)
class Impresion:
    """A printed copy, top to bottom. Amounts are texts; only `timbre` is bytes (the flattened TED)."""

    tipo_dte: TipoDte
    es_boleta: bool
    caja: Caja
    emisor: str
    emisor_lineas: tuple[str, ...]
    fecha: str
    fecha_larga: str
    hora: str | None
    atendido_por: str | None
    receptor: tuple[Fila, ...]
    traslado: tuple[Fila, ...]
    referencias: tuple[str, ...]
    lineas: tuple[LineaImpresa, ...]
    ajustes: tuple[Fila, ...]
    totales: tuple[Fila, ...]
    total: Fila
    condiciones: tuple[Fila, ...]
    pagos: tuple[FilaPago, ...]
    timbre: bytes
    pie_timbre: tuple[str, ...]
    acuse: Acuse | None
    sin_validez: str | None
    notas: tuple[str, ...]

    @property
    def titulo(self) -> str:
        """Name of the copy for a window or a file: `Boleta electrónica N° 10482`."""
        return f"{self.tipo_dte.nombre} {self.caja.folio}"

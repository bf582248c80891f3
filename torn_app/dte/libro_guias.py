"""The book of dispatch guides, which the tax service asks for in certification and on demand.

Source: schema LibroGuia_v10. Amounts are whole pesos.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum

from torn_app.dte.errores import DocumentoInvalido, MontoInvalido
from torn_app.dte.firma import Certificado
from torn_app.dte.marco import build_signed, wall_time
from torn_app.dte.nodos import group, tag
from torn_app.dte.textos import clean_text

_PERIODO = re.compile(r"20[0-4]\d-(0[1-9]|1[0-2])")
_MAX_NAME = 50
_VENTA = 1


class Anulacion(IntEnum):
    """How a guide was voided."""

    FOLIO = 1
    """Before it was sent."""
    GUIA = 2
    """After it was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilaGuia:
    """A guide. `traslado` is its IndTraslado, 1 (sale) to 7 (return)."""

    folio: int
    traslado: int
    fecha: date
    rut: str
    razon_social: str
    neto: int
    tasa_iva: Decimal = Decimal(19)
    iva: int
    total: int
    anulacion: Anulacion | None = None
    facturada_tipo: int | None = None
    """Type of the invoice that billed it, with its folio and date."""
    facturada_folio: int | None = None
    facturada_fecha: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.traslado <= 7:
            raise DocumentoInvalido("traslado", "El libro de guías conoce los traslados 1 a 7")
        if min(self.neto, self.iva) < 0 or self.total < self.neto + self.iva:
            raise MontoInvalido("total", f"El total de la guía {self.folio} no cuadra con sus montos")
        billed = (self.facturada_tipo, self.facturada_folio, self.facturada_fecha)
        if any(value is None for value in billed) and any(value is not None for value in billed):
            raise DocumentoInvalido("facturada_folio", "La factura de la guía lleva tipo, folio y fecha")


@dataclass(frozen=True, slots=True, kw_only=True)
class LibroGuias:
    """A book on demand (TipoLibro ESPECIAL, TipoEnvio TOTAL), the only kind the schema has."""

    rut_emisor: str
    periodo: str
    """AAAA-MM."""
    fecha_resolucion: date
    numero_resolucion: int
    folio_notificacion: int
    filas: tuple[FilaGuia, ...]

    def __post_init__(self) -> None:
        if not _PERIODO.fullmatch(self.periodo):
            raise DocumentoInvalido("periodo", "El período se escribe AAAA-MM")
        if len({fila.folio for fila in self.filas}) != len(self.filas):
            raise DocumentoInvalido("filas", "El libro trae una guía repetida")


def build_libro_guias(libro: LibroGuias, certificado: Certificado, timestamp: datetime) -> bytes:
    """Return the signed LibroGuia, ISO-8859-1. Arguments and errors as of `libros.build_libro`."""
    stamp = wall_time(timestamp, certificado)
    cover = group(
        "Caratula",
        tag("RutEmisorLibro", libro.rut_emisor)
        + tag("RutEnvia", certificado.rut)
        + tag("PeriodoTributario", libro.periodo)
        + tag("FchResol", libro.fecha_resolucion)
        + tag("NroResol", libro.numero_resolucion)
        + tag("TipoLibro", "ESPECIAL")
        + tag("TipoEnvio", "TOTAL")
        + tag("FolioNotificacion", libro.folio_notificacion),
    )
    content = cover + _summary(libro.filas) + "".join(map(_row, libro.filas)) + tag("TmstFirma", stamp)
    return build_signed("LibroGuia", "LibroGuia_v10.xsd", "EnvioLibro", "LibroGuia", content, certificado)


def _summary(filas: tuple[FilaGuia, ...]) -> str:
    alive = [fila for fila in filas if fila.anulacion is None]
    sales = [fila for fila in alive if fila.traslado == _VENTA]
    kinds = sorted({fila.traslado for fila in alive} - {_VENTA})
    return group(
        "ResumenPeriodo",
        tag("TotFolAnulado", sum(fila.anulacion is Anulacion.FOLIO for fila in filas) or None)
        + tag("TotGuiaAnulada", sum(fila.anulacion is Anulacion.GUIA for fila in filas) or None)
        + tag("TotGuiaVenta", len(sales))
        + tag("TotMntGuiaVta", sum(fila.total for fila in sales))
        + "".join(
            group(
                "TotTraslado",
                tag("TpoTraslado", kind)
                + tag("CantGuia", sum(fila.traslado == kind for fila in alive))
                + tag("MntGuia", sum(fila.total for fila in alive if fila.traslado == kind)),
            )
            for kind in kinds
        ),
    )


def _row(fila: FilaGuia) -> str:
    return group(
        "Detalle",
        tag("Folio", fila.folio)
        + tag("Anulado", None if fila.anulacion is None else int(fila.anulacion))
        + tag("TpoOper", fila.traslado)
        + tag("FchDoc", fila.fecha)
        + tag("RUTDoc", fila.rut)
        + tag("RznSoc", clean_text(fila.razon_social, "razon_social")[:_MAX_NAME].rstrip() or None)
        + tag("MntNeto", fila.neto)
        + tag("TasaImp", fila.tasa_iva)
        + tag("IVA", fila.iva)
        + tag("MntTotal", fila.total)
        + tag("TpoDocRef", fila.facturada_tipo)
        + tag("FolioDocRef", fila.facturada_folio)
        + tag("FchDocRef", fila.facturada_fecha),
    )

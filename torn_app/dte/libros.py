"""The books of sales and purchases (IECV) as the tax service takes them in certification and on demand.

Source: schema LibroCV_v10; SII, Formato de Información Electrónica de Compras y Ventas (IECV). Amounts are whole
pesos. Credit notes carry positive amounts: their type says what they do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from torn_app.dte.errores import DocumentoInvalido, MontoInvalido
from torn_app.dte.firma import Certificado
from torn_app.dte.marco import build_signed, wall_time
from torn_app.dte.nodos import group, tag
from torn_app.dte.textos import clean_text

_ID = "LibroCV"
_PERIODO = re.compile(r"20[0-4]\d-(0[1-9]|1[0-2])")
_MAX_NAME = 50
_IVA_NO_RECUPERABLE = (1, 2, 3, 4, 9)


class Operacion(StrEnum):
    """Which book."""

    VENTA = "VENTA"
    COMPRA = "COMPRA"


class TipoLibro(StrEnum):
    """MENSUAL for a period; ESPECIAL on demand, with the number of the demand."""

    MENSUAL = "MENSUAL"
    ESPECIAL = "ESPECIAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class IvaNoRecuperable:
    """VAT without credit: 1 for exempt operations, 2 late, 3 rejected expense, 4 free delivery, 9 others."""

    codigo: int
    monto: int

    def __post_init__(self) -> None:
        if self.codigo not in _IVA_NO_RECUPERABLE or self.monto < 0:
            raise DocumentoInvalido("iva_no_recuperable", "El IVA no recuperable lleva código 1, 2, 3, 4 o 9")


@dataclass(frozen=True, slots=True, kw_only=True)
class OtroImpuesto:
    """Another tax of a row. The VAT a 46 withholds stands in purchases as code 15 (`retenido`, off the total)."""

    codigo: int
    tasa: Decimal
    monto: int
    retenido: bool = False

    def __post_init__(self) -> None:
        if self.monto < 0:
            raise MontoInvalido("otros_impuestos", "Los montos de impuestos no pueden ser negativos")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilaLibro:
    """A document in a book. `tipo` includes paper ones: 30 invoice, 32 exempt, 55 debit note, 60 credit note."""

    tipo: int
    folio: int
    fecha: date
    rut: str
    """The other party: the customer in sales, the supplier in purchases."""
    razon_social: str
    exento: int = 0
    neto: int = 0
    iva: int = 0
    """In purchases, only what gives credit in full."""
    tasa_iva: Decimal | None = Decimal(19)
    iva_no_recuperable: tuple[IvaNoRecuperable, ...] = ()
    iva_uso_comun: int = 0
    otros_impuestos: tuple[OtroImpuesto, ...] = ()
    iva_retenido_total: int = 0
    """Sales only: withheld by the buyer."""
    total: int
    anulado: bool = False
    """A voided folio: only its number is written."""

    def __post_init__(self) -> None:
        if not 1 <= self.folio <= 9_999_999_999:
            raise DocumentoInvalido("folio", "El folio debe ser un número de hasta diez cifras")
        amounts = (self.exento, self.neto, self.iva, self.iva_uso_comun, self.iva_retenido_total, self.total)
        if min(amounts) < 0:
            raise MontoInvalido("total", "Los montos del libro no pueden ser negativos")
        other = sum(-row.monto if row.retenido else row.monto for row in self.otros_impuestos)
        lost = sum(row.monto for row in self.iva_no_recuperable)
        expected = self.exento + self.neto + self.iva + self.iva_uso_comun + lost + other - self.iva_retenido_total
        if self.total != expected:
            raise MontoInvalido("total", f"El total del documento {self.folio} no cuadra con sus montos")


@dataclass(frozen=True, slots=True, kw_only=True)
class Libro:
    """A book of a period, complete when built: TipoEnvio TOTAL."""

    operacion: Operacion
    rut_emisor: str
    periodo: str
    """AAAA-MM."""
    fecha_resolucion: date
    numero_resolucion: int
    filas: tuple[FilaLibro, ...]
    tipo_libro: TipoLibro = TipoLibro.MENSUAL
    folio_notificacion: int | None = None
    factor_proporcionalidad: Decimal | None = None
    """Share of the VAT of common use that gives credit, 0 to 1; needed when there is any."""

    def __post_init__(self) -> None:
        if not _PERIODO.fullmatch(self.periodo):
            raise DocumentoInvalido("periodo", "El período se escribe AAAA-MM")
        if (self.tipo_libro is TipoLibro.ESPECIAL) is (self.folio_notificacion is None):
            raise DocumentoInvalido("folio_notificacion", "El libro especial, y sólo él, lleva folio de notificación")
        common = any(fila.iva_uso_comun for fila in self.filas)
        factor = self.factor_proporcionalidad
        if common and (factor is None or not 0 <= factor <= 1):
            raise DocumentoInvalido("factor_proporcionalidad", "El IVA de uso común necesita su factor, de 0 a 1")
        if self.operacion is Operacion.VENTA and (common or any(fila.iva_no_recuperable for fila in self.filas)):
            raise DocumentoInvalido("filas", "El IVA no recuperable y el de uso común son sólo del libro de compras")
        if self.operacion is Operacion.COMPRA and any(fila.iva_retenido_total for fila in self.filas):
            raise DocumentoInvalido("filas", "En compras, el IVA retenido va como otro impuesto, código 15")
        keys = [(fila.tipo, fila.folio, fila.rut) for fila in self.filas]
        if len(set(keys)) != len(keys):
            raise DocumentoInvalido("filas", "El libro trae un documento repetido")


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalLibro:
    """The totals of a type of document (TotalesPeriodo)."""

    tipo: int
    documentos: int
    """Without the voided ones."""
    anulados: int
    exento: int
    neto: int
    iva: int
    iva_no_recuperable: tuple[tuple[int, int, int], ...]
    """Code, how many operations, amount."""
    operaciones_uso_comun: int
    iva_uso_comun: int
    credito_uso_comun: int
    """The common VAT by the factor, rounded half up."""
    otros_impuestos: tuple[tuple[int, int], ...]
    """Code, amount."""
    operaciones_retenido: int
    iva_retenido_total: int
    total: int


def compute_book_totals(libro: Libro) -> tuple[TotalLibro, ...]:
    """Return the totals per type, in the order of the types."""
    tipos = sorted({fila.tipo for fila in libro.filas})
    return tuple(
        _total(tipo, [fila for fila in libro.filas if fila.tipo == tipo], libro.factor_proporcionalidad)
        for tipo in tipos
    )


def build_libro(libro: Libro, certificado: Certificado, timestamp: datetime) -> bytes:
    """Return the signed LibroCompraVenta, ISO-8859-1.

    Args:
        libro: the book.
        certificado: of the person who sends it (RutEnvia).
        timestamp: moment of the signature; aware, or naive Santiago wall time.

    Raises:
        FirmaInvalida: the certificate is not valid at that moment.
    """
    stamp = wall_time(timestamp, certificado)
    cover = group(
        "Caratula",
        tag("RutEmisorLibro", libro.rut_emisor)
        + tag("RutEnvia", certificado.rut)
        + tag("PeriodoTributario", libro.periodo)
        + tag("FchResol", libro.fecha_resolucion)
        + tag("NroResol", libro.numero_resolucion)
        + tag("TipoOperacion", libro.operacion.value)
        + tag("TipoLibro", libro.tipo_libro.value)
        + tag("TipoEnvio", "TOTAL")
        + tag("FolioNotificacion", libro.folio_notificacion),
    )
    totals = "".join(_write_total(total, libro) for total in compute_book_totals(libro))
    rows = "".join(_write_row(fila) for fila in libro.filas)
    content = cover + group("ResumenPeriodo", totals) + rows + tag("TmstFirma", stamp)
    return build_signed("LibroCompraVenta", "LibroCV_v10.xsd", "EnvioLibro", _ID, content, certificado)


def _total(tipo: int, all_rows: Sequence[FilaLibro], factor: Decimal | None) -> TotalLibro:
    rows = [fila for fila in all_rows if not fila.anulado]
    lost = [item for fila in rows for item in fila.iva_no_recuperable]
    other = [item for fila in rows for item in fila.otros_impuestos]
    common = sum(fila.iva_uso_comun for fila in rows)
    credit = (common * (factor or Decimal(0))).quantize(Decimal(1), ROUND_HALF_UP)
    return TotalLibro(
        tipo=tipo,
        documentos=len(rows),
        anulados=len(all_rows) - len(rows),
        exento=sum(fila.exento for fila in rows),
        neto=sum(fila.neto for fila in rows),
        iva=sum(fila.iva for fila in rows),
        iva_no_recuperable=tuple(
            (code, sum(i.codigo == code for i in lost), sum(i.monto for i in lost if i.codigo == code))
            for code in sorted({item.codigo for item in lost})
        ),
        operaciones_uso_comun=sum(fila.iva_uso_comun > 0 for fila in rows),
        iva_uso_comun=common,
        credito_uso_comun=int(credit),
        otros_impuestos=tuple(
            (code, sum(i.monto for i in other if i.codigo == code)) for code in sorted({i.codigo for i in other})
        ),
        operaciones_retenido=sum(fila.iva_retenido_total > 0 for fila in rows),
        iva_retenido_total=sum(fila.iva_retenido_total for fila in rows),
        total=sum(fila.total for fila in rows),
    )


def _write_total(t: TotalLibro, libro: Libro) -> str:
    common = t.operaciones_uso_comun > 0
    return group(
        "TotalesPeriodo",
        tag("TpoDoc", t.tipo)
        + tag("TotDoc", t.documentos)
        + tag("TotAnulado", t.anulados or None)
        + tag("TotMntExe", t.exento)
        + tag("TotMntNeto", t.neto)
        + tag("TotMntIVA", t.iva)
        + "".join(
            group("TotIVANoRec", tag("CodIVANoRec", code) + tag("TotOpIVANoRec", count) + tag("TotMntIVANoRec", amount))
            for code, count, amount in t.iva_no_recuperable
        )
        + tag("TotOpIVAUsoComun", t.operaciones_uso_comun if common else None)
        + tag("TotIVAUsoComun", t.iva_uso_comun if common else None)
        + tag("FctProp", libro.factor_proporcionalidad if common else None)
        + tag("TotCredIVAUsoComun", t.credito_uso_comun if common else None)
        + "".join(
            group("TotOtrosImp", tag("CodImp", code) + tag("TotMntImp", amount)) for code, amount in t.otros_impuestos
        )
        + tag("TotOpIVARetTotal", t.operaciones_retenido or None)
        + tag("TotIVARetTotal", t.iva_retenido_total or None)
        + tag("TotMntTotal", t.total),
    )


def _write_row(fila: FilaLibro) -> str:
    number = tag("TpoDoc", fila.tipo) + tag("NroDoc", fila.folio)
    if fila.anulado:
        return group("Detalle", number + tag("Anulado", "A"))
    return group(
        "Detalle",
        number
        + tag("TasaImp", fila.tasa_iva if fila.neto else None)
        + tag("FchDoc", fila.fecha)
        + tag("RUTDoc", fila.rut)
        + tag("RznSoc", clean_text(fila.razon_social, "razon_social")[:_MAX_NAME].rstrip() or None)
        + tag("MntExe", fila.exento)
        + tag("MntNeto", fila.neto)
        + tag("MntIVA", fila.iva)
        + "".join(
            group("IVANoRec", tag("CodIVANoRec", row.codigo) + tag("MntIVANoRec", row.monto))
            for row in fila.iva_no_recuperable
        )
        + tag("IVAUsoComun", fila.iva_uso_comun or None)
        + "".join(
            group("OtrosImp", tag("CodImp", row.codigo) + tag("TasaImp", row.tasa) + tag("MntImp", row.monto))
            for row in fila.otros_impuestos
        )
        + tag("IVARetTotal", fila.iva_retenido_total or None)
        + tag("MntTotal", fila.total),
    )

"""The daily summary of boletas (RCOF), used in certification; the duty to send it ended on 2022-08-01.

Source: schema ConsumoFolio_v10; Res. Ex. SII 53 of 2022 (end of the duty).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from torn_app.dte.errores import DocumentoInvalido, MontoInvalido
from torn_app.dte.firma import Certificado
from torn_app.dte.marco import build_signed, wall_time
from torn_app.dte.nodos import group, tag

_TIPOS = (39, 41, 61)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumenConsumo:
    """What one type used in the days: whole pesos, and the folios themselves."""

    tipo: int
    """39, 41 or 61."""
    neto: int = 0
    iva: int = 0
    tasa_iva: Decimal | None = Decimal(19)
    exento: int = 0
    total: int = 0
    emitidos: frozenset[int] = frozenset()
    anulados: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.tipo not in _TIPOS:
            raise DocumentoInvalido("tipo", "El consumo de folios es de boletas (39, 41) y sus notas de crédito (61)")
        if min(self.neto, self.iva, self.exento) < 0 or self.total != self.neto + self.iva + self.exento:
            raise MontoInvalido("total", f"El total del tipo {self.tipo} no cuadra con sus montos")
        if self.emitidos & self.anulados:
            raise DocumentoInvalido("anulados", "Un folio no puede estar emitido y anulado a la vez")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumoFolios:
    """The summary from `desde` to `hasta`, usually the same day. A day without sales has a row of zeros."""

    rut_emisor: str
    fecha_resolucion: date
    numero_resolucion: int
    desde: date
    hasta: date
    secuencia: int
    """1 the first time, one more each time the same days are sent again."""
    resumenes: tuple[ResumenConsumo, ...]

    def __post_init__(self) -> None:
        tipos = [resumen.tipo for resumen in self.resumenes]
        if not tipos or len(set(tipos)) != len(tipos):
            raise DocumentoInvalido("resumenes", "El consumo de folios lleva un resumen por tipo de documento")
        if self.desde > self.hasta or self.secuencia < 1:
            raise DocumentoInvalido("desde", "Las fechas o la secuencia del consumo de folios no son válidas")


def folio_ranges(folios: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return the runs of consecutive folios, first and last of each, in order; repeated ones count once."""
    ranges: list[tuple[int, int]] = []
    for folio in sorted(set(folios)):
        if ranges and ranges[-1][1] == folio - 1:
            ranges[-1] = (ranges[-1][0], folio)
        else:
            ranges.append((folio, folio))
    return tuple(ranges)


def build_consumo_folios(consumo: ConsumoFolios, certificado: Certificado, timestamp: datetime) -> bytes:
    """Return the signed ConsumoFolios, ISO-8859-1. Arguments and errors as of `libros.build_libro`."""
    stamp = wall_time(timestamp, certificado)
    cover = (
        '<Caratula version="1.0">\n'
        + tag("RutEmisor", consumo.rut_emisor)
        + tag("RutEnvia", certificado.rut)
        + tag("FchResol", consumo.fecha_resolucion)
        + tag("NroResol", consumo.numero_resolucion)
        + tag("FchInicio", consumo.desde)
        + tag("FchFinal", consumo.hasta)
        + tag("SecEnvio", consumo.secuencia)
        + tag("TmstFirmaEnv", stamp)
        + "</Caratula>\n"
    )
    content = cover + "".join(map(_summary, consumo.resumenes))
    return build_signed("ConsumoFolios", "ConsumoFolio_v10.xsd", "DocumentoConsumoFolios", "CF", content, certificado)


def _summary(r: ResumenConsumo) -> str:
    return group(
        "Resumen",
        tag("TipoDocumento", r.tipo)
        + tag("MntNeto", r.neto)
        + tag("MntIva", r.iva)
        + tag("TasaIVA", r.tasa_iva)
        + tag("MntExento", r.exento)
        + tag("MntTotal", r.total)
        + tag("FoliosEmitidos", len(r.emitidos))
        + tag("FoliosAnulados", len(r.anulados))
        + tag("FoliosUtilizados", len(r.emitidos) + len(r.anulados))
        + _ranges("RangoUtilizados", r.emitidos)
        + _ranges("RangoAnulados", r.anulados),
    )


def _ranges(name: str, folios: frozenset[int]) -> str:
    return "".join(group(name, tag("Inicial", first) + tag("Final", last)) for first, last in folio_ranges(folios))

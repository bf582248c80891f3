"""Terms of payment of a DTE: instalments, account, period. Valid when built, or they do not exist.

Source: SII, Formato DTE v2.4.2, area IdDoc: FchCancel, MntPagos, PeriodoDesde to TermPagoDias.
"""

from dataclasses import dataclass
from datetime import date

from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.nodos import group, tag
from torn_app.dte.partes import set_field, set_texts
from torn_app.kernel.money import Pesos

_CUENTAS = frozenset({"AHORRO", "CORRIENTE", "VISTA"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuota:
    """An instalment (MntPagos): whole pesos due on a date."""

    fecha: date
    monto: Pesos

    def __post_init__(self) -> None:
        if self.monto <= 0:
            raise DocumentoInvalido("cuotas", "Cada cuota tiene un monto mayor que cero")


@dataclass(frozen=True, slots=True, kw_only=True)
class CondicionesPago:
    """How and when a DTE is paid beyond its form, means and due date. `fecha_cancelacion` is when it was paid."""

    fecha_cancelacion: date | None = None
    cuotas: tuple[Cuota, ...] = ()
    periodo_desde: date | None = None
    periodo_hasta: date | None = None
    tipo_cuenta: str | None = None
    numero_cuenta: str | None = None
    banco: str | None = None
    glosa: str | None = None
    dias: int | None = None

    def __post_init__(self) -> None:
        set_field(self, "cuotas", tuple(self.cuotas))
        set_texts(self, {"numero_cuenta": "sucursal", "banco": "timbre", "glosa": "razon_referencia"})
        if len(self.cuotas) > 30:
            raise DocumentoInvalido("cuotas", "El documento admite hasta 30 cuotas")
        if self.periodo_desde and self.periodo_hasta and self.periodo_hasta < self.periodo_desde:
            raise DocumentoInvalido("periodo_hasta", "El período facturado termina antes de empezar")
        if self.tipo_cuenta is not None and self.tipo_cuenta not in _CUENTAS:
            raise DocumentoInvalido("tipo_cuenta", "El tipo de cuenta es AHORRO, CORRIENTE o VISTA")
        if self.dias is not None and not 0 < self.dias <= 999:
            raise DocumentoInvalido("dias", "El plazo de pago va de 1 a 999 días")


def instalments(c: CondicionesPago | None) -> str:
    """Return the fields that stand before MedioPago."""
    if c is None:
        return ""
    rows = (group("MntPagos", tag("FchPago", row.fecha) + tag("MntPago", row.monto)) for row in c.cuotas)
    period = tag("PeriodoDesde", c.periodo_desde) + tag("PeriodoHasta", c.periodo_hasta)
    return tag("FchCancel", c.fecha_cancelacion) + "".join(rows) + period


def terms(c: CondicionesPago | None) -> str:
    """Return the fields that stand between MedioPago and FchVenc."""
    if c is None:
        return ""
    return (
        tag("TpoCtaPago", c.tipo_cuenta)
        + tag("NumCtaPago", c.numero_cuenta)
        + tag("BcoPago", c.banco)
        + tag("TermPagoGlosa", c.glosa)
        + tag("TermPagoDias", c.dias)
    )

"""Reports: what goes out. Amounts are whole pesos; quantities have up to six decimals."""

from datetime import date, datetime

from pydantic import Field

from torn_app.kernel.fields import Number, Out


class Kpis(Out):
    """A day in numbers. Credit notes are told apart and not subtracted."""

    total_ventas: int
    total_neto: int
    total_iva: int
    num_ventas: int
    ticket_promedio: int
    num_notas_credito: int
    total_notas_credito: int
    total_exento: int
    total_otros_impuestos: int = 0
    """total_ventas = total_neto + total_exento + total_iva + this."""


class HourOut(Out):
    """Sales of an hour of the Chilean day, `HH:00`."""

    hora: str
    cantidad: int
    total: int


class DashboardProduct(Out):
    """A product that sold well. `total` is net."""

    nombre: str
    sku: str
    cantidad: Number
    total: int


class MethodOut(Out):
    """What was received by one way of paying, change taken off."""

    nombre: str
    codigo: str
    transacciones: int
    total: int


class ShiftOut(Out):
    """The caller's open shift."""

    id: int
    inicio: datetime
    fondo: int


class DashboardOut(Out):
    """A day of the shop."""

    fecha: date
    kpis: Kpis
    ventas_por_hora: list[HourOut]
    top_productos: list[DashboardProduct]
    medios_pago: list[MethodOut]
    caja: ShiftOut | None


class StatPeriod(Out):
    """What was sold (with VAT) and earned (net) in a period."""

    sales_total: int
    sales_count: int
    margin_total: int
    period: str


class DashboardSummary(Out):
    """Today, the last 7 days and the last 30, today included."""

    daily: StatPeriod
    weekly: StatPeriod
    monthly: StatPeriod


class TopProduct(Out):
    """A product with what it brought in. `total_sales` is net."""

    product_id: int
    nombre: str
    full_name: str | None
    total_qty: Number
    total_margin: int
    total_sales: int


class TopProductsResponse(Out):
    """The products most sold, and those that earned most."""

    by_quantity: list[TopProduct]
    by_margin: list[TopProduct]


class ReportItem(Out):
    """A product in a period. `monto_total` is net."""

    product_id: int
    full_name: str
    cantidad: Number
    monto_total: int
    utilidad: int


class ReportOut(Out):
    """A period, in all (with VAT) and by product (net)."""

    fecha: datetime
    """The beginning of the day asked for, with the Chilean offset."""
    period: str
    total_ventas: int
    total_utilidad: int
    items: list[ReportItem]


class VatDocuments(Out):
    """The documents of one type. `signo` is 1 when their VAT is owed and -1 when it is taken off."""

    tipo_dte: int
    nombre: str
    signo: int
    cantidad: int
    neto: int
    exento: int
    iva: int
    total: int
    otros_impuestos: int = 0


class VatAdditionalTax(Out):
    """An additional tax of the month, credit notes taken off: `base` is the net amount it is `tasa` % of."""

    codigo: int
    nombre: str
    tasa: Number
    base: int
    monto: int


class VatPurchases(Out):
    """What was bought with documents of one kind. `tipo_dte` is empty for the documents of providers."""

    tipo_dte: int | None
    nombre: str
    signo: int
    cantidad: int
    neto: int
    exento: int
    iva: int
    retenido: int
    total: int


class VatOut(Out):
    """A month's VAT before it is declared (form 29). An estimate: what the tax service holds decides."""

    month: str
    debito: int
    credito: int
    remanente_anterior: int
    """What was left of the credit of the month before, as asked."""
    iva_estimado: int
    """What there is to pay; 0 when the credit is larger."""
    remanente: int
    """What is left of the credit for the next month."""
    vence: date
    """Last day to declare."""
    documentos: list[VatDocuments]
    impuestos_adicionales: list[VatAdditionalTax] = Field(default_factory=list)
    """Declared in lines of their own: not part of `debito`."""
    retenido: int
    """VAT withheld from providers with purchase invoices (46). It is paid in full besides, whatever the credit."""
    a_pagar: int
    """The estimate and what was withheld."""
    compras: list[VatPurchases]
    nota: str
    """What the estimate rests on."""

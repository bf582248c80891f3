"""Reports of the company's current ambiente. Days, weeks, months and hours are those of Chile."""

from datetime import date
from decimal import Decimal

from torn_app.company import service as company
from torn_app.dte.impuestos import nombre_impuesto
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work, use_case
from torn_app.kernel import clock
from torn_app.kernel.money import round_pesos
from torn_app.kernel.permissions import Permission
from torn_app.purchases.vat import purchase_vat
from torn_app.reports import queries, rules
from torn_app.reports.queries import Days, ProductTotal
from torn_app.reports.rules import Period
from torn_app.reports.schemas import (
    DashboardOut,
    DashboardProduct,
    DashboardSummary,
    HourOut,
    Kpis,
    MethodOut,
    ReportItem,
    ReportOut,
    ShiftOut,
    StatPeriod,
    TopProduct,
    TopProductsResponse,
    VatAdditionalTax,
    VatDocuments,
    VatOut,
    VatPurchases,
)
from torn_app.sales.payment_methods import EFECTIVO

TOP_OF_THE_DAY = 5
LEFT_OUT = (
    "Estimación. El crédito es el de las facturas de proveedores ingresadas en Compras, menos sus notas de crédito, y "
    "el de las facturas de compra emitidas: no considera otros impuestos ni documentos que falte ingresar. El "
    "remanente del mes anterior es el indicado en la consulta, ya reajustado (DL 825, art. 27); sin indicarlo se "
    "cuenta 0. El IVA retenido en facturas de compra se paga completo, sin rebajarle crédito (DL 825, art. 3; "
    "formulario 29, cambio de sujeto)."
)
OF_PROVIDERS = {1: "Facturas de proveedores", -1: "Notas de crédito de proveedores"}
"""What documents of providers are called, by their sign."""


@use_case(Permission.ADMIN)
def dashboard(work: Work, day: date | None = None) -> DashboardOut:
    """Return a day (today when none is named): invoices and boletas, credit notes apart."""
    day = day or work.today
    of_day = _days(work, day, day)
    totals = queries.day_totals(work, of_day, {*rules.DASHBOARD_TYPES, rules.CREDIT_NOTE})
    notes = [row for row in totals if row.tipo_dte == rules.CREDIT_NOTE]
    sold = [row for row in totals if row.tipo_dte != rules.CREDIT_NOTE]
    count, total = sum(row.documents for row in sold), sum(row.total for row in sold)
    return DashboardOut(
        fecha=day,
        kpis=Kpis(
            total_ventas=total,
            total_neto=sum(row.neto for row in sold),
            total_iva=sum(row.iva for row in sold),
            total_exento=sum(row.exento for row in sold),
            total_otros_impuestos=sum(row.otros_impuestos for row in sold),
            num_ventas=count,
            ticket_promedio=round_pesos(Decimal(total) / count) if count else 0,
            num_notas_credito=sum(row.documents for row in notes),
            total_notas_credito=sum(row.total for row in notes),
        ),
        ventas_por_hora=_by_hour(work, of_day),
        top_productos=[
            DashboardProduct(nombre=row.full_name, sku=row.sku, cantidad=row.quantity, total=round_pesos(row.net))
            for row in queries.day_products(work, of_day, rules.DASHBOARD_TYPES, TOP_OF_THE_DAY)
        ],
        medios_pago=[
            MethodOut(nombre=row.nombre, codigo=row.codigo, transacciones=row.payments, total=row.total)
            for row in queries.day_payments(work, of_day, rules.DASHBOARD_TYPES, change_of=EFECTIVO)
        ],
        caja=_own_shift(work),
    )


@use_case(Permission.ADMIN)
def summary(work: Work) -> DashboardSummary:
    """Return what was sold and earned today, in the last 7 days and in the last 30."""
    return DashboardSummary(
        daily=_stretch(work, Period.DAY), weekly=_stretch(work, Period.WEEK), monthly=_stretch(work, Period.MONTH)
    )


@use_case(Permission.ADMIN)
def top_products(work: Work, days: int, limit: int) -> TopProductsResponse:
    """Return the products most sold and of the largest margin in the last `days` days, today included."""
    stretch = _days(work, *rules.last_days(work.today, days))
    by_quantity, by_margin = queries.top_products(work, stretch, limit)
    return TopProductsResponse(
        by_quantity=[_top(row) for row in by_quantity], by_margin=[_top(row) for row in by_margin]
    )


@use_case(Permission.ADMIN)
def report(work: Work, period: Period, day: date | None) -> ReportOut:
    """Return the day, week (from Monday) or month around a date, today's when none is named."""
    day = day or work.today
    stretch = _days(work, *period.days(day))
    figures = rules.add_up(queries.totals_by_type(work, stretch))
    return ReportOut(
        fecha=clock.to_santiago(clock.day_bounds(day)[0]),
        period=period.label,
        total_ventas=figures.total,
        total_utilidad=figures.margin,
        items=[
            ReportItem(
                product_id=row.product_id,
                full_name=row.full_name,
                cantidad=row.quantity,
                monto_total=round_pesos(row.net),
                utilidad=round_pesos(row.net - row.cost),
            )
            for row in queries.totals_by_product(work, stretch)
        ],
    )


@use_case(Permission.ADMIN)
def vat(work: Work, month: date | None, carried: int = 0) -> VatOut:
    """Return the VAT of the month a date is in (the current one when none is named) as form 29 will ask for it.

    `carried`: what was left of the credit of the month before, in pesos of this month, as its declaration said.
    """
    month = month or work.today
    first, last = rules.month_days(month.year, month.month)
    days = _days(work, first, last)
    rows = queries.totals_by_type(work, days)
    bought = purchase_vat(work, days.ambiente, (first, last), days.bounds)
    debit, credit = rules.add_up(rows).iva, bought.credit
    estimate = max(debit - credit - carried, 0)
    return VatOut(
        month=f"{first:%Y-%m}",
        debito=debit,
        credito=credit,
        iva_estimado=estimate,
        remanente_anterior=carried,
        remanente=max(credit + carried - debit, 0),
        retenido=bought.withheld,
        a_pagar=estimate + max(bought.withheld, 0),
        vence=rules.f29_due(last),
        documentos=[
            VatDocuments(
                tipo_dte=row.tipo_dte,
                nombre=TipoDte(row.tipo_dte).nombre,
                signo=rules.SIGNS[row.tipo_dte],
                cantidad=row.documents,
                neto=row.neto,
                exento=row.exento,
                iva=row.iva,
                total=row.total,
                otros_impuestos=row.otros_impuestos,
            )
            for row in sorted(rows, key=lambda row: row.tipo_dte)
        ],
        compras=[
            VatPurchases(
                tipo_dte=row.tipo_dte,
                nombre=TipoDte(row.tipo_dte).nombre if row.tipo_dte else OF_PROVIDERS[row.signo],
                signo=row.signo,
                cantidad=row.cantidad,
                neto=row.neto,
                exento=row.exento,
                iva=row.iva,
                retenido=row.retenido,
                total=row.total,
            )
            for row in bought.rows
        ],
        impuestos_adicionales=[
            VatAdditionalTax(
                codigo=row.codigo,
                nombre=nombre_impuesto(str(row.codigo)),
                tasa=row.tasa,
                base=row.base,
                monto=row.monto,
            )
            for row in queries.additional_taxes(work, days)
        ],
        nota=LEFT_OUT,
    )


def _days(work: Work, first: date, last: date) -> Days:
    return Days(company.get_issuer_row(work).ambiente, first, last)


def _stretch(work: Work, period: Period) -> StatPeriod:
    stretch = _days(work, *rules.last_days(work.today, rules.LAST_DAYS[period]))
    figures = rules.add_up(queries.totals_by_type(work, stretch))
    return StatPeriod(
        sales_total=figures.total,
        sales_count=figures.sales_count,
        margin_total=figures.margin,
        period=period.label,
    )


def _by_hour(work: Work, day: Days) -> list[HourOut]:
    """Add the hours up by their name: on the day the clocks go back one of them comes twice."""
    hours: dict[str, HourOut] = {}
    for row in queries.day_hours(work, day, rules.DASHBOARD_TYPES):
        name = f"{clock.to_santiago(row.start):%H:00}"
        known = hours.setdefault(name, HourOut(hora=name, cantidad=0, total=0))
        known.cantidad += row.sales
        known.total += row.total
    return [hours[name] for name in sorted(hours)]


def _own_shift(work: Work) -> ShiftOut | None:
    if work.actor.staff_id is None:
        return None
    shift = queries.open_shift(work, work.actor.staff_id)
    return ShiftOut(id=shift.id, inicio=shift.start_time, fondo=shift.start_amount) if shift else None


def _top(row: ProductTotal) -> TopProduct:
    return TopProduct(
        product_id=row.product_id,
        nombre=row.nombre,
        full_name=row.full_name,
        total_qty=row.quantity,
        total_margin=round_pesos(row.net - row.cost),
        total_sales=round_pesos(row.net),
    )

"""What the history shows, ready-made in words: the filter of an address, rows, and the panel of one sale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from torn_app.infra.work import Work
from torn_app.kernel import clock
from torn_app.kernel.fields import MAX_ID
from torn_app.kernel.money import format_pesos
from torn_app.kernel.rut import GENERIC_CUSTOMER, format_rut
from torn_app.kernel.text import clean
from torn_app.sales import queries
from torn_app.sales.errors import SaleNotFound
from torn_app.sales.queries import SaleFilter
from torn_app.sales.schemas import DocumentStep, SaleFullOut, SaleRow
from torn_app.sales.tax_words import tax_name
from torn_app.sales.words import NAMES, STATES, document_name, thousands
from torn_app.ui.format import moment, quantity, signed_pesos, time_of_day

CREDIT_NOTES = frozenset({61, 112})
REJECTED = "RECHAZADO"


@dataclass(frozen=True)
class Address:
    """The filter as the address says it. Without days, search or state it means today."""

    desde: date | None = None
    hasta: date | None = None
    q: str = ""
    tipo: int | None = None
    estado: str = ""
    venta: int | None = None

    @property
    def is_today(self) -> bool:
        """Whether nothing but perhaps a document type narrows today's sales."""
        return not (self.desde or self.hasta or self.q or self.estado)

    def filter(self, today: date, *, limit: int = 1, after: int | None = None) -> SaleFilter:
        """Return what to ask for. A search looks at all days."""
        desde, hasta = (today, today) if self.is_today else (self.desde, self.hasta)
        if self.q:
            desde = hasta = None
        return SaleFilter(
            desde=desde,
            hasta=hasta,
            q=self.q or None,
            tipo_dte=self.tipo,
            estado=self.estado or None,
            limit=limit,
            after=after,
        )

    def path(self) -> str:
        """Return the address of the list, without the open sale."""
        parts = {"desde": self.desde, "hasta": self.hasta, "q": self.q, "tipo": self.tipo, "estado": self.estado}
        query = urlencode({name: str(value) for name, value in parts.items() if value})
        return f"/historial?{query}" if query else "/historial"

    def period(self, today: date) -> str:
        """Name the period as the chips do, or return an empty text."""
        if self.is_today:
            return "hoy"
        return next((name for name, days in periods(today).items() if days == (self.desde, self.hasta)), "")


def read_address(parameters: Mapping[str, str]) -> Address:
    """Read an address typed by anybody: what makes no sense is left out."""

    def number(name: str) -> int | None:
        text = parameters.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= MAX_ID else None

    tipo, estado = number("tipo"), parameters.get("estado", "")
    return Address(
        desde=read_day(parameters.get("desde", "")),
        hasta=read_day(parameters.get("hasta", "")),
        q=clean(parameters.get("q", ""))[:100],
        tipo=tipo if tipo in NAMES else None,
        estado=estado if estado in STATES else "",
        venta=number("venta"),
    )


def read_day(text: str) -> date | None:
    """Read an ISO day, or None. Years far away are not days of a shop."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def periods(today: date) -> dict[str, tuple[date, date]]:
    """Return the days (both included) of each period that has a chip."""
    return {
        "hoy": (today, today),
        "ayer": (today - timedelta(days=1), today - timedelta(days=1)),
        "semana": (today - timedelta(days=6), today),
        "mes": (today.replace(day=1), today),
    }


def today() -> date:
    """Return today's date in Chile."""
    return clock.santiago_date(clock.now())


@dataclass
class HistoryRow:
    """A sale as a row."""

    id: int
    name: str
    number: str
    when: str
    who: str
    word: str
    tone: str
    total: str
    note: str


@dataclass
class Fact:
    """A name and its value."""

    name: str
    value: str


@dataclass
class Line:
    """A product of a sale, or a step of its document."""

    text: str
    note: str
    value: str
    tone: str = ""


@dataclass
class SalePanel:
    """One sale in its panel. Nothing is open while `id` is 0."""

    id: int = 0
    name: str = ""
    number: str = ""
    when: str = ""
    word: str = ""
    tone: str = ""
    sentence: str = ""
    total: str = ""
    facts: list[Fact] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    steps: list[Line] = field(default_factory=list)
    problem: str = ""


def history_row(sale: SaleRow, *, one_day: bool) -> HistoryRow:
    """Describe a sale as a row. Within one day the time is enough."""
    word, tone, _ = STATES[sale.estado]
    returned = sale.tipo_dte in CREDIT_NOTES
    return HistoryRow(
        id=sale.id,
        name=document_name(sale.tipo_dte),
        number=thousands(sale.folio),
        when=time_of_day(sale.created_at) if one_day else moment(sale.created_at),
        who="Sin cliente" if sale.rut == GENERIC_CUSTOMER else sale.razon_social,
        word=word,
        tone=tone,
        total=("−" if returned else "") + format_pesos(sale.monto_total),
        note="devolución" if returned else "",
    )


def sale_panel(sale: SaleFullOut, steps: Sequence[DocumentStep]) -> SalePanel:
    """Describe one sale for its panel."""
    word, tone, sentence = STATES[sale.estado_dte]
    returned = sale.tipo_dte in CREDIT_NOTES
    problems = [step.detail for step in steps if step.detail and STATES[step.estado][1] in ("bad", "warn")]
    return SalePanel(
        id=sale.id,
        name=document_name(sale.tipo_dte),
        number=thousands(sale.folio),
        when=moment(sale.created_at),
        word=word,
        tone=tone,
        sentence=sentence,
        total=("−" if returned else "") + format_pesos(sale.monto_total),
        facts=_facts(sale),
        lines=[
            Line(
                line.product.full_name,
                quantity(line.cantidad, _unit(line.product.unidad_medida, line.cantidad))
                + (f" · descuento {format_pesos(int(line.descuento))}" if line.descuento else ""),
                format_pesos(int(line.subtotal)),
            )
            for line in sale.details
        ],
        steps=[
            Line(
                STATES[step.estado][2],
                step.detail or "",
                f"{clock.to_santiago(step.at):%H:%M:%S}",
                STATES[step.estado][1],
            )
            for step in steps
        ],
        problem=problems[-1] if problems else "",
    )


def _unit(unit: str | None, how_many: Decimal) -> str:
    if unit in (None, "unidad"):
        return "unidad" if how_many == 1 else "unidades"
    return unit or ""


def _facts(sale: SaleFullOut) -> list[Fact]:
    generic = sale.customer.rut == GENERIC_CUSTOMER
    facts = [Fact("Cliente", "Sin cliente" if generic else sale.customer.razon_social)]
    if not generic:
        facts.append(Fact("RUT", format_rut(sale.customer.rut)))
    facts.append(Fact("Vendió", sale.seller.name))
    if sale.monto_neto:
        facts += [Fact("Neto", format_pesos(sale.monto_neto)), Fact("IVA", format_pesos(sale.iva))]
    facts += [Fact(tax_name(tax), format_pesos(tax.monto)) for tax in sale.impuestos]
    if sale.monto_exento:
        facts.append(Fact("Exento", format_pesos(sale.monto_exento)))
    facts += [Fact(f"Pagó con {payment.name.lower()}", format_pesos(payment.amount)) for payment in sale.payments]
    if sale.ajuste_redondeo:
        facts.append(Fact("Redondeo", signed_pesos(sale.ajuste_redondeo)))
    if sale.vuelto:
        facts.append(Fact("Vuelto", format_pesos(sale.vuelto)))
    return facts


def look(work: Work, address: Address, size: int) -> tuple[list[HistoryRow], bool, int, int, SalePanel]:
    """Return rows, whether there are more, how many in all, how many were rejected ever, and the open sale."""
    rows, has_more = page(work, address, size)
    total = queries.count_sales(work, address.filter(work.today))
    rejected = queries.count_sales(work, SaleFilter(estado=REJECTED))
    if address.venta is None:
        return rows, has_more, total, rejected, SalePanel()
    try:
        panel = sale_panel(queries.get_sale(work, address.venta), queries.document_steps(work, address.venta))
    except SaleNotFound:  # an old or mistyped address: the list is still worth showing
        panel = SalePanel()
    return rows, has_more, total, rejected, panel


def page(work: Work, address: Address, size: int, after: int | None = None) -> tuple[list[HistoryRow], bool]:
    """Return at most `size` rows older than the sale `after`, and whether there are more."""
    wanted = address.filter(work.today, after=after, limit=size + 1)
    found = queries.list_sale_rows(work, wanted)
    one_day = wanted.desde is not None and wanted.desde == wanted.hasta
    return [history_row(sale, one_day=one_day) for sale in found[:size]], len(found) > size

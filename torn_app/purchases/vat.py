"""The VAT of what was bought, as form 29 asks for it.

A purchase documented by a purchase invoice (46) speaks through its documents and not a second time by itself. The VAT
of a 46 is credit like that of a provider's invoice, whatever part was withheld; what was withheld is declared and paid
in full besides, with no credit taken off it (DL 825 art. 3 and art. 23; SII, FAQ 001.130.1607).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from torn_app.documents.models import Document
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work
from torn_app.kernel.money import Pesos
from torn_app.purchases import noted
from torn_app.purchases.issued import REJECTED
from torn_app.purchases.models import Purchase, PurchaseInvoice, PurchaseLine

FACTURA = "FACTURA"
SIGNS = {int(TipoDte.FACTURA_COMPRA): 1, int(TipoDte.NOTA_CREDITO): -1, int(TipoDte.NOTA_DEBITO): 1}
"""What each document issued about a purchase does to the credit and to what is withheld."""

_purchase = Purchase.__table__  # type: ignore[attr-defined]
_line = PurchaseLine.__table__  # type: ignore[attr-defined]
_invoice = PurchaseInvoice.__table__  # type: ignore[attr-defined]
_document = Document.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Bought:
    """What documents of one kind came to, whole pesos, positive whatever the kind. `tipo_dte` None: invoices of
    providers, entered as purchases, or with the sign -1 their credit notes."""

    tipo_dte: int | None
    signo: int
    cantidad: int
    neto: int
    exento: int
    iva: int
    retenido: int
    total: int


@dataclass(frozen=True, slots=True)
class PurchaseVat:
    """The VAT of a stretch of days. Both amounts may be negative: a note takes back what an earlier month counted."""

    rows: tuple[Bought, ...]

    @property
    def credit(self) -> Pesos:
        """VAT credit."""
        return Pesos(sum(row.signo * row.iva for row in self.rows))

    @property
    def withheld(self) -> Pesos:
        """VAT kept back from providers, owed to the treasury."""
        return Pesos(sum(row.signo * row.retenido for row in self.rows))


def purchase_vat(work: Work, ambiente: str, days: tuple[date, date], bounds: tuple[datetime, datetime]) -> PurchaseVat:
    """Return the VAT of purchases. `bounds` are the moments [start, end) of the same Chilean `days`, both included."""
    entered = _entered(work, ambiente, bounds)
    # A provider's credit note lowers the credit of the month it is of (DL 825 art. 24).
    count, net, exempt, iva, total = noted.totals_of_days(work, *days)
    notes = Bought(None, -1, count, net, exempt, iva, 0, total)
    return PurchaseVat((*(row for row in (entered, notes) if row.cantidad), *_issued(work, ambiente, days)))


def _entered(work: Work, ambiente: str, bounds: tuple[datetime, datetime]) -> Bought:
    """Invoices of providers. A boleta gives no credit (DL 825 art. 23), and without a document there is none."""
    documented = (
        select(_invoice.c.id)
        .join(_document, _document.c.id == _invoice.c.document_id)
        .where(
            _invoice.c.purchase_id == _purchase.c.id,
            _invoice.c.ambiente == ambiente,
            _invoice.c.tipo_dte == int(TipoDte.FACTURA_COMPRA),
            _invoice.c.cancelled_at.is_(None),
            _document.c.estado != REJECTED,
        )
    )
    exempt = (
        select(func.coalesce(func.sum(_line.c.subtotal), 0))
        .where(_line.c.purchase_id == _purchase.c.id, _line.c.exento)
        .correlate(_purchase)
        .scalar_subquery()
    )
    start, end = bounds
    row = work.session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(_purchase.c.monto_neto), 0),
            func.coalesce(func.sum(exempt), 0),
            func.coalesce(func.sum(_purchase.c.iva), 0),
            func.coalesce(func.sum(_purchase.c.monto_total), 0),
        ).where(
            _purchase.c.tipo_documento == FACTURA,
            _purchase.c.fecha_compra >= start,
            _purchase.c.fecha_compra < end,
            ~documented.exists(),
        )
    ).one()
    count, net, free, iva, total = (int(value) for value in row)
    return Bought(None, 1, count, net - free, free, iva, 0, total)


def _issued(work: Work, ambiente: str, days: tuple[date, date]) -> list[Bought]:
    rows = work.session.execute(
        select(
            _invoice.c.tipo_dte,
            func.count(),
            *(
                func.sum(_invoice.c[name])
                for name in ("monto_neto", "monto_exento", "iva", "iva_retenido", "monto_total")
            ),
        )
        .join(_document, _document.c.id == _invoice.c.document_id)
        .where(
            _invoice.c.ambiente == ambiente,
            _invoice.c.fecha_emision.between(*days),
            _document.c.estado != REJECTED,
        )
        .group_by(_invoice.c.tipo_dte)
        .order_by(_invoice.c.tipo_dte)
    )
    return [Bought(row[0], SIGNS[row[0]], *(int(value) for value in row[1:])) for row in rows]

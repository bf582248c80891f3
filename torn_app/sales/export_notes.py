"""Notes about an export (112 takes back, 111 adds): in the export's currency, at its exchange rate.

What came back up to a moment is worth a fixed amount of the currency, to the cent (see `return_rules`, which counts in
cents here), and a fixed amount of pesos: a note is worth what both grew by, so that the notes of an export add up to it
in the currency and in pesos.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select

from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.documento import DescuentoGlobal, Detalle, Documento, Referencia
from torn_app.dte.lectura import read_dte
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import DetalleCalculado, Totales, totals_of
from torn_app.dte.totales_exportacion import compute_export_totals
from torn_app.infra.work import Work
from torn_app.kernel.money import Pesos
from torn_app.sales import export_rules
from torn_app.sales.charging import CREDIT_SALE
from torn_app.sales.export_rules import Rate
from torn_app.sales.export_schemas import ExportFacts
from torn_app.sales.lines import Priced
from torn_app.sales.models import Sale, SaleLine
from torn_app.sales.originals import Original
from torn_app.sales.return_rules import NoteParts, Sold
from torn_app.sales.stored import stored_parts

CREDIT, DEBIT = TipoDte.NOTA_CREDITO_EXPORTACION, TipoDte.NOTA_DEBITO_EXPORTACION

_sale = Sale.__table__  # type: ignore[attr-defined]
_document = Document.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Abroad:
    """An export, or a note about one, that another note speaks of."""

    facts: ExportFacts
    read: DteLeido
    rate: Rate

    @property
    def _units(self) -> Decimal:
        """How many of its smallest amount are one of the currency."""
        return 1 / self.rate.step

    def counted(self, sold: Sold) -> Sold:
        """Return a sale whose amounts are the document's own, in the smallest amount of the currency."""
        units = self._units
        lines = [
            replace(
                line,
                precio_neto=(row.precio or Decimal(0)) * units,
                exento=True,
                descuento=0,
                monto=int(row.monto_item * units),
            )
            for line, row in zip(sold.lines, self.read.lineas, strict=True)
        ]
        return Sold(lines, gross=False, afecto=0, exento=int(self.read.totales.monto_total * units))

    def in_currency(self, parts: NoteParts) -> tuple[tuple[Detalle, ...], tuple[DescuentoGlobal, ...]]:
        """Return lines and rows of a note from parts in the smallest amount of the currency."""
        units = self._units
        lines = tuple(replace(line, exento=False, precio=line.precio / units) for _, line in parts.detalles)
        rows = tuple(
            DescuentoGlobal(monto_moneda=(row.monto or 0) / units, movimiento=row.movimiento, glosa=row.glosa)
            for row in parts.descuentos
        )
        return lines, rows


@dataclass(frozen=True, slots=True)
class ExportNote:
    """A note to be issued. `totales` are in pesos, with its lines in pesos."""

    documento: Documento
    totales: Totales
    facts: ExportFacts


def abroad(work: Work, original: Original) -> Abroad | None:
    """Return what a note about an export needs; None when the original is no export."""
    if original.sale.exportacion is None:
        return None
    xml = work.connection.execute(
        select(_document.c.xml).where(_document.c.sale_id == original.sale.id, _document.c.replaced_at.is_(None))
    ).scalar_one()
    facts = ExportFacts.model_validate(original.sale.exportacion)
    return Abroad(facts, read_dte(bytes(xml)), Rate(facts.moneda, Decimal(facts.tipo_cambio or 1)))


def credit_note(
    work: Work, original: Original, export: Abroad, parts: NoteParts, sold: Sold, reference: Referencia
) -> ExportNote:
    """Return the credit note (112) of a return. `parts` count the currency, `sold` is the sale in pesos."""
    detalles, descuentos = export.in_currency(parts)
    prices = {line.id: line.precio_neto for line in sold.lines}
    in_pesos = [_priced(number, line, prices[of.id]) for number, (of, line) in enumerate(parts.detalles, 1)]
    documento = _documento(work, original, export, CREDIT, detalles, descuentos, reference)
    return _noted(documento, export, in_pesos, _grown(work, original, export, documento))


def correcting_text(
    work: Work, original: Original, export: Abroad, detalle: Detalle, reference: Referencia
) -> ExportNote:
    """Return the credit note (112) of nothing that corrects a text."""
    documento = _documento(work, original, export, CREDIT, (detalle,), (), reference)
    return _noted(documento, export, [_priced(1, detalle, Decimal(0))], None)


def cancelling(
    work: Work, original: Original, export: Abroad, lines: Sequence[SaleLine], reference: Referencia
) -> ExportNote:
    """Return the debit note (111) that cancels a credit note and repeats it whole."""
    parts = stored_parts(export.read)
    documento = _documento(work, original, export, DEBIT, parts.detalles, parts.descuentos, reference)
    in_pesos = [
        _priced(number, detalle, line.precio_unitario)
        for number, (line, detalle) in enumerate(zip(lines, parts.detalles, strict=True), 1)
    ]
    stated = export.facts.total_pesos
    return _noted(documento, export, in_pesos, None if stated is None else Pesos(stated))


def charging_more(
    work: Work,
    original: Original,
    export: Abroad,
    priced: Sequence[Priced],
    off: tuple[Decimal | None, Pesos | None],
    reference: Referencia,
) -> ExportNote:
    """Return the debit note (111) that charges more for an export: lines priced in net pesos, `off` the whole in
    percent or pesos."""
    plain = totals_of(DEBIT, [line.detalle for line in priced])
    detalles = export_rules.in_currency(plain.lineas, export.rate)
    descuentos = export_rules.discount_in_currency(*off, export.rate)
    return _noted(
        _documento(work, original, export, DEBIT, detalles, descuentos, reference), export, plain.lineas, None
    )


def _documento(
    work: Work,
    original: Original,
    export: Abroad,
    tipo: TipoDte,
    detalles: tuple[Detalle, ...],
    descuentos: tuple[DescuentoGlobal, ...],
    reference: Referencia,
) -> Documento:
    facts = export.facts
    return Documento(
        tipo=tipo,
        fecha_emision=work.today,
        emisor=documents.emisor(original.issuer),
        receptor=facts.receptor(),
        detalles=detalles,
        descuentos=descuentos,
        referencias=(reference,),
        indicador_servicio=facts.indicador_servicio,
        forma_pago=CREDIT_SALE if tipo is DEBIT else None,
        exportacion=facts.model_copy(update={"aduana": None, "total_pesos": None}).of_document(),
    )


def _noted(
    documento: Documento, export: Abroad, in_pesos: Sequence[DetalleCalculado], total_pesos: Pesos | None
) -> ExportNote:
    stated = None if export.facts.tipo_cambio is None else total_pesos
    total = compute_export_totals(documento).monto_total
    facts = export.facts.model_copy(
        update={"aduana": None, "forma_pago": None, "monto_total": total, "total_pesos": stated}
    )
    documento = replace(documento, exportacion=facts.of_document())
    return ExportNote(documento, export_rules.totals_in_pesos(documento, in_pesos, export.rate), facts)


def _priced(number: int, detalle: Detalle, net: Decimal) -> DetalleCalculado:
    """Return a line with its price in net pesos; its amount is shared out to it later."""
    nothing = Pesos(0)
    return DetalleCalculado(number, replace(detalle, precio=net), True, nothing, nothing, nothing)


def _grown(work: Work, original: Original, export: Abroad, documento: Documento) -> Pesos:
    """Return by how many pesos what came back of an export grows with this note."""
    earlier = work.connection.execute(
        select(_sale.c.monto_total, _sale.c.exportacion).where(
            _sale.c.related_sale_id == original.sale.id, _sale.c.tipo_dte == int(CREDIT)
        )
    ).all()
    before = sum((ExportFacts.model_validate(row.exportacion).monto_total for row in earlier), Decimal(0))
    after = before + compute_export_totals(documento).monto_total
    return Pesos(export.rate.to_pesos(after) - sum(row.monto_total for row in earlier))

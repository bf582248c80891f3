"""The books of a certification and the summary of folios, from the documents of the sets and the rows of the text.

Source: SII, Manual de Certificación: books ESPECIAL and TOTAL of the period of the set; Formato IECV. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from torn_app.certification.parties import supplier
from torn_app.certification.sets import PurchaseRow, TestSet, Treatment
from torn_app.dte.consumo_folios import ConsumoFolios, ResumenConsumo
from torn_app.dte.impuestos import RETENCION_TOTAL, TASA_IVA
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.libro_guias import Anulacion, FilaGuia, LibroGuias
from torn_app.dte.libros import FilaLibro, IvaNoRecuperable, Libro, Operacion, OtroImpuesto, TipoLibro
from torn_app.dte.totales import vat_of

VENTAS, COMPRAS = 1, 2
"""FolioNotificacion of the two books; that of guides is the attention number of its set."""
_GRATUITA = 4
"""Code of the VAT of a free delivery, which gives no credit."""
_NUMERO_RESOLUCION = 0


@dataclass(frozen=True, slots=True)
class Cover:
    """Whose book it is. `fecha` is that of the documents, whose month is the period."""

    rut_emisor: str
    fecha_resolucion: date
    fecha: date

    @property
    def periodo(self) -> str:
        """AAAA-MM."""
        return f"{self.fecha:%Y-%m}"


def sales_book(documents: Sequence[DteLeido], cover: Cover) -> Libro:
    """Return the sales book of the documents of a set."""
    rows = [
        FilaLibro(
            tipo=int(one.tipo),
            folio=one.folio,
            fecha=one.fecha_emision,
            rut=one.receptor.rut,
            razon_social=one.receptor.razon_social or "",
            exento=int(one.totales.monto_exento or 0),
            neto=int(one.totales.monto_neto or 0),
            iva=int(one.totales.iva or 0),
            total=int(one.totales.monto_total),
        )
        for one in documents
    ]
    return _book(Operacion.VENTA, VENTAS, rows, cover)


def purchases_book(test_set: TestSet, cover: Cover) -> Libro:
    """Return the purchases book of the rows of a text. Its suppliers are invented, a note's that of its invoice."""
    rows = [_purchase(row, cover.fecha) for row in test_set.purchases]
    common = any(row.iva_uso_comun for row in rows)
    factor = test_set.factor_proporcionalidad if common else None
    return _book(Operacion.COMPRA, COMPRAS, rows, cover, factor)


def _book(
    operacion: Operacion, notification: int, rows: Sequence[FilaLibro], cover: Cover, factor: Decimal | None = None
) -> Libro:
    return Libro(
        operacion=operacion,
        rut_emisor=cover.rut_emisor,
        periodo=cover.periodo,
        fecha_resolucion=cover.fecha_resolucion,
        numero_resolucion=_NUMERO_RESOLUCION,
        filas=tuple(rows),
        tipo_libro=TipoLibro.ESPECIAL,
        folio_notificacion=notification,
        factor_proporcionalidad=factor,
    )


def _purchase(row: PurchaseRow, fecha: date) -> FilaLibro:
    iva = vat_of(row.afecto)
    who = supplier(row.corrige or row.folio)
    values: dict[str, Any] = {"iva": iva}
    total = row.exento + row.afecto + iva
    if row.tratamiento is Treatment.USO_COMUN:
        values = {"iva_uso_comun": iva}
    elif row.tratamiento is Treatment.GRATUITA:
        values = {"iva_no_recuperable": (IvaNoRecuperable(codigo=_GRATUITA, monto=iva),)}
    elif row.tratamiento is Treatment.RETENCION:
        # Withheld VAT is another tax in purchases: IVARetTotal is a field of sales.
        withheld = OtroImpuesto(codigo=RETENCION_TOTAL, tasa=TASA_IVA, monto=iva, retenido=True)
        values["otros_impuestos"] = (withheld,)
        total -= iva
    return FilaLibro(
        tipo=row.tipo,
        folio=row.folio,
        fecha=fecha,
        rut=who.rut,
        razon_social=who.razon_social or "",
        exento=row.exento,
        neto=row.afecto,
        total=total,
        **values,
    )


def guides_book(
    test_set: TestSet, guides: Mapping[int, DteLeido], invoices: Mapping[int, DteLeido], cover: Cover
) -> LibroGuias:
    """Return the book of the guides of a set. `guides` and the `invoices` that billed them are by case number."""
    return LibroGuias(
        rut_emisor=cover.rut_emisor,
        periodo=cover.periodo,
        fecha_resolucion=cover.fecha_resolucion,
        numero_resolucion=_NUMERO_RESOLUCION,
        folio_notificacion=int(test_set.attention),
        filas=tuple(
            _guide(guide, invoices.get(number), voided=number in test_set.voided)
            for number, guide in sorted(guides.items())
        ),
    )


def _guide(guide: DteLeido, invoice: DteLeido | None, *, voided: bool) -> FilaGuia:
    return FilaGuia(
        folio=guide.folio,
        traslado=guide.indicador_traslado or 0,
        fecha=guide.fecha_emision,
        rut=guide.receptor.rut,
        razon_social=guide.receptor.razon_social or "",
        neto=int(guide.totales.monto_neto or 0),
        iva=int(guide.totales.iva or 0),
        total=int(guide.totales.monto_total),
        # The set was sent before its book is made.
        anulacion=Anulacion.GUIA if voided else None,
        facturada_tipo=int(invoice.tipo) if invoice else None,
        facturada_folio=invoice.folio if invoice else None,
        facturada_fecha=invoice.fecha_emision if invoice else None,
    )


def folio_summary(documents: Sequence[DteLeido], cover: Cover, sequence: int) -> ConsumoFolios:
    """Return the summary of folios (RCOF) of the boletas of a set and their credit notes."""
    summaries = []
    for tipo in sorted({one.tipo for one in documents}):
        rows = [one.totales for one in documents if one.tipo is tipo]
        summaries.append(
            ResumenConsumo(
                tipo=int(tipo),
                neto=sum(int(row.monto_neto or 0) for row in rows),
                iva=sum(int(row.iva or 0) for row in rows),
                exento=sum(int(row.monto_exento or 0) for row in rows),
                total=sum(int(row.monto_total) for row in rows),
                emitidos=frozenset(one.folio for one in documents if one.tipo is tipo),
            )
        )
    return ConsumoFolios(
        rut_emisor=cover.rut_emisor,
        fecha_resolucion=cover.fecha_resolucion,
        numero_resolucion=_NUMERO_RESOLUCION,
        desde=cover.fecha,
        hasta=cover.fecha,
        secuencia=sequence,
        resumenes=tuple(summaries),
    )

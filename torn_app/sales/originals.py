"""The sale a note is about: locked, with what every note of it needs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, insert, select
from sqlmodel import select as select_row

from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.customers import service as customers
from torn_app.customers.models import Customer
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.documento import CodigoReferencia, Receptor, Referencia
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales
from torn_app.infra.work import Work
from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.sales.errors import NotReturnable, OriginalNotFound, OriginalRejected
from torn_app.sales.export_schemas import ExportFacts
from torn_app.sales.lines import next_sale_id, write_sale
from torn_app.sales.models import Sale, SaleReference

RETURNABLE = frozenset({TipoDte.FACTURA, TipoDte.FACTURA_EXENTA, TipoDte.BOLETA, TipoDte.BOLETA_EXENTA})
"""Documents of goods sold, hence of goods that may come back."""

_document = Document.__table__  # type: ignore[attr-defined]

_WRITE_REFERENCE = insert(SaleReference.__table__)  # type: ignore[attr-defined]
_DOCUMENT_OF = (
    select(_document.c.folio, _document.c.fecha_emision, _document.c.estado)
    .where(_document.c.sale_id == bindparam("sale_id"))
    .order_by(_document.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Original:
    """The sale a note corrects, its row locked, with its document's number and day."""

    sale: Sale
    folio: int
    fecha: date
    customer: Customer
    issuer: Issuer

    @property
    def tipo(self) -> TipoDte:
        """Type of its document."""
        return TipoDte(self.sale.tipo_dte)


def lock_original(work: Work, sale_id: int, of: Collection[TipoDte] = RETURNABLE) -> Original:
    """Return the sale a note is about and keep everybody else from correcting it until this transaction ends. Its
    type is one of `of`.

    Raises:
        OriginalNotFound: not in this company, or made in another mode.
        OriginalRejected: its document counts as not issued.
        NotReturnable: it is of another type.
    """
    issuer = company.get_issuer_row(work)
    sale = work.session.exec(
        select_row(Sale)
        .where(Sale.id == sale_id, Sale.ambiente == issuer.ambiente)
        # Not the stronger lock: the note's own row points at it.
        .with_for_update(key_share=True)
    ).first()
    document = work.connection.execute(_DOCUMENT_OF, {"sale_id": sale_id}).first()
    if sale is None or document is None:
        raise OriginalNotFound()
    if document.estado == "RECHAZADO":
        raise OriginalRejected(folio=document.folio)
    if TipoDte(sale.tipo_dte) not in of:
        raise NotReturnable(folio=document.folio)
    customer = customers.find(work, sale.customer_id)
    assert customer is not None
    return Original(sale, document.folio, document.fecha_emision, customer, issuer)


def note_receptor(original: Original) -> Receptor:
    """Return who a note is addressed to: the buyer, or the issuer itself where a boleta does not name one.

    Source: SII, FAQ 001.380.6571, and Res. Ex. 19 of 2008.
    """
    if original.customer.rut != GENERIC_CUSTOMER:
        return documents.receptor(original.customer)
    return documents.issuer_as_receptor(original.issuer)


def note_sale(
    work: Work,
    original: Original,
    totales: Totales,
    *,
    staff_id: int,
    descripcion: str,
    cash_session_id: int | None = None,
    ajuste_redondeo: int = 0,
    montos_brutos: bool = False,
    tipo: TipoDte = TipoDte.NOTA_CREDITO,
    fecha_vencimiento: date | None = None,
    exportacion: ExportFacts | None = None,
) -> Sale:
    """Write and return the row of a note of a sale."""
    taken_off = sum(-r.monto if r.descuento.movimiento == "R" else r.monto for r in totales.descuentos)
    sale = Sale(
        id=next_sale_id(work),
        ambiente=original.sale.ambiente,
        tipo_dte=int(tipo),
        fecha_vencimiento=fecha_vencimiento,
        fecha_emision=work.now,
        customer_id=original.sale.customer_id,
        staff_id=staff_id,
        cash_session_id=cash_session_id,
        monto_neto=totales.monto_neto,
        monto_exento=totales.monto_exento,
        iva=totales.iva,
        otros_impuestos=totales.otros_impuestos,
        monto_total=totales.monto_total,
        descuento_global=taken_off,
        ajuste_redondeo=ajuste_redondeo,
        montos_brutos=montos_brutos,
        exportacion=exportacion.model_dump(mode="json") if exportacion else None,
        descripcion=descripcion,
        related_sale_id=original.sale.id,
        support_email=work.actor.email if work.actor.is_support else None,
        created_at=work.now,
    )
    write_sale(work, sale)
    return sale


def write_reference(work: Work, original: Original, sale_id: int, referencia: Referencia) -> SaleReference:
    """Write the reference of a note to the sale it corrects."""
    assert referencia.codigo is not None
    row = SaleReference(
        sale_id=sale_id,
        position=1,
        tipo_documento=str(int(original.tipo)),
        folio=str(original.folio),
        fecha=original.fecha,
        sii_reason_code=int(referencia.codigo),
    )
    work.connection.execute(_WRITE_REFERENCE, row.model_dump(exclude={"id"}))
    return row


def reference_to(original: Original, code: CodigoReferencia, reason: str) -> Referencia:
    """Return the reference of a note to the sale it corrects, as the document carries it."""
    tipo, folio = str(int(original.tipo)), str(original.folio)
    return Referencia(tipo=tipo, folio=folio, fecha=original.fecha, codigo=code, razon=reason)

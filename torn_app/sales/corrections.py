"""Correcting a text of an invoice: a credit note of nothing that says how it should read. Moves no stock, no money."""

from decimal import Decimal

from torn_app.cash import service as cash
from torn_app.documents import service as documents
from torn_app.dte.documento import CodigoReferencia, Detalle, Documento
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import compute_totals
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.sales import export_notes
from torn_app.sales.errors import CorrectionNeedsInvoice
from torn_app.sales.originals import RETURNABLE, lock_original, note_receptor, note_sale, reference_to, write_reference
from torn_app.sales.queries import sale_out
from torn_app.sales.schemas import CorrectionIn, SaleOut

LINE = "Corrige texto"


@use_case(Permission.RETURN)
@documents.refusals
def correct_text(work: Work, sale_id: int, data: CorrectionIn) -> SaleOut:
    """Issue a credit note of reason 2, with one line at zero (Formato DTE v2.4.2, CodRef 2).

    Raises:
        OriginalNotFound, OriginalRejected, NotReturnable: see `originals.lock_original`.
        CorrectionNeedsInvoice: the sale is a boleta.
        FolioExhausted: no number for the note.
    """
    original = lock_original(work, sale_id, RETURNABLE | {TipoDte.FACTURA_EXPORTACION})
    if original.tipo.es_boleta:
        raise CorrectionNeedsInvoice()
    detalle = Detalle(
        nombre=LINE,
        precio=Decimal(0),
        exento=original.tipo.es_exento and not original.tipo.es_exportacion,
        descripcion=f"Donde dice: {data.donde_dice}. Debe decir: {data.debe_decir}",
    )
    reference = reference_to(original, CodigoReferencia.CORRIGE_TEXTO, LINE)
    export, facts = export_notes.abroad(work, original), None
    if export is not None:
        note = export_notes.correcting_text(work, original, export, detalle, reference)
        documento, totales, facts = note.documento, note.totales, note.facts
    else:
        documento = Documento(
            tipo=TipoDte.NOTA_CREDITO,
            fecha_emision=work.today,
            emisor=documents.emisor(original.issuer),
            receptor=note_receptor(original),
            detalles=(detalle,),
            referencias=(reference,),
        )
        totales = compute_totals(documento)
    staff_id = cash.local_staff(work)
    text = f"Ajuste Venta #{original.folio}: {LINE.lower()}"
    sale = note_sale(
        work, original, totales, staff_id=staff_id, descripcion=text, tipo=documento.tipo, exportacion=facts
    )
    assert sale.id is not None
    written = write_reference(work, original, sale.id, reference)
    issued = documents.issue(work, documento, sale_id=sale.id, ambiente=sale.ambiente)
    return sale_out(sale, original.customer, issued.folio, issued.estado, [], [written], {})

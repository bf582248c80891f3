"""Purchase invoices (46): the document of a purchase that the buyer issues and whose VAT the buyer withholds.

No goods move again. The row of the purchase is locked first, so that of those who press at once one issues; the folio
is taken last. Source: DL 825 art. 3 (change of subject); Formato DTE v2.4.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.documents import replacing
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.documento import CodigoReferencia, Detalle, Documento, Receptor, Referencia
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import Totales, compute_totals
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.products import queries as products
from torn_app.purchases import issued, noted, service
from torn_app.purchases.errors import (
    AlreadyInvoiced,
    BoughtWithBoleta,
    InvoiceRejected,
    NothingCancelled,
    NothingRejected,
    NotInvoiced,
    ProviderIncomplete,
    PurchaseChanged,
    WithholdingForeign,
)
from torn_app.purchases.models import Provider, Purchase, PurchaseInvoice
from torn_app.purchases.schemas import FacturaCompraIn, FacturaCompraOut, PurchaseNoteIn
from torn_app.purchases.withholding import line_code
from torn_app.sales.checkout import missing_data
from torn_app.sales.stored import stored_parts

Rows = Sequence[tuple[PurchaseInvoice, Document]]


@dataclass(frozen=True, slots=True)
class _Bought:
    """A locked purchase with what every document about it needs."""

    purchase: Purchase
    provider: Provider
    issuer: Issuer
    rows: Rows

    @property
    def id(self) -> int:
        """Id of the purchase."""
        assert self.purchase.id is not None
        return self.purchase.id


@use_case(Permission.EDIT_PRODUCTS)
@documents.refusals
def issue_purchase_invoice(work: Work, purchase_id: int, data: FacturaCompraIn) -> FacturaCompraOut:
    """Issue the purchase invoice of a purchase, addressed to its provider, with the purchase's lines and costs.

    Raises:
        PurchaseNotFound: no such purchase.
        AlreadyInvoiced: it has one that is not cancelled; a rejected one is issued again.
        BoughtWithBoleta, PurchaseNoted, ProviderIncomplete: the purchase cannot have one, or not yet.
        WithholdingForeign, WithholdingMissing, WithholdingUnknown: about the codes.
        FolioExhausted, CertificateNeeded, DocumentRefused: it cannot be issued.
    """
    bought = _lock(work, purchase_id)
    before = issued.living(bought.rows)
    if before is not None:
        raise AlreadyInvoiced(folio=before[1].folio)
    if bought.purchase.tipo_documento == "BOLETA":
        raise BoughtWithBoleta()
    documento = _purchase_invoice(work, bought, data)
    _issue(work, bought, documento, asked=data.model_dump(mode="json"))
    return _described(work, bought)


@use_case(Permission.EDIT_PRODUCTS)
@documents.refusals
def cancel_purchase_invoice(work: Work, purchase_id: int, data: PurchaseNoteIn) -> FacturaCompraOut:
    """Cancel the purchase invoice of a purchase with a credit note (61) that repeats it, withholding included. The
    purchase stays and may be changed, deleted or documented again.

    Raises:
        PurchaseNotFound: no such purchase.
        NotInvoiced: it has no purchase invoice, or it is cancelled already.
        InvoiceRejected: it counts as not issued.
        ProviderIncomplete, FolioExhausted, CertificateNeeded: the note cannot be issued.
    """
    bought = _lock(work, purchase_id)
    found = issued.living(bought.rows)
    if found is None:
        raise NotInvoiced()
    _cancel(work, bought, *found, TipoDte.NOTA_CREDITO, data.reason)
    return _described(work, bought)


@use_case(Permission.EDIT_PRODUCTS)
@documents.refusals
def restore_purchase_invoice(work: Work, purchase_id: int, data: PurchaseNoteIn) -> FacturaCompraOut:
    """Cancel the credit note of a purchase invoice with a debit note (56): the invoice stands again.

    Raises:
        PurchaseNotFound: no such purchase.
        AlreadyInvoiced: it has another purchase invoice meanwhile.
        NothingCancelled: no credit note cancels one.
        PurchaseChanged, PurchaseNoted: the purchase no longer says what the invoice says.
        InvoiceRejected: the credit note counts as not issued.
        ProviderIncomplete, FolioExhausted, CertificateNeeded: the note cannot be issued.
    """
    bought = _lock(work, purchase_id)
    other = issued.living(bought.rows)
    if other is not None:
        raise AlreadyInvoiced(folio=other[1].folio)
    note = next((r for r in reversed(bought.rows) if r[0].tipo_dte == 61 and r[0].cancelled_at is None), None)
    if note is None:
        raise NothingCancelled()
    invoice = next(row for row, _ in bought.rows if row.id == note[0].cancels_id)
    noted.refuse_noted(work, bought.id, action="documentar con una factura de compra")
    if bought.purchase.monto_neto != invoice.monto_neto + invoice.monto_exento:
        raise PurchaseChanged()
    _cancel(work, bought, *note, TipoDte.NOTA_DEBITO, data.reason)
    invoice.cancelled_at = None
    work.session.add(invoice)
    work.session.flush()
    return _described(work, bought)


@use_case(Permission.EDIT_PRODUCTS)
@documents.refusals
def reissue_purchase_document(work: Work, purchase_id: int) -> FacturaCompraOut:
    """Issue the oldest rejected document of a purchase again: dated today, the provider as of now, the number used
    again while its range is alive. A purchase invoice takes the purchase as it is now, with the terms it was asked
    with; a note repeats what it cancels.

    Raises:
        PurchaseNotFound: no such purchase.
        NothingRejected: none of its documents was rejected.
        PurchaseNoted, ProviderIncomplete, FolioExhausted, CertificateNeeded, DocumentRefused: it cannot be issued.
    """
    bought = _lock(work, purchase_id)
    found = next((r for r in bought.rows if r[1].estado in replacing.REFUSED and r[1].replaced_at is None), None)
    if found is None:
        raise NothingRejected()
    row, old = found
    if row.tipo_dte == TipoDte.FACTURA_COMPRA:
        documento = _purchase_invoice(work, bought, FacturaCompraIn.model_validate(row.asked))
    else:
        original = next(document for other, document in bought.rows if other.id == row.cancels_id)
        documento = _note(work, bought, original, TipoDte(row.tipo_dte), row.asked["reason"])
    again = replacing.replace_document(work, old, documento)
    row.sqlmodel_update(_amounts(compute_totals(documento)))
    row.document_id, row.fecha_emision = again.id, work.today
    work.session.add(row)
    work.session.flush()
    return _described(work, bought)


# --- steps -----------------------------------------------------------------------------------------------------------


def _lock(work: Work, purchase_id: int) -> _Bought:
    issuer = company.get_issuer_row(work, keep=True)
    purchase = service.find(work, purchase_id, lock=True)
    provider = work.session.get(Provider, purchase.provider_id)
    assert provider is not None
    return _Bought(purchase, provider, issuer, issued.rows_of(work, purchase_id))


def _purchase_invoice(work: Work, bought: _Bought, data: FacturaCompraIn) -> Documento:
    """Build the 46 of a purchase as it is now. What the provider documented and corrected is not documented again."""
    noted.refuse_noted(work, bought.id, action="documentar con una factura de compra")
    lines = service.lines_of(work, [bought.id])[bought.id]
    known = products.load_for_sale(work, {line.product_id for line in lines})
    codes = {item.product_id: item.codigo for item in data.items}
    for product_id in codes:
        if product_id not in known:
            raise WithholdingForeign(id=product_id)
    detalles = []
    for line in lines:
        product = known[line.product_id]
        taxes: tuple[int, ...] = ()
        if not line.exento:
            taxes = (line_code(data.retencion, product.full_name, product.id, codes, data.codigo),)
        detalles.append(
            Detalle(
                nombre=product.full_name,
                cantidad=Decimal(line.cantidad),
                precio=Decimal(line.precio_costo_unitario),
                exento=line.exento,
                codigo=product.codigo_interno,
                unidad=product.unidad_medida,
                codigos_impuesto=taxes,
            )
        )
    return Documento(
        tipo=TipoDte.FACTURA_COMPRA,
        fecha_emision=work.today,
        emisor=documents.emisor(bought.issuer),
        receptor=_seller(bought.provider),
        detalles=tuple(detalles),
        forma_pago=data.forma_pago,
        fecha_vencimiento=data.fecha_vencimiento,
    )


def _seller(provider: Provider) -> Receptor:
    """Return the provider as the receiver of a purchase invoice, or refuse naming what is missing of it."""
    missing = [*missing_data(provider.giro or "", provider.direccion or "", provider.comuna or "").values()]
    if missing:
        words = missing[0] if len(missing) == 1 else f"{', '.join(missing[:-1])} y {missing[-1]}"
        raise ProviderIncomplete(name=provider.razon_social, missing=words)
    return Receptor(
        rut=provider.rut,
        razon_social=provider.razon_social,
        giro=provider.giro,
        direccion=provider.direccion,
        comuna=provider.comuna,
        ciudad=provider.ciudad,
        correo=provider.email,
    )


def _note(work: Work, bought: _Bought, original: Document, tipo: TipoDte, reason: str) -> Documento:
    """Build the note that cancels a document of a purchase: it repeats what was signed."""
    reference = Referencia(
        tipo=str(original.tipo_dte),
        folio=str(original.folio),
        fecha=original.fecha_emision,
        codigo=CodigoReferencia.ANULA,
        razon=reason,
    )
    parts = stored_parts(read_dte(original.xml))
    return Documento(
        tipo=tipo,
        fecha_emision=work.today,
        emisor=documents.emisor(bought.issuer),
        receptor=_seller(bought.provider),
        detalles=parts.detalles,
        descuentos=parts.descuentos,
        referencias=(reference,),
    )


def _cancel(work: Work, bought: _Bought, row: PurchaseInvoice, document: Document, tipo: TipoDte, reason: str) -> None:
    if document.estado == issued.REJECTED:
        raise InvoiceRejected(folio=document.folio)
    documento = _note(work, bought, document, tipo, reason)
    row.cancelled_at = work.now
    work.session.add(row)
    work.session.flush()
    _issue(work, bought, documento, asked={"reason": reason}, cancels=row)


def _issue(
    work: Work,
    bought: _Bought,
    documento: Documento,
    *,
    asked: dict[str, object],
    cancels: PurchaseInvoice | None = None,
) -> None:
    ambiente = bought.issuer.ambiente
    made = documents.issue(work, documento, sale_id=None, ambiente=ambiente)
    work.session.add(
        PurchaseInvoice(
            purchase_id=bought.id,
            ambiente=ambiente,
            tipo_dte=int(documento.tipo),
            document_id=made.id,
            cancels_id=cancels.id if cancels else None,
            asked=asked,
            fecha_emision=work.today,
            **_amounts(compute_totals(documento)),
            created_at=work.now,
        )
    )
    work.session.flush()


def _amounts(totales: Totales) -> dict[str, Any]:
    return {
        "monto_neto": totales.monto_neto,
        "monto_exento": totales.monto_exento,
        "iva": totales.iva,
        "iva_retenido": sum(row.monto for row in totales.impuestos if row.impuesto.retiene_iva),
        "monto_total": totales.monto_total,
    }


def _described(work: Work, bought: _Bought) -> FacturaCompraOut:
    return issued.describe(work, [bought.id])[bought.id]

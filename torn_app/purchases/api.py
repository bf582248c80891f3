"""Routes of /purchases and /providers."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import HTMLResponse

from torn_app.api.deps import Entry, enter
from torn_app.api.paging import PageQuery, SearchQuery, rows_of
from torn_app.kernel.fields import MAX_ID
from torn_app.purchases import invoices, printing, provider_notes, providers, service
from torn_app.purchases.schemas import (
    Deactivated,
    FacturaCompraIn,
    FacturaCompraOut,
    ProviderIn,
    ProviderNoteIn,
    ProviderNoteOut,
    ProviderOut,
    ProviderPatch,
    PurchaseIn,
    PurchaseNoteIn,
    PurchaseOut,
)

purchases_router = APIRouter(prefix="/purchases", tags=["purchases"])
providers_router = APIRouter(prefix="/providers", tags=["providers"])

PurchaseId = Path(ge=0, le=MAX_ID)
ProviderId = Path(ge=0, le=MAX_ID)
NoteId = Path(ge=0, le=MAX_ID)


@purchases_router.post("/", status_code=201)
def create(body: PurchaseIn, entry: Entry = enter(service.create_purchase)) -> PurchaseOut:
    """Ingresa una compra: sube el stock y actualiza el costo de cada producto."""
    return entry.run(body)


@purchases_router.get("/")
def purchases(
    page: PageQuery, response: Response, q: SearchQuery = None, entry: Entry = enter(service.list_purchases)
) -> list[PurchaseOut]:
    """Compras, la más nueva primero; `q` busca en folio y proveedor."""
    return rows_of(entry.run(page, q), response)


@purchases_router.get("/{purchase_id}")
def purchase(purchase_id: int = PurchaseId, entry: Entry = enter(service.get_purchase)) -> PurchaseOut:
    """Una compra con su detalle."""
    return entry.run(purchase_id)


@purchases_router.put("/{purchase_id}")
def update(
    body: PurchaseIn, purchase_id: int = PurchaseId, entry: Entry = enter(service.update_purchase)
) -> PurchaseOut:
    """Reemplaza una compra: el stock y los costos quedan como si siempre hubiera sido así."""
    return entry.run(purchase_id, body)


@purchases_router.delete("/{purchase_id}", status_code=204)
def delete(purchase_id: int = PurchaseId, entry: Entry = enter(service.delete_purchase)) -> None:
    """Elimina una compra y descuenta lo que ingresó, si todavía está."""
    entry.run(purchase_id)


@purchases_router.get("/{purchase_id}/pdf", response_class=HTMLResponse)
def printed(purchase_id: int = PurchaseId, entry: Entry = enter(printing.purchase_html)) -> HTMLResponse:
    """Página para imprimir una compra."""
    return HTMLResponse(entry.run(purchase_id))


@purchases_router.post("/{purchase_id}/notas-credito", status_code=201)
def create_note(
    body: ProviderNoteIn, purchase_id: int = PurchaseId, entry: Entry = enter(provider_notes.create_provider_note)
) -> ProviderNoteOut:
    """Anota la nota de crédito de un proveedor: lo devuelto sale del stock, o solo se descuenta un monto."""
    return entry.run(purchase_id, body)


@purchases_router.get("/{purchase_id}/notas-credito")
def notes(
    purchase_id: int = PurchaseId, entry: Entry = enter(provider_notes.list_provider_notes)
) -> list[ProviderNoteOut]:
    """Las notas de crédito del proveedor sobre una compra."""
    return entry.run(purchase_id)


@purchases_router.delete("/{purchase_id}/notas-credito/{note_id}", status_code=204)
def delete_note(
    purchase_id: int = PurchaseId,
    note_id: int = NoteId,
    entry: Entry = enter(provider_notes.delete_provider_note),
) -> None:
    """Elimina una nota de crédito de proveedor; lo devuelto vuelve al stock."""
    entry.run(purchase_id, note_id)


@purchases_router.post("/{purchase_id}/factura-compra", status_code=201)
def issue_invoice(
    body: FacturaCompraIn, purchase_id: int = PurchaseId, entry: Entry = enter(invoices.issue_purchase_invoice)
) -> FacturaCompraOut:
    """Emite la factura de compra (46) de una compra, con el IVA retenido al proveedor. No mueve stock."""
    return entry.run(purchase_id, body)


@purchases_router.post("/{purchase_id}/factura-compra/cancel", status_code=201)
def cancel_invoice(
    body: PurchaseNoteIn, purchase_id: int = PurchaseId, entry: Entry = enter(invoices.cancel_purchase_invoice)
) -> FacturaCompraOut:
    """Anula la factura de compra con una nota de crédito (61). La compra queda."""
    return entry.run(purchase_id, body)


@purchases_router.post("/{purchase_id}/factura-compra/restore", status_code=201)
def restore_invoice(
    body: PurchaseNoteIn, purchase_id: int = PurchaseId, entry: Entry = enter(invoices.restore_purchase_invoice)
) -> FacturaCompraOut:
    """Anula con una nota de débito (56) la nota de crédito: la factura de compra vuelve a valer."""
    return entry.run(purchase_id, body)


@purchases_router.post("/{purchase_id}/factura-compra/reissue", status_code=201)
def reissue_invoice(
    purchase_id: int = PurchaseId, entry: Entry = enter(invoices.reissue_purchase_document)
) -> FacturaCompraOut:
    """Emite de nuevo el documento de la compra que el SII rechazó, con el proveedor y la fecha de hoy."""
    return entry.run(purchase_id)


@providers_router.post("/", status_code=201)
def create_provider(body: ProviderIn, entry: Entry = enter(providers.create_provider)) -> ProviderOut:
    """Crea un proveedor."""
    return entry.run(body)


@providers_router.get("/")
def all_providers(
    page: PageQuery,
    response: Response,
    q: SearchQuery = None,
    inactivos: Annotated[bool, Query(description="Incluye los desactivados")] = False,
    entry: Entry = enter(providers.list_providers),
) -> list[ProviderOut]:
    """Proveedores activos, por razón social."""
    return rows_of(entry.run(page, q, include_inactive=inactivos), response)


@providers_router.get("/search")
def search(
    q: Annotated[str, Query(max_length=200)] = "", entry: Entry = enter(providers.search_providers)
) -> list[ProviderOut]:
    """Hasta diez proveedores activos con ese texto en el nombre o el RUT."""
    return entry.run(q)


@providers_router.get("/{provider_id}")
def provider(provider_id: int = ProviderId, entry: Entry = enter(providers.get_provider)) -> ProviderOut:
    """Un proveedor."""
    return entry.run(provider_id)


@providers_router.put("/{provider_id}")
def update_provider(
    body: ProviderPatch, provider_id: int = ProviderId, entry: Entry = enter(providers.update_provider)
) -> ProviderOut:
    """Cambia los campos enviados; con `is_active` lo vuelve a activar."""
    return entry.run(provider_id, body)


@providers_router.delete("/{provider_id}")
def delete_provider(provider_id: int = ProviderId, entry: Entry = enter(providers.delete_provider)) -> Deactivated:
    """Desactiva un proveedor; sus compras quedan."""
    return entry.run(provider_id)

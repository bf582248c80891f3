"""Routes of /documents: what was issued and what became of it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response

from torn_app.api.deps import Entry, enter
from torn_app.api.paging import SearchQuery, rows_of
from torn_app.documents import forecast, printing, queries, replacing, sending
from torn_app.documents.queries import DocumentFilter
from torn_app.documents.schemas import DocumentFullOut, DocumentOut, FolioToVoidOut, ForecastOut
from torn_app.kernel.fields import MAX_ID
from torn_app.kernel.paging import Page

router = APIRouter(prefix="/documents", tags=["documents"])

to_void_router = APIRouter(prefix="/folios", tags=["folios"])

DocumentId = Annotated[int, Path(ge=0, le=MAX_ID)]


@router.get("/")
def documents(
    response: Response,
    estado: Annotated[str | None, Query(max_length=20, pattern="^[A-Z]*$")] = None,
    tipo_dte: Annotated[int | None, Query(ge=0, le=999)] = None,
    desde: Annotated[date | None, Query(description="Emitidos desde este día")] = None,
    hasta: Annotated[date | None, Query(description="Emitidos hasta este día")] = None,
    q: SearchQuery = None,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[int | None, Query(ge=0, le=MAX_ID, description="Último id visto: página por clave")] = None,
    count: Annotated[bool, Query(description="Agrega el encabezado X-Total-Count")] = False,
    entry: Entry = enter(queries.list_documents),
) -> list[DocumentOut]:
    """Documentos emitidos en el modo actual, del más nuevo al más antiguo. `q` busca folio, nombre o RUT."""
    wanted = DocumentFilter(estado=estado, tipo_dte=tipo_dte, desde=desde, hasta=hasta, q=q)
    return rows_of(entry.run(wanted, Page(skip, limit, after, count)), response)


@router.get("/{document_id}")
def document(document_id: DocumentId, entry: Entry = enter(queries.get_document)) -> DocumentFullOut:
    """Un documento con cada estado por el que pasó y la respuesta del SII en palabras."""
    return entry.run(document_id)


@router.post("/{document_id}/retry")
def retry(document_id: DocumentId, entry: Entry = enter(sending.retry)) -> DocumentFullOut:
    """Envía de nuevo un documento que quedó en ERROR."""
    return entry.run(document_id)


@router.get("/{document_id}/xml", response_class=Response)
def xml(document_id: DocumentId, entry: Entry = enter(printing.signed_xml)) -> Response:
    """El DTE firmado, byte por byte como se guardó (ISO-8859-1)."""
    name, content = entry.run(document_id)
    return Response(
        content, media_type="application/xml", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.get("/{document_id}/pdf", response_class=Response)
def pdf(
    document_id: DocumentId,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
    formato: Annotated[printing.Formato | None, Query(description="PDF en este papel")] = None,
    cedible: Annotated[bool, Query(description="Copia cedible")] = False,
    entry: Entry = enter(printing.printed),
) -> Response:
    """Representación impresa de cualquier documento, también de los que no son de una venta: HTML, o PDF con
    `Accept: application/pdf` o `formato`."""
    wants_pdf = formato is not None or "application/pdf" in (accept or "")
    content = entry.run(document_id, as_pdf=wants_pdf, formato=formato, cedible=cedible)
    media_type = "application/pdf" if isinstance(content, bytes) else "text/html; charset=utf-8"
    return Response(content, media_type=media_type)


@router.get(
    "/{document_id}/stamp.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "El timbre"}},
)
def stamp(document_id: DocumentId, entry: Entry = enter(queries.stamp)) -> Response:
    """El timbre electrónico (PDF417) del documento, como imagen."""
    return Response(entry.run(document_id), media_type="image/png")


@to_void_router.get("/forecast")
def folio_forecast(entry: Entry = enter(forecast.forecast)) -> ForecastOut:
    """Para cuánto alcanzan los números de cada tipo al ritmo de los últimos 14 días, y el certificado."""
    return entry.run()


@to_void_router.get("/to-void")
def folios_to_void(entry: Entry = enter(replacing.folios_to_void)) -> list[FolioToVoidOut]:
    """Números rechazados que no se reutilizaron: hay que anularlos en el SII."""
    return entry.run()


@to_void_router.post("/to-void/{document_id}/voided")
def mark_voided(document_id: DocumentId, entry: Entry = enter(replacing.mark_voided)) -> FolioToVoidOut:
    """Anota que el número ya se anuló en el SII."""
    return entry.run(document_id)

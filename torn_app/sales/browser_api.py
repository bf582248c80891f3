"""A sale's document for the person at the browser, let in by the session cookie: to print, to keep."""

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from torn_app.auth import service as auth
from torn_app.auth.api import SessionCookie
from torn_app.infra import work
from torn_app.sales import printing
from torn_app.sales.api import SaleId

router = APIRouter(include_in_schema=False)

_PRIVATE = {"Cache-Control": "private, no-store"}


@router.get("/imprimir/venta/{sale_id}")
def sale_page(sale_id: SaleId, auto: bool = Query(default=False), cookie: SessionCookie = None) -> HTMLResponse:
    """Return the page to print; with `auto` it opens the print dialog by itself."""
    html = work.run(auth.actor_by_cookie(cookie), printing.printed, sale_id, auto_print=auto)
    return HTMLResponse(html, headers=_PRIVATE)


@router.get("/descargar/venta/{sale_id}.xml")
def sale_xml(sale_id: SaleId, cookie: SessionCookie = None) -> Response:
    """The signed document, byte by byte as stored."""
    name, content = work.run(auth.actor_by_cookie(cookie), printing.signed_xml, sale_id)
    return _file(content, "application/xml", name)


@router.get("/descargar/venta/{sale_id}.pdf")
def sale_pdf(sale_id: SaleId, cookie: SessionCookie = None) -> Response:
    """The printed copy on the paper the company has set."""
    name, content = work.run(auth.actor_by_cookie(cookie), printing.printed_file, sale_id)
    return _file(content, "application/pdf", name)


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **_PRIVATE}
    return Response(content, media_type=media_type, headers=headers)

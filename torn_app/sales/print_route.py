"""The printed copy of a sale for the browser that made it: authenticated by its cookie, not by a token."""

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from torn_app.auth.api import SessionCookie
from torn_app.auth.service import actor_by_cookie
from torn_app.infra import work
from torn_app.sales.api import SaleId
from torn_app.sales.printing import printed

router = APIRouter(prefix="/imprimir", include_in_schema=False)


@router.get("/venta/{sale_id}")
def sale(sale_id: SaleId, auto: bool = Query(default=False), cookie: SessionCookie = None) -> HTMLResponse:
    """Return the page to print; with `auto` it opens the print dialog by itself."""
    html = work.run(actor_by_cookie(cookie), printed, sale_id, auto_print=auto)
    return HTMLResponse(html, headers={"Cache-Control": "private, no-store"})

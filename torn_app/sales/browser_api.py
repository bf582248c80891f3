"""Files of a sale for the person at the browser: let in by the session cookie, named so that they can be kept."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from torn_app.auth import service as auth
from torn_app.auth.api import SessionCookie
from torn_app.infra import work
from torn_app.kernel.fields import MAX_ID
from torn_app.sales import printing

router = APIRouter(include_in_schema=False)

SaleId = Annotated[int, Path(ge=1, le=MAX_ID)]


@router.get("/descargar/venta/{sale_id}.xml")
def sale_xml(sale_id: SaleId, cookie: SessionCookie = None) -> Response:
    """The signed document, byte by byte as stored."""
    name, content = work.run(auth.actor_by_cookie(cookie), printing.signed_xml, sale_id)
    return _file(content, "application/xml", name)


@router.get("/descargar/venta/{sale_id}.pdf")
def sale_pdf(sale_id: SaleId, cookie: SessionCookie = None) -> Response:
    """The printed copy on the paper the company has set."""
    enter = auth.actor_by_cookie(cookie)
    name, _ = work.run(enter, printing.signed_xml, sale_id)
    content = work.run(enter, printing.printed, sale_id, as_pdf=True)
    return _file(content, "application/pdf", name.replace(".xml", ".pdf"))


def _file(content: str | bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)

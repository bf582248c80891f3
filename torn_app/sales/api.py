"""Routes of /sales: sell, list, look at one, and the document in every form."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from torn_app.api.deps import MINIMAL, Entry, enter
from torn_app.api.paging import CountQuery, rows_of
from torn_app.kernel.fields import MAX_ID
from torn_app.sales import (
    corrections,
    guide_invoices,
    payment_methods,
    preview,
    printing,
    queries,
    reissue,
    returns,
    service,
    unbilled,
)
from torn_app.sales.queries import SaleFilter
from torn_app.sales.schemas import (
    CorrectionIn,
    GuidesBillIn,
    PaymentMethodOut,
    ReturnIn,
    SaleDryRun,
    SaleFullOut,
    SaleIn,
    SaleMinimalOut,
    SaleOut,
    UnbilledOut,
)

router = APIRouter(prefix="/sales", tags=["sales"])

BYTES = "application/octet-stream"
SaleId = Annotated[int, Path(ge=0, le=MAX_ID)]


@router.get("/payment-methods/")
def methods(entry: Entry = enter(payment_methods.list_payment_methods)) -> list[PaymentMethodOut]:
    """Medios de pago activos."""
    return entry.run()


@router.get("/payment-methods", include_in_schema=False)
def methods_without_slash(request: Request) -> RedirectResponse:
    """Lead to the address with the slash, as every collection does: here `/{sale_id}` would take it."""
    return RedirectResponse(request.url.replace(path=f"{request.url.path}/"), 307)


@router.get("/")
def sales(
    response: Response,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    desde: Annotated[date | None, Query(description="Desde este día (Chile)")] = None,
    hasta: Annotated[date | None, Query(description="Hasta este día (Chile)")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Folio, nombre o RUT")] = None,
    tipo_dte: Annotated[int | None, Query(ge=0, le=999)] = None,
    estado: Annotated[str | None, Query(max_length=20, pattern="^[A-Z]*$")] = None,
    idempotency_key: Annotated[str | None, Query(max_length=255, pattern=r"^[^\x00]*$")] = None,
    sin_facturar: Annotated[bool, Query(description="Solo guías de venta que aún no se facturan")] = False,
    after: Annotated[int | None, Query(ge=0, le=MAX_ID, description="Último id visto: página por clave")] = None,
    count: CountQuery = False,
    entry: Entry = enter(queries.page_of_sales),
) -> list[SaleOut]:
    """Ventas del modo actual, de la más nueva a la más antigua."""
    wanted = SaleFilter(
        desde=desde,
        hasta=hasta,
        q=q,
        tipo_dte=tipo_dte,
        estado=estado,
        idempotency_key=idempotency_key,
        sin_facturar=sin_facturar,
        after=after,
        skip=skip,
        limit=limit,
    )
    return rows_of(entry.run(wanted, count=count), response)


@router.post("/", status_code=201, response_model=SaleOut)
def create(
    body: SaleIn,
    prefer: Annotated[
        str | None,
        Header(
            max_length=200, description="`return=minimal`: la respuesta trae solo id, folio, tipo_dte y monto_total"
        ),
    ] = None,
    entry: Entry = enter(service.create_sale),
) -> Response:
    """Vende: valida, descuenta stock, cobra, y emite el documento firmado. Todo o nada."""
    return entry.respond(body, of_sale=True, shape=SaleMinimalOut if MINIMAL in (prefer or "") else None)


@router.post("/return", status_code=201, response_model=SaleOut)
def return_sale(body: ReturnIn, entry: Entry = enter(returns.return_sale)) -> Response:
    """Devuelve todo o parte de una venta: nota de crédito, stock y dinero. El motivo lo elige el servidor."""
    return entry.respond(body, of_sale=True)


@router.post("/from-guides", status_code=201, response_model=SaleOut)
def bill_guides(body: GuidesBillIn, entry: Entry = enter(guide_invoices.bill_guides)) -> Response:
    """Factura guías de despacho de un cliente: sus líneas y precios, una referencia por guía, sin mover stock."""
    return entry.respond(body, of_sale=True)


@router.get("/guides/unbilled")
def unbilled_guides(
    limit: Annotated[int, Query(ge=1, le=200)] = 50, entry: Entry = enter(unbilled.unbilled_guides)
) -> UnbilledOut:
    """Guías de venta que aún no se facturan, la más antigua primero, y hasta cuándo hay plazo. Las cifras son de
    todas."""
    return entry.run(limit)


@router.post("/preview")
def dry_run(body: SaleIn, entry: Entry = enter(preview.dry_run)) -> SaleDryRun:
    """Una venta sin hacerla: totales, lo que hoy la impediría y los números que quedan. No consume nada."""
    return entry.run(body)


@router.get("/{sale_id}")
def sale(sale_id: SaleId, entry: Entry = enter(queries.get_sale)) -> SaleFullOut:
    """Una venta con sus pagos y el estado de su documento."""
    return entry.run(sale_id)


@router.post("/{sale_id}/correct", status_code=201)
def correct(sale_id: SaleId, body: CorrectionIn, entry: Entry = enter(corrections.correct_text)) -> SaleOut:
    """Corrige un texto de una factura con una nota de crédito en cero."""
    return entry.run(sale_id, body)


@router.post("/{sale_id}/reissue", status_code=201)
def reissue_sale(sale_id: SaleId, entry: Entry = enter(reissue.reissue_sale)) -> SaleOut:
    """Emite de nuevo el documento que el SII rechazó: mismas líneas y pagos, cliente y fecha de hoy."""
    return entry.run(sale_id)


@router.get("/{sale_id}/xml", response_class=Response)
def xml(sale_id: SaleId, entry: Entry = enter(printing.signed_xml)) -> Response:
    """El DTE firmado, byte por byte como se guardó (ISO-8859-1)."""
    name, content = entry.run(sale_id)
    return Response(
        content, media_type="application/xml", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@router.get("/{sale_id}/pdf", response_class=Response)
def pdf(
    sale_id: SaleId,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
    formato: Annotated[printing.Formato | None, Query(description="PDF en este papel")] = None,
    cedible: Annotated[bool, Query(description="Copia cedible (facturas)")] = False,
    entry: Entry = enter(printing.printed),
) -> Response:
    """Representación impresa: HTML, o PDF con `Accept: application/pdf` o `formato`."""
    wants_pdf = formato is not None or "application/pdf" in (accept or "")
    content = entry.run(sale_id, as_pdf=wants_pdf, formato=formato, cedible=cedible)
    if isinstance(content, bytes):
        return Response(content, media_type="application/pdf")
    return Response(content, media_type="text/html; charset=utf-8")


@router.get(
    "/{sale_id}/escpos",
    response_class=Response,
    responses={200: {"content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}},
)
def escpos(
    sale_id: SaleId,
    ancho: Annotated[printing.Ancho, Query(description="Ancho del rollo en milímetros")] = "80",
    cedible: Annotated[bool, Query(description="Copia cedible (facturas)")] = False,
    entry: Entry = enter(printing.escpos),
) -> Response:
    """Bytes para una impresora térmica (ESC/POS), con el timbre como imagen y corte al final."""
    return Response(entry.run(sale_id, ancho=ancho, cedible=cedible), media_type=BYTES)

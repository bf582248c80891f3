"""Routes of /products and /brands: the catalogue."""

from fastapi import APIRouter, Path, Response

from torn_app.api.deps import Entry, enter
from torn_app.api.files import SHEET_RESPONSES, OnlyGood, SheetQuery, SheetUpload, read_upload, sheet
from torn_app.api.paging import PageQuery, SearchQuery, rows_of
from torn_app.infra.importing import ImportOut
from torn_app.inventory.schemas import MovementOut
from torn_app.kernel.fields import MAX_ID
from torn_app.products import brands, service, sheets
from torn_app.products.schemas import (
    BrandIn,
    BrandOut,
    BrandPatch,
    ProductIn,
    ProductOut,
    ProductPatch,
    ProductWithVariantsIn,
    StockCountIn,
)

router = APIRouter(prefix="/products", tags=["products"])
brands_router = APIRouter(prefix="/brands", tags=["brands"])

ProductId = Path(ge=0, le=MAX_ID)
BrandId = Path(ge=0, le=MAX_ID)


@router.post("/", status_code=201)
def create(body: ProductIn, entry: Entry = enter(service.create_product)) -> ProductOut:
    """Crea un producto, o una variante si indica `parent_id`. El stock inicial queda en el kardex."""
    return entry.run(body)


@router.post("/with-variants", status_code=201)
def create_with_variants(body: ProductWithVariantsIn, entry: Entry = enter(service.create_with_variants)) -> ProductOut:
    """Crea un producto con sus variantes, todo o nada."""
    return entry.run(body)


@router.get("/export", response_class=Response, responses=SHEET_RESPONSES)
def export(formato: SheetQuery = "csv", entry: Entry = enter(sheets.export_products)) -> Response:
    """Descarga los productos como planilla, que se puede volver a cargar."""
    return sheet(entry.run(xlsx=formato == "xlsx"), "productos", formato)


@router.get("/import/template", response_class=Response, responses=SHEET_RESPONSES)
def template(formato: SheetQuery = "csv", entry: Entry = enter(sheets.template)) -> Response:
    """Planilla con las columnas y una fila de ejemplo."""
    return sheet(entry.run(xlsx=formato == "xlsx"), "plantilla-productos", formato)


@router.post("/import/preview")
def preview_import(file: SheetUpload, entry: Entry = enter(sheets.preview_import)) -> ImportOut:
    """Lo que haría una planilla, fila por fila, sin escribir nada."""
    return entry.run(read_upload(file))


@router.post("/import")
def import_products(
    file: SheetUpload, solo_validas: OnlyGood = False, entry: Entry = enter(sheets.import_products)
) -> ImportOut:
    """Carga una planilla: todo o nada, o solo las filas buenas con `solo_validas`."""
    return entry.run(read_upload(file), only_good=solo_validas)


@router.get("/")
def products(
    page: PageQuery, response: Response, q: SearchQuery = None, entry: Entry = enter(service.list_products)
) -> list[ProductOut]:
    """Productos no eliminados, del más nuevo al más antiguo; las variantes también dentro de su producto."""
    return rows_of(entry.run(page, q), response)


@router.get("/{product_id}/movements")
def movements(
    page: PageQuery,
    response: Response,
    product_id: int = ProductId,
    entry: Entry = enter(service.list_movements),
) -> list[MovementOut]:
    """Kardex de un producto, del movimiento más nuevo al más antiguo."""
    return rows_of(entry.run(product_id, page), response)


@router.post("/{product_id}/adjust-stock")
def adjust_stock(
    body: StockCountIn, product_id: int = ProductId, entry: Entry = enter(service.adjust_stock)
) -> ProductOut:
    """Anota lo contado; la diferencia queda en el kardex como AJUSTE."""
    return entry.run(product_id, body)


@router.get("/{codigo}")
def product(codigo: str, entry: Entry = enter(service.get_by_code)) -> ProductOut:
    """Un producto por su código interno."""
    return entry.run(codigo)


@router.put("/{product_id}")
def update(body: ProductPatch, product_id: int = ProductId, entry: Entry = enter(service.update_product)) -> ProductOut:
    """Cambia los campos enviados. Un `stock_actual` distinto queda en el kardex como AJUSTE."""
    return entry.run(product_id, body)


@router.delete("/{product_id}", status_code=204)
def delete(product_id: int = ProductId, entry: Entry = enter(service.delete_product)) -> None:
    """Elimina un producto y sus variantes; lo ya vendido los conserva."""
    entry.run(product_id)


@brands_router.post("/", status_code=201)
def create_brand(body: BrandIn, entry: Entry = enter(brands.create_brand)) -> BrandOut:
    """Crea una marca."""
    return entry.run(body)


@brands_router.get("/")
def all_brands(entry: Entry = enter(brands.list_brands)) -> list[BrandOut]:
    """Todas las marcas, por nombre."""
    return entry.run()


@brands_router.put("/{brand_id}")
def update_brand(body: BrandPatch, brand_id: int = BrandId, entry: Entry = enter(brands.update_brand)) -> BrandOut:
    """Cambia el nombre de una marca."""
    return entry.run(brand_id, body)


@brands_router.delete("/{brand_id}", status_code=204)
def delete_brand(brand_id: int = BrandId, entry: Entry = enter(brands.delete_brand)) -> None:
    """Elimina una marca; sus productos quedan sin marca."""
    entry.run(brand_id)

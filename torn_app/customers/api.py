"""Routes of /customers."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from torn_app.api.deps import Entry, enter
from torn_app.api.files import SHEET_RESPONSES, OnlyGood, SheetQuery, SheetUpload, read_upload, sheet
from torn_app.api.paging import PageQuery, SearchQuery, rows_of
from torn_app.customers import account as accounts
from torn_app.customers import service, sheets
from torn_app.customers.schemas import (
    AccountMovementOut,
    AccountOut,
    CustomerIn,
    CustomerOut,
    CustomerPatch,
    DebtPaymentIn,
)
from torn_app.infra.importing import ImportOut
from torn_app.sales import debt_payments

router = APIRouter(prefix="/customers", tags=["customers"])


@router.post("/", status_code=201)
def create(body: CustomerIn, entry: Entry = enter(service.create_customer)) -> CustomerOut:
    """Crea un cliente. Si el RUT era de uno desactivado, vuelve con los datos nuevos y su historia."""
    return entry.run(body)


@router.get("/export", response_class=Response, responses=SHEET_RESPONSES)
def export(formato: SheetQuery = "csv", entry: Entry = enter(sheets.export_customers)) -> Response:
    """Descarga los clientes como planilla, que se puede volver a cargar."""
    return sheet(entry.run(xlsx=formato == "xlsx"), "clientes", formato)


@router.get("/import/template", response_class=Response, responses=SHEET_RESPONSES)
def template(formato: SheetQuery = "csv", entry: Entry = enter(sheets.template)) -> Response:
    """Planilla con las columnas y una fila de ejemplo."""
    return sheet(entry.run(xlsx=formato == "xlsx"), "plantilla-clientes", formato)


@router.post("/import/preview")
def preview_import(file: SheetUpload, entry: Entry = enter(sheets.preview_import)) -> ImportOut:
    """Lo que haría una planilla, fila por fila, sin escribir nada."""
    return entry.run(read_upload(file))


@router.post("/import")
def import_customers(
    file: SheetUpload, solo_validas: OnlyGood = False, entry: Entry = enter(sheets.import_customers)
) -> ImportOut:
    """Carga una planilla: todo o nada, o solo las filas buenas con `solo_validas`."""
    return entry.run(read_upload(file), only_good=solo_validas)


@router.get("/")
def customers(
    page: PageQuery, response: Response, q: SearchQuery = None, entry: Entry = enter(service.list_customers)
) -> list[CustomerOut]:
    """Clientes por razón social, activos e inactivos."""
    return rows_of(entry.run(page, q), response)


@router.get("/search")
def search(
    q: Annotated[str, Query(max_length=200)] = "", entry: Entry = enter(service.search_customers)
) -> list[CustomerOut]:
    """Hasta diez clientes con ese texto en el nombre o el RUT."""
    return entry.run(q)


@router.get("/{rut}")
def customer(rut: str, entry: Entry = enter(service.get_customer)) -> CustomerOut:
    """Un cliente por su RUT, escrito de cualquier forma."""
    return entry.run(rut)


@router.put("/{rut}")
def update(rut: str, body: CustomerPatch, entry: Entry = enter(service.update_customer)) -> CustomerOut:
    """Cambia los campos enviados."""
    return entry.run(rut, body)


@router.delete("/{rut}", status_code=204)
def delete(rut: str, entry: Entry = enter(service.delete_customer)) -> None:
    """Elimina un cliente sin documentos; con ellos, lo desactiva."""
    entry.run(rut)


@router.get("/{rut}/account")
def account(rut: str, page: PageQuery, entry: Entry = enter(accounts.customer_account)) -> AccountOut:
    """Cuenta corriente: saldo, antigüedad de la deuda y movimientos, del más nuevo al más antiguo."""
    return entry.run(rut, page)


@router.post("/{rut}/payments", status_code=201)
def pay(rut: str, body: DebtPaymentIn, entry: Entry = enter(debt_payments.receive_payment)) -> AccountMovementOut:
    """Recibe un pago de la deuda, completo o parcial. El efectivo entra al turno abierto de quien lo recibe."""
    return entry.run(rut, body)

"""Customers as a spreadsheet: what its columns mean, in and out. A row is about the customer with its RUT; an empty
cell leaves what there is."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from torn_app.customers import service
from torn_app.customers.models import Customer
from torn_app.customers.schemas import CustomerIn, CustomerPatch
from torn_app.infra.importing import FileRefused, ImportOut, RowRefused, Step, Write, import_rows
from torn_app.infra.sheets import Cell, Row, SheetRefused, parse_number, read_rows, write_csv, write_xlsx
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import RutInvalido, normalize_rut

COLUMNS: dict[str, tuple[str, ...]] = {
    "rut": ("rut cliente",),
    "razon_social": ("nombre", "cliente"),
    "giro": (),
    "direccion": (),
    "comuna": (),
    "ciudad": (),
    "email": ("correo", "e-mail"),
    "telefono": ("fono", "celular"),
    "limite_credito": ("limite de credito",),
    "dias_credito": ("dias de credito",),
}
"""Column -> other names it may have."""
_TEXTS = ("razon_social", "giro", "direccion", "comuna", "ciudad", "email", "telefono")
_NUMBERS = ("limite_credito", "dias_credito")
_EXAMPLE: tuple[Cell, ...] = (
    *("76086428-5", "Ferretería Peñalolén Ltda.", "Ferretería", "Av. Grecia 100", "Peñalolén", "Santiago"),
    *("compras@example.com", "+56 2 2345 6789", 500000, 30),
)


@use_case(Permission.MEMBER)
def export_customers(work: Work, *, xlsx: bool) -> bytes:
    """Return the active customers as a file that `import_customers` takes back."""
    found = work.session.exec(select(Customer).where(col(Customer.is_active)).order_by(col(Customer.id)))
    return _written([tuple(getattr(one, name) for name in COLUMNS) for one in found], xlsx=xlsx)


@use_case(Permission.MEMBER)
def template(work: Work, *, xlsx: bool) -> bytes:
    """Return a file with the columns and one row as an example."""
    return _written([_EXAMPLE], xlsx=xlsx)


@use_case(Permission.SELL)
def preview_import(work: Work, content: bytes) -> ImportOut:
    """Tell what a file would do to the customers, row by row. Writes nothing.

    Raises:
        FileRefused: it is no table with the columns `rut` and `razon_social`.
    """
    return _import(work, content, Write.NOTHING)


@use_case(Permission.SELL)
def import_customers(work: Work, content: bytes, *, only_good: bool) -> ImportOut:
    """Take a file of customers in: all of it or nothing, or the good rows of it.

    Raises:
        FileRefused: it is no table with the columns `rut` and `razon_social`.
    """
    return _import(work, content, Write.GOOD_ONES if only_good else Write.ALL_OR_NONE)


def _written(rows: Sequence[Sequence[Cell]], *, xlsx: bool) -> bytes:
    return (write_xlsx if xlsx else write_csv)(list(COLUMNS), rows)


def _import(work: Work, content: bytes, write: Write) -> ImportOut:
    try:
        rows = read_rows(content, COLUMNS, ["rut", "razon_social"])
    except SheetRefused as refused:
        raise FileRefused(str(refused)) from refused
    ruts = [rut for row in rows if (rut := _rut(row["rut"]))]
    found = work.session.exec(select(Customer).where(col(Customer.rut).in_(ruts), col(Customer.is_active)))
    known = {one.rut: {name: getattr(one, name) for name in COLUMNS} for one in found}
    return import_rows(work, rows, lambda row: _prepare(work, row, known), write)


def _prepare(work: Work, row: Row, known: dict[str, dict[str, Any]]) -> Step:
    values: dict[str, Any] = {name: row[name] for name in _TEXTS if row[name]}
    values |= {name: _whole(row, name) for name in _NUMBERS if row[name]}
    existing = known.get(_rut(row["rut"]) or "")
    if existing is None:
        data = CustomerIn(rut=row["rut"], **values)
        return Step("crear", data.rut, data.razon_social, lambda: service.create_customer(work, data))
    changes = {name: value for name, value in values.items() if existing[name] != value}
    rut, patch = existing["rut"], CustomerPatch(**changes)
    act = (lambda: service.update_customer(work, rut, patch)) if changes else (lambda: None)
    return Step("cambiar" if changes else "igual", rut, existing["razon_social"], act)


def _rut(text: str) -> str | None:
    try:
        return normalize_rut(text)
    except RutInvalido:
        return None


def _whole(row: Row, column: str) -> int:
    try:
        number = parse_number(row[column])
    except ValueError:
        raise RowRefused(column, "No es un número") from None
    if number != number.to_integral_value():
        raise RowRefused(column, "Debe ser un número entero")
    return int(number)

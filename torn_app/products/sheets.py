"""The catalogue as a spreadsheet: what its columns mean, in and out.

A row is about the product with its code, else its bar code, else a new one. An empty cell leaves what there is. Stock
is only opened with a new product: what is on a shelf is counted, not typed into a list.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from torn_app.company.additional_taxes import list_additional_taxes
from torn_app.company.service import IVA, list_taxes
from torn_app.infra.importing import FileRefused, ImportOut, RowRefused, Step, Write, import_rows
from torn_app.infra.sheets import Cell, Row, SheetRefused, parse_number, read_rows, write_csv, write_xlsx
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.kernel.text import fold
from torn_app.products import brands, queries, rules, service
from torn_app.products.queries import ProductForSale, product
from torn_app.products.schemas import BrandIn, ProductIn, ProductPatch

COLUMNS: dict[str, tuple[str, ...]] = {
    "codigo_interno": ("sku", "codigo"),
    "nombre": ("producto", "nombre del producto"),
    "descripcion": (),
    "categoria": ("familia",),
    "marca": (),
    "codigo_barras": ("codigo de barras", "ean"),
    "unidad_medida": ("unidad",),
    "precio_neto": ("neto",),
    "precio_con_iva": ("precio", "precio venta", "precio bruto"),
    "costo_unitario": ("costo", "costo neto"),
    "impuesto": (),
    "impuesto_adicional": ("codigo impuesto adicional", "ila"),
    "controla_stock": ("lleva stock",),
    "stock_actual": ("stock", "existencia", "stock inicial"),
    "stock_minimo": ("minimo",),
    "activo": ("vigente",),
}
"""Column -> other names it may have."""
_TEXTS = ("codigo_interno", "nombre", "descripcion", "categoria", "codigo_barras", "unidad_medida")
_NUMBERS = ("precio_neto", "costo_unitario", "stock_minimo")
_NONE = "ninguno"
"""Takes the additional tax off a product: an empty cell leaves it."""
_EXAMPLE: tuple[Cell, ...] = (
    *("PAN-1", "Pan de molde", "Blanco, 500 g", "Panadería", "La Espiga", "7801234567890", "unidad"),
    *(None, 990, 520, "IVA 19%", None, True, 24, 6, True),
)


@use_case(Permission.MEMBER)
def export_products(work: Work, *, xlsx: bool) -> bytes:
    """Return the catalogue as a file that `import_products` takes back."""
    found = queries.read(work, queries.FACTS.where(~product.c.is_deleted).order_by(product.c.id))
    return _written([_cells(one) for one in found], xlsx=xlsx)


@use_case(Permission.MEMBER)
def template(work: Work, *, xlsx: bool) -> bytes:
    """Return a file with the columns and one row as an example."""
    return _written([_EXAMPLE], xlsx=xlsx)


@use_case(Permission.EDIT_PRODUCTS)
def preview_import(work: Work, content: bytes) -> ImportOut:
    """Tell what a file would do to the catalogue, row by row. Writes nothing.

    Raises:
        FileRefused: it is no table with the column `nombre`.
    """
    return _import(work, content, Write.NOTHING)


@use_case(Permission.EDIT_PRODUCTS)
def import_products(work: Work, content: bytes, *, only_good: bool) -> ImportOut:
    """Take a file into the catalogue: all of it or nothing, or the good rows of it.

    Raises:
        FileRefused: it is no table with the column `nombre`.
    """
    return _import(work, content, Write.GOOD_ONES if only_good else Write.ALL_OR_NONE)


def _written(rows: Sequence[Sequence[Cell]], *, xlsx: bool) -> bytes:
    return (write_xlsx if xlsx else write_csv)(list(COLUMNS), rows)


def _cells(one: ProductForSale) -> tuple[Cell, ...]:
    return (
        one.codigo_interno,
        one.nombre,
        one.descripcion,
        one.categoria,
        one.brand_name,
        one.codigo_barras,
        one.unidad_medida,
        one.precio_neto,
        one.precio_bruto,
        one.costo_unitario,
        one.tax_name,
        one.impuesto_adicional,
        one.controla_stock,
        one.stock,
        one.stock_minimo,
        one.is_active,
    )


def _import(work: Work, content: bytes, write: Write) -> ImportOut:
    try:
        rows = read_rows(content, COLUMNS, ["nombre"])
    except SheetRefused as refused:
        raise FileRefused(str(refused)) from refused
    return import_rows(work, rows, _Reader(work, rows).prepare, write)


class _Reader:
    """Turns rows into steps, with what the catalogue holds looked up once."""

    def __init__(self, work: Work, rows: Sequence[Row]) -> None:
        self._work = work
        codes = [row["codigo_interno"] for row in rows if row["codigo_interno"]]
        bar_codes = [row["codigo_barras"] for row in rows if row["codigo_barras"]]
        wanted = product.c.codigo_interno.in_(codes) | product.c.codigo_barras.in_(bar_codes)
        found = queries.facts(work, ~product.c.is_deleted & wanted)
        self._by_code = {one.codigo_interno: one for one in found}
        self._by_bar_code = {one.codigo_barras: one for one in found if one.codigo_barras}
        self._taxes = list_taxes(work)
        self._additional_taxes = list_additional_taxes(work)

    def prepare(self, row: Row) -> Step:
        """Return what a row asks for. Raises RowRefused, ValidationError, TornError."""
        code, bar_code = row["codigo_interno"], row["codigo_barras"]
        existing = self._by_code.get(code) if code else self._by_bar_code.get(bar_code)
        values: dict[str, Any] = {name: row[name] for name in _TEXTS if row[name]}
        values |= {name: _number(row, name) for name in _NUMBERS if row[name]}
        if row["controla_stock"]:
            values["controla_stock"] = _truth(row, "controla_stock")
        rate = existing.rate if existing else IVA
        additional = self._additional(row, values, existing)
        # Two taxes may share a name: the one it has stays.
        if row["impuesto"] and not (existing and fold(existing.tax_name or "") == fold(row["impuesto"])):
            values["tax_id"], rate = self._tax(row)
        if row["marca"]:
            values["brand_id"] = self._brand(row["marca"])
        if row["precio_con_iva"]:
            self._price_with_vat(row, values, existing, rules.taxed_rate(rate, additional))
        return self._new(row, values) if existing is None else self._change(row, values, existing)

    def _new(self, row: Row, values: dict[str, Any]) -> Step:
        if "precio_neto" not in values:
            raise RowRefused("precio_neto", "Falta el precio: neto o con IVA")
        opening = _number(row, "stock_actual") if row["stock_actual"] else Decimal(0)
        values.setdefault("controla_stock", bool(opening))
        data = ProductIn(**values, stock_actual=opening)
        active = not row["activo"] or _truth(row, "activo")

        def act() -> None:
            made = service.create_product(self._work, data)
            if not active:
                service.update_product(self._work, made.id, ProductPatch(is_active=False))

        key = row["codigo_interno"] or row["codigo_barras"] or f"fila {row.number}"
        return Step("crear", key, data.nombre, act)

    def _change(self, row: Row, values: dict[str, Any], existing: ProductForSale) -> Step:
        if row["activo"]:
            values["is_active"] = _truth(row, "activo")
        changes = {name: value for name, value in values.items() if getattr(existing, name) != value}
        data = ProductPatch(**changes)
        act = (lambda: service.update_product(self._work, existing.id, data)) if changes else (lambda: None)
        return Step("cambiar" if changes else "igual", f"id {existing.id}", existing.full_name, act)

    def _price_with_vat(self, row: Row, values: dict[str, Any], existing: ProductForSale | None, rate: Decimal) -> None:
        """Both prices may be there, as in an export: the one that was changed counts, the net one of a new product."""
        gross = _number(row, "precio_con_iva")
        if existing is None:
            values.setdefault("precio_neto", rules.net_price(gross, rate))
        elif gross != existing.precio_bruto and values.get("precio_neto", existing.precio_neto) == existing.precio_neto:
            values["precio_neto"] = rules.net_price(gross, rate)

    def _tax(self, row: Row) -> tuple[int, Decimal]:
        wanted = fold(row["impuesto"])
        for tax in self._taxes:
            if fold(tax.name) == wanted or wanted == f"{(tax.rate * 100).normalize():f}%":
                return tax.id, tax.rate
        raise RowRefused("impuesto", f"No existe: hay {', '.join(tax.name for tax in self._taxes)}")

    def _additional(self, row: Row, values: dict[str, Any], existing: ProductForSale | None) -> int | None:
        """Take the additional tax of a row into `values`, by code or name; return the one the product ends with."""
        wanted = fold(row["impuesto_adicional"])
        if not wanted:
            return existing.impuesto_adicional if existing else None
        for tax in self._additional_taxes:
            if wanted in (str(tax.codigo), fold(tax.nombre)):
                values["impuesto_adicional"] = tax.codigo
                return tax.codigo
        if wanted == _NONE:
            values["impuesto_adicional"] = None
            return None
        known = ", ".join(f"{tax.codigo} ({tax.nombre})" for tax in self._additional_taxes)
        raise RowRefused("impuesto_adicional", f"No existe: hay {known}, o «{_NONE}»")

    def _brand(self, name: str) -> int:
        """Return the brand of a name, made when there is none."""
        for brand in brands.list_brands(self._work):
            if fold(brand.name) == fold(name):
                return brand.id
        return brands.create_brand(self._work, BrandIn(name=name)).id


def _number(row: Row, column: str) -> Decimal:
    try:
        return parse_number(row[column])
    except ValueError:
        raise RowRefused(column, "No es un número") from None


def _truth(row: Row, column: str) -> bool:
    word = fold(row[column])
    if word in ("si", "s", "1", "verdadero", "true", "x"):
        return True
    if word in ("no", "n", "0", "falso", "false"):
        return False
    raise RowRefused(column, "Debe decir sí o no")

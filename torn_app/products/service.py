"""Changing the catalogue: products and their variants. Stock goes through inventory; reading is in queries.py."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric, cast, func, select, text, update
from sqlmodel import col
from sqlmodel import select as select_row

from torn_app.company import additional_taxes
from torn_app.company.models import Tax
from torn_app.infra.work import Work, use_case
from torn_app.inventory import service as inventory
from torn_app.inventory.schemas import MovementOut
from torn_app.inventory.service import StockChange
from torn_app.kernel.paging import Listing, Page
from torn_app.kernel.permissions import Permission
from torn_app.kernel.text import clean
from torn_app.products import queries, rules
from torn_app.products.errors import (
    AdditionalTaxUnknown,
    BarcodeTaken,
    BrandUnknown,
    CodeRepeated,
    CodeTaken,
    ExemptWithAdditionalTax,
    ParentIsVariant,
    ParentUnknown,
    ProductNotFound,
    ProductUnknown,
    TaxUnknown,
)
from torn_app.products.models import Brand, Product
from torn_app.products.queries import ProductForSale as ProductForSale
from torn_app.products.queries import describe_products as describe_products
from torn_app.products.queries import load_for_sale as load_for_sale
from torn_app.products.queries import product as _product
from torn_app.products.queries import product_out as product_out
from torn_app.products.schemas import ProductIn, ProductOut, ProductPatch, ProductWithVariantsIn, StockCountIn

_NOT_NULL = frozenset(
    {
        "codigo_interno",
        "nombre",
        "precio_neto",
        "costo_unitario",
        "unidad_medida",
        "controla_stock",
        "stock_minimo",
        "is_active",
    }
)
"""Fields of a change that stay as they are when sent empty."""
_COUNTER = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@use_case(Permission.EDIT_PRODUCTS)
def create_product(work: Work, data: ProductIn) -> ProductOut:
    """Create a product, or a variant when it names a parent. Opening stock is written as INICIAL.

    Raises:
        BrandUnknown, TaxUnknown, ParentUnknown, ParentIsVariant: it names what does not exist.
        AdditionalTaxUnknown, ExemptWithAdditionalTax: it cannot carry that tax.
        CodeTaken, BarcodeTaken: another product has its code.
    """
    _check_references(work, data.brand_id, data.tax_id)
    _check_additional_tax(work, data.impuesto_adicional, data.tax_id)
    parent = _parent(work, data.parent_id) if data.parent_id is not None else None
    fields = data.model_dump(exclude={"stock_actual", "codigo_interno"})
    row = _new_row(work, parent, codigo_interno=data.codigo_interno or _next_code(work), **fields)
    _insert(work, [row], bar_codes=parent is None)
    _open_stock(work, [(row, data.stock_actual)])
    return _described(work, _id(row))


@use_case(Permission.EDIT_PRODUCTS)
def create_with_variants(work: Work, data: ProductWithVariantsIn) -> ProductOut:
    """Create a product and its variants together. Returns the parent with them.

    A parent of variants is never counted; what was sent about stock, brand and taxes goes to the variants. Without
    variants it is a plain product.

    Raises: as `create_product`, and CodeRepeated when two of them carry the same code.
    """
    _check_references(work, data.brand_id, data.tax_id)
    _check_additional_tax(work, data.impuesto_adicional, data.tax_id)
    shared = data.model_dump(
        include={"unidad_medida", "categoria", "brand_id", "tax_id", "impuesto_adicional", "stock_minimo"}
    )
    plain = not data.variants
    parent = _new_row(
        work,
        None,
        codigo_interno=data.codigo_interno or _next_code(work),
        controla_stock=data.controla_stock and plain,
        **data.model_dump(include={"nombre", "descripcion", "precio_neto", "codigo_barras"}),
        **shared,
    )
    _insert(work, [parent], bar_codes=plain)
    generated = _variant_codes(work, parent, len(data.variants))
    rows = [
        _new_row(
            work,
            parent,
            codigo_interno=variant.codigo_interno or code,
            controla_stock=data.controla_stock,
            parent_id=parent.id,
            **variant.model_dump(include={"nombre", "descripcion", "precio_neto", "codigo_barras"}),
            **shared,
        )
        for variant, code in zip(data.variants, generated, strict=True)
    ]
    _insert(work, rows, bar_codes=True)
    _open_stock(work, [(row, v.stock_actual) for row, v in zip(rows, data.variants, strict=True)])
    return _described(work, _id(parent))


@use_case(Permission.EDIT_PRODUCTS)
def update_product(work: Work, product_id: int, data: ProductPatch) -> ProductOut:
    """Change the fields that were sent. `stock_actual` becomes what is on the shelf, the difference an AJUSTE.

    Raises: ProductNotFound, CodeTaken, BarcodeTaken, BrandUnknown, TaxUnknown, AdditionalTaxUnknown,
        ExemptWithAdditionalTax.
    """
    row = _editable(work, product_id)
    sent = data.model_dump(exclude_unset=True)
    counted: Decimal | None = sent.pop("stock_actual", None)
    changes = {name: value for name, value in sent.items() if value is not None or name not in _NOT_NULL}
    _check_references(work, changes.get("brand_id"), changes.get("tax_id"))
    if {"tax_id", "impuesto_adicional"} & changes.keys():
        after = {name: changes.get(name, getattr(row, name)) for name in ("impuesto_adicional", "tax_id")}
        _check_additional_tax(work, *after.values())
    code, bar_code = changes.get("codigo_interno"), changes.get("codigo_barras")
    _check_codes(
        work,
        [code if code != row.codigo_interno else None],
        [bar_code if bar_code != row.codigo_barras else None],
    )
    for name, value in changes.items():
        setattr(row, name, value)
    parent = work.session.get(Product, row.parent_id) if row.parent_id is not None else None
    _name(row, parent)
    row.updated_at = work.now
    work.session.add(row)
    if "nombre" in changes and parent is None:
        for variant in _variants(work, product_id):
            _name(variant, row)
            work.session.add(variant)
    work.session.flush()
    if counted is not None:
        inventory.adjust(work, product_id, row.full_name, counted, description="Edición del producto")
    return _described(work, product_id)


@use_case(Permission.EDIT_PRODUCTS)
def delete_product(work: Work, product_id: int) -> None:
    """Take a product and its variants out of the catalogue. What was sold keeps naming them; codes become free."""
    _editable(work, product_id)
    work.session.execute(
        update(_product)
        .where((_product.c.id == product_id) | (_product.c.parent_id == product_id))
        .values(is_deleted=True, is_active=False, updated_at=work.now)
    )


@use_case(Permission.EDIT_PRODUCTS)
def adjust_stock(work: Work, product_id: int, data: StockCountIn) -> ProductOut:
    """Write down a count: the difference to what was on the shelf becomes an AJUSTE, no difference nothing."""
    row = _editable(work, product_id)
    description = f"{data.motivo}: {data.nota}" if data.nota else data.motivo
    inventory.adjust(work, product_id, row.full_name, data.cantidad_contada, description=description)
    return _described(work, product_id)


@use_case(Permission.MEMBER)
def list_products(work: Work, page: Page, q: str | None = None) -> Listing[ProductOut]:
    """Return what is not deleted, newest first, variants both on their own and inside their parents."""
    return queries.list_out(work, page, q)


@use_case(Permission.MEMBER)
def list_stock(work: Work, page: Page, q: str | None = None) -> Listing[ProductOut]:
    """The same for active products only."""
    return queries.list_out(work, page, q, only_active=True)


@use_case(Permission.MEMBER)
def get_by_code(work: Work, code: str) -> ProductOut:
    """Return a product by its internal code."""
    found = queries.one_out(work, _product.c.codigo_interno == clean(code))
    if found is None:
        raise ProductUnknown(code=code)
    return found


@use_case(Permission.MEMBER)
def list_movements(work: Work, product_id: int, page: Page) -> Listing[MovementOut]:
    """Return the kardex of a product, newest first, also of a deleted one."""
    if work.session.get(Product, product_id) is None:
        raise ProductNotFound()
    return inventory.list_movements(work, product_id, page)


# --- steps -----------------------------------------------------------------------------------------------------------


def _new_row(work: Work, parent: Product | None, **fields: Any) -> Product:
    row = Product(**fields, full_name="", search_text="", created_at=work.now)
    _name(row, parent)
    return row


def _name(row: Product, parent: Product | None) -> None:
    row.full_name = rules.full_name(parent.nombre if parent else None, row.nombre)
    row.search_text = rules.search_text(row.full_name, row.codigo_interno, row.codigo_barras)


def _insert(work: Work, rows: Sequence[Product], *, bar_codes: bool) -> None:
    """Write new products; with `bar_codes` those without one get their own, made of the id."""
    _check_codes(work, [row.codigo_interno for row in rows], [row.codigo_barras for row in rows])
    work.session.add_all(rows)
    work.session.flush()
    for row in rows:
        if bar_codes and row.codigo_barras is None:
            row.codigo_barras = rules.own_ean13(_id(row))
            row.search_text = rules.search_text(row.full_name, row.codigo_interno, row.codigo_barras)
    work.session.flush()


def _open_stock(work: Work, opening: Sequence[tuple[Product, Decimal]]) -> None:
    changes = [StockChange(_id(row), row.full_name, quantity, "INICIAL", "Stock inicial") for row, quantity in opening]
    inventory.move(work, changes)


def _check_references(work: Work, brand_id: int | None, tax_id: int | None) -> None:
    if brand_id is not None and work.session.get(Brand, brand_id) is None:
        raise BrandUnknown(brand_id)
    if tax_id is not None and work.session.get(Tax, tax_id) is None:
        raise TaxUnknown(tax_id)


def _check_additional_tax(work: Work, code: int | None, tax_id: int | None) -> None:
    if code is None:
        return
    if code not in {row.codigo for row in additional_taxes.list_additional_taxes(work)}:
        raise AdditionalTaxUnknown(code)
    tax = work.session.get(Tax, tax_id) if tax_id is not None else None
    if tax is not None and not tax.rate:
        raise ExemptWithAdditionalTax()


def _check_codes(work: Work, codes: Sequence[str | None], bar_codes: Sequence[str | None]) -> None:
    """Refuse codes that are taken, or repeated among themselves. None is not looked at."""
    for column, field, wanted, refusal in (
        (_product.c.codigo_interno, "codigo_interno", [c for c in codes if c], CodeTaken),
        (_product.c.codigo_barras, "codigo_barras", [c for c in bar_codes if c], BarcodeTaken),
    ):
        repeated = next((code for code in wanted if wanted.count(code) > 1), None)
        if repeated is not None:
            raise CodeRepeated(field, None, code=repeated)
        if wanted:
            taken = work.session.execute(
                select(column).where(column.in_(wanted), ~_product.c.is_deleted).limit(1)
            ).scalar()
            if taken is not None:
                raise refusal(code=taken)


def _next_code(work: Work) -> str:
    """Return the next PROD-00001 style code. Who creates products at the same time waits: no number is given twice,
    and that of a deleted product is not given again."""
    work.session.execute(_COUNTER, {"name": f"{work.session.schema}.product.codigo_interno"})
    code = _product.c.codigo_interno
    number = cast(func.substring(code, r"^PROD-(\d+)$"), Numeric)
    highest = work.session.execute(select(func.max(number)).where(code.like("PROD-%"))).scalar()
    return rules.next_code(int(highest or 0))


def _variant_codes(work: Work, parent: Product, count: int) -> list[str]:
    """Return the codes <parent>-V01, -V02, ...; one that is taken is made unique with the parent's id."""
    codes = [f"{parent.codigo_interno}-V{number:02d}" for number in range(1, count + 1)]
    column = _product.c.codigo_interno
    taken = set(work.session.execute(select(column).where(column.in_(codes), ~_product.c.is_deleted)).scalars())
    return [f"{code}-{parent.id}" if code in taken else code for code in codes]


def _parent(work: Work, parent_id: int) -> Product:
    parent = work.session.get(Product, parent_id)
    if parent is None or parent.is_deleted:
        raise ParentUnknown(parent_id)
    if parent.parent_id is not None:
        raise ParentIsVariant(parent_id)
    return parent


def _editable(work: Work, product_id: int) -> Product:
    """Return a product that is not deleted, locked. Not against those who sell it: their lines only refer to it."""
    row = work.session.exec(
        select_row(Product).where(Product.id == product_id, ~col(Product.is_deleted)).with_for_update(key_share=True)
    ).first()
    if row is None:
        raise ProductNotFound()
    return row


def _variants(work: Work, product_id: int) -> Sequence[Product]:
    return work.session.exec(
        select_row(Product).where(Product.parent_id == product_id, ~col(Product.is_deleted)).order_by(col(Product.id))
    ).all()


def _described(work: Work, product_id: int) -> ProductOut:
    found = queries.one_out(work, _product.c.id == product_id)
    assert found is not None
    return found


def _id(row: Product) -> int:
    assert row.id is not None
    return row.id

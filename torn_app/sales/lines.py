"""Lines of a document about to be issued: priced, discounted, taken off the shelf and written down.

The steps every flow that issues a document of goods shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import insert, text

from torn_app.company import service as company
from torn_app.customers.models import Customer
from torn_app.dte.documento import Detalle, Referencia
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import VAT_FACTOR, Totales, added_rate
from torn_app.infra.work import Work
from torn_app.inventory import service as inventory
from torn_app.inventory.service import StockChange
from torn_app.price_lists import service as price_lists
from torn_app.products import queries as products
from torn_app.products.queries import ProductForSale
from torn_app.sales import rules
from torn_app.sales.errors import DiscountTwice, ProductInactive, ProductMissing
from torn_app.sales.models import Sale, SaleLine, SaleReference
from torn_app.sales.schemas import ReferenceIn, SaleItemIn
from torn_app.sales.taxes import frozen_tax

_NEXT_ID = text("SELECT nextval(pg_get_serial_sequence(:name, 'id'))")
_WRITE_SALE = insert(Sale.__table__)  # type: ignore[attr-defined]
_WRITE_LINES = insert(SaleLine.__table__)  # type: ignore[attr-defined]
_WRITE_REFERENCES = insert(SaleReference.__table__)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Priced:
    """A line with the facts frozen at this moment."""

    product: ProductForSale
    cantidad: Decimal
    net_price: Decimal
    costo: Decimal
    exento: bool
    detalle: Detalle

    @property
    def factor(self) -> Decimal:
        """Net times this is the price with its taxes: 1.19, 1.29 of a soft drink, 1 of what is exempt."""
        return taxed_factor(self.detalle.codigos_impuesto, exempt=self.exento)


def taxed_factor(codes: Sequence[int], *, exempt: bool) -> Decimal:
    """Return what a net amount is multiplied by to have VAT and the taxes of `codes` in it."""
    return Decimal(1) if exempt else VAT_FACTOR + added_rate(codes) / 100


def price_lines(
    work: Work,
    customer: Customer,
    tipo: TipoDte,
    items: Sequence[SaleItemIn],
    *,
    exempt: bool = False,
    own_prices: bool = False,
) -> list[Priced]:
    """Return the lines at the customer's prices, with the cost of this moment.

    `exempt`: the document bears no VAT although its type may. `own_prices`: the items may name theirs (a debit note
    says how much more, goods that are not sold are worth what their guide says, also nothing).

    Raises:
        ProductMissing, ProductInactive, DiscountTwice: it names what cannot be sold.
    """
    found = products.load_for_sale(work, {item.product_id for item in items})
    for item in items:
        product = found.get(item.product_id)
        if product is None or product.is_deleted:
            raise ProductMissing(id=item.product_id)
        if not product.is_active:
            raise ProductInactive(name=product.full_name, sku=product.codigo_interno)
    special = price_lists.resolve_prices(work, customer, found.keys())
    lines = []
    for item in items:
        product = found[item.product_id]
        net = special.get(product.id, product.precio_neto)
        if own_prices and item.precio_neto is not None:
            net = item.precio_neto
        lines.append(_price(work, item, product, net, tipo, exempt=exempt))
    return lines


def _price(
    work: Work, item: SaleItemIn, product: ProductForSale, net: Decimal, tipo: TipoDte, *, exempt: bool
) -> Priced:
    if item.descuento_pct is not None and item.descuento_monto is not None:
        raise DiscountTwice()
    # An exempt document is exempt whatever its products are (contract README, Money and numbers).
    exempt = exempt or product.is_exempt or tipo.es_exento
    codes = () if exempt or product.impuesto_adicional is None else (product.impuesto_adicional,)
    detalle = Detalle(
        nombre=product.full_name,
        cantidad=item.cantidad,
        precio=rules.document_price(net, gross=tipo.precios_brutos, exempt=exempt, codes=codes, on=work.today),
        exento=exempt and not tipo.es_exento,
        codigo=product.codigo_interno,
        unidad=product.unidad_medida,
        descuento_pct=item.descuento_pct or None,
        descuento_monto=item.descuento_monto or None,
        codigos_impuesto=codes,
    )
    return Priced(product, item.cantidad, net, product.costo_unitario, exempt, detalle)


def documented(priced: Sequence[Priced]) -> Decimal:
    """Return what a client of the documented formula computes for these lines (`rules.documented_total`)."""
    return rules.documented_total([(p.net_price, p.cantidad, p.factor) for p in priced])


def check_discounts(work: Work, totales: Totales) -> None:
    """Compare what the lines would cost in full with what is left of them, in the document's own prices."""
    full = sum(row.subtotal for row in totales.lineas)
    left = sum(row.monto_item for row in totales.lineas) - sum(row.monto for row in totales.descuentos)
    if left < full:
        cap = company.get_settings_row(work).descuento_maximo_pct
        rules.check_discount(Decimal(full), Decimal(left), cap_pct=cap, is_admin=work.actor.is_admin)


def next_sale_id(work: Work) -> int:
    """Return the id of a sale not written yet: the kardex names it before its totals are settled."""
    name = f'"{work.session.schema}".sale'
    return int(work.connection.execute(_NEXT_ID, {"name": name}).scalar_one())


def write_sale(work: Work, sale: Sale) -> None:
    """Write the row of a sale; its lines follow."""
    work.connection.execute(_WRITE_SALE, sale.model_dump())


def take_stock(work: Work, priced: Sequence[Priced], tipo: TipoDte, sale_id: int) -> dict[int, Decimal]:
    """Take the lines off the shelf; return product id -> what is left of those that are counted.

    Raises:
        StockShort: a shelf would end below zero.
    """
    changes = [
        StockChange(
            product_id=p.product.id,
            name=p.product.full_name,
            quantity=-p.cantidad,
            motivo="VENTA",
            description=f"Venta: {tipo.nombre}",
            sale_id=sale_id,
        )
        for p in priced
        if p.product.controla_stock
    ]
    return inventory.move(work, changes) if changes else {}


def write_lines(work: Work, sale_id: int, priced: Sequence[Priced], totales: Totales) -> list[SaleLine]:
    """Write and return the lines of a sale with their amounts."""
    rows = [
        SaleLine(
            sale_id=sale_id,
            position=row.numero,
            product_id=p.product.id,
            nombre=p.detalle.nombre,
            cantidad=p.cantidad,
            precio_unitario=p.net_price,
            costo_unitario=p.costo,
            exento=row.exento,
            **frozen_tax(p.detalle.codigos_impuesto, work.today),
            descuento_pct=p.detalle.descuento_pct,
            descuento=row.descuento_monto,
            monto=row.monto_item,
        )
        for p, row in zip(priced, totales.lineas, strict=True)
    ]
    work.connection.execute(_WRITE_LINES, [row.model_dump(exclude={"id"}) for row in rows])
    return rows


def write_references(work: Work, sale_id: int, references: Sequence[ReferenceIn]) -> list[SaleReference]:
    """Write and return the references of a sale's document."""
    rows = [
        SaleReference(
            sale_id=sale_id,
            position=position,
            tipo_documento=r.tipo_documento,
            folio=r.folio,
            fecha=r.fecha,
            sii_reason_code=r.sii_reason_code,
        )
        for position, r in enumerate(references, 1)
    ]
    if rows:
        work.connection.execute(_WRITE_REFERENCES, [row.model_dump(exclude={"id"}) for row in rows])
    return rows


def referencia(reference: ReferenceIn) -> Referencia:
    """Return a reference as the document carries it."""
    code = reference.sii_reason_code
    return Referencia(
        tipo=reference.tipo_documento,
        folio=reference.folio,
        fecha=reference.fecha,
        codigo=str(code) if code is not None else None,
    )

"""What the list of products shows, ready-made in words: the filter of an address, rows, and the form's texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from torn_app.infra.work import Work
from torn_app.kernel.money import format_pesos
from torn_app.kernel.text import clean
from torn_app.products import listing
from torn_app.products.listing import INACTIVE, LOW, OUT, Counts, ProductFilter
from torn_app.products.queries import ProductForSale
from torn_app.ui.format import quantity

NEW = "nuevo"


@dataclass(frozen=True)
class Address:
    """The filter as the address says it, and the product that is open: its id, NEW or nothing."""

    q: str = ""
    categoria: str = ""
    estado: str = ""
    producto: str = ""

    def filter(self, limit: int, after: int | None = None) -> ProductFilter:
        """Return what to ask for."""
        return ProductFilter(self.q, self.categoria, self.estado, after, limit)

    def path(self) -> str:
        """Return the address of the list, without the open product."""
        parts = {"q": self.q, "categoria": self.categoria, "estado": self.estado}
        query = urlencode({name: value for name, value in parts.items() if value})
        return f"/inventario?{query}" if query else "/inventario"


def read_address(parameters: Mapping[str, str]) -> Address:
    """Read an address typed by anybody: what makes no sense is left out."""
    estado, open_one = parameters.get("estado", ""), parameters.get("producto", "")
    known = open_one == NEW or (open_one.isascii() and open_one.isdigit() and len(open_one) < 19)
    return Address(
        q=clean(parameters.get("q", ""))[:100],
        categoria=clean(parameters.get("categoria", ""))[:60],
        estado=estado if estado in (LOW, OUT, INACTIVE) else "",
        producto=open_one if known else "",
    )


@dataclass
class ProductRow:
    """A product as a row. `stock` is how much there is, `tone` how that is."""

    id: int
    name: str
    code: str
    category: str
    stock: str
    tone: str
    price: str


def product_row(found: ProductForSale) -> ProductRow:
    """Describe a product as a row."""
    left = quantity(found.stock, "" if found.unidad_medida == "unidad" else found.unidad_medida)
    stock, tone = left, ""
    if not found.is_active:
        stock, tone = "Inactivo", "off"
    elif not found.controla_stock:
        stock, tone = "—", ""
    elif found.stock <= 0:
        stock, tone = "Agotado", "bad"
    elif found.stock <= found.stock_minimo:
        stock, tone = f"{'Queda' if found.stock == 1 else 'Quedan'} {left}", "warn"
    code = found.codigo_barras or found.codigo_interno
    price = format_pesos(found.precio_bruto)
    return ProductRow(found.id, found.full_name, code, found.categoria or "", stock, tone, price)


def look(work: Work, address: Address, size: int) -> tuple[list[ProductRow], bool, int, Counts, list[str]]:
    """Return rows, whether there are more, how many in all, the figures of the filters, the shelves."""
    rows, has_more = page(work, address, size)
    return rows, has_more, listing.count_rows(work, address.filter(1)), listing.counts(work), listing.shelves(work)


def page(work: Work, address: Address, size: int, after: int | None = None) -> tuple[list[ProductRow], bool]:
    """Return at most `size` rows after the product `after`, and whether there are more."""
    found = listing.list_rows(work, address.filter(size + 1, after))
    return [product_row(row) for row in found[:size]], len(found) > size

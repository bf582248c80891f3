"""The form of one product: its texts, what was typed into it, and saving it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from torn_app.infra.work import Work
from torn_app.kernel.money import format_pesos, round_pesos
from torn_app.products import listing, service
from torn_app.products.inventario_view import NEW
from torn_app.products.listing import Choices
from torn_app.products.rules import net_price, taxed_rate
from torn_app.products.schemas import ProductIn, ProductOut, ProductPatch
from torn_app.ui.format import parse_pesos, quantity

UNITS = (("unidad", "Unidad"), ("kg", "Kilo (kg)"), ("g", "Gramo (g)"), ("l", "Litro (l)"), ("m", "Metro (m)"))
USUAL_RATE = "0.19"
"""Rate of a product that names no tax."""
_LONGEST = {"nombre": 200, "codigo_barras": 50, "codigo_interno": 35, "categoria": 60, "unidad_medida": 20}
_MAX_PRICE = 1_000_000_000


@dataclass
class ProductForm:
    """A product as its form shows it. `id` 0 is a new one."""

    id: int = 0
    title: str = ""
    name: str = ""
    price: str = ""
    tax: str = ""
    additional: str = ""
    """Code of its additional tax."""
    bar_code: str = ""
    code: str = ""
    category: str = ""
    brand: str = ""
    brand_name: str = ""
    unit: str = "unidad"
    counted: bool = False
    stock: str = ""
    minimum: str = ""
    active: bool = True

    @property
    def priced(self) -> tuple[str, str, str]:
        """What its net price was computed from."""
        return self.price, self.tax, self.additional


def form_of(product: ProductOut, usual_tax: str) -> ProductForm:
    """Return the texts of a product's form. One that names no tax shows the company's usual one."""
    return ProductForm(
        id=product.id,
        title=product.full_name,
        name=product.nombre,
        price=format_pesos(int(product.precio_bruto)),
        tax=str(product.tax_id or usual_tax),
        additional=str(product.impuesto_adicional or ""),
        bar_code=product.codigo_barras or "",
        code=product.codigo_interno,
        category=product.categoria or "",
        brand=str(product.brand_id or ""),
        brand_name=product.brand.name if product.brand else "",
        unit=product.unidad_medida or "unidad",
        counted=product.controla_stock,
        stock=quantity(product.stock_actual),
        minimum=quantity(product.stock_minimo),
        active=product.is_active,
    )


def look(work: Work, wanted: str) -> tuple[Choices, ProductOut | None]:
    """Return what the form offers and the product with the id `wanted` (None for NEW)."""
    return listing.choices(work), None if wanted == NEW else listing.get_product(work, int(wanted))


def read_form(
    typed: Mapping[str, str], old: ProductForm, rates: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields to save and, by field, what is wrong with them.

    A price or a count that was not touched is left out: the net price keeps its decimals, and what was sold since the
    form was opened stays sold.
    """
    errors: dict[str, str] = {}
    texts = {name: typed.get(name, "").strip() for name in (*_LONGEST, "tax_id", "brand_id", "impuesto_adicional")}
    errors |= {name: f"Use a lo más {size} letras." for name, size in _LONGEST.items() if len(texts[name]) > size}
    fields: dict[str, Any] = {name: texts[name] or None for name in _LONGEST}
    if not texts["nombre"]:
        errors["nombre"] = "Escriba el nombre del producto."
    fields |= {name: _id(texts[name]) for name in ("tax_id", "brand_id", "impuesto_adicional")}
    if texts["impuesto_adicional"] and _exempt(texts["tax_id"], rates):
        errors["tax_id"] = "Un producto exento no lleva impuesto adicional: quítelo en «Más», o elija IVA."
    price = parse_pesos(typed.get("precio", "")[:20])
    if not any(c.isdigit() for c in typed.get("precio", "")):
        errors["precio"] = "Escriba el precio. Si se entrega gratis, escriba 0."
    elif price > _MAX_PRICE:
        errors["precio"] = "El precio es demasiado alto. Revíselo."
    elif not old.id or (format_pesos(price), texts["tax_id"], texts["impuesto_adicional"]) != old.priced:
        rate = full_rate(texts["tax_id"], texts["impuesto_adicional"], rates)
        fields["precio_neto"] = net_price(Decimal(price), rate)
    fields["controla_stock"] = _ticked(typed, "controla_stock")
    for name, before in (("stock_actual", old.stock), ("stock_minimo", old.minimum)):
        text = typed.get(name, "").strip()
        if not fields["controla_stock"] or (old.id and text == before):
            continue
        amount = read_quantity(text)
        if amount is None:
            errors[name] = "Escriba una cantidad, por ejemplo 12 o 0,5."
        fields[name] = amount
    if old.id:
        fields["is_active"] = _ticked(typed, "is_active")
    return fields, errors


def save(work: Work, product_id: int, fields: dict[str, Any]) -> ProductOut:
    """Create the product (id 0) or change it."""
    if not product_id:
        return service.create_product(work, ProductIn(**{k: v for k, v in fields.items() if v is not None}))
    return service.update_product(work, product_id, ProductPatch(**fields))


def read_quantity(text: str) -> Decimal | None:
    """Read a quantity as people type it (`0,5`, `1.200,5`, `12`); empty is 0, what is none is None."""
    plain = text.replace(".", "").replace(",", ".") if "," in text or _grouped(text) else text
    try:
        value = Decimal(plain or "0")
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= 10**9 and value == round(value, 6) else None


def full_rate(tax: str, additional: str, rates: Mapping[str, str]) -> Decimal:
    """Return VAT and additional tax together, a fraction, as the form names them: tax id and code, both as text."""
    return taxed_rate(Decimal(rates.get(tax, USUAL_RATE)), _id(additional))


def net_text(gross: int, rate: Decimal) -> str:
    """Say the net price of a price typed with its taxes, as `Neto $1.672`. `rate` is a fraction: all of them."""
    if not gross:
        return "Con IVA: lo que paga la persona."
    if rate == 0:
        return "Exento: se vende sin IVA."
    net = f"Neto {format_pesos(round_pesos(net_price(Decimal(gross), rate)))}"
    return net if rate <= Decimal(USUAL_RATE) else f"{net}, más IVA e impuesto adicional"


def _grouped(text: str) -> bool:
    """Tell whether points separate thousands, as in `1.200`."""
    first, *groups = text.split(".")
    return bool(groups) and first not in ("", "0") and all(len(group) == 3 for group in groups)


def _exempt(tax: str, rates: Mapping[str, str]) -> bool:
    return not Decimal(rates.get(tax, USUAL_RATE))


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _ticked(typed: Mapping[str, str], name: str) -> bool:
    return typed.get(name, "").lower() not in ("", "false")

"""What the form of a product is read as."""

from decimal import Decimal

import pytest

from torn_app.products.form import ProductForm, net_text, read_form, read_quantity
from torn_app.products.rules import gross_price

RATES = {"1": "0.19", "2": "0"}
TYPED = {"nombre": "Broca", "precio": "$1.990", "tax_id": "1", "unidad_medida": "unidad"}


def test_a_price_typed_with_vat_comes_back_exactly():
    fields, errors = read_form(TYPED, ProductForm(), RATES)
    assert errors == {}
    assert gross_price(fields["precio_neto"], Decimal("0.19")) == 1_990
    assert read_form({**TYPED, "tax_id": "2"}, ProductForm(), RATES)[0]["precio_neto"] == 1_990


def test_what_was_not_touched_is_not_sent():
    old = ProductForm(id=7, name="Broca", price="$1.990", tax="1", counted=True, stock="12,5", minimum="2")
    typed = {**TYPED, "controla_stock": "on", "stock_actual": "12,5", "stock_minimo": "3", "is_active": "on"}
    fields, errors = read_form(typed, old, RATES)
    assert errors == {}
    assert "precio_neto" not in fields
    assert "stock_actual" not in fields
    assert fields["stock_minimo"] == 3
    assert "precio_neto" in read_form({**typed, "tax_id": "2"}, old, RATES)[0]


def test_each_fault_is_told_beside_its_field():
    typed = {"nombre": " ", "precio": "", "controla_stock": "on", "stock_actual": "muchos", "categoria": "x" * 61}
    assert set(read_form(typed, ProductForm(), RATES)[1]) == {"nombre", "precio", "stock_actual", "categoria"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("", "0"), ("12", "12"), ("0,5", "0.5"), ("0.5", "0.5"), ("1.200", "1200"), ("1.200,25", "1200.25")],
)
def test_quantities_as_people_type_them(text, value):
    assert read_quantity(text) == Decimal(value)


@pytest.mark.parametrize("text", ["x", "-1", "NaN", "Infinity", "1e12", "0,0000001", "1,2,3"])
def test_what_is_no_quantity(text):
    assert read_quantity(text) is None


def test_the_net_is_shown_under_the_price():
    assert net_text(1_990, Decimal("0.19")) == "Neto $1.672"
    assert "Exento" in net_text(1_990, Decimal(0))
    assert net_text(1_290, Decimal("0.29")) == "Neto $1.000, más IVA e impuesto adicional"


def test_the_price_of_a_drink_holds_its_tax_too():
    drink = {**TYPED, "precio": "$1.290", "impuesto_adicional": "27"}
    fields, errors = read_form(drink, ProductForm(), RATES)
    assert errors == {}
    assert (fields["precio_neto"], fields["impuesto_adicional"]) == (1_000, 27)  # 1.290 / 1,29
    old = ProductForm(id=7, name="Bebida", price="$1.290", tax="1", additional="27")
    assert "precio_neto" not in read_form(drink, old, RATES)[0]
    # Without its tax the same $1.290 are more net: 1.290 / 1,19.
    plain = read_form({**drink, "impuesto_adicional": ""}, old, RATES)[0]
    assert (plain["precio_neto"], plain["impuesto_adicional"]) == (Decimal("1084.033613"), None)


def test_what_is_exempt_bears_no_other_tax():
    errors = read_form({**TYPED, "tax_id": "2", "impuesto_adicional": "27"}, ProductForm(), RATES)[1]
    assert list(errors) == ["tax_id"]

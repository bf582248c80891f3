"""The ticket before it is a sale: what a browser may bring back, and what a press does to it."""

from decimal import Decimal

import pytest

from torn_app.kernel.rut import GENERIC_CUSTOMER
from torn_app.sales import cart as carts
from torn_app.sales.cart import Cart, CartLine

OWNER, KEY = "1:1", "ab12"
VAT = Decimal("1.19")


def cart_of(*lines: CartLine, **changes: object) -> Cart:
    return Cart.model_validate({"owner": OWNER, "key": KEY, "lines": lines, **changes})


def line(product_id: int = 1, quantity: str = "1", **changes: object) -> CartLine:
    return CartLine.model_validate({"product_id": product_id, "cantidad": quantity, **changes})


def test_what_the_browser_keeps_comes_back() -> None:
    cart = cart_of(
        line(1, "0.651", descuento_pct="10"), line(2, "3"), tipo_dte=33, rut="77203415-6", descuento_monto=500
    )
    assert carts.read_cart(carts.write_cart(cart), OWNER) == cart


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        '{"owner":"1:1","lines":[{"product_id":1,"cantidad":"0"}]}',
        '{"owner":"1:1","lines":[{"product_id":1,"cantidad":"-2"}]}',
        '{"owner":"1:1","lines":[{"product_id":0,"cantidad":"1"}]}',
        '{"owner":"1:1","lines":[{"product_id":1,"cantidad":"1","descuento_pct":"101"}]}',
        '{"owner":"1:1","tipo_dte":61}',
        '{"owner":"1:1","key":"x; drop"}',
        '{"owner":"2:1","lines":[{"product_id":1,"cantidad":"1"}]}',
    ],
)
def test_what_is_not_this_persons_cart_is_an_empty_one(text: str) -> None:
    assert carts.read_cart(text, OWNER) == Cart(owner=OWNER)


def test_prices_a_browser_invents_are_not_even_read() -> None:
    kept = '{"owner":"1:1","lines":[{"product_id":7,"cantidad":"2","precio":1,"monto":1}]}'
    sale = carts.sale_of(carts.read_cart(kept, OWNER))
    assert sale.model_dump(exclude_defaults=True)["items"] == [{"product_id": 7, "cantidad": Decimal(2)}]


def test_adding_again_counts_on_the_same_line_and_keeps_its_place() -> None:
    cart, at = carts.add_product(Cart(owner=OWNER), 5, KEY)
    cart, other = carts.add_product(cart, 6, "ffff")
    cart, again = carts.add_product(cart, 5, "ffff")
    assert (at, other, again) == (0, 1, 0)
    assert [(x.product_id, x.cantidad) for x in cart.lines] == [(5, 2), (6, 1)]
    assert cart.key == KEY, "the sale has the key it began with"


def test_a_line_with_pesos_off_is_left_as_agreed() -> None:
    cart, at = carts.add_product(cart_of(line(5, "2", descuento_monto=300)), 5, KEY)
    assert at == 1
    assert [(x.cantidad, x.descuento_monto) for x in cart.lines] == [(2, 300), (1, None)]


def test_a_full_ticket_takes_no_more_lines() -> None:
    full = cart_of(*[line(n) for n in range(1, carts.MAX_LINES + 1)])
    cart, _at = carts.add_product(full, 9_999, KEY)
    assert cart == full


@pytest.mark.parametrize(
    ("now", "by", "after"), [("1", 1, "2"), ("2", -1, "1"), ("1", -1, "1"), ("0.651", -1, "0.651")]
)
def test_the_stepper_never_takes_the_line_away(now: str, by: int, after: str) -> None:
    assert carts.step_quantity(cart_of(line(1, now)), 0, by).lines[0].cantidad == Decimal(after)


def test_a_quantity_of_nothing_takes_the_line_away() -> None:
    assert [x.product_id for x in carts.set_quantity(cart_of(line(1), line(2)), 0, Decimal(0)).lines] == [2]


def test_positions_that_do_not_exist_change_nothing() -> None:
    cart = cart_of(line(1))
    for at in (-1, 1, 99):
        assert carts.step_quantity(cart, at, 1) == cart
        assert carts.set_line_discount(cart, at, pct=Decimal(10)) == cart


def test_discounts_replace_each_other_and_zero_is_none() -> None:
    cart = carts.set_line_discount(cart_of(line(1, descuento_pct="10")), 0, monto=500)
    assert (cart.lines[0].descuento_pct, cart.lines[0].descuento_monto) == (None, 500)
    assert carts.set_line_discount(cart, 0, pct=Decimal(0)).lines[0] == line(1)
    assert carts.set_discount(cart, monto=0).descuento_monto is None


def test_pesos_off_follow_the_prices_of_the_document() -> None:
    """1.190 with VAT are 1.000 net; an exempt line has one price on both."""
    boleta = cart_of(line(1, descuento_monto=1190), line(2, descuento_monto=1190), descuento_monto=595)
    weights = [carts.Weight(5000, VAT), carts.Weight(3000, Decimal(1))]
    factura = carts.switch_document(boleta, 33, weights)
    assert [x.descuento_monto for x in factura.lines] == [1000, 1190]
    assert factura.descuento_monto == 500
    assert carts.switch_document(factura, 39, weights) == boleta


def test_pesos_off_a_drink_follow_its_taxes() -> None:
    """1.290 with VAT and 10 % are 1.000 net. Bread and drink for 2.480 are 2.000 net, so 1.240 off them are 1.000."""
    boleta = cart_of(line(1, descuento_monto=1190), line(2, descuento_monto=1290), descuento_monto=1240)
    drink = Decimal("1.29")
    factura = carts.switch_document(boleta, 33, [carts.Weight(1190, VAT), carts.Weight(1290, drink)])
    assert [x.descuento_monto for x in factura.lines] == [1000, 1000]
    assert factura.descuento_monto == 1000
    assert carts.switch_document(factura, 39, [carts.Weight(1000, VAT), carts.Weight(1000, drink)]) == boleta


def test_percentages_and_exempt_documents_keep_what_was_typed() -> None:
    boleta = cart_of(line(1, descuento_pct="10"), line(2, descuento_monto=1190))
    weights = [carts.Weight(1000, VAT), carts.Weight(1000, Decimal(1))]
    assert carts.switch_document(boleta, 34, weights).lines == boleta.lines
    assert carts.switch_document(boleta, 33, weights).lines[0].descuento_pct == 10


def test_without_a_customer_a_boleta_goes_to_the_final_consumer() -> None:
    assert carts.sale_of(cart_of(line(1))).rut_cliente == GENERIC_CUSTOMER
    assert carts.sale_of(cart_of(line(1), rut="77203415-6")).rut_cliente == "77203415-6"


def test_what_is_not_sold_any_more_leaves() -> None:
    assert [x.product_id for x in carts.keep_products(cart_of(line(1), line(2)), frozenset({2})).lines] == [2]


def test_tickets_put_aside_are_of_who_put_them_there() -> None:
    mine, other, empty = cart_of(line(1)), cart_of(line(2), owner="9:9"), cart_of()
    assert carts.read_parked(carts.write_parked([mine, other, empty]), OWNER) == (mine,)
    assert carts.read_parked("not json", OWNER) == ()


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("3", "3"),
        ("0,651", "0.651"),
        ("0.651", "0.651"),
        (" 1.250,5 ", "1250.5"),
        ("1,5", "1.5"),
        ("", None),
        ("0", None),
        ("-1", None),
        ("1,2345678", None),
        ("1e3", None),
        ("1.2.3", None),
        ("dos", None),
        ("٣", None),
    ],
)
def test_quantities_are_read_as_people_type_them(text: str, quantity: str | None) -> None:
    assert carts.parse_quantity(text) == (Decimal(quantity) if quantity else None)

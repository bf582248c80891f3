"""How payments stand on screen; the settled cases agree with `rules.settle`, which decides the sale."""

import pytest

from torn_app.dte.tipos import TipoDte
from torn_app.sales.checkout import (
    MAX_PARTS,
    Buyer,
    Part,
    Standing,
    add_payment,
    asked_of,
    exact_cash,
    missing_data,
    standing,
    whole_payment,
    why_blocked,
)


def cash(amount: int) -> Part:
    return Part(1, "EFECTIVO", amount)


def card(amount: int) -> Part:
    return Part(2, "DEBITO", amount)


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        (17987, [cash(20000)], Standing(3, 17990, change=2010)),
        (17987, [cash(17990)], Standing(3, 17990)),
        (17987, [cash(17987)], Standing(0, 17987)),
        (17987, [cash(15000)], Standing(3, 17990, short=2990)),
        (17987, [cash(0)], Standing(3, 17990, short=17990)),
        (17985, [cash(18000)], Standing(-5, 17980, change=20)),
        (17987, [card(17987)], Standing(0, 17987)),
        (17987, [card(10000)], Standing(0, 17987, short=7987)),
        (17987, [card(20000)], Standing(0, 17987, over=2013)),
        (17987, [card(10000), cash(8000)], Standing(3, 17990, change=10)),
        (17987, [card(10000), cash(5000)], Standing(3, 17990, short=2990)),
        (17987, [card(17987), cash(1000)], Standing(0, 17987, change=1000)),
    ],
)
def test_where_the_payments_are(total: int, parts: list[Part], expected: Standing) -> None:
    assert standing(total, parts) == expected


def test_a_payment_alone_settles_the_total() -> None:
    assert whole_payment(1, "EFECTIVO", 17987) == cash(17990)
    assert whole_payment(2, "DEBITO", 17987) == card(17987)
    assert exact_cash(17987, other=20000) == 0


def test_one_more_payment_is_for_what_is_missing() -> None:
    parts = add_payment([card(10000)], 1, "EFECTIVO", 17987)
    assert parts == [card(10000), cash(7990)]
    for _ in range(10):
        parts = add_payment(parts, 2, "DEBITO", 17987)
    assert len(parts) == MAX_PARTS


PAID = standing(1000, [card(1000)])


@pytest.mark.parametrize(
    ("tipo", "buyer", "where", "parts", "why"),
    [
        (TipoDte.BOLETA, None, PAID, [card(1000)], ""),
        (TipoDte.FACTURA, None, PAID, [card(1000)], "Elija el cliente de la factura"),
        (
            TipoDte.FACTURA,
            Buyer(missing=("la dirección", "la comuna")),
            PAID,
            [card(1000)],
            "Falta la dirección y la comuna del cliente",
        ),
        (TipoDte.FACTURA, Buyer(), PAID, [card(1000)], ""),
        (TipoDte.BOLETA, Buyer(missing=("el giro",)), PAID, [card(1000)], ""),
        (TipoDte.BOLETA, None, standing(1000, [cash(500)]), [cash(500)], "Faltan $500"),
        (
            TipoDte.BOLETA,
            None,
            standing(1000, [card(1500)]),
            [card(1500)],
            "Sobran $500: solo el efectivo da vuelto",
        ),
        (
            TipoDte.BOLETA,
            None,
            standing(1000, [cash(780_000_000_001)]),
            [cash(780_000_000_001)],
            "Revise el monto recibido: el vuelto es demasiado grande",
        ),
        (TipoDte.BOLETA, None, PAID, [Part(5, "CREDITO_INTERNO", 1000)], "No se puede fiar: sin cliente"),
        (TipoDte.BOLETA, Buyer(), PAID, [Part(5, "CREDITO_INTERNO", 1000)], "No se puede fiar: cliente sin crédito"),
        (TipoDte.BOLETA, Buyer(has_credit=True), PAID, [Part(5, "CREDITO_INTERNO", 1000)], ""),
    ],
)
def test_one_line_says_why_it_cannot_be_emitted(
    tipo: TipoDte, buyer: Buyer | None, where: Standing, parts: list[Part], why: str
) -> None:
    assert why_blocked(tipo, buyer, where, parts) == why


def test_what_an_invoice_needs_of_its_customer() -> None:
    assert list(missing_data("Construcción", " ", "")) == ["direccion", "comuna"]
    assert missing_data("Construcción", "Uno 1", "Ñuñoa") == {}


ANA = Buyer(name="Ana", email="ana@example.com")
CHOOSE = "Elija al cliente: pasa de 135 UF"
CALL = "Falta el teléfono del cliente"


@pytest.mark.parametrize(
    ("tipo", "total", "buyer", "parts", "why"),
    [
        (TipoDte.BOLETA, 5_363_274, None, [card(5_363_274)], ""),
        (
            TipoDte.BOLETA,
            5_363_275,
            None,
            [card(5_363_275)],
            "Elija al cliente: pasa de 135 UF",
        ),
        (TipoDte.BOLETA_EXENTA, 6_000_000, ANA, [card(6_000_000)], ""),
        (
            TipoDte.BOLETA,
            6_000_000,
            ANA,
            [cash(6_000_000)],
            "Falta el teléfono del cliente",
        ),
        (
            TipoDte.BOLETA,
            6_000_000,
            Buyer(name="Ana"),
            [card(5_000_000), cash(1_000_000)],
            "Falta el correo y el teléfono del cliente",
        ),
        (TipoDte.BOLETA, 6_000_000, Buyer(name="Ana"), [card(6_000_000), cash(1000)], ""),
        (TipoDte.FACTURA, 6_000_000, Buyer(name="Ana"), [cash(6_000_000)], ""),
    ],
)
def test_a_large_boleta_names_its_buyer(
    tipo: TipoDte, total: int, buyer: Buyer | None, parts: list[Part], why: str
) -> None:
    asked = asked_of(tipo, total, 5_363_274, buyer, parts)
    assert why_blocked(tipo, buyer, standing(total, parts), parts, asked) == why
    assert asked_of(tipo, total, None, buyer, parts) is None

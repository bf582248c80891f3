"""From which amount a boleta names its buyer, and what it then needs. By hand: 135 x 39.727,96 = 5.363.274,6."""

from datetime import date
from decimal import Decimal

import pytest

from torn_app.dte.boleta_identificada import UF_31_DICIEMBRE, datos_faltantes, limite_boleta
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.rut import GENERIC_CUSTOMER


@pytest.mark.parametrize(
    ("tipo", "day", "limit"),
    [
        (TipoDte.BOLETA, date(2025, 8, 31), None),  # the duty begins on 1 September 2025
        (TipoDte.BOLETA, date(2025, 9, 1), 5_186_253),  # 135 x 38.416,69 = 5.186.253,15
        (TipoDte.BOLETA, date(2025, 12, 31), 5_186_253),
        (TipoDte.BOLETA, date(2026, 1, 1), 5_363_274),
        (TipoDte.BOLETA_EXENTA, date(2026, 12, 31), 5_363_274),
        (TipoDte.BOLETA, date(2027, 1, 1), 5_363_274),  # not known yet: the last one
        (TipoDte.FACTURA, date(2026, 1, 1), None),
        (TipoDte.NOTA_CREDITO, date(2026, 1, 1), None),
    ],
)
def test_the_limit_of_a_day(tipo: TipoDte, day: date, limit: int | None) -> None:
    assert limite_boleta(tipo, day) == limit


def test_a_year_more_or_another_value() -> None:
    uf = {**UF_31_DICIEMBRE, 2026: Decimal("40000.01"), 2025: Decimal(10_000)}
    assert limite_boleta(TipoDte.BOLETA, date(2026, 6, 1), uf) == 1_350_000
    assert limite_boleta(TipoDte.BOLETA, date(2027, 1, 1), uf) == 5_400_001  # 135 x 40.000,01 = 5.400.001,35
    assert limite_boleta(TipoDte.BOLETA, date(2026, 6, 1), {}) is None


@pytest.mark.parametrize(
    ("facts", "cash", "missing"),
    [
        ((None, None, None, None), False, ("rut", "nombre")),
        ((GENERIC_CUSTOMER, "Consumidor final", None, None), False, ("rut", "nombre")),
        ((GENERIC_CUSTOMER, "Consumidor final", None, None), True, ("rut", "nombre", "correo", "telefono")),
        (("76086428-5", "Ana", None, None), False, ()),
        (("76086428-5", " ", None, None), False, ("nombre",)),
        (("76086428-5", "Ana", None, " "), True, ("correo", "telefono")),
        (("76086428-5", "Ana", "ana@example.com", ""), True, ("telefono",)),
        (("76086428-5", "Ana", "ana@example.com", "+56 9 1234 5678"), True, ()),
    ],
)
def test_what_is_missing(facts: tuple[str | None, ...], cash: bool, missing: tuple[str, ...]) -> None:
    rut, name, email, phone = facts
    assert datos_faltantes(rut=rut, nombre=name, correo=email, telefono=phone, en_efectivo=cash) == missing

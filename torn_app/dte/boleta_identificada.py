"""Boletas that must name their buyer because of their amount, as dated data.

Source: Código Tributario art. 92 ter (Ley 21.713) and SII Res. Ex. 44 of 2025: above 135 UF a boleta carries the
buyer's RUT and name and how it was paid, and, paid in cash, their e-mail and telephone (Formato Boleta v4.1, Receptor
and MedioPago). The UF is that of 31 December of the year before.

UF values: Banco Central de Chile, series UF, as its rule computes them (Compendio de Normas Financieras II.B.3): from
the 9th of December (38.362,26 in 2024, 39.643,59 in 2025) they grow daily by the CPI of November (0,2 % and 0,3 %,
INE) to the 9th of January.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import Pesos
from torn_app.kernel.rut import GENERIC_CUSTOMER

UNIDADES = Decimal(135)
"""UF above which a boleta names its buyer."""
VIGENCIA = date(2025, 9, 1)
"""The first day of the duty."""
UF_31_DICIEMBRE: Mapping[int, Decimal] = {2024: Decimal("38416.69"), 2025: Decimal("39727.96")}
"""Year -> UF of its 31 December, in pesos. One row a year."""


def limite_boleta(tipo: TipoDte, fecha: date, uf: Mapping[int, Decimal] = UF_31_DICIEMBRE) -> Pesos | None:
    """Return the whole pesos above which a document of a day names its buyer. None: it never has to.

    While the UF of a year is not known yet the last one before it counts: it asks a little more, never less, as long
    as the UF grows.
    """
    if not tipo.es_boleta or fecha < VIGENCIA:
        return None
    known = [year for year in uf if year < fecha.year]
    return Pesos(int(UNIDADES * uf[max(known)])) if known else None


def datos_faltantes(
    *, rut: str | None, nombre: str | None, correo: str | None, telefono: str | None, en_efectivo: bool
) -> tuple[str, ...]:
    """Return what a boleta above the limit still lacks of its buyer: `rut`, `nombre`, `correo`, `telefono`."""
    nobody = rut is None or rut == GENERIC_CUSTOMER
    asked = {"rut": None, "nombre": None} if nobody else {"rut": rut, "nombre": nombre}
    if en_efectivo:
        asked |= {"correo": correo, "telefono": telefono}
    return tuple(name for name, value in asked.items() if not (value or "").strip())

"""Whom a large boleta is sold to: above 135 UF it names the buyer, in cash also how to reach them.

The rule is `dte.boleta_identificada`; here it meets the customer, the payments and the configuration.
"""

from collections.abc import Collection
from datetime import date

from torn_app.customers.models import Customer
from torn_app.dte.boleta_identificada import UF_31_DICIEMBRE, datos_faltantes, limite_boleta
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import Pesos, format_pesos
from torn_app.sales.errors import BuyerNotIdentified
from torn_app.sales.payment_methods import EFECTIVO
from torn_app.settings import get_settings

WORDS = {"rut": "su RUT", "nombre": "su nombre", "correo": "su correo", "telefono": "su teléfono"}


def boleta_limit(tipo: TipoDte, on: date) -> Pesos | None:
    """Return the pesos above which a document names its buyer (None: never), with the UF of the configuration."""
    return limite_boleta(tipo, on, {**UF_31_DICIEMBRE, **get_settings().uf_year_end})


def check_buyer(tipo: TipoDte, on: date, customer: Customer, total: int, codes: Collection[str]) -> None:
    """Refuse a large boleta whose buyer is not named, or cannot be reached although cash is part of the payment.

    `codes` are the ways it is paid.

    Raises:
        BuyerNotIdentified: it says what is missing.
    """
    limit = boleta_limit(tipo, on)
    if limit is None or total <= limit:
        return
    missing = datos_faltantes(
        rut=customer.rut,
        nombre=customer.razon_social,
        correo=customer.email,
        telefono=customer.telefono,
        en_efectivo=EFECTIVO in codes,
    )
    if missing:
        raise BuyerNotIdentified(limit=format_pesos(limit), missing=listed([WORDS[name] for name in missing]))


def listed(words: Collection[str]) -> str:
    """Return words as one says them: `a, b y c`."""
    *first, last = words
    return f"{', '.join(first)} y {last}" if first else last

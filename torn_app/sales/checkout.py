"""How the payments of a ticket stand before it is sold, in words for the till. Pure.

What settles a sale is decided in `rules.settle`; this asks it, so that screen and sale never disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from torn_app.dte.boleta_identificada import datos_faltantes
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import Pesos, format_pesos, round_cash
from torn_app.sales.errors import PaymentsExceed, PaymentsShort
from torn_app.sales.payment_methods import CREDITO_INTERNO, EFECTIVO
from torn_app.sales.rules import Payment, settle

MAX_PARTS = 6
_OF_BUYER = {"nombre": "el nombre", "correo": "el correo", "telefono": "el teléfono"}
MAX_CHANGE = 500_000
"""Pesos. Nobody hands over so much more than is owed: more change than this is a slip of the hand."""


@dataclass(frozen=True, slots=True)
class Part:
    """A payment being typed. Whole pesos."""

    method_id: int
    code: str
    amount: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the payments are. Whole pesos; at most one of `change`, `short` and `over` is not zero."""

    rounding: int
    """Signed: what cash rounding adds to the document's total."""
    to_pay: int
    change: int = 0
    short: int = 0
    over: int = 0
    """What methods that give no change pay too much."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the checkout must know of the customer."""

    missing: tuple[str, ...] = ()
    """Data an invoice needs and the customer lacks, in words with their article (`la comuna`)."""
    has_credit: bool = False
    name: str = ""
    email: str = ""
    telefono: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a large boleta asks of its buyer: above `limit` pesos it names them (`dte.boleta_identificada`)."""

    limit: int = 0
    missing: tuple[str, ...] = ()
    """`rut`, `nombre`, `correo`, `telefono`: what is not known yet. Empty: nothing more is asked."""


def standing(total: int, parts: Sequence[Part]) -> Standing:
    """Return where these payments are against the total of a document."""
    cash = sum(p.amount for p in parts if p.code == EFECTIVO)
    other = sum(p.amount for p in parts if p.code != EFECTIVO)
    if other > total:
        return Standing(0, total, over=other - total)
    uses_cash = any(p.code == EFECTIVO for p in parts)
    owed = Pesos(total - other)
    rounding = round_cash(owed) - owed if uses_cash else 0
    payments = [Payment(Decimal(p.amount), p.code == EFECTIVO) for p in parts if p.amount]
    try:
        settled = settle(Pesos(total), Decimal(total), payments)
    except PaymentsShort:
        return Standing(rounding, total + rounding, short=total + rounding - cash - other)
    except PaymentsExceed:
        return Standing(0, total, over=cash + other - total)
    return Standing(settled.ajuste_redondeo, total + settled.ajuste_redondeo, change=settled.vuelto)


def exact_cash(total: int, other: int = 0) -> int:
    """Return what is asked in cash when `other` pesos are paid in another way: rounded to tens."""
    return round_cash(Pesos(max(total - other, 0)))


def whole_payment(method_id: int, code: str, total: int) -> Part:
    """Return the one payment that settles a total in this way."""
    return Part(method_id, code, exact_cash(total) if code == EFECTIVO else total)


def add_payment(parts: Sequence[Part], method_id: int, code: str, total: int) -> list[Part]:
    """Return the payments with one more, for what they lack. At most six."""
    missing = total - sum(part.amount for part in parts)
    amount = exact_cash(missing) if code == EFECTIVO else max(missing, 0)
    return [*parts, Part(method_id, code, amount)][:MAX_PARTS]


def needs_customer(tipo: TipoDte) -> bool:
    """Tell whether the document names its buyer with activity and address."""
    return not tipo.es_boleta


def asked_of(tipo: TipoDte, total: int, limit: int | None, buyer: Buyer | None, parts: Sequence[Part]) -> Asked | None:
    """Return what a boleta of this total asks of its buyer; None when it is not above the limit."""
    if not tipo.es_boleta or limit is None or total <= limit:
        return None
    missing = datos_faltantes(
        rut="con RUT" if buyer else None,
        nombre=buyer.name if buyer else None,
        correo=buyer.email if buyer else None,
        telefono=buyer.telefono if buyer else None,
        # Cash that comes back whole as change pays nothing.
        en_efectivo=any(p.code == EFECTIVO for p in parts) and total > sum(_other(parts)),
    )
    return Asked(limit, missing)


def _other(parts: Sequence[Part]) -> list[int]:
    return [part.amount for part in parts if part.code != EFECTIVO]


def why_blocked(
    tipo: TipoDte, buyer: Buyer | None, where: Standing, parts: Sequence[Part], asked: Asked | None = None
) -> str:
    """Return the one line that says why the sale cannot be emitted yet, or nothing."""
    if needs_customer(tipo):
        if buyer is None:
            return "Elija el cliente de la factura"
        if buyer.missing:
            return f"Falta {_listed(buyer.missing)} del cliente"
    if asked and buyer is None:
        return "Elija al cliente: pasa de 135 UF"
    if asked and asked.missing:
        lacking = _listed([_OF_BUYER[name] for name in asked.missing])
        return f"Falta {lacking} del cliente"
    credit = credit_refusal(buyer)
    if credit and any(p.code == CREDITO_INTERNO for p in parts):
        return f"No se puede fiar: {credit.lower()}"
    if where.over:
        return f"Sobran {format_pesos(where.over)}: solo el efectivo da vuelto"
    if where.short:
        return f"Faltan {format_pesos(where.short)}"
    if where.change > MAX_CHANGE:
        return "Revise el monto recibido: el vuelto es demasiado grande"
    return ""


def credit_refusal(buyer: Buyer | None) -> str:
    """Return why this customer cannot buy on credit, or nothing."""
    if buyer is None:
        return "Sin cliente"
    return "" if buyer.has_credit else "Cliente sin crédito"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} y {words[-1]}"


def missing_data(giro: str, direccion: str, comuna: str) -> dict[str, str]:
    """Return what an invoice needs of its customer and is missing: field name -> words (`la comuna`).

    Source: Formato DTE v2.4.2, zone Receptor: GiroRecep, DirRecep, CmnaRecep are obligatory in 33 and 34.
    """
    asked = {"giro": (giro, "el giro"), "direccion": (direccion, "la dirección"), "comuna": (comuna, "la comuna")}
    return {name: words for name, (value, words) in asked.items() if not value.strip()}

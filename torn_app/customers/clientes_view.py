"""What the list of customers shows, ready-made in words: the filter of an address, rows, and the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from torn_app.customers import service
from torn_app.customers.schemas import CustomerIn, CustomerOut, CustomerPatch
from torn_app.infra.work import Work
from torn_app.kernel.money import format_pesos
from torn_app.kernel.paging import Page
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import GENERIC_CUSTOMER, RutInvalido, format_rut, normalize_rut
from torn_app.kernel.text import clean
from torn_app.ui.format import parse_pesos

NEW = "nuevo"
WRONG_RUT = "Ese RUT no es válido. Revise el número y el dígito final."
_LONGEST = {"razon_social": 100, "giro": 80, "direccion": 70, "comuna": 20, "ciudad": 20, "email": 254, "telefono": 20}
_MAX_CREDIT = 1_000_000_000


@dataclass(frozen=True)
class Address:
    """The filter as the address says it, and the customer that is open: the RUT, NEW or nothing."""

    q: str = ""
    cliente: str = ""

    def path(self) -> str:
        """Return the address of the list, without the open customer."""
        return f"/clientes?{urlencode({'q': self.q})}" if self.q else "/clientes"


def read_address(parameters: Mapping[str, str]) -> Address:
    """Read an address typed by anybody."""
    return Address(clean(parameters.get("q", ""))[:100], clean(parameters.get("cliente", ""))[:20])


@dataclass
class CustomerRow:
    """A customer as a row. `balance` is in words, `tone` how it is."""

    id: int
    rut: str
    rut_text: str
    name: str
    place: str
    balance: str
    tone: str


@dataclass
class CustomerForm:
    """A customer as the form shows it. `id` 0 is a new one."""

    id: int = 0
    rut: str = ""
    rut_text: str = ""
    razon_social: str = ""
    giro: str = ""
    direccion: str = ""
    comuna: str = ""
    ciudad: str = ""
    email: str = ""
    telefono: str = ""
    balance: str = ""
    tone: str = ""
    limite_credito: str = ""
    dias_credito: str = ""
    fixed: bool = False
    """The customer of boletas without a name: it cannot be changed."""


def balance_words(balance: int) -> tuple[str, str]:
    """Say a balance in pesos (positive: they owe us) and its tone."""
    if balance > 0:
        return f"Debe {format_pesos(balance)}", "warn"
    return (f"A favor {format_pesos(-balance)}", "plain") if balance else ("Al día", "ok")


def customer_row(customer: CustomerOut) -> CustomerRow:
    """Describe a customer as a row."""
    words, tone = balance_words(customer.current_balance)
    if not customer.is_active:
        words, tone = "Inactivo", "off"
    rut = format_rut(customer.rut)
    return CustomerRow(customer.id, customer.rut, rut, customer.razon_social, customer.comuna or "", words, tone)


def form_of(customer: CustomerOut) -> CustomerForm:
    """Return the texts of a customer's form."""
    words, tone = balance_words(customer.current_balance)
    texts = {name: getattr(customer, name) or "" for name in _LONGEST}
    return CustomerForm(
        id=customer.id,
        rut=customer.rut,
        rut_text=format_rut(customer.rut),
        balance=words,
        tone=tone,
        limite_credito="" if customer.limite_credito is None else format_pesos(customer.limite_credito),
        dias_credito="" if customer.dias_credito is None else str(customer.dias_credito),
        fixed=customer.rut == GENERIC_CUSTOMER,
        **texts,
    )


def page(work: Work, q: str, size: int, after: int | None = None) -> tuple[list[CustomerRow], bool, int]:
    """Return at most `size` rows after the customer `after`, whether there are more, and how many in all."""
    found = service.list_customers(work, Page(limit=size + 1, after=after, count=True), q)
    return [customer_row(row) for row in found.rows[:size]], len(found.rows) > size, found.total or 0


def look(work: Work, wanted: str) -> tuple[CustomerOut | None, bool]:
    """Return the customer of a RUT (None for NEW), and whether this person may give credit."""
    return None if wanted == NEW else service.get_customer(work, wanted), work.actor.may(Permission.ADMIN)


def read_rut(text: str) -> tuple[str, str]:
    """Return a typed RUT as it is kept, and what is wrong with it."""
    if not text.strip():
        return "", "Escriba el RUT."
    try:
        return normalize_rut(text[:30]), ""
    except RutInvalido:
        return "", WRONG_RUT


def read_form(typed: Mapping[str, str], *, gives_credit: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields to save and, by field, what is wrong with them."""
    texts = {name: typed.get(name, "").strip() for name in _LONGEST}
    errors = {name: f"Use a lo más {size} letras." for name, size in _LONGEST.items() if len(texts[name]) > size}
    fields: dict[str, Any] = {name: text or None for name, text in texts.items()}
    fields["rut"], wrong = read_rut(typed.get("rut", ""))
    if wrong:
        errors["rut"] = wrong
    if not texts["razon_social"]:
        errors["razon_social"] = "Escriba el nombre o la razón social."
    name, _, domain = texts["email"].partition("@")
    if texts["email"] and (not name or "." not in domain.strip(".") or len(texts["email"].split()) > 1):
        errors["email"] = "Ese correo no está completo, por ejemplo ana@correo.cl."
    if gives_credit:
        limit, days = typed.get("limite_credito", "").strip(), typed.get("dias_credito", "").strip()
        fields["limite_credito"] = parse_pesos(limit[:20]) if limit else None
        if (fields["limite_credito"] or 0) > _MAX_CREDIT:
            errors["limite_credito"] = "El monto es demasiado alto. Revíselo."
        fields["dias_credito"] = _days(days)
        if days and fields["dias_credito"] is None:
            errors["dias_credito"] = "Escriba los días, de 0 a 365."
    return fields, errors


def _days(text: str) -> int | None:
    whole = text.isascii() and text.isdigit() and len(text) <= 3
    return int(text) if whole and int(text) <= 365 else None


def save(work: Work, rut: str, fields: dict[str, Any]) -> CustomerOut:
    """Create the customer (`rut` empty) or change the one with that RUT."""
    if not rut:
        return service.create_customer(work, CustomerIn(**fields))
    return service.update_customer(work, rut, CustomerPatch(**fields))

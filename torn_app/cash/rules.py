"""Pure decisions of the till: what a count comes to, and how a difference is told."""

from collections.abc import Mapping
from dataclasses import dataclass

from torn_app.kernel.money import format_pesos

NOTES = (20_000, 10_000, 5_000, 2_000, 1_000)
COINS = (500, 100, 50, 10)
"""What circulates in Chile, in pesos. Coins of 1 and 5 pesos were withdrawn in 2017."""

MAX_PIECES = 100_000
MAX_CASH = 1_000_000_000

WAY, BY_TOTAL, TOTAL = "way", "total", "total"
"""Form key that says how the cash was counted, its value for a plain amount, and the key of that amount."""


class CountRefused(ValueError):
    """The count cannot be taken as it was typed. The message is Spanish, for people."""


@dataclass(frozen=True)
class Difference:
    """A difference in words. `tone` is `ok`, `warn` (too much) or `bad` (too little)."""

    title: str
    text: str
    tone: str


def coin_key(value: int) -> str:
    """Return the form key of how many pieces of a denomination (pesos) there are."""
    return f"coin_{value}"


def read_count(form: Mapping[str, str]) -> tuple[int, dict[str, int] | None]:
    """Return what a count form comes to in pesos, and the pieces by denomination (None for a plain amount).

    Raises:
        CountRefused: a text that is no number of pieces, nothing typed at all, or an impossible amount.
    """
    if form.get(WAY) == BY_TOTAL:
        text = "".join(c for c in form.get(TOTAL, "") if c not in "$. \u00a0")
        if not text:
            raise CountRefused("Escriba cuánto efectivo hay. Si no hay nada, escriba 0.")
        return _within(_whole(text)), None
    typed = {value: form.get(coin_key(value), "").strip() for value in NOTES + COINS}
    if not any(typed.values()):
        raise CountRefused("Anote cuántos billetes y monedas hay. Si el cajón está vacío, anote un 0.")
    pieces = {value: _whole(text or "0") for value, text in typed.items()}
    if max(pieces.values()) > MAX_PIECES:
        raise CountRefused("Hay una cantidad demasiado grande. Revise lo que anotó.")
    total = sum(value * number for value, number in pieces.items())
    return _within(total), {str(value): number for value, number in pieces.items() if number}


def check_pieces(count: Mapping[str, int], declared: int) -> None:
    """Refuse a count by denomination (pesos as text -> pieces) that does not come to what was declared, in pesos.

    Raises:
        CountRefused: a note or coin that does not circulate, an impossible number of pieces, or another sum.
    """
    known = {str(value): value for value in NOTES + COINS}
    for name, pieces in count.items():
        if name not in known:
            raise CountRefused(f"No hay billetes ni monedas de «{name[:20]}» pesos")
        if not 0 <= pieces <= MAX_PIECES:
            raise CountRefused(f"La cantidad de piezas de {known[name]} debe estar entre 0 y {MAX_PIECES}")
    total = sum(known[name] * pieces for name, pieces in count.items())
    if total != declared:
        raise CountRefused(f"El conteo suma {total} y se declararon {declared}")


def difference(declared: int, expected: int) -> Difference:
    """Explain what was counted against what there should be, both in pesos."""
    both = f"Contó {format_pesos(declared)} y debía haber {format_pesos(expected)}."
    if declared == expected:
        return Difference("Cuadrada", f"Contó {format_pesos(declared)}, justo lo que debía haber.", "ok")
    if declared < expected:
        return Difference(f"Faltan {format_pesos(expected - declared)}", both, "bad")
    return Difference(f"Sobran {format_pesos(declared - expected)}", both, "warn")


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise CountRefused(f"«{text[:20]}» no es una cantidad. Use solo números.")
    return int(text)


def _within(total: int) -> int:
    if total > MAX_CASH:
        raise CountRefused("Es más de lo que cabe en un cajón. Revise el monto.")
    return total

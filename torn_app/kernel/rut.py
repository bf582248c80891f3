"""The Chilean tax number (RUT): parsing, check digit, spellings."""

from functools import lru_cache

GENERIC_CUSTOMER = "66666666-6"
"""Receptor of a boleta whose buyer is not known."""
FOREIGN_CUSTOMER = "55555555-5"
"""Receptor abroad (export documents, tourists)."""
TAX_SERVICE = "60803000-K"
"""The tax service itself: receptor of every envelope sent to it."""

_MIN_BODY, _MAX_BODY = 1_000_000, 99_999_999
_LONGEST = 100


class RutInvalido(ValueError):
    """Text that is not a RUT. The message is Spanish, for people, and part of the API contract."""


def check_digit(body: int) -> str:
    """Return the modulo 11 check digit (`0`-`9` or `K`) of a RUT body."""
    total, factor = 0, 2
    while body:
        body, digit = divmod(body, 10)
        total += digit * factor
        factor = 2 if factor == 7 else factor + 1
    return "0K987654321"[total % 11]


@lru_cache(maxsize=4096)
def normalize_rut(text: str) -> str:
    """Return `text` as `12345678-K`: no dots, one hyphen, capital K.

    Raises:
        RutInvalido: too short or long, body not numeric, out of range or wrong check digit, saying which.
    """
    compact = compact_rut(text)
    if len(compact) < 2:
        raise RutInvalido(f"RUT inválido: '{text}' es demasiado corto")
    if len(compact) > _LONGEST:
        raise RutInvalido("RUT inválido: es demasiado largo")
    body_text, digit = compact[:-1], compact[-1]
    if not (body_text.isascii() and body_text.isdigit()):
        raise RutInvalido(f"RUT inválido: cuerpo '{body_text}' no es numérico")
    body = int(body_text)
    if not _MIN_BODY <= body <= _MAX_BODY:
        raise RutInvalido(f"RUT inválido: {body} fuera de rango (1.000.000 – 99.999.999)")
    expected = check_digit(body)
    if digit != expected:
        raise RutInvalido(f"RUT inválido: dígito verificador incorrecto (esperado '{expected}', recibido '{digit}')")
    return f"{body}-{expected}"


def compact_rut(text: str) -> str:
    """Strip dots, hyphens and spaces and upper-case: the form in which a RUT is searched."""
    return "".join(c for c in text if c not in ".-‐‑– \t\n\r\u00a0").upper()


def format_rut(rut: str) -> str:
    """Write a normalised RUT for people: `12345678-5` becomes `12.345.678-5`. Other text is returned as it is."""
    body, _, digit = rut.partition("-")
    if not (digit and body.isdigit()):
        return rut
    return f"{int(body):,}".replace(",", ".") + f"-{digit}"

"""Saying in plain words what is wrong with the fields of a form."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_WORDS = {
    "string_too_short": "Falta este dato.",
    "missing": "Falta este dato.",
    "string_too_long": "Es demasiado largo: quedan fuera letras desde la número {max_length}.",
    "greater_than": "Debe ser mayor que {gt}.",
    "greater_than_equal": "No puede ser menor que {ge}.",
    "less_than_equal": "No puede ser mayor que {le}.",
    "decimal_parsing": "Escriba un número.",
    "int_parsing": "Escriba un número entero.",
}
_FIELDS = {"email": "No parece un correo: nombre@empresa.cl."}


def form_errors(error: ValidationError) -> dict[str, str]:
    """Return field name -> Spanish message, for the `field_errors` of a page's state."""
    return {str(found["loc"][0]): _message(found) for found in error.errors() if found["loc"]}


def _message(found: ErrorDetails) -> str:
    if found["type"] == "value_error":
        return found["msg"].removeprefix("Value error, ")
    if found["type"] == "string_pattern_mismatch":
        return _FIELDS.get(str(found["loc"][0]), "No está bien escrito.")
    return _WORDS.get(found["type"], "No está bien escrito.").format(**found.get("ctx", {}))

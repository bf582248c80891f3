"""Field types of what comes in and goes out, so that every schema treats money, text and RUT the same way.

Amounts leave as JSON numbers and enter as numbers or numeric strings. Text is cleaned on entry (no control
characters, which the database would refuse; spaces collapsed).
"""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from torn_app.kernel.money import Pesos
from torn_app.kernel.rut import normalize_rut
from torn_app.kernel.text import clean

MAX_ID = 2**63 - 1
_MAX_PESOS = 10**12


class In(BaseModel):
    """Base of what comes in. Unknown fields are ignored, as the contract says."""

    model_config = ConfigDict(extra="ignore")

    @field_validator("*", mode="before")
    @classmethod
    def _blank_is_missing(cls, value: Any, info: ValidationInfo) -> Any:
        # Here and not in the type: a length set on a field of that type would be applied to the None it made.
        if isinstance(value, str) and info.field_name is not None and not clean(value):
            optional = cls.model_fields[info.field_name].annotation in (OptionalText, OptionalEmail)
            return None if optional else value
        return value


class Out(BaseModel):
    """Base of what goes out: an allow-list, also built from a table row."""

    model_config = ConfigDict(from_attributes=True)


def _as_number(value: Decimal) -> int | float:
    # The one place where an exact amount becomes a binary number: the JSON that leaves, as the contract documents.
    return int(value) if value == value.to_integral_value() else float(value)


def _clean(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _plain(value: Any, depth: int = 10) -> Any:
    """Clean every text inside a free JSON value: the database takes no NUL, no lone surrogate, no NaN."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict | list) and not depth:
        raise ValueError("Demasiados niveles")
    if isinstance(value, dict):
        return {clean(str(key)): _plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, depth - 1) for item in value]
    if value is None or isinstance(value, bool) or abs(value) < 10**15:
        return value
    raise ValueError("Número fuera de rango")


Number = Annotated[Decimal, PlainSerializer(_as_number, return_type=int | float, when_used="json")]
"""An exact number in an answer."""

Price = Annotated[Decimal, Field(ge=0, le=_MAX_PESOS, decimal_places=6, max_digits=18)]
"""A unit price or cost: net pesos, not negative, at most six decimals."""
Quantity = Annotated[Decimal, Field(gt=0, le=10**9, decimal_places=6, max_digits=18)]
"""How many or how much: more than nothing, at most six decimals."""
StockQuantity = Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=6, max_digits=18)]
"""Stock: nothing or more."""
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=4, max_digits=8)]
Rate = Annotated[Decimal, Field(ge=0, le=1, decimal_places=4)]
"""A tax rate as a fraction."""
Amount = Annotated[Pesos, Field(ge=0, le=_MAX_PESOS)]
"""Whole pesos, not negative."""
Id = Annotated[int, Field(ge=1, le=MAX_ID)]

Text = Annotated[str, BeforeValidator(_clean), StringConstraints(min_length=1, max_length=500)]
"""Text that must say something."""
OptionalText = Annotated[str, BeforeValidator(_clean), Field(max_length=1000)] | None
"""Text that may be missing; blank is missing (see `In`)."""
Rut = Annotated[str, BeforeValidator(_clean), AfterValidator(normalize_rut)]
"""A RUT in any spelling, kept as 12345678-K."""
PlainJson = Annotated[Any, AfterValidator(lambda value: _plain(value))]
"""A free JSON value the database can hold."""
Email = Annotated[
    str,
    BeforeValidator(_clean),
    StringConstraints(to_lower=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
]
OptionalEmail = Email | None

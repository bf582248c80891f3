"""What is stored encrypted: each table says so of its own column, so that changing the key can leave nothing out.

A test refuses a binary column that is neither registered here nor known to be public.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of the companies' tables whose bytes `crypto.encrypt` made."""

    table: Table
    column: str
    place: Callable[[Row[Any]], str]
    """The place a row's bytes were encrypted for."""


SEALED: list[Sealed] = []
"""Every encrypted column; complete once `infra/schema.py` is imported."""


def sealed(table: Table, column: str, place: Callable[[Row[Any]], str]) -> None:
    """Register an encrypted column beside its table."""
    SEALED.append(Sealed(table, column, place))

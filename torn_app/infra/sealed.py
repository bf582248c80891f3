"""What is stored encrypted: each table says so of its own column, so that changing the key can leave nothing out.

A test refuses a binary column that is neither registered here nor known to be public.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, func

LOST = b"\x00"
"""Put before a value whose TORN_SECRET_KEY is lost (`launch/rotation.py`): it stays, should the key be found."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of the companies' tables whose bytes `crypto.encrypt` made."""

    table: Table
    column: str
    place: Callable[[Row[Any]], str]
    """The place a row's bytes were encrypted for."""
    when_lost: Mapping[str, object] = field(default_factory=dict)
    """What else to write in a row whose bytes nobody can open any more."""


SEALED: list[Sealed] = []
"""Every encrypted column; complete once `infra/schema.py` is imported."""


def sealed(
    table: Table, column: str, place: Callable[[Row[Any]], str], when_lost: Mapping[str, object] | None = None
) -> None:
    """Register an encrypted column beside its table."""
    SEALED.append(Sealed(table, column, place, when_lost or {}))


def is_kept(column: ColumnElement[bytes]) -> ColumnElement[bool]:
    """Return the condition that a value was not given up as lost."""
    return func.get_byte(column, 0) != LOST[0]

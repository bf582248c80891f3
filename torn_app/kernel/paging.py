"""Pages of a list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted: what follows the row `after`, skip `skip` rows, then at most `limit`."""

    skip: int = 0
    limit: int | None = None
    """None: all."""
    after: int | None = None
    """Id of the last row already seen: pages by key instead of by counting."""
    count: bool = False
    """Whether the number of rows of the whole list is wanted too."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A part of a list. `total` is the size of the whole list, when it was asked for."""

    rows: list[T]
    total: int | None = None

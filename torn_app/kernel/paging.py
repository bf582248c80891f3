"""Pages of a list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted: skip `skip` rows, then at most `limit` (None = all)."""

    skip: int = 0
    limit: int | None = None

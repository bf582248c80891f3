"""Searching by any part of a word, among a hundred thousand rows, with what every PostgreSQL has.

A searched column holds folded text (kernel/text.py). Its index lists the pieces of two and three letters each text is
made of (`public.torn_grams`); a search asks for rows that have all pieces of what was typed, then looks at the text
itself. A single letter is in nearly everything: the first rows of a list have it, no index needed.
"""

from typing import Any

from sqlalchemy import ColumnElement, Index, Text, bindparam, func, text
from sqlalchemy.dialects.postgresql import ARRAY

from torn_app.kernel.text import like_pattern

_LONGEST = 3
"""Letters of a piece. What is typed shorter is looked for as it is, from two letters on."""


def grams_index(table: str) -> Index:
    """Return the index that `contains` uses, for a table's column `search_text`."""
    return Index(
        f"ix_{table}_search_grams",
        text("public.torn_grams(search_text)"),
        postgresql_using="gin",
        # Entries go straight into the index: a search right after a large import is as fast as any.
        postgresql_with={"fastupdate": "off"},
    )


def contains(column: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    """Return the condition that a folded `part` is somewhere in a column with a `grams_index`.

    What is looked for stands in the statement itself (quoted by SQLAlchemy): a statement prepared for any word would
    be planned without knowing whether the word is in ten rows or in half of them.
    """
    pattern = bindparam(None, like_pattern(part), Text, literal_execute=True)
    found: ColumnElement[bool] = column.like(pattern, escape="\\")
    pieces = grams(part)
    if not pieces:
        return found
    return (
        func.public.torn_grams(column, type_=ARRAY(Text)).contains(
            bindparam(None, pieces, ARRAY(Text), literal_execute=True)
        )
        & found
    )


def grams(part: str) -> list[str]:
    """Return the pieces a text must have to contain `part`."""
    size = min(_LONGEST, len(part))
    if size < 2:
        return []
    return sorted({part[place : place + size] for place in range(len(part) - size + 1)})

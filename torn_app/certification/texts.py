"""Lines of a test text and their cells, which are set apart by tabs or by several spaces."""

import re
from typing import Final

from torn_app.certification.errors import SetRefused
from torn_app.dte.textos import clean_text

Line = tuple[int, str]
"""Number in the file, from 1, and text."""
RULE: Final = re.compile(r"={3,}|-{3,}")
_APART = re.compile(r"\t+| {2,}")


def joined(line: str) -> str:
    """Return a line with single spaces."""
    return " ".join(line.split())


def cells(line: str) -> list[str]:
    """Return the cells of a line: tabs and runs of spaces part them."""
    return [cell.strip() for cell in _APART.split(line) if cell.strip()]


def row(line: str, columns: int) -> list[str] | None:
    """Return the cells of a row of a table with so many columns, None when it has others.

    Tabs alone part them first: the name of a thing may have more than one space inside.
    """
    tabbed = [joined(cell) for cell in line.split("\t") if cell.strip()]
    for found in (tabbed, cells(line)):
        if len(found) == columns:
            return found
    return None


def verbatim(number: int, line: str, kind: str, cell: str) -> str:
    """Return a text that a document can carry as it is: the tax service compares it with its own.

    `kind` is a key of `textos.LARGOS`. Raises SetRefused when it would be cut or a character replaced.
    """
    if clean_text(cell, kind) != cell:
        raise SetRefused(number, "el texto no cabe tal cual en un documento", line)
    return cell

"""Text: what people type, made searchable and clean."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` for searching: lower case, no accents, single spaces. `Ñandú  AZUL` becomes `nandu azul`."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def clean(text: str) -> str:
    """Return typed text in NFC, without control characters, spaces collapsed and trimmed."""
    visible = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return " ".join(visible.split())


def like_pattern(text: str) -> str:
    """Return `%text%` for SQL LIKE with the wildcards of `text` escaped by a backslash."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

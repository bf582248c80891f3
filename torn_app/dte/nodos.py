"""Writing elements: a line break after each tag, nothing for what has no value."""

from torn_app.dte.textos import escape


def tag(name: str, value: object) -> str:
    """Return an element with its line break; nothing when there is no value. Only text needs escaping."""
    if value is None:
        return ""
    if isinstance(value, str):
        value = escape(value)
    return f"<{name}>{value}</{name}>\n"


def group(name: str, content: str) -> str:
    """Return an element around others; nothing when there are none."""
    return f"<{name}>\n{content}</{name}>\n" if content else ""

"""Icons: Lucide, named one by one so that only those in use reach the browser.

A Var as icon name would pull in a loader of all of them; use `rx.match` over a known set instead, as `mark` does.
"""

import reflex as rx

_CLASS = {16: "i i-16", 18: "i i-18", 20: "i", 24: "i i-24", 28: "i i-28"}

MARKS: dict[str, tuple[str, str]] = {
    "box": ("package", "tint-jade"),
    "tools": ("hammer", "tint-orange"),
    "water": ("droplets", "tint-blue"),
    "light": ("lightbulb", "tint-amber"),
    "paint": ("paint-roller", "tint-plum"),
    "hand": ("hand", "tint-bronze"),
    "garden": ("sprout", "tint-jade"),
    "fire": ("flame", "tint-bronze"),
    "drink": ("cup-soda", "tint-sky"),
    "food": ("utensils", "tint-orange"),
    "clothes": ("shirt", "tint-violet"),
    "book": ("book-open", "tint-blue"),
    "health": ("heart-pulse", "tint-plum"),
    "pet": ("paw-print", "tint-bronze"),
    "service": ("handshake", "tint-violet"),
    "lock": ("lock", "tint-sky"),
}
"""Category mark -> (icon, tint). The mark is a quiet landmark on a tile, not decoration."""


def icon(name: str, size: int = 20, extra: str = "") -> rx.Component:
    """Draw one icon, hidden from screen readers: the words beside it say the same."""
    return rx.icon(name, class_name=f"{_CLASS[size]} {extra}".strip(), custom_attrs={"aria-hidden": "true"})


def mark(key: rx.Var | str) -> rx.Component:
    """Draw the 32 px category mark of a tile; an unknown key gets the box."""
    if isinstance(key, str):
        name, tint = MARKS.get(key, MARKS["box"])
        return rx.el.span(icon(name, 18), class_name=f"tile-mark {tint}")
    drawn = [
        (known, rx.el.span(icon(name, 18), class_name=f"tile-mark {tint}")) for known, (name, tint) in MARKS.items()
    ]
    return rx.match(key, *drawn, drawn[0][1])


def logo() -> rx.Component:
    """Draw the brand: a torn ticket with a T, in the colours of the theme."""
    return rx.el.svg(
        rx.el.path(
            d="M6 3h20a3 3 0 0 1 3 3v21.2l-3.25-2.4-3.25 2.4-3.25-2.4L16 27.2l-3.25-2.4-3.25 2.4-3.25-2.4L3 27.2V6a3 3 "
            "0 0 1 3-3Z",
            fill="var(--jade-9)",
        ),
        rx.el.path(d="M9.5 10h13M16 10v9", stroke="var(--jade-contrast)", stroke_width="3", stroke_linecap="round"),
        view_box="0 0 32 32",
        custom_attrs={"aria-hidden": "true"},
    )

"""Buttons and key hints. A press shows in the browser at once (CSS); a second press while busy does nothing."""

from typing import Any, Literal

import reflex as rx

from torn_app.ui.icons import icon

Kind = Literal["outline", "primary", "soft", "ghost", "danger"]
Size = Literal["m", "l", "xl"]


def classes(*names: str | None) -> str:
    """Join class names, leaving the empty ones out."""
    return " ".join(name for name in names if name)


def key_hint(key: str | rx.Var) -> rx.Component:
    """Show the key of an action. Hidden on touch screens; the action itself carries `data-key`."""
    return rx.el.kbd(key, custom_attrs={"aria-hidden": "true"})


def attrs(key: str | None = None, **named: Any) -> dict[str, Any]:
    """Build `custom_attrs`: `data-key` when there is one, and `name_like_this` turned into `name-like-this`."""
    found = {name.replace("_", "-"): value for name, value in named.items() if value is not None}
    return {**found, **({"data-key": key} if key else {})}


def button(
    label: str | rx.Var | rx.Component,
    *,
    kind: Kind = "outline",
    size: Size = "m",
    icon_name: str | None = None,
    key: str | None = None,
    key_label: str | None = None,
    busy: rx.Var | bool | None = None,
    busy_label: str = "",
    block: bool = False,
    extra: str = "",
    **props: Any,
) -> rx.Component:
    """Draw a button of 44 (m), 48 (l) or 64 px (xl).

    Args:
        label: what it does, a verb.
        kind: one primary per view.
        key: key of the keyboard map that presses it (`F9`, `Control+Enter`); shown as `key_label` or itself.
        busy: while true the label gives way to `busy_label` and presses are ignored. As a Var the browser also sets
            it the moment it is pressed, before the server answers; the handler then sets it true and false again
            with a `yield` between (assets/js/press.js).
    """
    ready = [
        icon(icon_name, 24 if size == "xl" else 20) if icon_name else None,
        label,
        key_hint(key_label or key) if key else None,
    ]
    children: list[Any] = [part for part in ready if part is not None]
    if busy is not None or busy_label:
        children = [
            rx.el.span(*children, class_name="when-ready row"),
            rx.el.span(icon("loader-circle", 20, "spin"), busy_label or label, class_name="when-busy"),
        ]
    custom = {**attrs(key), **props.pop("custom_attrs", {})}
    if busy is not None:
        custom["aria-busy"] = (
            rx.cond(busy, "true", "false") if isinstance(busy, rx.Var) else ("true" if busy else "false")
        )
        if isinstance(busy, rx.Var):
            custom["data-busy"] = ""
    names = classes(
        "btn",
        f"btn-{kind}" if kind != "outline" else None,
        f"btn-{size}" if size != "m" else None,
        "btn-block" if block else None,
        extra,
    )
    return rx.el.button(*children, type=props.pop("type", "button"), class_name=names, custom_attrs=custom, **props)


def icon_button(
    name: str, label: str | rx.Var, *, size: Size = "m", kind: Kind = "ghost", **props: Any
) -> rx.Component:
    """Draw a square button whose only content is an icon; `label` is what a screen reader says."""
    key = props.pop("key_shortcut", None)
    extra = props.pop("extra", "")
    custom = {**attrs(key), "aria-label": label, **props.pop("custom_attrs", {})}
    names = classes(
        "btn btn-icon", f"btn-{kind}" if kind != "outline" else None, f"btn-{size}" if size != "m" else None, extra
    )
    return rx.el.button(icon(name), type="button", class_name=names, custom_attrs=custom, **props)


def text_button(
    label: str | rx.Var | rx.Component,
    *,
    icon_name: str | None = None,
    key: str | None = None,
    key_label: str | None = None,
    **props: Any,
) -> rx.Component:
    """Draw an action that looks like a link, still 44 px high."""
    parts = [icon(icon_name) if icon_name else None, label, key_hint(key_label or key) if key else None]
    custom = {**attrs(key), **props.pop("custom_attrs", {})}
    return rx.el.button(
        *[p for p in parts if p is not None], type="button", class_name="link", custom_attrs=custom, **props
    )


def link_button(
    label: str | rx.Var, href: str | rx.Var, *, kind: Kind = "outline", icon_name: str | None = None, **props: Any
) -> rx.Component:
    """Draw a link that looks like a button: for going somewhere (a page, a PDF). With `download` it takes a file."""
    names = classes("btn", f"btn-{kind}" if kind != "outline" else None, props.pop("extra", ""))
    if props.get("download"):
        props["reload_document"] = True  # or the router takes the address for one of its pages
    return rx.el.a(*([icon(icon_name)] if icon_name else []), label, href=href, class_name=names, **props)

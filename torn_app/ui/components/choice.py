"""Choosing: chips, option tiles, stepper. Arrows move inside a radio group (assets/js/choice.js)."""

from typing import Any

import reflex as rx

from torn_app.ui.components.controls import attrs, classes, key_hint
from torn_app.ui.icons import icon


def chip(
    label: str | rx.Var,
    *,
    pressed: rx.Var | bool,
    count: rx.Var | int | None = None,
    bad: bool = False,
    large: bool = False,
    **props: Any,
) -> rx.Component:
    """Draw a filter that is on or off, with how many rows it holds. `bad` marks the count as something to act on."""
    return rx.el.button(
        label,
        *([rx.el.span(count, class_name="chip-n")] if count is not None else []),
        type="button",
        class_name=classes("chip", "chip-bad" if bad else None, "chip-l" if large else None),
        custom_attrs={"aria-pressed": _flag(pressed)},
        **props,
    )


def chips(*children: rx.Component, label: str, extra: str = "") -> rx.Component:
    """Group chips in one row that scrolls sideways when it must."""
    return rx.el.div(
        *children,
        role="group",
        class_name=classes("chips", extra),
        custom_attrs={"aria-label": label, "data-keep-visible": ""},
    )


def option_tile(
    label: str | rx.Var,
    *,
    icon_name: str | rx.Component,
    checked: rx.Var | bool,
    note: str | rx.Var = "",
    key: str | rx.Var | None = None,
    disabled: rx.Var | bool = False,
    column: bool = False,
    **props: Any,
) -> rx.Component:
    """Draw one of a few large choices (document, way to pay). A disabled one says why in `note` and stays focusable.

    The handler must refuse a disabled choice too: the browser drops its presses, a hostile one would not.
    """
    has_note = isinstance(note, rx.Var) or bool(note)
    shown = rx.cond(note != "", rx.el.small(note)) if isinstance(note, rx.Var) else rx.el.small(note)
    return rx.el.button(
        icon(icon_name, 28) if isinstance(icon_name, str) else icon_name,
        rx.el.span(label, *([shown] if has_note else [])),
        *([key_hint(key)] if key is not None else []),
        type="button",
        role="radio",
        tab_index=rx.cond(checked, 0, -1) if isinstance(checked, rx.Var) else (0 if checked else -1),
        class_name=classes("option", "option-col" if column else None),
        custom_attrs={
            **attrs(data_key=key),
            "aria-checked": _flag(checked),
            "aria-disabled": _flag(disabled),
            **props.pop("custom_attrs", {}),
        },
        **props,
    )


def option_group(*children: rx.Component, label: str, columns: int = 2) -> rx.Component:
    """Group option tiles: one is chosen. `columns` is 2 (document) or 5 (ways to pay)."""
    return rx.el.div(*children, role="radiogroup", class_name=f"options-{columns}", custom_attrs={"aria-label": label})


def stepper(
    value: rx.Var | int | str,
    *,
    label: str | rx.Var,
    on_minus: Any = None,
    on_plus: Any = None,
    input_props: dict[str, Any] | None = None,
    keys: bool = False,
) -> rx.Component:
    """Draw minus, number, plus; each key 48 px. With `input_props` the number can be typed, else it is only shown.

    `keys`: the + and - of the keyboard press it (one such stepper per view).
    """
    middle = (
        rx.el.input(
            type="text",
            auto_complete="off",
            custom_attrs={
                "aria-label": label,
                "inputmode": "decimal",
                "data-typing": "",
                **input_props.pop("custom_attrs", {}),
            },
            **{"default_value": value, **input_props},
        )
        if input_props is not None
        else rx.el.output(value)
    )
    return rx.el.div(
        rx.el.button(
            icon("minus"),
            type="button",
            on_click=on_minus,
            custom_attrs={"aria-label": "Restar uno", "data-step": "-1", **attrs("-" if keys else None)},
        ),
        middle,
        rx.el.button(
            icon("plus"),
            type="button",
            on_click=on_plus,
            custom_attrs={"aria-label": "Sumar uno", "data-step": "1", **attrs("+" if keys else None)},
        ),
        role="group",
        class_name="stepper",
        custom_attrs={"aria-label": label},
    )


def _flag(value: rx.Var | bool) -> Any:
    return rx.cond(value, "true", "false") if isinstance(value, rx.Var) else ("true" if value else "false")

"""Form fields: label above, error beside, paste and password managers untouched.

A field keeps its text in the browser (`default_value`); the form hands all of it over at once on submit, or the field
sends itself on blur. To write a new text into it from the server, give it another `key`.
"""

from typing import Any, Literal

import reflex as rx

from torn_app.ui.components.controls import classes, key_hint
from torn_app.ui.icons import icon

BoxSize = Literal["m", "l", "xl"]


def field(
    control: rx.Component,
    *,
    label: str,
    field_id: str,
    hint: str | rx.Var = "",
    error: rx.Var | str = "",
    optional: bool = False,
    till: bool = False,
) -> rx.Component:
    """Wrap a control with its label, hint and error. The ids are `<field_id>-hint` and `<field_id>-error`."""
    label_parts: list[Any] = [label, rx.el.span(" opcional")] if optional else [label]
    shown_error = rx.el.p(icon("circle-alert"), rx.el.span(error), id=f"{field_id}-error", class_name="field-error")
    shown_hint = rx.el.p(hint, id=f"{field_id}-hint", class_name="field-hint") if _given(hint) else rx.fragment()
    below = (
        rx.cond(error != "", shown_error, shown_hint)
        if isinstance(error, rx.Var)
        else (shown_error if error else shown_hint)
    )
    return rx.el.div(
        rx.el.label(*label_parts, html_for=field_id, class_name="field-label"),
        control,
        rx.el.div(below, custom_attrs={"aria-live": "polite"}) if _given(error) or _given(hint) else rx.fragment(),
        class_name=classes("field", "field-till" if till else None),
    )


def text_field(
    label: str,
    name: str,
    *,
    field_id: str = "",
    hint: str | rx.Var = "",
    error: rx.Var | str = "",
    optional: bool = False,
    till: bool = False,
    size: BoxSize = "m",
    icon_name: str | None = None,
    after: rx.Component | None = None,
    box_extra: str = "",
    **props: Any,
) -> rx.Component:
    """Draw a labelled text input. `name` is its key in the form data; further props go to the `input`."""
    own_id = field_id or f"f-{name}"
    control = rx.el.div(
        *([icon(icon_name)] if icon_name else []),
        rx.el.input(
            id=own_id,
            name=name,
            custom_attrs={**_described(own_id, hint, error), **props.pop("custom_attrs", {})},
            **{"type": "text", "auto_complete": "off", **props},
        ),
        *([after] if after else []),
        class_name=classes("box", f"box-{size}" if size != "m" else None, box_extra),
    )
    return field(control, label=label, field_id=own_id, hint=hint, error=error, optional=optional, till=till)


def money_field(label: str, name: str, **props: Any) -> rx.Component:
    """Draw an amount in pesos. The browser writes `$12.990` as digits come (assets/js/money.js); the form data holds
    that text, read with `format.parse_pesos`."""
    return text_field(label, name, box_extra="box-money", **_money_props(props))


def amount_box(prefix: str, *, field_id: str, size: BoxSize = "xl", **props: Any) -> rx.Component:
    """Draw the big amount of the till with its word inside (`Recibido  $20.000`). Target of `keypad(field_id)`."""
    label = props.pop("label", prefix)
    custom = {"aria-label": label, **props.pop("custom_attrs", {})}
    return rx.el.label(
        rx.el.span(prefix, class_name="box-prefix"),
        rx.el.input(id=field_id, **_money_props({**props, "custom_attrs": custom})),
        class_name=f"box box-{size}",
    )


def select_field(
    label: str,
    name: str,
    options: list[tuple[str, str]] | rx.Var,
    *,
    field_id: str = "",
    hint: str | rx.Var = "",
    error: rx.Var | str = "",
    optional: bool = False,
    till: bool = False,
    empty: str = "",
    **props: Any,
) -> rx.Component:
    """Draw a choice of a few known values as the platform's own picker (best on a phone and for a keyboard).

    Args:
        options: pairs (value, words), or a Var of such pairs.
        empty: words of the choice that means none; it is sent as an empty text.
    """
    own_id = field_id or f"f-{name}"
    drawn: list[Any] = [rx.el.option(empty, value="")] if empty else []
    if isinstance(options, rx.Var):
        drawn.append(rx.foreach(options, lambda pair: rx.el.option(pair[1], value=pair[0])))
    else:
        drawn.extend(rx.el.option(words, value=value) for value, words in options)
    control = rx.el.div(
        rx.el.select(*drawn, id=own_id, name=name, custom_attrs=_described(own_id, hint, error), **props),
        class_name="box box-l" if till else "box",
    )
    return field(control, label=label, field_id=own_id, hint=hint, error=error, optional=optional, till=till)


def area_field(
    label: str, name: str, *, hint: str | rx.Var = "", error: rx.Var | str = "", optional: bool = False, **props: Any
) -> rx.Component:
    """Draw a text of several lines."""
    own_id = props.pop("field_id", f"f-{name}")
    control = rx.el.div(
        rx.el.textarea(id=own_id, name=name, custom_attrs=_described(own_id, hint, error), **props),
        class_name="box box-area",
    )
    return field(control, label=label, field_id=own_id, hint=hint, error=error, optional=optional)


def check_field(label: str, name: str, **props: Any) -> rx.Component:
    """Draw a yes/no with its words as part of the target."""
    return rx.el.label(rx.el.input(type="checkbox", name=name, **props), rx.el.span(label), class_name="check")


def search_box(
    placeholder: str,
    *,
    field_id: str,
    label: str = "",
    key: str | None = None,
    key_label: str | None = None,
    size: BoxSize = "m",
    **props: Any,
) -> rx.Component:
    """Draw a search field. Give `on_change=handler.debounce(250)`; `key` (`F2 /`) focuses it."""
    custom = {"aria-label": label or placeholder, **({"data-key": key} if key else {}), **props.pop("custom_attrs", {})}
    return rx.el.label(
        icon("search"),
        rx.el.input(
            id=field_id,
            type="search",
            placeholder=placeholder,
            auto_complete="off",
            spell_check=False,
            custom_attrs={"enterkeyhint": "search", **custom},
            **props,
        ),
        *([key_hint(key_label or key)] if key else []),
        class_name=classes("box", f"box-{size}" if size != "m" else None),
    )


def more(summary: str, *children: rx.Component) -> rx.Component:
    """Fold the rest of a form under one word (`Más`)."""
    return rx.el.details(
        rx.el.summary(icon("chevron-right"), summary), rx.el.div(*children, class_name="form"), class_name="more"
    )


def _given(text: Any) -> bool:
    return isinstance(text, rx.Var) or bool(text)


def _described(own_id: str, hint: Any, error: Any) -> dict[str, Any]:
    if isinstance(error, rx.Var):
        wrong: Any = error != ""
        told: Any = rx.cond(wrong, f"{own_id}-error", f"{own_id}-hint" if _given(hint) else "")
        return {"aria-invalid": rx.cond(wrong, "true", "false"), "aria-describedby": told}
    if error:
        return {"aria-invalid": "true", "aria-describedby": f"{own_id}-error"}
    return {"aria-describedby": f"{own_id}-hint"} if _given(hint) else {}


def _money_props(props: dict[str, Any]) -> dict[str, Any]:
    custom = {"data-money": "", "inputmode": "numeric", **props.pop("custom_attrs", {})}
    return {"type": "text", "auto_complete": "off", **props, "custom_attrs": custom}

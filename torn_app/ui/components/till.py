"""The till: product tile, ticket line, pay bar, keypad, change. Sizes are fixed: what a hand learned never moves."""

from typing import Any

import reflex as rx

from torn_app.ui.components.choice import stepper
from torn_app.ui.components.controls import button, classes, icon_button, key_hint
from torn_app.ui.icons import icon, mark


def tile(
    name: str | rx.Var,
    price: str | rx.Var,
    *,
    category: rx.Var | str = "box",
    count: rx.Var | str = "",
    unit: rx.Var | str = "",
    tag: rx.Var | str = "",
    out: rx.Var | bool = False,
    extra: str = "",
    **props: Any,
) -> rx.Component:
    """Draw a product. All texts come ready-made (`$4.290`, `Quedan 4`, `Agotado`).

    Args:
        category: key of `icons.MARKS`.
        count: how many are in the ticket (`3`, `✓` for weighed goods); takes the place of the mark when not empty.
        unit: `/kg` after the price.
        out: out of stock: greyed, still focusable; the handler refuses it.
    """
    names = classes("tile", extra)
    if isinstance(count, rx.Var) or isinstance(out, rx.Var):
        class_name: Any = rx.cond(out, f"{names} is-out", rx.cond(count != "", f"{names} is-in", names))
    else:
        class_name = classes(names, "is-out" if out else None, "is-in" if count and not out else None)
    return rx.el.button(
        rx.el.span(name, class_name="tile-name"),
        _when(tag, rx.el.span(tag, class_name=_pick(out, "tile-tag", "tile-tag tile-tag-low"))),
        rx.el.span(price, _when(unit, rx.el.small(" ", unit)), class_name="tile-price"),
        _when(count, rx.el.span(count, class_name="tile-count"), mark(category)),
        type="button",
        class_name=class_name,
        title=name,
        custom_attrs={"aria-disabled": _pick(out, "true", "false"), **props.pop("custom_attrs", {})},
        **props,
    )


def ticket_line(
    name: str | rx.Var,
    detail: str | rx.Var,
    total: str | rx.Var,
    *,
    discount: str | rx.Var = "",
    is_open: rx.Var | bool = False,
    is_new: rx.Var | bool = False,
    quantity: rx.Var | str = "1",
    on_open: Any = None,
    on_minus: Any = None,
    on_plus: Any = None,
    on_edit: Any = None,
    on_remove: Any = None,
) -> rx.Component:
    """Draw a line of the ticket; the chosen one opens its tools, a new one flashes once.

    Args:
        detail: `3 × $1.990`.
        discount: `descuento 10 %`, shown after the detail.
    """
    off = _when(discount, rx.el.span(" · ", discount, class_name="line-off"))
    text = [
        rx.el.span(name, class_name="line-name"),
        rx.el.span(detail, off, class_name="line-qty"),
        rx.el.span(total, class_name="line-total"),
    ]
    closed = rx.el.button(*text, type="button", class_name=_pick(is_new, "line is-new", "line"), on_click=on_open)
    opened = rx.el.div(
        *text,
        rx.el.div(
            stepper(quantity, label="Cantidad", on_minus=on_minus, on_plus=on_plus, keys=True),
            rx.el.button(
                icon("pencil", 20, "i-edit"),
                "Editar",
                type="button",
                class_name="btn btn-l grow",
                on_click=on_edit,
                custom_attrs={"data-key": "F6"},
            ),
            icon_button(
                "trash-2",
                f"Quitar {name}" if isinstance(name, str) else rx.Var.create("Quitar ") + name,
                size="l",
                kind="outline",
                on_click=on_remove,
                key_shortcut="F7",
            ),
            class_name="line-tools",
        ),
        class_name=_pick(is_new, "line is-open is-new", "line is-open"),
        custom_attrs={"aria-current": "true", "data-show": ""},
    )
    return _pick(is_open, opened, closed)


def pay_bar(
    label: str | rx.Var,
    *,
    key: str | None = "F9",
    key_label: str | None = None,
    busy: rx.Var | bool = False,
    busy_label: str = "Emitiendo",
    blocked: rx.Var | str = "",
    why_id: str = "why",
    **props: Any,
) -> rx.Component:
    """Draw the pay button, full width. While `blocked` holds a reason it shows above and the button does nothing.

    With a Var as `busy` the browser shows `busy_label` the moment it is pressed, so a second press never leaves
    (assets/js/press.js). The handler must say so too: `self.busy = True`, `yield`, the work, `self.busy = False`; a
    handler that never touches `busy` leaves the button waiting for 8 s.
    """
    stopped: Any = (blocked != "") if isinstance(blocked, rx.Var) else bool(blocked)
    bar = rx.el.button(
        rx.el.span(label, *([key_hint(key_label or key)] if key else []), class_name="when-ready"),
        rx.el.span(icon("loader-circle", 24, "spin"), busy_label, class_name="when-busy"),
        type=props.pop("type", "button"),
        class_name=classes("pay", props.pop("extra", "")),
        custom_attrs={
            "aria-busy": _pick(busy, "true", "false"),
            "aria-disabled": _pick(stopped, "true", "false"),
            "aria-describedby": _pick(stopped, why_id, ""),
            **({"data-busy": ""} if isinstance(busy, rx.Var) else {}),
            **({"data-key": key} if key else {}),
            **props.pop("custom_attrs", {}),
        },
        **props,
    )
    reason = rx.el.p(icon("circle-alert", 24), rx.el.span(blocked), id=why_id, role="status", class_name="why")
    return rx.fragment(_pick(stopped, reason, rx.fragment()), bar)


def pay_dock(count: str | rx.Var, amount: str | rx.Var, **props: Any) -> rx.Component:
    """Draw the bar of the phone that opens the ticket: `5 productos · Cobrar $17.987`."""
    return rx.el.div(
        rx.el.button(
            rx.el.span(
                rx.el.span(count, class_name="pay-count"),
                rx.el.span("Cobrar ", amount, icon("chevron-right", 24), class_name="pay-amount"),
                class_name="when-ready",
            ),
            type="button",
            class_name="pay pay-split",
            **props,
        ),
        class_name="pay-dock",
    )


def pick(
    label: str,
    value: str | rx.Var,
    *,
    icon_name: str | None = None,
    key: str | None = None,
    caret: bool = False,
    **props: Any,
) -> rx.Component:
    """Draw a small labelled choice on top of the ticket (document, customer)."""
    return rx.el.button(
        rx.el.span(label, *([key_hint(key)] if key else []), class_name="pick-label"),
        rx.el.span(
            *([icon(icon_name)] if icon_name else []),
            rx.el.span(value),
            *([icon("chevron-down", 18)] if caret else []),
            class_name="pick-value",
        ),
        type="button",
        class_name=classes("pick", props.pop("extra", "")),
        custom_attrs={"data-key": key} if key else {},
        **props,
    )


def total_row(value: str | rx.Var, note: str | rx.Var, label: str = "Total") -> rx.Component:
    """Draw the grand total of the ticket."""
    return rx.el.div(
        rx.el.span(rx.el.b(label, class_name="total-label"), rx.el.span(note, class_name="total-note")),
        rx.el.strong(value, class_name="total-value"),
        class_name="total",
    )


def keypad(field_id: str) -> rx.Component:
    """Draw the keypad of an amount. Keys write into the input `field_id` in the browser; its own debounced `on_change`
    tells the server once."""
    keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "000", "0"]
    back = rx.el.button(
        icon("delete", 28), type="button", custom_attrs={"data-pad": "back", "aria-label": "Borrar la última cifra"}
    )
    return rx.el.div(
        *[rx.el.button(key, type="button", custom_attrs={"data-pad": key}) for key in keys],
        back,
        role="group",
        class_name="keypad",
        custom_attrs={"data-pad-for": field_id, "aria-label": "Teclado de montos"},
    )


def note_button(
    label: str, amount: str | rx.Var, *, field_id: str, pressed: rx.Var | bool = False, key: str | None = None
) -> rx.Component:
    """Draw a suggested note (`$20.000`, `Exacto`): fills the amount `field_id` in the browser, as if typed."""
    return button(
        label,
        key=key,
        custom_attrs={"data-fill": amount, "data-fill-for": field_id, "aria-pressed": _pick(pressed, "true", "false")},
    )


def change_box(label: str | rx.Var, value: str | rx.Var, *, short: rx.Var | bool = False) -> rx.Component:
    """Draw the giant `Vuelto $2.010` or, when `short`, `Falta $1.250`."""
    return rx.el.div(
        rx.el.b(label, class_name="change-label"),
        rx.el.strong(value, class_name="change-value"),
        role="status",
        class_name=_pick(short, "change change-short", "change"),
    )


def step_head(number: int, title: str, *, note: str | rx.Var = "", action: rx.Component | None = None) -> rx.Component:
    """Head one of the three steps of the checkout."""
    return rx.el.div(
        rx.el.span(str(number), class_name="step-n", custom_attrs={"aria-hidden": "true"}),
        rx.el.h2(title),
        _when(note, rx.el.span(note, class_name="step-note")),
        *([action] if action else []),
        class_name="step-head",
    )


def _when(text: Any, shown: rx.Component, otherwise: rx.Component | None = None) -> rx.Component:
    other = otherwise if otherwise is not None else rx.fragment()
    if isinstance(text, rx.Var):
        return rx.cond(text != "", shown, other)
    return shown if text else other


def _pick(condition: Any, yes: Any, no: Any) -> Any:
    if isinstance(condition, rx.Var):
        return rx.cond(condition, yes, no)
    return yes if condition else no

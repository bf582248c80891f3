"""What stands over or beside a page: side panel, sheet, dialog, tabs. Focus is held and given back by Radix."""

from typing import Any

import reflex as rx
from reflex_components_radix.primitives.dialog import dialog as radix_dialog

from torn_app.ui.components.controls import classes, icon_button


def side_panel(
    title: Any,
    *body: rx.Component,
    on_close: Any,
    label: str | rx.Var,
    head: rx.Component | None = None,
    foot: list[rx.Component] | None = None,
    extra_actions: list[rx.Component] | None = None,
) -> rx.Component:
    """Draw the panel of a list row: title, close (Esc), tabs as `head`, scrolling body, actions fixed at the foot."""
    return rx.el.aside(
        rx.el.header(
            rx.el.div(
                rx.el.h2(title, class_name="h2 grow"),
                *(extra_actions or []),
                icon_button("x", "Cerrar, tecla Esc", on_click=on_close, key_shortcut="Escape"),
                class_name="row",
            ),
            *([head] if head else []),
            class_name="side-head",
        ),
        rx.el.div(*body, class_name="side-body", tab_index=0, role="group", custom_attrs={"aria-label": label}),
        rx.el.footer(*(foot or []), class_name="side-foot") if foot else rx.fragment(),
        class_name="side",
        custom_attrs={"aria-label": label},
    )


def sheet(
    *body: Any,
    title: str | rx.Var,
    is_open: rx.Var | bool,
    on_open_change: Any,
    tall: bool = False,
    padded: bool = True,
) -> rx.Component:
    """Draw a sheet from the bottom edge (phone: ticket, keypad). Esc, the scrim and the cross close it."""
    content = rx.el.div(*body, class_name="sheet-body") if padded else rx.fragment(*body)
    return _overlay(
        rx.el.div(class_name="sheet-grab"),
        rx.el.div(
            radix_dialog.title(title),
            radix_dialog.close(icon_button("x", "Cerrar", size="l"), as_child=True),
            class_name="sheet-head",
        ),
        content,
        class_name=classes("sheet", "sheet-tall" if tall else None),
        is_open=is_open,
        on_open_change=on_open_change,
    )


def dialog(*body: Any, title: str | rx.Var, is_open: rx.Var | bool, on_open_change: Any) -> rx.Component:
    """Draw a question or a short form over the page; a sheet on a phone. Its actions are a `div.form-actions`."""
    return _overlay(
        rx.el.div(
            radix_dialog.title(title),
            radix_dialog.close(icon_button("x", "Cerrar"), as_child=True),
            class_name="dialog-head",
        ),
        *body,
        class_name="dialog",
        is_open=is_open,
        on_open_change=on_open_change,
    )


def tabs(*items: rx.Component, label: str) -> rx.Component:
    """Group the tabs of a panel. Arrows move between them (assets/js/choice.js)."""
    return rx.el.div(*items, role="tablist", class_name="tabs", custom_attrs={"aria-label": label})


def tab(label: Any, *, selected: rx.Var | bool, count: rx.Var | int | None = None, **props: Any) -> rx.Component:
    """Draw one tab; give `on_click`."""
    chosen = rx.cond(selected, "true", "false") if isinstance(selected, rx.Var) else ("true" if selected else "false")
    index = rx.cond(selected, 0, -1) if isinstance(selected, rx.Var) else (0 if selected else -1)
    return rx.el.button(
        label,
        *([rx.el.span(count, class_name="num")] if count is not None else []),
        type="button",
        role="tab",
        tab_index=index,
        class_name="tab",
        custom_attrs={"aria-selected": chosen, **props.pop("custom_attrs", {})},
        **props,
    )


def facts(*pairs: tuple[Any, Any]) -> rx.Component:
    """List name and value pairs, value on the right."""
    return rx.el.dl(*[part for name, value in pairs for part in (rx.el.dt(name), rx.el.dd(value))], class_name="facts")


def section(*children: Any, title: str = "") -> rx.Component:
    """Group part of a panel, with a hairline below."""
    return rx.el.div(*([rx.el.h3(title)] if title else []), *children, class_name="section")


def _overlay(*children: Any, class_name: str, is_open: Any, on_open_change: Any) -> rx.Component:
    # Overlay and content land in <body>, outside Radix's theme: what is inside uses our own classes only.
    return radix_dialog.root(
        radix_dialog.portal(
            radix_dialog.overlay(class_name="scrim"),
            radix_dialog.content(
                *children, class_name=class_name, custom_attrs={"aria-describedby": rx.Var("undefined")}
            ),
        ),
        open=is_open,
        on_open_change=on_open_change,
    )

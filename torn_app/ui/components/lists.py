"""One pattern for every list: toolbar, table whose rows open a side panel, and the way to more rows."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from torn_app.ui.components.controls import button, classes
from torn_app.ui.icons import icon


def list_page(
    *body: rx.Component,
    title: str,
    actions: rx.Component | None = None,
    side: rx.Component | rx.Var | None = None,
    side_open: rx.Var | bool = False,
) -> rx.Component:
    """Lay out a list with its side panel: beside it from 1280 px up, over it below, a sheet on a phone.

    Use it inside `shell(..., fixed=True)`.
    """
    has_side = (
        rx.cond(side_open, "list has-side list-narrow", "list")
        if isinstance(side_open, rx.Var)
        else classes("list", "has-side list-narrow" if side_open else None)
    )
    shown = rx.cond(side_open, side) if isinstance(side_open, rx.Var) else (side if side_open else None)
    return rx.el.div(
        rx.el.section(
            rx.el.div(rx.el.h1(title, class_name="h1 grow"), *([actions] if actions else []), class_name="page-head"),
            *body,
            class_name="list-body",
        ),
        *([shown] if shown is not None else []),
        class_name=has_side,
    )


def toolbar(*children: rx.Component) -> rx.Component:
    """Group search, chips and the main actions of a list."""
    return rx.el.div(*children, class_name="tools")


def column(title: str, *, right: bool = False, wide_only: bool = False) -> rx.Component:
    """Draw a column head."""
    return rx.el.th(
        title, scope="col", class_name=classes("right" if right else None, "wide-only" if wide_only else None)
    )


def table(columns: list[rx.Component], *rows: rx.Component, caption: str) -> rx.Component:
    """Draw a table; on a phone each row turns into two lines. `caption` is read aloud, not shown."""
    return rx.el.table(
        rx.el.caption(caption, class_name="sr-only"),
        rx.el.thead(rx.el.tr(*columns)),
        rx.el.tbody(*rows),
        class_name="table",
    )


def row(*cells: rx.Component, selected: rx.Var | bool = False, **props: Any) -> rx.Component:
    """Draw a row of 56 px. Its first cell holds a `row_link`, which the whole row presses."""
    name = rx.cond(selected, "is-open", "") if isinstance(selected, rx.Var) else ("is-open" if selected else "")
    return rx.el.tr(*cells, class_name=name, **props)


def row_link(*content: Any, selected: rx.Var | bool = False, **props: Any) -> rx.Component:
    """Open a row: give `to` (an address) or `on_click` (side panel), and words that name it."""
    current = rx.cond(selected, "true", "false") if isinstance(selected, rx.Var) else ("true" if selected else "false")
    own = props.pop("custom_attrs", {})
    if "to" in props:
        return ReactRouterLink.create(
            *content, class_name="row-link", custom_attrs={"aria-current": current, **own}, **props
        )
    return rx.el.button(
        *content, type="button", class_name="row-link", custom_attrs={"aria-expanded": current, **own}, **props
    )


def cell(
    *content: Any, wide_only: bool = False, money: bool = False, state: bool = False, extra: str = ""
) -> rx.Component:
    """Draw a cell. `wide_only` disappears on a phone, where the first cell repeats it in a `small.only-phone`."""
    names = classes(
        "wide-only" if wide_only else None, "money" if money else None, "cell-state" if state else None, extra
    )
    return rx.el.td(*content, class_name=names)


def phone_line(*content: Any) -> rx.Component:
    """Repeat, under the first cell on a phone, what the hidden columns say."""
    return rx.el.small(*content, class_name="only-phone")


def load_more(shown: rx.Var | str, *, has_more: rx.Var | bool, on_more: Any) -> rx.Component:
    """Say how many rows are shown and offer the next ones. `shown` is words: `11 de 31`."""
    more = button("Ver más", on_click=on_more)
    return rx.el.div(
        rx.el.span(shown, class_name="num"),
        rx.cond(has_more, more) if isinstance(has_more, rx.Var) else (more if has_more else rx.fragment()),
        class_name="list-more",
    )


def csv_link(href: str | rx.Var) -> rx.Component:
    """Offer what is filtered as a CSV file."""
    return rx.el.a(
        icon("download"),
        rx.el.span("Planilla CSV", class_name="not-phone"),
        href=href,
        class_name="btn",
        download=True,
        reload_document=True,  # or the router takes the address for one of its pages
        custom_attrs={"aria-label": "Planilla CSV"},
    )

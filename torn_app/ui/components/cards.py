"""Cards and figures."""

from typing import Any, Literal

import reflex as rx

from torn_app.ui.components.feedback import skeleton
from torn_app.ui.icons import icon


def card(*children: Any, extra: str = "", **props: Any) -> rx.Component:
    """Draw a plain card."""
    return rx.el.div(*children, class_name=f"card {extra}".strip(), **props)


def stat_card(
    label: str,
    value: str | rx.Var,
    *,
    icon_name: str,
    href: str,
    note: Any = "",
    loading: rx.Var | bool = False,
) -> rx.Component:
    """Draw a figure that is a link to the list behind it. The comparison goes in words, in `note`."""
    head = [icon(icon_name), label]
    full = rx.el.a(
        rx.el.span(*head, icon("chevron-right", 20, "stat-go"), class_name="stat-label"),
        rx.el.span(value, class_name="stat-value"),
        rx.el.span(note, class_name="stat-note"),
        href=href,
        class_name="card stat",
    )
    waiting = rx.el.div(
        rx.el.span(*head, class_name="stat-label"),
        skeleton("60%", "32px"),
        skeleton("90%"),
        class_name="card stat",
        custom_attrs={"aria-busy": "true"},
    )
    if isinstance(loading, rx.Var):
        return rx.cond(loading, waiting, full)
    return waiting if loading else full


def gauge(percent: rx.Var | int, *, label: str | rx.Var, tone: Literal["ok", "warn", "bad"] = "ok") -> rx.Component:
    """Draw how much is left of something, 0 to 100. The same must stand in words beside it."""
    return rx.el.div(
        rx.el.span(class_name="gauge-fill", style={"width": f"{percent}%"}),
        class_name=f"gauge gauge-{tone}",
        custom_attrs={
            "role": "meter",
            "aria-label": label,
            "aria-valuenow": percent,
            "aria-valuemin": 0,
            "aria-valuemax": 100,
        },
    )

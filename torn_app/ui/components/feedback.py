"""Saying how things stand: states, alerts, emptiness, waiting."""

from typing import Any, Literal

import reflex as rx

from torn_app.ui.components.controls import classes
from torn_app.ui.icons import icon

Tone = Literal["plain", "info", "ok", "warn", "bad"]

_ALERT_ICON = {"plain": "info", "info": "info", "ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}


def state(
    label: str | rx.Var, *, tone: Tone = "plain", icon_name: str | None = None, large: bool = False
) -> rx.Component:
    """Draw a state: icon and word, never colour alone. In a table the tones plain and ok lose their ground."""
    return rx.el.span(
        icon(icon_name or {"plain": "clock"}.get(tone, _ALERT_ICON[tone]), 16),
        label,
        class_name=classes("state", f"state-{tone}", "state-l" if large else None),
    )


def state_by_tone(label: rx.Var, tone: rx.Var) -> rx.Component:
    """Draw a state whose tone is only known in the browser (`ok`, `warn`, `bad`, anything else is plain)."""
    return rx.match(
        tone,
        ("ok", state(label, tone="ok")),
        ("warn", state(label, tone="warn")),
        ("bad", state(label, tone="bad")),
        state(label),
    )


def alert(
    title: str | rx.Var,
    text: str | rx.Var = "",
    *,
    tone: Tone = "bad",
    action: rx.Component | None = None,
    icon_name: str | None = None,
    **props: Any,
) -> rx.Component:
    """Say what happened, what it means, and what to press. Lives above the buttons of a form, or on top of a page."""
    body: list[Any] = [rx.el.p(title, class_name="alert-title")]
    if isinstance(text, rx.Var):
        body.append(rx.cond(text != "", rx.el.p(text)))
    elif text:
        body.append(rx.el.p(text))
    return rx.el.div(
        icon(icon_name or _ALERT_ICON[tone]),
        rx.el.div(*body, class_name="alert-text"),
        *([action] if action else []),
        role="alert" if tone == "bad" else "status",
        class_name=f"alert alert-{tone}",
        **props,
    )


def alert_of(alert_var: Any) -> rx.Component:
    """Draw the alert of a state made with `ui.base.Calls`, or nothing while it has no title."""
    return rx.cond(
        alert_var.title != "",
        rx.match(
            alert_var.tone,
            ("warn", alert(alert_var.title, alert_var.text, tone="warn")),
            ("ok", alert(alert_var.title, alert_var.text, tone="ok")),
            alert(alert_var.title, alert_var.text, tone="bad"),
        ),
    )


def empty_state(
    title: str | rx.Var,
    text: str | rx.Var = "",
    *actions: rx.Component,
    icon_name: str = "package",
    plain: bool = False,
) -> rx.Component:
    """Draw an empty list: a mark, one line, one next step (and at most one other)."""
    return rx.el.div(
        rx.el.span(icon(icon_name, 28), class_name="empty-mark"),
        rx.el.h2(title, class_name="h2"),
        rx.el.p(text) if isinstance(text, rx.Var) or text else rx.fragment(),
        rx.el.div(*actions, class_name="empty-actions") if actions else rx.fragment(),
        class_name=classes("empty", "empty-plain" if plain else None),
    )


def skeleton(width: str = "100%", height: str = "16px", **props: Any) -> rx.Component:
    """Hold the place of what is loading, in its size, so that nothing moves when it comes."""
    return rx.el.span(class_name="skeleton", style={"width": width, "height": height}, **props)


def skeleton_rows(columns: int, rows: int = 6) -> rx.Component:
    """Hold the place of `rows` table rows."""
    widths = ("60%", "48px", "70%", "88px", "72px", "64px")
    return rx.fragment(
        *[
            rx.el.tr(
                *[rx.el.td(skeleton(widths[(c + r) % len(widths)])) for c in range(columns)],
                custom_attrs={"aria-hidden": "true"},
            )
            for r in range(rows)
        ]
    )


def live_region(text: str | rx.Var, **props: Any) -> rx.Component:
    """Speak a text when it changes (scan results, totals, document issued). Invisible."""
    return rx.el.div(text, role="status", class_name="sr-only", custom_attrs={"aria-live": "polite"}, **props)


def undo(text: str | rx.Var, *, on_undo: Any) -> rx.Component:
    """Offer to take back what was just done. The state clears it after 8 seconds."""
    return rx.el.div(
        alert(
            text,
            tone="ok",
            action=rx.el.button("Deshacer", type="button", class_name="btn", on_click=on_undo),
        ),
        class_name="undo",
    )

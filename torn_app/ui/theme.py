"""The look of the app: style sheets, head of every page, Radix theme. Read by rxconfig.py and the assembly."""

from typing import Any

import reflex as rx

STYLESHEETS = [
    f"/css/{name}.css"
    for name in (
        "tokens",
        "radix",
        "base",
        "shell",
        "controls",
        "lists",
        "overlays",
        "till",
        "checkout",
        "pos",
        "cash",
        "login",
    )
]
"""In order: later sheets may lean on earlier ones. Radix's own sheet comes before all of them."""


def radix_theme() -> rx.Component:
    """Return the Radix theme for `rx.plugins.RadixThemesPlugin`: it carries menus and selects; the rest is ours."""
    return rx.theme(accent_color="jade", gray_color="sage", radius="medium", panel_background="solid")


def head() -> list[rx.Component]:
    """Return what the head of every page holds. The colour mode is set by Reflex's own script before first paint."""
    return [
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"),
        rx.el.meta(name="format-detection", content="telephone=no"),
        rx.el.link(rel="icon", type="image/svg+xml", href="/brand/torn.svg"),
        rx.el.link(
            rel="preload",
            href="/fonts/inter-latin-opsz.woff2",
            type="font/woff2",
            custom_attrs={"as": "font"},
            cross_origin="anonymous",
        ),
        rx.el.script(src="/js/torn.js", type="module"),
    ]


def app_options() -> dict[str, Any]:
    """Return the keyword arguments of `rx.App` that make up the look.

    The default toaster and overlay of Reflex speak English and cover the pay bar: ours is `layout.connection_strip`.
    """
    return {
        "stylesheets": STYLESHEETS,
        "reset_style": False,
        "head_components": head(),
        "html_lang": "es-CL",
        "toaster": None,
    }

"""The sale that is done: its number, the change in giant figures, print, and the next one."""

import reflex as rx

from torn_app.sales.emission_state import EmissionState
from torn_app.ui import components as c
from torn_app.ui.icons import icon
from torn_app.ui.session_state import SessionState


def sold_view() -> rx.Component:
    """Draw the finished sale."""
    sold = EmissionState.sold
    address = rx.Var.create("/imprimir/venta/") + sold.id.to_string()
    tested = rx.cond(SessionState.mode != "", rx.el.p("Es de prueba: no tiene validez tributaria."))
    return rx.el.div(
        rx.el.section(
            rx.el.div(
                rx.el.span(icon("check", 28), class_name="done-mark"),
                rx.el.div(rx.el.h1(sold.title, custom_attrs={"data-testid": "sold"}), tested),
                class_name="done-head",
            ),
            rx.el.div(
                rx.el.b(sold.label),
                rx.el.strong(sold.figure, custom_attrs={"data-testid": "sold-change"}),
                rx.el.p(sold.detail),
                class_name="done-change",
            ),
            rx.el.div(
                c.button(
                    "Imprimir",
                    kind="primary",
                    size="xl",
                    icon_name="printer",
                    key="F10 Enter",
                    key_label="Enter",
                    auto_focus=True,
                    custom_attrs={"data-print": address, "data-testid": "print"},
                ),
                c.button(
                    "Nueva venta",
                    size="xl",
                    icon_name="plus",
                    key="Escape",
                    key_label="Esc",
                    on_click=EmissionState.new_sale,
                    custom_attrs={"data-testid": "new-sale"},
                ),
                class_name="done-actions",
            ),
            rx.el.div(
                icon("scan-barcode", 24),
                rx.el.p("Lea el siguiente producto y empieza otra venta."),
                class_name="done-tip not-phone",
            ),
            class_name="done-body",
        ),
        rx.el.aside(
            rx.el.iframe(
                src=address,
                title="Vista de la impresión",
                tab_index=-1,
                class_name="done-frame",
                custom_attrs={"loading": "lazy"},
            ),
            class_name="done-paper",
            custom_attrs={"aria-label": "Vista de la impresión"},
        ),
        class_name="done",
    )

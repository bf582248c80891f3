"""The ticket: on the right of the till, and in a sheet on the phone."""

import reflex as rx

from torn_app.sales.checkout_state import CheckoutState
from torn_app.sales.customer_state import CustomerState
from torn_app.sales.edit_state import EditState
from torn_app.sales.parked_state import ParkedState
from torn_app.sales.pos_state import TillState
from torn_app.sales.pos_views import LineView
from torn_app.sales.ticket_state import TicketState
from torn_app.ui import components as c
from torn_app.ui.icons import icon


def ticket_aside() -> rx.Component:
    """Draw the ticket beside the catalogue."""
    return rx.el.aside(*_parts("why"), class_name="ticket", custom_attrs={"aria-label": "Ticket"})


def ticket_sheet() -> rx.Component:
    """Draw the ticket of the phone."""
    return c.sheet(
        *_parts("why-sheet"),
        title="Ticket",
        is_open=TillState.sheet_open,
        on_open_change=TillState.set_sheet,
        tall=True,
        padded=False,
    )


def _parts(why_id: str) -> tuple[rx.Component, ...]:
    return (
        rx.el.div(_document(), _customer(), class_name="ticket-head"),
        _lines(),
        rx.el.div(
            c.alert_of(TillState.alert),
            _tools(),
            rx.el.div(
                c.total_row(TillState.totals.text, TillState.totals.note),
                class_name=rx.cond(TillState.totals.is_long, "total-long", ""),
            ),
            c.pay_bar(
                "Cobrar",
                key="F9 Control+Enter",
                key_label="F9",
                blocked=rx.cond(TillState.lines.length() == 0, "Agregue el primer producto", ""),
                why_id=why_id,
                on_click=CheckoutState.open,
                custom_attrs={"data-testid": "charge"},
            ),
            class_name="ticket-foot",
        ),
    )


def _document() -> rx.Component:
    return c.pick("Documento", TillState.document, caret=True, on_click=EditState.open_documents)


def _customer() -> rx.Component:
    name = rx.cond(CustomerState.chosen.rut != "", CustomerState.chosen.name, "Agregar")
    return c.pick(
        "Cliente",
        name,
        icon_name="user-plus",
        key="F3",
        extra="grow",
        on_click=CustomerState.set_dialog(True),
    )


def _lines() -> rx.Component:
    nothing = rx.el.div(
        icon("scan-barcode", 28),
        rx.el.p("Toque un producto o lea su código."),
        class_name="ticket-empty",
    )
    lines = rx.el.div(
        rx.foreach(TillState.lines, _line),
        *[
            # What the arrows of the keyboard press; nothing to see or to tab to.
            rx.el.button(
                type="button",
                tab_index=-1,
                class_name="sr-only",
                on_click=TicketState.move(by),
                custom_attrs={"data-key": key, "aria-hidden": "true"},
            )
            for key, by in (("ArrowUp", -1), ("ArrowDown", 1))
        ],
        class_name="ticket-lines",
        tab_index=0,
        role="group",
        custom_attrs={"aria-label": "Productos del ticket", "data-testid": "lines"},
    )
    return rx.cond(TillState.lines.length() == 0, nothing, lines)


def _line(line: LineView) -> rx.Component:
    return rx.fragment(
        c.ticket_line(
            line.name,
            line.detail,
            line.total,
            discount=line.discount,
            is_open=TillState.selected == line.index,
            is_new=line.is_new,
            quantity=line.quantity,
            on_open=TicketState.select(line.index),
            on_minus=TicketState.step(-1),
            on_plus=TicketState.step(1),
            on_edit=EditState.open_line(line.index),
            on_remove=TicketState.remove(line.index),
        ),
        key=line.key,
    )


def _tools() -> rx.Component:
    return rx.el.div(
        c.button("Descuento", size="l", key="F8", on_click=EditState.open_discount),
        c.button("En espera", size="l", key="F4", on_click=ParkedState.park),
        c.icon_button("eraser", "Vaciar el ticket", size="l", kind="outline", on_click=TicketState.clear),
        class_name="ticket-tools",
    )

"""The small forms over the till: a line, the discount of the sale, the document, the tickets put aside."""

from typing import Any

import reflex as rx

from torn_app.sales.checkout_page import document_tiles
from torn_app.sales.customer_state import CustomerState
from torn_app.sales.edit_state import EditState
from torn_app.sales.parked_state import ParkedState, ParkedView
from torn_app.sales.pos_state import TillState
from torn_app.ui import components as c
from torn_app.ui.icons import icon


def forms_dialogs() -> rx.Component:
    """Draw the dialogs of the till; at most one is open."""
    return rx.fragment(_line_form(), _discount_form(), _documents(), _parked(), _keys())


def _dialog(form: str, title: Any, *body: rx.Component) -> rx.Component:
    return c.dialog(*body, title=title, is_open=EditState.form == form, on_open_change=EditState.set_open)


def _line_form() -> rx.Component:
    form = rx.el.form(
        c.text_field(
            "Cantidad",
            "quantity",
            field_id="edit-quantity",
            till=True,
            size="l",
            hint="Puede llevar decimales: 0,651",
            error=_error("quantity"),
            default_value=EditState.quantity,
            auto_focus=True,
            custom_attrs={"inputmode": "decimal", "data-testid": "edit-quantity"},
        ),
        _discount_field("edit-discount"),
        c.alert_of(TillState.alert),
        _actions(),
        on_submit=EditState.save_line,
        class_name="form",
        no_validate=True,
        key=EditState.times.to_string(),
    )
    return _dialog("line", EditState.name, form)


def _discount_form() -> rx.Component:
    form = rx.el.form(
        _discount_field("sale-discount", focus=True),
        c.alert_of(TillState.alert),
        _actions(),
        on_submit=EditState.save_discount,
        class_name="form",
        no_validate=True,
        key=EditState.times.to_string(),
    )
    return _dialog("discount", "Descuento de la venta", form)


def _discount_field(field_id: str, *, focus: bool = False) -> rx.Component:
    kinds = c.chips(
        c.chip("En %", pressed=EditState.is_pct, large=True, on_click=EditState.set_pct(True)),
        c.chip("En pesos", pressed=~EditState.is_pct, large=True, on_click=EditState.set_pct(False)),
        label="Cómo se escribe el descuento",
    )
    return rx.el.div(
        c.text_field(
            "Descuento",
            "discount",
            field_id=field_id,
            till=True,
            size="l",
            optional=True,
            error=_error("discount"),
            default_value=EditState.discount,
            auto_focus=focus,
            after=rx.el.span(rx.cond(EditState.is_pct, "%", "$"), class_name="box-prefix"),
            custom_attrs={"inputmode": "decimal", "data-testid": "discount"},
        ),
        kinds,
        class_name="stack",
    )


def _actions() -> rx.Component:
    return rx.el.div(
        c.button("Cancelar", size="l", on_click=EditState.set_open(False)),
        c.button("Guardar", kind="primary", size="l", type="submit", custom_attrs={"data-testid": "save-edit"}),
        class_name="form-actions",
    )


def _documents() -> rx.Component:
    return _dialog("documents", "Documento", c.option_group(*document_tiles(True), label="Documento"))


_KEYS = (
    ("F2 o /", "Buscar producto"),
    ("F3", "Cliente"),
    ("F4", "Dejar en espera"),
    ("Mayús + F4", "Ver las ventas en espera"),
    ("F6", "Cambiar cantidad o descuento de la línea"),
    ("F7", "Quitar la línea"),
    ("F8", "Descuento de la venta"),
    ("F9", "Cobrar"),
    ("+ y −", "Sumar o restar uno"),
    ("↑ y ↓", "Elegir otra línea"),
    ("1 a 6", "Medio de pago (con Alt mientras se escribe el monto)"),
    ("E", "Pago exacto"),
    ("Enter", "Emitir"),
    ("F10", "Imprimir de nuevo"),
    ("Esc", "Un paso atrás"),
)


def _keys() -> rx.Component:
    rows = [part for key, words in _KEYS for part in (rx.el.dt(rx.el.kbd(key)), rx.el.dd(words))]
    return _dialog("keys", "Teclas de la caja", rx.el.dl(*rows, class_name="keys"))


def _parked() -> rx.Component:
    return c.dialog(
        rx.el.div(rx.foreach(ParkedState.parked, _parked_row), class_name="choices"),
        title="Ventas en espera",
        is_open=ParkedState.is_open,
        on_open_change=ParkedState.set_open,
    )


def _parked_row(row: ParkedView) -> rx.Component:
    return rx.el.button(
        icon("clock"),
        rx.el.span(rx.el.b(row.title), rx.el.small(row.detail), class_name="grow"),
        icon("chevron-right"),
        type="button",
        class_name="choice",
        on_click=[ParkedState.resume(row.index), CustomerState.load],
    )


def _error(name: str) -> Any:
    return rx.cond(EditState.field_errors.contains(name), EditState.field_errors[name], "").to(str)

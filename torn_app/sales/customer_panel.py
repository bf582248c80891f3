"""Choosing, creating and completing the customer: in the checkout, and in a dialog beside the catalogue."""

from typing import Any

import reflex as rx

from torn_app.sales.checkout_state import CheckoutState
from torn_app.sales.customer_state import CustomerState
from torn_app.sales.pos_views import CustomerView
from torn_app.ui import components as c
from torn_app.ui.icons import icon


def customer_step(*, in_dialog: bool = False) -> rx.Component:
    """Draw whom one sells to: the search, the form of a new customer, or the chosen one."""
    return rx.fragment(
        c.alert_of(CustomerState.alert),
        rx.cond(
            CustomerState.is_new,
            _new_form(in_dialog),
            rx.cond(
                (CustomerState.chosen.rut != "") & (not in_dialog),
                _chosen(),
                _search(in_dialog),
            ),
        ),
    )


def customer_dialog() -> rx.Component:
    """Draw the choice of customer over the catalogue."""
    return c.dialog(
        customer_step(in_dialog=True),
        title="Cliente",
        is_open=CustomerState.dialog_open,
        on_open_change=CustomerState.set_dialog,
    )


def _search(in_dialog: bool) -> rx.Component:
    field_id = "customer-search-dialog" if in_dialog else "customer-search"
    box = c.search_box(
        "RUT o nombre",
        field_id=field_id,
        label="Buscar cliente por RUT o nombre",
        key=None if in_dialog else "F3",
        size="l",
        on_change=CustomerState.search.debounce(250),
        auto_focus=in_dialog,
        custom_attrs={"data-testid": "customer-search"},
    )
    new = c.button(
        rx.fragment(rx.el.span("Cliente nuevo", class_name="not-phone"), rx.el.span("Nuevo", class_name="only-phone")),
        icon_name="user-plus",
        size="l",
        extra="customer-new",
        on_click=CustomerState.start_new,
        custom_attrs={"data-testid": "customer-new"},
    )
    nobody = rx.el.p("Ningún cliente con ese RUT o nombre. Puede crearlo con «Cliente nuevo».", class_name="till-text")
    without = c.text_button(
        "Vender sin cliente", icon_name="user-x", on_click=[CustomerState.choose(""), CheckoutState.refresh]
    )
    return rx.el.div(
        rx.el.div(box, new, class_name="customer-search"),
        rx.el.div(
            rx.cond(
                CustomerState.searched & (CustomerState.found.length() == 0),
                nobody,
                rx.foreach(CustomerState.found, _found),
            ),
            class_name="customer-found",
            custom_attrs={"aria-live": "polite"},
        ),
        rx.cond(CustomerState.chosen.rut != "", without) if in_dialog else rx.fragment(),
    )


def _found(row: CustomerView) -> rx.Component:
    return rx.el.button(
        rx.el.span(row.initials, class_name="avatar", custom_attrs={"aria-hidden": "true"}),
        rx.el.span(rx.el.b(row.name), rx.el.small(row.rut_text, class_name="code"), class_name="grow"),
        icon("chevron-right"),
        type="button",
        class_name="choice",
        on_click=[CustomerState.choose(row.rut), CheckoutState.refresh],
        custom_attrs={"data-testid": "customer-found"},
    )


def _chosen() -> rx.Component:
    who = rx.el.div(
        rx.el.span(CustomerState.chosen.initials, class_name="avatar avatar-l", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(
            rx.el.b(CustomerState.chosen.name, class_name="strong"),
            rx.el.p(CustomerState.chosen.rut_text, class_name="muted code"),
            class_name="grow till-text",
        ),
        rx.cond(
            CustomerState.missing_text != "",
            rx.cond(
                CheckoutState.needs_customer,
                c.state(CustomerState.missing_text, tone="warn", icon_name="circle-alert", large=True),
            ),
        ),
        class_name="customer-who",
    )
    form = rx.el.form(
        _fields(CustomerState.chosen),
        rx.el.div(
            c.button(
                "Guardar datos", kind="soft", size="l", type="submit", custom_attrs={"data-testid": "save-customer"}
            ),
            class_name="form-actions",
        ),
        on_submit=[CustomerState.complete, CheckoutState.refresh],
        class_name="customer-form",
        no_validate=True,
        key=CustomerState.chosen.rut,
    )
    return rx.el.div(
        who,
        rx.cond(CheckoutState.needs_customer & (CustomerState.missing.length() > 0), form),
        rx.cond(CheckoutState.pay.lacking.length() > 0, _reach_form()),
        class_name="card customer-card",
    )


def _reach_form() -> rx.Component:
    """Draw what a large boleta paid in cash lacks of its buyer: e-mail and telephone."""
    chosen = CustomerState.chosen
    return rx.el.form(
        rx.el.p(CheckoutState.pay.reason, class_name="till-text muted"),
        rx.el.div(
            _text("Correo", "email", reach=True, type="email", default_value=chosen.email),
            _text("Teléfono", "telefono", reach=True, type="tel", default_value=chosen.telefono, max_length=20),
            class_name="form-two",
        ),
        rx.el.div(
            c.button("Guardar datos", kind="soft", size="l", type="submit", custom_attrs={"data-testid": "save-reach"}),
            class_name="form-actions",
        ),
        on_submit=[CustomerState.complete, CheckoutState.refresh],
        class_name="customer-form",
        no_validate=True,
        key=chosen.rut,
    )


def _new_form(in_dialog: bool) -> rx.Component:
    return rx.el.form(
        rx.el.div(
            _text("RUT", "rut", default_value=CustomerState.new_rut, placeholder="12.345.678-5", auto_focus=True),
            _text("Nombre o razón social", "razon_social", default_value=CustomerState.new_name),
            class_name="form-two",
        ),
        _fields(None) if not in_dialog else rx.fragment(),
        rx.el.div(
            c.button("Cancelar", size="l", on_click=CustomerState.cancel_new),
            c.button(
                "Crear cliente",
                kind="primary",
                size="l",
                type="submit",
                custom_attrs={"data-testid": "create-customer"},
            ),
            class_name="form-actions",
        ),
        on_submit=[CustomerState.create, CheckoutState.refresh],
        class_name="card customer-form" if not in_dialog else "customer-form",
        no_validate=True,
    )


def _fields(chosen: Any) -> rx.Component:
    def value(name: str) -> dict[str, Any]:
        return {"default_value": getattr(chosen, name)} if chosen is not None else {}

    return rx.el.div(
        _text("Giro", "giro", placeholder="A qué se dedica", **value("giro")),
        _text("Dirección", "direccion", placeholder="Calle y número", **value("direccion")),
        _text("Comuna", "comuna", **value("comuna")),
        _text("Correo", "email", optional=True, type="email", **value("email")),
        _text("Teléfono", "telefono", optional=True, type="tel", max_length=20, **value("telefono")),
        class_name="form-two",
    )


def _text(label: str, name: str, *, optional: bool = False, reach: bool = False, **props: Any) -> rx.Component:
    """Draw a field of the customer. `reach`: one a large boleta asks for."""
    told = rx.cond(CustomerState.field_errors.contains(name), CustomerState.field_errors[name], "")
    lacking = {"giro": "Escriba el giro.", "direccion": "Escriba calle y número.", "comuna": "Escriba la comuna."}
    error = rx.cond(
        CustomerState.missing.contains(name) & ~CustomerState.is_new,
        lacking.get(name, told),
        told,
    )
    if reach:
        ask = {"email": "Escriba el correo.", "telefono": "Escriba el teléfono."}[name]
        error = rx.cond((told == "") & CheckoutState.pay.lacking.contains(name), ask, told)
    return c.text_field(
        label,
        name,
        field_id=f"customer-{name}",
        optional=optional,
        till=True,
        size="l",
        error=error.to(str),
        **props,
    )

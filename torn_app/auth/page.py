"""Login and choice of company."""

import reflex as rx

from torn_app.auth.state import ChooseCompanyState
from torn_app.ui import components as c
from torn_app.ui.icons import icon, logo


def login_page() -> rx.Component:
    """Page `/login`. A plain form: paste, password managers and Enter work; the answer comes without an event."""
    password = rx.el.div(
        rx.el.label("Contraseña", html_for="password", class_name="field-label"),
        rx.el.div(
            rx.el.input(
                id="password", name="password", type="password", auto_complete="current-password", max_length=200
            ),
            rx.el.button(
                icon("eye"),
                type="button",
                class_name="box-eye",
                custom_attrs={"data-eye": "password", "aria-label": "Mostrar la contraseña", "aria-pressed": "false"},
            ),
            class_name="box",
        ),
        class_name="field",
    )
    form = rx.el.form(
        _brand(),
        rx.el.div(
            rx.el.h1("Entrar", class_name="h1"), rx.el.p("Con el correo que le dio su empresa.", class_name="muted")
        ),
        c.text_field(
            "Correo", "email", field_id="email", type="email", auto_complete="username", max_length=254, auto_focus=True
        ),
        password,
        _error(),
        c.button("Entrar", kind="primary", busy=False, busy_label="Entrando", type="submit"),
        class_name="login-form",
        method="post",  # without the script the password still stays out of the address
        no_validate=True,
        custom_attrs={"data-login": "", "action": "/auth/browser/login"},
    )
    return _split(form)


def choose_company_page() -> rx.Component:
    """Page `/select-tenant`."""
    choice = rx.foreach(
        ChooseCompanyState.companies,
        lambda company: rx.el.button(
            rx.el.span(rx.el.b(company.name), rx.el.small(company.note, class_name="code"), class_name="grow"),
            icon("chevron-right"),
            type="button",
            class_name="choice",
            custom_attrs={"data-tenant": company.id, "aria-busy": "false"},
        ),
    )
    waiting = rx.fragment(*[c.skeleton(height="72px") for _ in range(2)])
    nothing = c.empty_state(
        "No pertenece a ninguna empresa",
        "Pida a quien administra la empresa que lo agregue a su personal.",
        icon_name="building-2",
        plain=True,
    )
    return _split(
        rx.el.div(
            _brand(),
            rx.el.div(
                rx.el.h1("Elija la empresa", class_name="h1"),
                rx.el.p("Podrá cambiarla desde el menú de su nombre.", class_name="muted"),
            ),
            _error(),
            rx.el.div(
                rx.cond(
                    ChooseCompanyState.loading,
                    waiting,
                    rx.cond(ChooseCompanyState.companies.length() > 0, choice, nothing),
                ),
                class_name="choices",
            ),
            rx.el.button(icon("log-out"), "Salir", type="button", class_name="link", custom_attrs={"data-logout": ""}),
            class_name="login-form",
        )
    )


def _brand() -> rx.Component:
    return rx.el.div(logo(), rx.el.span("Torn"), class_name="brand")


def _error() -> rx.Component:
    return rx.el.div(
        icon("circle-alert"),
        rx.el.div(rx.el.p("", custom_attrs={"data-text": ""}), class_name="alert-text"),
        role="alert",
        class_name="alert alert-bad",
        hidden=True,
        custom_attrs={"data-login-error": ""},
    )


def _split(side: rx.Component) -> rx.Component:
    lines = (("Cemento 25 kg", "$4.990"), ("Ampolleta LED × 3", "$5.970"), ("Silicona 280 ml", "$3.591"))
    ticket = rx.el.div(
        rx.el.h3("Boleta N° 10.482"),
        rx.el.dl(*[part for name, price in lines for part in (rx.el.dt(name), rx.el.dd(price))]),
        rx.el.div("Total", rx.el.b("$14.551"), class_name="login-total"),
        rx.el.div(rx.el.span("Vuelto"), rx.el.span("$5.450"), class_name="login-change"),
        class_name="login-ticket",
    )
    return rx.el.main(
        rx.el.section(side, class_name="login-side"),
        rx.el.aside(
            ticket,
            rx.el.p("Vender, emitir y cuadrar la caja en una sola pantalla."),
            class_name="login-wall",
            custom_attrs={"aria-hidden": "true"},
        ),
        class_name="login",
    )

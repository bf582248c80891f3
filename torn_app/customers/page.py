"""Page `/clientes`: the customers, and one of them in its panel."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from torn_app.customers.clientes_view import NEW, CustomerRow
from torn_app.customers.state import CustomersState as State
from torn_app.kernel.permissions import Permission
from torn_app.ui import components as c
from torn_app.ui.layout import shell
from torn_app.ui.session_state import SessionState


def customers_page() -> rx.Component:
    """Page `/clientes`."""
    return shell(
        c.list_page(
            _tools(),
            rx.cond(State.saved != "", rx.el.div(c.alert(State.saved, tone="ok"), class_name="list-said")),
            rx.cond(
                State.failed,
                _retry(),
                rx.cond(State.loaded & (State.rows.length() == 0), _nothing(), _table()),
            ),
            title="Clientes",
            actions=_if_seller(
                _new("btn btn-primary", rx.el.span("Nuevo", rx.el.span(" cliente", class_name="not-phone")))
            ),
            side=rx.cond(_seller() & ~State.form.fixed, _form_panel(), _reading_panel()),
            side_open=State.open_one != "",
        ),
        current="/clientes",
        fixed=True,
    )


def _seller() -> rx.Var:
    allowed: rx.Var = SessionState.permissions.contains(Permission.SELL.value)
    return allowed | SessionState.permissions.contains(Permission.ADMIN.value)


def _if_seller(component: rx.Component) -> rx.Component:
    return rx.cond(_seller(), component)


def _new(class_name: str, words: Any) -> rx.Component:
    return ReactRouterLink.create(
        c.icon("plus"),
        words,
        to=State.link + f"cliente={NEW}",
        class_name=class_name,
        custom_attrs={"data-testid": "new-customer"},
    )


def _tools() -> rx.Component:
    search = c.search_box(
        "Nombre o RUT",
        field_id="customers-search",
        label="Buscar clientes",
        key="/",
        default_value=State.q,
        on_change=State.search.debounce(300),
        custom_attrs={"data-testid": "customers-search"},
    )
    return c.toolbar(rx.el.div(search, key=State.typed.to_string(), class_name="search-slot search-wide"))


def _retry() -> rx.Component:
    again = c.button("Reintentar", icon_name="rotate-cw", on_click=State.load)
    return rx.el.div(c.alert_of(State.alert), rx.el.div(again), class_name="stack")


def _nothing() -> rx.Component:
    searched = c.empty_state(
        rx.Var.create("Nadie coincide con «") + State.q + "»",
        "Buscamos por nombre y por RUT, con puntos o sin ellos.",
        _if_seller(
            c.button(
                rx.Var.create("Crear «") + State.q + "»",
                kind="primary",
                icon_name="plus",
                on_click=State.create_searched,
                custom_attrs={"data-testid": "create-searched"},
            )
        ),
        c.button("Borrar la búsqueda", on_click=State.clear),
        icon_name="search-x",
    )
    empty = c.empty_state(
        "Aún no hay clientes",
        "Para vender con factura hace falta su RUT y sus datos.",
        _if_seller(_new("btn btn-primary", "Crear el primero")),
        icon_name="users",
    )
    return rx.el.div(rx.cond(State.q != "", searched, empty), role="status", custom_attrs={"data-testid": "nothing"})


def _table() -> rx.Component:
    shown = State.rows.length().to_string() + " de " + State.total.to_string()
    return rx.fragment(
        c.table(
            [
                c.column("Cliente"),
                c.column("RUT", wide_only=True),
                c.column("Comuna", wide_only=True),
                c.column("Cuenta", right=True),
            ],
            rx.cond(State.loaded, rx.foreach(State.rows, _row), c.skeleton_rows(4, 8)),
            caption="Clientes por nombre",
        ),
        rx.cond(State.loaded, c.load_more(shown, has_more=State.has_more, on_more=State.more)),
    )


def _row(customer: CustomerRow | rx.Var) -> rx.Component:
    selected = State.open_one == customer.rut
    return c.row(
        c.cell(
            c.row_link(
                customer.name,
                to=State.link + "cliente=" + customer.rut,
                selected=selected,
                custom_attrs={"data-row": customer.id, "data-testid": "customer"},
            ),
            c.phone_line(rx.el.span(customer.rut_text, class_name="code")),
            extra="anywhere",
        ),
        c.cell(customer.rut_text, wide_only=True, extra="code muted"),
        c.cell(customer.place, wide_only=True),
        c.cell(_balance(customer.balance, customer.tone), state=True, extra="right"),
        selected=selected,
        key=customer.id,
    )


def _balance(words: rx.Var, tone: rx.Var) -> rx.Component:
    return rx.match(
        tone,
        ("warn", c.state(words, tone="warn", icon_name="hand-coins")),
        ("ok", c.state(words, tone="ok")),
        ("off", c.state(words, icon_name="circle-off")),
        c.state(words, icon_name="piggy-bank"),
    )


def _panel(*body: rx.Component, foot: list[rx.Component] | None = None) -> rx.Component:
    title = rx.cond(State.open_one == NEW, "Nuevo cliente", State.form.razon_social)
    return c.side_panel(title, *body, on_close=State.close, label=title, foot=foot)


def _reading_panel() -> rx.Component:
    form = State.form
    pairs = [
        ("RUT", rx.el.span(form.rut_text, class_name="code")),
        ("Giro", _or_dash(form.giro)),
        ("Dirección", _or_dash(form.direccion)),
        ("Comuna", _or_dash(form.comuna)),
        ("Ciudad", _or_dash(form.ciudad)),
        ("Correo", _or_dash(form.email)),
        ("Teléfono", _or_dash(form.telefono)),
        ("Cuenta", _balance(form.balance, form.tone)),
    ]
    generic = rx.cond(
        form.fixed,
        c.alert("Es el cliente de las boletas sin nombre.", "No se puede cambiar.", tone="info"),
    )
    return _panel(c.section(generic, c.alert_of(State.alert)), c.facts(*pairs))


def _or_dash(text: rx.Var) -> rx.Component:
    return rx.cond(text != "", text, "—")


def _form_panel() -> rx.Component:
    form = State.form
    save = c.button(
        "Guardar",
        kind="primary",
        size="l",
        type="submit",
        busy=False,
        busy_label="Guardando",
        key="Control+Enter",
        key_label="Ctrl Enter",
        form="customer-form",
        custom_attrs={"data-testid": "save-customer"},
    )
    credit = rx.el.div(
        c.money_field(
            "Puede deber hasta",
            "limite_credito",
            default_value=form.limite_credito,
            placeholder="Sin tope",
            optional=True,
            error=_error("limite_credito"),
        ),
        _field("Días para pagar", "dias_credito", form.dias_credito, optional=True, hint="Vacío: no compra a crédito."),
        class_name="form-pair",
    )
    account = rx.el.div(
        rx.el.span("Cuenta", class_name="muted grow"), _balance(form.balance, form.tone), class_name="row account"
    )
    return _panel(
        rx.cond(form.id != 0, account),
        rx.el.form(
            _field("RUT", "rut", form.rut_text, placeholder="12.345.678-5", on_blur=State.check_rut, max_length=20),
            _field("Nombre o razón social", "razon_social", form.razon_social, max_length=100),
            _field("Giro", "giro", form.giro, optional=True, max_length=80, hint="Hace falta para emitir factura."),
            _field("Dirección", "direccion", form.direccion, optional=True, max_length=70),
            rx.el.div(
                _field("Comuna", "comuna", form.comuna, optional=True, max_length=20),
                _field("Ciudad", "ciudad", form.ciudad, optional=True, max_length=20),
                class_name="form-pair",
            ),
            rx.el.div(
                _field("Correo", "email", form.email, optional=True, max_length=254, type="email"),
                _field("Teléfono", "telefono", form.telefono, optional=True, max_length=20, type="tel"),
                class_name="form-pair",
            ),
            rx.cond(State.gives_credit, credit),
            c.alert_of(State.alert),
            id="customer-form",
            on_submit=State.save,
            class_name="form",
            no_validate=True,
            key=State.version.to_string(),
        ),
        foot=[save, c.button("Cancelar", size="l", on_click=State.close)],
    )


def _field(label: str, name: str, value: rx.Var, **props: Any) -> rx.Component:
    return c.text_field(
        label, name, default_value=value, error=_error(name), custom_attrs={"data-testid": name}, **props
    )


def _error(name: str) -> rx.Var:
    return rx.cond(State.field_errors.contains(name), State.field_errors[name], "").to(str)

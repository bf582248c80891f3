"""Page `/inventario`: the products, and one of them in its panel."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from torn_app.kernel.permissions import Permission
from torn_app.products.form import UNITS
from torn_app.products.form_state import ProductFormState as Form
from torn_app.products.inventario_view import NEW, ProductRow
from torn_app.products.listing import INACTIVE, LOW, OUT
from torn_app.products.state import ProductsState as State
from torn_app.ui import components as c
from torn_app.ui.layout import shell
from torn_app.ui.session_state import SessionState


def products_page() -> rx.Component:
    """Page `/inventario`."""
    return shell(
        c.list_page(
            _tools(),
            rx.cond(Form.saved != "", rx.el.div(c.alert(Form.saved, tone="ok"), class_name="list-said")),
            rx.cond(
                State.failed,
                _retry(),
                rx.cond(State.loaded & (State.rows.length() == 0), _nothing(), _table()),
            ),
            title="Productos",
            actions=_if_editor(
                _new("btn btn-primary", rx.el.span("Nuevo", rx.el.span(" producto", class_name="not-phone")))
            ),
            side=rx.cond(_editor(), _form_panel(), _reading_panel()),
            side_open=(State.open_one == NEW) | (State.open_one == Form.form.id.to_string()),
        ),
        current="/inventario",
        fixed=True,
    )


def _editor() -> rx.Var:
    allowed: rx.Var = SessionState.permissions.contains(Permission.EDIT_PRODUCTS.value)
    return allowed | SessionState.permissions.contains(Permission.ADMIN.value)


def _if_editor(component: rx.Component) -> rx.Component:
    return rx.cond(_editor(), component)


def _new(class_name: str, words: Any) -> rx.Component:
    return ReactRouterLink.create(
        c.icon("plus"),
        words,
        to=State.link + f"producto={NEW}",
        class_name=class_name,
        custom_attrs={"data-testid": "new-product"},
    )


def _tools() -> rx.Component:
    search = c.search_box(
        "Nombre o código",
        field_id="product-search",
        label="Buscar productos",
        key="/",
        default_value=State.q,
        on_change=State.search.debounce(300),
        custom_attrs={"data-testid": "product-search"},
    )

    def chip(words: str, estado: str, count: rx.Var) -> rx.Component:
        return c.chip(words, pressed=State.estado == estado, count=count, on_click=State.choose_state(estado))

    shelf = rx.el.div(
        rx.el.select(
            rx.el.option("Todas las categorías", value=""),
            rx.foreach(State.shelves, lambda name: rx.el.option(name, value=name)),
            value=State.categoria,
            on_change=State.choose_shelf,
            custom_attrs={"aria-label": "Categoría"},
        ),
        class_name="box shelf-box",
    )
    return rx.fragment(
        c.toolbar(
            rx.el.div(search, key=State.typed.to_string(), class_name="search-slot search-wide"),
            rx.cond(State.shelves.length() > 0, shelf),
            c.chips(
                chip("Todos", "", State.active),
                chip("Por agotarse", LOW, State.low),
                chip("Agotados", OUT, State.out),
                rx.cond(State.inactive > 0, chip("Inactivos", INACTIVE, State.inactive)),
                label="Filtros",
            ),
        ),
    )


def _retry() -> rx.Component:
    again = c.button("Reintentar", icon_name="rotate-cw", on_click=State.load)
    return rx.el.div(c.alert_of(State.alert), rx.el.div(again), class_name="stack")


def _nothing() -> rx.Component:
    searched = c.empty_state(
        rx.Var.create("Nada coincide con «") + State.q + "»",
        "Buscamos en todos los productos, también los inactivos.",
        _if_editor(
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
    narrowed = c.empty_state(
        "Ningún producto cumple ese filtro",
        "Quite el filtro para verlos todos.",
        c.button("Ver todos", kind="primary", on_click=State.clear),
        icon_name="search-x",
    )
    empty = c.empty_state(
        "Aún no hay productos",
        "Con el nombre y el precio basta para empezar a vender.",
        _if_editor(_new("btn btn-primary", "Crear el primero")),
        icon_name="package",
    )
    filtered = (State.estado != "") | (State.categoria != "")
    return rx.el.div(
        rx.cond(State.q != "", searched, rx.cond(filtered, narrowed, empty)),
        role="status",
        custom_attrs={"data-testid": "nothing"},
    )


def _table() -> rx.Component:
    return rx.fragment(
        c.table(
            [
                c.column("Producto"),
                c.column("Categoría", wide_only=True),
                c.column("Hay", right=True),
                c.column("Precio con IVA", right=True),
            ],
            rx.cond(State.loaded, rx.foreach(State.rows, _row), c.skeleton_rows(4, 8)),
            caption="Productos por nombre",
        ),
        rx.cond(
            State.loaded,
            c.load_more(
                State.rows.length().to_string() + " de " + State.total.to_string(),
                has_more=State.has_more,
                on_more=State.more,
            ),
        ),
    )


def _row(product: ProductRow | rx.Var) -> rx.Component:
    selected = State.open_one == product.id.to_string()
    return c.row(
        c.cell(
            c.row_link(
                product.name,
                to=State.link + "producto=" + product.id.to_string(),
                selected=selected,
                custom_attrs={"data-row": product.id, "data-testid": "product"},
            ),
            rx.el.small(product.code, class_name="code"),
            extra="anywhere",
        ),
        c.cell(product.category, wide_only=True),
        c.cell(_stock(product), state=True, extra="right num"),
        c.cell(product.price, money=True),
        selected=selected,
        key=product.id,
    )


def _stock(product: ProductRow | rx.Var) -> rx.Component:
    return rx.match(
        product.tone,
        ("warn", c.state(product.stock, tone="warn")),
        ("bad", c.state(product.stock, tone="bad")),
        ("off", c.state(product.stock, icon_name="circle-off")),
        rx.el.span(product.stock),
    )


def _panel(*body: rx.Component, foot: list[rx.Component] | None = None) -> rx.Component:
    title = rx.cond(State.open_one == NEW, "Nuevo producto", Form.form.title)
    return c.side_panel(title, *body, on_close=State.close, label=title, foot=foot)


def _reading_panel() -> rx.Component:
    form = Form.form
    pairs = [
        ("Precio con IVA", rx.el.span(form.price, class_name="strong")),
        ("Hay", rx.cond(form.counted, form.stock, "No se cuenta")),
        ("Categoría", rx.cond(form.category != "", form.category, "—")),
        ("Marca", rx.cond(form.brand_name != "", form.brand_name, "—")),
        ("Código", rx.el.span(form.code, class_name="code")),
        ("Código de barras", rx.cond(form.bar_code != "", form.bar_code, "—")),
    ]
    return _panel(c.alert_of(Form.alert), c.facts(*pairs))


def _form_panel() -> rx.Component:
    save = c.button(
        "Guardar",
        kind="primary",
        size="l",
        type="submit",
        busy=False,
        busy_label="Guardando",
        key="Control+Enter",
        key_label="Ctrl Enter",
        form="product-form",
        custom_attrs={"data-testid": "save-product"},
    )
    form = Form.form
    editing = form.id != 0
    return _panel(
        rx.el.form(
            _field("Nombre", "nombre", form.name, max_length=200, auto_focus=True),
            rx.el.div(
                c.money_field(
                    "Precio con IVA",
                    "precio",
                    default_value=form.price,
                    placeholder="$0",
                    hint=Form.net,
                    error=_error("precio"),
                    on_change=Form.type_price.debounce(150),
                    custom_attrs={"data-testid": "precio"},
                ),
                c.select_field(
                    "Impuesto",
                    "tax_id",
                    Form.taxes,
                    default_value=form.tax,
                    on_change=Form.choose_tax,
                    error=_error("tax_id"),
                ),
                class_name="form-pair",
            ),
            _field(
                "Código de barras",
                "codigo_barras",
                form.bar_code,
                optional=True,
                max_length=50,
                icon_name="scan-barcode",
            ),
            rx.el.div(
                _field("Categoría", "categoria", form.category, optional=True, max_length=60, list="shelves"),
                c.select_field(
                    "Marca", "brand_id", Form.brands, empty="Sin marca", default_value=form.brand, optional=True
                ),
                rx.el.datalist(rx.foreach(Form.categories, lambda name: rx.el.option(value=name)), id="shelves"),
                class_name="form-pair",
            ),
            c.check_field(
                "Contar cuántos quedan", "controla_stock", default_checked=form.counted, on_change=Form.count_stock
            ),
            rx.cond(
                Form.counted,
                rx.el.div(
                    _field("Hay ahora", "stock_actual", form.stock, placeholder="0", input_mode="decimal"),
                    _field("Avisar cuando queden", "stock_minimo", form.minimum, placeholder="0", input_mode="decimal"),
                    class_name="form-pair",
                ),
            ),
            c.more(
                "Más",
                rx.el.div(
                    _field("Código interno", "codigo_interno", form.code, optional=True, max_length=35),
                    c.select_field("Se vende por", "unidad_medida", list(UNITS), default_value=form.unit),
                    class_name="form-pair",
                ),
                c.select_field(
                    "Impuesto adicional",
                    "impuesto_adicional",
                    Form.additional_taxes,
                    empty="Ninguno",
                    default_value=form.additional,
                    optional=True,
                    hint="Licores, vinos, cervezas, bebidas, carne, harina. Va dentro del precio de la boleta.",
                    on_change=Form.choose_additional,
                    error=_error("impuesto_adicional"),
                ),
            ),
            rx.cond(editing, c.check_field("Se puede vender", "is_active", default_checked=form.active)),
            c.alert_of(Form.alert),
            id="product-form",
            on_submit=Form.save,
            class_name="form",
            no_validate=True,
            key=Form.version.to_string(),
        ),
        foot=[save, c.button("Cancelar", size="l", on_click=State.close)],
    )


def _field(label: str, name: str, value: rx.Var, *, input_mode: str = "", **props: Any) -> rx.Component:
    custom = {"data-testid": name, **({"inputmode": input_mode} if input_mode else {})}
    return c.text_field(label, name, default_value=value, error=_error(name), custom_attrs=custom, **props)


def _error(name: str) -> rx.Var:
    return rx.cond(Form.field_errors.contains(name), Form.field_errors[name], "").to(str)

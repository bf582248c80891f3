"""Page `/pos`, the till: catalogue, ticket, checkout and finished sale, one at a time."""

import reflex as rx

from torn_app.kernel.permissions import Permission
from torn_app.sales.catalogue_state import CatalogueState
from torn_app.sales.checkout_page import checkout_view
from torn_app.sales.checkout_state import CheckoutState
from torn_app.sales.customer_panel import customer_dialog
from torn_app.sales.edit_state import EditState
from torn_app.sales.parked_state import ParkedState
from torn_app.sales.pos_forms import forms_dialogs
from torn_app.sales.pos_state import TillState
from torn_app.sales.pos_views import TileView
from torn_app.sales.sold_page import sold_view
from torn_app.sales.ticket_panel import ticket_aside, ticket_sheet
from torn_app.sales.ticket_state import TicketState
from torn_app.ui import components as c
from torn_app.ui.icons import icon
from torn_app.ui.layout import scan_listener, shell
from torn_app.ui.session_state import SessionState


def pos_page() -> rx.Component:
    """Page `/pos`."""
    working = rx.match(TillState.face, ("pay", checkout_view()), ("done", sold_view()), _selling())
    return rx.fragment(
        scan_listener([TillState.scan, CheckoutState.refresh]),
        c.live_region(TillState.spoken),
        rx.match(
            TillState.face,
            ("pay", _shell(working, bottom_bar=False)),
            ("done", _shell(working, bottom_bar=False)),
            _shell(rx.cond(TillState.ready, rx.cond(TillState.has_shift, working, _closed()), _waiting())),
        ),
    )


def _shell(content: rx.Component, *, bottom_bar: bool = True) -> rx.Component:
    return shell(
        content, current="/pos", slim=True, fixed=True, bottom_bar=bottom_bar, header=_tools() if bottom_bar else None
    )


def _tools() -> rx.Component:
    keys = c.icon_button(
        "keyboard",
        "Teclas de la caja, tecla ?",
        key_shortcut="?",
        on_click=EditState.open_keys,
        extra="not-phone",
    )
    return rx.fragment(_parked(), keys)


def _parked() -> rx.Component:
    return rx.cond(
        ParkedState.count > 0,
        rx.el.button(
            icon("clock"),
            rx.el.span("Ventas en espera", class_name="waiting-text"),
            rx.el.span(ParkedState.count, class_name="waiting-n"),
            type="button",
            class_name="waiting",
            on_click=ParkedState.set_open(True),
            custom_attrs={"data-key": "Shift+F4", "aria-label": "Ventas en espera"},
        ),
    )


def _selling() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Vender", class_name="sr-only"),
        rx.el.section(_head(), _body(), class_name="catalogue", custom_attrs={"aria-label": "Productos"}),
        ticket_aside(),
        rx.cond(
            TillState.lines.length() > 0,
            c.pay_dock(
                TillState.totals.count,
                TillState.totals.text,
                on_click=TillState.set_sheet(True),
                custom_attrs={"data-testid": "open-ticket"},
            ),
        ),
        ticket_sheet(),
        customer_dialog(),
        forms_dialogs(),
        rx.cond(
            TicketState.undo_text != "",
            c.undo(TicketState.undo_text, on_undo=TicketState.undo),
        ),
        class_name="pos",
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.form(
            c.search_box(
                "Buscar nombre o código",
                field_id="catalogue-search",
                name="text",
                label="Buscar producto por nombre o código",
                key="F2 /",
                key_label="F2",
                size="l",
                on_change=CatalogueState.search.debounce(200),
                custom_attrs={"data-scan-ok": "", "data-testid": "search"},
            ),
            on_submit=TillState.enter,
            class_name="catalogue-search",
        ),
        rx.cond(
            CatalogueState.chips.length() > 1,
            rx.el.div(
                c.chips(
                    rx.foreach(
                        CatalogueState.chips,
                        lambda name: c.chip(
                            name,
                            pressed=(CatalogueState.chosen == name) & (CatalogueState.query == ""),
                            large=True,
                            on_click=CatalogueState.choose(name),
                        ),
                    ),
                    label="Categorías",
                ),
                class_name="catalogue-chips",
            ),
        ),
        rx.cond(TillState.unknown_code != "", _unknown()),
        c.alert_of(CatalogueState.alert),
        # On a phone the ticket, where its refusals show, is closed.
        rx.el.div(c.alert_of(TillState.alert), class_name="only-narrow"),
        class_name="catalogue-head",
    )


def _unknown() -> rx.Component:
    may_create = SessionState.permissions.contains(Permission.EDIT_PRODUCTS.value)
    create = c.link_button("Crear producto", "/inventario?producto=nuevo", icon_name="plus")
    return c.alert(
        rx.Var.create("El código ") + TillState.unknown_code + " no está en el catálogo.",
        rx.cond(may_create, "Búsquelo por su nombre, o créelo ahora.", "Búsquelo por su nombre."),
        tone="warn",
        icon_name="scan-barcode",
        action=rx.el.div(
            rx.cond(may_create, create),
            c.button("Entendido", on_click=TillState.forget_code),
            class_name="row wrap",
        ),
    )


def _body() -> rx.Component:
    nothing = rx.cond(
        CatalogueState.query != "",
        c.empty_state(
            rx.Var.create("Nada con «") + CatalogueState.query + "»",
            "Revise cómo está escrito, o búsquelo por su código.",
            icon_name="search-x",
            plain=True,
        ),
        c.empty_state(
            "Aún no hay productos para vender",
            "Cuando alguien los cree en Productos aparecen aquí.",
            icon_name="package",
            plain=True,
        ),
    )
    tiles = rx.fragment(
        rx.el.div(rx.foreach(CatalogueState.tiles, _tile), class_name="tiles", custom_attrs={"data-testid": "tiles"}),
        rx.cond(
            CatalogueState.more,
            rx.el.div(
                c.button("Mostrar más", size="l", on_click=CatalogueState.load_more), class_name="catalogue-more"
            ),
        ),
    )
    return rx.el.div(
        rx.cond(
            CatalogueState.loading,
            _tiles_waiting(),
            rx.cond(CatalogueState.tiles.length() > 0, tiles, nothing),
        ),
        class_name="catalogue-body",
        tab_index=-1,
    )


def _tile(tile: TileView) -> rx.Component:
    return c.tile(
        tile.name,
        tile.price,
        category=tile.mark,
        count=TillState.counts.get(tile.key, "").to(str),
        unit=tile.unit,
        tag=tile.tag,
        out=tile.out,
        on_click=TillState.add(tile.id),
        key=tile.key,
        custom_attrs={"data-testid": "tile"},
    )


def _tiles_waiting() -> rx.Component:
    return rx.el.div(
        *[rx.el.div(c.skeleton("80%", "20px"), c.skeleton("50%", "24px"), class_name="tile") for _ in range(10)],
        class_name="tiles",
        custom_attrs={"aria-hidden": "true"},
    )


def _waiting() -> rx.Component:
    return rx.el.div(
        rx.el.section(
            rx.el.div(
                rx.el.div(c.skeleton("100%", "56px"), class_name="catalogue-search"),
                c.skeleton("60%", "48px"),
                class_name="catalogue-head",
            ),
            rx.el.div(_tiles_waiting(), class_name="catalogue-body"),
            class_name="catalogue",
        ),
        rx.el.aside(class_name="ticket", custom_attrs={"aria-hidden": "true"}),
        class_name="pos",
        custom_attrs={"aria-busy": "true"},
    )


def _closed() -> rx.Component:
    return rx.el.div(
        rx.el.form(
            rx.el.div(
                rx.el.h1("Abra la caja para vender", class_name="h1"),
                rx.el.p("Con el efectivo que queda en el cajón para dar vuelto.", class_name="till-text muted"),
            ),
            c.money_field(
                "Fondo inicial",
                "start_amount",
                field_id="start-amount",
                till=True,
                size="xl",
                placeholder="$0",
                auto_focus=True,
                custom_attrs={"data-testid": "float"},
            ),
            c.alert_of(TillState.alert),
            c.button(
                "Abrir caja",
                kind="primary",
                size="xl",
                icon_name="wallet",
                type="submit",
                custom_attrs={"data-testid": "open-shift"},
            ),
            on_submit=TillState.open_shift,
            class_name="card shift-form",
        ),
        class_name="shift-closed",
    )

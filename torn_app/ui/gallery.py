"""Every component in every state on one page, `/galeria`, in development only: what one looks at after a change."""

import asyncio
from collections.abc import AsyncIterator

import reflex as rx

from torn_app.ui import components as c
from torn_app.ui import gallery_office as office
from torn_app.ui.gallery_office import block
from torn_app.ui.icons import icon, logo
from torn_app.ui.layout import mode_badge, scan_listener, tax_light


class GalleryState(rx.State):
    """Opens and closes the overlays of the gallery. The page is not part of the app in production."""

    sheet_open: bool = False
    dialog_open: bool = False
    paying: bool = False
    paid: int = 0
    scanned: str = ""

    @rx.event
    def set_sheet(self, is_open: bool) -> None:
        """Open or close the sheet."""
        self.sheet_open = is_open

    @rx.event
    def set_dialog(self, is_open: bool) -> None:
        """Open or close the dialog."""
        self.dialog_open = is_open

    @rx.event
    async def pay(self) -> AsyncIterator[None]:
        """Be busy for a moment, as when a document is issued."""
        self.paying = True
        yield
        await asyncio.sleep(0.3)
        self.paid += 1
        self.paying = False

    @rx.event
    def scan(self, code: str) -> None:
        """Show what the scanner read."""
        self.scanned = f"{self.scanned} {code}".strip()


def gallery_page() -> rx.Component:
    """Draw the gallery."""
    return rx.el.main(
        rx.el.link(rel="stylesheet", href="/css/gallery.css"),
        scan_listener(GalleryState.scan),
        rx.el.div(
            rx.el.h1("Componentes y sus estados", class_name="h1 grow"),
            rx.el.button(
                icon("sun"), "Tema", type="button", class_name="btn", on_click=rx.toggle_color_mode, id="theme-switch"
            ),
            class_name="page-head",
        ),
        rx.el.p(GalleryState.scanned, id="scanned", class_name="code", role="status"),
        _tiles(),
        rx.el.div(_lines(), _pay(), class_name="gallery-two"),
        rx.el.div(_keypad(), _stats(), class_name="gallery-two"),
        office.listing(),
        rx.el.div(office.fields(), _states(), class_name="gallery-two"),
        _alerts(),
        rx.el.div(office.empty(), office.panel(), class_name="gallery-two"),
        _options(),
        class_name="gallery",
    )


def _tiles() -> rx.Component:
    name = 'Llave de paso ½"'
    return block(
        "1 Ficha de producto",
        "El nombre manda, hasta tres líneas. Nunca cambia de lugar.",
        rx.el.div(
            c.tile(name, "$4.290", category="water"),
            c.tile(name, "$4.290", category="water", extra="is-hover"),
            c.tile(name, "$4.290", category="water", extra="is-press"),
            c.tile(name, "$4.290", category="water", extra="is-focus"),
            c.tile(name, "$4.290", category="water", count="2"),
            c.tile(name, "$4.290", category="water", tag="Quedan 4"),
            c.tile(name, "$4.290", category="water", tag="Agotado", out=True),
            c.tile(
                "Clavo corriente galvanizado punta diamante 2½ pulgadas caja", "$2.990", unit="/kg", category="tools"
            ),
            class_name="tiles",
        ),
    )


def _lines() -> rx.Component:
    return block(
        "2 Línea del ticket",
        "La elegida se abre; las demás quedan compactas.",
        rx.el.div(
            c.ticket_line('Clavo corriente 2½"', "0,651 kg × $2.990", "$1.946"),
            c.ticket_line("Silicona transparente 280 ml", "1 × $3.990", "$3.591", discount="descuento 10 %"),
            c.ticket_line("Huincha aisladora 20 m", "1 × $1.490", "$1.490", is_open=True),
            class_name="gallery-frame",
        ),
    )


def _pay() -> rx.Component:
    return block(
        "3 Barra de pago",
        "Bloqueada dice por qué, una línea encima.",
        rx.el.div(
            c.pay_bar("Cobrar", busy=GalleryState.paying, on_click=GalleryState.pay),
            rx.el.p("Veces: ", GalleryState.paid, id="paid"),
            c.pay_bar("Cobrar", extra="is-press", key=None),
            c.pay_bar("Cobrar", extra="is-focus", key=None),
            c.pay_bar("Emitir boleta", busy=True, key=None),
            rx.el.div(
                c.pay_bar("Emitir boleta", blocked="Falta $1.250", key=None, why_id="why-gallery"), class_name="stack"
            ),
            class_name="stack",
        ),
    )


def _keypad() -> rx.Component:
    return block(
        "4 Teclado",
        "Teclas de 64 px, separación 8. Escribe en el navegador.",
        c.amount_box("Recibido", field_id="gallery-amount", default_value="$17.990"),
        rx.el.div(
            c.note_button("Exacto", "17990", field_id="gallery-amount", key="E"),
            c.note_button("$20.000", "20000", field_id="gallery-amount", pressed=True),
            class_name="notes",
        ),
        c.keypad("gallery-amount"),
        c.change_box("Vuelto", "$2.010"),
        c.change_box("Falta", "$1.250", short=True),
        c.total_row("$17.987", "5 productos"),
    )


def _stats() -> rx.Component:
    up = rx.fragment(rx.el.span("12 % más", class_name="stat-up"), " que el viernes pasado")
    return block(
        "5 Tarjeta de cifra",
        "Es un enlace a la lista filtrada. La comparación va en palabras.",
        rx.el.div(
            c.stat_card("Vendido hoy", "$486.320", icon_name="trending-up", href="#", note=up),
            c.stat_card("Vendido hoy", "", icon_name="trending-up", href="#", loading=True),
            class_name="cards",
        ),
        c.gauge(68, label="Quedan 68 de cada 100 números"),
        c.gauge(18, label="Quedan 18 de cada 100 números", tone="warn"),
        c.gauge(6, label="Quedan 6 de cada 100 números", tone="bad"),
    )


def _states() -> rx.Component:
    return block(
        "10 Estados y botones",
        "Icono y palabra, nunca solo color.",
        rx.el.div(
            c.state("En camino"),
            c.state("Aceptada", tone="ok"),
            c.state("Con reparos", tone="warn"),
            c.state("Rechazada", tone="bad"),
            mode_badge("PRUEBA"),
            class_name="row wrap",
        ),
        rx.el.div(
            tax_light("ok", "SII al día"),
            tax_light("warn", "SII lento, 3 en espera"),
            tax_light("bad", "SII sin respuesta, 12 en espera desde las 13:40"),
            class_name="row wrap gallery-lights",
        ),
        rx.el.div(
            c.button("Guardar", kind="primary"),
            c.button("Guardar", kind="primary", busy=True, busy_label="Guardando"),
            c.button("Cancelar"),
            c.button("Agregar línea", kind="soft"),
            c.button("Ver tabla", kind="ghost"),
            c.button("Devolver", kind="danger", icon_name="undo-2"),
            c.button("Guardar", disabled=True),
            class_name="row wrap",
        ),
        rx.el.div(
            c.button("Imprimir", kind="primary", size="xl", icon_name="printer", key="F10"),
            c.button("En espera", size="l", key="F4"),
            c.text_button("Dividir el pago"),
            class_name="row wrap",
        ),
        rx.el.div(
            c.button("Abrir hoja", on_click=GalleryState.set_sheet(True), id="open-sheet"),
            c.button("Abrir diálogo", on_click=GalleryState.set_dialog(True), id="open-dialog"),
            class_name="row wrap",
        ),
        c.sheet(
            c.amount_box("Recibido", field_id="sheet-amount", default_value="$20.000"),
            c.keypad("sheet-amount"),
            c.change_box("Vuelto", "$2.010"),
            c.pay_bar("Emitir boleta", key=None),
            title="Monto recibido",
            is_open=GalleryState.sheet_open,
            on_open_change=GalleryState.set_sheet,
        ),
        c.dialog(
            rx.el.p("El sistema de impuestos la recibirá con el mismo total.", class_name="dialog-text"),
            c.text_field("Motivo", "reason", custom_attrs={"data-autofocus": ""}),
            rx.el.div(
                c.button("Cancelar", on_click=GalleryState.set_dialog(False)),
                c.button("Devolver $17.987", kind="primary"),
                class_name="form-actions",
            ),
            title="Devolver la boleta 10.482",
            is_open=GalleryState.dialog_open,
            on_open_change=GalleryState.set_dialog,
        ),
    )


def _alerts() -> rx.Component:
    return block(
        "11 Aviso",
        "Qué pasó, qué significa, qué tocar.",
        rx.el.div(
            c.alert(
                "La boleta no se emitió.",
                "Queda 1 unidad de Taladro percutor 650 W y la venta lleva 2.",
                action=c.button("Dejar 1"),
            ),
            c.alert(
                "Sin conexión con el servidor.",
                "El ticket está a salvo. Reintentando en 4 s.",
                tone="warn",
                icon_name="wifi-off",
                action=c.button("Reintentar ahora"),
            ),
            c.alert("Carbón vegetal quitado.", tone="ok", action=c.button("Deshacer")),
            c.alert("Esta pantalla la ve solo el administrador.", tone="info", action=c.button("Pedir acceso")),
            class_name="gallery-alerts",
        ),
    )


def _options() -> rx.Component:
    return block(
        "Documento y pago",
        "Fichas de una sola elección; las flechas mueven.",
        c.step_head(1, "Documento", action=c.text_button("Otros")),
        c.option_group(
            c.option_tile("Boleta", icon_name="receipt-text", checked=True, note="Para cualquier persona"),
            c.option_tile("Factura", icon_name="file-text", checked=False, note="Para empresas, con RUT y giro"),
            label="Documento",
        ),
        c.step_head(2, "Pago", note="efectivo es lo usual"),
        c.option_group(
            c.option_tile("Efectivo", icon_name="banknote", checked=True, key="1", column=True),
            c.option_tile("Débito", icon_name="credit-card", checked=False, key="2", column=True),
            c.option_tile("Crédito", icon_name="wallet-cards", checked=False, key="3", column=True),
            c.option_tile("Transferencia", icon_name="landmark", checked=False, key="4", column=True),
            c.option_tile(
                "Fiado",
                icon_name="notebook-pen",
                checked=False,
                key="5",
                column=True,
                disabled=True,
                note="Sin cliente",
            ),
            label="Medio de pago",
            columns=5,
        ),
        rx.el.div(
            c.pick("Documento", "Boleta", caret=True),
            c.pick("Cliente", "Agregar", icon_name="user-plus", key="F3", extra="grow"),
            class_name="row",
        ),
        c.pay_dock("5 productos", "$17.987"),
        rx.el.div(logo(), style={"width": "32px"}),
        rx.el.div(
            *[c.mark(key) for key in ("tools", "water", "light", "paint", "hand", "garden", "drink", "clothes")],
            class_name="row wrap gallery-marks",
        ),
    )

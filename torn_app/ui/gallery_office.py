"""The part of the gallery that shows the back office: lists, forms, panels."""

from typing import Any

import reflex as rx

from torn_app.ui import components as c
from torn_app.ui.icons import icon


def block(title: str, note: str, *content: Any) -> rx.Component:
    """Draw one numbered part of the gallery."""
    return rx.el.section(
        rx.el.h2(title, class_name="h2"), rx.el.p(note, class_name="muted"), rx.el.div(*content, class_name="stack")
    )


def listing() -> rx.Component:
    """Draw the part about lists."""

    def one(
        name: str, number: str, time: str, who: str, mark: rx.Component, total: Any, selected: bool = False
    ) -> rx.Component:
        return c.row(
            c.cell(c.row_link(name, " ", rx.el.span(number)), c.phone_line(f"{time} · {who}")),
            c.cell(time, wide_only=True, extra="num muted"),
            c.cell(who, wide_only=True),
            c.cell(mark, state=True),
            c.cell(total, money=True),
            selected=selected,
        )

    return block(
        "6 Barra de lista y 7 fila",
        "Una sola forma para todas las listas. El estado normal es callado.",
        rx.el.div(
            c.toolbar(
                c.search_box("Número, cliente o RUT", field_id="gallery-search", key="/", label="Buscar"),
                c.chips(
                    c.chip("Hoy", pressed=True, count=31),
                    c.chip("Ayer", pressed=False),
                    c.chip("Semana", pressed=False),
                    c.chip("Rechazadas", pressed=False, count=1, bad=True),
                    label="Filtros",
                    extra="grow",
                ),
                c.csv_link("#"),
                c.button("Nuevo", kind="primary", icon_name="plus"),
            ),
            c.table(
                [
                    c.column("Documento"),
                    c.column("Hora", wide_only=True),
                    c.column("Cliente", wide_only=True),
                    c.column("Estado"),
                    c.column("Total", right=True),
                ],
                one("Boleta", "10.481", "13:58", "Sin cliente", c.state("En camino"), "$3.490"),
                one("Boleta", "10.480", "13:31", "Sin cliente", c.state("Aceptada", tone="ok"), "$8.990", True),
                one("Factura", "1.203", "12:54", "Áridos del Sur Ltda.", c.state("Rechazada", tone="bad"), "$61.500"),
                one(
                    "Nota de crédito",
                    "87",
                    "12:40",
                    "Sin cliente",
                    c.state("Aceptada", tone="ok"),
                    rx.fragment("−$4.990", rx.el.small("devolución")),
                ),
                c.skeleton_rows(5, 1),
                caption="Documentos de hoy",
            ),
            c.load_more("4 de 31", has_more=True, on_more=rx.noop()),
        ),
    )


def fields() -> rx.Component:
    """Draw the part about form fields."""
    wrong = "El dígito final no calza. Revise el número."
    return block(
        "9 Campo",
        "El texto dice cómo arreglarlo.",
        c.text_field("RUT", "rut", default_value="76.418.932-9", hint="Con o sin puntos"),
        c.text_field("RUT", "rut-2", default_value="76.418.932-8", error=wrong),
        c.text_field("RUT", "rut-3", default_value="66.666.666-6", read_only=True, hint="Lo pone el documento"),
        c.money_field("Precio", "price", default_value="$12.990"),
        c.select_field("Unidad", "unit", [("un", "Unidad"), ("kg", "Kilo")], empty="Sin unidad"),
        c.text_field("Comuna", "comuna", till=True, size="l", optional=True, placeholder="Ñuñoa"),
        c.area_field("Nota", "note", optional=True, placeholder="Por ejemplo: billete dañado"),
        c.check_field("Vender aunque no quede", "negative"),
        c.more("Más", c.text_field("Código de barras", "barcode")),
    )


def panel() -> rx.Component:
    """Draw the part about the side panel."""
    return block(
        "8 Panel lateral",
        "480 px, datos primero; en teléfono es una hoja.",
        rx.el.div(
            c.side_panel(
                "Boleta 10.482",
                c.section(
                    rx.el.div(
                        rx.el.div(
                            c.state("Aceptada por el SII", tone="ok"),
                            rx.el.p("20-11-2026 14:05", class_name="muted code"),
                        ),
                        rx.el.strong("$17.987"),
                        class_name="headline",
                    )
                ),
                c.section(
                    c.facts(
                        ("Cliente", "Sin cliente"), ("Vendió", "Rosa S."), ("Neto", "$15.115"), ("IVA 19 %", "$2.872")
                    )
                ),
                c.section(
                    rx.el.ol(
                        rx.el.li(icon("circle-check"), "Emitida y firmada", rx.el.time("14:05:12")),
                        rx.el.li(icon("circle-check"), "Enviada", rx.el.time("14:05:15")),
                        class_name="timeline",
                    ),
                    title="Camino al SII",
                ),
                on_close=rx.noop(),
                label="Boleta 10.482",
                head=c.tabs(
                    c.tab("Datos", selected=True),
                    c.tab("Productos", selected=False, count=5),
                    c.tab("Pagos", selected=False),
                    label="Boleta 10.482",
                ),
                foot=[
                    c.button("Imprimir", kind="primary", icon_name="printer"),
                    c.button("Devolver", icon_name="undo-2"),
                    c.icon_button("ellipsis", "Más acciones", kind="outline"),
                ],
            ),
            class_name="gallery-frame gallery-panel",
        ),
    )


def empty() -> rx.Component:
    """Draw the part about empty states."""
    return block(
        "12 Estado vacío",
        "Un siguiente paso, no tres.",
        c.empty_state(
            "Aún no hay productos",
            "Lo más rápido es subir la planilla que ya usa.",
            c.button("Importar planilla", kind="primary", icon_name="file-up"),
            c.button("Crear el primero"),
        ),
    )

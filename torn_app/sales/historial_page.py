"""Page `/historial`: sales found, and one of them in its panel."""

import reflex as rx

from torn_app.kernel.permissions import Permission
from torn_app.sales.historial_state import HistorialState as State
from torn_app.sales.historial_view import REJECTED, Fact, HistoryRow, Line
from torn_app.sales.words import STATES
from torn_app.ui import components as c
from torn_app.ui.layout import shell
from torn_app.ui.session_state import SessionState

_PERIODS = (("hoy", "Hoy"), ("ayer", "Ayer"), ("semana", "7 días"), ("mes", "Este mes"))
_TYPES = (("39", "Boletas"), ("33", "Facturas"), ("61", "Notas de crédito"))


def historial_page() -> rx.Component:
    """Page `/historial`."""
    return shell(
        c.list_page(
            _tools(),
            rx.cond(State.failed, _retry(), rx.cond(State.loaded & (State.rows.length() == 0), _nothing(), _table())),
            title="Historial",
            side=_panel(),
            side_open=State.sale.id != 0,
        ),
        current="/historial",
        fixed=True,
    )


def _tools() -> rx.Component:
    search = c.search_box(
        "Número, cliente o RUT",
        field_id="history-search",
        label="Buscar en el historial",
        key="/",
        default_value=State.q,
        on_change=State.search.debounce(300),
        custom_attrs={"data-testid": "history-search"},
    )
    filters = c.button(
        rx.el.span("Filtros", class_name="not-phone"),
        icon_name="sliders-horizontal",
        on_click=State.toggle_filters,
        custom_attrs={
            "aria-label": "Filtros",
            "aria-expanded": rx.cond(State.filters_open, "true", "false"),
            "data-testid": "filters",
        },
    )
    periods = [
        rx.cond(
            State.period == name,
            c.chip(words, pressed=True, count=State.total, on_click=State.choose_period(name)),
            c.chip(words, pressed=False, on_click=State.choose_period(name)),
        )
        for name, words in _PERIODS
    ]
    types = [c.chip(words, pressed=State.tipo == tipo, on_click=State.choose_type(tipo)) for tipo, words in _TYPES]
    rejected = rx.cond(
        State.rejected > 0,
        c.chip(
            "Rechazadas",
            pressed=State.estado == REJECTED,
            count=State.rejected,
            bad=True,
            on_click=State.choose_state(REJECTED),
        ),
    )
    return rx.fragment(
        c.toolbar(rx.el.div(search, key=State.typed.to_string(), class_name="grow search-slot"), filters),
        rx.cond(State.filters_open, _filters()),
        c.toolbar(c.chips(*periods, rx.el.span(class_name="chips-gap"), *types, rejected, label="Filtros rápidos")),
    )


def _filters() -> rx.Component:
    words = {estado: sentence for estado, (_, _, sentence) in STATES.items() if estado not in ("PENDIENTE",)}

    def day(name: str, label: str, value: rx.Var) -> rx.Component:
        return c.text_field(
            label,
            name,
            type="date",
            value=value,
            on_change=lambda text: State.choose_day(name, text),
            custom_attrs={"data-testid": name},
        )

    return rx.el.div(
        day("desde", "Desde", State.desde),
        day("hasta", "Hasta", State.hasta),
        c.select_field(
            "Estado",
            "estado",
            list(words.items()),
            empty="Todos",
            value=State.estado,
            on_change=State.choose_state,
        ),
        class_name="card filters",
    )


def _retry() -> rx.Component:
    return rx.el.div(
        c.alert_of(State.alert),
        rx.el.div(c.button("Reintentar", icon_name="rotate-cw", on_click=State.load)),
        class_name="stack",
    )


def _nothing() -> rx.Component:
    searched = c.empty_state(
        rx.Var.create("Nada coincide con «") + State.q + "»",
        "Buscamos en las ventas de todos los días.",
        c.button("Borrar la búsqueda", on_click=State.clear, kind="primary"),
        icon_name="search-x",
    )
    narrowed = c.empty_state(
        "No hay ventas con esos filtros",
        "Pruebe con otros días o quite los filtros.",
        c.button("Quitar los filtros", on_click=State.clear, kind="primary"),
        icon_name="search-x",
    )
    go_sell = rx.cond(
        SessionState.permissions.contains(Permission.SELL.value),
        c.link_button("Ir a vender", "/pos", kind="primary", icon_name="store"),
    )
    today = c.empty_state(
        "Aún no hay ventas hoy", "Cada venta aparecerá aquí apenas se emita.", go_sell, icon_name="history"
    )
    return rx.el.div(
        rx.cond(State.q != "", searched, rx.cond(State.narrowed, narrowed, today)),
        role="status",
        custom_attrs={"data-testid": "nothing"},
    )


def _table() -> rx.Component:
    shown = State.rows.length().to_string() + " de " + State.total
    return rx.fragment(
        c.table(
            [
                c.column("Documento"),
                c.column("Hora", wide_only=True),
                c.column("Cliente", wide_only=True),
                c.column("Estado"),
                c.column("Total", right=True),
            ],
            rx.cond(State.loaded, rx.foreach(State.rows, _row), c.skeleton_rows(5, 8)),
            caption="Ventas, de la más nueva a la más antigua",
        ),
        rx.cond(State.loaded, c.load_more(shown, has_more=State.has_more, on_more=State.more)),
    )


def _row(sale: HistoryRow | rx.Var) -> rx.Component:
    selected = State.sale.id == sale.id
    return c.row(
        c.cell(
            c.row_link(
                sale.name,
                " ",
                rx.el.span(sale.number),
                to=State.link + "venta=" + sale.id.to_string(),
                selected=selected,
                custom_attrs={"data-row": sale.id, "data-testid": "sale"},
            ),
            c.phone_line(rx.el.span(sale.when, class_name="code"), " · ", sale.who),
        ),
        c.cell(sale.when, wide_only=True, extra="code muted"),
        c.cell(sale.who, wide_only=True, extra="anywhere"),
        c.cell(_mark(sale.word, sale.tone), state=True),
        c.cell(sale.total, rx.cond(sale.note != "", rx.el.small(sale.note)), money=True),
        selected=selected,
        key=sale.id,
    )


def _mark(word: rx.Var | str, tone: rx.Var | str) -> rx.Component:
    return rx.match(tone, ("test", c.state(word, icon_name="flask-conical")), c.state_by_tone(word, tone))


def _panel() -> rx.Component:
    sale = State.sale
    address = "/venta/" + sale.id.to_string()
    name = rx.Var.create("") + sale.name + " " + sale.number
    foot = [
        c.link_button(
            "Imprimir",
            "/imprimir" + address,
            kind="primary",
            icon_name="printer",
            target="_blank",
            custom_attrs={"data-testid": "print"},
        ),
        _download("PDF", "/descargar" + address + ".pdf", "pdf"),
        _download("XML", "/descargar" + address + ".xml", "xml"),
    ]
    return c.side_panel(
        rx.fragment(sale.name, " ", rx.el.span(sale.number, class_name="num")),
        rx.cond(State.tab == "documento", _document(), _detail()),
        on_close=State.close,
        label=name,
        head=c.tabs(
            c.tab("Detalle", selected=State.tab != "documento", on_click=State.set_tab("detalle")),
            c.tab(
                "Documento",
                selected=State.tab == "documento",
                on_click=State.set_tab("documento"),
                custom_attrs={"data-testid": "tab-document"},
            ),
            label="Partes de la venta",
        ),
        foot=foot,
    )


def _download(words: str, href: rx.Var, test_id: str) -> rx.Component:
    return c.link_button(words, href, icon_name="download", download=True, custom_attrs={"data-testid": test_id})


def _detail() -> rx.Component:
    sale = State.sale
    return rx.fragment(
        c.section(
            rx.el.div(
                rx.el.div(_mark(sale.word, sale.tone), rx.el.p(sale.when, class_name="muted code")),
                rx.el.strong(sale.total),
                class_name="headline",
                custom_attrs={"data-testid": "headline"},
            )
        ),
        c.section(
            rx.el.dl(
                rx.foreach(sale.facts, _fact),
                class_name="facts",
            )
        ),
        c.section(rx.el.ul(rx.foreach(sale.lines, _line), class_name="lines"), title="Productos"),
    )


def _fact(fact: Fact | rx.Var) -> rx.Component:
    return rx.fragment(rx.el.dt(fact.name), rx.el.dd(fact.value))


def _line(line: Line | rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.text, rx.el.small(line.note, class_name="muted"), class_name="grow"),
        rx.el.span(line.value, class_name="money"),
    )


def _document() -> rx.Component:
    sale = State.sale
    return rx.fragment(
        c.section(
            _mark(sale.word, sale.tone),
            rx.el.p(sale.sentence, class_name="panel-sentence", custom_attrs={"data-testid": "sentence"}),
            rx.cond(sale.problem != "", c.alert("Lo que respondió el SII", sale.problem, tone="warn")),
        ),
        c.section(rx.el.ol(rx.foreach(sale.steps, _step), class_name="timeline"), title="Qué ha pasado"),
    )


def _step(step: Line | rx.Var) -> rx.Component:
    return rx.el.li(
        rx.match(
            step.tone,
            ("bad", c.icon("circle-alert", 24, "step-bad")),
            ("warn", c.icon("triangle-alert", 24, "step-warn")),
            ("test", c.icon("flask-conical", 24)),
            c.icon("circle-check", 24),
        ),
        rx.el.span(step.text),
        rx.el.time(step.value),
    )

"""Pages `/caja` (open a shift, see how it stands, history) and `/caja/cerrar` (blind count)."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from torn_app.cash.rules import BY_TOTAL, COINS, NOTES, TOTAL, WAY, coin_key
from torn_app.cash.state import CashState, ShiftRow
from torn_app.kernel.money import format_pesos
from torn_app.ui import components as c
from torn_app.ui.layout import shell
from torn_app.ui.session_state import SessionState


def cash_page() -> rx.Component:
    """Page `/caja`."""
    now = rx.cond(CashState.is_open, _open_now(), _opening())
    return shell(
        rx.el.div(rx.el.h1("Caja", class_name="h1"), class_name="page-head"),
        rx.cond(
            CashState.loaded,
            rx.cond(CashState.failed, _retry(), rx.fragment(now, _history())),
            rx.el.div(c.skeleton("40%", "24px"), c.skeleton("60%"), c.skeleton("200px", "48px"), class_name="card"),
        ),
        current="/caja",
    )


def count_page() -> rx.Component:
    """Page `/caja/cerrar`. The browser adds up (assets/js/count.js); the server reads the form at the review."""
    return shell(
        rx.cond(CashState.closed, _closed(), _counting()),
        _review(),
        current="/caja",
        slim=True,
        fixed=True,
        bottom_bar=False,
    )


def _retry() -> rx.Component:
    again = c.button("Reintentar", on_click=CashState.load, icon_name="rotate-cw")
    return rx.el.div(c.alert_of(CashState.alert), rx.el.div(again), class_name="stack")


def _opening() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.h2("La caja está cerrada", class_name="h2"),
            rx.el.p("Ábrala con el efectivo que queda en el cajón para dar vuelto.", class_name="muted"),
        ),
        c.money_field(
            "Fondo inicial",
            "start_amount",
            field_id="start-amount",
            till=True,
            size="xl",
            placeholder="$0",
            error=rx.cond(
                CashState.field_errors.contains("start_amount"), CashState.field_errors["start_amount"], ""
            ).to(str),
            custom_attrs={"data-testid": "float"},
        ),
        c.alert_of(CashState.alert),
        c.button(
            "Abrir la caja",
            kind="primary",
            size="xl",
            type="submit",
            busy=False,
            busy_label="Abriendo",
            custom_attrs={"data-testid": "open-shift"},
        ),
        on_submit=CashState.open_shift,
        class_name="card cash-open",
    )


def _open_now() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(c.icon("wallet", 24), class_name="cash-mark"),
            rx.el.div(
                rx.el.h2("Turno de ", SessionState.user_name, class_name="h2"),
                rx.el.p(CashState.since, " · fondo ", rx.el.span(CashState.float_text, class_name="num")),
                class_name="grow",
                custom_attrs={"data-testid": "shift"},
            ),
            class_name="cash-who",
        ),
        rx.el.div(
            _go("Cerrar la caja", "/caja/cerrar", "lock", "btn btn-l", "go-close"),
            _go("Ir a vender", "/pos", "store", "btn btn-primary btn-l", "go-sell"),
            class_name="cash-actions",
        ),
        class_name="card cash-now",
    )


def _go(words: str, to: str, icon_name: str, class_name: str, test_id: str) -> rx.Component:
    return ReactRouterLink.create(
        c.icon(icon_name), words, to=to, class_name=class_name, custom_attrs={"data-testid": test_id}
    )


def _history() -> rx.Component:
    rows = c.table(
        [
            c.column("Día"),
            c.column("Horas", wide_only=True),
            c.column("Quién", wide_only=True),
            c.column("Resultado"),
            c.column("Contado", right=True),
        ],
        rx.foreach(CashState.shifts, _shift_row),
        caption="Turnos de caja, del más nuevo al más antiguo",
    )
    nothing = c.empty_state(
        "Aún no hay turnos", "Aquí quedará cada turno con su resultado.", icon_name="history", plain=True
    )
    count = CashState.shifts.length()
    shown = rx.cond(count == 1, "1 turno", count.to(str) + " turnos")
    return rx.el.section(
        rx.el.h2("Turnos", class_name="h2"),
        rx.cond(
            count > 0,
            rx.fragment(rows, c.load_more(shown, has_more=CashState.has_more, on_more=CashState.more)),
            nothing,
        ),
        class_name="cash-history",
    )


def _shift_row(shift: ShiftRow | rx.Var) -> rx.Component:
    return c.row(
        c.cell(
            rx.el.span(shift.day, class_name="code strong"),
            c.phone_line(shift.who, " · ", rx.el.span(shift.hours, class_name="num")),
        ),
        c.cell(shift.hours, wide_only=True, extra="num muted"),
        c.cell(shift.who, wide_only=True),
        c.cell(c.state_by_tone(shift.verdict, shift.tone), state=True),
        c.cell(rx.cond(shift.counted != "", shift.counted, "—"), money=True),
        key=shift.id,
    )


def _counting() -> rx.Component:
    return rx.el.form(
        rx.el.section(
            ReactRouterLink.create(c.icon("chevron-left"), "Caja", to="/caja", class_name="link"),
            rx.el.div(
                rx.el.div(
                    rx.el.h1("Cerrar la caja", class_name="h1"),
                    rx.el.p("Cuente el efectivo del cajón, fondo inicial incluido.", class_name="till-text"),
                ),
                class_name="page-head",
            ),
            rx.el.fieldset(
                rx.el.legend("Cómo contar", class_name="sr-only"),
                _way("Billetes y monedas", "coins", chosen=True),
                _way("Escribir el total", BY_TOTAL),
                class_name="chips ways",
            ),
            rx.el.div(_pieces("Billetes", NOTES), _pieces("Monedas", COINS), class_name="coins"),
            rx.el.div(
                c.amount_box(
                    "Efectivo contado",
                    field_id="count-total",
                    name=TOTAL,
                    placeholder="$0",
                    custom_attrs={"data-testid": "count-total"},
                ),
                class_name="count-plain",
            ),
            class_name="count-body",
        ),
        rx.el.aside(
            rx.el.div(
                rx.el.p("Turno de ", SessionState.user_name, class_name="strong"),
                rx.el.p(CashState.since, class_name="muted"),
                class_name="not-phone",
            ),
            rx.el.div(
                c.alert(
                    "Aquí no se ve cuánto debería haber.",
                    "La diferencia aparece después de cerrar.",
                    tone="plain",
                    icon_name="eye-off",
                ),
                class_name="not-phone",
            ),
            rx.el.div(class_name="grow not-phone"),
            c.alert_of(CashState.alert),
            rx.el.div(
                rx.el.span("Contado", class_name="counted-label"),
                rx.el.output("$0", class_name="counted-value", custom_attrs={"data-counted": ""}),
                class_name="counted",
            ),
            c.pay_bar("Revisar y cerrar", type="submit", custom_attrs={"data-testid": "review"}),
            class_name="count-side",
            custom_attrs={"aria-label": "Total contado"},
        ),
        on_submit=CashState.review,
        class_name="count",
        auto_complete="off",
        custom_attrs={"data-count": ""},
    )


def _way(words: str, value: str, *, chosen: bool = False) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name=WAY, value=value, default_checked=chosen, class_name="sr-only"),
        words,
        class_name="chip",
    )


def _pieces(title: str, values: tuple[int, ...]) -> rx.Component:
    return rx.el.div(
        rx.el.h2(title, rx.el.output("$0", class_name="num", custom_attrs={"data-group-sum": ""})),
        *[_piece(value) for value in values],
        class_name="card",
        custom_attrs={"data-coin-group": ""},
    )


def _piece(value: int) -> rx.Component:
    face = format_pesos(value)
    typed: dict[str, Any] = {
        "name": coin_key(value),
        "default_value": "",
        "placeholder": "0",
        "max_length": 6,
        "custom_attrs": {"inputmode": "numeric", "data-coin": value, "data-testid": coin_key(value)},
    }
    return rx.el.div(
        rx.el.span(face, class_name="coin-face"),
        c.stepper("", label=f"Cuántos de {face}", input_props=typed),
        rx.el.output("$0", class_name="coin-sum", custom_attrs={"data-coin-sum": ""}),
        class_name="coin",
    )


def _review() -> rx.Component:
    return c.dialog(
        rx.el.p(
            "Después no se puede volver a abrir este turno. La diferencia aparece al cerrar.", class_name="dialog-text"
        ),
        c.alert_of(CashState.alert),
        rx.el.div(
            c.button("Seguir contando", size="l", on_click=CashState.set_review(False)),
            c.button(
                "Cerrar la caja",
                kind="primary",
                size="l",
                busy=False,
                busy_label="Cerrando",
                key="Enter",
                on_click=CashState.close,
                custom_attrs={"data-testid": "close-shift"},
            ),
            class_name="form-actions",
        ),
        title=rx.Var.create("¿Cerrar con ") + CashState.counted_text + " contados?",
        is_open=CashState.review_open,
        on_open_change=CashState.set_review,
    )


def _closed() -> rx.Component:
    said = rx.fragment(rx.el.b("Resultado"), rx.el.strong(CashState.outcome.title), rx.el.p(CashState.outcome.text))
    box = rx.match(
        CashState.outcome.tone,
        ("bad", rx.el.div(said, class_name="done-change cash-bad")),
        ("warn", rx.el.div(said, class_name="done-change cash-warn")),
        rx.el.div(said, class_name="done-change"),
    )
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.span(c.icon("check", 28), class_name="done-mark"),
                rx.el.div(
                    rx.el.h1("Caja cerrada"),
                    rx.el.p("Turno de ", SessionState.user_name, ". ", CashState.since, "."),
                ),
                class_name="done-head",
            ),
            rx.el.div(box, class_name="cash-result", role="status", custom_attrs={"data-testid": "difference"}),
            rx.el.div(_go("Volver a la caja", "/caja", "wallet", "btn btn-primary btn-xl", "back"), class_name="row"),
            class_name="done-body",
        ),
        class_name="done cash-done",
    )

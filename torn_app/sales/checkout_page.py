"""The checkout: three numbered steps on one screen, and beside them what is paid."""

from typing import Any

import reflex as rx

from torn_app.sales.checkout_state import CheckoutState
from torn_app.sales.customer_panel import customer_step
from torn_app.sales.customer_state import CustomerState
from torn_app.sales.emission_state import EmissionState
from torn_app.sales.payment_methods import CREDITO_INTERNO, EFECTIVO
from torn_app.sales.pos_state import TillState
from torn_app.sales.pos_views import LineView, MethodView, PartView
from torn_app.ui import components as c
from torn_app.ui.icons import icon

_ICONS = {
    EFECTIVO: "banknote",
    "DEBITO": "credit-card",
    "CREDITO": "wallet-cards",
    "TRANSFERENCIA": "landmark",
    CREDITO_INTERNO: "notebook-pen",
}


def checkout_view() -> rx.Component:
    """Draw the checkout."""
    return rx.el.div(
        rx.el.h1("Cobrar", class_name="sr-only"),
        rx.el.section(
            rx.el.div(
                c.text_button(
                    "Volver a la venta",
                    icon_name="arrow-left",
                    key="Escape",
                    key_label="Esc",
                    on_click=CheckoutState.back,
                ),
                class_name="steps-back",
            ),
            _document_step(),
            _customer_step(),
            _payment_step(),
            _summary(),
            class_name="steps",
            tab_index=-1,
        ),
        _paying(),
        _pad_sheet(),
        class_name="checkout",
        custom_attrs={"data-start": "received"},
    )


def _document_step() -> rx.Component:
    return rx.el.div(
        c.step_head(
            1,
            "Documento",
            action=c.text_button(
                rx.cond(CheckoutState.other_documents, "Menos", "Otros"), on_click=CheckoutState.toggle_documents
            ),
        ),
        c.option_group(*document_tiles(CheckoutState.other_documents), label="Documento"),
    )


def document_tiles(others: Any) -> list[rx.Component]:
    """Draw the documents one can choose; the seldom ones while `others`."""

    def tile(tipo: int, label: str, icon_name: str, note: str) -> rx.Component:
        return c.option_tile(
            label,
            icon_name=icon_name,
            checked=TillState.tipo_dte == tipo,
            note=note,
            on_click=CheckoutState.choose_document(tipo),
            custom_attrs={"data-testid": f"document-{tipo}"},
        )

    return [
        tile(39, "Boleta", "receipt-text", "Para cualquier persona"),
        tile(33, "Factura", "file-text", "Para empresas, con RUT y giro"),
        rx.cond(others, tile(41, "Boleta exenta", "receipt-text", "Sin IVA")),
        rx.cond(others, tile(34, "Factura exenta", "file-text", "Sin IVA, con RUT y giro")),
    ]


def _customer_step() -> rx.Component:
    change = rx.cond(
        (CustomerState.chosen.rut != "") & ~CustomerState.is_new,
        c.text_button("Cambiar cliente", on_click=[CustomerState.choose(""), CheckoutState.refresh]),
    )
    note = rx.cond(
        CheckoutState.needs_customer,
        "",
        rx.cond(CheckoutState.pay.asks != "", CheckoutState.pay.asks, "opcional en boleta"),
    )
    return rx.el.div(
        c.step_head(2, "Cliente", note=note, action=change),
        customer_step(),
    )


def _payment_step() -> rx.Component:
    divide = c.text_button(
        rx.cond(CheckoutState.split, "Pagar de una sola forma", "Dividir el pago"),
        on_click=CheckoutState.set_split(~CheckoutState.split),
    )
    notes = rx.el.div(
        rx.el.span("Paga con"),
        _note("Exacto", CheckoutState.pay.exact, key="E"),
        rx.foreach(CheckoutState.pay.notes, lambda note: _note(note, note)),
        class_name="notes",
    )
    return rx.el.div(
        c.step_head(3, "Pago", action=divide),
        c.option_group(rx.foreach(TillState.methods, _method), label="Medio de pago", columns=5),
        rx.cond(
            CheckoutState.split,
            rx.el.div(rx.foreach(CheckoutState.parts, _part), class_name="parts"),
            rx.cond(CheckoutState.pay.uses_cash, notes),
        ),
    )


def _method(method: MethodView) -> rx.Component:
    off = (method.code == CREDITO_INTERNO) & (CheckoutState.pay.credit_refusal != "")
    drawn = rx.match(method.code, *[(code, icon(name, 28)) for code, name in _ICONS.items()], icon("wallet", 28))
    return c.option_tile(
        method.name,
        icon_name=drawn,
        checked=CheckoutState.chosen == method.id,
        note=rx.cond(off, CheckoutState.pay.credit_refusal, ""),
        key=method.key,
        disabled=off,
        column=True,
        on_click=CheckoutState.choose_method(method.id),
        custom_attrs={"data-testid": rx.Var.create("method-") + method.code},
    )


def _note(label: Any, amount: Any, key: str | None = None) -> rx.Component:
    return c.note_button(label, amount, field_id="received", pressed=CheckoutState.received == amount, key=key)


def _part(part: PartView) -> rx.Component:
    return rx.el.div(
        rx.el.span(part.name, class_name="part-name"),
        c.amount_box(
            "Monto",
            field_id=rx.Var.create("part-") + part.index.to_string(),
            size="l",
            label=rx.Var.create("Monto en ") + part.name,
            default_value=part.amount,
            key=part.key,
            on_change=lambda text: CheckoutState.receive(part.index, text).debounce(80),
        ),
        c.icon_button(
            "trash-2",
            rx.Var.create("Quitar ") + part.name,
            size="l",
            kind="outline",
            on_click=CheckoutState.remove_part(part.index),
        ),
        class_name="part",
    )


def _summary() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h2("Lo que lleva"),
            rx.el.span(TillState.totals.count, class_name="step-note"),
            class_name="step-head",
        ),
        rx.el.ul(rx.foreach(TillState.lines, _summary_line), class_name="card summary"),
        class_name="not-phone",
    )


def _summary_line(line: LineView) -> rx.Component:
    return rx.el.li(
        rx.el.div(line.name, rx.el.span(" ", line.amount, class_name="num muted")),
        rx.el.b(line.total, class_name="num strong"),
    )


def _paying() -> rx.Component:
    received = c.amount_box(
        "Recibido",
        field_id="received",
        label="Monto recibido",
        default_value=CheckoutState.parts[0].amount,
        key=CheckoutState.parts[0].key,
        on_change=lambda text: CheckoutState.receive(0, text).debounce(80),
        custom_attrs={"data-scan-ok": "", "data-testid": "received"},
    )
    on_phone = rx.el.button(
        rx.el.span("Recibido", class_name="box-prefix"),
        rx.el.span(CheckoutState.received, class_name="num"),
        type="button",
        class_name="box box-xl box-button",
        on_click=CheckoutState.set_pad(True),
        custom_attrs={"data-testid": "open-pad"},
    )
    cash = rx.fragment(
        rx.el.div(received, class_name="not-phone"),
        rx.el.div(on_phone, class_name="only-phone"),
        c.keypad("received"),
    )
    code = c.text_field(
        "N° de la operación",
        "code",
        field_id="operation",
        optional=True,
        till=True,
        size="l",
        placeholder="Los últimos 4 dígitos bastan",
        on_change=CheckoutState.set_code.debounce(300),
        key=CheckoutState.chosen.to_string(),
    )
    return rx.el.aside(
        _sums(),
        rx.cond(
            CheckoutState.split,
            rx.fragment(),
            rx.cond(CheckoutState.pay.uses_cash, cash, code),
        ),
        rx.el.div(
            c.alert_of(CheckoutState.alert),
            _change(),
            _emit("why-emit"),
            class_name="paying-foot",
        ),
        class_name="paying",
        custom_attrs={"aria-label": "Pago"},
    )


def _sums() -> rx.Component:
    def row(name: Any, value: Any, *, big: bool = False) -> rx.Component:
        size = "sum-big" if big else ""
        return rx.fragment(rx.el.dt(name, class_name=size), rx.el.dd(value, class_name=size))

    totals, pay = TillState.totals, CheckoutState.pay
    total_name = rx.Var.create("Total de la ") + CheckoutState.document_word
    return rx.el.dl(
        rx.cond(totals.descuento != "", row("Descuento", totals.descuento)),
        rx.cond(totals.exento != "", row("Exento", totals.exento)),
        rx.cond(totals.neto != "", rx.fragment(row("Neto", totals.neto), row("IVA 19 %", totals.iva))),
        rx.foreach(totals.impuestos, lambda tax: row(tax[0], tax[1])),
        rx.cond(
            pay.rounding != "",
            rx.fragment(
                row(total_name, totals.text),
                row(rx.fragment("Redondeo ", rx.el.small("en efectivo")), pay.rounding),
                row("A pagar", pay.to_pay, big=True),
            ),
            row(total_name, totals.text, big=True),
        ),
        class_name="sums",
        custom_attrs={"data-testid": "sums"},
    )


def _change() -> rx.Component:
    pay = CheckoutState.pay
    box = c.change_box(pay.label, pay.figure, short=pay.is_short)
    return rx.cond(
        pay.uses_cash | pay.is_short,
        rx.el.div(box, class_name=rx.cond(pay.is_long, "change-long", ""), custom_attrs={"data-testid": "change"}),
    )


def _emit(why_id: str) -> rx.Component:
    return c.pay_bar(
        rx.Var.create("Emitir ") + CheckoutState.document_word,
        key="Enter",
        busy=EmissionState.busy,
        blocked=CheckoutState.pay.blocked,
        why_id=why_id,
        on_click=EmissionState.emit,
        custom_attrs={"data-testid": "emit", "data-busy": ""},
    )


def _pad_sheet() -> rx.Component:
    return c.sheet(
        c.amount_box(
            "Recibido",
            field_id="received-pad",
            label="Monto recibido",
            default_value=CheckoutState.received,
            on_change=lambda text: CheckoutState.receive(0, text).debounce(80),
            custom_attrs={"inputmode": "none", "data-scan-ok": "", "data-testid": "received-pad"},
        ),
        c.keypad("received-pad"),
        _change(),
        _emit("why-pad"),
        title="Monto recibido",
        is_open=CheckoutState.pad_open,
        on_open_change=CheckoutState.set_pad,
    )

"""The shell of every screen: menu, header, page area, bottom bar of the phone; and the pages around it."""

from typing import Any

import reflex as rx
from reflex.vars import VarData
from reflex_components_core.core.banner import has_connection_errors
from reflex_components_core.react_router.dom import ReactRouterLink

from torn_app.kernel.permissions import Permission
from torn_app.ui import components as c
from torn_app.ui.icons import icon, logo
from torn_app.ui.nav import ENTRIES, GROUPS, Entry
from torn_app.ui.session_state import SessionState


def shell(
    *content: rx.Component,
    current: str,
    slim: bool = False,
    fixed: bool = False,
    bottom_bar: bool = True,
    header: rx.Component | None = None,
) -> rx.Component:
    """Wrap a page.

    Args:
        current: route of the menu entry this page belongs to.
        slim: keep the menu at 72 px also on wide screens (till, cash).
        fixed: the page brings its own scrollers and bars; otherwise the page area scrolls and gets the usual padding.
        bottom_bar: False where the phone needs the height (checkout, counting).
        header: what stands beside the company (waiting sales).
    """
    names = " ".join(("app", *(("app-slim",) if slim else ()), *(() if bottom_bar else ("app-nobar",))))
    main = (
        rx.el.main(*content, class_name="main main-fixed", id="contenido")
        if fixed
        else rx.el.main(rx.el.div(*content, class_name="page"), class_name="main", id="contenido", tab_index=-1)
    )
    return rx.el.div(
        rx.el.a("Saltar al contenido", href="#contenido", class_name="skip"),
        _rail(current),
        _topbar(header),
        main,
        _tabbar(current),
        connection_strip(),
        failure_strip(),
        class_name=names,
    )


def _rail(current: str) -> rx.Component:
    parts: list[rx.Component] = []
    for group in GROUPS:
        members = [entry for entry in ENTRIES if entry.group == group]
        any_allowed = SessionState.permissions.contains(members[0].permission.value)
        for entry in members[1:]:
            any_allowed = any_allowed | SessionState.permissions.contains(entry.permission.value)
        parts.append(rx.cond(any_allowed, rx.el.h2(group)))
        parts.extend(_allowed(entry, _nav_link(entry, current, "rail-link")) for entry in members)
    return rx.el.nav(
        ReactRouterLink.create(
            logo(), rx.el.span("Torn"), to="/", class_name="brand", custom_attrs={"aria-label": "Torn, inicio"}
        ),
        *parts,
        class_name="rail",
        custom_attrs={"aria-label": "Menú principal"},
    )


def _tabbar(current: str) -> rx.Component:
    entries = [entry for entry in ENTRIES if entry.on_phone][:5]
    return rx.el.nav(
        *[_allowed(entry, _nav_link(entry, current, "tab-link")) for entry in entries],
        class_name="tabbar",
        custom_attrs={"aria-label": "Menú"},
    )


def _allowed(entry: Entry, link: rx.Component) -> rx.Component:
    if entry.permission is Permission.MEMBER:
        return link
    return rx.cond(SessionState.permissions.contains(entry.permission.value), link)


def _nav_link(entry: Entry, current: str, class_name: str) -> rx.Component:
    custom = {"aria-current": "page"} if entry.route == current else {}
    return ReactRouterLink.create(
        icon(entry.icon, 24), rx.el.span(entry.label), to=entry.route, class_name=class_name, custom_attrs=custom
    )


def _topbar(header: rx.Component | None) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            rx.el.b(rx.cond(SessionState.loaded, SessionState.company_name, "\u00a0")),
            rx.el.span(SessionState.company_rut, class_name="code"),
            class_name="company",
        ),
        rx.el.div(header, class_name="topbar-slot") if header else rx.fragment(),
        rx.el.span(class_name="grow not-phone"),
        rx.cond(SessionState.light_text != "", tax_light(SessionState.light_tone, SessionState.light_text)),
        rx.cond(SessionState.mode != "", mode_badge(SessionState.mode)),
        _user_menu(),
        class_name="topbar",
    )


def tax_light(tone: rx.Var | str, text: rx.Var | str) -> rx.Component:
    """Draw the light of the tax service: a dot and its sentence; on a phone the dot alone, spoken in full."""
    dot = (
        rx.match(tone, ("warn", "dot dot-warn"), ("bad", "dot dot-bad"), ("off", "dot dot-off"), "dot")
        if isinstance(tone, rx.Var)
        else {"ok": "dot"}.get(tone, f"dot dot-{tone}")
    )
    return rx.el.span(
        rx.el.span(class_name=dot),
        rx.el.span(text, class_name="tax-light-text"),
        class_name="tax-light",
        role="img",
        custom_attrs={
            "aria-label": rx.Var.create("Servicio de impuestos: ") + text
            if isinstance(text, rx.Var)
            else f"Servicio de impuestos: {text}"
        },
    )


def mode_badge(mode: rx.Var | str) -> rx.Component:
    """Draw the badge of a mode whose documents are not valid. In production there is none."""
    return rx.el.span(
        icon("flask-conical", 16),
        rx.match(mode, ("CERTIFICACION", "CERTIFICACIÓN"), mode) if isinstance(mode, rx.Var) else mode,
        class_name="mode",
        title="Nada de lo que emita tiene validez tributaria",
    )


def _user_menu() -> rx.Component:
    item = rx.dropdown_menu.item
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.el.span(SessionState.user_initials, class_name="avatar", custom_attrs={"aria-hidden": "true"}),
                rx.el.span(SessionState.user_name, class_name="user-name"),
                icon("chevron-down", 18),
                type="button",
                class_name="user",
                custom_attrs={"aria-label": rx.Var.create("Menú de ") + SessionState.user_name},
            )
        ),
        rx.dropdown_menu.content(
            rx.el.div(
                rx.el.p(SessionState.user_name, class_name="strong"),
                rx.el.p(SessionState.role_name, class_name="small muted"),
                style={"padding": "8px 12px 12px"},
            ),
            item(
                rx.color_mode_cond(icon("moon"), icon("sun")),
                rx.color_mode_cond("Tema oscuro", "Tema claro"),
                on_select=rx.toggle_color_mode,
            ),
            item(icon("a-large-small"), "Letra grande", custom_attrs={"data-big": ""}),
            rx.cond(
                SessionState.can_switch,
                item(icon("building-2"), "Cambiar de empresa", on_select=rx.redirect("/select-tenant")),
            ),
            item(icon("log-out"), "Salir", custom_attrs={"data-logout": ""}),
            align="end",
            side_offset=6,
        ),
        modal=False,
    )


def connection_strip() -> rx.Component:
    """Say that the server does not answer, while it does not. What was on screen stays; Reflex keeps trying."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            c.alert(
                "Sin conexión con el servidor.",
                "Lo que ve en pantalla está a salvo. Reintentando.",
                tone="warn",
                icon_name="wifi-off",
            ),
            class_name="strip",
        ),
    )


def failure_strip() -> rx.Component:
    """Say that the program failed, with the number to give to support."""
    return rx.cond(
        SessionState.failure != "",
        rx.el.div(
            c.alert(
                "Algo falló y no se hizo.",
                "Intente de nuevo. Si se repite, dé este código a soporte: " + SessionState.failure,
                action=c.button("Entendido", on_click=SessionState.forget_failure),
            ),
            class_name="strip",
        ),
    )


class ScanListener(rx.Fragment):
    """Hears the window event `torn:scan` (assets/js/keyboard.js) and hands the code to a handler."""

    on_scan: rx.EventHandler[rx.event.passthrough_event_spec(str)]

    def _exclude_props(self) -> list[str]:
        return [*super()._exclude_props(), "on_scan"]

    def add_imports(self) -> dict[str, Any]:
        """Import the hook."""
        return {"react": ["useEffect"]}

    def add_hooks(self) -> list[str | rx.Var]:
        """Listen while mounted."""
        trigger = rx.Var.create(self.event_triggers["on_scan"])
        return [
            rx.Var(
                f"""
useEffect(() => {{
  const heard = (event) => ({trigger!s})(event.detail);
  window.addEventListener("torn:scan", heard);
  return () => window.removeEventListener("torn:scan", heard);
}}, []);
""",
                _var_data=VarData.merge(trigger._get_all_var_data()),
            )
        ]


def scan_listener(on_scan: Any) -> rx.Component:
    """Hand every barcode the scanner reads on this page to `on_scan(code: str)`, in order."""
    return ScanListener.create(on_scan=on_scan)


def no_permission_page() -> rx.Component:
    """Page of somebody who opened what their role does not allow."""
    return shell(
        c.empty_state(
            "Esta pantalla es de otra persona",
            "Su cargo no la incluye. Si la necesita, pídala a quien administra la empresa.",
            c.link_button("Volver al inicio", "/", kind="primary"),
            icon_name="lock",
        ),
        current="",
    )


def not_found_page() -> rx.Component:
    """Page of an address that does not exist."""
    return rx.el.main(
        c.empty_state(
            "Esa página no existe",
            "Puede que la dirección esté mal escrita o que se haya movido.",
            c.link_button("Ir al inicio", "/", kind="primary"),
            icon_name="map-pin-off",
            plain=True,
        ),
        style={"display": "grid", "placeItems": "center", "minHeight": "100dvh"},
    )


def home_page() -> rx.Component:
    """Page of `/`: empty, it sends the person where they may work (`SessionState.go_home`)."""
    return rx.el.main(rx.el.span("Abriendo…", class_name="sr-only"), custom_attrs={"aria-busy": "true"})

"""What a person sees when the program itself fails: in the browser or in a handler. Expected refusals are not here."""

import logging
import secrets

import reflex as rx
from reflex.event import EventSpec
from reflex_components_core.base.error_boundary import ErrorBoundary

from torn_app.ui import components as c
from torn_app.ui.session_state import SessionState

log = logging.getLogger(__name__)


def error_boundary(_stateful: bool) -> rx.Component:
    """Wrap the app: when drawing fails, say so in Spanish and offer to load the page again."""
    fallback = rx.el.main(
        c.empty_state(
            "La pantalla falló",
            "Lo que estaba guardado sigue guardado. Vuelva a cargarla; si se repite, avise a soporte.",
            rx.el.a("Cargar de nuevo", href="", class_name="btn btn-primary"),
            icon_name="triangle-alert",
            plain=True,
        ),
        style={"display": "grid", "placeItems": "center", "minHeight": "100dvh"},
    )
    return ErrorBoundary.create(fallback_render=fallback)


def on_exception(exception: Exception) -> EventSpec:
    """Log an unexpected error of a handler with a number, and show that number."""
    number = secrets.token_hex(4)
    log.error("handler failed, %s", number, exc_info=exception)
    return SessionState.failed(number)

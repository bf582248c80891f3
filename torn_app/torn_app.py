"""Assembly only: the application, its pages and its API. Read it as the site map."""

import reflex as rx

from torn_app.api.app import on_one_port
from torn_app.api.origins import may_open_socket


def placeholder() -> rx.Component:
    """What stands at the root until the first page is there."""
    return rx.center(rx.heading("Torn"), height="100vh")


app = rx.App(api_transformer=on_one_port)
app.sio.eio.cors_allowed_origins = may_open_socket  # type: ignore[union-attr]
app.add_page(placeholder, route="/", title="Torn")

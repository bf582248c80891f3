"""Reflex configuration: ports, origins, plugins; nothing else."""

import reflex as rx
from reflex.constants import StateManagerMode

from torn_app.launch.same_origin import SameOriginPlugin
from torn_app.settings import web_environment
from torn_app.ui.theme import radix_theme

port, cors_origins, redis_url = web_environment()

config = rx.Config(
    app_name="torn_app",
    frontend_port=port,
    backend_port=port,
    cors_allowed_origins=list(cors_origins),
    redis_url=redis_url,
    state_manager_mode=StateManagerMode.REDIS if redis_url else StateManagerMode.MEMORY,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[rx.plugins.RadixThemesPlugin(theme=radix_theme()), SameOriginPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)

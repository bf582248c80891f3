"""A Reflex build plugin: the built pages call whatever host and port they were loaded from.

Reflex bakes the address of its backend into the bundle at build time. One build must serve every port, every name of
this machine on the local network and any proxy, so frontend.py builds with a placeholder address and this plugin
replaces it by the page's own.
"""

import re
from typing import Any

from reflex.plugins import Plugin

PLACEHOLDER = "http://torn.invalid"
"""Never resolves (RFC 2606). Given to Reflex as REFLEX_API_URL for production builds."""

_BAKED = re.compile(r"""(["'`])(http|ws)://torn\.invalid(/[^"'`]*)\1""")


class SameOriginPlugin(Plugin):
    """Replaces the placeholder address in the built scripts."""

    def post_build(self, **context: Any) -> None:
        """Rewrite the scripts below `context["static_dir"]` (a Path). Raises RuntimeError if the event address of a
        build made for the placeholder was not found: such a bundle would never connect."""
        places = 0
        leftovers = []
        for script in context["static_dir"].rglob("*.js"):
            text = script.read_text(encoding="utf-8")
            if "torn.invalid" not in text:
                continue
            text, count = _BAKED.subn(_own_origin, text)
            places += count
            if "torn.invalid" in text:
                leftovers.append(script.name)
            script.write_text(text, encoding="utf-8")
        if leftovers or (not places and _is_placeholder_build()):
            raise RuntimeError(f"the backend address could not be replaced in the built scripts {leftovers}")


def _own_origin(match: re.Match[str]) -> str:
    scheme, path = match[2], match[3]
    # location.origin starts with http or https, so that ws becomes wss behind TLS.
    return f'(window.location.origin.replace(/^http/,"{scheme}")+"{path}")'


def _is_placeholder_build() -> bool:
    from reflex_base.config import get_config

    return get_config().api_url.rstrip("/") == PLACEHOLDER

"""The log: one line per event, without secrets.

structlog's own default draws tracebacks with the values of local variables: tokens, passwords and keys among them, and
slowly enough to stall every till. Here a traceback is the plain one of Python, which names lines and no values.
"""

import sys
from io import TextIOWrapper

import structlog
from structlog.typing import Processor

from torn_app.settings import web_environment_is_development


def configure() -> None:
    """Set the log of this process up: JSON lines in production, readable ones elsewhere, on standard output."""
    if isinstance(sys.stdout, TextIOWrapper):
        # What cannot be printed (half of an emoji in a request) must not break the answer it belongs to.
        sys.stdout.reconfigure(errors="backslashreplace")
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor]
    if not web_environment_is_development():  # asked so because a build, which logs too, has no secrets
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        last = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    structlog.configure(processors=[*shared, *last], cache_logger_on_first_use=False)

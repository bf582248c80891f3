"""What exists before anybody can log in: the first global administrator, the starter list of economic activities,
and a demo company in development."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from torn_app.demo.people import DemoPerson
from torn_app.settings import Settings, SettingsError


@dataclass(frozen=True, slots=True)
class Administrator:
    """The administrator as the person at the terminal should hear of it. `password` is set only when it was invented
    just now, to be shown once; `demo_people` only when the demo company was made just now."""

    email: str
    source: str
    password: str | None = field(default=None, repr=False)
    demo_people: tuple[DemoPerson, ...] = ()


def ensure(settings: Settings, progress: Callable[[str], None] = lambda text: None) -> Administrator:
    """Create what is missing and tell how to log in. Does nothing on later starts. `progress` hears of what takes
    its time."""
    from torn_app.auth.service import nobody
    from torn_app.demo import seed
    from torn_app.infra import work
    from torn_app.saas import service as saas
    from torn_app.saas.actecos import STARTER, read_actecos

    administrator = _ensure_administrator(settings)
    work.run_platform(nobody, saas.save_actecos, read_actecos(STARTER), replace=False)
    return replace(administrator, demo_people=seed.ensure_demo(settings, progress))


def _ensure_administrator(settings: Settings) -> Administrator:
    from torn_app.auth.service import nobody
    from torn_app.infra import work
    from torn_app.saas import service as saas
    from torn_app.saas.passwords import hash_password

    invented: list[str] = []

    def make_hash() -> str:
        password, shown = initial_password(settings)
        if shown:
            invented.append(shown)
        return hash_password(password)

    created = work.run_platform(nobody, saas.ensure_administrator, settings.admin_email, make_hash)
    if invented:
        return Administrator(settings.admin_email, "invented now, shown only this once", invented[0])
    if created:
        return Administrator(settings.admin_email, "TORN_ADMIN_PASSWORD")
    return Administrator(settings.admin_email, "chosen at the first start")


def initial_password(settings: Settings) -> tuple[str, str | None]:
    """The password of the first administrator, and once more if it was invented and has to be shown.

    Raises SettingsError in production, where nobody may be watching the terminal.
    """
    if settings.admin_password:
        return settings.admin_password, None
    if settings.in_production:
        raise SettingsError("TORN_ADMIN_PASSWORD is not set: the first start in production needs it")
    invented = secrets.token_urlsafe(9)
    return invented, invented

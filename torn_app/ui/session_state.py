"""What the shell shows of the person and the company, the same on every page."""

from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from torn_app.auth.service import whoami
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import format_rut
from torn_app.ui.base import Calls
from torn_app.ui.format import initials
from torn_app.ui.nav import home_of


class SessionState(Calls, rx.State):
    """Company, person and permissions. Drawn, never trusted: every event and every use case checks by itself."""

    requires: ClassVar[Permission] = Permission.MEMBER

    loaded: bool = False
    company_name: str = ""
    company_rut: str = ""
    mode: str = ""
    """`PRUEBA`, `CERTIFICACION`, or empty in production."""
    user_name: str = ""
    user_initials: str = ""
    role_name: str = ""
    permissions: list[str] = []
    can_switch: bool = False
    light_tone: str = ""
    """State of the tax service: `ok`, `warn`, `bad`, empty while unknown."""
    light_text: str = ""
    failure: str = ""
    """Number in the log of the last unexpected error, while its notice is on screen."""
    _owner: str = ""
    """Whose the vars of this tab are, company and person: the guard keeps it."""

    @rx.event
    async def load(self) -> None:
        """Read who is here. Every page with the shell has it first in its `on_load`."""
        me = await self.call(whoami)
        if me is None:
            return
        self.company_name, self.company_rut = me.company_name, format_rut(me.company_rut)
        self.mode = "" if me.ambiente == "PRODUCCION" else me.ambiente
        self.user_name, self.user_initials = me.name, initials(me.name or me.email)
        self.role_name, self.can_switch = me.role_name.capitalize(), me.companies > 1
        self.permissions = [*me.permissions, Permission.MEMBER.value]
        self.loaded = True

    @rx.event
    def failed(self, number: str) -> None:
        """Say that the program failed, with the number under which it is in the log."""
        self.failure = number[:16]

    @rx.event
    def forget_failure(self) -> None:
        """Take the notice of a failure away."""
        self.failure = ""

    @rx.event
    async def go_home(self) -> EventSpec | None:
        """Send the person to the first page they may open."""
        me = await self.call(whoami)
        return rx.redirect(home_of([*me.permissions, Permission.MEMBER.value])) if me else None

"""State of the choice of company. Logging in has none: the browser posts it by itself (assets/js/session.js)."""

import asyncio
from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec

from torn_app.auth import service
from torn_app.infra import work
from torn_app.kernel.errors import TornError
from torn_app.kernel.rut import format_rut
from torn_app.ui.base import session_cookie


@dataclass
class CompanyChoice:
    """A company as the choice shows it."""

    id: int
    name: str
    note: str


class ChooseCompanyState(rx.State):
    """The companies the logged-in person may work in. Public for the guard: it checks the account itself."""

    loading: bool = True
    companies: list[CompanyChoice] = []

    @rx.event
    async def load(self) -> EventSpec | None:
        """Read the companies of this browser's account, or go to the login."""
        account = service.account_by_cookie(session_cookie(self))
        try:
            found = await asyncio.to_thread(work.run_platform, account, service.browser_companies)
        except TornError:
            return rx.redirect("/login")
        self.companies = [
            CompanyChoice(t.id, t.name, f"{format_rut(t.rut) if t.rut else 'Sin RUT'} · {t.role_name.capitalize()}")
            for t in found
            if t.is_active
        ]
        self.loading = False
        return None

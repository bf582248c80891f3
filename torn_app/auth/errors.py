"""Why somebody is not let in."""

from torn_app.kernel.errors import NotAllowed, NotAuthenticated, NotFound


class NoToken(NotAuthenticated):
    """No `Authorization: Bearer` header."""

    message = "Not authenticated"


class WrongCredentials(NotAuthenticated):
    """E-mail or password wrong, or account inactive (JSON login)."""

    message = "Credenciales incorrectas"
    challenge = False


class WrongFormCredentials(NotAuthenticated):
    """The same, in the words of the form login."""

    message = "Incorrect email or password"


class SessionEnded(NotAuthenticated):
    """The browser session is over, was ended, or never was."""

    message = "Tu sesión terminó. Entra de nuevo para seguir."


class NotAMember(NotAllowed):
    """Not an active member of the company asked for, or there is no such company."""

    message = "No tienes acceso a este Inquilino / Empresa."


class CompanyInactive(NotFound):
    """The company is switched off."""

    message = "Inquilino no encontrado o inactivo."


class NotSuperuser(NotAllowed):
    """Only platform staff may."""

    message = "Not authorized"

"""Why a document is not issued, or not found."""

from torn_app.kernel.errors import Conflict, InvalidInput, NotFound


class DocumentRefused(InvalidInput):
    """The fiscal core refuses the document: the message says which rule."""


class CannotIssue(Conflict):
    """Something the company needs to issue is missing."""


class DocumentNotFound(NotFound):
    """No such document."""

    message = "Documento no encontrado."

"""Why a document is not issued."""

from torn_app.kernel.errors import Conflict, InvalidInput, NotFound


class DocumentRefused(InvalidInput):
    """The fiscal core refuses the document: the message says which rule."""


class DocumentNotFound(NotFound):
    """No such document in this company."""

    message = "Documento con ID {id} no encontrado"


class NotRefused(Conflict):
    """Only what the tax service refused is issued again."""

    message = "El documento {folio} no está rechazado: solo se emite de nuevo lo que el SII rechazó."


class NothingToVoid(InvalidInput):
    """The number is in use."""

    message = "El folio {folio} está en uso: no hay nada que anular en el SII."


class NotRetryable(Conflict):
    """Only what did not get through is sent again."""

    message = "El documento {folio} está {estado}: solo se reintenta lo que quedó en ERROR."

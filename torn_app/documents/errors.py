"""Why a document is not issued."""

from torn_app.kernel.errors import InvalidInput, NotFound


class DocumentRefused(InvalidInput):
    """The fiscal core refuses the document: the message says which rule."""


class DocumentNotFound(NotFound):
    """No such document in this company."""

    message = "Documento con ID {id} no encontrado"

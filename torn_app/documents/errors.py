"""Why a document is not issued."""

from torn_app.kernel.errors import InvalidInput


class DocumentRefused(InvalidInput):
    """The fiscal core refuses the document: the message says which rule."""

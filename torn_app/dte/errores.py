"""What the fiscal core refuses. Messages are Spanish, for people; no HTTP here."""


class DteError(ValueError):
    """Base of every refusal of the fiscal core. `str(error)` is the Spanish text a person reads."""


class DocumentoInvalido(DteError):
    """A value that cannot be on a document. `campo` is the field as the schema names it, in snake case."""

    def __init__(self, campo: str, mensaje: str) -> None:
        super().__init__(mensaje)
        self.campo = campo


class MontoInvalido(DocumentoInvalido):
    """An amount or discount that does not add up to a document."""


class CafInvalido(DteError):
    """A folio authorisation that is damaged, not ours, or does not cover what is asked of it."""


class FirmaInvalida(DteError):
    """A certificate that cannot be opened or used, or a signature that does not hold."""


class EsquemaInvalido(DteError):
    """XML that is not a tax document, or not one that can be read safely."""

"""What stops the certification kit."""

from torn_app.kernel.errors import InvalidInput


class SetRefused(InvalidInput):
    """A line of a set is not understood. Nothing is guessed: the message gives the line and its text."""

    message = "Línea {line}: {problem} «{text}»"

    def __init__(self, line: int, problem: str, text: str) -> None:
        super().__init__(line=line, problem=problem, text=" ".join(text.split()))
        self.line = line


class CertificationRefused(InvalidInput):
    """The company or the set is not ready for what was asked."""


class RateMissing(CertificationRefused):
    """A set of exports needs the exchange rate of the day, which its text does not give."""

    message = (
        "El set {attention} es en {moneda}: falta su tipo de cambio del día, en pesos por unidad. "
        "El SII lo exige y el texto no lo trae"
    )

    def __init__(self, attention: str, moneda: str) -> None:
        super().__init__(attention=attention, moneda=moneda)
        self.moneda = moneda


class OtherText(CertificationRefused):
    """An attempt cannot be made again of something else."""

    message = "El intento {attempt} del set {attention} ya se hizo con otro texto: usa otro intento"


class SourceMissing(CertificationRefused):
    """A book is made of a set that was not issued."""

    message = "El {book} se hace con el {source}, que aún no se ha emitido en el intento {attempt}"


class SourceDoubtful(CertificationRefused):
    """Several sets could be the source of a book."""

    message = "El {book} puede ser de varios sets emitidos ({found}): da también el archivo del set que corresponde"

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

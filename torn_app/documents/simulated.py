"""The tax service as mode PRUEBA plays it: what it answers is decided by the end of a document's total.

Pure. Integrators try out every ending of a document with totals such as 10.001; everything else goes well.
"""

from dataclasses import dataclass

DELAY_SECONDS = 10
"""How long it takes over a total that ends in 003."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The state a document gets, the reason in words, and whether the answer is still to come."""

    estado: str
    glosa: str | None = None

    @property
    def is_pending(self) -> bool:
        """It was received and will be answered later."""
        return self.estado == "ENVIADO"


ACCEPTED = Answer("SIMULADO")
_BY_ENDING = {
    1: Answer("RECHAZADO", "Rechazado por el SII simulado: el total termina en 001"),
    2: Answer("REPAROS", "Aceptado con reparos por el SII simulado: el total termina en 002"),
    3: Answer("ENVIADO", "Recibido por el SII simulado, que responde en unos segundos: el total termina en 003"),
}
UNAVAILABLE = Answer("ERROR", "El SII simulado no responde (503): el total termina en 004. Reinténtalo.")


def answer(monto_total: int, *, tried_before: bool) -> Answer:
    """Return what the simulated tax service says of a document of `monto_total` pesos. One that was unavailable before
    is accepted at the next try."""
    ending = monto_total % 1000
    if ending == 4:
        return ACCEPTED if tried_before else UNAVAILABLE
    return _BY_ENDING.get(ending, ACCEPTED)

"""The PDF of a printed copy, for any of the papers."""

from torn_app.dte.impresion import Impresion
from torn_app.printing.papel import PAPELES, Formato
from torn_app.printing.pdf_carta import render_carta
from torn_app.printing.pdf_ticket import render_ticket


def render_pdf(impresion: Impresion, formato: Formato) -> bytes:
    """Return the PDF of a copy: one page on a roll, as many as needed on letter paper.

    Raises:
        KeyError: unknown paper.
    """
    papel = PAPELES[formato]
    return render_ticket(impresion, papel) if papel.alto is None else render_carta(impresion, papel)

"""Drawing of printed copies: HTML, PDF and the stamp. It is told what to draw and at what size, not about sales."""

from torn_app.printing.html import render_html
from torn_app.printing.papel import Formato
from torn_app.printing.pdf import render_pdf
from torn_app.printing.pdf417 import stamp_png

__all__ = ["Formato", "render_html", "render_pdf", "stamp_png"]

"""The HTML of a printed copy: one file with everything in it, so that it prints the same with the network gone."""

from base64 import b64encode
from pathlib import Path
from typing import Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from torn_app.dte.impresion import Impresion
from torn_app.printing.papel import PAPELES, Papel
from torn_app.printing.pdf417 import QUIET_ZONE, encode, stamp_png

FormatoHtml = Literal["carta", "80mm"]

_PLANTILLAS: Final = {"carta": "carta.html", "80mm": "ticket.html"}
_PIXELS: Final = 4
"""Pixels of the image per module: enough for any screen or printer to scale it from."""

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_html(impresion: Impresion, formato: FormatoHtml, *, auto_print: bool = False) -> str:
    """Return the page of a copy; with `auto_print` it opens the print dialog when loaded.

    Raises:
        KeyError: unknown paper (the 58 mm roll has no page: print its PDF).
    """
    papel = PAPELES[formato]
    stamp = encode(impresion.timbre, papel.columnas, papel.filas)
    png = stamp_png(impresion.timbre, columns=papel.columnas, max_rows=papel.filas, scale=_PIXELS)
    return _templates.get_template(_PLANTILLAS[formato]).render(
        i=impresion,
        papel=papel,
        timbre_src=f"data:image/png;base64,{b64encode(png).decode('ascii')}",
        # Both measures, so that the page has its final height before the image is decoded.
        timbre_medidas=f"width:{_milimetros(stamp.width, papel)};height:{_milimetros(stamp.height, papel)}",
        auto_print=auto_print,
    )


def render_page(template: str, *, auto_print: bool = False, **values: object) -> str:
    """Return the page of a template of this package that is not a tax document. Everything in it is escaped."""
    return _templates.get_template(template).render(**values, auto_print=auto_print)


def _milimetros(modules: int, papel: Papel) -> str:
    return f"{(modules + 2 * QUIET_ZONE) * papel.modulo:.3f}mm"

"""The table of lines of a letter copy: columns as wide as what they hold, the rest for the description."""

from typing import Final

from torn_app.dte.impresion import LineaImpresa
from torn_app.printing.lienzo import LEADING, POINT, Align, Lienzo, latin

GRIS: Final = (238, 240, 239)
LINEA: Final = (205, 210, 208)
TEXTO: Final = 9.0
PEQUENO: Final = 8.0

_CELDA: Final = 1.6
"""White inside a cell."""
_CABECERA: Final = 6.5
_DESCRIPCION: Final = "Descripción"
_COLUMNAS: Final[tuple[tuple[str, float, float, Align], ...]] = (
    ("Código", 16.0, 34.0, "L"),
    (_DESCRIPCION, 0.0, 0.0, "L"),
    ("Cantidad", 17.0, 28.0, "R"),
    ("Precio", 20.0, 30.0, "R"),
    ("Descuento", 22.0, 30.0, "R"),
    ("Valor", 22.0, 32.0, "R"),
)
"""Title, least and largest width, alignment. What does not fit in the largest is written smaller; a code is broken."""


class TablaDetalle:
    """Draws the lines of a copy; a column that no line uses is left out."""

    def __init__(self, lienzo: Lienzo, lineas: tuple[LineaImpresa, ...], x: float, ancho: float) -> None:
        self.lienzo = lienzo
        self.x = x
        self.ancho = ancho
        self.columnas = self._columns(lineas)
        self.descripcion = next(ancho for titulo, ancho, _ in self.columnas if titulo == _DESCRIPCION) - 2 * _CELDA

    def header(self, y: float) -> float:
        """Draw the titles and return where the first line goes."""
        lienzo = self.lienzo
        lienzo.set_fill_color(*GRIS)
        lienzo.rect(self.x, y, self.ancho, _CABECERA, style="F")
        x = self.x
        for titulo, ancho, align in self.columnas:
            lienzo.write_text(titulo, x + _CELDA, y + 1.4, ancho - 2 * _CELDA, PEQUENO, bold=True, align=align)
            x += ancho
        return y + _CABECERA

    def height(self, linea: LineaImpresa) -> float:
        """Height that a line will take."""
        lienzo, line, small = self.lienzo, TEXTO * POINT * LEADING, PEQUENO * POINT * LEADING
        texts = lienzo.text_height(linea.nombre, self.descripcion, TEXTO)
        texts += lienzo.text_height(_detail(linea), self.descripcion, PEQUENO)
        code = next((ancho for titulo, ancho, _ in self.columnas if titulo == "Código"), 0.0)
        codes = lienzo.text_height(linea.codigo or "", code - 2 * _CELDA, TEXTO) if code else 0.0
        changes = sum(line + (small if _rate(etiqueta) else 0) for etiqueta, _ in linea.ajustes)
        return max(texts, codes, changes, line) + 2 * _CELDA

    def draw(self, linea: LineaImpresa, y: float, height: float) -> float:
        """Draw a line of the height that `height` gave, and return where the next one goes."""
        lienzo, x, top = self.lienzo, self.x, y + _CELDA
        for titulo, ancho, align in self.columnas:
            left, inner = x + _CELDA, ancho - 2 * _CELDA
            if titulo == _DESCRIPCION:
                bottom = lienzo.write_text(linea.nombre, left, top, inner, TEXTO)
                lienzo.write_text(_detail(linea), left, bottom, inner, PEQUENO)
            elif titulo == "Código":
                lienzo.write_text(linea.codigo or "", left, top, inner, TEXTO)
            else:
                self._figures(_figures(titulo, linea), left, top, inner, align)
            x += ancho
        lienzo.set_draw_color(*LINEA)
        lienzo.rule(self.x, y + height, self.ancho)
        return y + height

    def _figures(self, rows: list[tuple[str, str]], left: float, top: float, inner: float, align: Align) -> None:
        """Write amounts, each with the small text under it; a figure is never broken."""
        for amount, under in rows:
            size = self.lienzo.fitting_size((amount,), inner, TEXTO, bold=False)
            self.lienzo.write_text(amount, left, top, inner, size, align=align)
            top += TEXTO * POINT * LEADING
            top = self.lienzo.write_text(under, left, top, inner, PEQUENO, align=align)

    def _columns(self, lineas: tuple[LineaImpresa, ...]) -> tuple[tuple[str, float, Align], ...]:
        widths = {}
        for titulo, least, largest, _ in _COLUMNAS:
            texts = [amount for linea in lineas for amount, _ in _figures(titulo, linea) if amount]
            if texts:
                self.lienzo.font(TEXTO)
                natural = max(self.lienzo.get_string_width(latin(text)) for text in texts) + 2 * _CELDA + 0.2
                widths[titulo] = min(max(natural, least), largest)
        free = self.ancho - sum(widths.values())
        return tuple(
            (titulo, widths.get(titulo, free), align)
            for titulo, _, _, align in _COLUMNAS
            if titulo in widths or titulo == _DESCRIPCION
        )


def _figures(titulo: str, linea: LineaImpresa) -> list[tuple[str, str]]:
    """What stands in a column of figures: text, and the small text under it."""
    if titulo == "Descuento":
        return [(valor, _rate(etiqueta)) for etiqueta, valor in linea.ajustes]
    values = {"Código": linea.codigo, "Cantidad": linea.cantidad, "Precio": linea.precio, "Valor": linea.monto}
    return [(values.get(titulo) or "", "")]


def _detail(linea: LineaImpresa) -> str:
    return "  ".join(t for t in (linea.descripcion, f"({linea.marca})" if linea.marca else None) if t)


def _rate(etiqueta: str) -> str:
    """What a change says beyond being a discount: `Descuento 10 %` gives `10 %`, `Recargo` itself."""
    word, _, rate = etiqueta.partition(" ")
    return rate if word == "Descuento" else etiqueta

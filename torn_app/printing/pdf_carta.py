"""A copy on letter pages: box at the upper right, stamp at the foot of the last page (Manual de Muestras Impresas)."""

from typing import Final

from torn_app.dte.impresion import Fila, Impresion, LineaImpresa
from torn_app.printing.lienzo import LEADING, POINT, Align, Lienzo
from torn_app.printing.papel import Papel
from torn_app.printing.pdf417 import Stamp, encode

_ROJO: Final = (196, 22, 28)
_GRIS: Final = (238, 240, 239)
_LINEA: Final = (205, 210, 208)
_NEGRO: Final = (0, 0, 0)

_TEXTO: Final = 9.0
_PEQUENO: Final = 8.0
_CAJA_ANCHO: Final = 76.0
_TOTALES_ANCHO: Final = 78.0
_ACUSE_ALTO: Final = 34.0
_CIFRAS: Final = ("Cantidad", "Precio", "Valor")
"""Columns whose figures are never broken: a very long one is written smaller."""
_CELDA: Final = 1.6
"""White inside a cell of the detail."""


def render_carta(impresion: Impresion, papel: Papel) -> bytes:
    """Return the PDF of a copy on letter pages."""
    alto = papel.alto
    if alto is None:
        raise ValueError("a letter page has a height")
    lienzo = Lienzo(papel, alto, impresion.titulo)
    _Carta(lienzo, impresion).draw()
    return bytes(lienzo.output())


class _Carta:
    """One drawing; `y` is where the next thing goes on the current page."""

    def __init__(self, lienzo: Lienzo, impresion: Impresion) -> None:
        self.lienzo = lienzo
        self.impresion = impresion
        self.x = lienzo.papel.margen
        self.ancho = lienzo.papel.ancho - 2 * self.x
        self.y = self.x
        self.columnas = _columns(impresion, self.ancho)

    def draw(self) -> None:
        """Draw the copy, as many pages as its lines need."""
        papel = self.lienzo.papel
        stamp = encode(self.impresion.timbre, papel.columnas, papel.filas)
        self._marca()
        self._encabezado()
        self._receptor()
        self._referencias()
        self._cabecera_detalle()
        for linea in self.impresion.lineas:
            self._linea(linea)
        self.lienzo.set_draw_color(*_NEGRO)
        foot = self._foot_height(stamp)
        if self.y + 4 > self.lienzo.alto - self.x - foot:
            self._next_page()
        self._pie(stamp, self.lienzo.alto - self.x - foot)

    def _marca(self) -> None:
        if not self.impresion.sin_validez:
            return
        top = self.y
        bottom = self.lienzo.write_text(
            self.impresion.sin_validez, self.x, top + 1.3, self.ancho, 10, bold=True, align="C"
        )
        self.lienzo.frame(self.x, top, self.ancho, bottom + 1 - top, 0.5)
        self.y = bottom + 5

    def _encabezado(self) -> None:
        lienzo, caja = self.lienzo, self.impresion.caja
        left, top = self.x + self.ancho - _CAJA_ANCHO, self.y
        lienzo.set_text_color(*_ROJO)
        lienzo.set_draw_color(*_ROJO)
        y = top + 4
        for texto in (f"R.U.T.: {caja.rut}", caja.documento, caja.folio):
            y = lienzo.write_text(texto, left + 3, y, _CAJA_ANCHO - 6, 13, bold=True, align="C") + 1
        lienzo.frame(left, top, _CAJA_ANCHO, y + 3 - top, 0.8)
        y += 4.5
        if caja.unidad_sii:
            y = lienzo.write_text(caja.unidad_sii, left, y, _CAJA_ANCHO, 9.5, bold=True, align="C")
        lienzo.set_text_color(*_NEGRO)
        lienzo.set_draw_color(*_NEGRO)
        ancho = self.ancho - _CAJA_ANCHO - 10
        issuer = lienzo.write_text(self.impresion.emisor, self.x, top, ancho, 15, bold=True) + 1
        for linea in self.impresion.emisor_lineas:
            issuer = lienzo.write_text(linea, self.x, issuer, ancho, _TEXTO)
        self.y = max(y, issuer) + 6

    def _receptor(self) -> None:
        """Who receives at the left, when and how it is paid and moved at the right."""
        impresion, lienzo = self.impresion, self.lienzo
        detalles = (Fila("Fecha de emisión", impresion.fecha_larga), *impresion.condiciones, *impresion.traslado)
        top, left, inner = self.y, self.x + 3, self.ancho - 10
        if impresion.receptor:
            receptor_ancho = inner * 0.54
            bottom = self._pairs(impresion.receptor, left, receptor_ancho, etiqueta=19)
            bottom = max(bottom, self._pairs(detalles, left + receptor_ancho + 4, inner - receptor_ancho, etiqueta=29))
        else:
            bottom = self._pairs(detalles, left, inner, etiqueta=29)
        self.y = bottom + 1.7
        lienzo.set_draw_color(*_LINEA)
        lienzo.frame(self.x, top, self.ancho, self.y - top, 0.3)
        lienzo.set_draw_color(*_NEGRO)
        self.y += 4

    def _pairs(self, pairs: tuple[Fila, ...], left: float, width: float, etiqueta: float) -> float:
        y = self.y + 2.5
        for pair in pairs:
            bottom = self.lienzo.write_text(pair.etiqueta, left, y, etiqueta, _TEXTO, bold=True)
            y = max(bottom, self.lienzo.write_text(pair.valor, left + etiqueta, y, width - etiqueta, _TEXTO)) + 0.8
        return y

    def _referencias(self) -> None:
        if not self.impresion.referencias:
            return
        self.y = self.lienzo.write_text("Referencias", self.x, self.y, self.ancho, _TEXTO, bold=True)
        for referencia in self.impresion.referencias:
            if self.y > self.lienzo.alto - self.x - 20:
                self._next_page()
            self.y = self.lienzo.write_text(referencia, self.x, self.y, self.ancho, _TEXTO)
        self.y += 4

    def _cabecera_detalle(self) -> None:
        lienzo, height = self.lienzo, 6.5
        lienzo.set_fill_color(*_GRIS)
        lienzo.rect(self.x, self.y, self.ancho, height, style="F")
        x = self.x
        for titulo, ancho, align in self.columnas:
            lienzo.write_text(titulo, x + _CELDA, self.y + 1.4, ancho - 2 * _CELDA, _PEQUENO, bold=True, align=align)
            x += ancho
        self.y += height

    def _linea(self, linea: LineaImpresa) -> None:
        lienzo = self.lienzo
        detalle = "  ".join(t for t in (linea.descripcion, f"({linea.marca})" if linea.marca else None) if t)
        ajuste = "\n".join(f"{valor}{_rate(etiqueta)}" for etiqueta, valor in linea.ajustes)
        values = {
            "Código": linea.codigo or "",
            "Descripción": linea.nombre,
            "Cantidad": linea.cantidad or "",
            "Precio": linea.precio or "",
            "Descuento": ajuste,
            "Valor": linea.monto,
        }
        name_width = next(ancho for titulo, ancho, _ in self.columnas if titulo == "Descripción") - 2 * _CELDA
        height = max(
            (
                _TEXTO * POINT * LEADING
                if titulo in _CIFRAS
                else lienzo.text_height(values[titulo], ancho - 2 * _CELDA, _TEXTO)
            )
            + (lienzo.text_height(detalle, name_width, _PEQUENO) if titulo == "Descripción" else 0)
            for titulo, ancho, _ in self.columnas
        )
        if self.y + height + 2 * _CELDA > lienzo.alto - self.x - 6:
            self._next_page()
            self._cabecera_detalle()
        x, top = self.x, self.y + _CELDA
        for titulo, ancho, align in self.columnas:
            left, inner = x + _CELDA, ancho - 2 * _CELDA
            size = lienzo.fitting_size((values[titulo],), inner, _TEXTO, bold=False) if titulo in _CIFRAS else _TEXTO
            bottom = lienzo.write_text(values[titulo], left, top, inner, size, align=align)
            if titulo == "Descripción":
                lienzo.write_text(detalle, left, bottom, inner, _PEQUENO)
            x += ancho
        self.y = top + height + _CELDA
        lienzo.set_draw_color(*_LINEA)
        lienzo.rule(self.x, self.y, self.ancho)

    def _next_page(self) -> None:
        caja = self.impresion.caja
        self.lienzo.add_page()
        self.y = self.x
        self._marca()
        texto = f"R.U.T.: {caja.rut}   {caja.documento}   {caja.folio}   Hoja {self.lienzo.page_no()}"
        self.y = self.lienzo.write_text(texto, self.x, self.y, self.ancho, _TEXTO, bold=True, align="R") + 3

    def _foot_height(self, stamp: Stamp) -> float:
        impresion, line = self.impresion, _TEXTO * POINT * LEADING
        pagos = tuple(Fila(pago.etiqueta, pago.valor) for pago in impresion.pagos)
        totals = 16 + sum(self._row_height(row) for row in (*impresion.ajustes, *impresion.totales, *pagos))
        captions = 3 * _PEQUENO * POINT * LEADING + 2
        extra = (_ACUSE_ALTO + 5 if impresion.acuse else 0) + len(impresion.notas) * (line + 0.5) + 2
        # The word CEDIBLE goes under the totals, at the lower right corner.
        totals += 9 if impresion.acuse else 0
        return max(self.lienzo.stamp_size(stamp)[1] + captions, totals) + extra

    def _row_height(self, row: Fila) -> float:
        lienzo = self.lienzo
        lienzo.font(_TEXTO)
        label = _TOTALES_ANCHO - 6 - lienzo.get_string_width(row.valor) - 3
        return lienzo.text_height(row.etiqueta, label, _TEXTO) + 1

    def _pie(self, stamp: Stamp, top: float) -> None:
        impresion, lienzo = self.impresion, self.lienzo
        self.y = top
        if impresion.acuse:
            self._acuse()
        wide, tall = lienzo.stamp_size(stamp)
        # At least 2 cm from the left edge of the paper (samples manual).
        left = lienzo.snap(max(self.x, 21))
        start = self.y
        lienzo.draw_stamp(stamp, left, start)
        y = start + tall + 2
        for index, texto in enumerate(impresion.pie_timbre):
            y = lienzo.write_text(texto, left, y, wide, _PEQUENO, bold=index == 0, align="C")
        self._totales(start)
        self.y = max(self.y, y)
        for index, nota in enumerate(impresion.notas):
            self.y = lienzo.write_text(nota, self.x, self.y + 0.5, self.ancho, _TEXTO, bold=index == 0, align="C")
        if impresion.acuse:
            baseline = lienzo.alto - self.x - 13 * POINT * LEADING
            lienzo.write_text(impresion.acuse.leyenda, self.x, baseline, self.ancho, 13, bold=True, align="R")

    def _totales(self, top: float) -> None:
        impresion, lienzo = self.impresion, self.lienzo
        left, inner = self.x + self.ancho - _TOTALES_ANCHO, _TOTALES_ANCHO - 6

        def rows(filas: tuple[Fila, ...], after: float) -> None:
            if filas:
                self.y += 2
            for etiqueta, valor in filas:
                self.y = lienzo.write_row(etiqueta, valor, left + 3, self.y, inner, _TEXTO) + 1
            self.y += after if filas else 0

        self.y = top
        rows(impresion.ajustes if impresion.es_boleta else (*impresion.ajustes, *impresion.totales), after=1)
        size = lienzo.fitting_size(impresion.total, inner, 15)
        band = size * POINT * LEADING + 3
        lienzo.set_fill_color(*_GRIS)
        lienzo.rect(left, self.y, _TOTALES_ANCHO, band, style="F")
        lienzo.write_row(*impresion.total, left + 3, self.y + 1.5, inner, size, bold=True)
        self.y += band
        rows(impresion.totales if impresion.es_boleta else (), after=0)
        for index, pago in enumerate(impresion.pagos):
            self.y += 0 if index or impresion.es_boleta else 2
            self.y = (
                lienzo.write_row(pago.etiqueta, pago.valor, left + 3, self.y, inner, _TEXTO, bold=pago.destacada) + 1
            )
        self.y += 1 if impresion.es_boleta or impresion.pagos else 0
        lienzo.set_draw_color(*_LINEA)
        lienzo.frame(left, top, _TOTALES_ANCHO, self.y - top, 0.3)
        lienzo.set_draw_color(*_NEGRO)
        self.y += 3

    def _acuse(self) -> None:
        acuse = self.impresion.acuse
        if acuse is None:
            return
        lienzo, top = self.lienzo, self.y
        y, half = top + 4, (self.ancho - 10) / 2
        for index, campo in enumerate(acuse.campos):
            left = self.x + 3 + (index % 2) * (half + 4)
            lienzo.write_text(f"{campo}:", left, y, 18, _TEXTO)
            lienzo.rule(left + 17, y + 4, half - 17)
            if index % 2:
                y += 6.5
        lienzo.write_text(acuse.declaracion, self.x + 3, top + 22.5, self.ancho - 6, _PEQUENO)
        lienzo.frame(self.x, top, self.ancho, _ACUSE_ALTO, 0.3)
        self.y = top + _ACUSE_ALTO + 5


def _columns(impresion: Impresion, width: float) -> tuple[tuple[str, float, Align], ...]:
    """Columns of the detail that this document uses: title, width, alignment."""
    columns: list[tuple[str, float, Align]] = [("Descripción", 0.0, "L")]
    if any(linea.codigo for linea in impresion.lineas):
        columns.insert(0, ("Código", 26.0, "L"))
    columns += [("Cantidad", 22.0, "R"), ("Precio", 26.0, "R")]
    if any(linea.ajustes for linea in impresion.lineas):
        columns.append(("Descuento", 28.0, "R"))
    columns.append(("Valor", 28.0, "R"))
    free = width - sum(ancho for _, ancho, _ in columns)
    return tuple((titulo, ancho or free, align) for titulo, ancho, align in columns)


def _rate(etiqueta: str) -> str:
    """The rate of a discount label, on its own line: `Descuento 10 %` gives `\\n10 %`."""
    _, _, rate = etiqueta.partition(" ")
    return f"\n{rate}" if rate else ""

"""A copy on letter pages: box at the upper right, stamp at the foot of the last page (Manual de Muestras Impresas)."""

from typing import Final

from torn_app.dte.impresion import Fila, Impresion
from torn_app.printing.carta_detalle import GRIS, LINEA, PEQUENO, TEXTO, TablaDetalle
from torn_app.printing.lienzo import LEADING, POINT, Lienzo, latin
from torn_app.printing.papel import Papel
from torn_app.printing.pdf417 import Stamp, encode

_ROJO: Final = (196, 22, 28)
_NEGRO: Final = (0, 0, 0)

_CAJA_ANCHO: Final = 76.0
_TOTALES_ANCHO: Final = 78.0
_ACUSE_ALTO: Final = 36.0
_MARGEN_INFERIOR: Final = 6.0
"""White between the last line of a page and its margin, where the number of the page stands."""
_AJUSTES_EN_TOTALES: Final = 6
"""Global discounts and surcharges that fit in the box of totals; more of them are written under the lines."""
_REFERENCIAS_A_LO_ANCHO: Final = 6
"""References that are written one under the other; more of them go in two columns."""
_LINEAS_CON_TOTALES: Final = 3
"""The last lines go with the totals to a page of their own, rather than the totals alone."""


def render_carta(impresion: Impresion, papel: Papel) -> bytes:
    """Return the PDF of a copy on letter pages."""
    lienzo = _draw(impresion, papel, hojas=1)
    hojas = lienzo.page_no()
    # How many pages there are is known once they are drawn; most documents have one.
    return bytes((_draw(impresion, papel, hojas) if hojas > 1 else lienzo).output())


def _draw(impresion: Impresion, papel: Papel, hojas: int) -> Lienzo:
    alto = papel.alto
    if alto is None:
        raise ValueError("a letter page has a height")
    lienzo = Lienzo(papel, alto, impresion.titulo, impresion.timbre)
    _Carta(lienzo, impresion, hojas).draw()
    return lienzo


class _Carta:
    """One drawing; `y` is where the next thing goes on the current page."""

    def __init__(self, lienzo: Lienzo, impresion: Impresion, hojas: int) -> None:
        self.lienzo = lienzo
        self.impresion = impresion
        self.hojas = hojas
        self.x = lienzo.papel.margen
        self.ancho = lienzo.papel.ancho - 2 * self.x
        self.y = self.x
        self.limite = lienzo.alto - self.x - _MARGEN_INFERIOR
        aparte = len(impresion.ajustes) > _AJUSTES_EN_TOTALES
        self.ajustes_aparte = impresion.ajustes if aparte else ()
        self.ajustes = () if aparte else impresion.ajustes

    def draw(self) -> None:
        """Draw the copy, as many pages as its lines need."""
        papel = self.lienzo.papel
        stamp = encode(self.impresion.timbre, papel.columnas, papel.filas)
        foot = self._foot_height(stamp)
        self._marca()
        self._numero_de_hoja()
        self._encabezado()
        self._receptor()
        self._referencias()
        self._detalle(foot)
        self._ajustes_aparte()
        top = self.lienzo.alto - self.x - foot
        if self.y + 4 > top:
            self._next_page()
        self._pie(stamp, top)

    def _marca(self) -> None:
        if not self.impresion.sin_validez:
            return
        top = self.y
        self.lienzo.set_draw_color(*_NEGRO)
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
            issuer = lienzo.write_text(linea, self.x, issuer, ancho, TEXTO)
        self.y = max(y, issuer) + 6

    def _receptor(self) -> None:
        """Who receives at the left, when and how it is paid and moved at the right; what is long goes on below."""
        impresion, lienzo = self.impresion, self.lienzo
        detalles = (Fila("Fecha de emisión", impresion.fecha_larga), *impresion.condiciones, *impresion.traslado)
        top, left, inner = self.y, self.x + 3, self.ancho - 10
        first, second = inner * 0.54, inner * 0.46
        beside = len(impresion.receptor)
        if len(detalles) <= beside + 3:
            beside = len(detalles)
        self.y += 2.5
        if impresion.receptor:
            bottom = self._pairs(impresion.receptor, left, first)
            self.y = max(bottom, self._pairs(detalles[:beside], left + first + 4, second))
        rest = detalles[beside:] if impresion.receptor else detalles
        if rest:
            half = (len(rest) + 1) // 2
            bottom = self._pairs(rest[:half], left, first)
            self.y = max(bottom, self._pairs(rest[half:], left + first + 4, second))
        self.y += 1.7
        lienzo.set_draw_color(*LINEA)
        lienzo.frame(self.x, top, self.ancho, self.y - top, 0.3)
        lienzo.set_draw_color(*_NEGRO)
        self.y += 4

    def _pairs(self, pairs: tuple[Fila, ...], left: float, width: float) -> float:
        """Write labels and values from the present height; the labels take what the longest one needs."""
        if not pairs:
            return self.y
        self.lienzo.font(TEXTO, bold=True)
        longest = max(self.lienzo.get_string_width(latin(pair.etiqueta)) for pair in pairs)
        label, y = min(max(longest + 2.5, 19), width / 2), self.y
        for pair in pairs:
            bottom = self.lienzo.write_text(pair.etiqueta, left, y, label, TEXTO, bold=True)
            y = max(bottom, self.lienzo.write_text(pair.valor, left + label, y, width - label, TEXTO)) + 0.8
        return y

    def _referencias(self) -> None:
        lienzo, referencias = self.lienzo, self.impresion.referencias
        if not referencias:
            return
        self.y = lienzo.write_text("Referencias", self.x, self.y, self.ancho, TEXTO, bold=True)
        columns = 1 if len(referencias) <= _REFERENCIAS_A_LO_ANCHO else 2
        size = TEXTO if columns == 1 else PEQUENO
        width = (self.ancho - 6 * (columns - 1)) / columns
        for start in range(0, len(referencias), columns):
            row = referencias[start : start + columns]
            height = max(lienzo.text_height(text, width, size) for text in row)
            if self.y + height > self.limite:
                self._next_page()
            for index, text in enumerate(row):
                lienzo.write_text(text, self.x + index * (width + 6), self.y, width, size)
            self.y += height
        self.y += 4

    def _detalle(self, foot: float) -> None:
        """Draw the lines; the titles are repeated on each page, and the last lines stay with the totals."""
        tabla = TablaDetalle(self.lienzo, self.impresion.lineas, self.x, self.ancho)
        lineas, heights = self.impresion.lineas, [tabla.height(linea) for linea in self.impresion.lineas]
        last = max(len(lineas) - _LINEAS_CON_TOTALES, 1)
        self.y = tabla.header(self.y)
        for index, (linea, height) in enumerate(zip(lineas, heights, strict=True)):
            rest = self.y + sum(heights[index:])
            alone = index == last and rest <= self.limite and rest + 4 > self.lienzo.alto - self.x - foot
            if alone or self.y + height > self.limite:
                self._next_page()
                self.y = tabla.header(self.y)
            self.y = tabla.draw(linea, self.y, height)
        self.lienzo.set_draw_color(*_NEGRO)

    def _ajustes_aparte(self) -> None:
        if not self.ajustes_aparte:
            return
        lienzo, line = self.lienzo, TEXTO * POINT * LEADING
        for index, (etiqueta, valor) in enumerate((Fila("Descuentos y recargos globales", ""), *self.ajustes_aparte)):
            self.y += 4 if index == 0 else 0
            if self.y + 2 * line > self.limite:
                self._next_page()
            self.y = lienzo.write_row(etiqueta, valor, self.x + 1.6, self.y, self.ancho - 3.2, TEXTO, bold=index == 0)

    def _next_page(self) -> None:
        caja = self.impresion.caja
        self.lienzo.add_page()
        self.y = self.x
        self._marca()
        self._numero_de_hoja()
        lienzo, texto = self.lienzo, f"R.U.T.: {caja.rut}   {caja.documento}   {caja.folio}"
        lienzo.font(TEXTO, bold=True)
        taken = lienzo.get_string_width(latin(texto)) + 6
        bottom = lienzo.write_text(self.impresion.emisor, self.x, self.y, self.ancho - taken, TEXTO)
        self.y = max(bottom, lienzo.write_text(texto, self.x, self.y, self.ancho, TEXTO, bold=True, align="R")) + 3

    def _numero_de_hoja(self) -> None:
        """Write the number of the page in the lower margin, when there are several."""
        if self.hojas > 1:
            texto = f"Hoja {self.lienzo.page_no()} de {self.hojas}"
            self.lienzo.write_text(texto, self.x, self.lienzo.alto - self.x + 1, self.ancho, PEQUENO, align="R")

    def _foot_height(self, stamp: Stamp) -> float:
        impresion, line = self.impresion, TEXTO * POINT * LEADING
        pagos = tuple(Fila(pago.etiqueta, pago.valor) for pago in impresion.pagos)
        totals = 16 + sum(self._row_height(row) for row in (*self.ajustes, *impresion.totales, *pagos))
        captions = 3 * PEQUENO * POINT * LEADING + 2
        extra = (_ACUSE_ALTO + 5 if impresion.acuse else 0) + len(impresion.notas) * (line + 0.5) + 2
        # The word CEDIBLE goes under the totals, at the lower right corner.
        totals += 9 if impresion.acuse else 0
        return max(self.lienzo.stamp_size(stamp)[1] + captions, totals) + extra

    def _row_height(self, row: Fila) -> float:
        return self.lienzo.row_height(row.etiqueta, row.valor, _TOTALES_ANCHO - 6, TEXTO) + 1

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
            y = lienzo.write_text(texto, left, y, wide, PEQUENO, bold=index == 0, align="C")
        self._totales(start)
        self.y = max(self.y, y)
        for index, nota in enumerate(impresion.notas):
            self.y = lienzo.write_text(nota, self.x, self.y + 0.5, self.ancho, TEXTO, bold=index == 0, align="C")
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
                self.y = lienzo.write_row(etiqueta, valor, left + 3, self.y, inner, TEXTO) + 1
            self.y += after if filas else 0

        self.y = top
        rows(self.ajustes if impresion.es_boleta else (*self.ajustes, *impresion.totales), after=1)
        size = lienzo.fitting_size(impresion.total, inner, 15)
        band = size * POINT * LEADING + 3
        lienzo.set_fill_color(*GRIS)
        lienzo.rect(left, self.y, _TOTALES_ANCHO, band, style="F")
        lienzo.write_row(*impresion.total, left + 3, self.y + 1.5, inner, size, bold=True)
        self.y += band
        rows(impresion.totales if impresion.es_boleta else (), after=0)
        for index, pago in enumerate(impresion.pagos):
            self.y += 0 if index or impresion.es_boleta else 2
            self.y = (
                lienzo.write_row(pago.etiqueta, pago.valor, left + 3, self.y, inner, TEXTO, bold=pago.destacada) + 1
            )
        self.y += 1 if impresion.es_boleta or impresion.pagos else 0
        lienzo.set_draw_color(*LINEA)
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
            lienzo.write_text(f"{campo}:", left, y, 18, TEXTO)
            lienzo.rule(left + 17, y + 4, half - 17)
            if index % 2:
                y += 6.5
        lienzo.write_text(acuse.declaracion, self.x + 3, top + 25, self.ancho - 6, PEQUENO)
        lienzo.frame(self.x, top, self.ancho, _ACUSE_ALTO, 0.3)
        self.y = top + _ACUSE_ALTO + 5

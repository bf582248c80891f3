"""A copy on a paper roll: one page as long as its content, so that the cutter separates copies."""

from dataclasses import dataclass
from typing import Final

from torn_app.dte.impresion import Impresion, LineaImpresa
from torn_app.printing.lienzo import LEADING, POINT, Lienzo
from torn_app.printing.papel import Papel
from torn_app.printing.pdf417 import encode

_FOOT: Final = 8.0
"""White after the last line, for the cutter."""
_DRAFT_HEIGHT: Final = 200.0


@dataclass(frozen=True, slots=True)
class _Tipos:
    """Font sizes of a roll, in points."""

    texto: float
    nombre: float
    caja: float
    total: float
    vuelto: float
    pie: float


_TIPOS_80: Final = _Tipos(texto=9.5, nombre=12.5, caja=12, total=17, vuelto=12, pie=8.5)
_TIPOS_58: Final = _Tipos(texto=9, nombre=11, caja=10.5, total=14, vuelto=11, pie=8)


def render_ticket(impresion: Impresion, papel: Papel) -> bytes:
    """Return the PDF of a copy on a roll."""
    # The height of a page is fixed before drawing on it, and that of a ticket is known after: it is drawn twice.
    draft = Lienzo(papel, _DRAFT_HEIGHT, impresion.titulo, impresion.timbre)
    alto = draft.snap(_Ticket(draft, impresion).draw() + _FOOT)
    final = Lienzo(papel, alto, impresion.titulo, impresion.timbre)
    _Ticket(final, impresion).draw()
    return bytes(final.output())


class _Ticket:
    """One drawing, top to bottom; `y` is where the next thing goes."""

    def __init__(self, lienzo: Lienzo, impresion: Impresion) -> None:
        self.lienzo = lienzo
        self.impresion = impresion
        self.x = lienzo.papel.margen
        self.ancho = lienzo.papel.ancho - 2 * self.x
        self.tipos = _TIPOS_80 if lienzo.papel.ancho > 70 else _TIPOS_58
        self.y = 4.0

    def draw(self) -> float:
        """Draw the copy and return the height at which it ends."""
        impresion = self.impresion
        if impresion.sin_validez:
            self._boxed((impresion.sin_validez.replace(", ", ",\n"),), self.tipos.texto, padding=1.2)
            self.y += 2.5
        # A boleta opens with the shop, as people know it; the other documents in the order of the samples manual.
        for part in (self._emisor, self._caja) if impresion.es_boleta else (self._caja, self._emisor):
            part()
        self._datos()
        self._rule()
        for linea in impresion.lineas:
            self._linea(linea)
        self._rule()
        self._totales()
        if impresion.condiciones or impresion.pagos:
            self._rule()
            self._rows(impresion.condiciones)
            for pago in impresion.pagos:
                self._row(pago.etiqueta, pago.valor, self.tipos.vuelto if pago.destacada else None, pago.destacada)
        self._acuse()
        self._timbre()
        if impresion.notas:
            self._rule()
            for index, nota in enumerate(impresion.notas):
                self._centered(nota, self.tipos.texto, bold=index == 0)
        return self.y

    def _emisor(self) -> None:
        self._centered(self.impresion.emisor, self.tipos.nombre, bold=True)
        self.y += 0.6
        for linea in self.impresion.emisor_lineas:
            self._centered(linea, self.tipos.texto)
        self.y += 2.5

    def _caja(self) -> None:
        caja = self.impresion.caja
        self._boxed((f"R.U.T.: {caja.rut}", caja.documento, caja.folio), self.tipos.caja, padding=2)
        if caja.unidad_sii:
            self.y += 1
            self._centered(caja.unidad_sii, self.tipos.texto, bold=True)
        self.y += 2.5

    def _datos(self) -> None:
        impresion = self.impresion
        cuando = f"{impresion.fecha} {impresion.hora}" if impresion.hora else impresion.fecha
        atendio = f"Atendió {impresion.atendido_por}" if impresion.atendido_por else ""
        cuando = cuando if impresion.es_boleta else f"Fecha {cuando}"
        size = self.tipos.texto
        if self.lienzo.fitting_size((cuando, atendio), self.ancho, size) < size:  # not side by side on this roll
            self._text(cuando)
            self._text(atendio)
        else:
            self._row(cuando, atendio)
        for etiqueta, valor in (*impresion.receptor, *impresion.traslado):
            self._text(f"{etiqueta}: {valor}")
        for index, referencia in enumerate(impresion.referencias):
            self.y += 0 if index else 1
            self._text(f"Ref.: {referencia}")

    def _linea(self, linea: LineaImpresa) -> None:
        self.y += 1.2
        self._text(linea.nombre, bold=True)
        if linea.descripcion:
            self._text(linea.descripcion, self.tipos.pie)
        self._row(" × ".join(t for t in (linea.cantidad, linea.precio) if t) or linea.codigo or "", linea.bruto)
        self._rows(linea.ajustes)
        if linea.marca:
            self._text(linea.marca)

    def _totales(self) -> None:
        impresion = self.impresion
        self._rows(impresion.ajustes)
        if not impresion.es_boleta:
            self._rows(impresion.totales)
        self.y += 0.5
        size = self.lienzo.fitting_size(impresion.total, self.ancho, self.tipos.total)
        self._row(*impresion.total, size, bold=True)
        if impresion.es_boleta:
            self._rows(impresion.totales)

    def _acuse(self) -> None:
        acuse = self.impresion.acuse
        if acuse is None:
            return
        self.y += 3
        top, inner, size = self.y, self.ancho - 4, self.tipos.texto
        self.y += 2.5
        for campo in acuse.campos:
            self.y += 2.5
            self.lienzo.write_text(f"{campo}:", self.x + 2, self.y, inner, size)
            self.lienzo.rule(self.x + 18, self.y + size * POINT * LEADING - 0.6, self.ancho - 20)
            self.y += size * POINT * LEADING
        self.y += 2
        self.y = self.lienzo.write_text(acuse.declaracion, self.x + 2, self.y, inner, 7.5) + 1.5
        self.lienzo.frame(self.x, top, self.ancho, self.y - top, 0.3)

    def _timbre(self) -> None:
        papel = self.lienzo.papel
        stamp = encode(self.impresion.timbre, papel.columnas, papel.filas)
        wide, tall = self.lienzo.stamp_size(stamp)
        self.y += 5
        self.lienzo.draw_stamp(stamp, (papel.ancho - wide) / 2, self.y)
        self.y += tall + 2.5
        for texto in self.impresion.pie_timbre:
            self._centered(texto, self.tipos.pie)
        if self.impresion.acuse:
            self.y += 2
            self.y = self.lienzo.write_text(
                self.impresion.acuse.leyenda, self.x, self.y, self.ancho, self.tipos.caja, bold=True, align="R"
            )

    def _boxed(self, lines: tuple[str, ...], size: float, padding: float) -> None:
        top = self.y
        self.y += padding + 0.5
        for line in lines:
            self.y = self.lienzo.write_text(line, self.x + 2, self.y, self.ancho - 4, size, bold=True, align="C")
        self.y += padding + 0.3
        self.lienzo.frame(self.x, top, self.ancho, self.y - top, 0.55)

    def _text(self, text: str, size: float | None = None, *, bold: bool = False) -> None:
        self.y = self.lienzo.write_text(text, self.x, self.y, self.ancho, size or self.tipos.texto, bold=bold)

    def _centered(self, text: str, size: float, *, bold: bool = False) -> None:
        self.y = self.lienzo.write_text(text, self.x, self.y, self.ancho, size, bold=bold, align="C")

    def _row(self, label: str, value: str, size: float | None = None, bold: bool = False) -> None:
        self.y = self.lienzo.write_row(label, value, self.x, self.y, self.ancho, size or self.tipos.texto, bold=bold)

    def _rows(self, rows: tuple[tuple[str, str], ...]) -> None:
        for label, value in rows:
            self._row(label, value)

    def _rule(self) -> None:
        self.y += 2
        self.lienzo.rule(self.x, self.y, self.ancho, thickness=0.3, dashed=True)
        self.y += 2

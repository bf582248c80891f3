"""A copy as the bytes a thermal printer takes (ESC/POS): text in the printer's own type, the stamp as an image.

Draws the same description as the PDF (`dte.impresion`). The stamp is whole printer dots, so that it stays readable; on
the 58 mm roll it is turned a quarter, as in the PDF (see papel.py). One copy, cut at its end.
"""

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final, Literal

from escpos.printer import Dummy
from PIL import Image

from torn_app.dte.impresion import Impresion, LineaImpresa
from torn_app.printing.papel import PAPELES, Papel
from torn_app.printing.pdf417 import QUIET_ZONE, stamp_png

Ancho = Literal["80", "58"]

_CODE_PAGE: Final = "CP858"
"""Western European with the euro: has every letter a document may carry that people write."""
_CUT: Final = b"\x1dVA\x03"
"""Feed to the knife and cut (GS V 65)."""


@dataclass(frozen=True, slots=True)
class _Roll:
    """A roll at 8 dots per millimetre: how many letters (of 12 dots) and dots fit across what is printed."""

    letters: int
    dots: int
    papel: Papel


_ROLLS: Final[dict[Ancho, _Roll]] = {
    "80": _Roll(letters=48, dots=576, papel=PAPELES["80mm"]),
    "58": _Roll(letters=32, dots=384, papel=PAPELES["58mm"]),
}


def render_escpos(impresion: Impresion, ancho: Ancho) -> bytes:
    """Return the bytes that print a copy on a roll of 80 or 58 mm."""
    ticket = _Ticket(impresion, _ROLLS[ancho])
    ticket.draw()
    return ticket.output()


class _Ticket:
    """One copy, top to bottom, in the order of the PDF ticket."""

    def __init__(self, impresion: Impresion, roll: _Roll) -> None:
        self.impresion = impresion
        self.roll = roll
        self.printer = Dummy()
        self.printer.hw("INIT")
        self.printer.charcode(_CODE_PAGE)

    def output(self) -> bytes:
        """Return everything drawn, with the cut."""
        return bytes(self.printer.output) + _CUT

    def draw(self) -> None:
        """Draw the whole copy."""
        impresion = self.impresion
        if impresion.sin_validez:
            self._centered(impresion.sin_validez, bold=True)
            self._rule()
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
                self._row(pago.etiqueta, pago.valor, bold=pago.destacada)
        self._acuse()
        self._timbre()
        if impresion.notas:
            self._rule()
            for index, nota in enumerate(impresion.notas):
                self._centered(nota, bold=index == 0)

    def _emisor(self) -> None:
        self._centered(self.impresion.emisor, bold=True, tall=True)
        for linea in self.impresion.emisor_lineas:
            self._centered(linea)
        self._text("")

    def _caja(self) -> None:
        caja = self.impresion.caja
        self._text("=" * self.roll.letters)
        for line in (f"R.U.T.: {caja.rut}", caja.documento, caja.folio):
            self._centered(line, bold=True, tall=True)
        self._text("=" * self.roll.letters)
        if caja.unidad_sii:
            self._centered(caja.unidad_sii, bold=True)
        self._text("")

    def _datos(self) -> None:
        impresion = self.impresion
        cuando = f"{impresion.fecha} {impresion.hora}" if impresion.hora else impresion.fecha
        self._text(cuando if impresion.es_boleta else f"Fecha {cuando}")
        if impresion.atendido_por:
            self._text(f"Atendió {impresion.atendido_por}")
        for etiqueta, valor in (*impresion.receptor, *impresion.traslado):
            self._text(f"{etiqueta}: {valor}")
        for referencia in impresion.referencias:
            self._text(f"Ref.: {referencia}")

    def _linea(self, linea: LineaImpresa) -> None:
        self._text(linea.nombre, bold=True)
        if linea.descripcion:
            self._text(linea.descripcion)
        self._row(" x ".join(t for t in (linea.cantidad, linea.precio) if t) or linea.codigo or "", linea.bruto)
        self._rows(linea.ajustes)
        if linea.marca:
            self._text(linea.marca)

    def _totales(self) -> None:
        impresion = self.impresion
        self._rows(impresion.ajustes)
        if not impresion.es_boleta:
            self._rows(impresion.totales)
        self._row(*impresion.total, bold=True, tall=True)
        if impresion.es_boleta:
            self._rows(impresion.totales)

    def _acuse(self) -> None:
        acuse = self.impresion.acuse
        if acuse is None:
            return
        self._rule()
        for campo in acuse.campos:
            self._text("")
            self._text(f"{campo}: ".ljust(self.roll.letters, "_"))
        self._text("")
        self._text(acuse.declaracion)

    def _timbre(self) -> None:
        self._text("")
        self.printer.set_with_default(align="left")
        self.printer._raw(_raster(stamp_image(self.impresion.timbre, self.roll)))
        for texto in self.impresion.pie_timbre:
            self._centered(texto)
        if self.impresion.acuse:
            self._text("")
            self.printer.set_with_default(align="right", bold=True)
            self.printer.textln(self.impresion.acuse.leyenda)

    def _centered(self, text: str, *, bold: bool = False, tall: bool = False) -> None:
        self._write(text, align="center", bold=bold, tall=tall)

    def _text(self, text: str, *, bold: bool = False) -> None:
        self._write(text, align="left", bold=bold)

    def _write(self, text: str, *, align: str, bold: bool = False, tall: bool = False) -> None:
        self.printer.set_with_default(align=align, bold=bold, double_height=tall)
        for line in textwrap.wrap(text, self.roll.letters) or [""]:
            self.printer.textln(line)

    def _row(self, label: str, value: str, *, bold: bool = False, tall: bool = False) -> None:
        """A label and, at the right edge, its value, which goes to the next line when the label has no room for it."""
        room = self.roll.letters - len(value) - 1
        fits = room > 0 and max(map(len, label.split()), default=0) <= room
        lines = textwrap.wrap(label, room) or [""] if fits else []
        if not fits or len(lines) > 2:
            lines = [*textwrap.wrap(label, self.roll.letters), ""]
        lines[-1] += value.rjust(self.roll.letters - len(lines[-1]))
        self.printer.set_with_default(align="left", bold=bold, double_height=tall)
        for line in lines:
            self.printer.textln(line)

    def _rows(self, rows: tuple[tuple[str, str], ...]) -> None:
        for label, value in rows:
            self._row(label, value)

    def _rule(self) -> None:
        self._text("-" * self.roll.letters)


def _raster(image: Image.Image) -> bytes:
    """Return an image of whole bytes across as the command GS v 0, in which a set bit is a black dot."""
    wide = (image.width // 8).to_bytes(2, "little")
    dots = bytes(255 - byte for byte in image.tobytes())
    return b"\x1dv0\x00" + wide + image.height.to_bytes(2, "little") + dots


@lru_cache(maxsize=16)
def stamp_image(ted: bytes, roll: _Roll) -> Image.Image:
    """Return the stamp as the dots of a roll, in the middle of its width."""
    papel = roll.papel
    png = stamp_png(
        ted,
        columns=papel.columnas,
        max_rows=papel.filas,
        scale=papel.puntos_modulo,
        rotated=papel.timbre_girado,
    )
    stamp = Image.open(BytesIO(png)).convert("1")
    # The quiet zone at the sides may fall on the white edge of the roll, which is not printed.
    edge = QUIET_ZONE * papel.puntos_modulo
    if stamp.width > roll.dots:
        stamp = stamp.crop((edge, 0, stamp.width - edge, stamp.height))
    page = Image.new("1", (roll.dots, stamp.height), 1)
    page.paste(stamp, ((roll.dots - stamp.width) // 2, 0))
    return page

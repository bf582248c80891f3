"""A page to draw on, in millimetres from its top left corner: text that wraps, rows of label and amount, boxes, stamps.

Text is real text in the standard fonts (every viewer and printer has them, nothing to embed); drawing functions
return the height at which the next thing starts.
"""

import re
from datetime import datetime
from typing import Final, Literal, cast

from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from torn_app.kernel.clock import SANTIAGO
from torn_app.printing.papel import Papel
from torn_app.printing.pdf417 import ROW_HEIGHT, Stamp, bars

Align = Literal["L", "C", "R"]

POINT: Final = 25.4 / 72
"""A typographic point in millimetres."""
LEADING: Final = 1.3
"""Line height over font size."""

# The standard fonts hold ISO-8859-1, which is also all a DTE can hold; notes of the shop may bring typographic marks.
_SUBSTITUTES: Final = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "•": "·", "€": "EUR"}
)


_UNKNOWN: Final = datetime(2000, 1, 1, tzinfo=SANTIAGO)
_STAMPED: Final = re.compile(rb"<TSTED>([^<]+)</TSTED>")


def stamped_at(timbre: bytes) -> datetime:
    """Return the moment of a stamp, aware; the first day of 2000 when it says none that can be read."""
    found = _STAMPED.search(timbre)
    try:
        moment = datetime.fromisoformat(found[1].decode("ascii")) if found else _UNKNOWN
    except ValueError:
        moment = _UNKNOWN
    return moment if moment.tzinfo else moment.replace(tzinfo=SANTIAGO)


class Lienzo(FPDF):
    """A PDF of one kind of paper."""

    def __init__(self, papel: Papel, alto: float, titulo: str, timbre: bytes) -> None:
        super().__init__(unit="mm", format=(papel.ancho, alto))
        # The moment of its stamp: the same copy of a document is the same file whenever it is drawn.
        self.set_creation_date(stamped_at(timbre))
        self.papel = papel
        self.alto = alto
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.set_title(latin(titulo))
        self.set_producer("Torn")
        self.set_lang("es-CL")
        self.add_page()

    def font(self, size: float, *, bold: bool = False) -> None:
        """Choose the size in points and the weight of what follows."""
        self.set_font("helvetica", "B" if bold else "", size)

    def write_text(
        self, text: str, x: float, y: float, width: float, size: float, *, bold: bool = False, align: Align = "L"
    ) -> float:
        """Write text wrapped at `width`; words longer than the line are broken."""
        if not text:
            return y
        self.font(size, bold=bold)
        self.set_xy(x, y)
        written, height = latin(text), size * POINT * LEADING
        if self._one_line(written, width):  # most texts; measuring where to break them costs more than drawing them
            self.cell(width, height, written, align=align)
            return y + height
        self.multi_cell(width, height, written, align=align, new_x="LEFT", new_y="NEXT")
        return self.get_y()

    def text_height(self, text: str, width: float, size: float, *, bold: bool = False) -> float:
        """Height that `write_text` will take."""
        if not text:
            return 0
        self.font(size, bold=bold)
        written, height = latin(text), size * POINT * LEADING
        if self._one_line(written, width):
            return height
        lines = self.multi_cell(width, height, written, align="L", dry_run=True, output=MethodReturnValue.LINES)
        return height * len(cast(list[str], lines))

    def _one_line(self, text: str, width: float) -> bool:
        return "\n" not in text and self.get_string_width(text) <= width

    def write_row(
        self, label: str, value: str, x: float, y: float, width: float, size: float, *, bold: bool = False
    ) -> float:
        """Write a label at the left and its amount at the right edge; a long label wraps before the amount.

        A label that has no room there, or takes more than two lines, has lines of its own and the amount the next one.
        """
        self.font(size, bold=bold)
        taken, line = self.get_string_width(latin(value)), size * POINT * LEADING
        room = width - taken - 3
        if not self._has_room(label, room, size, bold=bold):
            y = self.write_text(label, x, y, width, size, bold=bold)
            room, label = width, ""
        self.set_xy(x + width - taken, y)
        self.cell(taken, line, latin(value))
        return max(self.write_text(label, x, y, room, size, bold=bold), y + line)

    def row_height(self, label: str, value: str, width: float, size: float) -> float:
        """Height that `write_row` will take."""
        self.font(size)
        room, line = width - self.get_string_width(latin(value)) - 3, size * POINT * LEADING
        if not self._has_room(label, room, size, bold=False):
            return self.text_height(label, width, size) + line
        return max(self.text_height(label, room, size), line)

    def _has_room(self, label: str, room: float, size: float, *, bold: bool) -> bool:
        if self.get_string_width(latin(label)) <= room:
            return True
        if any(self.get_string_width(latin(word)) > room for word in label.split()):
            return False
        return self.text_height(label, room, size, bold=bold) <= 2.5 * size * POINT * LEADING

    def fitting_size(
        self, texts: tuple[str, ...], width: float, size: float, *, bold: bool = True, gap: float = 3
    ) -> float:
        """Largest size in points, at most `size`, at which texts fit side by side in `width`, `gap` mm apart."""
        self.font(size, bold=bold)
        needed = sum(self.get_string_width(latin(text)) for text in texts)
        room = width - gap * (len(texts) - 1)
        return size if needed <= room else size * room / needed * 0.995

    def rule(self, x: float, y: float, width: float, *, thickness: float = 0.2, dashed: bool = False) -> None:
        """Draw a horizontal line."""
        self.set_line_width(thickness)
        if dashed:
            self.set_dash_pattern(dash=1, gap=0.8)
        self.line(x, y, x + width, y)
        if dashed:
            self.set_dash_pattern()

    def frame(self, x: float, y: float, width: float, height: float, thickness: float) -> None:
        """Draw an empty box; the line lies inside the given measures."""
        self.set_line_width(thickness)
        half = thickness / 2
        self.rect(x + half, y + half, width - thickness, height - thickness)

    def snap(self, length: float) -> float:
        """Move a position to the next printer dot."""
        return round(length / self.papel.punto) * self.papel.punto

    def draw_stamp(self, stamp: Stamp, x: float, y: float) -> None:
        """Draw the bars of a stamp with its upper left corner at (x, y), as one black shape on whole printer dots.

        One path, so that no viewer smooths a pale seam between two rows.
        """
        # The matrix takes (module, row) to points from the lower left corner; turned, rows run from right to left.
        k, left, top = self.k, self.snap(x), self.h - self.snap(y)
        wide, high = self.papel.modulo * k, ROW_HEIGHT * self.papel.modulo * k
        if self.papel.timbre_girado:
            matrix = (0.0, -wide, -high, 0.0, left * k + len(stamp.rows) * high, top * k)
        else:
            matrix = (wide, 0.0, 0.0, -high, left * k, top * k)
        shape = " ".join(f"{start} {row} {length} 1 re" for row, start, length in bars(stamp))
        self._out(f"q 0 g {' '.join(f'{value:.5f}' for value in matrix)} cm {shape} f Q")

    def stamp_size(self, stamp: Stamp) -> tuple[float, float]:
        """Width and height of a stamp on this paper."""
        wide, tall = stamp.width * self.papel.modulo, stamp.height * self.papel.modulo
        return (tall, wide) if self.papel.timbre_girado else (wide, tall)


def latin(text: str) -> str:
    """Return text the standard fonts can show: typographic marks become plain ones, the rest a question mark."""
    return text.translate(_SUBSTITUTES).encode("latin-1", "replace").decode("latin-1")

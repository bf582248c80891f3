"""The electronic stamp as a PDF417 symbol: byte compaction, error correction level 5, rows three modules high.

Parameters are those of the Instructivo Técnico DTE (28-10-2021), stamp: PDF417 not truncated, binary compaction, level
5, X to Y 1:3. The library's own high level encoder mixes text, number and byte modes and has no switch, and the writer
of zxing-cpp does too, so the byte code words are put together here from the library's parts.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final

from pdf417gen.compaction.byte import compact_bytes
from pdf417gen.data import ERROR_CORRECTION_FACTORS
from pdf417gen.encoding import MAX_ROWS, encode_rows, get_padding
from PIL import Image

SECURITY_LEVEL: Final = 5
ROW_HEIGHT: Final = 3
"""Height of a row in modules."""
QUIET_ZONE: Final = 2
"""Least white around the symbol, in modules (ISO/IEC 15438); papers leave more."""

_EC_WORDS: Final = 2 ** (SECURITY_LEVEL + 1)
_BYTE_LATCH: Final = 901
_BYTE_LATCH_MULTIPLE_OF_6: Final = 924
_MAX_WORDS: Final = 928
_MAX_COLUMNS: Final = 30
_FIELD: Final = 929
_STOP_BITS: Final = 18
_WORD_BITS: Final = 17


@dataclass(frozen=True, slots=True)
class Stamp:
    """A symbol: per row, a string of `1` (bar) and `0`, one character per module; a row is ROW_HEIGHT modules high."""

    rows: tuple[str, ...]
    columns: int

    @property
    def width(self) -> int:
        """Modules across, without quiet zone."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Modules down, without quiet zone."""
        return len(self.rows) * ROW_HEIGHT


def code_words(data: bytes, columns: int) -> list[int]:
    """Return the code words of `data`: length, latch to byte mode, data, padding, error correction."""
    latch = _BYTE_LATCH_MULTIPLE_OF_6 if len(data) % 6 == 0 else _BYTE_LATCH
    words = [latch, *compact_bytes(list(data))]
    padding = get_padding(len(words), _EC_WORDS, columns)
    described = [1 + len(words) + len(padding), *words, *padding]
    return described + _error_correction(described)


def _error_correction(words: list[int]) -> list[int]:
    """Reed-Solomon words over GF(929) (ISO/IEC 15438, 5.10). The library's own function takes three times as long."""
    factors = ERROR_CORRECTION_FACTORS[SECURITY_LEVEL]
    register = [0] * _EC_WORDS
    for word in words:
        feedback = (word + register[-1]) % _FIELD
        register = [(left - feedback * f) % _FIELD for left, f in zip([0, *register[:-1]], factors, strict=True)]
    return [-word % _FIELD for word in reversed(register)]


@lru_cache(maxsize=64)
def encode(data: bytes, columns: int, max_rows: int = MAX_ROWS) -> Stamp:
    """Return the symbol of `data` with at least `columns` data columns (1 to 30), more while it exceeds `max_rows`.

    The two copies of a document, and its preview before it, ask for the same symbol: the last ones are kept.

    Raises:
        ValueError: no data, or more than a symbol can hold at level 5 (about 1.030 bytes).
    """
    if not data:
        raise ValueError("a stamp without data")
    words = code_words(data, columns)
    while len(words) // columns > max_rows or len(words) > _MAX_WORDS:
        if columns == _MAX_COLUMNS:
            raise ValueError(f"{len(data)} bytes do not fit in a stamp")
        columns += 1
        words = code_words(data, columns)
    chunks = [words[i : i + columns] for i in range(0, len(words), columns)]
    rows = []
    for row in encode_rows(chunks, columns, SECURITY_LEVEL):
        *patterns, stop = row
        rows.append("".join(f"{pattern:0{_WORD_BITS}b}" for pattern in patterns) + f"{stop:0{_STOP_BITS}b}")
    return Stamp(rows=tuple(rows), columns=columns)


@lru_cache(maxsize=64)
def bars(stamp: Stamp) -> tuple[tuple[int, int, int], ...]:
    """Return every black run as (row, first module, modules), rows from the top."""
    found = []
    for index, row in enumerate(stamp.rows):
        start = row.find("1")
        while start >= 0:
            end = row.find("0", start)
            end = len(row) if end < 0 else end
            found.append((index, start, end - start))
            start = row.find("1", end)
    return tuple(found)


def stamp_png(
    ted: bytes, *, columns: int = 12, max_rows: int = MAX_ROWS, scale: int = 2, rotated: bool = False
) -> bytes:
    """Return the stamp of a flattened TED as a black and white PNG with its quiet zone.

    Args:
        ted: bytes the symbol must hold, ISO-8859-1.
        columns: least data columns; 12 for an 80 mm roll, 16 for a letter page.
        max_rows: most rows, where the height is what is short (a rotated stamp); at most 90.
        scale: pixels per module (printer dots, for a printer that takes images).
        rotated: turned a quarter clockwise, for narrow rolls.
    """
    symbol = encode(ted, columns, max_rows)
    image = Image.new("1", (symbol.width + 2 * QUIET_ZONE, symbol.height + 2 * QUIET_ZONE), 1)
    pixels = bytes(0 if bit == "1" else 255 for row in symbol.rows for bit in row)
    grey = Image.frombytes("L", (symbol.width, len(symbol.rows)), pixels)
    tall = grey.resize((symbol.width, symbol.height), Image.Resampling.NEAREST)
    image.paste(tall.convert("1", dither=Image.Dither.NONE), (QUIET_ZONE, QUIET_ZONE))
    image = image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
    if rotated:
        image = image.transpose(Image.Transpose.ROTATE_270)
    out = BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()

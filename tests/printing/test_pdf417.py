"""The stamp as a symbol: byte mode only, level 5, not truncated, and read back byte for byte."""

from io import BytesIO

import pytest
import zxingcpp
from pdf417gen.codes import CODES
from PIL import Image

from tests.printing.papers import Papel, boleta
from torn_app.printing.pdf417 import QUIET_ZONE, bars, code_words, encode, stamp_png

TIMBRE = boleta().copy().timbre
_WORD_OF = [{pattern: word for word, pattern in enumerate(table)} for table in CODES]


def read(png: bytes) -> list[bytes]:
    image = Image.open(BytesIO(png))
    return [code.bytes for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)]


@pytest.mark.parametrize("columns", [8, 12, 14, 16, 20])
@pytest.mark.parametrize("rotated", [False, True])
def test_png_reads_back_byte_for_byte(columns: int, rotated: bool) -> None:
    assert read(stamp_png(TIMBRE, columns=columns, rotated=rotated)) == [TIMBRE]


@pytest.mark.parametrize("extra", range(6))
def test_every_length_modulo_six(extra: int) -> None:
    data = TIMBRE + "áéíóú"[:extra].encode("latin-1")
    assert read(stamp_png(data)) == [data]


def test_every_printable_latin_1_character() -> None:
    data = bytes([*range(0x20, 0x7F), *range(0xA0, 0x100)]) * 3
    assert read(stamp_png(data)) == [data]


def test_only_byte_compaction_with_level_5() -> None:
    """Reads the code words off the bars: a decoder tells neither the compaction mode nor the truncation."""
    stamp = encode(TIMBRE, 12)
    words = []
    for index, row in enumerate(stamp.rows):
        assert row.startswith(f"{0x1FEA8:017b}")
        assert row.endswith(f"{0x3FA29:018b}")
        patterns = [int(row[at : at + 17], 2) for at in range(17, len(row) - 18, 17)]
        words += [_WORD_OF[index % 3][pattern] for pattern in patterns][1:-1]
    assert words == code_words(TIMBRE, 12)
    described, body = words[0], words[1 : words[0]]
    assert len(words) - described == 64  # 2 ** (5 + 1)
    assert body[0] == (924 if len(TIMBRE) % 6 == 0 else 901)
    assert all(word < 900 for word in body[1:] if word != 900)


def test_rows_are_three_modules_high_and_modules_whole_pixels() -> None:
    stamp = encode(TIMBRE, 12)
    image = Image.open(BytesIO(stamp_png(TIMBRE, columns=12, scale=2)))
    assert image.size == ((stamp.width + 2 * QUIET_ZONE) * 2, (len(stamp.rows) * 3 + 2 * QUIET_ZONE) * 2)
    assert stamp.width == 17 * (12 + 4) + 1
    assert image.mode == "1"


def test_bars_cover_exactly_the_black_modules() -> None:
    stamp = encode(TIMBRE, 12)
    drawn = [["0"] * stamp.width for _ in stamp.rows]
    for row, start, length in bars(stamp):
        drawn[row][start : start + length] = "1" * length
    assert tuple("".join(row) for row in drawn) == stamp.rows


def test_columns_grow_rather_than_exceed_the_rows() -> None:
    assert len(encode(TIMBRE, 4).rows) <= 90
    assert encode(TIMBRE, 4).columns > 4
    assert len(encode(TIMBRE, 4, 40).rows) <= 40


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        encode(b"x" * 1100, 12)
    with pytest.raises(ValueError, match="without data"):
        encode(b"", 12)


def test_stamps_of_every_type_are_read() -> None:
    for tipo in (33, 34, 52, 56, 61):
        timbre = Papel(tipo=tipo).copy().timbre
        assert read(stamp_png(timbre, columns=16)) == [timbre]

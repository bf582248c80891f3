"""Bytes for thermal printers, read the way a printer does: the text it would print, and the stamp as its dots."""

import re
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from tests.printing.papers import Papel, boleta, line
from torn_app.dte.impresion import FilaPago
from torn_app.printing.escpos import Ancho, render_escpos
from torn_app.printing.papel import PAPELES
from torn_app.printing.pdf_ticket import render_ticket

LETTERS = {"80": 48, "58": 32}
DOTS = {"80": 576, "58": 384}
ROLLS = pytest.mark.parametrize("ancho", ["80", "58"])
_COMMANDS = re.compile(rb"\x1b@|\x1bt.|\x1b[aE!MdJ\-{V].|\x1dB.|\x1d!.|\x1db.|\x1bR.", re.DOTALL)
_RASTER = b"\x1dv0"
_CUT = b"\x1dVA\x03"
LETTERS_ONLY = r"[^\W\d_]{3,}"


def printed(data: bytes) -> tuple[str, list[Image.Image]]:
    """Return what comes out of the printer: its text, and each image as dots. Unknown commands are an error."""
    text, images, place = bytearray(), [], 0
    while place < len(data):
        if data.startswith(_RASTER, place):
            wide = int.from_bytes(data[place + 4 : place + 6], "little")
            tall = int.from_bytes(data[place + 6 : place + 8], "little")
            start = place + 8
            dots = data[start : start + wide * tall]
            inked = Image.frombytes("1", (wide * 8, tall), bytes(255 - byte for byte in dots))
            images.append(inked)
            place = start + wide * tall
        elif data.startswith(_CUT, place):
            place += len(_CUT)
        elif found := _COMMANDS.match(data, place):
            place = found.end()
        else:
            assert data[place] >= 32 or data[place] == 10, f"unknown command {data[place : place + 4]!r}"
            text.append(data[place])
            place += 1
    return text.decode("cp858"), images


def stamp(images: list[Image.Image]) -> bytes:
    """Read the stamp off the dots, joined as the paper shows them."""
    width, height = images[0].width, sum(image.height for image in images)
    page = Image.new("1", (width + 80, height + 80), 1)
    top = 40
    for image in images:
        page.paste(image, (40, top))
        top += image.height
    (code,) = zxingcpp.read_barcodes(page.convert("L"), formats=zxingcpp.BarcodeFormat.PDF417)
    return code.bytes


@ROLLS
@pytest.mark.parametrize("papel", [boleta(), Papel(tipo=33), Papel(tipo=61), Papel(tipo=52)], ids=str)
def test_the_stamp_reads_back_and_the_text_is_there(papel: Papel, ancho: Ancho) -> None:
    copy = papel.copy()
    text, images = printed(render_escpos(copy, ancho))
    assert stamp(images) == copy.timbre
    assert all(image.width == DOTS[ancho] for image in images)
    flat = " ".join(text.split())
    for wanted in (f"R.U.T.: {copy.caja.rut}", copy.caja.folio, copy.total.valor, *copy.pie_timbre):
        assert wanted in flat
    for word in copy.caja.documento.split():
        assert word in flat
    assert "CEDIBLE" not in flat
    assert all(len(row) <= LETTERS[ancho] for row in text.split("\n"))


@ROLLS
def test_the_stamp_measures_what_the_tax_service_asks(ancho: Ancho) -> None:
    """8 dots are a millimetre; 2 x 4,5 cm at least on a ticket, whichever way it lies."""
    _, images = printed(render_escpos(boleta().copy(), ancho))
    page = Image.new("1", (images[0].width, sum(image.height for image in images)), 1)
    top = 0
    for image in images:
        page.paste(image, (0, top))
        top += image.height
    left, upper, right, lower = page.convert("L").point(lambda grey: 255 - grey).getbbox()
    sides = sorted(((right - left) / 8, (lower - upper) / 8))
    assert sides[0] >= 20
    assert sides[1] >= 45


@ROLLS
def test_the_assignable_copy(ancho: Ancho) -> None:
    text, _ = printed(render_escpos(Papel(tipo=33).copy(cedible=True), ancho))
    flat = " ".join(text.split())
    assert "CEDIBLE" in flat
    for field in ("Nombre", "RUT", "Fecha", "Recinto", "Firma"):
        assert re.search(rf"{field}: _{{5,}}", flat)
    assert "19.983" in flat


@ROLLS
def test_letters_of_chile_marks_and_long_words(ancho: Ancho) -> None:
    papel = boleta()
    papel.lineas = [line(1, "Ñandú, güiña y pingüino ½ kilo " + "x" * 70, 1, 1000, 1000)]
    copy = papel.copy(sin_validez=True, pagos=[FilaPago("Vuelto", 7500, destacada=True)])
    data = render_escpos(replace(copy, notas=("¡Gracias por su compra!",)), ancho)
    text, _ = printed(data)
    assert "Ñandú, güiña y pingüino ½ kilo" in " ".join(text.split())
    assert "¡Gracias por su compra!" in text
    assert re.search(r"Vuelto +\$7\.500", text)
    assert copy.sin_validez is not None
    assert copy.sin_validez in " ".join(text.split())
    assert data.endswith(_CUT)
    assert max(len(row) for row in text.split("\n")) <= LETTERS[ancho]


def test_the_same_words_as_the_pdf() -> None:
    """Both draw one description: no word of the ticket is missing on the printer."""
    from tests.printing.test_pdf import texts

    copy = Papel(tipo=33).copy()
    (pdf,) = texts(render_ticket(copy, PAPELES["80mm"]))
    text, _ = printed(render_escpos(copy, "80"))
    assert set(re.findall(LETTERS_ONLY, pdf)) <= set(re.findall(LETTERS_ONLY, text))


@ROLLS
def test_a_label_without_room_has_lines_of_its_own(ancho: Ancho, capsys: pytest.CaptureFixture[str]) -> None:
    pago = FilaPago("Aporte extraordinario reembolsable en 30 días", 123_456_789_012)
    text, _ = printed(render_escpos(boleta().copy(pagos=[pago]), ancho))
    rows = text.split("\n")
    (amount,) = [row for row in rows if "$123.456.789.012" in row]
    assert amount.strip() == "$123.456.789.012" if ancho == "58" else amount.startswith("reembolsable en 30 días")
    assert len(amount) == LETTERS[ancho]
    assert "Aporte extraordinario" in text
    # The library likes to speak of its profiles on standard output.
    assert capsys.readouterr() == ("", "")

"""PDF copies: real text, a stamp that a scanner reads at the printer's resolution, pages of the right size."""

from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from tests.printing.papers import ITEM, Papel, boleta, line
from torn_app.dte.impresion import FilaPago, Impresion
from torn_app.printing import Formato, render_pdf
from torn_app.printing.papel import FORMATOS, PAPELES
from torn_app.printing.pdf417 import encode

FACTURA = Papel(tipo=33)
RESOLUTION = {"carta": 300, "80mm": 203, "58mm": 203}


def texts(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def stamps(pdf: bytes, dpi: int, *, thermal: bool) -> list[list[bytes]]:
    """Stamps read off each page as printed at `dpi`; a thermal head has black dots and white dots, no greys."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        image = page.render(scale=dpi / 72).to_pil().convert("L")
        if thermal:
            image = image.point(lambda grey: 255 if grey > 127 else 0)
        codes = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)
        found.append([code.bytes for code in codes])
        page.close()
    document.close()
    return found


@pytest.mark.parametrize("formato", FORMATOS)
@pytest.mark.parametrize("papel", [boleta(), FACTURA], ids=["boleta", "factura"])
def test_stamp_reads_back_byte_for_byte(papel: Papel, formato: Formato) -> None:
    copy = papel.copy()
    read = partial(stamps, render_pdf(copy, formato), RESOLUTION[formato])
    assert read(thermal=False) == [[copy.timbre]]
    assert read(thermal=True) == [[copy.timbre]]


@pytest.mark.parametrize("formato", FORMATOS)
def test_large_stamp_of_a_1024_bit_authorisation(formato: Formato) -> None:
    copy = FACTURA.copy()
    large = replace(copy, timbre=copy.timbre.replace(b"</M>", b"A" * (1000 - len(copy.timbre)) + b"</M>"))
    assert len(large.timbre) == 1000
    assert stamps(render_pdf(large, formato), RESOLUTION[formato], thermal=True) == [[large.timbre]]


@pytest.mark.parametrize("formato", FORMATOS)
def test_text_is_text(formato: Formato) -> None:
    (text,) = texts(render_pdf(FACTURA.copy(), formato))
    for expected in (
        "R.U.T.: 76.418.932-9",
        "FACTURA ELECTRÓNICA",
        "N° 10482",
        "S.I.I. - SANTIAGO CENTRO",
        "Comercial El Maitén Ltda.",
        "Peñaflor & Cía. Ltda.",
        "77.123.456-9",
        "Neto",
        "$10.000",
        "IVA 19 %",
        "$1.900",
        "$11.900",
        "Timbre Electrónico SII",
        "Res. 80 de 2014",
        "Verifique documento: www.sii.cl",
    ):
        assert expected in text, expected
    assert "CEDIBLE" not in text
    assert "SIN VALIDEZ" not in text


@pytest.mark.parametrize("formato", FORMATOS)
def test_cedible_and_test_marks(formato: Formato) -> None:
    (cedible,) = texts(render_pdf(FACTURA.copy(cedible=True), formato))
    assert "CEDIBLE" in cedible
    assert "Recinto" in cedible
    assert "Ley 19.983" in cedible
    assert "recibí conforme" not in cedible.lower()
    (prueba,) = texts(render_pdf(FACTURA.copy(sin_validez=True), formato))
    assert "DOCUMENTO DE PRUEBA, SIN VALIDEZ TRIBUTARIA" in prueba


@pytest.mark.parametrize("formato", FORMATOS)
def test_rows_of_the_till_and_notes(formato: Formato) -> None:
    pagos = [("Efectivo", 20000), FilaPago("Vuelto", 13440, destacada=True)]
    (text,) = texts(render_pdf(boleta().copy(pagos=pagos, notas=["Gracias – vuelva pronto"]), formato))
    assert "$20.000" in text
    assert "$13.440" in text
    assert "Gracias - vuelva pronto" in text
    assert "66.666.666" not in text


def _sized(pdf: bytes) -> tuple[float, float]:
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    return float(box.width), float(box.height)


def test_letter_is_letter() -> None:
    assert _sized(render_pdf(FACTURA.copy(), "carta")) == pytest.approx((612, 792), abs=0.1)


@pytest.mark.parametrize("formato", ["80mm", "58mm"])
def test_roll_is_as_long_as_the_ticket(formato: Formato) -> None:
    short, long = boleta(), boleta(lineas=[line(n, ITEM, "1", "100", 100) for n in range(1, 60)])
    width, height = _sized(render_pdf(short.copy(), formato))
    assert width == pytest.approx(PAPELES[formato].ancho * 72 / 25.4, abs=0.1)
    longer = render_pdf(long.copy(), formato)
    assert len(PdfReader(BytesIO(longer)).pages) == 1
    assert _sized(longer)[1] > height * 2


def test_long_document_takes_pages_and_its_stamp_closes_the_last() -> None:
    lineas = [line(n, f"Producto {n}", "1", "100", 100) for n in range(1, 61)]
    copy = replace(FACTURA, lineas=lineas).copy(cedible=True)
    pdf = render_pdf(copy, "carta")
    pages = texts(pdf)
    assert len(pages) > 1
    assert all("N° 10482" in page for page in pages)
    joined = " ".join(pages)
    assert all(f"Producto {n} " in joined for n in range(1, 61))
    read = stamps(pdf, 300, thermal=False)
    assert read == [[]] * (len(pages) - 1) + [[copy.timbre]]


def boxes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Rectangles of the text of the first page (left, bottom, right, top), in points."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    text = page.get_textpage()
    found = [text.get_rect(index) for index in range(text.count_rects())]
    text.close()
    page.close()
    document.close()
    return found


def _crowded(**options: Any) -> Impresion:
    """Everything at once, with words that have no spaces and amounts of thirteen figures."""
    word = "correo.muy.largo.sin.espacios@dominio-larguisimo-de-prueba.ejemplo.cl"
    extra = "<DescuentoPct>12.5</DescuentoPct><DescuentoMonto>10586</DescuentoMonto>"
    lineas = [
        line(1, word, "118123.123456", "999999999.5", 999999999999, extra, before="<IndExe>1</IndExe>"),
        line(
            2,
            "W" * 80,
            "1",
            "1",
            1,
            before=f"<CdgItem><TpoCodigo>I</TpoCodigo><VlrCodigo>{'9' * 35}</VlrCodigo></CdgItem>",
        ),
    ]
    resto = (
        f"<DscRcgGlobal><NroLinDR>1</NroLinDR><TpoMov>D</TpoMov><GlosaDR>{'G' * 45}</GlosaDR><TpoValor>$</TpoValor>"
        "<ValorDR>999999999999</ValorDR></DscRcgGlobal>"
        f"<Referencia><NroLinRef>1</NroLinRef><TpoDocRef>801</TpoDocRef><FolioRef>{'8' * 18}</FolioRef>"
        f"<FchRef>2026-11-18</FchRef><RazonRef>{'R' * 90}</RazonRef></Referencia>"
    )
    receptor = (
        f"<RUTRecep>77123456-9</RUTRecep><RznSocRecep>{'N' * 100}</RznSocRecep><GiroRecep>{'Giro ' * 8}</GiroRecep>"
        f"<DirRecep>{word}</DirRecep><CmnaRecep>San Pedro de la Paz</CmnaRecep>"
    )
    totales = "<MntNeto>999999999999</MntNeto><TasaIVA>19</TasaIVA><IVA>1</IVA><MntTotal>999999999999</MntTotal>"
    papel = replace(FACTURA, lineas=lineas, resto=resto, receptor=receptor, totales=totales)
    return papel.copy(emisor_extra=[word], **options)


@pytest.mark.parametrize("formato", FORMATOS)
@pytest.mark.parametrize("cedible", [False, True])
def test_nothing_overlaps_or_leaves_the_paper(formato: Formato, cedible: bool) -> None:
    pdf = render_pdf(_crowded(cedible=cedible, sin_validez=True), formato)
    width, height = _sized(pdf)
    rects = boxes(pdf)
    assert len(rects) > 30
    margin = 2 * 72 / 25.4
    for left, bottom, right, top in rects:
        assert left > margin
        assert right < width - margin
        assert bottom > margin
        assert top < height - margin
    for index, (left, bottom, right, top) in enumerate(rects):
        for other_left, other_bottom, other_right, other_top in rects[index + 1 :]:
            across = min(right, other_right) - max(left, other_left)
            down = min(top, other_top) - max(bottom, other_bottom)
            assert across < 0.5 or down < 0.5 * min(top - bottom, other_top - other_bottom)


@pytest.mark.parametrize("formato", FORMATOS)
def test_stamp_measures_what_the_tax_service_asks(formato: Formato) -> None:
    """At least 6.7 mil per module; 2 x 5 cm to 4 x 9 cm (2 x 4.5 cm on a roll), whole dots."""
    papel = PAPELES[formato]
    stamp = encode(boleta().copy().timbre, papel.columnas, papel.filas)
    assert papel.modulo >= 6.7 * 0.0254
    wide, tall = stamp.width * papel.modulo, stamp.height * papel.modulo
    assert 45 <= wide <= 90
    assert 20 <= tall <= 45
    across = tall if papel.timbre_girado else wide
    assert across <= papel.ancho - 8

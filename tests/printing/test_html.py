"""HTML copies: escaped, self-contained, with a stamp that reads back."""

import re
from base64 import b64decode
from io import BytesIO

import pytest
import zxingcpp
from lxml import html
from PIL import Image

from tests.printing.papers import Papel, boleta, line
from torn_app.dte.impresion import FilaPago
from torn_app.printing import render_html
from torn_app.printing.html import FormatoHtml

FORMATOS: list[FormatoHtml] = ["carta", "80mm"]
FACTURA = Papel(tipo=33)


def words(page: str) -> str:
    return " ".join(html.fromstring(page).find("body").text_content().split())


@pytest.mark.parametrize("formato", FORMATOS)
def test_stamp_of_the_page_reads_back(formato: FormatoHtml) -> None:
    copy = boleta().copy()
    page = html.fromstring(render_html(copy, formato))
    (image,) = page.xpath("//img")
    kind, _, data = image.get("src").partition(",")
    assert kind == "data:image/png;base64"
    codes = zxingcpp.read_barcodes(Image.open(BytesIO(b64decode(data))), formats=zxingcpp.BarcodeFormat.PDF417)
    assert [code.bytes for code in codes] == [copy.timbre]


@pytest.mark.parametrize("formato", FORMATOS)
def test_text_of_the_page(formato: FormatoHtml) -> None:
    text = words(render_html(FACTURA.copy(cedible=True, sin_validez=True), formato))
    for expected in (
        "R.U.T.: 76.418.932-9",
        "FACTURA ELECTRÓNICA",
        "N° 10482",
        "S.I.I. - SANTIAGO CENTRO",
        "Ñandú & cóndor <grande> 100% ½",
        "$11.900",
        "IVA 19 %",
        "Timbre Electrónico SII",
        "Res. 80 de 2014",
        "Verifique documento: www.sii.cl",
        "CEDIBLE",
        "Recinto",
        "DOCUMENTO DE PRUEBA, SIN VALIDEZ TRIBUTARIA",
    ):
        assert expected in text, expected
    plain = words(render_html(FACTURA.copy(), formato))
    assert "CEDIBLE" not in plain
    assert "SIN VALIDEZ" not in plain


@pytest.mark.parametrize("formato", FORMATOS)
def test_names_cannot_become_markup(formato: FormatoHtml) -> None:
    name = "<script>alert('x')</script>"
    copy = Papel(tipo=33, lineas=[line(1, name, "1", "100", 100)]).copy(notas=[name], emisor_extra=[name])
    page = render_html(copy, formato)
    assert name not in page
    assert page.count("&lt;script&gt;") == 3


@pytest.mark.parametrize("formato", FORMATOS)
def test_page_needs_nothing_from_outside(formato: FormatoHtml) -> None:
    page = render_html(FACTURA.copy(), formato)
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!data:)""", page)
    assert "url(" not in page
    assert "@import" not in page


@pytest.mark.parametrize("formato", FORMATOS)
def test_prints_by_itself_only_when_asked(formato: FormatoHtml) -> None:
    assert "window.print()" not in render_html(boleta().copy(), formato)
    assert "window.print()" in render_html(boleta().copy(), formato, auto_print=True)


def test_rows_of_the_till_on_the_ticket() -> None:
    pagos = [FilaPago("Redondeo por pago en efectivo", 3, con_signo=True), ("Efectivo", 20000)]
    page = render_html(boleta().copy(pagos=pagos, atendido_por="Rosa S."), "80mm")
    assert "+$3" in page
    assert "$20.000" in page
    assert "Atendió Rosa S." in page
    assert "20-11-2026 14:05" in page

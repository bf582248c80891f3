"""Letter copies of more than one page: what goes where, and that nothing overlaps or leaves the paper."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader

from tests.fiscal_material import TODAY, documento, emisor, issue, line, receptor
from tests.printing.readers import pdf_stamps
from torn_app.dte.documento import CondicionesPago, Cuota, DescuentoGlobal, Detalle, Documento, Referencia
from torn_app.dte.impresion import printed_copy
from torn_app.dte.impuestos import IMPUESTOS, Base, Efecto
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import Pesos
from torn_app.printing import render_pdf

T = TipoDte
Box = tuple[float, float, float, float]
ADDED = [code for code, tax in IMPUESTOS.items() if tax.efecto is Efecto.SUMA and tax.base is Base.NETO]


def lines(number: int) -> list[Detalle]:
    return [
        line(
            f"Producto {n} " + ("de nombre largo que sigue y sigue " * 2 if n % 7 == 0 else ""),
            str(1990 + n),
            codigo=f"SKU-{n:05d}",
            descripcion="Con garantía de fábrica por doce meses" if n % 9 == 0 else None,
            descuento_pct=Decimal("12.5") if n % 5 == 0 else None,
            exento=n % 11 == 0,
        )
        for n in range(1, number + 1)
    ]


def references(number: int, reason: str | None = None) -> list[Referencia]:
    return [Referencia(tipo="52", folio=str(1000 + n), fecha=TODAY, razon=reason) for n in range(number)]


def taxed() -> list[Detalle]:
    """A line for each additional tax."""
    return [line(f"Cosa {code}", "1000", codigos_impuesto=(code,)) for code in ADDED]


CROWDED: dict[str, Documento] = {
    "sixty lines": documento(T.FACTURA, *lines(60)),
    "forty references with reasons": documento(T.FACTURA, *lines(60), referencias=references(40, "R " * 45)),
    "twenty discounts and every tax": documento(
        T.FACTURA,
        *taxed(),
        descuentos=[DescuentoGlobal(pct=Decimal(1), glosa=f"Promoción número {n} de la temporada") for n in range(20)],
    ),
    "thirty instalments": documento(
        T.FACTURA,
        *lines(5),
        forma_pago=2,
        condiciones_pago=CondicionesPago(
            cuotas=tuple(Cuota(fecha=date(2027, 1 + n % 12, 1 + n % 28), monto=Pesos(10_000)) for n in range(30))
        ),
    ),
    "long names": documento(
        T.FACTURA,
        *lines(60),
        emisor=replace(emisor(), razon_social="Comercializadora " * 6, giro="Venta de artículos " * 5),
        receptor=replace(receptor(), razon_social="Sociedad " * 12, direccion="Avenida " * 9, contacto="Persona " * 10),
    ),
    "a boleta of three hundred": documento(T.BOLETA, *lines(300)),
    "descriptions of a thousand letters": documento(
        T.FACTURA, *[line(f"Cosa {n}", descripcion="palabra " * 125) for n in range(12)]
    ),
    "large amounts": documento(
        T.FACTURA,
        *[line("Cosa", "99999999.123456", "9999.5", codigo="X" * 35, descuento_pct=Decimal("1.25")) for _ in range(9)],
    ),
}


def copy(document: Documento, *, cedible: bool = True, notas: tuple[str, ...] = ()) -> tuple[bytes, bytes]:
    """The letter PDF of a document, and its stamp."""
    signed = issue(document)
    printed = printed_copy(
        signed.xml,
        resolucion_numero=0,
        resolucion_fecha=date(2026, 1, 15),
        sucursal_sii="Ñuñoa",
        cedible=cedible and document.tipo.es_cedible,
        sin_validez=True,
        notas=notas,
    )
    return render_pdf(printed, "carta"), signed.ted


def page_texts(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def page_boxes(pdf: bytes) -> list[list[Box]]:
    """Rectangles of the text of each page (left, bottom, right, top), in points."""
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        text = page.get_textpage()
        pages.append([text.get_rect(index) for index in range(text.count_rects())])
        text.close()
        page.close()
    document.close()
    return pages


@pytest.mark.parametrize("name", CROWDED)
def test_nothing_overlaps_or_leaves_a_page(name: str) -> None:
    pdf, ted = copy(CROWDED[name])
    margin = 5 * 72 / 25.4
    for boxes in page_boxes(pdf):
        for left, bottom, right, top in boxes:
            assert margin < left
            assert right < 612 - margin
            assert margin < bottom
            assert top < 792 - margin
        for index, (left, bottom, right, top) in enumerate(boxes):
            for other_left, other_bottom, other_right, other_top in boxes[index + 1 :]:
                across = min(right, other_right) - max(left, other_left)
                down = min(top, other_top) - max(bottom, other_bottom)
                assert across < 0.5 or down < 0.5 * min(top - bottom, other_top - other_bottom)
    assert pdf_stamps(pdf, "carta") == [ted]


@pytest.mark.parametrize("name", CROWDED)
def test_each_page_says_whose_it_is_and_which(name: str) -> None:
    pages = page_texts(copy(CROWDED[name])[0])
    for number, text in enumerate(pages, 1):
        assert "R.U.T.: 76.192.083-9" in text
        assert CROWDED[name].tipo.nombre.upper() in text
        assert "N° 1" in text
        assert "SIN VALIDEZ TRIBUTARIA" in text
        if len(pages) > 1:
            assert f"Hoja {number} de {len(pages)}" in text
        if re.search(r"\bProducto \d", text):
            assert "Descripción Cantidad Precio" in text
    joined = " ".join(pages)
    for row in CROWDED[name].detalles:
        assert " ".join(row.nombre.split()) in joined


def test_one_page_has_no_number() -> None:
    (text,) = page_texts(copy(documento(T.FACTURA))[0])
    assert "Hoja" not in text


@pytest.mark.parametrize("number", range(20, 61))
def test_the_totals_are_never_alone_on_a_page(number: int) -> None:
    pages = page_texts(copy(documento(T.FACTURA, *lines(number)))[0])
    assert "TOTAL" in pages[-1]
    assert "Timbre Electrónico SII" in pages[-1]
    assert f"Producto {number}" in pages[-1]


def test_a_column_that_nobody_uses_is_left_out() -> None:
    plain = page_texts(copy(documento(T.FACTURA))[0])[0]
    assert "Código" not in plain
    assert "Descuento" not in plain
    note = documento(
        T.NOTA_CREDITO,
        line("Donde dice: a, debe decir: b", "0"),
        referencias=(Referencia(tipo="33", folio="1", fecha=TODAY, codigo="2"),),
    )
    text = page_texts(copy(note)[0])[0]
    assert "Cantidad" not in text
    assert "Precio" not in text

"""Every type and every case of others on every paper: what must be there is there, and the stamp reads back.

What is expected is written here by hand or taken from the expected amounts of the cases, never from the description
that the papers draw.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import ImageChops

from tests import judges
from tests.dte.casos import as_documento, case_files, expected, read_case
from tests.dte.test_casos import WITHOUT_FILE
from tests.dte.test_emision import examples
from tests.dte.test_exportacion import CUSTOMS, export
from tests.fiscal_material import TODAY, documento, issue, line
from tests.printing.readers import RESOLUTION, html_stamps, html_text, pdf_stamps, pdf_text, squeezed
from tests.printing.test_escpos import printed, stamp
from torn_app.dte.documento import Documento, Exportacion, IndicadorLinea, Referencia
from torn_app.dte.impresion import CopiaNoPermitida, Impresion, printed_copy
from torn_app.dte.tipos import EMITIBLES, TipoDte
from torn_app.dte.xml import DteFirmado
from torn_app.printing import render_html, render_pdf
from torn_app.printing.escpos import render_escpos
from torn_app.printing.papel import FORMATOS, PAPELES
from torn_app.printing.pdf417 import encode

T = TipoDte
NAMES = {
    33: "FACTURA ELECTRÓNICA",
    34: "FACTURA NO AFECTA O EXENTA ELECTRÓNICA",
    39: "BOLETA ELECTRÓNICA",
    41: "BOLETA NO AFECTA O EXENTA ELECTRÓNICA",
    46: "FACTURA DE COMPRA ELECTRÓNICA",
    52: "GUÍA DE DESPACHO ELECTRÓNICA",
    56: "NOTA DE DÉBITO ELECTRÓNICA",
    61: "NOTA DE CRÉDITO ELECTRÓNICA",
    110: "FACTURA DE EXPORTACIÓN ELECTRÓNICA",
    111: "NOTA DE DÉBITO DE EXPORTACIÓN ELECTRÓNICA",
    112: "NOTA DE CRÉDITO DE EXPORTACIÓN ELECTRÓNICA",
}
RICH = {
    "taxes": documento(
        T.FACTURA,
        line("Pisco", "4990", "12", codigos_impuesto=(24,)),
        line("Vino", "3990", "6", codigos_impuesto=(25,)),
        line("Envase", "300", "24", indicador=IndicadorLinea.GARANTIA_DEPOSITO),
        line("Saldo", "1500", indicador=IndicadorLinea.NO_FACTURABLE),
    ),
    "customs": export(
        T.FACTURA_EXPORTACION,
        line("Salmón", "12.5", "18000.5", unidad="KN"),
        exportacion=Exportacion(moneda="EURO", tipo_cambio=Decimal("1050.5"), forma_pago=1, aduana=CUSTOMS),
    ),
    "export debit note": export(T.NOTA_DEBITO_EXPORTACION, line("Flete", "99.99")),
    "export credit note": export(T.NOTA_CREDITO_EXPORTACION, line("Flete", "99.99")),
    "long": documento(T.FACTURA, *[line(f"Producto {n} " + "largo " * n, "1990", codigo=f"{n}") for n in range(1, 61)]),
}


@dataclass(frozen=True)
class Sample:
    """A document with the totals it must show; None where they are not known from elsewhere."""

    document: Documento
    amounts: dict[str, Any] | None


def samples() -> dict[str, Sample]:
    found: dict[str, Sample] = {}
    if case_files() != ["absent/absent"]:
        amounts = expected()
        for name in case_files():
            found[name] = Sample(as_documento(read_case(name)), amounts[name.split("/")[1]])
        found |= {name: Sample(document, amounts[name]) for name, document in WITHOUT_FILE.items()}
    found |= {f"example {document.folio}": Sample(document, None) for document in examples()}
    return found | {name: Sample(document, None) for name, document in RICH.items()}


SAMPLES = samples()


@cache
def issued(name: str) -> DteFirmado:
    return issue(SAMPLES[name].document)


def copy_of(name: str, *, cedible: bool = False, **more: Any) -> Impresion:
    """The printed copy of an issued sample, as an issuer of Ñuñoa in certification prints it."""
    return printed_copy(
        issued(name).xml,
        resolucion_numero=0,
        resolucion_fecha=date(2026, 1, 15),
        sucursal_sii="Ñuñoa",
        cedible=cedible,
        **more,
    )


def may_be_ceded(document: Documento) -> bool:
    """33, 34, 43, 46, and a 52 that is a sale (Ley 19.983; Manual de Muestras Impresas)."""
    return document.tipo in (33, 34, 43, 46) or (document.tipo == 52 and document.indicador_traslado == 1)


def pesos(amount: Any) -> str:
    return f"${int(amount):,}".replace(",", ".")


def dollars(amount: Any) -> str:
    whole, _, cents = f"{Decimal(amount):,.2f}".partition(".")
    return f"{whole.replace(',', '.')},{cents}"


def wanted(sample: Sample) -> list[str]:
    """What the paper of a sample must say, in its own words."""
    document, tipo = sample.document, sample.document.tipo
    found = [
        "R.U.T.: 76.192.083-9",
        NAMES[tipo],
        f"N° {document.folio}",
        "S.I.I. - ÑUÑOA",
        document.emisor.razon_social,
        document.emisor.giro,
        "22-11-2026",
        "Timbre Electrónico SII",
        "Res. 0 de 2026",
        "Verifique en www.sii.cl" if tipo.es_boleta else "Verifique documento: www.sii.cl",
        *(row.nombre for row in document.detalles),
    ]
    if document.receptor.rut != "66666666-6" and document.receptor.razon_social:
        body, digit = document.receptor.rut.split("-")
        found += [document.receptor.razon_social, f"{int(body):,}".replace(",", ".") + f"-{digit}"]
    for row in document.referencias:
        if row.tipo is not None and row.tipo.isdigit() and int(row.tipo) in NAMES:
            found.append(f"{T(int(row.tipo)).nombre} N° {row.folio}")
        found += [row.razon] if row.razon else []
    if sample.amounts is not None:
        found += amounts_wanted(tipo, sample.amounts)
    return found


def amounts_wanted(tipo: TipoDte, amounts: dict[str, Any]) -> list[str]:
    """The rows of the totals, label and amount."""
    if tipo.es_exportacion:
        return [f"Exento {dollars(amounts['MntExe'])}", f"TOTAL {dollars(amounts['MntTotal'])}", "Moneda"]
    found = [f"TOTAL {pesos(amounts['MntTotal'])}"]
    if amounts.get("MntNeto"):
        vat = "El IVA (19 %) de esta boleta es" if tipo.es_boleta else "IVA 19 %"
        found += [f"Neto {pesos(amounts['MntNeto'])}", f"{vat} {pesos(amounts['IVA'])}"]
    if amounts.get("MntExe"):
        found.append(f"Exento {pesos(amounts['MntExe'])}")
    if "ImptoReten" in amounts:
        sign = "-" if tipo is T.FACTURA_COMPRA else ""
        found.append(f"{amounts['ImptoReten']['TasaImp']} % {sign}{pesos(amounts['ImptoReten']['MontoImp'])}")
    if "IVANoRet" in amounts:
        found.append(f"IVA no retenido {pesos(amounts['IVANoRet'])}")
    return found


def check_text(text: str, sample: Sample, *, cedible: bool, long_date: bool = False) -> None:
    """Everything that must be on a paper is, and nothing that must not."""
    tight = squeezed(text)
    for words in wanted(sample):
        words = "22 de noviembre de 2026" if long_date and words == "22-11-2026" else words
        # A label may stand at the left edge and its amount before it in the order of the file: both are looked for.
        assert squeezed(words) in tight or all(squeezed(part) in tight for part in words.rsplit(" ", 1)), words
    tipo = sample.document.tipo
    if tipo.es_exento:
        assert "Neto" not in text
        assert "IVA" not in text
    assert ("CEDIBLE" in tight) == cedible
    assert ("CEDIBLECONSUFACTURA" in tight) == (cedible and tipo.es_guia)
    assert ("Ley19.983" in tight) == cedible
    assert ("Recinto" in tight) == cedible
    assert "recibíconforme" not in tight.lower()
    assert "66.666.666" not in tight
    if tipo.es_guia:
        kind = {1: "Operación constituye venta", 5: "Traslado interno"}[sample.document.indicador_traslado or 0]
        assert squeezed(kind) in tight


def test_no_type_is_left_out() -> None:
    assert {sample.document.tipo for sample in SAMPLES.values()} == EMITIBLES


@pytest.mark.parametrize("paper", FORMATOS)
@pytest.mark.parametrize("name", SAMPLES)
def test_pdf(name: str, paper: Any) -> None:
    sample, ted = SAMPLES[name], issued(name).ted
    pdf = render_pdf(copy_of(name), paper)
    check_text(pdf_text(pdf), sample, cedible=False, long_date=paper == "carta")
    assert pdf_stamps(pdf, paper) == [ted]
    assert len(pdf) <= 500_000
    judges.verify_ted(ted)
    if may_be_ceded(sample.document):
        ceded = render_pdf(copy_of(name, cedible=True), paper)
        check_text(pdf_text(ceded), sample, cedible=True, long_date=paper == "carta")
    else:
        with pytest.raises(CopiaNoPermitida):
            copy_of(name, cedible=True)


@pytest.mark.parametrize("roll", ["80", "58"])
@pytest.mark.parametrize("name", SAMPLES)
def test_thermal_bytes(name: str, roll: Any) -> None:
    sample = SAMPLES[name]
    cedible = may_be_ceded(sample.document)
    text, images = printed(render_escpos(copy_of(name, cedible=cedible), roll))
    check_text(text, sample, cedible=cedible)
    assert stamp(images) == issued(name).ted


@pytest.mark.parametrize("paper", ["carta", "80mm"])
@pytest.mark.parametrize("name", SAMPLES)
def test_html(name: str, paper: Any) -> None:
    sample = SAMPLES[name]
    cedible = may_be_ceded(sample.document)
    page = render_html(copy_of(name, cedible=cedible), paper)
    check_text(html_text(page), sample, cedible=cedible, long_date=paper == "carta")
    assert html_stamps(page) == [issued(name).ted]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_stamp_has_the_measures_of_the_tax_service(name: str) -> None:
    """A module of 6.7 mil or more; 2 x 5 to 4 x 9 cm (samples manual) on letter, 2 x 4.5 cm at least on a roll.

    On a roll whole dots leave no choice: twelve columns are all that fit in 72 mm, and the stamp is up to 46 mm high.
    """
    for paper, papel in PAPELES.items():
        symbol = encode(issued(name).ted, papel.columnas, papel.filas)
        wide, tall = symbol.width * papel.modulo, symbol.height * papel.modulo
        assert papel.modulo >= 6.7 * 0.0254
        assert (50 if paper == "carta" else 45) <= wide <= 90
        assert 20 <= tall <= (40 if paper == "carta" else 46)
        # Whole dots of the printer: a dot cannot be cut.
        dots = papel.modulo * papel.dpi / 25.4
        assert abs(dots - round(dots)) < 1e-9
        assert RESOLUTION[paper] == int(papel.dpi)


ONE_OF_EACH = {sample.document.tipo: name for name, sample in SAMPLES.items() if name != "long"}


@pytest.mark.parametrize("tipo", sorted(ONE_OF_EACH))
def test_where_box_and_stamp_stand_on_a_letter_page(tipo: TipoDte) -> None:
    """Red box upper right, 1.5 x 5.5 to 4 x 8 cm; stamp in the lower part, 2 cm or more from the left edge."""
    document = pypdfium2.PdfDocument(render_pdf(copy_of(ONE_OF_EACH[tipo]), "carta"))
    image = document[0].render(scale=300 / 72).to_pil()
    red, green, _ = image.split()
    # The caption of the tax service's office is red too, and stands under the box: only the line of the box is long.
    reddish = ImageChops.subtract(red, green).point(lambda value: 255 if value > 100 else 0)
    left, top, right, _ = reddish.getbbox()
    rows = [y for y in range(top, image.height // 3) if reddish.getpixel((left + 2, y))]
    wide, tall = (right - left) / 118.1, (rows[-1] - rows[0]) / 118.1
    assert 5.5 <= wide <= 8
    assert 1.5 <= tall <= 4
    assert left > image.width / 2
    assert top < image.height / 8
    (code,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)
    assert code.position.top_left.x / 118.1 >= 2
    assert code.position.top_left.y > image.height / 2
    document.close()


def test_the_mark_of_prueba_is_on_the_paper_and_not_in_the_document() -> None:
    name = "example 1"
    mark = "SIN VALIDEZ TRIBUTARIA"
    assert mark.encode() not in issued(name).xml
    for paper in FORMATOS:
        assert squeezed(mark) in squeezed(pdf_text(render_pdf(copy_of(name, sin_validez=True), paper)))
        assert squeezed(mark) not in squeezed(pdf_text(render_pdf(copy_of(name), paper)))
    assert squeezed(mark) in squeezed(printed(render_escpos(copy_of(name, sin_validez=True), "58"))[0])
    assert mark in html_text(render_html(copy_of(name, sin_validez=True), "carta"))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (1, "Operación constituye venta"),
        (2, "Venta por efectuar"),
        (3, "Consignación"),
        (4, "Entrega gratuita"),
        (5, "Traslado interno"),
        (6, "Otro traslado que no constituye venta"),
        (7, "Guía de devolución"),
        (8, "Traslado para exportación"),
        (9, "Venta para exportación"),
    ],
)
def test_a_guide_says_its_kind_and_only_a_sale_can_be_ceded(kind: int, words: str) -> None:
    guide = issue(documento(T.GUIA_DESPACHO, indicador_traslado=kind)).xml
    options: dict[str, Any] = {
        "resolucion_numero": 0,
        "resolucion_fecha": date(2026, 1, 15),
        "sucursal_sii": None,
    }
    for paper in FORMATOS:
        assert squeezed(words) in squeezed(pdf_text(render_pdf(printed_copy(guide, **options), paper)))
    if kind == 1:
        text = pdf_text(render_pdf(printed_copy(guide, cedible=True, **options), "80mm"))
        assert "CEDIBLE CON SU FACTURA" in " ".join(text.split())
    else:
        with pytest.raises(CopiaNoPermitida):
            printed_copy(guide, cedible=True, **options)


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        (
            Referencia(tipo="801", folio="OC-7", fecha=TODAY, razon="Pedido de marzo"),
            "Orden de compra N° OC-7 del 22-11-2026. Pedido de marzo",
        ),
        (Referencia(tipo="33", folio="7", fecha=TODAY, codigo="1"), "Factura electrónica N° 7 del 22-11-2026, anula"),
        (
            Referencia(tipo="39", folio="7", fecha=TODAY, codigo="2"),
            "Boleta electrónica N° 7 del 22-11-2026, corrige texto",
        ),
        (Referencia(tipo="30", folio="7", fecha=TODAY, codigo="3"), "Factura N° 7 del 22-11-2026, corrige montos"),
        (
            Referencia(tipo="52", folio="0", fecha=TODAY, es_global=True),
            "Guía de despacho electrónica (varios documentos)",
        ),
        (
            Referencia(tipo="SET", folio="1", fecha=TODAY, razon="CASO 1-1"),
            "Set de pruebas N° 1 del 22-11-2026. CASO 1-1",
        ),
    ],
)
def test_references_are_written_in_words(reference: Referencia, words: str) -> None:
    extra = (Referencia(tipo="33", folio="9", fecha=TODAY, codigo="3"),) if not reference.codigo else ()
    lines = [line("Donde dice: a", "0")] if reference.codigo == "2" else [line()]
    note = issue(documento(T.NOTA_CREDITO, *lines, referencias=(reference, *extra))).xml
    copy = printed_copy(note, resolucion_numero=0, resolucion_fecha=date(2026, 1, 15), sucursal_sii=None)
    for paper in FORMATOS:
        assert squeezed(words) in squeezed(pdf_text(render_pdf(copy, paper)))

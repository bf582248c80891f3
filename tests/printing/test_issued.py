"""Copies of documents issued by the fiscal core: from its signed bytes to the stamp on the paper."""

from datetime import date
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from tests.fiscal_material import documento, issue, line
from torn_app.dte.documento import Referencia
from torn_app.dte.impresion import Impresion, printed_copy
from torn_app.dte.timbre import verify_ted
from torn_app.dte.tipos import EMITIBLES, TipoDte
from torn_app.dte.xml import DteFirmado
from torn_app.kernel.money import format_pesos
from torn_app.printing import Formato, render_pdf
from torn_app.printing.papel import FORMATOS

NAME = 'Cañería & codo <1/2"> ñandú'


def issued(tipo: TipoDte) -> DteFirmado:
    more: dict[str, object] = {}
    if tipo.es_guia:
        more["indicador_traslado"] = 1
    if tipo.exige_referencia:
        more["referencias"] = (Referencia(tipo="33", folio="7", fecha=date(2026, 11, 20), codigo="1"),)
    return issue(documento(tipo, line(NAME, "1190", "3"), line("Té ceylán", "2990"), **more))


def copy_of(document: DteFirmado, *, cedible: bool = False) -> Impresion:
    return printed_copy(
        document.xml,
        resolucion_numero=0,
        resolucion_fecha=date(2026, 1, 15),
        sucursal_sii="Ñuñoa",
        cedible=cedible,
    )


@pytest.mark.parametrize("formato", FORMATOS)
@pytest.mark.parametrize("tipo", sorted(tipo for tipo in EMITIBLES if not tipo.es_exportacion))
def test_issued_document_on_paper(tipo: TipoDte, formato: Formato) -> None:
    document = issued(tipo)
    copy = copy_of(document, cedible=tipo.es_cedible)
    assert copy.timbre == document.ted

    pdf = render_pdf(copy, formato)
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)
    assert "R.U.T.: 76.192.083-9" in text
    assert f"N° {document.folio}" in text
    assert format_pesos(document.totales.monto_total) in text
    assert ("CEDIBLE" in text) == tipo.es_cedible

    opened = pypdfium2.PdfDocument(pdf)
    page = opened[0]
    image = page.render(scale=(300 if formato == "carta" else 203) / 72).to_pil()
    page.close()
    opened.close()
    (code,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)
    assert code.bytes == document.ted
    verify_ted(code.bytes)

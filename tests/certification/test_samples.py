"""Printed samples of every set: stamp read back byte for byte, words of the page, copies, names, size."""

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader
from sqlalchemy import Engine

from tests.certification import texts
from tests.certification.issuing import issued, judged_files, person_in
from tests.certification.test_reader import sample
from torn_app.certification import samples
from torn_app.dte.lectura import read_dte
from torn_app.dte.lectura_valores import DteLeido
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.clock import SANTIAGO
from torn_app.kernel.rut import format_rut

SETS: list[tuple[str, Callable[[], bytes], set[int]]] = [
    ("414175", lambda: sample("001-basico.txt"), {1, 2, 3, 4}),
    ("414181", lambda: texts.EXENTA, {1, 3, 6}),
    ("414180", lambda: texts.GUIAS, {2, 3}),
    ("414182", lambda: texts.COMPRA, {1}),
    ("493307", lambda: sample("009-set_exportacion_1.txt"), set()),
    ("493308", lambda: texts.EXPORTACION_2, set()),
    ("BOLETAS", lambda: texts.BOLETAS_TEXTO, set()),
]
"""Attention number, text, and the cases that have an assignable copy."""
NAME = re.compile(r"set-(\w+)_caso-(\d\d)_tipo-(\d+)_folio-(\d+)(_cedible)?\.pdf")
CLAIM = {33: "CEDIBLE", 34: "CEDIBLE", 46: "CEDIBLE", 52: "CEDIBLE CON SU FACTURA"}


def words(pdf: bytes) -> str:
    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def stamp(pdf: bytes) -> bytes:
    opened = pypdfium2.PdfDocument(pdf)
    page = opened[0]
    image = page.render(scale=300 / 72).to_pil()
    page.close()
    opened.close()
    (code,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)
    return bytes(code.bytes)


def drawn_at(pdf: bytes) -> datetime:
    found = PdfReader(BytesIO(pdf)).metadata
    assert found is not None
    assert found.creation_date is not None
    return found.creation_date.astimezone(SANTIAGO).replace(tzinfo=None)


def pesos(amount: object) -> str:
    return f"{int(amount):,}".replace(",", ".")  # type: ignore[call-overload]


def check_words(said: str, dte: DteLeido, *, cedible: bool) -> None:
    tipo = TipoDte(dte.tipo)
    assert format_rut(dte.emisor.rut) in said
    assert tipo.nombre.upper() in said
    assert f"N° {dte.folio}" in said
    assert "S.I.I. - " in said
    assert "Timbre Electrónico SII" in said
    assert "Res. 0 de 2026" in said
    assert "www.sii.cl" in said
    assert dte.lineas[0].nombre in said
    assert ("CEDIBLE" in said) is cedible
    if cedible:
        assert CLAIM[int(tipo)] in said
        assert "Ley 19.983" in said
    if not tipo.es_boleta:
        assert dte.receptor.razon_social is not None
        assert dte.receptor.razon_social in said
        for reference in dte.referencias:
            assert (reference.razon or reference.folio or "") in said
    if tipo.es_exportacion:
        assert f"{pesos(dte.totales.monto_total)},{int(dte.totales.monto_total * 100) % 100:02}" in said
    else:
        assert pesos(dte.totales.monto_total) in said
    if dte.totales.iva:
        assert pesos(dte.totales.iva) in said
        assert "19" in said
    if tipo is TipoDte.FACTURA_EXENTA:
        assert "IVA" not in said


@pytest.mark.parametrize(("attention", "content", "assignable"), SETS, ids=[one[0] for one in SETS])
def test_samples_of_a_set(engine: Engine, attention: str, content: Callable[[], bytes], assignable: set[int]) -> None:
    person = person_in(engine, "CERTIFICACION")
    answer = issued(person, content())
    documents = {number: read_dte(dte) for number, dte in enumerate(judged_files(answer), 1)}
    found = person.run(samples.samples, attention)
    names = [NAME.fullmatch(one.name) for one in found]
    expected = [
        (attention, f"{number:02}", str(int(dte.tipo)), str(dte.folio), copy)
        for number, dte in documents.items()
        for copy in ((None, "_cedible") if number in assignable else (None,))
    ]
    assert [name.groups() if name else None for name in names] == expected
    for one, (_, number, _, _, copy) in zip(found, expected, strict=True):
        assert len(one.pdf) <= 500_000
        dte = documents[int(number)]
        check_words(words(one.pdf), dte, cedible=copy is not None)
        assert stamp(one.pdf) == dte.ted
        # The same sample is the same file whenever it is made: it bears no other moment than that of the stamp.
        assert drawn_at(one.pdf).isoformat() in dte.ted.decode("latin-1")
    assert person.run(samples.samples, attention) == found


def test_a_rehearsal_says_so_on_paper(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    issued(person, texts.GUIAS)
    for one in person.run(samples.samples, "414180"):
        assert "SIN VALIDEZ TRIBUTARIA" in words(one.pdf)

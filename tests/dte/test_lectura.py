"""Reading documents: those of other issuers, and files that are none."""

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from tests import judges
from tests.fiscal_material import documento, issue
from tests.shared_material import shared_path
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.lectura import read_dte
from torn_app.dte.timbre import verify_ted
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import TASA_IVA
from torn_app.dte.xml_seguro import parse_untrusted


def sample(*parts: str) -> bytes:
    return shared_path("sii", "samples", *parts).read_bytes()


def test_an_invoice_of_the_certification_environment() -> None:
    read = read_dte(sample("signed", "F000013T33.xml"))

    assert (read.tipo, read.folio, read.fecha_emision) == (TipoDte.FACTURA, 13, date(2025, 7, 3))
    assert (read.emisor.rut, read.receptor.razon_social) == ("76235291-5", "Baca Juegos y Accesorios SPA")
    assert read.emisor.actecos == ("741009",)
    assert (read.totales.monto_neto, read.totales.iva, read.totales.monto_total) == (999043, 189818, 1188861)
    assert read.totales.tasa_iva == TASA_IVA
    assert [(row.nombre, row.cantidad, row.precio, row.monto_item) for row in read.lineas] == [
        ("Cajón AFECTO", Decimal(168), Decimal(3490), 586320),
        ("Relleno AFECTO", Decimal(71), Decimal(5813), 412723),
    ]
    assert read.referencias[0].tipo == "SET"
    assert read.receptor.contacto is None
    verify_ted(read.ted)


@pytest.mark.parametrize(
    ("parts", "tipo", "total"),
    [
        (("signed", "DTE--76354771-K--33--170--cleaned.xml"), 33, 2996301),
        (("signed", "GUIAS_762352915.xml"), 52, None),
        (("signed", "EXPORTACION1_762352915.xml"), 110, None),
        (("tool", "EnvioBOLETA_39.xml"), 39, 6560),
        (("tool", "EnvioDTE_33.xml"), 33, None),
        (("tool", "EnvioDTE_34.xml"), 34, None),
    ],
)
def test_documents_of_others(parts: tuple[str, ...], tipo: int, total: int | None) -> None:
    read = read_dte(sample(*parts))
    assert read.tipo == tipo
    assert total in (None, read.totales.monto_total)
    assert read.ted.startswith(b'<TED version="1.0"><DD><RE>')
    verify_ted(read.ted)


def test_a_document_in_utf8_gives_the_same_stamp() -> None:
    xml = issue(documento(TipoDte.BOLETA)).xml
    tree = etree.fromstring(xml).getroottree()
    as_utf8 = etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    assert b"\xc3" in as_utf8
    assert read_dte(as_utf8).ted == read_dte(xml).ted


def test_something_that_looks_like_a_stamp_does_not_pass_for_it() -> None:
    xml = issue(documento(TipoDte.BOLETA)).xml
    other = issue(documento(TipoDte.BOLETA, folio=2)).ted
    with pytest.raises(EsquemaInvalido, match="ajeno"):
        read_dte(xml.replace(b"<Detalle>", b"<!--" + other + b"--><Detalle>", 1))
    with pytest.raises(EsquemaInvalido, match="ajeno"):
        read_dte(xml.replace(b"<DD>", b"<DD><!-- x -->"))


BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (b"", "bien formado"),
        (b"not xml", "bien formado"),
        (b"<a>", "bien formado"),
        (b"<a/>", "no es un documento tributario"),
        (BOMB, "no se aceptan"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "no se aceptan"),
        (BOMB.decode().encode("utf-16"), "no se aceptan"),
        (b"<a>" + b" " * 4_000_001 + b"</a>", "demasiado grande"),
        (b'<DTE xmlns="http://www.sii.cl/SiiDte"><Documento/></DTE>', "timbre"),
    ],
)
def test_what_is_no_document_is_refused(xml: bytes, text: str) -> None:
    with pytest.raises(EsquemaInvalido, match=text):
        read_dte(xml)


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (b"<MntTotal>1190<", b"<MntTotal>mucho<", "no se puede leer"),
        (b"<TipoDTE>39<", b"<TipoDTE>38<", "no se puede leer"),
        (b"<FchEmis>2026-11-22<", b"<FchEmis>hoy<", "no se puede leer"),
        (b"<Folio>1<", b"<Folio><", "falta el dato Folio"),
        (b"Receptor>", b"Otro>", "falta la sección Receptor"),
    ],
)
def test_damaged_documents_are_refused(old: bytes, new: bytes, text: str) -> None:
    xml = issue(documento(TipoDte.BOLETA)).xml
    assert old in xml
    with pytest.raises(EsquemaInvalido, match=text):
        read_dte(xml.replace(old, new))


def test_deep_nesting_does_not_hurt() -> None:
    with pytest.raises(EsquemaInvalido):
        parse_untrusted(b"<a>" * 5000 + b"</a>" * 5000)


def test_negative_sample_envelope_is_refused_by_its_schema() -> None:
    with pytest.raises(etree.DocumentInvalid):
        judges.xsd_validate(sample("signed", "GUIAS_762352915.xml"), "EnvioDTE_v10.xsd")
    judges.xsd_validate(sample("signed", "F000013T33.xml"), "EnvioDTE_v10.xsd")

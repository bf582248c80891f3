"""Text on documents: everything people type ends as ISO-8859-1 within its length, and comes back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests import judges
from tests.fiscal_material import documento, emisor, issue, line, receptor
from torn_app.dte.documento import Receptor
from torn_app.dte.lectura import read_dte
from torn_app.dte.textos import LARGOS, clean_text, escape, format_decimal, optional_text
from torn_app.dte.tipos import TipoDte

PRINTABLE = "".join(chr(n) for n in [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("“Ñandú” ‘del’ sur", "\"Ñandú\" 'del' sur"),
        ("A–B—C", "A-B-C"),
        ("uno…", "uno..."),
        ("10 € de té", "10 EUR de té"),
        ("n\u0303andu\u0301", "ñandú"),
        ("  a \t\n b  ", "a b"),
        ("a\u00a0b", "a b"),
        ("a\x00\x07\x9fb", "ab"),
        ("Dvořák Łódź", "Dvorák ódz"),
        ("pan 🍞 rico", "pan rico"),
        ("ﬁn ™", "fin TM"),
        ("so\u00adlo", "solo"),
        ("½ kg ²", "½ kg ²"),
        ("日本", ""),
    ],
)
def test_cleaned(typed: str, written: str) -> None:
    assert clean_text(typed, "nombre_item") == written


@given(st.text(max_size=200), st.sampled_from(sorted(LARGOS)))
def test_always_fits(text: str, kind: str) -> None:
    cleaned = clean_text(text, kind)
    cleaned.encode("latin-1")
    assert len(cleaned) <= LARGOS[kind]
    assert clean_text(cleaned, kind) == cleaned
    assert etree.fromstring(f"<a>{escape(cleaned)}</a>").text in (cleaned, None)


def test_blank_is_nothing() -> None:
    assert optional_text(" \t ", "giro_emisor") is None
    assert optional_text(None, "giro_emisor") is None


def test_a_cut_leaves_no_space_at_the_end() -> None:
    assert clean_text("abc def", "unidad") == "abc"


@pytest.mark.parametrize("tipo", [TipoDte.FACTURA, TipoDte.BOLETA])
@pytest.mark.parametrize("part", [PRINTABLE[n : n + 35] for n in range(0, len(PRINTABLE), 35)])
def test_every_printable_character_survives(tipo: TipoDte, part: str) -> None:
    who = Receptor(rut="77447842-6", razon_social=part, direccion=part, giro=part, comuna=part, contacto=part)
    signed = issue(documento(tipo, line(part, descripcion=part, codigo=part, unidad=part), receptor=who))

    judges.xsd_validate(signed.xml, "boleta" if tipo.es_boleta else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    judges.verify_ted(signed.xml)
    read = read_dte(signed.xml)
    assert read.receptor.razon_social == part
    assert read.receptor.direccion == part
    assert (read.lineas[0].nombre, read.lineas[0].descripcion, read.lineas[0].codigo) == (part, part, part)
    assert read.ted == signed.ted


@given(st.text(min_size=1, max_size=120).filter(lambda text: clean_text(text, "nombre_item")))
def test_anything_typed_makes_a_valid_document(text: str) -> None:
    signed = issue(documento(TipoDte.FACTURA, line(text, descripcion=text), receptor=receptor()))
    judges.xsd_validate(signed.xml, "DTE_v10.xsd")
    judges.verify_ted(signed.xml)
    assert read_dte(signed.xml).lineas[0].nombre == clean_text(text, "nombre_item")


def test_numbers_are_written_plainly() -> None:
    written = [format_decimal(Decimal(text)) for text in ("100", "1E+2", "0.500000", "15.47", "0.000001", "0")]
    assert written == ["100", "100", "0.5", "15.47", "0.000001", "0"]


def test_long_texts_are_cut_not_refused() -> None:
    assert len(line("x" * 500).nombre) == 80
    assert len(emisor().giro) <= 80

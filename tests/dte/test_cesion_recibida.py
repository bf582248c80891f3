"""Files of cession read: those of others, what does not fit in them, and tampering."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests import judges
from tests.dte.test_cesion import aec, cesion, second
from tests.fiscal_material import (
    NOW,
    certificado,
)
from tests.shared_material import shared_path
from torn_app.dte.cesion import add_cession
from torn_app.dte.cesion_recibida import read_aec
from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.xml_seguro import SII

SAMPLE = "AEC--76354771-K--33--170--SEQ-2.xml"


def test_the_sample_of_others() -> None:
    """Its second cession was added by a program that indented the first anew: those two parts fail, to xmlsec too."""
    sample = shared_path("sii", "samples", "signed", SAMPLE).read_bytes()
    read = read_aec(sample)
    assert (read.firma.valida, read.dte.verificado, read.problemas) == (True, True, ())
    assert (read.dte.timbre_valido, read.dte.caf_verificado) == (True, True)
    assert (read.dte_cedido.verificado, [row.verificado for row in read.cesiones]) == (False, [False, True])
    assert not read.verificado
    assert [(row.secuencia, row.cesion.monto) for row in read.cesiones] == [(1, 2996301), (2, 2996301)]
    judges.verify_set(sample)
    for name in (b"DTECedido", b"Cesion"):
        broken = judges.cut_out(sample, name.decode())[0].replace(
            b"<" + name, b"<" + name + f' xmlns="{SII}"'.encode(), 1
        )
        with pytest.raises(judges.SignatureFails):
            judges.verify_set(broken)
    tampered = read_aec(sample.replace(b"<MontoCesion>2996301", b"<MontoCesion>2996300"))
    assert tampered.firma.motivo == tampered.cesiones[1].firma.motivo == "El contenido no es el que se firmó"
    changed = read_aec(sample.replace(b"<PrcItem>", b"<PrcItem>9", 1))
    assert (changed.firma.valida, changed.dte.verificado, changed.cesiones[1].verificado) == (False, False, True)
    third = add_cession(sample, cesion("76598556-0", monto=2996301), certificado(), NOW)
    judges.xsd_validate(third, "AEC_v10.xsd")
    judges.verify_set(third)
    judges.verify_dte_signature_cut_out(judges.cut_out_dtes(third)[0])
    assert [row.verificado for row in read_aec(third).cesiones] == [False, True, True]
    assert judges.read_aec_with_cl_sii(third).seq == 3


def test_several_may_sign_a_cession_and_all_must() -> None:
    (one,) = judges.cut_out(aec(), "Cesion")
    (signature,) = re.findall(rb"<Signature .*?</Signature>", one, re.DOTALL)
    for times, good in ((2, True), (3, True), (4, False)):
        assert read_aec(aec().replace(signature, signature * times)).cesiones[0].verificado is good
    broken = signature.replace(b"<SignatureValue>\n", b"<SignatureValue>\nAAAA")
    assert not read_aec(aec().replace(signature, signature + broken)).cesiones[0].verificado


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ((b"<SeqCesion>2<", b"<SeqCesion>3<"), "no están numeradas"),
        (
            (
                b"<Folio>1</Folio>\n<FchEmis>2026-11-22</FchEmis>\n<MntTotal>",
                b"<Folio>1</Folio>\n<FchEmis>2026-11-23</FchEmis>\n<MntTotal>",
            ),
            "otro documento",
        ),
        ((b"<Cesionario>\n<RUT>76418932-9<", b"<Cesionario>\n<RUT>11111111-1<"), "quien no lo tiene"),
        ((b"<RutCesionario>76885410-6<", b"<RutCesionario>11111111-1<"), "no nombra a las partes"),
    ],
)
def test_what_does_not_fit_is_told(change: tuple[bytes, bytes], problem: str) -> None:
    assert second().count(change[0]) >= 1
    read = read_aec(second().replace(*change, 1))
    assert any(problem in text for text in read.problemas)
    assert not read.verificado


COVERED = re.compile(
    rb"<DocumentoAEC .*</DocumentoAEC>|<SignedInfo.*?</SignedInfo>|<SignatureValue>.*?</SignatureValue>", re.DOTALL
)


@settings(max_examples=150, database=None)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_no_covered_byte_changes_unseen(where: float, mask: int) -> None:
    original = second()
    places = [place for found in COVERED.finditer(original) for place in range(*found.span())]
    place = places[int(where * len(places))]
    changed = bytearray(original)
    changed[place] ^= mask
    try:
        found = read_aec(bytes(changed))
    except EsquemaInvalido:
        return
    assume(not (original[place : place + 1].isspace() and changed[place : place + 1].isspace()))
    canonical = [etree.tostring(etree.fromstring(bytes(xml)), method="c14n") for xml in (original, changed)]
    assume(canonical[0] != canonical[1])
    assert not found.verificado


def test_parts_out_of_their_place_are_refused() -> None:
    (first, _) = judges.cut_out(second(), "Cesion")
    hidden = first.split(b"?>\n", 1)[1].replace(b'ID="Cesion_F1T33_1"', b'ID="X"')
    for forged in (
        second().replace(b"</Cesiones>", b"</Cesiones><Otro>" + hidden + b"</Otro>"),
        second().replace(b"<Cesiones>", b"<Cesiones></Cesiones><Cesiones>"),
        second().replace(b"</DTE>", b"</DTE><DTE/>"),
        re.sub(rb"<Cesion .*</Cesion>", b"", second(), flags=re.DOTALL),
        re.sub(rb"<DTE .*</DTE>", b"", second(), flags=re.DOTALL),
        second().replace(b'ID="Cesion_F1T33_2"', b'ID="Cesion_F1T33_1"'),
    ):
        with pytest.raises(EsquemaInvalido):
            read_aec(forged)

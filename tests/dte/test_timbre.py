"""The stamp: the tax service's published example, byte for byte, and what must fail."""

import base64
import zipfile
from datetime import date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import judges
from tests.fiscal_material import documento, folio_range, issue, line
from tests.shared_material import shared_path
from torn_app.dte.caf import Caf, load_caf_key, parse_caf
from torn_app.dte.errores import FirmaInvalida
from torn_app.dte.timbre import build_ted, verify_ted
from torn_app.dte.tipos import TipoDte


def ted(tipo: TipoDte, caf: Caf, key: RSAPrivateKey, **changes: object) -> bytes:
    values: dict[str, object] = {
        "tipo": tipo,
        "folio": 27,
        "fecha_emision": date(2003, 9, 8),
        "rut_emisor": caf.rut_emisor,
        "rut_receptor": "8414240-9",
        "razon_social_receptor": "JORGE GONZALEZ LTDA",
        "monto_total": 502946,
        "primer_item": "Cajon AFECTO",
        "caf": caf,
        "caf_key": key,
        "timestamp": datetime(2003, 9, 8, 12, 28, 31),  # noqa: DTZ001 (Santiago wall time)
        **changes,
    }
    return build_ted(**values)  # type: ignore[arg-type]


def test_the_published_example_byte_for_byte() -> None:
    folder = shared_path("sii", "samples")
    with zipfile.ZipFile(folder / "caf.zip") as archive:
        file = archive.read("caf/CAF-oficial-SII-97975000-5-33.xml")
    message = (folder / "vectors" / "ted_dd_message.bin").read_bytes()
    signature = (folder / "vectors" / "ted_frmt.b64").read_bytes().strip()

    stamp = ted(TipoDte.FACTURA, parse_caf(file), load_caf_key(file))

    assert stamp == b'<TED version="1.0">' + message + b'<FRMT algoritmo="SHA1withRSA">' + signature + b"</FRMT></TED>"
    verify_ted(stamp)


@pytest.mark.parametrize(
    "name", ["F000013T33.xml", "DTE--76354771-K--33--170--cleaned.xml", "F60T33-ejemplo-oficial-SII.xml"]
)
def test_stamps_of_others_hold(name: str) -> None:
    xml = shared_path("sii", "samples", "signed", name).read_bytes()
    start, end = xml.index(b"<TED"), xml.index(b"</TED>") + 6
    verify_ted(xml[start:end])
    judges.verify_ted(xml)


def test_a_changed_amount_fails() -> None:
    xml = shared_path(
        "sii", "samples", "signed", "DTE--76354771-K--33--170--cleaned-mod-changed-monto.xml"
    ).read_bytes()
    with pytest.raises(FirmaInvalida):
        verify_ted(xml[xml.index(b"<TED") : xml.index(b"</TED>") + 6])


def test_every_byte_counts() -> None:
    numbers = folio_range(TipoDte.BOLETA)
    stamp = ted(TipoDte.BOLETA, numbers.caf, numbers.key)
    verify_ted(stamp)
    for at in range(stamp.index(b"<DD>") + 4, stamp.index(b"</DD>"), 7):
        changed = stamp[:at] + bytes([stamp[at] ^ 1]) + stamp[at + 1 :]
        with pytest.raises(FirmaInvalida):
            verify_ted(changed)


@pytest.mark.parametrize("broken", [b"", b"<TED/>", b'<TED version="1.0"><DD></DD></TED>'])
def test_what_is_no_stamp_is_refused(broken: bytes) -> None:
    with pytest.raises(FirmaInvalida):
        verify_ted(broken)


def test_texts_are_cut_before_they_are_escaped() -> None:
    numbers = folio_range(TipoDte.BOLETA)
    stamp = ted(
        TipoDte.BOLETA,
        numbers.caf,
        numbers.key,
        razon_social_receptor="ñ" * 39 + "&" + "resto",
        primer_item="Tornillo 1/2\" <x> & 'y'",
    )
    assert ("<RSR>" + "ñ" * 39 + "&amp;</RSR>").encode("latin-1") in stamp
    assert b"<IT1>Tornillo 1/2 &lt;x&gt; &amp; y</IT1>" in stamp
    verify_ted(stamp)


def test_a_boleta_without_name_has_a_fixed_one() -> None:
    numbers = folio_range(TipoDte.BOLETA)
    stamp = ted(TipoDte.BOLETA, numbers.caf, numbers.key, razon_social_receptor=None, primer_item='"')
    assert b"<RSR>CONSUMIDOR FINAL</RSR>" in stamp
    assert b"<IT1>-</IT1>" in stamp
    frmt = stamp.split(b'SHA1withRSA">')[-1].split(b"<")[0]
    assert len(base64.b64decode(frmt)) == 64


def test_no_byte_of_a_stamp_changes_unseen() -> None:
    stamp = issue(documento(TipoDte.FACTURA, line("Té & más"))).ted
    verify_ted(stamp)

    @settings(max_examples=300, database=None)
    @given(st.integers(stamp.index(b"<DD>"), len(stamp) - len(b"</TED>") - 1), st.integers(1, 255))
    def one_byte(place: int, mask: int) -> None:
        changed = bytearray(stamp)
        changed[place] ^= mask
        with pytest.raises(FirmaInvalida):
            verify_ted(bytes(changed))

    one_byte()

"""Stamps of received documents: as they were signed, and saying what the document says."""

import base64
import functools
import re

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.dte.test_recibidos import own
from tests.fiscal_material import (
    certificado,
    folio_range,
)
from torn_app.dte.marco import signed_part
from torn_app.dte.recibidos import read_received
from torn_app.dte.tipos import TipoDte


def test_a_stamp_is_the_one_that_was_signed() -> None:
    forged = own().replace(b"<Encabezado>", b"<!--<TED><DD><RE>1-9</RE></DD></TED>--><Encabezado>")
    (dte,) = read_received(forged).dtes
    assert dte.documento is not None
    assert (dte.verificado, dte.timbre_valido, b"<RE>1-9<" in dte.documento.ted) == (True, True, False)
    (dte,) = read_received(own().replace(b"<TED ", b"<TED></TED><TED ")).dtes
    assert (dte.documento, dte.error) == (None, "El documento no trae timbre")


def test_a_stamp_signed_with_entities_holds_as_it_is_spelt() -> None:
    assert stamped_anew((rb"<RSR>[^<]*<", b"<RSR>O&apos;Higgins &quot;y&quot; C\xeda<"))


def stamped_anew(*changes: tuple[bytes, bytes]) -> bool:
    """Whether the stamp holds once its DD is changed and signed again by the key of its folios, as the document is."""
    dd = re.search(rb"<DD>.*</DD>", own(), re.DOTALL)
    content = re.search(rb"<Documento [^>]*>\n(.*)</Documento>", own(), re.DOTALL)
    assert dd is not None
    assert content is not None
    changed = functools.reduce(lambda text, change: re.sub(*change, text, count=1), changes, dd.group())
    signature = folio_range(TipoDte.FACTURA).key.sign(changed, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    frmt = b"<FRMT\\1>" + base64.b64encode(signature) + b"<"
    body = re.sub(rb"<FRMT([^>]*)>[^<]*<", frmt, content.group(1).replace(dd.group(), changed))
    part = signed_part("DTE", "Documento", "F1T33", body.decode("latin-1"), certificado())
    (dte,) = read_received(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + part.encode("latin-1")).dtes
    assert dte.verificado
    return dte.timbre_valido


@pytest.mark.parametrize(
    "change",
    [
        (rb"<RE>76192083-9<", b"<RE>76418932-9<"),
        (rb"<TD>33<", b"<TD>34<"),
        (rb"<F>1<", b"<F>2<"),
        (rb"<FE>2026-11-22<", b"<FE>2026-11-23<"),
        (rb"<RR>[^<]*<", b"<RR>66666666-6<"),
        (rb"<MNT>1416<", b"<MNT>1415<"),
        (rb"<MNT>1416<", b"<MNT>mil<"),
        (rb"<DA><RE>76192083-9<", b"<DA><RE>76418932-9<"),
        (rb"(<DA>.*?)<TD>33<", rb"\1<TD>34<"),
        (rb"<D>1<", b"<D>2<"),
        (rb"<H>100000<", b"<H>0<"),
        (rb"<MNT>1416<", b"<MNT>1416</MNT><MNT>1<"),
        (rb"<RNG>.*</RNG>", b""),
    ],
)
def test_a_stamp_says_what_the_document_says_with_folios_of_its_issuer(change: tuple[bytes, bytes]) -> None:
    assert stamped_anew((rb"<IT1>[^<]*<", b"<IT1>Otra cosa<"))
    assert not stamped_anew(change)

"""Dates and moments around the nights when Chile changes its clocks, and around the year's end."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import judges
from tests.dte.test_emision import CARATULA
from tests.fiscal_material import certificado, documento, folio_range
from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.lectura import read_dte
from torn_app.dte.sobre import build_envio_boleta
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml import issue_dte
from torn_app.kernel.clock import santiago_date

MOMENTS = [
    # In 2027 the clocks go back at the midnight that ends Saturday 3 April: 23:00 to 24:00 comes twice.
    ("2027-04-04T02:59:59", "2027-04-03T23:59:59"),
    ("2027-04-04T03:00:00", "2027-04-03T23:00:00"),
    ("2027-04-04T03:59:59", "2027-04-03T23:59:59"),
    ("2027-04-04T04:00:00", "2027-04-04T00:00:00"),
    # And go forward at the midnight that ends Saturday 4 September: 00:00 to 01:00 does not exist.
    ("2027-09-05T03:59:59", "2027-09-04T23:59:59"),
    ("2027-09-05T04:00:00", "2027-09-05T01:00:00"),
    # Summer three hours behind, winter four.
    ("2027-01-01T02:59:59", "2026-12-31T23:59:59"),
    ("2027-01-01T03:00:00", "2027-01-01T00:00:00"),
    ("2027-07-01T03:59:59", "2027-06-30T23:59:59"),
    ("2028-02-29T15:00:00", "2028-02-29T12:00:00"),
]
"""A moment in UTC and what the clocks of Santiago show."""
BOLETA = TipoDte.BOLETA


@pytest.mark.parametrize(("utc", "wall"), MOMENTS)
def test_document_stamp_and_envelope_carry_the_time_of_santiago(utc: str, wall: str) -> None:
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC, microsecond=999_999)
    day = santiago_date(moment)
    numbers = folio_range(BOLETA)
    signed = issue_dte(documento(BOLETA, fecha_emision=day), numbers.caf, numbers.key, certificado(), moment)
    judges.xsd_validate(signed.xml, "boleta")
    envelope = build_envio_boleta([signed.xml], CARATULA, certificado(), moment)
    judges.xsd_validate(envelope, "EnvioBOLETA_v11.xsd")
    judges.verify_in_place(envelope)
    for name in ("TmstFirma", "TSTED", "TmstFirmaEnv"):
        assert re.findall(f"<{name}>(.*?)</{name}>", envelope.decode("latin-1")) == [wall]
    assert read_dte(signed.xml).fecha_emision == day == date.fromisoformat(wall[:10])
    assert f"<FE>{day}</FE>".encode() in signed.ted


@pytest.mark.parametrize(("utc", "wall"), MOMENTS)
def test_a_document_of_tomorrow_is_refused_until_it_is_tomorrow_in_chile(utc: str, wall: str) -> None:
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    tomorrow = documento(BOLETA, fecha_emision=date.fromisoformat(wall[:10]) + timedelta(days=1))
    numbers = folio_range(BOLETA)
    with pytest.raises(DocumentoInvalido, match="posterior"):
        issue_dte(tomorrow, numbers.caf, numbers.key, certificado(), moment)

"""The forecast of a company that issues: its own use, its own ranges, days of Chile, at moments of our choice."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from sqlalchemy import Engine, text

from tests.factories import Member, create_company, create_member
from tests.folios.material import (
    Uploads,
    caf_of,
    certificate_of,
    issue_boleta,
    set_ambiente,
    standing_for_the_tax_service,
)
from torn_app.company import service as company
from torn_app.company.schemas import IssuerPatch, SettingsPatch
from torn_app.documents import forecast, sending
from torn_app.documents.schemas import ForecastOut
from torn_app.dte.llaves_sii import IDK_CERTIFICACION
from torn_app.dte.tipos import TipoDte
from torn_app.folios import loading
from torn_app.infra.work import Work, use_case
from torn_app.integrations import webhooks
from torn_app.integrations.schemas import WebhookIn
from torn_app.kernel.paging import Page
from torn_app.kernel.permissions import VENDEDOR, Permission

BORN = datetime(2026, 8, 31, 15, tzinfo=UTC)
BOLETA, NOTA = TipoDte.BOLETA, TipoDte.NOTA_CREDITO


@pytest.fixture(scope="module")
def authority() -> Iterator[RSAPrivateKey]:
    with standing_for_the_tax_service(IDK_CERTIFICACION) as key:
        yield key


@pytest.fixture
def owner(engine: Engine) -> Member:
    """The administrator of a company in certification since the 31 of August, with a certificate of 400 days."""
    person = create_member(engine, create_company(engine, born=BORN))
    person.run_at(BORN, company.update_issuer, IssuerPatch(direccion="Calle 1", comuna="Santiago"))
    person.run_at(BORN, set_ambiente, "CERTIFICACION")
    certificate = certificate_of(person, start=BORN - timedelta(days=1), days=401)
    person.run_at(BORN, loading.upload_certificate, certificate, "clave")
    return person


def load(person: Member, authority: RSAPrivateKey, tipo: TipoDte, desde: int, hasta: int, day: date) -> None:
    at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    person.run_at(at, loading.upload_caf, caf_of(person, authority, desde, hasta, tipo=tipo, fecha_autorizacion=day))


def issue(person: Member, at: datetime, times: int = 1) -> None:
    for _ in range(times):
        person.run_at(at, issue_boleta)


def of(found: ForecastOut, tipo: TipoDte) -> dict[str, Any]:
    (row,) = [row for row in found.tipos if row.tipo_dte == tipo]
    return row.model_dump()


def test_days_are_those_of_chile_and_fourteen(owner: Member, authority: RSAPrivateKey) -> None:
    load(owner, authority, BOLETA, 1, 300, date(2026, 8, 31))
    # Chile is at UTC-3: the 6 of November began at 03:00 UTC. One the day before, the first day of fourteen has two.
    issue(owner, datetime(2026, 11, 6, 2, 59, tzinfo=UTC))
    issue(owner, datetime(2026, 11, 6, 3, 0, tzinfo=UTC), 2)
    issue(owner, datetime(2026, 11, 19, 22, tzinfo=UTC), 5)
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)  # still the 19 in Chile
    found = owner.run_at(at, forecast.forecast)
    # 300 - 8 = 292 left at 7 in 14 days, 0.5 a day: 584 days.
    assert of(found, BOLETA) == {
        "tipo_dte": 39,
        "nombre": BOLETA.nombre,
        "nivel": "OK",
        "disponibles": 292,
        "uso_diario": 0.5,
        "dias_restantes": 584,
        "fecha_agotamiento": date(2028, 6, 25),
        "fecha_vencimiento": None,
        "vencera_sin_usar": 0,
        "vencidos_sin_usar": 0,
    }
    # A day later the two of the 6 are out: 5 in 14 days.
    later = owner.run_at(at + timedelta(hours=3), forecast.forecast)
    assert str(of(later, BOLETA)["uso_diario"]) == "0.36"


def test_a_company_that_began_two_days_ago(owner: Member, authority: RSAPrivateKey) -> None:
    load(owner, authority, BOLETA, 1, 130, date(2026, 8, 31))
    issue(owner, datetime(2026, 11, 18, 15, tzinfo=UTC), 4)
    issue(owner, datetime(2026, 11, 20, 15, tzinfo=UTC), 5)
    found = owner.run_at(datetime(2026, 11, 20, 20, tzinfo=UTC), forecast.forecast)
    # 9 in the 3 days since its first, not in 14: 121 left at 3 a day.
    row = of(found, BOLETA)
    assert (row["uso_diario"], row["dias_restantes"], row["fecha_agotamiento"]) == (3, 40, date(2026, 12, 30))


def test_month_ends_and_what_expires_unused(owner: Member, authority: RSAPrivateKey) -> None:
    load(owner, authority, NOTA, 1, 50, date(2026, 8, 31))
    load(owner, authority, NOTA, 101, 200, date(2026, 9, 15))
    before = of(owner.run_at(datetime(2027, 2, 28, 15, tzinfo=UTC), forecast.forecast), NOTA)
    # Never used: the first goes with the 28 of February, the second with the 15 of March.
    assert (before["disponibles"], before["fecha_vencimiento"]) == (150, date(2027, 2, 28))
    assert (before["dias_restantes"], before["fecha_agotamiento"]) == (16, date(2027, 3, 16))
    assert (before["vencera_sin_usar"], before["vencidos_sin_usar"], before["nivel"]) == (150, 0, "OK")
    after = of(owner.run_at(datetime(2027, 3, 1, 15, tzinfo=UTC), forecast.forecast), NOTA)
    assert (after["disponibles"], after["vencidos_sin_usar"], after["dias_restantes"]) == (100, 50, 15)
    assert after["nivel"] == "BAJO"
    over = of(owner.run_at(datetime(2027, 3, 16, 15, tzinfo=UTC), forecast.forecast), NOTA)
    assert (over["nivel"], over["disponibles"], over["vencidos_sin_usar"]) == ("AGOTADO", 0, 150)
    assert (over["dias_restantes"], over["fecha_agotamiento"]) == (0, date(2027, 3, 16))


def test_types_never_loaded_and_a_mode_of_its_own(owner: Member, authority: RSAPrivateKey) -> None:
    load(owner, authority, BOLETA, 1, 10, date(2026, 8, 31))
    found = owner.run_at(BORN, forecast.forecast)
    assert [row.tipo_dte for row in found.tipos] == [33, 34, 39, 41, 43, 46, 52, 56, 61, 110, 111, 112]
    assert of(found, BOLETA)["nivel"] == "CRITICO"
    never = of(found, TipoDte.FACTURA)
    assert (never["nivel"], never["disponibles"], never["dias_restantes"]) == ("SIN_CARGAR", 0, None)
    owner.run_at(BORN, set_ambiente, "PRODUCCION")
    assert {row.nivel for row in owner.run_at(BORN, forecast.forecast).tipos} == {"SIN_CARGAR"}
    owner.run_at(BORN, set_ambiente, "PRUEBA")
    prueba = owner.run_at(BORN, forecast.forecast)
    assert {row.nivel for row in prueba.tipos} == {"OK"}, "they are renewed by themselves"
    assert (of(prueba, BOLETA)["disponibles"], prueba.ambiente) == (100_000, "PRUEBA")


def test_the_company_says_what_few_is(owner: Member, authority: RSAPrivateKey) -> None:
    load(owner, authority, BOLETA, 1, 10, date(2026, 8, 31))
    owner.run(company.update_settings, SettingsPatch(folios_bajo=9, folios_critico=3))
    assert of(owner.run_at(BORN, forecast.forecast), BOLETA)["nivel"] == "OK"
    issue(owner, BORN)
    at_nine = of(owner.run_at(BORN, forecast.forecast), BOLETA)
    assert (at_nine["dias_restantes"], at_nine["nivel"]) == (9, "BAJO")


def test_the_certificate(owner: Member) -> None:
    """From the 30 of August 2026 at 15:00 UTC on it lasts 401 days: until the 5 of October 2027, 12:00 in Chile."""
    end = datetime(2027, 10, 5, 15, tzinfo=UTC)
    for at, days, nivel in (
        (BORN, 400, "OK"),
        (end - timedelta(days=31), 31, "OK"),
        (end - timedelta(days=30), 30, "BAJO"),
        (end - timedelta(days=7), 7, "CRITICO"),
        (end - timedelta(seconds=1), 0, "CRITICO"),
        (end, 0, "AGOTADO"),
        (end + timedelta(days=1), 0, "AGOTADO"),
    ):
        found = owner.run_at(at, forecast.forecast).certificado
        assert (found.dias_restantes, found.nivel) == (days, nivel), at
        assert (found.valid_to, found.rut) == (end, owner.company.rut)
    # Renewed in time, the new one counts although the former is still good.
    new = certificate_of(owner, start=end - timedelta(days=20), days=365)
    owner.run_at(end - timedelta(days=10), loading.upload_certificate, new, "clave")
    assert owner.run_at(end, forecast.forecast).certificado.dias_restantes == 345


def test_without_a_certificate(engine: Engine) -> None:
    person = create_member(engine, create_company(engine))
    person.run(set_ambiente, "PRODUCCION")
    found = person.run(forecast.forecast).certificado
    assert found.model_dump() == {
        "nivel": "SIN_CARGAR",
        "subject": None,
        "rut": None,
        "valid_to": None,
        "dias_restantes": None,
    }


def test_over_http_for_everybody_in_the_company(engine: Engine, owner: Member, authority: RSAPrivateKey) -> None:
    load(owner, authority, BOLETA, 1, 10, date(2026, 8, 31))
    seller = create_member(engine, owner.company, role=VENDEDOR)
    answer = Uploads(seller).get("/folios/forecast")
    assert answer.status_code == 200
    assert answer.json()["ambiente"] == "CERTIFICACION"
    assert len(answer.json()["tipos"]) == 12
    assert answer.json()["certificado"]["nivel"] == "OK"


@use_case(Permission.ADMIN)
def _send(work: Work, document_id: int) -> None:
    sending.send(work, [document_id])


def test_the_event_is_told_once_at_each_level(engine: Engine, owner: Member, authority: RSAPrivateKey) -> None:
    hook = owner.run(webhooks.create_webhook, WebhookIn(url="https://93.184.216.34/torn", events=["folios.low"]))
    load(owner, authority, BOLETA, 1, 102, date(2026, 8, 31))
    owner.run(company.update_settings, SettingsPatch(folios_dias_bajo=0, folios_dias_critico=0, folios_critico=99))
    told = []
    for _ in range(4):
        issued = owner.run_at(BORN, issue_boleta)
        owner.run_at(BORN, _send, issued.id)
        told.append(len(owner.run(webhooks.list_deliveries, hook.id, Page())))
    # 101 left: none. 100: low. 99: critical. 98: told already.
    assert told == [0, 1, 2, 2]
    with engine.connect() as connection:
        bodies = connection.execute(
            text(f"SELECT body::json -> 'data' FROM {owner.company.schema}.webhook_delivery ORDER BY id")
        ).scalars()
        first, second = list(bodies)
    assert first == {
        "tipo_dte": 39,
        "disponibles": 100,
        "ambiente": "CERTIFICACION",
        "nivel": "BAJO",
        "dias_restantes": 50,
    }
    assert (second["nivel"], second["disponibles"]) == ("CRITICO", 99)

"""Sets issued by real companies on a real database, judged by others than the code that made them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree
from sqlalchemy import Engine, text

from tests.certification import amounts, texts
from tests.certification.amounts import Amounts
from tests.certification.issuing import (
    FIRST,
    NS,
    SETS,
    amounts_of,
    count,
    in_certification,
    issued,
    judged_book,
    judged_files,
    person_in,
    rows_of,
)
from tests.certification.test_reader import sample
from tests.crowd import at_once
from tests.factories import create_company, create_member
from torn_app.certification import samples, service, simulation
from torn_app.certification.errors import CertificationRefused, OtherText, RateMissing
from torn_app.certification.reader import read_sets
from torn_app.folios.errors import FolioExhausted
from torn_app.kernel.errors import AdminRequired


@pytest.mark.parametrize("ambiente", ["PRUEBA", "CERTIFICACION"])
@pytest.mark.parametrize(("name", "content", "expected"), SETS, ids=[one[0] for one in SETS])
def test_a_set_in_its_envelopes(
    engine: Engine, ambiente: str, name: str, content: Callable[[], bytes], expected: Mapping[int, Amounts]
) -> None:
    person = person_in(engine, ambiente)
    answer = issued(person, content())
    found = judged_files(answer)
    assert [amounts_of(dte) for dte in found] == list(expected.values()), name
    assert answer.cases[0].folio == FIRST[ambiente]
    again = issued(person, content())
    assert again.repeated
    assert (again.cases, again.files) == (answer.cases, answer.files)
    second = issued(person, content(), 2)
    assert not second.repeated
    assert second.cases[0].folio > answer.cases[0].folio


@pytest.mark.parametrize("ambiente", ["PRUEBA", "CERTIFICACION"])
def test_exports_in_their_envelopes(engine: Engine, ambiente: str) -> None:
    person = person_in(engine, ambiente)
    for content, expected, kinds in (
        (sample("009-set_exportacion_1.txt"), amounts.EXPORTACION_1, ["110", "112", "111"]),
        (texts.EXPORTACION_2, amounts.EXPORTACION_2, ["110", "110", "110"]),
    ):
        answer = issued(person, content)
        assert [file.name.rpartition("_")[2] for file in answer.files] == ["envio-dte.xml"]
        found = [etree.fromstring(dte) for dte in judged_files(answer)]
        assert [root.findtext(".//s:TipoDTE", "", NS) for root in found] == kinds
        totals = [
            (
                Decimal(root.findtext(".//s:Totales/s:MntTotal", "", NS)),
                int(root.findtext(".//s:MntTotOtrMnda", "", NS)),
            )
            for root in found
        ]
        assert totals == list(expected.values())
        assert [case.monto_total for case in answer.cases] == [pesos for _, pesos in expected.values()]
        assert issued(person, content).files == answer.files


def test_an_export_needs_the_rate_of_its_currency_and_takes_no_number_without_it(engine: Engine) -> None:
    (exports,) = read_sets(texts.EXPORTACION_2)
    person = person_in(engine, "PRUEBA")
    with pytest.raises(RateMissing, match="LIBRA EST") as refusal:
        person.run(service.issue_set, exports, 1, {"DOLAR USA": Decimal(945)})
    assert refusal.value.moneda == "LIBRA EST"
    assert (count(engine, person, "certification_set"), count(engine, person, "document")) == (0, 0)


def test_the_first_reference_is_the_sets(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    for attention, content in (("414175", sample("001-basico.txt")), ("414182", texts.COMPRA)):
        for number, dte in enumerate(judged_files(issued(person, content)), 1):
            first, *others = rows_of(etree.fromstring(dte), "Referencia")
            assert (first["TpoDocRef"], first["FolioRef"], first["RazonRef"]) == (
                "SET",
                f"{attention}-{number}",
                f"CASO {attention}-{number}",
            )
            assert "CodRef" not in first
            assert all(other["TpoDocRef"] != "SET" and "CodRef" in other for other in others)


def test_boletas_name_their_case_and_only_it(engine: Engine) -> None:
    for number, dte in enumerate(judged_files(issued(person_in(engine, "PRUEBA"), texts.BOLETAS_TEXTO)), 1):
        root = etree.fromstring(dte)
        assert rows_of(root, "Referencia") == [{"NroLinRef": "1", "CodRef": "SET", "RazonRef": f"CASO-{number}"}]
        lines = rows_of(root, "Detalle")
        if number == 2:
            assert [line.get("IndExe") for line in lines] == [None, "1"]
        if number == 3:
            assert lines[0]["UnmdItem"] == "Kg"


@pytest.mark.parametrize(
    ("content", "number", "name"),
    [
        (lambda: sample("001-basico.txt"), 5, "CORRIGE GIRO DEL RECEPTOR"),
        (lambda: sample("001-basico.txt"), 8, "CORRIGE GIRO DEL RECEPTOR"),
        (lambda: texts.EXENTA, 4, "CORRIGE GIRO"),
        (lambda: texts.EXENTA, 5, "CORRIGE GIRO"),
    ],
)
def test_the_text_correction_has_neither_quantity_nor_price(
    engine: Engine, content: Callable[[], bytes], number: int, name: str
) -> None:
    note = etree.fromstring(judged_files(issued(person_in(engine, "PRUEBA"), content()))[number - 1])
    (line,) = rows_of(note, "Detalle")
    assert (line.pop("IndExe", "1"), line) == ("1", {"NroLinDet": "1", "NmbItem": name, "MontoItem": "0"})


def test_exempt_notes_say_nothing_of_vat(engine: Engine) -> None:
    for dte in judged_files(issued(person_in(engine, "PRUEBA"), texts.EXENTA)):
        (totals,) = rows_of(etree.fromstring(dte), "Totales")
        assert sorted(totals) == ["MntExe", "MntTotal"]


def test_the_withheld_vat_of_purchase_invoices(engine: Engine) -> None:
    found = judged_files(issued(person_in(engine, "PRUEBA"), texts.COMPRA))
    for dte, vat in zip(found, ("418533", "139920", "139920"), strict=True):
        (withheld,) = rows_of(etree.fromstring(dte), "ImptoReten")
        assert withheld == {"TipoImp": "15", "TasaImp": "19", "MontoImp": vat}


def test_the_summary_of_folios_of_the_boletas(engine: Engine) -> None:
    person = person_in(engine, "CERTIFICACION")
    answer = issued(person, sample("007-boletas.csv"))
    root = judged_book(answer, "consumo-folios", "ConsumoFolio_v10.xsd")
    common = {"TasaIVA": "19", "FoliosAnulados": "0", "Inicial": "201"}
    assert rows_of(root, "Resumen") == [
        {
            "TipoDocumento": "39",
            # 19361 + 72866 + 31866 + 15126 + 17042 + 105 + 1429 + 18143 + 10420 + 2267
            "MntNeto": "188625",
            # 3679 + 13844 + 6054 + 2874 + 3238 + 20 + 271 + 3447 + 1980 + 431
            "MntIva": "35838",
            "MntExento": "30180",
            "MntTotal": "254643",
            "FoliosEmitidos": "10",
            "FoliosUtilizados": "10",
            "Final": "210",
            **common,
        },
        {
            "TipoDocumento": "61",
            # 19361 + 31866 + 17042 + 571 + 907; 3679 + 6054 + 3238 + 109 + 172
            "MntNeto": "69747",
            "MntIva": "13252",
            "MntExento": "0",
            "MntTotal": "82999",
            "FoliosEmitidos": "5",
            "FoliosUtilizados": "5",
            "Final": "205",
            **common,
        },
    ]
    assert rows_of(root, "Caratula")[0]["SecEnvio"] == "1"
    second = judged_book(issued(person, sample("007-boletas.csv"), 2), "consumo-folios", "ConsumoFolio_v10.xsd")
    assert rows_of(second, "Caratula")[0]["SecEnvio"] == "2"


def test_two_runs_at_once_leave_one_set(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    found = at_once(lambda _: issued(person, sample("001-basico.txt")), [1, 2, 3])
    assert sorted(one.repeated for one in found) == [False, True, True]
    assert len({(one.cases, one.files) for one in found}) == 1
    assert count(engine, person, "document") == 8


def test_nothing_is_kept_of_a_set_that_does_not_go_through(engine: Engine) -> None:
    made = create_company(engine)
    person = create_member(engine, made)
    person.run(in_certification, made.rut, (33,))
    (basic,) = read_sets(sample("001-basico.txt"))
    with pytest.raises(FolioExhausted, match="Nota de crédito"):
        person.run(service.issue_set, basic)
    with engine.connect() as connection:
        last = connection.execute(
            text(f"SELECT last_folio FROM \"{made.schema}\".caf_range WHERE ambiente = 'CERTIFICACION'")
        ).scalar_one()
    assert (count(engine, person, "certification_set"), count(engine, person, "document"), last) == (0, 0, 200)


def test_refusals(engine: Engine) -> None:
    (basic,) = read_sets(sample("001-basico.txt"))
    person = person_in(engine, "PRUEBA")
    with pytest.raises(AdminRequired):
        create_member(engine, person.company, role="VENDEDOR").run(service.issue_set, basic)
    person.run(service.issue_set, basic)
    (changed,) = read_sets(sample("001-basico.txt").replace(b"    923", b"    924"))
    with pytest.raises(OtherText, match="otro texto"):
        person.run(service.issue_set, changed)
    with pytest.raises(CertificationRefused, match="desde 1"):
        person.run(service.issue_set, basic, 0)
    with pytest.raises(CertificationRefused, match="aún no se ha emitido"):
        person.run(samples.samples, "999")
    with pytest.raises(CertificationRefused, match="hay 0"):
        person.run(simulation.simulation, date(2026, 1, 1))
    (book,) = read_sets(sample("003-compras.txt"))
    with pytest.raises(CertificationRefused, match="libro"):
        person.run(service.issue_set, book)


def test_documents_of_a_set_do_not_travel_alone(engine: Engine) -> None:
    person = person_in(engine, "CERTIFICACION")
    issued(person, sample("001-basico.txt"))
    with engine.connect() as connection:
        waiting = connection.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'schema' = :schema"),
            {"schema": person.company.schema},
        ).scalar_one()
    assert waiting == 0

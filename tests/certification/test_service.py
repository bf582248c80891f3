"""Sets issued by real companies on a real database, judged by others than the code that made them."""

from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from lxml import etree
from pypdf import PdfReader
from sqlalchemy import Engine, text

from tests import judges
from tests.certification.test_cases import BASICO, BOLETAS, EXENTOS, GUIDES, Amounts
from tests.certification.test_reader import EXENTA, GUIAS, sample
from tests.factories import Company, Member, create_company, create_member, new_rut
from tests.fiscal_material import caf_file, certificate_file, documento, line
from torn_app.certification import service
from torn_app.certification.command import main
from torn_app.certification.errors import CertificationRefused
from torn_app.certification.reader import read_sets
from torn_app.company import service as company
from torn_app.company.schemas import IssuerPatch
from torn_app.documents import service as documents
from torn_app.dte.caf import parse_caf
from torn_app.dte.firma import load_certificado
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.folios import service as folios
from torn_app.folios.errors import FolioExhausted
from torn_app.infra.work import Work
from torn_app.kernel.errors import AdminRequired

_NS = {"s": judges.SII}


def in_certification(work: Work, rut: str, types: tuple[int, ...]) -> None:
    """Load simulated numbers and a certificate, as a company that begins its certification has."""
    for dte_type in types:
        file = caf_file(TipoDte(dte_type), rut=rut, desde=201, hasta=260, fecha_autorizacion=work.today)
        folios.store_caf(work.session, file, parse_caf(file), folios.CERTIFICACION, work.now)
    certificate = certificate_file("clave")
    folios.store_certificate(work.session, certificate, "clave", load_certificado(certificate, "clave"), work.now)
    patch = IssuerPatch(ambiente="CERTIFICACION", resolucion_fecha=date(2026, 10, 5))
    company.update_issuer(work, patch)


def person_in(engine: Engine, ambiente: str) -> Member:
    made: Company = create_company(engine)
    person = create_member(engine, made)
    if ambiente == "CERTIFICACION":
        person.run(in_certification, made.rut, (33, 34, 39, 52, 56, 61))
    return person


def amounts(dte: bytes) -> Amounts:
    totals = etree.fromstring(dte).find(".//s:Totales", _NS)
    assert totals is not None
    neto, exento, iva, total = (
        int(totals.findtext(f"s:{name}", "0", _NS)) for name in ("MntNeto", "MntExe", "IVA", "MntTotal")
    )
    return neto, exento, iva, total


def judged(envelope: bytes, schema: str) -> list[bytes]:
    """Return the documents of an envelope that every judge lets pass."""
    judges.xsd_validate(envelope, schema)
    judges.verify_set(envelope)
    found = judges.cut_out_dtes(envelope)
    for dte in found:
        judges.verify_dte_signature_cut_out(dte)
        judges.verify_ted(dte)
    return found


SETS: list[tuple[str, Callable[[], bytes], Mapping[int, Amounts]]] = [
    ("basico", lambda: sample("001-basico.txt"), BASICO),
    ("exenta", lambda: EXENTA, EXENTOS),
    ("guias", lambda: GUIAS, GUIDES),
    ("boletas", lambda: sample("007-boletas.csv"), BOLETAS),
]


@pytest.mark.parametrize("ambiente", ["PRUEBA", "CERTIFICACION"])
@pytest.mark.parametrize(("name", "content", "expected"), SETS, ids=[one[0] for one in SETS])
def test_a_set_in_its_envelopes(
    engine: Engine, ambiente: str, name: str, content: Callable[[], bytes], expected: Mapping[int, Amounts]
) -> None:
    (test_set,) = read_sets(content())
    person = person_in(engine, ambiente)
    issued = person.run(service.issue_set, test_set)
    found = []
    for envelope in reversed(issued.envelopes):
        schema = "EnvioBOLETA_v11.xsd" if "boleta" in envelope.name else "EnvioDTE_v10.xsd"
        found += judged(envelope.xml, schema)
        assert b"<NroResol>0</NroResol>" in envelope.xml
    assert [amounts(dte) for dte in found] == list(expected.values()), name
    first = 201 if ambiente == "CERTIFICACION" else 1
    assert issued.cases[0].folio == first

    again = person.run(service.issue_set, test_set)
    assert again.repeated
    assert (again.cases, again.envelopes) == (issued.cases, issued.envelopes)
    second = person.run(service.issue_set, test_set, 2)
    assert not second.repeated
    assert second.cases[0].folio > issued.cases[0].folio


def test_the_text_correction_has_neither_quantity_nor_price(engine: Engine) -> None:
    (test_set,) = read_sets(sample("001-basico.txt"))
    (envelope,) = person_in(engine, "PRUEBA").run(service.issue_set, test_set).envelopes
    note = etree.fromstring(judges.cut_out_dtes(envelope.xml)[4])
    (line,) = note.findall(".//s:Detalle", _NS)
    assert [etree.QName(one).localname for one in line] == ["NroLinDet", "NmbItem", "MontoItem"]


def test_nothing_is_kept_of_a_set_that_does_not_go_through(engine: Engine) -> None:
    made = create_company(engine)
    person = create_member(engine, made)
    person.run(in_certification, made.rut, (33,))
    (basic,) = read_sets(sample("001-basico.txt"))
    with pytest.raises(FolioExhausted, match="Nota de crédito"):
        person.run(service.issue_set, basic)
    with engine.connect() as connection:
        count = connection.execute(text(f'SELECT count(*) FROM "{made.schema}".certification_set')).scalar_one()
        last = connection.execute(
            text(f"SELECT last_folio FROM \"{made.schema}\".caf_range WHERE ambiente = 'CERTIFICACION'")
        ).scalar_one()
    assert (count, last) == (0, 200)


def test_refusals(engine: Engine) -> None:
    (basic,) = read_sets(sample("001-basico.txt"))
    person = person_in(engine, "PRUEBA")
    with pytest.raises(AdminRequired):
        create_member(engine, person.company, role="VENDEDOR").run(service.issue_set, basic)
    person.run(service.issue_set, basic)
    (changed,) = read_sets(sample("001-basico.txt").replace(b"    923", b"    924"))
    with pytest.raises(CertificationRefused, match="otro texto"):
        person.run(service.issue_set, changed)
    with pytest.raises(CertificationRefused, match="aún no se ha emitido"):
        person.run(service.samples, "999")
    with pytest.raises(CertificationRefused, match="hay 0"):
        person.run(service.simulation, date(2026, 1, 1))
    (book,) = read_sets(sample("003-compras.txt"))
    (exports,) = read_sets(sample("009-set_exportacion_1.txt"))
    with pytest.raises(CertificationRefused, match="no emite"):
        person.run(service.issue_set, exports)
    with pytest.raises(CertificationRefused, match="libro"):
        person.run(service.issue_set, book)


def test_printed_samples(engine: Engine) -> None:
    (guides,) = read_sets(GUIAS)
    person = person_in(engine, "CERTIFICACION")
    issued = person.run(service.issue_set, guides)
    found = person.run(service.samples, guides.attention)
    # The move inside the company has no assignable copy; the sale has.
    assert [one.name for one in found] == [
        "caso-414180-1_tipo-52_folio-201.pdf",
        "caso-414180-2_tipo-52_folio-202.pdf",
        "caso-414180-2_tipo-52_folio-202_cedible.pdf",
    ]
    dtes = [*judges.cut_out_dtes(issued.envelopes[0].xml), judges.cut_out_dtes(issued.envelopes[0].xml)[1]]
    for one, dte in zip(found, dtes, strict=True):
        assert len(one.pdf) <= service.MAX_SAMPLE_BYTES
        words = PdfReader(BytesIO(one.pdf)).pages[0].extract_text()
        assert ("CEDIBLE" in words) == one.name.endswith("cedible.pdf")
        opened = pypdfium2.PdfDocument(one.pdf)
        page = opened[0]
        image = page.render(scale=300 / 72).to_pil()
        page.close()
        opened.close()
        (code,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)
        assert code.bytes == read_dte(dte).ted


def test_review_takes_no_numbers_and_needs_no_company(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "set.txt"
    file.write_bytes(sample("001-basico.txt"))
    assert main(["review", "--file", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Caso 4: Factura electrónica" in said
    assert "220.036" in said
    file.write_bytes(sample("001-basico.txt").replace(b"PRECIO UNITARIO", b"PRECIO TOTAL", 1))
    assert main(["review", "--file", str(file)]) == 1
    assert "Línea 6: columna desconocida" in capsys.readouterr().out


def sell_ten(work: Work) -> None:
    """Issue ten invoices as ordinary sales do."""
    issuer = company.get_issuer_row(work)
    for number in range(1, 11):
        invoice = documento(
            TipoDte.FACTURA,
            line(precio=str(1000 * number)),
            folio=None,
            emisor=documents.emisor(issuer),
            fecha_emision=work.today,
        )
        documents.issue(work, invoice, sale_id=None, ambiente=issuer.ambiente)


def test_simulation_is_of_sales_and_not_of_sets(engine: Engine) -> None:
    (basic,) = read_sets(sample("001-basico.txt"))
    person = person_in(engine, "CERTIFICACION")
    person.run(service.issue_set, basic)
    person.run(sell_ten)
    envelope = person.run(service.simulation, date(2026, 1, 1))
    found = judged(envelope.xml, "EnvioDTE_v10.xsd")
    assert [amounts(dte)[0] for dte in found] == [1000 * number for number in range(1, 11)]


def test_documents_of_a_set_do_not_travel_alone(engine: Engine) -> None:
    (basic,) = read_sets(sample("001-basico.txt"))
    person = person_in(engine, "CERTIFICACION")
    person.run(service.issue_set, basic)
    with engine.connect() as connection:
        waiting = connection.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'schema' = :schema"),
            {"schema": person.company.schema},
        ).scalar_one()
    assert waiting == 0


def test_the_command_writes_envelope_and_samples(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = person_in(engine, "PRUEBA")
    with engine.begin() as connection:
        chosen = text("UPDATE account SET is_superuser = true WHERE id = :id")
        connection.execute(chosen, {"id": person.account_id})
    file, out = tmp_path / "set.txt", tmp_path / "out"
    file.write_bytes(GUIAS + EXENTA)
    given = ["--company", person.company.rut, "--file", str(file), "--out", str(out)]
    assert main(["issue", *given]) == 0
    assert "Set 414181, intento 1: emitido" in capsys.readouterr().out
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert sorted(first) == ["set-414180_intento-1_envio-dte.xml", "set-414181_intento-1_envio-dte.xml"]
    assert main(["issue", *given]) == 0
    assert "ya estaba emitido" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert main(["samples", *given]) == 0
    # Two guides, one of them a sale; an exempt invoice, which can be assigned, and its credit note.
    assert len(list(out.glob("*.pdf"))) == 6
    assert main(["issue", "--company", new_rut(), *given[2:]]) == 1
    assert "No hay una empresa" in capsys.readouterr().out
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET is_superuser = false WHERE id = :id"), {"id": person.account_id})

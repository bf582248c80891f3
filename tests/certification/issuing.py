"""Companies that certify, and the judging of what they issued."""

from collections.abc import Callable, Mapping
from datetime import date

from lxml import etree
from sqlalchemy import Engine, text

from tests import judges
from tests.certification import amounts, texts
from tests.certification.amounts import Amounts
from tests.certification.test_reader import sample
from tests.factories import Company, Member, create_company, create_member
from tests.fiscal_material import caf_file, certificate_file
from torn_app.certification import service
from torn_app.certification.reader import read_sets
from torn_app.certification.stored import IssuedSet
from torn_app.company import service as company
from torn_app.company.schemas import IssuerPatch
from torn_app.dte.caf import parse_caf
from torn_app.dte.firma import load_certificado
from torn_app.dte.tipos import TipoDte
from torn_app.folios import service as folios
from torn_app.infra.work import Work

NS = {"s": judges.SII}
TYPES = (33, 34, 39, 46, 52, 56, 61, 110, 111, 112)
FIRST = {"PRUEBA": 1, "CERTIFICACION": 201}
"""First number of every type in each mode."""
SETS: list[tuple[str, Callable[[], bytes], Mapping[int, Amounts]]] = [
    ("basico", lambda: sample("001-basico.txt"), amounts.BASICO),
    ("exenta", lambda: texts.EXENTA, amounts.EXENTA),
    ("guias", lambda: texts.GUIAS, amounts.GUIAS),
    ("compra", lambda: texts.COMPRA, amounts.COMPRA),
    ("boletas csv", lambda: sample("007-boletas.csv"), amounts.BOLETAS),
    ("boletas", lambda: texts.BOLETAS_TEXTO, amounts.BOLETAS_TEXTO),
]
"""The sets in pesos, with the totals of their cases."""


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
        person.run(in_certification, made.rut, TYPES)
    return person


def issued(person: Member, content: bytes, attempt: int = 1) -> IssuedSet:
    """Issue the only set of a text."""
    (test_set,) = read_sets(content)
    return person.run(service.issue_set, test_set, attempt, texts.RATES)


def amounts_of(dte: bytes) -> Amounts:
    totals = etree.fromstring(dte).find(".//s:Totales", NS)
    assert totals is not None
    neto, exento, iva, total = (
        int(totals.findtext(f"s:{name}", "0", NS)) for name in ("MntNeto", "MntExe", "IVA", "MntTotal")
    )
    return neto, exento, iva, total


def judged(envelope: bytes, schema: str = "EnvioDTE_v10.xsd") -> list[bytes]:
    """Return the documents of an envelope that every judge lets pass."""
    judges.xsd_validate(envelope, schema)
    judges.verify_set(envelope)
    found = judges.cut_out_dtes(envelope)
    for dte in found:
        judges.verify_dte_signature_cut_out(dte)
        judges.verify_ted(dte)
    return found


def judged_files(answer: IssuedSet) -> list[bytes]:
    """Return the documents of all the envelopes of a set: boletas first, as their cases are."""
    found: list[bytes] = []
    for file in sorted(answer.files, key=lambda file: "boleta" not in file.name):
        if "envio" in file.name:
            found += judged(file.content, "EnvioBOLETA_v11.xsd" if "boleta" in file.name else "EnvioDTE_v10.xsd")
            assert b"<NroResol>0</NroResol>" in file.content
    return found


def judged_book(answer: IssuedSet, name: str, schema: str) -> etree._Element:
    """Return the book or summary of an answer, valid and signed."""
    (content,) = (file.content for file in answer.files if file.name.endswith(f"_{name}.xml"))
    judges.xsd_validate(content, schema)
    judges.verify_set(content)
    return etree.fromstring(content)


def rows_of(root: etree._Element, name: str) -> list[dict[str, str]]:
    """Return the leaves under each element of a name."""
    return [
        {etree.QName(leaf).localname: leaf.text or "" for leaf in node.iter("{*}*") if not len(leaf)}
        for node in root.iter(f"{{*}}{name}")
    ]


def count(engine: Engine, person: Member, table: str) -> int:
    with engine.connect() as connection:
        found = connection.execute(text(f'SELECT count(*) FROM "{person.company.schema}".{table}')).scalar_one()
    return int(found)

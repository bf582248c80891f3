"""Books made from issued sets and from the rows of a text: totals by hand, official schemas, signatures."""

import pytest
from lxml import etree
from sqlalchemy import Engine

from tests.certification import texts
from tests.certification.issuing import count, issued, judged, judged_book, person_in, rows_of
from tests.certification.test_reader import sample
from tests.crowd import at_once
from tests.factories import Member, create_member
from torn_app.certification import books_service
from torn_app.certification.errors import CertificationRefused, OtherText, SourceDoubtful, SourceMissing
from torn_app.certification.reader import read_sets
from torn_app.certification.stored import IssuedSet
from torn_app.kernel.errors import AdminRequired

CV = "LibroCV_v10.xsd"


def book(person: Member, content: bytes, attempt: int = 1, **more: object) -> IssuedSet:
    (test_set,) = read_sets(content)
    return person.run(books_service.issue_book, test_set, attempt, **more)


def test_sales_of_the_basic_set(engine: Engine) -> None:
    person = person_in(engine, "CERTIFICACION")
    issued(person, texts.EXENTA)
    basic = issued(person, sample("001-basico.txt"))
    answer = book(person, sample("002-ventas.txt"))
    assert [file.name for file in answer.files] == ["set-414176_intento-1_libro-ventas.xml"]
    root = judged_book(answer, "libro-ventas", CV)
    assert rows_of(root, "TotalesPeriodo") == [
        # 191598 + 585926 + 489763 + 173531; 34705 + 13534; 36404 + 111326 + 93055 + 32971
        {
            "TpoDoc": "33",
            "TotDoc": "4",
            "TotMntExe": "48239",
            "TotMntNeto": "1440818",
            "TotMntIVA": "273756",
            "TotMntTotal": "1762813",
        },
        {
            "TpoDoc": "56",
            "TotDoc": "1",
            "TotMntExe": "0",
            "TotMntNeto": "0",
            "TotMntIVA": "0",
            "TotMntTotal": "0",
        },
        # 0 + 261525 + 489763; 34705; 49690 + 93055
        {
            "TpoDoc": "61",
            "TotDoc": "3",
            "TotMntExe": "34705",
            "TotMntNeto": "751288",
            "TotMntIVA": "142745",
            "TotMntTotal": "928738",
        },
    ]
    rows = rows_of(root, "Detalle")
    assert [(row["TpoDoc"], row["NroDoc"]) for row in rows] == [
        (str(int(case.tipo)), str(case.folio)) for case in basic.cases
    ]
    # The correction of a text: its zeros are written, for their lack had a book refused.
    assert [rows[4][name] for name in ("MntExe", "MntNeto", "MntIVA", "MntTotal")] == ["0"] * 4
    (cover,) = rows_of(root, "Caratula")
    assert (cover["TipoOperacion"], cover["TipoLibro"], cover["TipoEnvio"]) == ("VENTA", "ESPECIAL", "TOTAL")
    assert (cover["FolioNotificacion"], cover["NroResol"], cover["FchResol"]) == ("1", "0", "2026-10-05")
    assert rows[0]["FchDoc"].startswith(cover["PeriodoTributario"])


def test_sales_of_the_exempt_set_when_there_is_no_basic_one(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    issued(person, texts.EXENTA)
    root = judged_book(book(person, sample("002-ventas.txt")), "libro-ventas", CV)
    found = {
        row["TpoDoc"]: (row["TotDoc"], row["TotMntExe"], row["TotMntNeto"]) for row in rows_of(root, "TotalesPeriodo")
    }
    # 67000 + 385500 + 390500; 6700 + 0 + 120000; 0 + 30100
    assert found == {"34": ("3", "843000", "0"), "61": ("3", "126700", "0"), "56": ("2", "30100", "0")}


def test_the_invoice_of_a_guide_is_no_set_to_make_a_book_of(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    issued(person, texts.GUIAS)
    book(person, texts.LIBRO_GUIAS)
    with pytest.raises(SourceMissing):
        book(person, sample("002-ventas.txt"))


def test_purchases_of_the_text(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    root = judged_book(book(person, sample("003-compras.txt")), "libro-compras", CV)
    found = {row["TpoDoc"]: row for row in rows_of(root, "TotalesPeriodo")}
    # VAT of 53253 in full (10118), of 30171 common (5732), of which 0.60 gives credit (3439.2).
    assert found["30"] == {
        "TpoDoc": "30",
        "TotDoc": "2",
        "TotMntExe": "0",
        "TotMntNeto": "83424",
        "TotMntIVA": "10118",
        "TotOpIVAUsoComun": "1",
        "TotIVAUsoComun": "5732",
        "FctProp": "0.60",
        "TotCredIVAUsoComun": "3439",
        "TotMntTotal": "99274",
    }
    # The free delivery gives no credit: 12135 x 19 % = 2305.65.
    assert (found["33"]["CodIVANoRec"], found["33"]["TotMntIVANoRec"], found["33"]["TotMntIVA"]) == (
        "4",
        "2306",
        "2180",
    )
    # All the VAT of the purchase invoice is withheld, as another tax: 10632 x 19 % = 2020.08.
    assert (found["46"]["CodImp"], found["46"]["TotMntImp"], found["46"]["TotMntTotal"]) == ("15", "2020", "10632")
    assert "TotIVARetTotal" not in found["46"]
    # 2928 + 9053, VAT 556 + 1720
    assert (found["60"]["TotMntNeto"], found["60"]["TotMntIVA"], found["60"]["TotMntTotal"]) == (
        "11981",
        "2276",
        "14257",
    )
    rows = rows_of(root, "Detalle")
    assert [row["NroDoc"] for row in rows] == ["234", "32", "781", "451", "67", "9", "211"]
    suppliers = {row["NroDoc"]: row["RUTDoc"] for row in rows}
    assert (suppliers["451"], suppliers["211"]) == (suppliers["234"], suppliers["32"])
    assert len(set(suppliers.values())) == 5
    (cover,) = rows_of(root, "Caratula")
    assert (cover["TipoOperacion"], cover["TipoLibro"], cover["FolioNotificacion"]) == ("COMPRA", "ESPECIAL", "2")


def test_guides_one_billed_and_one_voided(engine: Engine) -> None:
    person = person_in(engine, "CERTIFICACION")
    guides = issued(person, texts.GUIAS)
    answer = book(person, texts.LIBRO_GUIAS)
    assert [file.name for file in answer.files] == [
        "set-414183_intento-1_envio-dte.xml",
        "set-414183_intento-1_libro-guias.xml",
    ]
    (invoice,) = judged(answer.files[0].content)
    billed = etree.fromstring(invoice)
    (totals,) = rows_of(billed, "Totales")
    assert totals == {"MntNeto": "305093", "TasaIVA": "19", "IVA": "57968", "MntTotal": "363061"}
    (reference,) = rows_of(billed, "Referencia")
    assert (reference["TpoDocRef"], reference["FolioRef"]) == ("52", str(guides.cases[1].folio))
    root = judged_book(answer, "libro-guias", "LibroGuia_v10.xsd")
    assert rows_of(root, "ResumenPeriodo") == [
        {
            "TotGuiaAnulada": "1",
            "TotGuiaVenta": "1",
            "TotMntGuiaVta": "363061",
            "TpoTraslado": "5",
            "CantGuia": "1",
            "MntGuia": "0",
        }
    ]
    moved, sold, voided = rows_of(root, "Detalle")
    assert (moved["TpoOper"], moved["MntNeto"], moved["MntTotal"]) == ("5", "0", "0")
    assert (sold["TpoDocRef"], sold["FolioDocRef"]) == ("33", billed.findtext(".//{*}Folio"))
    assert (sold["MntNeto"], sold["IVA"], sold["MntTotal"]) == ("305093", "57968", "363061")
    assert (voided["Anulado"], voided["TpoOper"], voided["MntTotal"]) == ("2", "1", "389644")
    (cover,) = rows_of(root, "Caratula")
    assert (cover["TipoLibro"], cover["TipoEnvio"], cover["FolioNotificacion"]) == ("ESPECIAL", "TOTAL", "414183")


def test_a_book_again_is_the_same_and_another_attempt_is_made_anew(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    issued(person, texts.GUIAS)
    first = book(person, texts.LIBRO_GUIAS)
    again = book(person, texts.LIBRO_GUIAS)
    assert (again.repeated, again.files, again.cases) == (True, first.files, first.cases)
    with pytest.raises(SourceMissing, match="intento 2"):
        book(person, texts.LIBRO_GUIAS, 2)
    second = book(person, texts.LIBRO_GUIAS, 2, source_attempt=1)
    assert not second.repeated
    assert second.cases[0].folio == first.cases[0].folio + 1
    issued(person, texts.GUIAS, 2)
    with pytest.raises(OtherText):
        book(person, texts.LIBRO_GUIAS, 2)


def test_two_books_at_once_are_one(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    issued(person, texts.GUIAS)
    found = at_once(lambda _: book(person, texts.LIBRO_GUIAS), [1, 2, 3])
    assert len({(one.cases, one.files) for one in found}) == 1
    assert count(engine, person, "document") == 3 + 1


def test_what_a_book_refuses(engine: Engine) -> None:
    person = person_in(engine, "PRUEBA")
    for content, source in ((sample("002-ventas.txt"), "set básico"), (texts.LIBRO_GUIAS, "guías de despacho")):
        with pytest.raises(SourceMissing, match=source):
            book(person, content)
    with pytest.raises(CertificationRefused, match="no pide un libro"):
        book(person, texts.GUIAS)
    with pytest.raises(AdminRequired):
        book(create_member(engine, person.company, role="VENDEDOR"), sample("003-compras.txt"))
    issued(person, sample("001-basico.txt"))
    issued(person, sample("001-basico.txt").replace(b"414175", b"514175"))
    with pytest.raises(SourceDoubtful, match="414175, 514175"):
        book(person, sample("002-ventas.txt"))
    answer = book(person, sample("002-ventas.txt"), beside=("514175", "1"))
    assert len(rows_of(judged_book(answer, "libro-ventas", CV), "Detalle")) == 8
    issued(person, texts.GUIAS)
    with pytest.raises(CertificationRefused, match="caso 7"):
        book(person, texts.LIBRO_GUIAS.replace(b"EL CASO 3", b"EL CASO 7"))
    # The guide of case 1 only moves goods: there is nothing to bill.
    with pytest.raises(CertificationRefused, match="caso 1"):
        book(person, texts.LIBRO_GUIAS.replace(b"EL CASO 2", b"EL CASO 1"))
    assert count(engine, person, "document") == 8 + 8 + 3

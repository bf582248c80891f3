"""Files as people make them: every spelling of a table is read, nothing in one runs, and what goes out comes back."""

import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from torn_app.infra import sheets
from torn_app.infra.sheets import SheetRefused, parse_number, read_rows, write_csv, write_xlsx

COLUMNS = {"nombre": ("producto",), "precio_neto": ("neto",), "activo": ()}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1990", "1990"),
        ("1.990", "1990"),
        ("$ 1.990", "1990"),
        ("1.234.567", "1234567"),
        ("1,5", "1.5"),
        ("0.125", "0.125"),
        ("1234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1,234", "1.234"),
        ("831,932773", "831.932773"),
        ("-5", "-5"),
        ("0", "0"),
    ],
)
def test_numbers_as_chileans_write_them(text: str, number: str) -> None:
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "abc", "1e5", "--1", "1-2", "NaN", ",5", "12 y medio"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_number(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_any_csv(encoding: str, mark: str) -> None:
    lines = [["PRODUCTO", "Descripción", "Neto"], ["Ñandú", "x", "1"], ["", "", ""], ["Café", "y", "2"]]
    content = "\r\n".join(mark.join(line) for line in lines).encode(encoding)
    rows = read_rows(content, COLUMNS, ["nombre"])
    assert [(row.number, row["nombre"], row["precio_neto"], row["activo"]) for row in rows] == [
        (2, "Ñandú", "1", ""),
        (4, "Café", "2", ""),
    ]


def test_a_workbook_of_somebody_else() -> None:
    book = Workbook()
    sheet = book.active
    for line in (
        [],
        ["Activo", "Nombre", "Precio neto"],
        [True, "Ñandú", 1990],
        [None, None, None],
        [False, 12, 1.234],
    ):
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    rows = read_rows(out.getvalue(), COLUMNS, ["nombre"])
    found = [(row.number, row["nombre"], row["precio_neto"], row["activo"]) for row in rows]
    assert [cells[1:] for cells in found] == [("Ñandú", "1990", "sí"), ("12", "1,234", "no")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "vac"),
        (b"\n\n", "vac"),
        (b"uno;dos\n1;2", "Falta la columna nombre"),
        (b"nombre;Producto\n1;2", "dos veces"),
        (b"PK\x03\x04 no es un libro", "no se puede abrir"),
        (b"nombre\x00\n1", "no es una tabla"),
        (b"nombre\n" + b"x" * sheets.MAX_BYTES, "demasiado grande"),
        (b"nombre\n" + b"x\n" * (sheets.MAX_ROWS + 1), "más de 5000 filas"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(SheetRefused, match=reason):
        read_rows(content, COLUMNS, ["nombre"])


def test_an_archive_that_unfolds_without_end_is_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    with pytest.raises(SheetRefused, match="demasiado grande"):
        read_rows(out.getvalue(), COLUMNS, ["nombre"])


def test_declared_entities_are_not_expanded() -> None:
    content = write_xlsx(["nombre"], [["x"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            body = old.read(part)
            new.writestr(part, b'<!DOCTYPE x [<!ENTITY a "b">]>' + body if part.endswith("sheet1.xml") else body)
    with pytest.raises(SheetRefused, match="no se puede abrir"):
        read_rows(out.getvalue(), COLUMNS, ["nombre"])


DANGEROUS = ["=1+1", "+1", "-1", "@x", "'=1", "'", "''x", '"; DROP', "a;b", "línea"]


def test_nothing_runs_as_a_formula() -> None:
    text = write_csv(["nombre"], [[word] for word in DANGEROUS]).decode("utf-8-sig")
    assert all(not line.lstrip('"').startswith(("=", "+", "-", "@")) for line in text.splitlines())
    sheet = load_workbook(io.BytesIO(write_xlsx(["nombre"], [[word] for word in DANGEROUS]))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


printable = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=20)
numbers = st.decimals(0, 10**9, places=6).map(lambda number: number.normalize() + 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(printable | st.sampled_from(DANGEROUS), numbers, st.booleans()), min_size=1, max_size=5))
def test_what_goes_out_comes_back(rows: list[tuple[str, Decimal, bool]]) -> None:
    for write in (write_csv, write_xlsx):
        found = read_rows(write(list(COLUMNS), rows), COLUMNS, ["nombre"])
        assert [row["activo"] == "sí" for row in found] == [row[2] for row in rows]
        assert [parse_number(row["precio_neto"]) for row in found] == [row[1] for row in rows]
        if write is write_csv:
            assert [row["nombre"] for row in found] == [sheets.clean(row[0]) for row in rows]

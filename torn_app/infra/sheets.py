"""Tables as people keep them: CSV and XLSX files to rows of text, and back. Knows nothing of what the columns mean."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from torn_app.kernel.text import clean, fold

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000
_MAX_UNPACKED = 60_000_000
"""Bytes an XLSX may unfold to; more is an attack, not a price list."""
_MAX_COLUMNS = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a text as a formula."""
_ZIP = b"PK\x03\x04"

Cell = str | int | bool | Decimal | None


class SheetRefused(ValueError):
    """A file that cannot be read as a table. The message is Spanish, for people."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file. `number` is what a spreadsheet shows beside it; missing cells are empty texts."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_rows(content: bytes, columns: Mapping[str, Sequence[str]], required: Sequence[str]) -> list[Row]:
    """Return the rows of a CSV or XLSX file by known column. Empty rows are skipped, unknown columns are not read.

    `columns` gives other names each column may have; accents, capitals and order do not matter.

    Raises:
        SheetRefused: no table, too large, or without a required column.
    """
    if len(content) > MAX_BYTES:
        raise SheetRefused("El archivo es demasiado grande: hasta 5 MB")
    lines = _xlsx_lines(content) if content.startswith(_ZIP) else _csv_lines(content)
    header = next(lines, None)
    while header is not None and not any(header[1]):
        header = next(lines, None)
    if header is None:
        raise SheetRefused("El archivo está vacío")
    places = _places(header[1], columns)
    missing = [column for column in required if column not in places]
    if missing:
        raise SheetRefused(f"Falta la columna {', '.join(missing)}")
    rows: list[Row] = []
    for number, cells in lines:
        found = {column: cells[place] for column, place in places.items() if place < len(cells) and cells[place]}
        if not any(cells):
            continue
        if len(rows) == MAX_ROWS:
            raise SheetRefused(f"El archivo tiene más de {MAX_ROWS} filas: divídelo en partes")
        rows.append(Row(number, found))
    return rows


def parse_number(text: str) -> Decimal:
    """Return a number as Chileans write it: 1.990 is one thousand, 1,5 one and a half; also 1234.56 and $ 1.990.

    Raises:
        ValueError: it is none.
    """
    digits = re.sub(r"[\s$\u00a0]", "", text)
    if not re.fullmatch(r"-?[0-9][0-9.,]*", digits):
        raise ValueError(text)
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        mark, other = digits[last], "," if digits[last] == "." else "."
        thousands = re.fullmatch(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+", digits) is not None
        if thousands or digits.count(mark) > 1:
            digits = digits.replace(mark, "")
        digits = digits.replace(other, "").replace(",", ".")
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise ValueError(text) from None


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as spreadsheets in Chile open it: semicolons, decimal commas, UTF-8 with its mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_csv_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as a workbook. Texts are texts: nothing in it runs as a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Torn")
    sheet.append(list(columns))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, _word(value) if isinstance(value, bool) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _places(header: Sequence[str], columns: Mapping[str, Sequence[str]]) -> dict[str, int]:
    names = {_plain(name): column for column, others in columns.items() for name in (column, *others)}
    places: dict[str, int] = {}
    for place, title in enumerate(header[:_MAX_COLUMNS]):
        column = names.get(_plain(title))
        if column in places:
            raise SheetRefused(f"La columna {column} está dos veces")
        if column is not None:
            places[column] = place
    return places


def _plain(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(title)).strip("_")


def _csv_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if "\x00" in text:
        raise SheetRefused("El archivo no es una tabla: guarda como CSV o XLSX")
    first = text.partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for line in reader:
            yield reader.line_num, [_unquoted(clean(cell)) for cell in line]
    except csv.Error:
        raise SheetRefused(f"No se entiende la fila {reader.line_num}") from None


def _xlsx_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        _check_archive(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        for number, line in enumerate(sheet.iter_rows(values_only=True, max_col=_MAX_COLUMNS), 1):
            yield number, [_xlsx_text(value) for value in line]
            if number > MAX_ROWS * 2:
                raise SheetRefused(f"El archivo tiene más de {MAX_ROWS} filas: divídelo en partes")
    except SheetRefused:
        raise
    except Exception:
        raise SheetRefused("El archivo no se puede abrir: guarda como CSV o XLSX") from None


def _check_archive(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > 500 or sum(part.file_size for part in parts) > _MAX_UNPACKED:
            raise SheetRefused("El archivo es demasiado grande")
        for part in parts:
            with archive.open(part) as opened:
                # No workbook declares document types; what does wants to be expanded.
                if b"<!DOCTYPE" in opened.read(4096):
                    raise SheetRefused("El archivo no se puede abrir: guarda como CSV o XLSX")


def _xlsx_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _word(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return _unquoted(clean(value))
    # A number with decimals, written with a comma so that 1.234 is not taken for a thousand.
    return f"{Decimal(repr(value)).normalize():f}".replace(".", ",")


def _csv_text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _word(value)
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
    text = str(value)
    # A leading apostrophe of its own must survive the one we add.
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def _unquoted(text: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from running a text."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def _word(value: bool) -> str:
    return "sí" if value else "no"

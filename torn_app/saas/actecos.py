"""The catalogue of economic activities as a CSV file: the starter list beside this module, or the full one.

Source of the starter list: SII, «Códigos de actividad económica», the 144 activities of shops and services people ask
for most. Columns: code, name, taxable, category, internet_available.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from torn_app.kernel.errors import InvalidInput
from torn_app.kernel.text import clean
from torn_app.saas.schemas import ActecoOut

STARTER = Path(__file__).with_name("actecos.csv")
_COLUMNS = ("code", "name", "taxable", "category", "internet_available")
_YES, _NO = frozenset({"SI", "SÍ", "S", "G", "TRUE", "1"}), frozenset({"NO", "N", "FALSE", "0"})
"""The SII writes G where it depends on the case («según giro»): such an activity may bear VAT, so it counts as yes."""


class ActecosFileRefused(InvalidInput):
    """The file is not the catalogue; the message names the line."""

    message = "Línea {line}: {reason}"


def read_actecos(path: Path) -> list[ActecoOut]:
    """Return the activities of a UTF-8 CSV file with the five columns named in its first line.

    Raises:
        ActecosFileRefused: a column is missing, a code has not six digits or appears twice, or a cell says nothing.
        OSError: the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(csv.DictReader(file)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ActecosFileRefused(line=1, reason="no es un CSV en UTF-8") from error


def _rows(reader: "csv.DictReader[str]") -> Iterator[ActecoOut]:
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise ActecosFileRefused(line=1, reason=f"falta la columna {missing[0]}")
    seen: set[str] = set()
    for row in reader:
        line = reader.line_num
        code, name = clean(row["code"] or ""), clean(row["name"] or "")
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise ActecosFileRefused(line=line, reason=f"«{code}» no es un código de seis dígitos")
        if code in seen:
            raise ActecosFileRefused(line=line, reason=f"el código {code} está repetido")
        if not name:
            raise ActecosFileRefused(line=line, reason=f"el código {code} no tiene nombre")
        seen.add(code)
        yield ActecoOut(
            code=code,
            name=name,
            taxable=_flag(row["taxable"], line),
            category=clean(row["category"] or "") or None,
            internet_available=_flag(row["internet_available"], line),
        )


def _flag(text: str | None, line: int) -> bool:
    word = (text or "").strip().upper()
    if word not in _YES | _NO:
        raise ActecosFileRefused(line=line, reason=f"«{word}» no es SI ni NO")
    return word in _YES

"""Taking in a file of rows: each goes through the same use case as a single request, and each refusal is told by row.

A preview does everything and takes it back, so that what it says is what an import does.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from torn_app.infra.sheets import Row
from torn_app.infra.work import Work
from torn_app.kernel.errors import InvalidInput, TornError, Unprocessable
from torn_app.kernel.fields import Out

Action = Literal["crear", "cambiar", "igual"]

_WORDS = {
    "missing": "Falta",
    "string_too_short": "Falta",
    "string_too_long": "Hasta {max_length} caracteres",
    "greater_than_equal": "Debe ser {ge} o más",
    "greater_than": "Debe ser más que {gt}",
    "less_than_equal": "Debe ser {le} o menos",
    "decimal_max_places": "Hasta {decimal_places} decimales",
    "int_from_float": "Debe ser un número entero",
}
"""The framework's refusals in words; what is not here is told as a value that is not valid."""


class Write(Enum):
    """What becomes of the good rows."""

    NOTHING = "nothing"
    """A preview."""
    ALL_OR_NONE = "all"
    GOOD_ONES = "good"


class FileRefused(InvalidInput):
    """The file is no table, or not the one that is wanted."""


class RowRefused(Exception):
    """A row that cannot be taken. The reason is Spanish, for people."""

    def __init__(self, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(frozen=True, slots=True)
class Step:
    """What a row asks for: whom it is about, and how it is done."""

    action: Action
    key: str
    """The same key twice in a file is a mistake."""
    name: str
    act: Callable[[], object]


class RowFault(Out):
    """A row that cannot be taken, and why."""

    fila: int
    columna: str | None
    valor: str | None
    motivo: str


class RowPlan(Out):
    """What a good row does: crear, cambiar or igual."""

    fila: int
    accion: Action
    nombre: str


class ImportOut(Out):
    """What a file does, or would do. `aplicado` tells whether it was done."""

    aplicado: bool
    filas: int
    crear: int
    cambiar: int
    iguales: int
    errores: list[RowFault]
    detalle: list[RowPlan]


def import_rows(work: Work, rows: Sequence[Row], prepare: Callable[[Row], Step], write: Write) -> ImportOut:
    """Do what each row asks for; with a bad row nothing is written, unless only the good ones were wanted."""
    faults: list[RowFault] = []
    plans: list[RowPlan] = []
    done = False
    with suppress(_TakenBack), work.session.begin_nested():
        _do(work, rows, prepare, faults, plans)
        done = write is Write.GOOD_ONES or (write is Write.ALL_OR_NONE and not faults)
        if not done:
            raise _TakenBack
    return ImportOut(
        aplicado=done,
        filas=len(rows),
        crear=sum(plan.accion == "crear" for plan in plans),
        cambiar=sum(plan.accion == "cambiar" for plan in plans),
        iguales=sum(plan.accion == "igual" for plan in plans),
        errores=faults,
        detalle=plans,
    )


class _TakenBack(Exception):
    """Everything since the savepoint is undone."""


def _do(
    work: Work, rows: Sequence[Row], prepare: Callable[[Row], Step], faults: list[RowFault], plans: list[RowPlan]
) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        try:
            with work.session.begin_nested():
                step = prepare(row)
                if step.key in seen:
                    raise RowRefused(None, f"Repite la fila {seen[step.key]}")
                step.act()
        except RowRefused as refused:
            faults.append(_fault(row, refused.column, refused.reason))
        except Unprocessable as refused:
            faults.append(_fault(row, refused.field, str(refused)))
        except TornError as refused:
            faults.append(_fault(row, None, str(refused)))
        except ValidationError as refused:
            faults += [_fault(row, str(e["loc"][0]) if e["loc"] else None, _reason(e)) for e in refused.errors()]
        else:
            seen[step.key] = row.number
            plans.append(RowPlan(fila=row.number, accion=step.action, nombre=step.name))


def _fault(row: Row, column: str | None, reason: str) -> RowFault:
    return RowFault(fila=row.number, columna=column, valor=row[column] or None if column else None, motivo=reason)


def _reason(error: ErrorDetails) -> str:
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    return _WORDS.get(error["type"], "No es un valor válido").format(**error.get("ctx", {}))
